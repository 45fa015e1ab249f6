"""The front matter is not valid YAML.

Every tool that reads the catalogue would fail on this card. The usual causes are a lone dash as a value
(`evaluation: -`), a tab, a quote that is not closed, a second colon in a value, and full-width colons (`：`). Aliases,
merge keys and deep nesting are YAML, but they have no place in a card, and a few lines of them can stand for gigabytes.
A stray line of `---` among the fields is reported here too: it ends the front matter, and the fields behind it are lost
in the body. The fix puts quotes around lone dashes; the rest is left to an author.

Bad:

    evaluation: -

Good:

    evaluation: "-"
"""

import re
from collections.abc import Iterator
from functools import cache

from hubkit.card.parse import Document
from hubkit.card.yaml_causes import LONE_DASH
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule
from hubkit.lint.rules._problems import problems
from hubkit.lint.rules._values import field_types

_RULE = "front-matter-syntax"
_told = problems(_RULE)


def check(document: Document, context: Context) -> Iterator[Finding]:
    for found in _told(document, context):
        if found.message == LONE_DASH[0] and document.source.text[found.start : found.end] == "-":
            place = found.start, found.end
            yield Finding(*place, found.message, found.hint, Fix((Edit(*place, '"-"'),), safe=True))
        else:
            yield found
    end = document.front_span[1]
    if document.front is not None and (field := _field().match(document.source.text, document.body.start)):
        message = f"this line ends the front matter, but the field {field[1]} follows it"
        yield Finding(end, end + 3, message, "Remove it: one line of --- stands after the last field.")


@cache
def _field() -> re.Pattern[str]:
    """The first line of a body that is a field of a card."""
    return re.compile(rf"[ \t\r\n]*(?:-[ \t]+)?({'|'.join(map(re.escape, field_types()))}):(?=[ \t\r\n]|\Z)")


RULE = Rule(_RULE, Category.FRONT_MATTER, Severity.ERROR, check, fix=FixKind.SAFE)
