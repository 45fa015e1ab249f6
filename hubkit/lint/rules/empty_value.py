"""
A field is there and says nothing: it is empty, white space, or a lone dash between quotes.

Whoever reads the card has to guess whether nothing is known or the author forgot. A field that a card need not have is
better left out; a required one must be filled. `evaluation` may be empty or a dash: then nothing was measured.

Bad:

    author:

Good:

    author: MindSpore team
"""

from collections.abc import Iterator
from functools import cache

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._values import field_types, scalars
from hubkit.resources import schema

_NULLS = frozenset({"~", "null", "Null", "NULL"})
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"


def check(document: Document, _context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    checked = _checked()
    for key, entry, value in scalars(document.front):
        if len(value.text) > 4 and not value.text.isspace():
            continue
        text = value.text.strip()
        if key not in checked or (text.strip(_DASHES) and not (value.plain and text in _NULLS)):
            continue
        # A value without a character of its own is shown by its key.
        place = (value.start, value.end) if value.end > value.start else (entry.key.start, entry.key.end)
        hint = "Fill it in." if key in _required() else "Fill it in, or remove the field."
        yield Finding(*place, f"{key} is empty", hint)


@cache
def _checked() -> frozenset[str]:
    return frozenset(key for key, types in field_types().items() if "null" not in types)


@cache
def _required() -> frozenset[str]:
    card = schema("card")
    return frozenset((*card["required"], *card["properties"]["asset"]["items"]["required"]))


RULE = Rule("empty-value", Category.FRONT_MATTER, Severity.ERROR, check)
