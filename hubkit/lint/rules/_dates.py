"""Dates as cards write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_DATE = re.compile(
    r"(?P<year>\d{4})(?:[-/.]|[ ]?年[ ]?)(?P<month>\d{1,2})(?:[-/.]|[ ]?月[ ]?)(?P<day>\d{1,2})[ ]?日?"
    r"(?P<time>[Tt \t]+\d{1,2}:\d{2}.*)?",
    re.DOTALL,
)
_DIGITS = re.compile(r"(?P<year>[12]\d{3})(?P<month>\d{2})(?P<day>\d{2})(?P<time>)?")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A text that means a day."""

    day: date | None
    """The day; None where the calendar has none such."""
    has_time: bool
    """Whether a time of the day follows."""


@lru_cache(maxsize=4096)
def read_date(text: str) -> WrittenDate | None:
    """The day that ``text`` means, the year first; None where it is no date at all."""
    match = _DATE.fullmatch(text) or _DIGITS.fullmatch(text)
    if match is None:
        return None
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return WrittenDate(None, bool(match["time"]))
    return WrittenDate(day, bool(match["time"]))
