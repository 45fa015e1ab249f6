"""Taking a file that was got by other means into the store."""

from __future__ import annotations

import secrets
from pathlib import Path

from hubkit.errors import FetchError
from hubkit.store.blobs import Blob, BlobStore
from hubkit.store.digest import CHUNK_BYTES
from hubkit.store.part import Part


def add_file(file: Path, store: BlobStore, expected: str = "") -> Blob:
    """Copy ``file`` into the store, under its digest.

    Raises FetchError where it cannot be read, or its digest does not begin with ``expected``.
    """
    part = Part(store.incoming, f"add-{secrets.token_hex(8)}")
    try:
        try:
            with file.open("rb", buffering=0) as stream:
                while piece := stream.read(CHUNK_BYTES):
                    part.append(piece)
        except OSError as error:
            part.restart()
            raise FetchError(f"{file}: cannot be copied: {error.strerror or error}") from error
        sha256, size = part.sha256(), part.size
        if not sha256.startswith(expected):
            part.restart()
            raise FetchError(
                f"{file}: its SHA-256 is {sha256} ({size:,} bytes), which does not begin with {expected}",
                hint="It is another file, or was damaged on its way. Do not use it; get it again.",
            )
        return Blob(sha256, store.adopt(part.finish(), sha256), size)
    except KeyboardInterrupt:
        part.restart()  # nobody would go on with it
        raise
    finally:
        part.release()
