"""A figure, and how time is taken."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.requirements import PROJECT

BIN = Path(sys.executable).parent
CARDS = PROJECT / "cards"


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    """What was measured."""
    value: str
    """What came out."""
    target: str
    """What it should be."""
    met: bool | None
    """Whether it is; None where nothing was asked, or nothing was measured."""


def seconds(
    command: list[str | Path], *, env: dict[str, str] | None = None, one_core: bool = False, cwd: Path = PROJECT
) -> float:
    """Wall seconds of a command in a process of its own. Any exit code but 0 and 1 is an error."""
    pin: Callable[[], None] | None = (lambda: os.sched_setaffinity(0, {0})) if one_core else None
    start = time.perf_counter()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=pin,
    )
    elapsed = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return elapsed


def megabytes(command: list[str | Path], *, cwd: Path = PROJECT) -> tuple[float, float]:
    """Wall seconds of a command, and the most memory in MB (1e6 bytes) that any one of its processes held at once."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)  # its rusage takes in the processes that it waited for
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command}: exit {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e6


def median(command: list[str | Path], runs: int = 15) -> float:
    """Median wall seconds; one run before, so that files are in the page cache."""
    seconds(command)
    return statistics.median(seconds(command) for _ in range(runs))
