"""How much several networks gain from being converted two at a time."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import BIN, Figure, seconds
from tests.hubs import write_card

_ROUNDS = 2
_CARDS = (("u2netp", "one"), ("u2netp", "two"), ("unet3plus", "one"), ("unet3plus", "two"))
_CLASSIFIERS = ("mindcv:resnet18", "mindcv:mobilenet_v3_small_100", "mindcv:densenet121", "mindcv:shufflenet_v2_x1_0")


def converting() -> Iterator[Figure]:
    """Four networks, two at a time, against one after another.

    The cards' networks compute for most of the time, in MindSpore by two threads already, so that two cores have
    little left to give; classifiers are compiled for most of it, by one.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for network, dataset in _CARDS:
            write_card(folder / "cards", network, dataset=dataset)
        yield from _compared(folder, "4 cards' networks", "--all", "--offline")
        if importlib.util.find_spec("mindcv"):
            yield from _compared(folder, "4 classifiers", *_CLASSIFIERS)


def _compared(folder: Path, what: str, *targets: str) -> Iterator[Figure]:
    rounds = [[_convert(folder, jobs, targets) for jobs in (1, 2)] for _ in range(_ROUNDS)]  # by turns
    alone, together = map(min, zip(*rounds, strict=True))
    times = alone / together
    yield Figure(f"hubkit convert, {what}, one by one", f"{alone:.1f} s", "", None)
    yield Figure(f"hubkit convert, {what}, --jobs 2", f"{together:.1f} s", "", None)
    yield Figure("the same, times as fast", f"{times:.2f}", ">= 1.6", times >= 1.6)


def _convert(folder: Path, jobs: int, targets: tuple[str, ...]) -> float:
    command: list[str | Path] = [BIN / "hubkit", "convert", *targets, "--jobs", str(jobs), "--out", f"out{jobs}"]
    taken = seconds(command, env={"HUBKIT_CACHE": str(folder / "blobs")}, cwd=folder)
    shutil.rmtree(folder / f"out{jobs}")
    return taken
