"""What the options of ``hubkit convert`` about weights and ONNX files come to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hubkit.cli import cli
from hubkit.convert.records import OnnxOptions


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The arguments that a conversion of a checkpoint would get."""
    from hubkit.cli import convert

    calls: list[Any] = []
    monkeypatch.setattr(convert, "convert_checkpoint", lambda _, *arguments: calls.append(arguments))
    return calls


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli, ["convert", *arguments])


def test_weights_are_named_with_their_network_or_the_other_way_round(given: list[Any]) -> None:
    for arguments in (
        ["u2net", "--checkpoint", "w.bin"],
        ["w.ckpt", "--network", "u2net"],
        ["w.safetensors", "--network", "u2net"],
    ):
        assert run(*arguments).exit_code == 0
    assert [(call[0], call[1]) for call in given] == [
        (Path("w.bin"), "u2net"),
        (Path("w.ckpt"), "u2net"),
        (Path("w.safetensors"), "u2net"),
    ]


@pytest.mark.parametrize(
    "arguments",
    [["--checkpoint", "w.ckpt"], ["a", "b", "--checkpoint", "w"], ["a", "--network", "b", "--checkpoint", "w"]],
)
def test_a_checkpoint_goes_with_one_network(given: list[Any], arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.exit_code, given) == (2, [])
    assert "--checkpoint goes with one NETWORK" in done.output


def test_options_of_onnx_files_arrive(given: list[Any], tmp_path: Path) -> None:
    (tmp_path / "one.npy").write_bytes(b"x")
    run("u2net", "--checkpoint", "w", "--no-optimize", "--dynamic", "width")
    run("u2net", "--checkpoint", "w", "--to", "onnx-fp16,onnx-int8", "--calibration", str(tmp_path))
    assert [call[2] for call in given] == [("mindir", "onnx"), ("onnx-fp16", "onnx-int8")]
    assert given[0][3] == OnnxOptions(optimize=False, dynamic=("width",))
    assert given[1][3] == OnnxOptions(calibration=tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("w.ckpt", b"<html>404</html>", "w.ckpt is not a checkpoint file: it is an HTML page"),
        ("w.ckpt", b"", "the checkpoint file w.ckpt is empty"),
        ("w.safetensors", b"\xff" * 100, "w.safetensors is not a safetensors file, or it is damaged"),
        ("w.safetensors", b"", "the safetensors file w.safetensors is empty"),
    ],
)
def test_what_holds_no_weights_is_called_so_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(content)
    assert str(run(name, "--network", "u2net").exception).startswith(words)
