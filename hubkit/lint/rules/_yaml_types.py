"""What YAML readers make of text without quotes. Sources: YAML 1.1 (https://yaml.org/type/), YAML 1.2 core schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

FIRST = frozenset("+-.0123456789yYnNtTfFoO")
"""What a text that is read as something else can begin with."""

_MAX_SHOWN = 24


@lru_cache(maxsize=16384)
def reading(text: str) -> str | None:
    """What a reader takes the plain ``text`` for, such as "the number 1.1"; None where it stays a text.

    A decimal fraction that reads the same as a number is left out: nothing of it is lost.
    """
    if not text or text[0] not in FIRST:
        return None
    for pattern, read in _READINGS:
        if pattern.fullmatch(text):
            return read(text)
    return None


def _truth(text: str) -> str:
    return "true" if text.lower() in ("yes", "on", "true") else "false"


def _number(base: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        digits = text.replace("_", "")
        if len(digits) > _MAX_SHOWN:
            return f"a number of {len(digits)} digits, which many of them round"
        sign = "-" if digits.startswith("-") else ""
        return f"the number {sign}{int(digits.lstrip('+-').lower().removeprefix('0o'), base)}"

    return read


def _fraction(text: str) -> str | None:
    number = repr(float(text.replace("_", "")))
    if number == text:
        return None
    return "infinity" if number.endswith("inf") else f"the number {number}"


def _sexagesimal(text: str) -> str:
    total = 0.0
    for part in text.lstrip("+-").replace("_", "").split(":"):
        total = total * 60 + float(part)
    sign = "-" if text.startswith("-") else ""
    return f"the number {sign}{total:g} (base 60)"


# Pattern of the whole text -> what it is read as. The first that fits counts.
_READINGS: tuple[tuple[re.Pattern[str], Callable[[str], str | None]], ...] = (
    (re.compile(r"(?i:yes|no|on|off|true|false)"), _truth),
    (re.compile(r"[-+]?0[0-7_]+"), _number(8)),
    (re.compile(r"[-+]?0o[0-7]+"), _number(8)),
    (re.compile(r"[-+]?0x[0-9a-fA-F_]+"), _number(16)),
    (re.compile(r"[-+]?0b[01_]+"), _number(2)),
    (re.compile(r"[-+]?\d[\d_]*"), _number(10)),
    (re.compile(r"[-+]?(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*|\d[\d_]*)(?:[eE][-+]?\d+)?"), _fraction),
    (re.compile(r"[-+]?\d[\d_]*(?::[0-5]?\d){1,8}(?:\.\d*)?"), _sexagesimal),
    (re.compile(r"[-+]?\.(?i:inf)"), lambda _text: "infinity"),
    (re.compile(r"\.(?i:nan)"), lambda _text: "no number"),
    (re.compile(r"\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d[\d.:+Zz \t-]*"), lambda _text: "a time"),
)
