"""How long a look into a large file takes, and how much memory, beside reading the same bytes."""

from __future__ import annotations

import json
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, megabytes
from tests.requirements import PROJECT

BYTES = 4 << 30
TENSORS = 256
MOST_MEGABYTES = 128
HUBKIT: tuple[str | Path, ...] = (sys.executable, "-m", "hubkit", "inspect")


def inspecting() -> Iterator[Figure]:
    """A safetensors file of 4 GiB; it is sparse, so that no disk is measured."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.safetensors"
        _write(path)
        for name, options, target in (
            ("inspect 4 GiB, with statistics", (), 60.0),
            ("inspect 4 GiB, --no-statistics", ("--no-statistics",), 1.0),
        ):
            taken, used = megabytes([*HUBKIT, path, *options], cwd=PROJECT)
            rate = f" ({BYTES / 1e6 / taken:,.0f} MB/s)" if not options else ""
            yield Figure(name, f"{taken:.2f} s{rate}", f"<= {target:.0f} s", taken <= target)
            yield Figure("memory of that process", f"{used:.0f} MB", f"<= {MOST_MEGABYTES} MB", used <= MOST_MEGABYTES)
        yield Figure("reading the same bytes, for comparison", f"{_reading(path):.2f} s", "", None)


def _write(path: Path) -> None:
    size = BYTES // TENSORS
    entries = {
        f"layers.{number}.weight": {
            "dtype": "F32",
            "shape": [size // 4],
            "data_offsets": [number * size, (number + 1) * size],
        }
        for number in range(TENSORS)
    }
    head = json.dumps(entries).encode()
    with path.open("wb") as stream:
        stream.write(struct.pack("<Q", len(head)) + head)
        stream.truncate(8 + len(head) + BYTES)


def _reading(path: Path) -> float:
    start = time.perf_counter()
    with path.open("rb", buffering=0) as stream:
        while stream.read(1 << 20):
            pass
    return time.perf_counter() - start
