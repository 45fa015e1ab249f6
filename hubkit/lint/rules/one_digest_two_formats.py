"""
One digest stands under different file formats.

A checkpoint is no MindIR: files of two kinds cannot have the same bytes. A digest was copied from one asset to another,
or the format was. The format that most cards give is taken as the right one; where there is a tie, all are reported.

Bad:

    - file-format: mindir
      asset-sha256: (the digest of the checkpoint)

Good: the digest of each file beside its own format.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from hubkit.lint.diagnostic import Severity
from hubkit.lint.facts import CardFacts
from hubkit.lint.rule import CatalogueFinding, Category, Rule, in_catalogue
from hubkit.lint.rules._assets import AssetUse, uses
from hubkit.settings import Settings


def check_catalogue(cards: Sequence[CardFacts], _settings: Settings) -> Iterator[CatalogueFinding]:
    digests: defaultdict[str, list[AssetUse]] = defaultdict(list)
    for use in uses(cards):
        if use.file_format:
            digests[use.digest].append(use)
    for found in digests.values():
        counts = Counter(use.file_format for use in found)
        if len(counts) < 2:
            continue
        (usual, most), (_, second) = counts.most_common(2)
        for use in found:
            if use.file_format == usual and most > second:
                continue
            other = next(
                other
                for other in found
                if other.file_format != use.file_format and (most == second or other.file_format == usual)
            )
            where = "this card" if other.card is use.card else other.card.path
            message = f"the digest of this {use.file_format} file is that of a {other.file_format} file in {where}"
            yield in_catalogue(use.card, use.place, message, "Run sha256sum on both files.")


RULE = Rule("one-digest-two-formats", Category.HASHES, Severity.ERROR, check_catalogue=check_catalogue)
