"""A process for code that comes with a card: few variables, no input, its own home, limits, and nothing left.

It keeps mistakes and rough code away from the result and from the user's session. It is no wall against an attacker:
the code runs as the same user, who may read and write what that user may, and use the network.

Sources: prctl(2) on PR_SET_DUMPABLE, PR_SET_PDEATHSIG and PR_SET_NO_NEW_PRIVS; getrlimit(2); proc(5).
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import site
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hubkit.convert.descendants import adopt_orphans, descendants, end_descendants, prctl
from hubkit.convert.limits import memory_words
from hubkit.errors import ConvertError

_PROC = Path("/proc")
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_POLL_SECONDS = 0.1
_KEPT_OUTPUT = 8 * 1024
_LINES = 15
# All that the code may know of the user's environment: how to find programs and libraries, the language, and how
# MindSpore is to compute. Whatever is not named, credentials among it, is not there.
_KEPT = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME",
    "ONEDNN_MAX_CPU_ISA", "OMP_NUM_THREADS", "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What the code may take."""

    seconds: float = 1800.0
    """Wall-clock time."""
    memory: int = 16 << 30
    """Bytes that it and the processes that it starts hold together; no more than three quarters of the machine's."""
    processes: int = 32
    """Processes at a time, itself included."""
    file_bytes: int = 8 << 30
    """Bytes of one file."""

    def held_memory(self) -> int:
        """The limit of memory on this machine."""
        return min(self.memory, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 3 // 4)


class EndedError(ConvertError):
    """The process ended, or was ended, before its work was done."""


class CrashedError(EndedError):
    """It crashed, left before the end, or started more processes than it may."""


class TimedOutError(EndedError):
    """It took longer than it may."""


class TooMuchMemoryError(EndedError):
    """It held more memory than it may."""


def sandbox_environment(base: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of the process: what `_KEPT` names of ``base``, and folders below ``folder`` for all else."""
    home, scratch = folder / "home", folder / "tmp"
    return {name: base[name] for name in _KEPT if name in base} | {
        "HOME": str(home),
        "TMPDIR": str(scratch),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "USER": "nobody",
        "LOGNAME": "nobody",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUSERBASE": site.getuserbase(),  # packages that the user installed without rights stay where they are
    }


def without_secrets(base: Mapping[str, str]) -> dict[str, str]:
    """The environment of the process above it, which the code could look into: what `_KEPT` names, and the home."""
    return {name: base[name] for name in (*_KEPT, "HOME") if name in base}


def hide_environment() -> None:
    """Keep other processes of this user, the code's among them, from reading this process's environment and memory."""
    prctl(_PR_SET_DUMPABLE, 0)


def end_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends."""
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def confine(limits: SandboxLimits) -> None:
    """To be called in the process itself, first: it ends with its parent, gains no rights, and has limits."""
    end_with_parent()
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
    os.umask(0o077)
    cores = len(os.sched_getaffinity(0))
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, int(limits.seconds * cores) + 1)
    _limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    # Address space is taken generously by MindSpore; the watch in `run_confined` looks at what is held.
    _limit(resource.RLIMIT_AS, 2 * limits.held_memory() + (4 << 30))


def run_confined(command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], limits: SandboxLimits) -> str:
    """Run ``command`` to its end; the end of what it printed. Whatever it started is ended with it.

    To be called in a process of one purpose: it adopts all orphans of this process. Raises EndedError where the
    process does not end by itself with status 0.
    """
    adopt_orphans()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    tail = _Tail(process.stdout)
    try:
        _watch(process, limits)
    except EndedError as error:
        end_descendants(os.getpid())
        raise type(error)(f"{error.message}{tail.end()}", hint=error.hint) from None
    finally:
        end_descendants(os.getpid())
        process.wait()
    if process.returncode:
        raise CrashedError(f"{_ending(process.returncode)}{tail.end()}")
    return tail.end()


def _watch(process: subprocess.Popen[bytes], limits: SandboxLimits) -> None:
    start, memory = time.monotonic(), limits.held_memory()
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_POLL_SECONDS)
            return
        if time.monotonic() - start > limits.seconds:
            raise TimedOutError(f"it was stopped: it took longer than {limits.seconds:g} s")
        below = descendants(os.getpid())
        if len(below) > limits.processes:
            raise CrashedError(f"it was stopped: it started more than {limits.processes} processes")
        held = sum(map(_held, below))
        if held > memory:
            raise TooMuchMemoryError(
                f"it was stopped: it held {memory_words(held)} of memory, more than {memory_words(memory)}"
            )


def _held(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where it is gone."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * resource.getpagesize()
    return 0


def _ending(code: int) -> str:
    if code < 0:
        return f"it crashed ({signal.Signals(-code).name})"
    return f"it ended with exit code {code}"


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


class _Tail:
    """Reads a process's output to its end, however much it is, and keeps the last part."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._kept: deque[bytes] = deque()
        self._size = 0
        self._stream = stream
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def end(self) -> str:
        """The last lines, to follow a message; without characters that would act on a terminal."""
        self._thread.join(timeout=1)
        text = b"".join(self._kept)[-_KEPT_OUTPUT:].decode("utf-8", "replace")
        shown = "".join(letter for letter in text if letter.isprintable() or letter == "\n")
        lines = [line for line in shown.splitlines() if line.strip()][-_LINES:]
        return "\n  The end of what it printed:" + "".join(f"\n  {line}" for line in lines) if lines else ""

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(self._stream.fileno(), 65536):
                self._kept.append(chunk)
                self._size += len(chunk)
                while self._size - len(self._kept[0]) > _KEPT_OUTPUT:
                    self._size -= len(self._kept.popleft())
