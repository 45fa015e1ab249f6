"""
Two cards have the same address but for case, or for how an accented letter is written.

A card's address is its path. On Windows and macOS, and on many web servers, `U2Net_dutstr.md` and `u2net_dutstr.md` are
one file: one of the two cards is lost there. The same goes for an accented letter that is one character in one name and
a letter with a combining accent in the other.

Bad: `mindspore/1.9/U2Net_dutstr.md` beside `mindspore/1.9/u2net_dutstr.md`

Good: `mindspore/1.9/u2net_dutstr.md` alone
"""

import unicodedata
from collections.abc import Iterator, Sequence

from hubkit.lint.diagnostic import Severity
from hubkit.lint.facts import CardFacts
from hubkit.lint.rule import CatalogueFinding, Category, Rule, in_catalogue
from hubkit.settings import Settings


def check_catalogue(cards: Sequence[CardFacts], _settings: Settings) -> Iterator[CatalogueFinding]:
    first: dict[str, CardFacts] = {}
    for card in cards:
        other = first.setdefault(_key(card.absolute), card)
        if other is not card and other.absolute != card.absolute:
            message = f"the card's address differs only in case or accents from that of {other.path}"
            yield in_catalogue(card, card.title, message, "Rename one of the two, or remove it.")


def _key(path: str) -> str:
    return (
        path.lower() if path.isascii() else unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
    )


RULE = Rule("uid-collision", Category.CATALOGUE, Severity.ERROR, check_catalogue=check_catalogue)
