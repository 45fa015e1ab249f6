"""Files that MindSpore itself wrote: the outside referee of the readers and of the lowerings."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirements import PROJECT


@pytest.fixture(scope="session")
def made_by_mindspore(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `rows` (op_networks), `files` (reference_files) and `control` (control_networks)."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made"
    with (folder.parent / "made.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other processes that test wait for the one that makes them
        if not (folder / "done").exists():
            folder.mkdir(exist_ok=True)
            _make(folder)
            (folder / "done").touch()
    return folder


def _make(folder: Path) -> None:
    with (folder / "log").open("wb") as log:
        done = subprocess.run(
            [sys.executable, "-m", "tests.convert.make_references", str(folder)],
            cwd=folder,
            env={"ONEDNN_MAX_CPU_ISA": "AVX2", **os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=log,
            stderr=log,
            check=False,
            timeout=1800,
        )
    assert done.returncode == 0, (folder / "log").read_text(errors="replace")[-2000:]


@pytest.fixture(scope="session")
def networks(made_by_mindspore: Path) -> Path:
    """Every row's MINDIR, inputs and outputs."""
    return made_by_mindspore / "rows"


@pytest.fixture(scope="session")
def files(made_by_mindspore: Path) -> Path:
    """Checkpoints and MINDIR files of many kinds."""
    return made_by_mindspore / "files"


@pytest.fixture(scope="session")
def control(made_by_mindspore: Path) -> Path:
    """Networks with functions, branches and loops, their inputs and outputs."""
    return made_by_mindspore / "control"
