"""
`update-time` is no ISO 8601 date, or lies in the future.

`2023-2-17` sorts before `2023-10-01` for a person and behind it for a program. Only four, two and two digits with
hyphens between them sort, and only they are read the same everywhere. A day that has not come yet cannot be the day of
the last change; one day is allowed, for the sake of time zones.

Bad:

    update-time: 2023-2-17

Good:

    update-time: 2023-02-17
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule
from hubkit.lint.rules._dates import read_date


def check(document: Document, _context: Context) -> Iterator[Finding]:
    value = document.front.scalar("update-time") if document.front else None
    written = read_date(value.text.strip()) if value else None
    if value is None or written is None or written.day is None:
        return
    iso = written.day.isoformat()
    if value.text != iso:
        fix = Fix((Edit(value.start, value.end, iso if value.plain else f'"{iso}"'),), safe=not written.has_time)
        problem = "carries a time of the day" if written.has_time else "is no ISO 8601 date"
        yield Finding(value.start, value.end, f"update-time {value.text} {problem}", f"Write {iso}.", fix)
    if written.day > _today() + timedelta(days=1):
        hint = "Write the day of the last change."
        yield Finding(value.start, value.end, f"update-time {iso} lies in the future", hint)


def _today() -> date:
    return datetime.now(UTC).date()


RULE = Rule("date-form", Category.FRONT_MATTER, Severity.WARNING, check, fix=FixKind.SAFE)
