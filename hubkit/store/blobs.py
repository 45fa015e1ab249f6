"""The blob store: bytes kept once, under their digest. A blob is there whole and right, or not at all."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hubkit.errors import FetchError
from hubkit.store.digest import is_digest, sha256_file

_PAIR = re.compile(r"[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Blob:
    """A verified file in the store."""

    sha256: str
    """Its digest."""
    path: Path
    """Where it lies."""
    size: int
    """Bytes."""


@dataclass(frozen=True)
class BlobStore:
    """Blobs in a folder: ``<root>/sha256/ab/abcd...``, half-written ones in ``<root>/incoming``."""

    root: Path
    """The folder of the store."""

    @property
    def incoming(self) -> Path:
        """The folder of files that are not whole yet."""
        return self.root / "incoming"

    @property
    def damaged(self) -> Path:
        """The folder of blobs that were found to be wrong."""
        return self.root / "damaged"

    def path(self, sha256: str) -> Path:
        """Where the blob with this digest lies, or would lie."""
        return self.root / "sha256" / sha256[:2] / sha256

    def digests(self) -> Iterator[str]:
        """The digests of all blobs, in order."""
        for folder in _names(self.root / "sha256"):
            if _PAIR.fullmatch(folder):
                names = _names(self.root / "sha256" / folder)
                yield from (name for name in names if is_digest(name) and name.startswith(folder))

    def verified(self, sha256: str) -> Path | None:
        """The blob's path after reading it whole; None where it is missing.

        A blob that is no longer what its name says is removed, so that it is fetched again.
        """
        path = self.path(sha256)
        if not path.is_file():
            return None
        if sha256_file(path) != sha256:
            path.unlink(missing_ok=True)
            return None
        mark_used(path)
        return path

    def set_aside(self, sha256: str) -> Path:
        """Move a blob that is wrong out of the way; where it is now."""
        self.damaged.mkdir(parents=True, exist_ok=True)
        return self.path(sha256).rename(self.damaged / sha256)

    def adopt(self, file: Path, sha256: str) -> Path:
        """Move ``file``, which was written through to the disk and has this digest, to its place; where that is."""
        final = self.path(sha256)
        final.parent.mkdir(parents=True, exist_ok=True)
        file.chmod(0o444)
        file.replace(final)
        for folder in (final.parent, final.parent.parent):
            sync_folder(folder)
        mark_used(final)
        return final


def mark_used(path: Path) -> None:
    """Set the file's time of last use to now, also where the file system does not keep it."""
    with suppress(OSError):  # another user's store may be read only
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))


def sync_folder(folder: Path) -> None:
    """Write the folder's entries through to the disk, so that a new name outlives a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every file system can
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 (names alone, for thousands of blobs)
    except (FileNotFoundError, NotADirectoryError):
        return []


class DigestMismatchError(FetchError):
    """What came is not what the digest promises."""

    def __init__(self, wanted: str, found: str, size: int, *, url: str = "") -> None:
        self.wanted, self.found, self.url = wanted, found, url
        super().__init__(
            f"the file's SHA-256 is {found} ({size:,} bytes), but the card says {wanted}",
            url=url,
            hint="The file was replaced, or the card is wrong. Do not use the file; ask its publisher.",
        )
