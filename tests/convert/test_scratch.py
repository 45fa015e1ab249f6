"""Scratch folders: gone when their work ends, swept when their process was killed, and never another's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from hubkit.convert.scratch import PREFIX, scratch_folder
from tests.requirements import PROJECT

_HOLD = """
import sys, time
from pathlib import Path
from hubkit.convert.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "half.onnx").write_text("half")
    print(folder, flush=True)
    time.sleep(600)
"""
_DAY = 24 * 3600


def holder(target: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that works in a scratch folder beside ``target``, and that folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(target)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_the_folder_is_gone_afterwards_whatever_happens(tmp_path: Path) -> None:
    try:
        with scratch_folder(tmp_path / "models") as folder:
            (folder / "half.onnx").write_text("half")
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert list((tmp_path / "models").iterdir()) == []


def test_what_a_killed_process_left_is_swept_by_the_next_and_what_a_living_one_holds_is_not(tmp_path: Path) -> None:
    killed, left = holder(tmp_path)
    living, held = holder(tmp_path)
    try:
        end(killed)
        assert left.is_dir()
        with scratch_folder(tmp_path) as own:
            assert sorted(tmp_path.iterdir()) == sorted([held, own])
        assert (held / "half.onnx").is_file()
    finally:
        end(living)


def test_folders_without_a_lock_are_left_for_a_day(tmp_path: Path) -> None:
    young, old = tmp_path / f"{PREFIX}young", tmp_path / f"{PREFIX}old"
    for folder in (young, old):
        folder.mkdir()
    os.utime(old, (time.time() - 2 * _DAY,) * 2)
    with scratch_folder(tmp_path):
        assert young.is_dir()
        assert not old.exists()


def test_a_link_is_not_followed_and_other_folders_are_not_touched(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    models = tmp_path / "models"
    for folder in (mine, models / ".hidden"):
        folder.mkdir(parents=True)
    (mine / ".lock").touch()
    (models / f"{PREFIX}link").symlink_to(mine)
    with scratch_folder(models):
        pass
    assert (mine / ".lock").is_file()
    assert sorted(path.name for path in models.iterdir()) == [".hidden", f"{PREFIX}link"]
