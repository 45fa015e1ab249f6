"""Hashing again what is stored, in several threads (hashlib lets go of the interpreter while it hashes)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from hubkit.store.blobs import BlobStore
from hubkit.store.digest import DigestCache, is_digest


@dataclass(frozen=True, slots=True)
class Check:
    """What was found under a digest."""

    sha256: str
    """The digest that it should have."""
    size: int
    """Bytes; 0 where it is missing."""
    found: str
    """The digest that it has; empty where it is missing or cannot be read."""
    error: str = ""
    """Why it cannot be read, if so."""

    @property
    def right(self) -> bool:
        """Whether it is there and what its name says."""
        return self.found == self.sha256


def verify_blobs(store: BlobStore, digests: Sequence[str], *, full: bool, jobs: int) -> Iterator[Check]:
    """Check the blobs with these digests, in their order.

    A blob whose size, time and inode are those of its last check is not read again, unless ``full`` asks for it: that
    finds what a disk changed without saying so.
    """
    receipts = DigestCache(store.root / "verified.json")

    def check(sha256: str) -> Check:
        if not is_digest(sha256):  # a card's text, which may be any path
            return Check(sha256, 0, "")
        path = store.path(sha256)
        try:
            before = path.stat()
        except FileNotFoundError:
            return Check(sha256, 0, "")
        try:
            found = receipts.sha256(path, anew=full) or ""
            if found != sha256 and not full:  # before a file is called damaged, it is read
                found = receipts.sha256(path, anew=True) or ""
        except OSError as error:  # a bad disk, or another user's file: the others are looked at all the same
            return Check(sha256, before.st_size, "", error.strerror or str(error))
        return Check(sha256, before.st_size, found)

    pool = ThreadPoolExecutor(jobs, thread_name_prefix="verify")
    try:
        yield from pool.map(check, digests)
    finally:
        pool.shutdown(cancel_futures=True)
        receipts.save()
