"""
The author or the licence changes between two versions of one model.

The cards of one publisher with the same file name under several MindSpore versions are a family. A licence that changes
within it concerns everybody who moves to the newer version, and is often a mistake of copying; so is an author. Case
and punctuation do not count (`Apache2.0`, `Apache-2.0`).

Bad:

    license: Apache-2.0     in mindspore/1.8/u2net_dutstr.md
    license: MIT            in mindspore/1.9/u2net_dutstr.md

Good: the same licence in both, or a word on the change in the newer card's body.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from hubkit.card.text import shown
from hubkit.lint.diagnostic import Severity
from hubkit.lint.facts import CardFacts
from hubkit.lint.rule import CatalogueFinding, Category, Rule, in_catalogue
from hubkit.settings import Settings

_FIELDS = ("author", "license")
_MEMBER = re.compile(r"(.*)/(\d+(?:\.\d+)+)(/.*)")
_NO_WORD = re.compile(r"[\W_]+")


def check_catalogue(cards: Sequence[CardFacts], _settings: Settings) -> Iterator[CatalogueFinding]:
    families: defaultdict[tuple[str, str], list[tuple[str, CardFacts]]] = defaultdict(list)
    for card in cards:
        member = _MEMBER.fullmatch(card.absolute)
        if member:
            families[member[1], member[3]].append((member[2], card))
    for members in families.values():
        if len(members) < 2:
            continue
        members.sort(key=lambda member: _order(member[0]))
        for key in _FIELDS:
            yield from _jumps(key, members)


def _jumps(key: str, members: Sequence[tuple[str, CardFacts]]) -> Iterator[CatalogueFinding]:
    before = None
    for version, card in members:
        value = card.fields.get(key)
        if value is None or not value.text.strip():
            continue
        if before is not None and value.text != before[1] and _spelling(value.text) != _spelling(before[1]):
            message = f"{key} is {shown(value.text)}, but {shown(before[1])} in the family's card for {before[0]}"
            yield in_catalogue(card, value, message, "Check that the change is meant.")
        before = version, value.text


@lru_cache(maxsize=256)
def _order(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 1.10 comes after 1.9."""
    return tuple(int(part[:18]) for part in version.split("."))


@lru_cache(maxsize=1024)
def _spelling(text: str) -> str:
    return _NO_WORD.sub("", text.casefold())


RULE = Rule("family-field-jump", Category.CATALOGUE, Severity.INFO, check_catalogue=check_catalogue)
