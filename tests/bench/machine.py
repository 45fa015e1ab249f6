"""What the machine itself was worth while figures were taken: they say little where its host had it do other work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import Figure

_STAT = Path("/proc/stat")
_ADDITIONS = 5_000_000


@dataclass(frozen=True)
class CpuTime:
    """The CPU time of the whole machine since it started, in ticks (proc(5), the first line of /proc/stat)."""

    used: int
    """Ticks in which something ran: user, nice, system, irq, softirq."""
    stolen: int
    """Ticks in which something would have run, and the host of this virtual machine ran something else."""

    def stolen_since(self, before: CpuTime) -> float | None:
        """The share of the wanted time, 0 to 1, that the host took since ``before``; None where none was wanted."""
        stolen = self.stolen - before.stolen
        wanted = self.used - before.used + stolen
        return stolen / wanted if wanted > 0 else None


def cpu_time() -> CpuTime | None:
    """The time so far; None where the system does not tell."""
    if not _STAT.is_file():
        return None
    total = _STAT.read_text(encoding="ascii").splitlines()[0]
    user, nice, system, _, _, irq, softirq, steal = (int(ticks) for ticks in total.split()[1:9])
    return CpuTime(user + nice + system + irq + softirq, steal)


def loop_seconds() -> float:
    """The best of three runs of a plain loop of Python: how fast one core of this machine is now."""
    return min(_loop() for _ in range(3))


def with_what_was_stolen(part: str, figures: Iterator[Figure]) -> Iterator[Figure]:
    """The figures of a part, and in a last row the share of the machine's time that its host took meanwhile."""
    before = cpu_time()
    yield from figures
    after = cpu_time()
    share = after.stolen_since(before) if before and after else None
    if share is not None:
        yield Figure(f"CPU time that the host took during {part}", f"{100 * share:.0f} %", "", None)


def _loop() -> float:
    start = time.perf_counter()
    total = 0
    for number in range(_ADDITIONS):
        total += number
    return time.perf_counter() - start
