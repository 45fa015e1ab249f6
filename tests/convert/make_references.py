"""``python -m tests.convert.make_references FOLDER [PART [ROW...]]``: what the tests need of MindSpore."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Collection, Iterable
from multiprocessing import get_context
from pathlib import Path

from tests.convert.op_cases import CASES

SHARES = 2
"""How many processes share the rows."""
PARTS = {"rows": "op_networks", "control": "control_networks", "files": "reference_files"}
"""What can be made, each in a folder of that name, and the module that makes it."""


def make(folder: Path, parts: Collection[str], rows: Iterable[int]) -> None:
    """Make ``parts`` in ``folder``; of the rows those of ``rows``. What goes wrong in a process is raised here."""
    wanted = list(rows)
    shares = [(share,) for first in range(SHARES) if (share := wanted[first::SHARES])]
    tasks = [(folder / part, PARTS[part], given) for part in parts for given in (shares if part == "rows" else [()])]
    for part in parts:
        (folder / part).mkdir(exist_ok=True)
    with get_context("spawn").Pool(min(SHARES, os.cpu_count() or 1), maxtasksperchild=1) as pool:
        pool.starmap(_make, tasks, chunksize=1)


def _make(folder: Path, module: str, given: tuple[list[int], ...]) -> None:
    importlib.import_module(f"tests.convert.{module}").make(folder, *given)  # each imports MindSpore


if __name__ == "__main__":
    asked = [int(row) for row in sys.argv[3:]]
    make(Path(sys.argv[1]), sys.argv[2:3] or list(PARTS), asked or range(len(CASES)))
