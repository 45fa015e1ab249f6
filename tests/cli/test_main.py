"""The command line as a whole: what a user sees where something is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hubkit import __version__


def hubkit(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hubkit", *arguments],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_version(tmp_path: Path) -> None:
    assert hubkit("--version", cwd=tmp_path).stdout == f"hubkit {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lnt"], "Did you mean 'lint'?"),
        (["frobnicate"], "No such command 'frobnicate'."),
        (["lint", "--fromat", "json", "x"], "No such option"),
        (["lint", "nowhere"], "nowhere: no such file or folder"),
        (["build", "nowhere"], "nowhere: no such folder of cards"),
        (["fetch"], "Name one or more cards"),
        (["fetch", "a/b", "--all"], "Name one or more cards"),
        (["fetch", "a/b"], "cards: no such folder of cards"),
        (["convert", "net.ckpt"], "A CKPT needs --network"),
        (["convert", "net.ckpt", "--network", "u2net"], "net.ckpt: no such file"),
        (["convert", "a/b", "--network", "u2net"], "--network goes with a CKPT"),
        (["convert", "a/b", "--to", "caffe"], "'caffe' is not one of 'mindir', 'onnx'"),
        (["smoke", "a/b"], "cards: no such folder of cards"),
        (["smoke", "model.onnx"], "model.onnx is a file: name the UID of its card, or the CKPT"),
        (["smoke", "net.ckpt", "--network", "u2net"], "net.ckpt: no such file"),
        (["smoke", "a/b", "--network", "u2net"], "--network goes with a CKPT"),
        (["site", "build"], "cards: no such folder of cards"),
        (["site", "serve", "nowhere"], "nowhere"),
    ],
)
def test_what_could_not_run_exits_2_with_words_and_no_traceback(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    done = hubkit(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_folder_of_cards_cannot_be_built(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    done = hubkit("build", "cards", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cards: no cards here" in done.stderr


def test_an_output_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = hubkit("build", str(Path(__file__).parents[2] / "cards"), "--out", "file/out", cwd=tmp_path)
    assert done.returncode == 2
    assert "file/out" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("known-hosts = 'a'", "hubkit.toml:1: known-hosts must be a list of texts"),
        ("knwon-hosts = []", "hubkit.toml:1: unknown setting 'knwon-hosts'"),
        ("known-hosts = [", "hubkit.toml: "),
        ("a\udcff", "hubkit.toml: byte 1 (0xff) is not valid UTF-8"),
        ("mirrors = 3", "hubkit.toml:1: mirrors must be a table of URL prefixes"),
    ],
)
def test_a_bad_setting_is_named_with_its_file(tmp_path: Path, settings: str, words: str) -> None:
    (tmp_path / "hubkit.toml").write_bytes(settings.encode(errors="surrogateescape"))
    done = hubkit("lint", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr


def test_a_reader_that_goes_away_is_no_error(project_dir: Path, tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m hubkit lint --format json '{project_dir / 'tests'}' | head -c 1 >/dev/null"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    code = "import os, sys, hubkit.cli\nos.rmdir(os.getcwd())\nsys.argv = ['hubkit', 'lint']\nhubkit.cli.main()"
    (tmp_path / "gone").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "gone", capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "error: the folder in which hubkit was started: No such file or directory\n"


def test_a_store_that_cannot_be_used_is_told_with_the_way_out(project_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = hubkit("fetch", "--all", "--cards", str(project_dir / "cards"), cwd=tmp_path, HUBKIT_CACHE="file/store")
    assert done.returncode == 2
    assert "file/store" in done.stderr
    assert done.stderr.endswith("HUBKIT_CACHE names another folder for them.\n")


def test_a_fault_of_hubkit_is_said_to_be_one(tmp_path: Path) -> None:
    code = (
        "import sys, hubkit.lint.engine\n"
        "def broken(*_, **__): raise ZeroDivisionError('a bug')\n"
        "hubkit.lint.engine.lint = broken\n"
        "sys.argv = ['hubkit', 'lint', '.']\n"
        "import hubkit.cli\nhubkit.cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "this is a fault in hubkit: ZeroDivisionError: a bug" in done.stderr
    assert "Traceback" not in done.stderr
