"""
A data set or a module type is misspelt in a way that was seen before.

The vocabularies keep the misspellings that are found in catalogues, each with the term that it means. A search for the
term does not find such a card. The fix is unsafe: the file name and the asset's name may carry the same misspelling.

Bad:

    train-dataset: cityspaces

Good:

    train-dataset: cityscapes
"""

from collections.abc import Iterator
from functools import lru_cache

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule
from hubkit.lint.rules._vocabularies import terms
from hubkit.lint.vocab import bare, vocabulary


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for key, name, value in terms(document):
        text = value.text.strip()
        meant = _meant(name, text)
        if meant is not None:
            fix = Fix((Edit(value.start, value.end, meant if value.plain else f'"{meant}"'),), safe=False)
            message = f"{key} {shown(text)} is a misspelling of {meant}"
            yield Finding(value.start, value.end, message, f"Write {meant}.", fix)


@lru_cache(maxsize=8192)
def _meant(name: str, text: str) -> str | None:
    meant = vocabulary(name).misspellings.get(bare(text))
    return None if meant == text else meant


RULE = Rule("misspelt-term", Category.NAMES, Severity.WARNING, check, fix=FixKind.UNSAFE)
