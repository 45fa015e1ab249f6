"""From a .mindir file to ONNX, with MindSpore and in environments that lack it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hubkit.convert.records import ONNX_DEFAULTS
from hubkit.errors import ConvertError
from tests.convert.bare import environment
from tests.convert.small_networks import python_path
from tests.requirements import PROJECT, needs_mindspore

pytestmark = needs_mindspore

SKIPPED = "parity: skipped: MindSpore is not installed"


def run(python: Path | str, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python), "-m", "hubkit", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with hubkit[onnx] and nothing else."""
    return environment(tmp_path_factory.mktemp("bare"), "onnx")


def test_mindspore_is_not_importable_there(bare: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [bare, "-c", "import onnx, onnxruntime; import mindspore"],
        cwd=tmp_path, env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == "ModuleNotFoundError: No module named 'mindspore'"


def test_a_mindir_becomes_onnx_without_mindspore(bare: Path, files: Path, tmp_path: Path) -> None:
    done = run(bare, "convert", files / "net.mindir", "--to", "onnx", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert SKIPPED in lines
    assert lines[-1].startswith("out/models/net/net.onnx (")
    assert "passed" not in done.stdout
    assert "against" not in done.stdout
    assert [path.name for path in (tmp_path / "out" / "models" / "net").iterdir()] == ["net.onnx"]


def test_the_file_made_without_mindspore_is_the_one_that_is_proved_with_it(
    bare: Path, files: Path, tmp_path: Path
) -> None:
    assert run(bare, "convert", files / "net.mindir", "--out", "bare", cwd=tmp_path).returncode == 0
    done = run(sys.executable, "convert", files / "net.mindir", "--out", "full", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "skipped" not in done.stdout
    compared = [line for line in done.stdout.splitlines() if line.startswith("onnxruntime against mindir")]
    assert len(compared) == 2  # the most of two outputs for two inputs, and for both in one batch
    assert all("differs by at most" in line or "bit-equal" in line for line in compared)
    one, two = (tmp_path / folder / "models" / "net" / "net.onnx" for folder in ("bare", "full"))
    assert one.read_bytes() == two.read_bytes()


def test_inputs_keep_their_names_and_outputs_are_numbered(files: Path) -> None:
    from hubkit.convert.from_mindir import port_names
    from hubkit.convert.mindir import read_mindir

    inputs, outputs = port_names(read_mindir(files / "net.mindir"))
    assert [(port.name, port.shape, port.dtype) for port in inputs] == [("image", (1, 3, 8, 8), "float32")]
    assert outputs == ("output_0", "output_1")
    assert port_names(read_mindir(files / "batch_bound.mindir"))[1] == ("output",)


def test_inputs_that_are_called_alike_are_numbered_however_many_they_are(files: Path) -> None:
    from dataclasses import replace

    from hubkit.convert.from_mindir import port_names
    from hubkit.convert.mindir import read_mindir

    graph = read_mindir(files / "net.mindir")
    (image,) = graph.inputs
    names = ["image"] * 20_000 + ["g:image_2", "other"]
    inputs, _ = port_names(replace(graph, inputs=tuple(replace(image, name=name) for name in names)))
    found = [port.name for port in inputs]
    assert [*found[:3], *found[-3:]] == ["image", "image_2", "image_3", "image_20000", "image_2_2", "other"]
    assert len(set(found)) == len(found)
    inputs, _ = port_names(replace(graph, inputs=tuple(replace(image, name=name) for name in ("a_2", "a", "a"))))
    assert [port.name for port in inputs] == ["a_2", "a", "a_3"]


def test_onnx_is_what_a_mindir_becomes_unless_told(bare: Path, files: Path, tmp_path: Path) -> None:
    assert run(bare, "convert", files / "net.mindir", cwd=tmp_path).returncode == 0
    assert (tmp_path / "build" / "models" / "net" / "net.onnx").is_file()


def test_float16_and_int8_come_of_a_mindir_too_without_mindspore(bare: Path, files: Path, tmp_path: Path) -> None:
    done = run(bare, "convert", files / "net.mindir", "--to", "onnx-fp16,onnx-int8", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert SKIPPED in done.stdout.splitlines()
    assert "calibrated with 8 inputs from seed 0, no real data" in done.stdout
    made = sorted(path.name for path in (tmp_path / "out" / "models" / "net").iterdir())
    assert made == ["net.fp16.onnx", "net.int8.onnx"]


def test_a_difference_is_told_and_nothing_is_written(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hubkit.convert import from_mindir
    from hubkit.convert.mindir_parity import MindirParity

    differs = MindirParity(error="made to differ")
    monkeypatch.setattr(from_mindir, "compare_in_process", lambda *_: differs)
    result = from_mindir.convert_mindir(files / "net.mindir", tmp_path)
    assert (result.files, result.error) == ((), "made to differ")
    assert list(tmp_path.iterdir()) == []


def test_what_mindspore_cannot_run_is_skipped_not_passed(files: Path, tmp_path: Path) -> None:
    from hubkit.convert.from_mindir import convert_mindir
    from hubkit.convert.mindir_parity import compare_in_process

    result = convert_mindir(files / "net.mindir", tmp_path)
    damaged = tmp_path / "damaged.mindir"
    damaged.write_bytes(b"nothing")
    found = compare_in_process(damaged, result.files, result.inputs, ("a", "b"), 0, tmp_path, ONNX_DEFAULTS)
    assert found.skipped.startswith("MindSpore cannot run the MINDIR: ")
    assert found.parity == ()


def test_operators_without_a_lowering_are_listed_and_nothing_is_written(
    bare: Path, files: Path, tmp_path: Path
) -> None:
    done = run(bare, "convert", files / "unsupported.mindir", "--out", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "no lowering: " in done.stderr
    assert "\n  BesselJ0: Default/BesselJ0-op0" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "out").rglob("*.*")) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.mindir"], "none.mindir: no such file"),
        (["net.mindir", "--network", "u2net"], "a MINDIR holds its network itself"),
        (["net.mindir", "--to", "mindir"], "to ONNX only, not to mindir"),
        (["net.ckpt.mindir"], "is not a MINDIR file"),
    ],
)
def test_wrong_arguments_are_told(bare: Path, files: Path, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "net.mindir").symlink_to(files / "net.mindir")
    (tmp_path / "net.ckpt.mindir").symlink_to(files / "net.ckpt")
    done = run(bare, "convert", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr


def test_a_light_install_says_what_to_install(files: Path, tmp_path: Path) -> None:
    done = run(environment(tmp_path / "light"), "convert", files / "net.mindir", cwd=tmp_path)
    assert done.returncode == 2
    assert "numpy, google.protobuf, onnx, onnxruntime" in done.stderr
    assert '".[onnx]"' in done.stderr


def test_a_folder_that_cannot_be_written_is_told(files: Path, tmp_path: Path) -> None:
    from hubkit.convert.from_mindir import convert_mindir

    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConvertError, match="cannot be written"):
        convert_mindir(files / "net.mindir", tmp_path / "file" / "models")


_LEAKY_RELU = """
from dataclasses import replace
from hubkit.convert.lowering import LOWERINGS
def relu(g, call):
    return g.node("LeakyRelu", call.tensor(g, 0), alpha=0.2)
LOWERINGS["ReLU"] = replace(LOWERINGS["ReLU"], function=relu)
"""


@needs_mindspore
def test_the_first_layer_that_differs_is_named(files: Path, tmp_path: Path) -> None:
    done = _converted(files / "net.mindir", tmp_path, _LEAKY_RELU)
    assert done.returncode == 1
    assert "onnxruntime differs from mindir in output output_0 (batch 1): " in done.stderr
    assert "layers that differs is Default/ReLU-op0 (ReLU), " in done.stderr
    assert "this layer is wrong" in done.stderr
    assert list((tmp_path / "build").rglob("*.onnx")) == []


@needs_mindspore
def test_it_is_named_behind_sizes_that_depend_on_the_data(files: Path, tmp_path: Path) -> None:
    done = _converted(files / "picked.mindir", tmp_path, _LEAKY_RELU)
    assert done.returncode == 1
    assert "layers that differs is Default/ReLU-op0 (ReLU), " in done.stderr
    assert "this layer is wrong" in done.stderr


@needs_mindspore
def test_a_network_that_gives_no_numbers_is_told_as_such(files: Path, tmp_path: Path) -> None:
    done = _converted(files / "dividing.mindir", tmp_path)
    assert done.returncode == 1
    told, first = done.stderr.splitlines()[-2:]
    assert told.startswith("ran but not finite: 8 of 16 elements of output output are infinite or no number in mindir")
    assert told.endswith("itself; onnxruntime gives the same at the same places, and agrees elsewhere")
    assert first.startswith("The first layer that gives infinities is Default/Div-op0 (Div): 8 of 16 elements.")


@needs_mindspore
def test_digits_that_float16_loses_are_told_as_the_cause(files: Path, tmp_path: Path) -> None:
    done = _converted(files / "masked.mindir", tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("ran but differs: onnxruntime differs from mindir") == 1
    told = done.stderr.splitlines()[-1]
    assert "(Softmax)" in told
    rounded = re.search(r"the ONNX file differs by at most ([\d.e-]+): it is right", told)
    assert rounded
    assert float(rounded[1]) < 5e-3


@needs_mindspore
def test_peaks_that_tie_in_float16_are_told_as_the_cause(files: Path, tmp_path: Path) -> None:
    done = _converted(files / "peaks.mindir", tmp_path, "", "--to", "onnx,onnx-fp16")
    assert done.returncode == 1
    assert "onnxruntime differs" not in done.stderr  # its batch is fixed, which float16 does not hide
    told = done.stderr.splitlines()[-1]
    assert re.search(r"The first that decides otherwise is Default/\S+ \((Equal|TopK)\), in \d+ of \d+ cases: ", told)
    apart = re.search(r"own values are at most (\S+) apart, and float16 has steps of (\S+) at", told)
    assert apart
    assert float(apart[1]) <= float(apart[2])


@needs_mindspore
def test_what_mindspore_gets_right_once_only_is_told_as_its_own(files: Path, tmp_path: Path) -> None:
    done = _converted(files / "cutting.mindir", tmp_path)
    assert done.returncode == 1
    assert "run on this input first, MindSpore itself gives what the ONNX file does; " in done.stderr
    assert "pads by negative numbers, as in Default/PadV3-op0 (PadV3): cut with a slice instead." in done.stderr


def _converted(source: Path, folder: Path, change: str = "", *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hubkit", "convert", source, *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": python_path(folder, change)},
        capture_output=True,
        text=True,
        check=False,
    )
