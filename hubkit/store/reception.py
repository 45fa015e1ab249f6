"""Receiving in a thread of its own, so that hashing and writing overlap with it and a stalled source can be left."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

from hubkit.store.limits import Limits
from hubkit.store.transport import Answer, TransientError, shown

# Pieces of at most 1 MiB that wait to be written; more of them would fall out of the processor's cache.
_WAITING = 2
_TICK_SECONDS = 0.1


class Reception:
    """One request and what comes of it."""

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self._ask = ask
        self._answer: Answer | None = None
        self._items: queue.Queue[Answer | bytes | BaseException] = queue.Queue(_WAITING)
        self._ended = threading.Event()
        # A daemon: where a source dribbles into the head of its answer, the thread cannot be woken, only left.
        threading.Thread(target=self._run, daemon=True).start()

    def next(self) -> Answer | bytes | None:
        """The answer, then its bytes, then an empty piece; None where nothing came within a moment.

        Raises what the request raised.
        """
        try:
            item = self._items.get(timeout=_TICK_SECONDS)
        except queue.Empty:
            return None
        if isinstance(item, BaseException):
            raise item
        return item

    def end(self) -> None:
        """Let go of the request, wherever it is."""
        self._ended.set()
        if self._answer is not None:
            self._answer.cut()

    def _run(self) -> None:
        try:
            self._answer = answer = self._ask()
            try:
                self._put(answer)
                piece = b"..."
                while piece and not self._ended.is_set():
                    piece = answer.read()
                    self._put(piece)
            finally:
                answer.close()
        except BaseException as error:
            self._put(error)

    def _put(self, item: Answer | bytes | BaseException) -> None:
        while not self._ended.is_set():
            try:
                self._items.put(item, timeout=_TICK_SECONDS)
            except queue.Full:
                continue
            return


class Pace:
    """Counts what comes and tells when it is too slow."""

    def __init__(self, limits: Limits, url: str) -> None:
        self._limits = limits
        self._url = url
        self._since = time.monotonic()
        self._count = 0

    def count(self, size: int) -> None:
        """Count ``size`` bytes more; also called with 0 where none came.

        Raises TransientError where too few came in the last ``rate_seconds``.
        """
        self._count += size
        now = time.monotonic()
        if now - self._since < self._limits.rate_seconds:
            return
        if self._count < self._limits.min_bytes_per_second * self._limits.rate_seconds:
            raise TransientError(
                f"{self._count:,} bytes came in {self._limits.rate_seconds:g} s, which is too slow",
                url=shown(self._url),
                hint="Run again: it goes on where it stopped.",
            )
        self._since, self._count = now, 0
