"""What rules that look at the whole catalogue know of a card: a few texts with their places, small enough to keep
for every card and to send between processes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of a card and where it stands."""

    text: str
    """The value as it is written, without quotes."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last one."""
    line: int
    """The line that it begins on, from 1."""
    column: int
    """The column that it begins at, from 1."""
    end_line: int
    """The line that it ends on."""
    end_column: int
    """The column after its last character."""
    source_line: str
    """The text of the line that it begins on."""
    plain: bool
    """Whether it is written without quotes."""


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """One asset of a card; a missing value is None."""

    file_format: Fact | None
    """``file-format``."""
    link: Fact | None
    """``asset-link``."""
    sha256: Fact | None
    """``asset-sha256``."""


@dataclass(frozen=True, slots=True)
class CardFacts:
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

    def fact(value: Scalar | None) -> Fact | None:
        return None if value is None else _fact(source, value.text, value.start, value.end, value.plain)

    front = document.front
    fields: dict[str, Fact] = {}
    assets: list[AssetFacts] = []
    if front is not None:
        for key in FIELDS:
            found = fact(front.scalar(key))
            if found is not None:
                fields[key] = found
        assets = [
            AssetFacts(
                fact(asset.scalar("file-format")), fact(asset.scalar("asset-link")), fact(asset.scalar("asset-sha256"))
            )
            for asset in front.mappings("asset")
        ]
    first = source.line(1)
    title = _fact(source, first, 0, len(first), plain=True)
    return CardFacts(document.path, path.as_posix(), title, fields, tuple(assets))


def _fact(source: Source, text: str, start: int, end: int, plain: bool) -> Fact:
    span = source.span(start, end)
    line = source.line(span.line)
    # Catalogues repeat themselves: one copy of each text serves all cards.
    return Fact(
        sys.intern(text), start, end, span.line, span.column, span.end_line, span.end_column, sys.intern(line), plain
    )
