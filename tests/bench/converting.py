"""How much several networks gain from being converted at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import BIN, Figure, seconds
from tests.hubs import write_card

_NETWORKS = (("u2netp", "one"), ("u2netp", "two"), ("unet3plus", "one"), ("unet3plus", "two"))


def converting() -> Iterator[Figure]:
    """Four networks, two at a time, against one after another."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for network, dataset in _NETWORKS:
            write_card(folder / "cards", network, dataset=dataset)
        alone, together = (_convert_all(folder, jobs) for jobs in (1, 2))
        times = alone / together
        yield Figure("hubkit convert, 4 networks, one by one", f"{alone:.1f} s", "", None)
        yield Figure("hubkit convert, 4 networks, --jobs 2", f"{together:.1f} s", "", None)
        yield Figure("the same, times as fast", f"{times:.2f}", ">= 1.6", times >= 1.6)


def _convert_all(folder: Path, jobs: int) -> float:
    command: list[str | Path] = [
        BIN / "hubkit", "convert", "--all", "--jobs", str(jobs), "--out", f"out{jobs}", "--offline"
    ]  # fmt: skip
    return seconds(command, env={"HUBKIT_CACHE": str(folder / "blobs")}, cwd=folder)
