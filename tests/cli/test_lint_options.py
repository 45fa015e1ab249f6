"""The ways of using ``hubkit lint``: outputs, fixes, baselines, standard input, git, watching."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from hubkit.cli import cli
from hubkit.errors import CardError
from tests.hubs import SETTINGS, write_card

CARD = Path("cards/tests/1.9/net_data.md")


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """A hub of two cards, one with a licence that is no SPDX identifier."""
    (tmp_path / "hubkit.toml").write_text(SETTINGS, encoding="utf-8")
    for name in ("net", "other"):
        write_card(tmp_path / "cards", name)
    spoil(tmp_path / CARD)
    return tmp_path


def spoil(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("Apache-2.0", "Apache2.0"), encoding="utf-8")


def lint(hub: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hubkit", "lint", "--select", "license-spdx", *arguments],
        cwd=hub,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def git(hub: Path, *arguments: str) -> None:
    identity = {
        "GIT_AUTHOR_NAME": "t",
        "GIT_AUTHOR_EMAIL": "t@t",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@t",
    }
    subprocess.run(
        ["git", "-C", hub, *arguments], check=True, capture_output=True, env={**os.environ, **identity}, timeout=60
    )


def test_a_card_that_cannot_be_written_stops_no_other(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hubkit.lint import fixes

    bad, other = hub / CARD, hub / "cards/tests/1.9/other_data.md"
    spoil(other)
    before = bad.read_bytes()
    replace = fixes.replace_file

    def refused(path: Path, content: bytes) -> None:
        if path.name == bad.name:
            raise PermissionError(13, "Permission denied")
        replace(path, content)

    monkeypatch.setattr(fixes, "replace_file", refused)
    monkeypatch.chdir(hub)
    done = CliRunner().invoke(cli, ["lint", "--select", "license-spdx", "--fix", "cards"])
    assert done.stderr == "1 finding mended in 1 card\n"
    assert isinstance(done.exception, CardError)
    assert done.exception.message == f"{CARD}: cannot be written: Permission denied"
    assert (bad.read_bytes(), "Apache2.0" in other.read_text("utf-8")) == (before, False)
    spoil(other)
    monkeypatch.setattr(fixes.os, "access", lambda *_arguments: False)
    monkeypatch.setattr(fixes, "replace_file", replace)
    done = CliRunner().invoke(cli, ["lint", "--select", "license-spdx", "--fix", "cards"])
    assert done.stderr == f"error: {CARD}: cannot be written: Permission denied\n"
    assert str(done.exception).startswith("cards/tests/1.9/other_data.md: cannot be written: Permission denied\n")


def test_without_paths_the_folder_is_linted(hub: Path) -> None:
    done = lint(hub)
    assert (done.returncode, "2 cards checked: 1 error" in done.stdout) == (1, True)


def test_several_outputs_in_one_run(hub: Path) -> None:
    done = lint(hub, "cards", "--output", "text=-", "--output", "json=found.json", "--output", "sarif=found.sarif")
    assert done.returncode == 1
    assert "license-spdx" in done.stdout
    (found,) = json.loads((hub / "found.json").read_text(encoding="utf-8"))
    assert found["rule"] == "license-spdx"
    assert json.loads((hub / "found.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--output", "yaml=-"], "'yaml' is not one of text, json"),
        (["--output", "json="], "names no file"),
        (["--output", "json=no/such/folder.json"], "no/such/folder.json cannot be written: there is no folder no/such"),
        (["--select", "nothing"], "--select: there is no rule 'nothing'"),
        (["--baseline", "none.json"], "Write it first: hubkit lint --write-baseline none.json"),
        (["--baseline", "a.json", "--write-baseline", "b.json"], "leave --baseline out"),
        (["--output", "json=x.json", "--output", "text=./x.json"], "two reports cannot go to one file"),
        (["--format", "json", "--output", "sarif=-"], "two reports, sarif and json, cannot go to standard output"),
        (["--changed-since", "HEAD"], "what changed cannot be told"),
        (["--stdin-filename", "x.md", "cards"], "--stdin-filename goes with none of PATHS"),
    ],
)
def test_what_could_not_run_exits_2(hub: Path, arguments: list[str], words: str) -> None:
    done = lint(hub, *arguments)
    assert done.returncode == 2, done.stdout
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_diff_shows_and_writes_nothing(hub: Path) -> None:
    before = (hub / CARD).read_bytes()
    done = lint(hub, "cards", "--diff")
    assert done.returncode == 1
    assert "-license: Apache2.0\n+license: Apache-2.0\n" in done.stdout
    assert "1 finding would be mended in 1 card" in done.stderr
    assert (hub / CARD).read_bytes() == before


def test_the_diff_is_one_that_git_applies(hub: Path) -> None:
    done = lint(hub, "cards", "--diff")
    (hub / "fix.patch").write_text(done.stdout, encoding="utf-8")
    subprocess.run(["git", "apply", "-p0", "fix.patch"], cwd=hub, check=True, timeout=60)
    assert lint(hub, "cards").returncode == 0


def test_fix_mends_and_reports_what_is_left(hub: Path) -> None:
    done = lint(hub, "cards", "--fix")
    assert (done.returncode, done.stdout) == (0, "2 cards checked: no findings\n")
    assert "1 finding mended in 1 card" in done.stderr
    assert b"license: Apache-2.0" in (hub / CARD).read_bytes()


def test_a_baseline_is_written_beside_other_reports(hub: Path) -> None:
    done = lint(hub, "--write-baseline", "known.json", "--output", "json=all.json", "--statistics")
    assert done.returncode == 0, done.stderr
    assert json.loads((hub / "all.json").read_text(encoding="utf-8"))
    assert "license-spdx" in done.stdout
    for option in ("--fix", "--diff", "--watch"):
        assert "--write-baseline goes with none of" in lint(hub, "--write-baseline", "known.json", option).stderr
    assert "there is no folder no" in lint(hub, "--write-baseline", "no/known.json").stderr


def test_what_cannot_be_written_leaves_what_was_there(hub: Path) -> None:
    """As on a full disk: here no file may grow beyond 10 bytes."""
    (hub / "known.json").write_text("before", encoding="utf-8")
    (hub / "found.json").write_text("before", encoding="utf-8")
    limited = "import resource, runpy, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limited += "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10)); runpy.run_module('hubkit', run_name='__main__')"
    for option, target, words in (
        ("--write-baseline", "known.json", "known.json: the baseline cannot be written: File too large"),
        ("--output=json=found.json", "found.json", "found.json: the report cannot be written: File too large"),
        ("--output=json=new.json", "new.json", "new.json: the report cannot be written: File too large"),
    ):
        arguments = [option, *([target] if option == "--write-baseline" else [])]
        done = subprocess.run(
            [sys.executable, "-B", "-c", limited, "lint", "--no-cache", *arguments],
            cwd=hub, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 2
        assert words in done.stderr
    assert (hub / "known.json").read_text(encoding="utf-8") == "before"
    assert (hub / "found.json").read_text(encoding="utf-8") == "before"
    assert not (hub / "new.json").exists()
    assert not list(hub.glob(".*.tmp"))


def test_a_standard_input_that_is_closed_is_told(hub: Path) -> None:
    command = f"'{sys.executable}' -m hubkit lint --stdin-filename x.md <&-"
    done = subprocess.run(["bash", "-c", command], cwd=hub, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: there is no standard input\n" in done.stderr


def test_rules_may_stand_between_commas(hub: Path) -> None:
    assert lint(hub, "--ignore", "license-spdx, title").returncode == lint(hub, "--ignore", "all").returncode == 0
    assert "there is no rule 'nothing'" in lint(hub, "--ignore", "license-spdx,nothing").stderr


def test_a_baseline_keeps_known_findings_quiet_and_shows_new_ones(hub: Path) -> None:
    assert lint(hub, "cards", "--write-baseline", "known.json").returncode == 0
    assert lint(hub, "cards", "--baseline", "known.json").returncode == 0
    spoil(hub / "cards/tests/1.9/other_data.md")
    done = lint(hub, "cards", "--baseline", "known.json", "--format", "json")
    assert done.returncode == 1
    assert [found["path"] for found in json.loads(done.stdout)] == ["cards/tests/1.9/other_data.md"]


def test_standard_input_is_linted_under_its_name(hub: Path) -> None:
    text = (hub / CARD).read_text(encoding="utf-8")
    done = lint(hub, "--stdin-filename", str(CARD), "--format", "json", stdin=text)
    assert done.returncode == 1
    (found,) = json.loads(done.stdout)
    assert (found["path"], found["rule"]) == (str(CARD), "license-spdx")


def test_only_cards_that_git_says_changed_are_reported(hub: Path) -> None:
    git(hub, "init", "-q")
    git(hub, "add", ".")
    git(hub, "commit", "-q", "-m", "cards")
    assert lint(hub, "cards", "--changed-since", "HEAD").returncode == 0
    spoil(hub / "cards/tests/1.9/other_data.md")
    new = write_card(hub / "cards", "new")
    spoil(hub / "cards" / f"{new}.md")
    done = lint(hub, "cards", "--changed-since", "HEAD", "--format", "json")
    assert sorted(Path(found["path"]).name for found in json.loads(done.stdout)) == ["new_data.md", "other_data.md"]


def test_cards_outside_of_the_repository_are_not_called_unchanged(hub: Path) -> None:
    (hub / "elsewhere").mkdir()
    git(hub / "elsewhere", "init", "-q")
    (hub / "elsewhere/note").write_text("a file", encoding="utf-8")
    git(hub / "elsewhere", "add", ".")
    git(hub / "elsewhere", "commit", "-q", "-m", "a file")
    done = lint(hub / "elsewhere", "../cards", "--changed-since", "HEAD")
    assert done.returncode == 2
    assert "lies outside of the git repository" in done.stderr


def test_a_revision_is_no_option_of_git(hub: Path) -> None:
    git(hub, "init", "-q")
    done = lint(hub, "cards", "--changed-since", "--output=stolen")
    assert done.returncode == 2
    assert not (hub / "stolen").exists()


def test_watch_lints_again_when_a_card_changes_and_ends_with_ctrl_c(hub: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "hubkit", "lint", "cards", "--watch", "--select", "license-spdx"],
        cwd=hub,
        stdout=(hub / "seen").open("w"),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def wait_for(words: str) -> None:
        end = time.monotonic() + 30
        while words not in (hub / "seen").read_text(encoding="utf-8"):
            assert time.monotonic() < end, words
            assert process.poll() is None
            time.sleep(0.05)

    try:
        wait_for("2 cards checked: 1 error")
        spoil(hub / "cards/tests/1.9/other_data.md")
        wait_for("2 cards checked: 2 errors")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130
    finally:
        process.kill()


def test_the_cache_changes_no_answer(hub: Path) -> None:
    first = lint(hub, "cards")
    assert (hub / ".hubkit_cache" / "run.json").is_file()
    second = lint(hub, "cards")
    third = lint(hub, "cards", "--no-cache")
    assert first.stdout == second.stdout == third.stdout
