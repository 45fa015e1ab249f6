"""A byte order mark stands in the card.

UTF-8 needs none. At the beginning of the file many programs take it for a character of the first line, so that the
front matter is not found. Further inside, where files were joined, it is a character that nobody sees: a name that
holds one equals no other name.

Bad: a card saved as "UTF-8 with BOM".

Good: the same card saved as "UTF-8".
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule

_MARK = "\ufeff"


def check(document: Document, _context: Context) -> Iterator[Finding]:
    if document.byte_order_mark:
        fix = Fix((Edit(0, 0, ""),), safe=True)
        yield Finding(0, 0, "the file begins with a byte order mark", "Save it as UTF-8 without one.", fix)
    text = document.source.text
    position = text.find(_MARK)
    while position >= 0:
        fix = Fix((Edit(position, position + 1, ""),), safe=True)
        yield Finding(position, position + 1, "a byte order mark stands inside the card", "Remove it.", fix)
        position = text.find(_MARK, position + 1)


RULE = Rule("byte-order-mark", Category.FILE, Severity.WARNING, check, fix=FixKind.SAFE)
