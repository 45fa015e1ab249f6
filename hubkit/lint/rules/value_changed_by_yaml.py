"""
A text is written so that YAML takes it for something else.

Without quotes, `no` is false, `010` is 8, `1_000` is 1000, `12:30` is 750, `1e5` is a number, and a long run of digits
is rounded by readers that keep 53 bits of it. Which of these happen depends on the reader, so each of them sees another
card. Quotes keep the text. Versions have a rule of their own: version-changed-by-yaml.

Bad:

    train-dataset: 010

Good:

    train-dataset: "010"
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule
from hubkit.lint.rules._values import scalars, text_fields
from hubkit.lint.rules._yaml_types import FIRST, reading


def check(document: Document, _context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    texts = text_fields()
    for key, _, value in scalars(document.front):
        if not value.plain or value.text[:1] not in FIRST or key not in texts or key == "update-time":
            continue
        read = reading(value.text)
        if read is not None:
            quoted = f'"{value.text}"'
            fix = Fix((Edit(value.start, value.end, quoted),), safe=True)
            message = f"YAML readers may take {key} {value.text} for {read}"
            yield Finding(value.start, value.end, message, f"Write {quoted}.", fix)


RULE = Rule(
    "value-changed-by-yaml",
    Category.FRONT_MATTER,
    Severity.ERROR,
    check,
    fix=FixKind.SAFE,
    yields_to=frozenset({"digest-form", "placeholder"}),
)
