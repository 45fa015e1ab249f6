"""What lies in a store, and removing it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hubkit.store.blobs import BlobStore
from hubkit.store.part import SUFFIX, in_use

# A part of a process that cannot be seen is taken for left over after this time without a new byte.
_ABANDONED_SECONDS = 24 * 3600


class Kind(StrEnum):
    """What a file of the store is."""

    BLOB = "blob"
    PARTIAL = "partial"
    DAMAGED = "damaged"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the store, or a folder of code."""

    kind: Kind
    """What it is."""
    name: str
    """Its digest, or what is known of it; of code, the commit."""
    path: str
    """Where it lies."""
    size: int
    """Bytes."""
    used: float
    """When it was last used, in seconds since 1970; for a partial file, when its last byte came."""


def items(store: BlobStore) -> Iterator[Item]:
    """Everything in the store that takes room, blobs first, each kind in the order of names."""
    for sha256 in store.digests():
        path = str(store.path(sha256))
        try:
            stat = os.stat(path)  # noqa: PTH116 (asked for thousands of blobs)
        except FileNotFoundError:  # removed meanwhile, or a link that leads nowhere
            continue
        yield Item(Kind.BLOB, sha256, path, stat.st_size, max(stat.st_atime, stat.st_mtime))
    for kind, folder, pattern in (
        (Kind.PARTIAL, store.incoming, f"*{SUFFIX}"),
        (Kind.DAMAGED, store.damaged, "*"),
    ):
        for file in sorted(folder.glob(pattern)):
            try:
                stat = file.lstat()
            except FileNotFoundError:
                continue
            yield Item(kind, file.name.split(".", 1)[0], str(file), stat.st_size, stat.st_mtime)
    for manifest in sorted(store.root.glob("repositories/*/*/manifest.json")):
        folder = manifest.parent
        with suppress(FileNotFoundError):
            size = sum(file.lstat().st_size for file in folder.rglob("*") if not file.is_dir())
            stat = manifest.stat()
            yield Item(Kind.CODE, folder.name, str(folder), size, max(stat.st_atime, stat.st_mtime))


def remove(chosen: Iterable[Item]) -> Iterator[Item]:
    """Remove files; yields those that are gone. A partial file that a process may be writing stays."""
    for item in chosen:
        path = Path(item.path)
        if item.kind is Kind.PARTIAL:
            if in_use(path) and time.time() - item.used < _ABANDONED_SECONDS:
                continue
            path.with_name(f"{item.name}.json").unlink(missing_ok=True)
        if item.kind is Kind.CODE:
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        yield item
