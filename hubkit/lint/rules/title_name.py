"""
The card's title names another model than `model-name`.

Whoever finds the card by one name does not find it by the other. When a card is copied to make a new one, one of the
two is easily left behind. Only letters and digits count, without case; one name may be a part of the other, and the
order of its words is free (`ssd_ghostnet`, `GhostNet SSD`). Where `model-name` is not in the file's name either,
`file-name` reports it, and this rule is silent.

Bad:

    # unet3plus
    ---
    model-name: u2net
    ---

Good:

    # U2-Net
    ---
    model-name: u2net
    ---
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._titles import titles

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def check(document: Document, context: Context) -> Iterator[Finding]:
    name = document.front.text("model-name") if document.front is not None else ""
    title = next(titles(document), None)
    if not name or title is None or title.text == name or _same(title.text, name):
        return
    if _same(context.path.stem, name):
        message = f"the title is {shown(title.text)}, but model-name is {shown(name)}"
        yield Finding(title.start, title.end, message, "Name the same model in both.")


@lru_cache(maxsize=4096)
def _same(title: str, name: str) -> bool:
    first, second = _words(title), _words(name)
    if not first or not second:
        return True  # nothing to compare, such as a title in punctuation
    return "".join(first) in "".join(second) or "".join(second) in "".join(first) or sorted(first) == sorted(second)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("+", "plus")
    return [word for word in _BETWEEN_WORDS.split(plain) if word]


RULE = Rule("title-name", Category.BODY, Severity.WARNING, check)
