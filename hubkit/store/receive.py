"""Receiving a file from one source into a part: resumed, tried again, bounded, and held against its digest."""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass

from hubkit.errors import FetchError
from hubkit.store.blobs import DigestMismatchError
from hubkit.store.digest import CHUNK_BYTES
from hubkit.store.limits import Limits
from hubkit.store.part import Origin, Part
from hubkit.store.reception import Pace, Reception
from hubkit.store.sources import Source
from hubkit.store.transport import Answer, TransientError, Transport, shown

# Called with the bytes received so far and the size that was announced, if any.
Progress = Callable[[int, int | None], None]

# Left on the disk beside the file.
SPARE_BYTES = 16 * 1024 * 1024

_UNITS = (("days", 86400), ("hours", 3600), ("minutes", 60))


class StoppedError(FetchError):
    """The download was stopped from outside; what came is kept."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """How files are received."""

    limits: Limits
    """Bounds on each source."""
    stop: threading.Event
    """Ends a download when it is set."""
    alive: Callable[[], None]
    """Called often while it goes on."""
    progress: Progress
    """Told what has come."""

    def receive(self, source: Source, part: Part, expected: str) -> None:
        """Fill ``part`` from ``source`` until its digest begins with ``expected``.

        Bytes that are there already are gone on with. Since only the digest proves that old and new ones belong
        together, the file is fetched once more from its beginning where it does not match after that.

        Raises FetchError; DigestMismatchError, a kind of it, where the source has other bytes, which are thrown away.
        """
        transport = source.transport()
        once_more = True
        while True:
            self._persevere(transport, source.url, part)
            found, size = part.sha256(), part.size
            if found.startswith(expected):
                return
            once_more = once_more and (part.resumed or part.origin.total is None)
            part.restart()
            if not once_more:
                raise DigestMismatchError(expected, found, size, url=shown(source.url))
            once_more = False

    def _persevere(self, transport: Transport, url: str, part: Part) -> None:
        """Ask again while there is hope."""
        failures = attempts = 0
        while True:
            attempts += 1
            before = part.size
            try:
                return self._attempt(transport, url, part)
            except TransientError as error:
                if part.size - before >= CHUNK_BYTES:
                    failures = 0
                failures += 1
                tries = self.limits.retries if error.reached else min(1, self.limits.retries)
                if failures > tries or self._asks_too_much(error):
                    last = FetchError(error.reason, url=shown(url), hint=error.hint)
                    # Not in the reason, which receipts hold: it is the same each time.
                    if attempts > 1:
                        last.message += f" ({attempts} attempts)"
                    last.message += _asked(error.retry_after)
                    raise last from error
                if self.stop.wait(self._wait(failures, error.retry_after)):
                    raise StoppedError("stopped", url=shown(url)) from error
                self.alive()

    def _asks_too_much(self, error: TransientError) -> bool:
        """Whether the server asks for more time than all waits together take: to come back before that is in vain."""
        longest = self.limits.retries * self.limits.max_wait_seconds
        return error.retry_after is not None and error.retry_after > longest

    def _wait(self, failures: int, retry_after: float | None) -> float:
        """Seconds until the next attempt."""
        grown = self.limits.backoff_seconds * float(2 ** (failures - 1))
        jittered = grown * random.uniform(0.5, 1)  # noqa: S311  # so that many clients do not come back at once
        return min(jittered if retry_after is None else max(retry_after, jittered), self.limits.max_wait_seconds)

    def _attempt(self, transport: Transport, url: str, part: Part) -> None:
        """One request."""
        start = part.size
        validator = part.origin.validator if part.origin.url == url else ""
        reception = Reception(lambda: transport.open_url(url, start, validator, self.limits))
        pace = Pace(self.limits, url)
        try:
            while True:
                if self.stop.is_set():
                    raise StoppedError("stopped", url=shown(url))
                self.alive()
                item = reception.next()
                if isinstance(item, Answer):
                    self._begin(item, url, part)
                elif item == b"":
                    break
                else:
                    pace.count(len(item or b""))
                    if item:
                        part.append(item)
                        if part.size > self.limits.max_bytes:
                            raise self._too_large("it is larger than the limit of", url, part)
                        self.progress(part.size, part.origin.total)
        finally:
            reception.end()
        total = part.origin.total
        if total is not None and part.size < total:
            raise TransientError(
                f"the connection was cut: {part.size:,} bytes came, but {total:,} were announced",
                url=shown(url),
                hint="Run again: it goes on where it stopped.",
            )

    def _begin(self, answer: Answer, url: str, part: Part) -> None:
        """Look at what the source announces before anything is written."""
        if answer.total is not None and answer.total > self.limits.max_bytes:
            raise self._too_large(f"it has {answer.total:,} bytes; the limit is", url, part)
        if answer.start == 0:
            part.restart()
        elif self._is_other(answer, url, part.origin):
            part.restart()
            raise TransientError("the file changed on the server while it was fetched", url=shown(url))
        else:
            part.resumed = True
        missing = 0 if answer.total is None else answer.total - part.size
        free = shutil.disk_usage(part.path.parent).free
        if missing + SPARE_BYTES > free:
            raise FetchError(
                f"{missing:,} bytes are still to come, but only {free:,} are free on the disk",
                url=shown(url),
                hint="Make room (`hubkit cache prune`), or set HUBKIT_CACHE to a folder on another disk.",
            )
        part.came_from(Origin(url, answer.validator, answer.total))
        self.progress(part.size, answer.total)

    def _is_other(self, answer: Answer, url: str, origin: Origin) -> bool:
        """Whether what goes on is visibly not what came before."""
        if origin.url == url and origin.validator and answer.validator and answer.validator != origin.validator:
            return True
        return None not in (origin.total, answer.total) and origin.total != answer.total

    def _too_large(self, words: str, url: str, part: Part) -> FetchError:
        part.restart()
        return FetchError(f"{words} {self.limits.max_bytes:,} bytes", url=shown(url))


def _asked(retry_after: float | None) -> str:
    """What a server asks for with ``Retry-After``, as the end of a message; empty where it asks for nothing."""
    if not retry_after:
        return ""
    unit, seconds = next(((unit, seconds) for unit, seconds in _UNITS if retry_after >= 2 * seconds), ("s", 1))
    return f"; it asks to wait {retry_after / seconds:,.0f} {unit}"
