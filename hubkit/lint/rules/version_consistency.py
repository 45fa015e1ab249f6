"""
The places of a card that carry the MindSpore version do not agree.

A card names the version many times: the folder it lies in, `model-version`, `mindspore-version`, the branch of its
`repo-link` (`r1.9`), the folder and the name of each asset (`r1.9`, `v190`) and the branches of its body's links. When
a card is copied for the next version, one of them is easily left behind, and then the weights do not fit the code.
The version that most places carry is taken as the right one; where there is a tie, `mindspore-version` decides.

Bad:

    mindspore-version: 1.9
    repo-link: https://gitee.com/mindspore/models/tree/r1.8/research/cv/u2net

Good:

    mindspore-version: 1.9
    repo-link: https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from hubkit.card.parse import Document
from hubkit.card.values import Scalar
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule

_FIELD = re.compile(r"(\d+)\.(\d+)(?:\.\d+)?")
_FOLDER = re.compile(r"(\d+)\.(\d+)")
_BRANCH = re.compile(r"/(?:tree|blob|raw)/r(\d+)\.(\d+)(?:\.\d+)?(?=[/?#>]|$)")
_ASSET_FOLDER = re.compile(r"/r(\d+)\.(\d+)(?:\.\d+)?/")
_ASSET_NAME = re.compile(r"_v(\d)(\d{1,2})\d_")


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    """What carries the version, as messages name it."""
    version: str
    """Major and minor version, such as "1.10"."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last one."""


def check(document: Document, context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    places = list(_places(document, context))
    if len({place.version for place in places}) < 2:
        return
    counts = Counter(place.version for place in places)
    own = next((place.version for place in places if place.name == "mindspore-version"), "")
    right = max(counts, key=lambda version: (counts[version], version == own))
    agreeing = list(dict.fromkeys(place.name for place in places if place.version == right))
    for place in places:
        if place.version != right:
            message = (
                f"{place.name} says {place.version}, but {_join(agreeing)} say{'s' * (len(agreeing) == 1)} {right}"
            )
            hint = f"Make it {right}, or move the card to the version that it is for."
            yield Finding(place.start, place.end, message, hint)


def _places(document: Document, context: Context) -> Iterator[_Place]:
    front = document.front
    if front is None:
        return
    folder = _FOLDER.fullmatch(context.path.parent.name)
    if folder:
        yield _Place("the folder", f"{folder[1]}.{folder[2]}", front.start, front.start)
    for key in ("model-version", "mindspore-version"):
        value = front.scalar(key)
        match = _FIELD.fullmatch(value.text) if value else None
        if value and match:
            yield _Place(key, f"{match[1]}.{match[2]}", value.start, value.end)
    yield from _inside("repo-link's branch", front.scalar("repo-link"), _BRANCH)
    for asset in front.mappings("asset"):
        yield from _inside("asset-link's folder", asset.scalar("asset-link"), _ASSET_FOLDER)
        yield from _inside("the asset's file name", asset.scalar("asset-link"), _ASSET_NAME)
    for link in document.body.links:
        for match in _BRANCH.finditer(link.target):
            start = link.start + match.start()
            yield _Place("a link of the body", f"{match[1]}.{match[2]}", start, start + len(match[0]))


def _inside(name: str, value: Scalar | None, pattern: re.Pattern[str]) -> Iterator[_Place]:
    if value is None:
        return
    match = pattern.search(value.text)
    if match:
        start = value.start + match.start() + (0 if value.plain else 1)
        yield _Place(name, f"{match[1]}.{match[2]}", start, start + len(match[0]))


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


RULE = Rule("version-consistency", Category.VERSIONS, Severity.ERROR, check)
