"""Files that MindSpore itself wrote: the outside referee of the readers and of the lowerings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirements import PROJECT


@pytest.fixture(scope="session")
def made_by_mindspore(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `rows` (op_networks), `files` (reference_files) and `control` (control_networks)."""
    folder = tmp_path_factory.mktemp("made")
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
    return folder


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
