"""Files that MindSpore itself wrote: the outside referee of the readers and of the lowerings."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.convert.op_cases import CASES
from tests.requirements import PROJECT


@pytest.fixture(scope="session")
def networks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MINDIR, inputs and outputs of every row, or of those only whose tests alone ask for them."""
    asking = [item for item in request.session.items if "networks" in getattr(item, "fixturenames", ())]
    rows = {item.callspec.params.get("number") if hasattr(item, "callspec") else None for item in asking}  # type: ignore[attr-defined]
    return _made(tmp_path_factory, "rows", sorted(rows) if None not in rows else range(len(CASES)))


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Checkpoints and MINDIR files of many kinds, as `reference_files` makes them."""
    return _made(tmp_path_factory, "files")


@pytest.fixture(scope="session")
def control(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Networks with functions, branches and loops, their inputs and outputs, as `control_networks` makes them."""
    return _made(tmp_path_factory, "control")


def _made(factory: pytest.TempPathFactory, part: str, rows: Iterable[int] = ()) -> Path:
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made" / part
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other processes that test wait for the one that makes them
        if not (folder / "done").exists():
            _make(folder.parent, part, rows)
            (folder / "done").touch()
    return folder


def _make(folder: Path, part: str, rows: Iterable[int]) -> None:
    with (folder / f"{part}.log").open("wb") as log:
        done = subprocess.run(
            [sys.executable, "-m", "tests.convert.make_references", str(folder), part, *map(str, rows)],
            cwd=folder,
            env={"ONEDNN_MAX_CPU_ISA": "AVX2", **os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=log,
            stderr=log,
            check=False,
            timeout=1800,
        )
    assert done.returncode == 0, (folder / f"{part}.log").read_text(errors="replace")[-2000:]
