"""
The same file is published by a newer card of the same model.

Hubs republish weights for version after version. That is no fault; whoever looks at the old card may want to know that
the new one is about the very same file.

Bad: `mindspore/1.8/u2net_dutstr.md`, where `mindspore/1.9/u2net_dutstr.md` has the same `asset-sha256`.

Good: the newest card of the family.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from hubkit.lint.diagnostic import Severity
from hubkit.lint.facts import CardFacts
from hubkit.lint.rule import CatalogueFinding, Category, Rule, in_catalogue
from hubkit.lint.rules._assets import AssetUse, family, uses, version
from hubkit.settings import Settings


def check_catalogue(cards: Sequence[CardFacts], _settings: Settings) -> Iterator[CatalogueFinding]:
    members: defaultdict[tuple[str, str], list[tuple[tuple[int, ...], AssetUse]]] = defaultdict(list)
    for use in uses(cards):
        members[use.digest, family(use.card)].append((version(use.card), use))
    for found in members.values():
        if len(found) < 2:
            continue
        newest_version, newest = max(found, key=lambda member: member[0])
        for own_version, use in found:
            if own_version < newest_version:
                shown = ".".join(map(str, newest_version))
                message = f"the card for MindSpore {shown} publishes the same file"
                yield in_catalogue(use.card, use.place, message, f"It is {newest.card.path}.")


RULE = Rule("newer-card", Category.VERSIONS, Severity.INFO, check_catalogue=check_catalogue)
