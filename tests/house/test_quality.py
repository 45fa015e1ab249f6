"""ruff and strict mypy find nothing, and no file has outgrown the house."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LONGEST

MAX_LINES = 330


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]])
def test_the_tools_find_nothing(project_dir: Path, command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=project_dir, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_is_too_long(project_dir: Path) -> None:
    long = {
        str(path.relative_to(project_dir)): count
        for path in (project_dir / "hubkit").rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_the_longest_tests_are_there(project_dir: Path) -> None:
    assert [name for name in LONGEST if not (project_dir / "tests" / name).is_file()] == []


def test_nothing_is_left_undone(project_dir: Path) -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "raise NotImplemented" + "Error")
    found = [
        f"{path.relative_to(project_dir)}: {mark}"
        for path in (project_dir / "hubkit").rglob("*.py")
        for mark in marks
        if mark in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_no_group_is_repeated_possessively(project_dir: Path) -> None:
    """Python before 3.11.5 matches these wrong (gh-106052): an atomic group around a greedy one says the same."""
    possessive = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+")
    found = [
        f"{path.relative_to(project_dir)}: {line.strip()}"
        for path in (project_dir / "hubkit").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if possessive.search(line)
    ]
    assert found == []
