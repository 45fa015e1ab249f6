"""Ending a process with all that it started, also what left its session and whose parents are gone.

A process that adopts orphans (a child subreaper) stays above everything that was started below it, so that nothing can
be lost by detaching itself. What outlives even that process, since it was killed from outside, is known by its home.

Sources: prctl(2) on PR_SET_CHILD_SUBREAPER; proc(5) on ``stat`` and ``environ``.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import time
from collections.abc import Collection
from pathlib import Path

_PROC = Path("/proc")
_PR_SET_CHILD_SUBREAPER = 36
_ROUNDS, _PAUSE_SECONDS = 1000, 0.005


def adopt_orphans() -> None:
    """Make this process the parent of every process below it whose own parent ends."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def prctl(option: int, value: int) -> None:
    """Call prctl(2) with one argument; nothing happens where a system has it not."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def descendants(pid: int) -> list[int]:
    """The processes below ``pid``, those that have ended and wait to be collected left out."""
    children: dict[int, list[int]] = {}
    for entry in _processes():
        with contextlib.suppress(OSError, ValueError, IndexError):
            # After the name, which may hold anything, in parentheses: state, parent.
            state, parent = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def end_descendants(pid: int) -> None:
    """Kill everything below ``pid`` until nothing is left; ``pid`` itself should adopt orphans."""
    for _ in range(_ROUNDS):
        found = descendants(pid)
        _kill(found)
        if pid == os.getpid():
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
        if not found:
            return
        time.sleep(_PAUSE_SECONDS)


def end_with_descendants(pid: int) -> None:
    """Kill ``pid``, a child of this process, and everything below it; it starts nothing more meanwhile."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)  # one that is stopped still adopts orphans
    end_descendants(pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def end_at_home(folder: Path) -> None:
    """Kill every process whose environment says that its home lies below ``folder``."""
    mark = f"HOME={folder}/".encode()
    for _ in range(_ROUNDS):
        found = [pid for pid, environment in _environments() if any(part.startswith(mark) for part in environment)]
        _kill(found)
        if not found:
            return
        time.sleep(_PAUSE_SECONDS)


def _environments() -> list[tuple[int, list[bytes]]]:
    found = []
    for entry in _processes():
        with contextlib.suppress(OSError):  # it is gone, or another user's
            found.append((int(entry.name), (entry / "environ").read_bytes().split(b"\0")))
    return found


def _processes() -> list[Path]:
    try:
        return [entry for entry in _PROC.iterdir() if entry.name.isdigit()]
    except OSError:  # a system without /proc
        return []


def _kill(pids: Collection[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
