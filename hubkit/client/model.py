"""What a hub offers: models by uid, and the files of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote

from hubkit.errors import HubkitError
from hubkit.store.content import Kind


class ClientError(HubkitError):
    """A model or a file of it cannot be chosen, or a catalogue cannot be read."""


@dataclass(frozen=True, slots=True)
class CodeCommit:
    """The code of a repository that makes a model's network."""

    repository: str
    """The repository's URL."""
    commit: str
    """The commit, 40 hexadecimal digits."""
    folder: str
    """The folder in it; empty for the whole repository."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file that can be pulled."""

    format: Kind
    """What it is."""
    sha256: str
    """Its digest as the hub has it."""
    size: int | None
    """Bytes; None where the hub does not know."""
    sources: tuple[str, ...]
    """URLs to fetch it from, in order; at least one."""
    note: str = ""
    """What its user must know, such as that the weights are untrained; else empty."""
    code: CodeCommit | None = None
    """The code that its network was made by; None where that is none of a repository, or the hub does not know."""

    @property
    def file_name(self) -> str:
        """The last part of its first source, decoded; untrusted, and may be empty."""
        return unquote(self.sources[0].split("?", 1)[0].split("#", 1)[0]).rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Model:
    """One card, as far as a client needs it."""

    uid: str
    """Its uid."""
    network: str
    """The network that its checkpoint belongs to, as the card writes it; empty where a repository's code makes it."""
    files: tuple[ModelFile, ...]
    """What can be pulled. The first of a format counts: a converted file before one that the card names."""
    withheld: str = ""
    """Why converted files are left out, if they are; else empty."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """The arguments that its network is made with, as the card has them; a catalogue does not tell them."""

    def file(self, wanted: Kind) -> ModelFile:
        """The file of a format. Raises ClientError, which lists the formats that there are."""
        found = next((file for file in self.files if file.format is wanted), None)
        if found is not None:
            return found
        have = ", ".join(dict.fromkeys(file.format.value for file in self.files)) or "none"
        reason = f": {self.withheld}" if self.withheld else ""
        raise ClientError(f"{self.uid} has no {wanted.value} file{reason}", hint=f"Formats that can be pulled: {have}.")


@dataclass(frozen=True, slots=True)
class Listing:
    """One card, as far as it is known to whoever looks for a model; printable in every text."""

    uid: str
    """Its uid."""
    title: str
    """The model's name as people write it."""
    summary: str
    """One sentence on it; may be empty."""
    task: str
    """The card's ``module-type``: the field, or the field, a hyphen and the task."""
    dataset: str
    """What it was trained on, as the card writes it."""
    evaluation: str
    """What the authors measured, as the card writes it."""
    author: str
    """Who made it."""
    license: str
    """The licence, as the card writes it."""
    updated: str
    """The card's date, as the card writes it."""
    status: str
    """How the card stands: "verified", "partial", "failed", "stale" or "not verified"."""
    formats: tuple[str, ...]
    """The formats that it can be had in, by name."""


class Hub(Protocol):
    """Where models come from: a folder of cards, or a published catalogue."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def base(self) -> str:
        """The URL, with a slash at its end, that its own files lie below; its user named it, so it may be of any
        scheme, while other files are fetched by https only."""

    def uids(self) -> Sequence[str]:
        """Every uid that it has."""

    def listings(self) -> Iterator[Listing]:
        """All its cards but those that cannot be used. Raises HubkitError where the hub cannot be read."""

    def model(self, uid: str) -> Model:
        """The model with one of these uids. Raises HubkitError where its card cannot be used."""
