"""``hubkit convert --check``: what would come of a conversion, and that nothing is written."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from hubkit.cli import cli
from hubkit.resources import schema
from tests.convert.small_networks import in_workers
from tests.hubs import write_card
from tests.requirements import needs_mindspore

_NO_RELU = (
    "from hubkit.convert.lowering import LOWERINGS\ndel LOWERINGS['ReLU']\n"
    "from hubkit.convert.rewrites import REWRITES\nREWRITES['ReLU'] = 'Use ops.maximum with 0.'"
)


def check(folder: Path, *arguments: str | Path) -> tuple[int, str, list[dict[str, Any]]]:
    """The exit code, the text, and the forecasts of the JSON report, which alone is written."""
    place = folder / "here"
    place.mkdir()
    with contextlib.chdir(place):
        shown = CliRunner().invoke(cli, ["convert", "--check", *map(str, arguments), "--output", "json=report.json"])
    assert [path.name for path in place.iterdir()] == ["report.json"], shown.output
    data = json.loads((place / "report.json").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema("forecasts")).iter_errors(data)) == []
    return shown.exit_code, shown.stdout, data["forecasts"]


@needs_mindspore
def test_a_network_that_would_convert(tmp_path: Path) -> None:
    code, text, (found,) = check(tmp_path, "u2netp")
    assert (code, found["status"], found["lacking"]) == (0, "passed", [])
    assert text.startswith("u2netp: would convert\n")
    assert "input image: float32[batch, 3, 320, 320]" in text
    assert "output maps: float32[batch, 7, 320, 320]" in text
    assert found["operators"]["Conv2D"] == 119
    assert found["fixed"] == [
        "axes 1 (3), 2 (320), 3 (320) of image: fixed, because the network was exported with these sizes"
    ]
    assert found["values"] > 1_100_000
    assert all(4 * found["values"] < size < 5 * found["values"] for size in found["sizes"].values())


@needs_mindspore
def test_the_files_and_the_open_axes_are_those_that_were_asked_for(tmp_path: Path) -> None:
    wanted = ["onnx", "onnx-fp16", "onnx-int8", "safetensors"]
    code, text, (found,) = check(tmp_path, "unet3plus", "--to", ",".join(wanted), "--dynamic", "height")
    assert (code, list(found["sizes"])) == (0, wanted)
    sizes = found["sizes"]
    assert sizes["onnx-int8"] < sizes["onnx-fp16"] < sizes["onnx"]
    assert "onnx-fp16: about" in text
    assert "mindir: about" not in text
    assert found["inputs"][0]["shape"] == ["batch", 3, "height", 512]
    assert "axes 1 (3), 3 (512) of image: fixed" in text


@needs_mindspore
def test_an_operator_without_an_onnx_form_is_not_in_the_way_of_mindir(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch, _NO_RELU)
    code, _, (found,) = check(tmp_path, "unet3plus", "--to", "mindir")
    assert (code, found["lacking"], list(found["sizes"])) == (0, [], ["mindir"])


@needs_mindspore
def test_operators_without_an_onnx_form_are_told_with_their_layers_and_what_to_write_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch, _NO_RELU)
    uid = write_card(tmp_path / "cards", "unet3plus")
    code, text, (found,) = check(tmp_path, uid, "--cards", tmp_path / "cards")
    assert (code, found["name"], found["status"], found["would_convert"]) == (1, uid, "no-lowering", False)
    (lacking,) = found["lacking"]
    assert lacking["op"] == "ReLU"
    assert len(lacking["layers"]) > 20
    assert all(layer.startswith("Default/") for layer in lacking["layers"])
    assert lacking["rewrite"] == "Use ops.maximum with 0."
    assert text.splitlines()[0] == f"{uid}: would not convert: no lowering"
    assert "ReLU has no ONNX form; it is used by Default/" in text
    assert "Instead: Use ops.maximum with 0." in text


@needs_mindspore
def test_a_mindir_is_looked_at_without_mindspore(files: Path) -> None:
    """In a process that must not import it."""
    path = files / "net.mindir"
    blocked = "import sys; sys.modules['mindspore'] = None; from hubkit.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", blocked, "convert", "--check", path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{path}: would convert\n")


@needs_mindspore
def test_the_operators_of_branches_count_too(control: Path, tmp_path: Path) -> None:
    from hubkit.convert.mindir import read_mindir

    path = control / "IfInIf.mindir"
    everywhere = [node.op for node in read_mindir(path).every_node()]
    at_the_top = [node.op for node in read_mindir(path).nodes]
    code, _, (found,) = check(tmp_path, path)
    assert code == 0
    assert found["operators"]["Add"] == everywhere.count("Add") > at_the_top.count("Add")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.ckpt"], "--check looks at networks, not at weights"),
        (["missing.mindir"], "missing.mindir: no such file"),
        ([], "Name what to convert"),
    ],
)
def test_what_cannot_be_looked_at_is_told(arguments: list[str], words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hubkit", "convert", "--check", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert words in done.stderr
