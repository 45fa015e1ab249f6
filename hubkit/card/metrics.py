"""The measurements that a card's ``evaluation`` holds, as numbers.

Cards write a metric's name and its value in one word, several separated by a bar: ``top1acc79 | top5acc94``. The
number is what the part ends with; a part that ends with a unit (``3.2mos``) begins with it. Names hold digits of their
own (``recall20acc15.32`` is 15.32, not 20), so a value is told apart by its place alone.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

MAX_NUMBER_LENGTH = 32

_NUMBER = r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,3})?"
_PART = re.compile(r"[^|｜;；]+")
_AT_END = re.compile(rf"({_NUMBER})[ \t]*%?\Z")
_AT_START = re.compile(rf"({_NUMBER})[ \t]*([^\W\d].*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Metric:
    """One measurement."""

    name: str
    """What was measured, as it is written, such as "top1acc"; empty where a number stands alone."""
    value: float
    """The value, finite; shares are in percent in most cards, between 0 and 1 in some."""
    start: int
    """Offset of the part's first character in the text that was parsed."""
    end: int
    """Offset after its last one."""


@lru_cache(maxsize=4096)
def parts(text: str) -> tuple[tuple[int, int, Metric | None], ...]:
    """(start, end, measurement or None) of each part of ``text`` that is not empty."""
    found = []
    for match in _PART.finditer(text):
        part = match[0].strip()
        if part:
            start = match.start() + match[0].index(part)
            found.append((start, start + len(part), _metric(part, start)))
    return tuple(found)


def _metric(part: str, start: int) -> Metric | None:
    # Looking at the last characters only keeps a long run of digits from taking quadratic time.
    tail = max(len(part) - MAX_NUMBER_LENGTH, 0)
    at_end = _AT_END.search(part, tail)
    if at_end and not (at_end.start() == tail > 0):
        name, number = part[: at_end.start()], at_end[1]
    else:
        at_start = _AT_START.match(part)
        if at_start is None or len(at_start[1]) > MAX_NUMBER_LENGTH:
            return None
        name, number = at_start[2], at_start[1]
    value = float(number)
    return Metric(name.rstrip(" \t:=："), value, start, start + len(part)) if math.isfinite(value) else None
