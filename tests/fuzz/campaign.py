"""Run many damaged files through hubkit, in a child process that may crash, hang or run out of memory."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hubkit.convert.machine import PROTOBUF_KIND
from tests.fuzz.mutations import mutate
from tests.fuzz.targets import TARGETS
from tests.requirements import PROJECT

MEMORY = 1024 * 2**20
"""Bytes of address space that a file may take beside what the libraries take."""
SECONDS = 60
"""How long one file may take, on a busy machine too; most take milliseconds, one of 5,000 copies of a node seconds."""
# Protobuf has two readers, which refuse a file in different ways: the fast one, and the slow one, which importing
# MindSpore chooses. The campaign changes between them after so many files.
_READERS = ("upb", "python")
_TURN = 200
_SHARES = {"mindir": 5, "onnx": 2, "ckpt": 2, "safetensors": 1}


@dataclass(frozen=True)
class Fault:
    """One file that hubkit did not refuse or read as it should."""

    index: int
    """Its number in the campaign."""
    name: str
    """Which file it was made of, and how."""
    what: str
    """What went wrong: a traceback, or how the process ended."""


@dataclass
class Report:
    """What a campaign found."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """How many files of a kind were read, refused, or neither: "mindir read", "onnx refused", ..."""
    faults: list[Fault] = field(default_factory=list)
    """Every file that was neither."""
    slowest: float = 0.0
    """The most seconds that a file took."""
    memory: int = 0
    """The most bytes that the process held at any time."""


def case(folder: Path, seed: int, index: int) -> tuple[str, str, bytes]:
    """File ``index`` of the campaign ``seed``: its kind, how it was made, its bytes."""
    rng = random.Random(f"{seed}:{index}")
    kind = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    good = sorted(folder.glob(f"*.{kind}"))
    first, second = rng.choice(good), rng.choice(good)
    how, data = mutate(rng, first.read_bytes(), second.read_bytes())
    return kind, f"{first.name}: {how}", data


def run(seeds: Path, scratch: Path, *, first: int, count: int, seed: int = 0) -> Report:
    """Run the files ``first`` to ``first + count - 1``; a child that ends early is followed by another."""
    report = Report()
    index = first
    while index < first + count:
        index = _child(seeds, scratch, index, first + count, seed, report)
    return report


def _child(seeds: Path, scratch: Path, index: int, end: int, seed: int, report: Report) -> int:
    """Run one child process from ``index`` on; where the next one begins."""
    errors = scratch / "stderr"
    end = min(end, (index // _TURN + 1) * _TURN)
    with errors.open("wb") as stream:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.child", str(seeds), str(scratch), str(index), str(end), str(seed)],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT), PROTOBUF_KIND: _READERS[index // _TURN % len(_READERS)]},
            stdout=subprocess.PIPE,
            stderr=stream,
        )
        assert child.stdout is not None
        for line in child.stdout:
            found = json.loads(line)
            index = found["index"] + 1
            report.outcomes[f"{found['kind']} {found['outcome']}"] += 1
            report.slowest = max(report.slowest, found["seconds"])
            report.memory = max(report.memory, found["memory"])
            if found["outcome"] == "fault":
                report.faults.append(Fault(found["index"], found["name"], found["what"]))
        code = child.wait()
    if index < end:
        kind, name, _ = case(seeds, seed, index)
        log = errors.read_text(errors="replace")
        report.outcomes[f"{kind} fault"] += 1
        report.faults.append(Fault(index, name, f"the process ended with {code}\n{log[:3000]}"))
        index += 1
    return index


__all__ = ["MEMORY", "SECONDS", "TARGETS", "Fault", "Report", "case", "run"]
