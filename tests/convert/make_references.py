"""``python -m tests.convert.make_references FOLDER``: all that the tests need of MindSpore, by two processes."""

from __future__ import annotations

import importlib
import os
import sys
from multiprocessing import get_context
from pathlib import Path

ROWS = 2
"""How many processes share the rows, which are most of the work."""
_PARTS = (*(("rows", "op_networks", (share, ROWS)) for share in range(ROWS)), ("control", "control_networks", ()),
          ("files", "reference_files", ()))  # fmt: skip


def make(folder: Path) -> None:
    """Make them all. What goes wrong in one of the processes is raised here."""
    for name, _, _ in _PARTS:
        (folder / name).mkdir(exist_ok=True)
    processes = min(ROWS, os.cpu_count() or 1)
    with get_context("spawn").Pool(processes, maxtasksperchild=1) as pool:
        pool.starmap(_make, [(folder / name, module, given) for name, module, given in _PARTS], chunksize=1)


def _make(folder: Path, module: str, given: tuple[int, ...]) -> None:
    importlib.import_module(f"tests.convert.{module}").make(folder, *given)  # each imports MindSpore


if __name__ == "__main__":
    make(Path(sys.argv[1]))
