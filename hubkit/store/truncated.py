"""Fetching a file of which the card gives only the first digits of its digest."""

from __future__ import annotations

from hubkit.errors import FetchError
from hubkit.store.blobs import Blob, BlobStore
from hubkit.store.completed import MIN_DIGITS, completed, is_truncated, record, record_path
from hubkit.store.fetch import FetchOptions, check_online, download, stored
from hubkit.store.lock import held
from hubkit.store.receive import Progress


def fetch_truncated(
    url: str, prefix: str, store: BlobStore, options: FetchOptions, progress: Progress | None = None
) -> Blob:
    """The file at ``url`` whose digest begins with ``prefix``, 8 to 63 digits; kept under its whole digest.

    A few digits prove little: who can serve another file can make one that begins with them. So the whole digest is
    recorded, for a person to write into the card. Raises as ``fetch`` does.
    """
    if not is_truncated(prefix):
        raise FetchError(
            f"{prefix!r} is not the beginning of a SHA-256 digest",
            hint=f"Write all 64 hexadecimal digits, or at least {MIN_DIGITS}.",
        )
    place = record_path(store, url, prefix)
    known = _known(url, prefix, store)
    if known is not None:
        return known
    check_online(url, options)
    key = f"{prefix}-{place.stem[:16]}"
    with held(store.incoming / f"{key}.lock", place.is_file, options.stop, options.limits.lock_seconds) as lock:
        blob = _known(url, prefix, store) or download(url, prefix, key, store, options, lock, progress)
    record(store, url, prefix, blob.sha256)
    return blob


def _known(url: str, prefix: str, store: BlobStore) -> Blob | None:
    sha256 = completed(store, url, prefix)
    return None if sha256 is None else stored(store, sha256)
