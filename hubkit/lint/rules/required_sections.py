"""
The body lacks a section that every card of the hub has.

Readers look for the same things in every card: what the model is, and under which terms it may be used. A section
counts by its heading, of any level, without case; the heading may go on ("Introduction to U2-Net").

Option: `required-sections` in `[tool.hubkit]` of pyproject.toml, or in hubkit.toml, replaces the list. Each item is a
section, with `|` between the names that will do: `["Introduction|Overview", "Disclaimer|Terms"]`.

Bad: a card whose body is one paragraph.

Good:

    ## Introduction

    U2-Net finds the salient object of a picture.

    ## Disclaimer

    The weights are offered as they are.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._titles import first_line, has_readable_body

_NUMBER = re.compile(r"[\W\d_]*")


def check(document: Document, context: Context) -> Iterator[Finding]:
    if not has_readable_body(document):
        return
    headings = tuple(heading.text for heading in document.body.headings)
    for section in _missing(context.config.required_sections, headings):
        name, *others = _names(section)
        hint = f"Add a heading ## {name}"
        hint += f" ({', '.join(others)} will do too)." if others else "."
        yield Finding(*first_line(document), f"the card has no section {name}", hint)


@lru_cache(maxsize=1024)
def _missing(sections: tuple[str, ...], headings: tuple[str, ...]) -> tuple[str, ...]:
    """The sections that no heading begins with."""
    return tuple(
        section
        for section in sections
        if not any(_pattern(section).match(heading, _after_number(heading)) for heading in headings)
    )


def _after_number(heading: str) -> int:
    """Where the words begin: a heading may have a number or markup before them."""
    match = _NUMBER.match(heading)
    return match.end() if match else 0


@lru_cache(maxsize=64)
def _pattern(section: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(re.escape(name) for name in _names(section))})(?!\w)", re.IGNORECASE)


def _names(section: str) -> list[str]:
    return [name.strip() for name in section.split("|") if name.strip()] or [section]


RULE = Rule("required-sections", Category.BODY, Severity.WARNING, check)
