"""The blob store: bytes kept once, under their digest. A blob is there whole and right, or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hubkit.errors import FetchError
from hubkit.store.digest import sha256_file


def default_root() -> Path:
    """``HUBKIT_CACHE``, or the user's cache folder."""
    chosen = os.environ.get("HUBKIT_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("hubkit", appauthor=False)


class BlobWriter:
    """Writes a blob beside its place and counts and hashes on the way."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0
        """Bytes written so far."""

    def write(self, data: bytes) -> None:
        """Append ``data``."""
        self._stream.write(data)
        self._digest.update(data)
        self.size += len(data)

    def sha256(self) -> str:
        """The digest of what was written so far."""
        return self._digest.hexdigest()


@dataclass(frozen=True)
class BlobStore:
    """Blobs in a folder: ``<root>/sha256/ab/abcd...``, half-written ones in ``<root>/incoming``."""

    root: Path
    """The folder of the store."""

    def path(self, sha256: str) -> Path:
        """Where the blob with this digest lies, or would lie."""
        return self.root / "sha256" / sha256[:2] / sha256

    def verified(self, sha256: str) -> Path | None:
        """The blob's path after reading it whole; None where it is missing.

        A blob that is no longer what its name says is removed, so that it is fetched again.
        """
        path = self.path(sha256)
        if not path.is_file():
            return None
        if sha256_file(path) == sha256:
            return path
        path.unlink(missing_ok=True)
        return None

    @contextmanager
    def writing(self, sha256: str) -> Iterator[BlobWriter]:
        """Write a blob; at the end of the block it is verified and put in its place, or thrown away.

        Raises FetchError where the bytes have another digest than ``sha256``.
        """
        incoming = self.root / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        beside = incoming / f"{sha256}.{os.getpid()}.{secrets.token_hex(4)}"
        try:
            with beside.open("xb", buffering=0) as stream:
                writer = BlobWriter(stream)
                yield writer
                os.fsync(stream.fileno())
            found = writer.sha256()
            if found != sha256:
                raise DigestMismatchError(sha256, found, writer.size)
            final = self.path(sha256)
            final.parent.mkdir(parents=True, exist_ok=True)
            beside.chmod(0o444)
            beside.replace(final)
        finally:
            beside.unlink(missing_ok=True)


class DigestMismatchError(FetchError):
    """What came is not what the digest promises."""

    def __init__(self, wanted: str, found: str, size: int) -> None:
        super().__init__(
            f"the file's SHA-256 is {found} ({size:,} bytes), but the card says {wanted}",
            hint="The file was replaced, or the card is wrong. Do not use the file; ask its publisher.",
        )
