"""What rules that look at the whole catalogue know of a card: a few texts with their places, small enough to keep
for every card and to send between processes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
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


class AssetFacts(NamedTuple):
    """One asset of a card; a missing value is None."""

    file_format: Scalar | None
    """``file-format``."""
    link: Scalar | None
    """``asset-link``."""
    sha256: Scalar | None
    """``asset-sha256``."""


class CardFacts(NamedTuple):
    """One card."""

    path: str
    """The path as the user named it."""
    absolute: str
    """The absolute path, with forward slashes."""
    title: Scalar
    """The card's first line: the place of a finding that concerns the card as a whole."""
    fields: Mapping[str, Scalar]
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
    fields: dict[str, Scalar] = {}
    assets: tuple[AssetFacts, ...] = ()
    if front is not None:
        fields = {key: value for key in FIELDS if (value := front.scalar(key)) is not None}
        assets = tuple(
            AssetFacts(asset.scalar("file-format"), asset.scalar("asset-link"), asset.scalar("asset-sha256"))
            for asset in front.mappings("asset")
        )
    first = source.line(1)
    head = source.text[: max(document.front_span[1], len(first))]
    return CardFacts(document.path, path.as_posix(), Scalar(first, 0, len(first), True), fields, assets, head)
