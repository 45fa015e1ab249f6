"""Amounts with a unit on the command line, and parts of a whole."""

from __future__ import annotations

import re

import click

_SECONDS = {"h": 3600, "d": 86400, "w": 7 * 86400}
_BYTES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


class Amount(click.ParamType[float]):
    """A number with a unit of a table."""

    def __init__(self, name: str, pattern: str, units: dict[str, int], example: str) -> None:
        self.name = name
        self._pattern = re.compile(pattern, re.IGNORECASE)
        self._units = units
        self._example = example

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found = self._pattern.fullmatch(value.strip())
        if found is None:
            self.fail(f"{value!r} is not understood; write it like {self._example}.", param, ctx)
        return float(found[1]) * self._units[found[2].lower()]


class Part(click.ParamType[tuple[int, int]]):
    """``2/8``: the second of eight parts."""

    name = "part"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", value.strip())
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            self.fail(f"{value!r} is not understood; write it like 2/8, the second of eight parts.", param, ctx)
        return int(found[1]), int(found[2])


AGE = Amount("age", r"(\d+(?:\.\d+)?)\s*([hdw])", _SECONDS, "12h, 30d or 4w")
SIZE = Amount("size", r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", _BYTES, "500MB or 2GB")
