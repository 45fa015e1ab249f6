"""Dates as cards write them."""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", re.ASCII)


def day_of(written: str) -> str:
    """The day that a card or a receipt names first, as 2023-02-17; an empty text where it names none.

    Many cards write 2023-2-17.
    """
    match = _DATE.match(written.strip())
    if not match:
        return ""
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:  # 2023-02-30
        return ""
