"""The task for VS Code that the README shows finds what hubkit reports.

VS Code runs a task's command in the workspace and applies the pattern to each line of its output
(https://code.visualstudio.com/docs/debugtest/tasks#_defining-a-problem-matcher).
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hubkit.cli import cli
from tests.requirements import PROJECT


@pytest.fixture
def task() -> dict[str, Any]:
    """The one task of the README's tasks.json."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"`\.vscode/tasks\.json`:\n\n```json\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert block
    (found,) = json.loads(block[1])["tasks"]
    assert isinstance(found, dict)
    return found


def test_each_finding_becomes_a_problem(task: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(PROJECT / "tests" / "cards" / "bad", tmp_path / "cards", symlinks=True)
    monkeypatch.chdir(tmp_path)
    assert task["command"] == "hubkit"
    run = CliRunner()
    lines = run.invoke(cli, task["args"]).output.splitlines()
    pattern = task["problemMatcher"]["pattern"]
    named = {name: group for name, group in pattern.items() if name != "regexp"}
    problems = [
        {name: match[group] for name, group in named.items()}
        for line in lines
        if (match := re.search(pattern["regexp"], line))
    ]
    reported = json.loads(run.invoke(cli, [*task["args"], "--format", "json"]).output)
    # Control characters are not shown, and no problem needs them.
    assert [(one["file"], int(one["line"]), int(one["column"]), one["severity"], one["code"]) for one in problems] == [
        (one["path"], one["line"], one["column"], one["severity"], one["rule"]) for one in reported
    ]
    assert all(one["message"] for one in problems)
    assert {one["severity"] for one in problems} == {"error", "warning", "info"}
    assert all((tmp_path / one["file"]).lstat() for one in problems)
    assert task["problemMatcher"]["fileLocation"] == ["relative", "${workspaceFolder}"]


def test_the_readme_does_not_send_front_matter_to_the_yaml_extension() -> None:
    """Its settings (yaml.schemas) are for YAML files: https://github.com/redhat-developer/vscode-yaml/issues/207."""
    assert "yaml.schemas" not in (PROJECT / "README.md").read_text(encoding="utf-8")
