"""``hubkit convert`` of many, in real workers: what crashes, hangs or eats memory is one row and stops nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from hubkit.batch import Target, shard
from hubkit.cli import cli
from hubkit.resources import schema
from tests.convert.small_networks import python_path
from tests.hubs import write_card
from tests.requirements import needs_mindspore

LIMITS = ["--time-limit", "30", "--memory-limit", "1.5GB"]
NAMES = ["small", "crashing", "hanging", "eating", "refusing", "deep"]


@dataclass(frozen=True)
class Run:
    """One run of hubkit convert."""

    code: int
    out: str
    err: str
    rows: dict[str, dict[str, Any]]


def environment(folder: Path) -> dict[str, str]:
    place = folder / "path"
    path = os.pathsep.join([str(place), str(Path.cwd())]) if place.is_dir() else python_path(folder)
    return {**os.environ, "PYTHONPATH": path, "HUBKIT_CACHE": str(folder / "store"), "HUBKIT_OFFLINE": "1"}


def convert(folder: Path, *arguments: str) -> Run:
    report = folder / "report.json"
    done = subprocess.run(
        [sys.executable, "-m", "hubkit", "convert", *arguments, "--output", f"json={report}", "--out", "out"],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    data = json.loads(report.read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema("conversions")).iter_errors(data)) == []
    return Run(done.returncode, done.stdout, done.stderr, {row["name"]: row for row in data["conversions"]})


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run, Run]:
    """A folder, the run of all networks in it, and the same run once more with --resume."""
    folder = tmp_path_factory.mktemp("many")
    first = convert(folder, *NAMES, "--jobs", "2", *LIMITS)
    again = convert(folder, *NAMES, "--jobs", "2", *LIMITS[2:], "--time-limit", "2", "--resume")
    return folder, first, again


@needs_mindspore
def test_each_network_has_its_own_status_and_none_stops_another(many: tuple[Path, Run, Run]) -> None:
    folder, first, _ = many
    assert {name: row["status"] for name, row in first.rows.items()} == {
        "small": "passed",
        "deep": "passed",
        "crashing": "crashed",
        "hanging": "timed-out",
        "eating": "out-of-memory",
        "refusing": "could-not-build",
    }
    assert first.code == 1
    assert "SIGSEGV" in first.rows["crashing"]["reason"]
    for name in ("small", "deep"):
        files = first.rows[name]["files"]
        assert [file["path"] for file in files] == [f"models/{name}/{name}.{kind}" for kind in ("mindir", "onnx")]
        assert all((folder / "out" / file["path"]).stat().st_size == file["size"] for file in files)
    assert not list((folder / "out").rglob(".hubkit-*"))


@needs_mindspore
def test_the_table_has_a_line_each_and_counts_them(many: tuple[Path, Run, Run]) -> None:
    _, first, _ = many
    lines = first.out.splitlines()
    assert lines[0].split() == ["status", "name", "network", "seconds", "differs", "by"]
    assert [line.split("  ")[0] for line in lines[1:7]] == [
        "crashed", "passed", "out of memory", "timed out", "could not build", "passed"
    ]  # fmt: skip
    assert lines[7] == "6 conversions: 2 passed, 1 could not build, 1 crashed, 1 timed out, 1 out of memory."
    assert "Traceback" not in first.out + first.err


@needs_mindspore
def test_resume_does_again_only_what_had_no_verdict(many: tuple[Path, Run, Run]) -> None:
    _, first, again = many
    assert {name for name, row in again.rows.items() if row["kept"]} == {"small", "deep", "refusing"}
    for name in ("small", "deep", "refusing"):
        assert {**again.rows[name], "kept": False} == first.rows[name]
    assert again.rows["hanging"]["status"] == "timed-out"
    assert "took longer than 2 s" in again.rows["hanging"]["reason"]


def test_an_unknown_name_among_several_is_a_row_with_near_names(tmp_path: Path) -> None:
    done = convert(tmp_path, "u2nett", "tests/1.9/nothing")
    assert {name: row["status"] for name, row in done.rows.items()} == dict.fromkeys(done.rows, "skipped")
    assert "did you mean u2net?" in done.rows["u2nett"]["reason"]
    assert "did you mean u2net?" in done.out
    assert "no such folder of cards" in done.rows["tests/1.9/nothing"]["reason"]
    assert done.code == 1


def test_an_unknown_name_alone_is_an_error(tmp_path: Path) -> None:
    shown = CliRunner().invoke(cli, ["convert", "u2nett", "--cards", str(tmp_path)])
    assert "did you mean u2net?" in str(shown.exception)
    for name in ("weights.pth", "model.onnx", __file__):
        refused = str(CliRunner().invoke(cli, ["convert", name]).exception)
        assert refused.startswith(f"{name} ")
        assert "NETWORK --checkpoint FILE" in refused


@needs_mindspore
def test_all_cards_become_rows_and_receipts(tmp_path: Path) -> None:
    uid = write_card(tmp_path / "cards", "small")
    unknown = write_card(tmp_path / "cards", "nobody")
    (tmp_path / "cards" / "tests" / "1.9" / "broken_data.md").write_text("no front matter\n", encoding="utf-8")
    done = convert(tmp_path, "--all", "--jobs", "2")
    assert {name: row["status"] for name, row in done.rows.items()} == {
        uid: "passed",
        unknown: "skipped",
        "tests/1.9/broken_data": "skipped",
    }
    assert "no network is called 'nobody'" in done.rows[unknown]["reason"]
    assert "front matter" in done.rows["tests/1.9/broken_data"]["reason"]
    assert (done.code, done.rows[uid]["weights"], done.rows[uid]["kept"]) == (0, "seeded", False)
    assert (tmp_path / "out" / "receipts" / f"{uid}.json").is_file()
    again = convert(tmp_path, "--all", "--shard", "3/3")
    assert {name: row["kept"] for name, row in again.rows.items()} == {uid: True}


@needs_mindspore
def test_an_interrupt_ends_the_workers_and_keeps_what_was_finished(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "hubkit", "convert", "refusing", "hanging", "--out", "out"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("hanging: building"):
            process.send_signal(signal.SIGINT)
            break
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert (tmp_path / "out" / "conversions" / "refusing.json").is_file()
    assert workers(tmp_path) == []


def workers(folder: Path) -> list[str]:
    """Commands of the workers whose job lies under ``folder``, once they have had time to end."""
    for _ in range(100):
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                command = entry.read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            if "hubkit.convert.worker" in command and str(folder) in command:
                found.append(command)
        if not found:
            break
        time.sleep(0.05)
    return found


def test_shards_share_out_everything_once_whatever_the_order() -> None:
    targets = [Target(f"net{number}", None) for number in range(10)]
    parts = [shard(targets, number, 3) for number in (1, 2, 3)]
    assert sorted(target.name for part in parts for target in part) == sorted(target.name for target in targets)
    assert [shard(targets[::-1], number, 3) for number in (1, 2, 3)] == parts
    assert {len(part) for part in parts} == {3, 4}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Name what to convert, or all cards with --all."),
        (["u2net", "--all"], "--all stands for every card of --cards: name nothing beside it."),
        (["u2net", "--shard", "0/3"], "the second of eight parts"),
        (["u2net", "--shard", "4/3"], "the second of eight parts"),
        (["u2net", "--memory-limit", "much"], "500MB or 2GB"),
        (["u2net", "--time-limit", "0"], "0.0 is not in the range"),
        (["u2net", "--output", "xml=-"], "'xml' is not one of json."),
        (["a.ckpt", "u2net"], "A CKPT or a MINDIR is converted alone; a NETWORK's own CKPT goes with --checkpoint."),
        (["u2net", "--network", "u2net"], "--network goes with a CKPT"),
        (["u2net", "--output", "json=no/where.json"], "no/where.json cannot be written: there is no folder no."),
        (["u2net", "--output", "json=tests"], "tests is a folder; name a file."),
        (["u2net", "--to", "onnx", "--calibration", "tests"], "--calibration is for --to onnx-int8, which is not"),
        (["u2net", "--to", "mindir", "--dynamic", "height"], "--dynamic is for --to onnx or onnx-fp16 or onnx-int8"),
        (["a.ckpt", "--network", "u2net", "--output", "json=-"], "--output is for networks and cards"),
        (["a.ckpt", "--network", "u2net", "--shard", "1/2"], "--shard is for networks and cards"),
        (["a.ckpt", "--network", "u2net", "--resume"], "--resume has no effect on a CKPT"),
        (["a.mindir", "--time-limit", "3"], "--time-limit has no effect on a MINDIR"),
        (["a.mindir", "--calibration", "tests"], "--calibration is for --to onnx-int8"),
        (["u2net", "--check", "--checkpoint", "a.ckpt"], "--checkpoint has no effect on --check"),
        (["u2net", "--check", "--resume"], "--resume has no effect on --check"),
        (["a.mindir", "--check", "--to", "mindir"], "A MINDIR can be converted to ONNX only, not to mindir."),
    ],
)
def test_wrong_options_are_told_before_anything_runs(arguments: list[str], words: str) -> None:
    done = CliRunner().invoke(cli, ["convert", *arguments])
    assert done.exit_code == 2
    assert words in done.output
