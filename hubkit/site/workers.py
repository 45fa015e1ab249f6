"""Work spread over forked processes, which share all that was loaded before."""

from __future__ import annotations

import gc
import os
import pickle
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, TypeVar

from hubkit.errors import SiteError

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")

_TICKET = struct.Struct("<I")
_TICKETS_IN_A_PIPE = 8192  # a pipe holds at least 64 KiB on Linux, 16 KiB elsewhere; more would block the writer


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def without_collections() -> Iterator[None]:
    """Within it, no cycles are looked for: among so many objects it takes long, and a build makes hardly any."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def nothing() -> None:
    """What there is to do meanwhile as a rule."""


def spread(
    work: Callable[[_Item], _Answer], items: Sequence[_Item], jobs: int, meanwhile: Callable[[], None] = nothing
) -> list[_Answer]:
    """``work`` of each item, in order, by up to ``jobs`` processes, this one included, which does ``meanwhile`` first.

    Each process takes the next item when it is done with one. Without os.fork, or where threads run that a fork would
    cut off, all work is done here. What ``work`` raises is raised here.

    Raises SiteError where a process ends before its time.
    """
    jobs = min(jobs, len(items))
    if not _may_fork(jobs) or len(items) > _TICKETS_IN_A_PIPE // 4:
        meanwhile()
        return [work(item) for item in items]
    tickets, issuer = os.pipe()
    os.write(issuer, b"".join(_TICKET.pack(index) for index in range(len(items))))
    os.close(issuer)
    children = [_fork(partial(_take, work, items, tickets)) for _ in range(jobs - 1)]
    answers: dict[int, _Answer] = {}
    try:
        meanwhile()
        answers.update(_take(work, items, tickets))
    finally:
        os.close(tickets)
        outcomes = [_outcome(*child) for child in children]
    for failure, theirs in outcomes:
        if failure is not None:
            raise failure
        answers.update(theirs)
    return [answers[index] for index in range(len(items))]


def _take(work: Callable[[_Item], _Answer], items: Sequence[_Item], tickets: int) -> dict[int, _Answer]:
    answers = {}
    while ticket := os.read(tickets, _TICKET.size):
        (index,) = _TICKET.unpack(ticket)
        answers[index] = work(items[index])
    return answers


@contextmanager
def aside(work: Callable[[], _Answer], jobs: int) -> Iterator[Callable[[], _Answer]]:
    """Within it, another process does ``work``; a call of what it gives waits for the answer.

    Where there is to be but one process, ``work`` is done by that call. Otherwise as for spread.
    """
    if not _may_fork(jobs):
        yield cache(work)
        return
    outcome = cache(partial(_outcome, *_fork(work)))

    def answer() -> _Answer:
        failure, found = outcome()
        if failure is not None:
            raise failure
        return found  # type: ignore[no-any-return]  # what work gave, by a pipe

    try:
        yield answer
    finally:
        outcome()
    answer()


def _may_fork(jobs: int) -> bool:
    return jobs > 1 and hasattr(os, "fork") and threading.active_count() == 1


def _fork(work: Callable[[], Any]) -> tuple[int, int]:
    """A child's process id, and where its answer comes from."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    status = 1
    try:
        os.close(reader)
        try:
            outcome: tuple[Exception | None, Any] = (None, work())
        except Exception as error:
            outcome = (error, {})
        with os.fdopen(writer, "wb") as stream:
            pickle.dump(outcome, stream, protocol=pickle.HIGHEST_PROTOCOL)
        status = 0
    finally:
        os._exit(status)


def _outcome(pid: int, reader: int) -> tuple[Exception | None, Any]:
    with os.fdopen(reader, "rb") as stream:
        content = stream.read()
    _, status = os.waitpid(pid, 0)
    if status:
        code = os.waitstatus_to_exitcode(status)
        words = f"signal {-code}" if code < 0 else f"exit {code}"
        return SiteError(f"a process that makes pages ended before its time ({words})", hint="Build again."), {}
    outcome: tuple[Exception | None, Any] = pickle.loads(content)  # noqa: S301  # our own child wrote it
    return outcome
