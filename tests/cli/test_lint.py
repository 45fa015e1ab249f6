"""``hubkit lint``: exit statuses and what stands where."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_main import hubkit
from tests.lint.samples import card

CLEAN, WARNING, ERROR = {}, {"repo-link": "<https://gitee.com/x>"}, {"license": "Apache2.0"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cards" / "1.9").mkdir(parents=True)
    return tmp_path


def write(folder: Path, changes: dict[str, str]) -> None:
    (folder / "cards" / "1.9" / "u2net_dutstr.md").write_text(card(changes), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "options", "status"),
    [
        (CLEAN, [], 0),
        (CLEAN, ["--strict"], 0),
        (WARNING, [], 0),
        (WARNING, ["--strict"], 1),
        (ERROR, [], 1),
        (ERROR, ["--strict"], 1),
        (ERROR, ["--format", "json"], 1),
    ],
)
def test_exit_status(folder: Path, changes: dict[str, str], options: list[str], status: int) -> None:
    write(folder, changes)
    done = hubkit("lint", "cards", *options, cwd=folder)
    assert (done.returncode, done.stderr) == (status, "")


def test_text_goes_to_stdout_with_paths_as_the_user_named_them(folder: Path) -> None:
    write(folder, ERROR)
    done = hubkit("lint", "cards", cwd=folder)
    assert done.stdout.startswith("cards/1.9/u2net_dutstr.md:22:10: error[license-spdx] 'Apache2.0' is no SPDX")
    assert done.stdout.endswith("\n\n1 card checked: 1 error (--fix mends 1)\n")


def test_json_is_an_array_on_stdout(folder: Path) -> None:
    write(folder, ERROR)
    done = hubkit("lint", "cards/1.9/u2net_dutstr.md", "--format", "json", cwd=folder, PYTHONIOENCODING="ascii")
    [record] = json.loads(done.stdout)
    assert (record["path"], record["rule"]) == ("cards/1.9/u2net_dutstr.md", "license-spdx")


def test_a_folder_that_is_missing_could_not_be_checked(folder: Path) -> None:
    write(folder, CLEAN)
    done = hubkit("lint", "cards", "nowhere", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: nowhere: no such file or folder\n  Name a card or a folder of cards.\n"


def test_a_link_that_leads_nowhere_is_one_finding_and_the_others_are_linted(folder: Path) -> None:
    write(folder, ERROR)
    git = ("git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b.example")
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "Begin"], check=True)
    (folder / "cards" / "1.9" / "loop.md").symlink_to("loop.md")
    for options in ([], ["--changed-since", "HEAD"], ["--fix"], ["--online", "--offline"]):
        done = hubkit("lint", "cards", "--format", "json", *options, cwd=folder)
        assert done.returncode == 1, done.stderr
        rules = [(Path(found["path"]).name, found["rule"]) for found in json.loads(done.stdout)]
        assert ("loop.md", "card-unreadable") in rules
    write(folder, CLEAN)
    assert hubkit("lint", "cards", cwd=folder).returncode == 1
    (folder / "cards" / "1.9" / "loop.md").unlink()
    assert hubkit("lint", "cards", cwd=folder).returncode == 0


def test_a_bad_setting_is_named_with_its_file(folder: Path) -> None:
    write(folder, CLEAN)
    (folder / "hubkit.toml").write_text("known-hosts = 3\n", encoding="utf-8")
    done = hubkit("lint", "cards", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{folder / 'hubkit.toml'}:1: known-hosts must be a list of texts" in done.stderr


def test_known_hosts_are_taken_from_the_settings(folder: Path) -> None:
    write(folder, {"asset-link": "https://assets.example/u2net.ckpt"})
    assert "[link-host]" in hubkit("lint", "cards", cwd=folder).stdout
    (folder / "pyproject.toml").write_text('[tool.hubkit]\nknown-hosts = ["gitee.com", "assets.example"]\n')
    assert hubkit("lint", "cards", cwd=folder).stdout == "1 card checked: no findings\n"


def test_a_name_that_is_not_utf_8_is_shown(folder: Path) -> None:
    name = b"\xff.md"
    with open(bytes(folder / "cards" / "1.9") + b"/" + name, "w", encoding="utf-8") as stream:  # noqa: PTH123
        stream.write(card(ERROR))
    for options in ([], ["--format", "json"]):
        done = hubkit("lint", "cards", *options, cwd=folder)
        assert (done.returncode, done.stderr) == (1, "")
        assert "\ufffd.md" in done.stdout or "\\ufffd.md" in done.stdout
