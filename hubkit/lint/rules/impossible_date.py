"""`update-time` is a day that no calendar has.

A thirteenth month or a thirtieth of February is a slip of the keyboard, and which day was meant is lost.

Bad:

    update-time: 2023-13-40

Good:

    update-time: 2023-10-14
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._dates import read_date


def check(document: Document, _context: Context) -> Iterator[Finding]:
    value = document.front.scalar("update-time") if document.front else None
    written = read_date(value.text.strip()) if value else None
    if value is not None and written is not None and written.day is None:
        message = f"update-time {value.text} is no day of the calendar"
        yield Finding(value.start, value.end, message, "Write year, month and day, such as 2022-10-11.")


RULE = Rule("impossible-date", Category.FRONT_MATTER, Severity.ERROR, check, yields_to=frozenset({"placeholder"}))
