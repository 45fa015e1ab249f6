"""
Two cards give different digests for one link.

A URL leads to one file, and a file has one digest: at least one of the cards is wrong, and whoever fetches by it is
told that the file was tampered with. The digest that most cards give is taken as the right one; where there is a tie,
all of them are reported.

Bad: two cards with one `asset-link` and two values of `asset-sha256`.

Good: the digest of the file that lies there, in both.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from hubkit.lint.diagnostic import Severity
from hubkit.lint.facts import CardFacts
from hubkit.lint.rule import CatalogueFinding, Category, Rule, in_catalogue
from hubkit.lint.rules._assets import AssetUse, uses
from hubkit.settings import Settings


def check_catalogue(cards: Sequence[CardFacts], _settings: Settings) -> Iterator[CatalogueFinding]:
    links: defaultdict[str, list[AssetUse]] = defaultdict(list)
    for use in uses(cards):
        if use.link:
            links[use.link].append(use)
    for found in links.values():
        counts = Counter(use.digest for use in found)
        if len(counts) < 2:
            continue
        (usual, most), (_, second) = counts.most_common(2)
        for use in found:
            if use.digest == usual and most > second:
                continue
            other = next(
                other for other in found if other.digest != use.digest and (most == second or other.digest == usual)
            )
            message = f"{other.card.path} gives another digest for the same link: {other.digest[:12]}..."
            hint = "Run sha256sum on the file that lies there, and write its first column."
            yield in_catalogue(use.card, use.place, message, hint)


RULE = Rule("one-link-two-digests", Category.HASHES, Severity.ERROR, check_catalogue=check_catalogue)
