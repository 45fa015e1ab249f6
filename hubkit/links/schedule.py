"""Who is asked next: jobs in turn, with limits for each host, and without a thread that sleeps for one of them."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from threading import Condition
from typing import Generic, TypeVar

_Job = TypeVar("_Job")


@dataclass
class _Host(Generic[_Job]):
    waiting: deque[_Job] = field(default_factory=deque)
    running: int = 0
    next_start: float = 0.0
    is_queued: bool = False


class Schedule(Generic[_Job]):
    """Jobs of many hosts, given out to threads: ``per_host`` of one host at a time, ``interval`` seconds apart."""

    def __init__(self, per_host: int, interval: float) -> None:
        self._per_host = per_host
        self._interval = interval
        self._hosts: dict[str, _Host[_Job]] = {}
        self._queue: list[tuple[float, int, str]] = []  # hosts that may start a job, by the time they may
        self._later: list[tuple[float, int, str, _Job]] = []  # jobs that wait, by the time they may go on
        self._order = count()
        self._changed = Condition()
        self._closed = False

    def put(self, host: str, job: _Job, *, delay: float = 0.0) -> None:
        """Add a job, to be started in ``delay`` seconds at the earliest."""
        with self._changed:
            if delay > 0:
                heappush(self._later, (time.monotonic() + delay, next(self._order), host, job))
            else:
                self._wait(host, job)
            self._changed.notify()

    def pause(self, host: str, seconds: float) -> None:
        """Start no job of ``host`` for so many seconds."""
        with self._changed:
            state = self._hosts.setdefault(host, _Host())
            state.next_start = max(state.next_start, time.monotonic() + seconds)

    def take(self) -> tuple[str, _Job] | None:
        """The next job and its host, as soon as one may start; None when the schedule is closed."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                while self._later and self._later[0][0] <= now:
                    _, _, host, job = heappop(self._later)
                    self._wait(host, job)
                if self._queue and self._queue[0][0] <= now:
                    _, _, host = heappop(self._queue)
                    state = self._hosts[host]
                    state.is_queued = False
                    if not state.waiting or state.running >= self._per_host:
                        continue  # queued anew in the meantime, and served
                    if state.next_start <= now:
                        state.running += 1
                        state.next_start = now + self._interval
                        job = state.waiting.popleft()
                        self._enqueue(host)
                        self._changed.notify()  # what is left may be due for a thread that waits
                        return host, job
                    self._enqueue(host)
                    continue
                soonest = min((entry[0][0] for entry in (self._queue, self._later) if entry), default=None)
                self._changed.wait(None if soonest is None else max(soonest - now, 0))
            return None

    def done(self, host: str, *, asked: bool = True) -> None:
        """A job of ``host`` that was taken has ended; where the host was not ``asked``, the next one may start."""
        with self._changed:
            state = self._hosts[host]
            state.running -= 1
            if not asked:
                state.next_start = 0.0
                state.is_queued = False
            self._enqueue(host)
            self._changed.notify()

    def close(self) -> None:
        """Give out no more jobs."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _wait(self, host: str, job: _Job) -> None:
        self._hosts.setdefault(host, _Host()).waiting.append(job)
        self._enqueue(host)

    def _enqueue(self, host: str) -> None:
        state = self._hosts[host]
        if state.waiting and not state.is_queued and state.running < self._per_host:
            state.is_queued = True
            heappush(self._queue, (state.next_start, next(self._order), host))
