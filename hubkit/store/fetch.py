"""Fetching a file by its digest: from the store, else from its URL or a mirror of it, by the table of schemes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from hubkit.errors import FetchError
from hubkit.store.blobs import BlobStore, DigestMismatchError
from hubkit.store.digest import is_digest

# URL scheme -> the module that reads it. A card may name the first kind only; a mirror, which its user sets up and
# whose bytes are held against the same digest, may be of any kind.
CARD_SCHEMES = {"https": "hubkit.store.http"}
MIRROR_SCHEMES = {**CARD_SCHEMES, "http": "hubkit.store.http", "file": "hubkit.store.file"}


class Transport(Protocol):
    """What a module of a URL scheme offers."""

    def read(self, url: str, limits: Limits) -> tuple[int | None, Iterator[bytes]]:
        """The size that is announced, if any, and the content in pieces. Raises FetchError."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how long."""

    connect_seconds: float = 10.0
    """How long to wait for a connection."""
    read_seconds: float = 30.0
    """How long a server may be silent."""
    max_bytes: int = 64 * 1024**3
    """The largest file that is accepted."""


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How to fetch."""

    offline: bool = False
    """Use only what is in the store."""
    mirrors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URL prefix -> prefixes to try in its stead, in order, before the URL itself."""
    limits: Limits = field(default_factory=Limits)
    """Time and size limits."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A verified file in the store."""

    sha256: str
    """Its digest."""
    path: Path
    """Where it lies."""
    size: int
    """Bytes."""


# Called with the bytes received so far and the size that was announced, if any.
Progress = Callable[[int, int | None], None]


def fetch(url: str, sha256: str, store: BlobStore, options: FetchOptions, progress: Progress | None = None) -> Blob:
    """The file at ``url`` with this digest, from the store where it is there already.

    Raises FetchError where no source has it; DigestMismatchError, a kind of it, where one has other bytes under
    its name.
    """
    if not is_digest(sha256):
        raise FetchError(
            f"{sha256!r} is no SHA-256 digest, so nothing that is fetched could be verified",
            hint="Write the 64 hexadecimal digits that sha256sum prints for the file.",
        )
    stored = store.verified(sha256)
    if stored is not None:
        return Blob(sha256, stored, stored.stat().st_size)
    if options.offline:
        raise FetchError("it is not in the store, and hubkit is offline", url=url, hint="Run again without --offline.")
    failures: list[FetchError] = []
    for source, schemes in _sources(url, options):
        try:
            return _receive(source, schemes, sha256, store, options.limits, progress)
        except FetchError as error:
            failures.append(error)
    # A source that answers with other bytes says more than one that is out of reach.
    telling = next((error for error in failures if isinstance(error, DigestMismatchError)), failures[-1])
    for failure in failures:
        if failure is not telling:
            telling.add_note(f"also tried: {failure.message}")
    raise telling


def _sources(url: str, options: FetchOptions) -> Iterator[tuple[str, Mapping[str, str]]]:
    for prefix, replacements in options.mirrors.items():
        if url.startswith(prefix):
            for replacement in replacements:
                yield replacement + url[len(prefix) :], MIRROR_SCHEMES
    yield url, CARD_SCHEMES


def _receive(
    url: str,
    schemes: Mapping[str, str],
    sha256: str,
    store: BlobStore,
    limits: Limits,
    progress: Progress | None,
) -> Blob:
    scheme = urlsplit(url).scheme
    if scheme not in schemes:
        raise FetchError(
            f"files are not fetched by {scheme or 'a link without a scheme'}",
            url=url,
            hint=f"Use {' or '.join(sorted(schemes))}.",
        )
    transport: Transport = import_module(schemes[scheme])
    announced, pieces = transport.read(url, limits)
    if announced is not None and announced > limits.max_bytes:
        raise FetchError(f"it has {announced:,} bytes; the limit is {limits.max_bytes:,}", url=url)
    with store.writing(sha256) as writer:
        for piece in pieces:
            writer.write(piece)
            if writer.size > limits.max_bytes:
                raise FetchError(f"it is larger than the limit of {limits.max_bytes:,} bytes", url=url)
            if progress:
                progress(writer.size, announced)
        if announced is not None and writer.size != announced:
            raise FetchError(
                f"{writer.size:,} bytes came, but {announced:,} were announced",
                url=url,
                hint="The connection was cut. Run again.",
            )
    return Blob(sha256, store.path(sha256), writer.size)
