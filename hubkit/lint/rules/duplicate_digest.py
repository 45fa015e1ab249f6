"""
One file stands twice in a card, or in the cards of two models.

Two models whose weights are the same bytes are one model with two names, or one of the digests was copied from the
wrong card. Versions of one model are left to newer-card.

Bad: `resnet152_imagenet2012.md` with the digest of `mobilenetv3_imagenet2012.md`.

Good: the digest of its own file.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from hubkit.lint.diagnostic import Severity
from hubkit.lint.facts import CardFacts
from hubkit.lint.rule import CatalogueFinding, Category, Rule, in_catalogue
from hubkit.lint.rules._assets import AssetUse, family, uses, version
from hubkit.settings import Settings

_HINT = "Run sha256sum on the file; where both are right, one of the two can go."


def check_catalogue(cards: Sequence[CardFacts], _settings: Settings) -> Iterator[CatalogueFinding]:
    digests: defaultdict[tuple[str, str], list[AssetUse]] = defaultdict(list)
    for use in uses(cards):
        digests[use.digest, use.file_format].append(use)
    for found in digests.values():
        if len(found) > 1:
            yield from _within_a_card(found)
            yield from _between_families(found)


def _within_a_card(found: Sequence[AssetUse]) -> Iterator[CatalogueFinding]:
    first: dict[str, AssetUse] = {}
    for use in found:
        before = first.setdefault(use.card.absolute, use)
        if before is not use:
            line = before.card.source.span(before.place.start, before.place.end).line
            message = f"the same digest stands already on line {line}"
            yield in_catalogue(use.card, use.place, message, "Run sha256sum on both files.")


def _between_families(found: Sequence[AssetUse]) -> Iterator[CatalogueFinding]:
    families: defaultdict[str, list[AssetUse]] = defaultdict(list)
    for use in found:
        families[family(use.card)].append(use)
    if len(families) < 2:
        return
    for own, members in families.items():
        others = [use for key, uses_ in families.items() if key != own for use in uses_]
        for use in members:
            other = min(others, key=lambda other: (version(other.card) != version(use.card), other.card.path))
            message = f"{other.card.path}, the card of another model, has the same digest"
            yield in_catalogue(use.card, use.place, message, _HINT)


RULE = Rule("duplicate-digest", Category.HASHES, Severity.INFO, check_catalogue=check_catalogue)
