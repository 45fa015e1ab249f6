"""The assets of a catalogue with their digests and families, for the rules that compare them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hubkit.card.model import bare_link
from hubkit.card.values import Scalar
from hubkit.lint.facts import CardFacts

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MEMBER = re.compile(r"(.*)/(\d+(?:\.\d+)+)(/.*)")


@dataclass(frozen=True, slots=True)
class AssetUse:
    """An asset with a sound digest, and the card that it stands in."""

    card: CardFacts
    """The card."""
    digest: str
    """Its digest in lower case."""
    place: Scalar
    """Where the digest stands."""
    link: str
    """Where it is fetched, without angle brackets."""
    file_format: str
    """The kind of file, in lower case; empty where it is missing."""


# Several rules compare the assets of one catalogue, one after the other: the last answer is kept.
_last: tuple[Sequence[CardFacts], tuple[AssetUse, ...]] = ((), ())


def uses(cards: Sequence[CardFacts]) -> tuple[AssetUse, ...]:
    """Every asset whose digest is one, in the order of the cards."""
    global _last
    asked, found = _last
    if asked is not cards:
        found = tuple(_uses(cards))
        _last = (cards, found)
    return found


def _uses(cards: Sequence[CardFacts]) -> Iterator[AssetUse]:
    for card in cards:
        for asset in card.assets:
            if asset.sha256 is None:
                continue
            digest = asset.sha256.text.lower()
            if _DIGEST.fullmatch(digest):
                link = bare_link(asset.link.text) if asset.link else ""
                file_format = asset.file_format.text.strip().lower() if asset.file_format else ""
                yield AssetUse(card, digest, asset.sha256, link, file_format)


def family(card: CardFacts) -> str:
    """The path without its version folder, in lower case and without the mark of a translation: the same for the
    cards of one model under all versions."""
    member = _MEMBER.fullmatch(card.absolute)
    path = f"{member[1]}{member[3]}" if member else card.absolute
    return path.lower().replace("_cn.md", ".md")


def version(card: CardFacts) -> tuple[int, ...]:
    """The version of the card's folder as numbers, so that 1.10 comes after 1.9; empty where it names none."""
    member = _MEMBER.fullmatch(card.absolute)
    return _numbers(member[2]) if member else ()


@lru_cache(maxsize=256)
def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part[:18]) for part in text.split("."))
