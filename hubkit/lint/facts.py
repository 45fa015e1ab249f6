"""What rules that look at the whole catalogue know of a card: a few texts with their places, small enough to keep
for every card and to send between processes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from sys import intern
from typing import NamedTuple

from hubkit.card.parse import Document
from hubkit.card.text import Source
from hubkit.card.values import Scalar

# The fields that rules over the whole catalogue look at; the others are not kept.
FIELDS = (
    "model-name",
    "backbone-name",
    "module-type",
    "model-version",
    "train-dataset",
    "evaluation",
    "author",
    "update-time",
    "repo-link",
    "user-id",
    "used-for",
    "train-backend",
    "infer-backend",
    "mindspore-version",
    "license",
)


class Fact(NamedTuple):
    """A value of a card and where it stands."""

    text: str
    """The value as it is written, without quotes."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last one."""
    plain: bool
    """Whether it is written without quotes."""


class AssetFacts(NamedTuple):
    """One asset of a card; a missing value is None."""

    file_format: Fact | None
    """``file-format``."""
    link: Fact | None
    """``asset-link``."""
    sha256: Fact | None
    """``asset-sha256``."""


class CardFacts(NamedTuple):
    """One card."""

    path: str
    """The path as the user named it."""
    absolute: str
    """The absolute path, with forward slashes."""
    title: Fact
    """The card's first line: the place of a finding that concerns the card as a whole."""
    fields: Mapping[str, Fact]
    """Key -> value, for each of FIELDS that is there and a scalar."""
    assets: tuple[AssetFacts, ...]
    """The assets in order."""
    head: str
    """The file's text up to the end of the front matter, from which lines and columns are told when asked for."""

    @property
    def source(self) -> Source:
        """The head with its lines and columns."""
        return Source(self.head)

    @property
    def name(self) -> str:
        """The file name without ``.md``."""
        return self.absolute.rsplit("/", 1)[-1].removesuffix(".md")

    @property
    def folder(self) -> str:
        """The name of the folder, as a rule the MindSpore version."""
        return self.absolute.rsplit("/", 2)[-2]


def gather(document: Document, path: Path) -> CardFacts:
    """The facts of a parsed card that lies at the absolute ``path``."""
    source = document.source
    front = document.front
    fields: dict[str, Fact] = {}
    assets: tuple[AssetFacts, ...] = ()
    if front is not None:
        for key in FIELDS:
            found = _fact(front.scalar(key))
            if found is not None:
                fields[key] = found
        assets = tuple(
            AssetFacts(
                _fact(asset.scalar("file-format")),
                _fact(asset.scalar("asset-link")),
                _fact(asset.scalar("asset-sha256")),
            )
            for asset in front.mappings("asset")
        )
    first = source.line(1)
    head = source.text[: max(document.front_span[1], len(first))]
    return CardFacts(document.path, path.as_posix(), Fact(first, 0, len(first), True), fields, assets, head)


def _fact(value: Scalar | None) -> Fact | None:
    # Most values stand in many cards: interned, each is sent between processes and kept once.
    return None if value is None else Fact(intern(value.text), value.start, value.end, value.plain)
