"""The places of a card that carry the MindSpore version do not agree.

A card names the version many times: the folder it lies in, `model-version`, `mindspore-version`, the branch of its
`repo-link` (`r1.9`), the folder and the name of each asset (`r1.9`, `v190`) and, where `repo-link` has such a branch,
those of its body's links to the same repository. When a card is copied for the next version, one of them is easily
left behind, and then the weights do not fit the code. The version that most kinds of places carry is taken as the
right one; where there is a tie, `mindspore-version` decides. Only major and minor version count. A `model-version`
that the card's file name carries too (`ghostnet_ssd_v1.0.md`) is the model's own and is not compared.

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

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.card.values import Scalar
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule

_FIELD = re.compile(r"\s*[vVrR]?(\d+)\.(\d+)(?:\.\d+)*(?:[-.+]?[A-Za-z][0-9A-Za-z.]*)?\s*")
_FOLDER = re.compile(r"(\d+)\.(\d+)(?:\.\d+)*")
_BRANCH = re.compile(r"/(?:tree|blob|raw)/r(\d+)\.(\d+)(?!\d)")
_REPOSITORY = re.compile(r"https?://(.+?)(?:/-)?/(?:tree|blob|raw)/", re.IGNORECASE)
_ASSET_FOLDER = re.compile(r"/r(\d+)\.(\d+)(?:\.\d+)*/")
_ASSET_NAME = re.compile(r"_v(?!100_)(\d)(\d{1,2})\d(?=[_.-])")  # V100 is a GPU more often than version 1.0.0


@dataclass(frozen=True, slots=True)
class _Place:
    kind: str
    """What carries the version, as messages name it."""
    version: str
    """Major and minor version, such as "1.10"."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last one."""


def check(document: Document, context: Context) -> Iterator[Finding]:
    places = list(_places(document, context))
    if len({place.version for place in places}) < 2:
        return
    own = next((place.version for place in places if place.kind == "mindspore-version"), "")
    votes = Counter(version for _, version in dict.fromkeys((place.kind, place.version) for place in places))
    right = max(votes, key=lambda version: (votes[version], version == own))
    agreeing = list(dict.fromkeys(place.kind for place in places if place.version == right))
    say = f"{_join(agreeing)} say{'s' * (len(agreeing) == 1)} {right}"
    for place in places:
        if place.version != right:
            message = f"{place.kind} says {place.version}, but {say}"
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
        if value and match and not (key == "model-version" and _is_in_name(value.text, context.path.stem)):
            yield _Place(key, f"{match[1]}.{match[2]}", value.start, value.end)
    yield from _inside(document, "repo-link's branch", front.scalar("repo-link"), _BRANCH)
    for asset in front.mappings("asset"):
        link = asset.scalar("asset-link")
        yield from _inside(document, "asset-link's folder", link, _ASSET_FOLDER)
        yield from _inside(document, "the asset's file name", link, _ASSET_NAME)
    own_link = bare_link(front.text("repo-link"))
    repository = _REPOSITORY.match(own_link) if _BRANCH.search(own_link) else None
    if repository is None:
        return
    for other in document.body.links:
        branch = _BRANCH.search(other.target)
        linked = _REPOSITORY.match(other.target) if branch else None
        if branch and linked and linked[1].lower() == repository[1].lower():
            place = document.source.find(branch[0], other.start, other.end)
            yield _Place("a link of the body", f"{branch[1]}.{branch[2]}", *place)


def _is_in_name(version: str, name: str) -> bool:
    """Whether a card's name carries the version, as in ``ghostnet_ssd_v1.0``: then it is the model's own."""
    return re.search(rf"_v{re.escape(version.strip())}(?![\d.])", name, re.IGNORECASE) is not None


def _inside(document: Document, kind: str, value: Scalar | None, pattern: re.Pattern[str]) -> Iterator[_Place]:
    match = pattern.search(value.text) if value else None
    if value and match:
        yield _Place(kind, f"{match[1]}.{match[2]}", *document.source.find(match[0], value.start, value.end))


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


RULE = Rule("version-consistency", Category.VERSIONS, Severity.ERROR, check)
