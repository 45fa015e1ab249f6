"""Fetching a file by its digest: from the store, else from its URL or a mirror of it."""

from __future__ import annotations

import re
import shlex
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from hubkit.errors import FetchError
from hubkit.store.blobs import Blob as Blob
from hubkit.store.blobs import BlobStore, DigestMismatchError
from hubkit.store.digest import is_digest
from hubkit.store.limits import Limits as Limits
from hubkit.store.lock import Lock, held
from hubkit.store.part import Part
from hubkit.store.receive import Progress as Progress
from hubkit.store.receive import Receiver, StoppedError
from hubkit.store.sources import CARD_SCHEMES, sources


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How to fetch."""

    offline: bool = False
    """Use only what is in the store."""
    mirrors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URL prefix -> prefixes to try in its stead, in order, before the URL itself."""
    limits: Limits = field(default_factory=Limits)
    """Time and size limits."""
    stop: threading.Event = field(default_factory=threading.Event, compare=False)
    """Setting it ends a download within a moment; what came is kept for the next one."""


def fetch(url: str, sha256: str, store: BlobStore, options: FetchOptions, progress: Progress | None = None) -> Blob:
    """The file at ``url`` with this digest, from the store where it is there already.

    Processes that fetch the same file wait for the first of them. Bytes that came in an attempt that failed, or was
    killed, are not asked for again where the server allows it.

    Raises FetchError where no source has it; DigestMismatchError, a kind of it, where one has other bytes under
    its name; OSError where the store cannot be written.
    """
    if not is_digest(sha256):
        raise FetchError(
            f"{sha256!r} is no SHA-256 digest, so nothing that is fetched could be verified",
            hint="Write the 64 hexadecimal digits that sha256sum prints for the file.",
        )
    known = stored(store, sha256)
    if known is not None:
        return known
    check_online(url, options)
    place = store.path(sha256)
    with held(store.incoming / f"{sha256}.lock", place.is_file, options.stop, options.limits.lock_seconds) as lock:
        return stored(store, sha256) or download(url, sha256, sha256, store, options, lock, progress)


def check_online(url: str, options: FetchOptions) -> None:
    """Raise FetchError where ``options`` forbid to ask a network."""
    if options.offline:
        raise FetchError(
            "it is not in the store, and hubkit is offline",
            url=url,
            hint="Run again without --offline (and without HUBKIT_OFFLINE).",
        )


def download(
    url: str, expected: str, key: str, store: BlobStore, options: FetchOptions, lock: Lock, progress: Progress | None
) -> Blob:
    """The file at ``url``, whose digest begins with ``expected``, from the first source that has it.

    ``key`` names what has come of it in the folder of incoming files. Raises as ``fetch`` does.
    """
    failures: list[FetchError] = []
    receiver = Receiver(options.limits, options.stop, lock.alive, progress or (lambda _received, _announced: None))
    part = Part(store.incoming, key)
    try:
        part.read_back(lock.alive)
        if part.size and len(expected) == len(part.sha256()) and part.sha256() == expected:
            return _adopt(part, store)  # it was killed after the last byte
        for source in sources(url, options.mirrors):
            try:
                receiver.receive(source, part, expected)
            except StoppedError:
                raise
            except FetchError as error:
                failures.append(error)
            else:
                return _adopt(part, store)
    finally:
        part.release()
    raise _failure(failures, url, expected, store)


def stored(store: BlobStore, sha256: str) -> Blob | None:
    """The blob with this digest, read whole; None where it is missing."""
    path = store.verified(sha256)
    return None if path is None else Blob(sha256, path, path.stat().st_size)


def _adopt(part: Part, store: BlobStore) -> Blob:
    sha256 = part.sha256()
    return Blob(sha256, store.adopt(part.finish(), sha256), part.size)


def _failure(failures: Sequence[FetchError], url: str, expected: str, store: BlobStore) -> FetchError:
    """The error that tells most, with the others and the way by hand as notes."""
    # A source that answers with other bytes says more than one that is out of reach.
    telling = next((error for error in failures if isinstance(error, DigestMismatchError)), failures[-1])
    for failure in failures:
        if failure is not telling:
            telling.add_note(f"also tried: {failure.message}")
    if is_digest(expected):
        telling.add_note(f"it would lie at {store.path(expected)}")
        with suppress(ValueError):  # no valid URL: there is no way by hand either
            if urlsplit(url).scheme in CARD_SCHEMES:
                telling.add_note(f"by hand: {_by_hand(url, expected)}")
    return telling


def _by_hand(url: str, sha256: str) -> str:
    """Commands for a shell that put the file into the store."""
    name = "./" + (re.sub(r"[^\w.-]", "_", urlsplit(url).path.rpartition("/")[2], flags=re.ASCII) or "file")
    link = shlex.quote(quote(url, safe="%/:=&?~#+!$,;'@()*[]"))
    return f"curl -fL -C - -o {name} {link} && hubkit cache add --sha256 {sha256} {name}"
