"""``hubkit lint``: exit statuses and what stands where."""

from __future__ import annotations

import json
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
    assert done.stdout.endswith("\n\n1 card checked: 1 error\n")


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


def test_a_file_that_cannot_be_read_could_not_be_checked(folder: Path) -> None:
    write(folder, CLEAN)
    (folder / "cards" / "1.9" / "loop").symlink_to("loop")
    done = hubkit("lint", "cards/1.9/loop", cwd=folder)
    assert done.returncode == 2
    assert "cards/1.9/loop: no such file or folder" in done.stderr


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
