"""Fetching many files, several at a time, each distinct one once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from hubkit.errors import FetchError
from hubkit.store.blobs import Blob, BlobStore
from hubkit.store.completed import is_truncated
from hubkit.store.fetch import FetchOptions, fetch
from hubkit.store.receive import Progress
from hubkit.store.truncated import fetch_truncated


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file."""

    sha256: str
    """Its digest, or the first 8 digits of it or more."""
    links: tuple[str, ...]
    """Where it can be had, in the order in which to try."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file."""

    wanted: Wanted
    """The file."""
    blob: Blob | None
    """Where it is; None where it could not be had."""
    error: FetchError | None
    """Why not."""


def fetch_many(
    wanted: Sequence[Wanted],
    store: BlobStore,
    options: FetchOptions,
    jobs: int,
    watch: Callable[[Wanted], Progress],
) -> Iterator[Outcome]:
    """Fetch all of ``wanted``, ``jobs`` at a time; their outcomes in the order in which they end.

    ``watch`` makes what is told of the progress of one. Leaving early stops those that run; what came is kept.
    """
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="fetch")
    try:
        running = [pool.submit(_fetch_one, one, store, options, watch) for one in wanted]
        for future in as_completed(running):
            yield future.result()
    except BaseException:
        options.stop.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _fetch_one(wanted: Wanted, store: BlobStore, options: FetchOptions, watch: Callable[[Wanted], Progress]) -> Outcome:
    failure: FetchError | None = None
    get = fetch_truncated if is_truncated(wanted.sha256) else fetch
    for link in wanted.links:
        try:
            return Outcome(wanted, get(link, wanted.sha256, store, options, watch(wanted)), None)
        except FetchError as error:
            if failure is not None:
                error.add_note(f"also tried: {failure.message}")
            failure = error
    return Outcome(wanted, None, failure)
