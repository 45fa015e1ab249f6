"""The front matter breaks the card schema: a key is missing, unknown, of the wrong type or form.

The schema (`schema/card.schema.json`) says which fields a card has and what they look like. A field that is missing
cannot be searched; one that is misspelt is lost without a word.

Bad:

    model-nmae: u2net

Good:

    model-name: u2net
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.card.schema import violations
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule


def check(document: Document, _context: Context) -> Iterator[Finding]:
    if document.front is not None:
        for violation in violations(document.front):
            yield Finding(violation.start, violation.end, violation.message, violation.hint)


RULE = Rule(
    "schema",
    Category.FRONT_MATTER,
    Severity.ERROR,
    check,
    yields_to=frozenset(
        {
            "date-form",
            "digest-form",
            "empty-value",
            "link-form",
            "placeholder",
            "value-changed-by-yaml",
            "version-changed-by-yaml",
        }
    ),
)
