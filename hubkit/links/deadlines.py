"""A time limit for whole requests: a server that sends a byte now and then keeps within every other limit."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Event, Lock, Thread, get_ident
from time import monotonic
from types import TracebackType


class Deadlines:
    """Cuts the connections of requests that take longer than ``seconds``; used as a context manager.

    A thread has one request at a time.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: dict[int, tuple[float, socket.socket]] = {}
        self._cut: set[int] = set()
        self._lock = Lock()
        self._stop = Event()
        self._thread = Thread(target=self._watch, name="link deadlines", daemon=True)

    def __enter__(self) -> Deadlines:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def begin(self, connection: socket.socket) -> None:
        """This thread's request begins on ``connection``."""
        with self._lock:
            self._running[get_ident()] = (monotonic() + self._seconds, connection)

    def is_cut(self) -> bool:
        """Whether the connection of this thread's request was cut."""
        with self._lock:
            return get_ident() in self._cut

    def end(self) -> bool:
        """This thread's request has ended, if it had one; whether its connection was cut."""
        thread = get_ident()
        with self._lock:
            self._running.pop(thread, None)
            was_cut = thread in self._cut
            self._cut.discard(thread)
        return was_cut

    def _watch(self) -> None:
        while not self._stop.wait(min(self._seconds / 10, 0.5)):
            now = monotonic()
            with self._lock:
                late = [thread for thread, (deadline, _) in self._running.items() if deadline <= now]
                for thread in late:
                    _, connection = self._running.pop(thread)
                    self._cut.add(thread)
                    with suppress(OSError):
                        # Of the connection below TLS: the thread that reads it ends with an error.
                        socket.socket.shutdown(connection, socket.SHUT_RDWR)
