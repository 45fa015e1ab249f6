"""An advisory lock: while one process fetches a file, the others wait for it instead of fetching it too.

It saves work and nothing else: network file systems may grant it twice or never. A holder that dies loses it (the
kernel sees to that), and one that shows no sign of life is not waited for.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

POLL_SECONDS = 0.1


class Lock:
    """A lock that is held, or that was not to be had."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self._told = time.monotonic()

    def alive(self) -> None:
        """Show those who wait that this process goes on; cheap to call often."""
        now = time.monotonic()
        if self._descriptor is not None and now - self._told >= 1:
            self._told = now
            with suppress(OSError):
                os.utime(self._descriptor)


@contextmanager
def held(path: Path, done: Callable[[], bool], stop: threading.Event, patience: float) -> Iterator[Lock]:
    """Hold the lock at ``path`` for the block.

    The block runs without it as soon as ``done()`` or ``stop`` is set while another process holds it, or that process
    shows no sign of life for ``patience`` seconds, or the file system knows no locks.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _acquire(path, done, stop, patience)
    try:
        yield Lock(descriptor)
    finally:
        if descriptor is not None:
            path.unlink(missing_ok=True)
            os.close(descriptor)


def _acquire(path: Path, done: Callable[[], bool], stop: threading.Event, patience: float) -> int | None:
    seen, since = 0, time.monotonic()
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        except OSError:  # another user's, or no plain file
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(descriptor, path):
                return descriptor
            os.close(descriptor)  # its last holder removed it in between
            continue
        except BlockingIOError:
            stamp = os.fstat(descriptor).st_mtime_ns
            os.close(descriptor)
        except OSError:
            os.close(descriptor)
            return None
        if stamp != seen:
            seen, since = stamp, time.monotonic()
        if done() or time.monotonic() - since > patience or stop.wait(POLL_SECONDS):
            return None


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
