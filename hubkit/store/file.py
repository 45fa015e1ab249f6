"""Reading file URLs (RFC 8089), for mirrors on a disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from hubkit.errors import FetchError
from hubkit.store.digest import CHUNK_BYTES

if TYPE_CHECKING:
    from hubkit.store.fetch import Limits


def read(url: str, limits: Limits) -> tuple[int | None, Iterator[bytes]]:  # noqa: ARG001  # every transport takes limits
    """The file's size and its content in pieces of 1 MiB. Raises FetchError."""
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise FetchError("a file URL names no other host", url=url, hint="Write file:///folder/file.")
    path = Path(unquote(parts.path))
    try:
        return path.stat().st_size, _pieces(path)
    except OSError as error:
        raise FetchError(f"{error.strerror}", url=url) from error


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK_BYTES):
            yield piece
