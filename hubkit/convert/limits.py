"""How much a worker process may take, what it holds, and how to tell that the machine had no more to give."""

from __future__ import annotations

import os
import re
import resource
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_UNITS = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3))
_HELD = re.compile(rb"^(?:RssAnon|RssShmem):\s+(\d+) kB", re.MULTILINE)
# The watch sees what a worker holds a few times a second; between two looks the kernel stops it here.
_BETWEEN_LOOKS = 2 << 30
# What MindSpore, the C++ library and NumPy write where memory cannot be had; they raise it as many types.
_NO_MEMORY = re.compile(
    r"std::bad_alloc|MemoryError|[Cc]annot allocate memory|[Uu]nable to allocate|[Oo]ut of memory"
    r"|(?:[Mm]alloc|[Aa]llocate|[Aa]lloc) (?:memory|device memory) fail",
)

# How libraries pass on what the system said of a full or broken disk, or of files that it can open no more of.
_NO_MACHINE = re.compile(
    r"No space left on device|Disk quota exceeded|Read-only file system|Input/output error|Too many open files"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one worker process may take; None where there is no limit."""

    seconds: float | None = None
    """Wall-clock time."""
    memory: int | None = None
    """Bytes of memory that it and its children hold, mapped files not counted."""
    threads: int | None = None
    """Threads that one operator is spread over."""
    processes: int | None = None
    """Processes that may compute at once, itself included."""

    @property
    def may_fork(self) -> bool:
        """Whether it may compute in two processes; not where its memory is limited, of which two need more."""
        return self.memory is None and self.processes != 1 and len(os.sched_getaffinity(0)) > 1


NO_LIMITS = Limits()


def limit_own_memory(memory: int | None) -> None:
    """Let the kernel refuse this process memory well beyond ``memory`` bytes, its threads' stacks included."""
    if memory is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = memory + _BETWEEN_LOOKS
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, wanted))


def memory_held(pid: int) -> int:
    """Bytes of memory, mapped files not counted, that the process ``pid`` and its children hold; 0 if it is gone."""
    try:
        status = (_PROC / str(pid) / "status").read_bytes()
        children = [int(child) for task in (_PROC / str(pid) / "task").iterdir() for child in _children(task)]
    except OSError:
        return 0
    return sum(int(kilobytes) for kilobytes in _HELD.findall(status)) * 1024 + sum(map(memory_held, children))


def memory_words(count: int) -> str:
    """An amount of memory in the unit that suits it: "12.5 MB"."""
    unit, size = next(((unit, size) for unit, size in _UNITS if count >= size), ("B", 1))
    return f"{count / size:.1f} {unit}" if size > 1 else f"{count} B"


def kills_for_memory() -> int:
    """How many processes the kernel has killed since the start of the machine because memory ran out."""
    try:
        found = re.search(rb"^oom_kill (\d+)$", (_PROC / "vmstat").read_bytes(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def tells_of_memory(text: str) -> bool:
    """Whether an error's text, or the end of a log, says that memory ran out."""
    return _NO_MEMORY.search(text) is not None


def tells_of_machine(text: str) -> bool:
    """Whether an error's text, or the end of a log, says that the disk was full or that files failed."""
    return _NO_MACHINE.search(text) is not None


def _children(task: Path) -> list[bytes]:
    try:
        return (task / "children").read_bytes().split()
    except OSError:  # the thread has ended
        return []
