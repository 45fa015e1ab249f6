"""The Tanh that MindSpore computes on a CPU, in the place of an exact one where that differs too much."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.from_mindir import convert_mindir
from hubkit.convert.lowering import lower
from hubkit.convert.mindir import read_mindir
from hubkit.convert.mindir_export import export_mindir
from hubkit.convert.mindir_graph import Graph, GraphInput, GraphOutput, Node, TensorType
from hubkit.convert.onnx_file import write_onnx
from hubkit.convert.pipeline import run
from hubkit.convert.records import ConvertJob, OnnxOptions
from hubkit.nets.spec import InputSpec
from tests.convert.small_networks import in_workers
from tests.requirements import needs_mindspore

POINTS = np.linspace(-7, 7, 100_001, dtype=np.float32)
NOTE = (
    "its Tanh is written as MindSpore computes it on a CPU, which is within 1.1e-4 of tanh: with an exact one, output "
)


def computed(points: np.ndarray, folder: Path) -> np.ndarray:
    """What ONNX Runtime makes of MindSpore's Tanh at ``points``; the file goes into ``folder``."""
    import onnxruntime

    type_ = TensorType(points.shape, BY_NAME[points.dtype.name])
    node = Node("y", "Tanh", ("x",), ("y",), {}, type_, "Default/Tanh-op0")
    graph = Graph("g", (GraphInput("x", type_),), (GraphOutput("y", type_),), {}, {}, (node,), {}, "")
    lowered = lower(graph, input_names=["x"], output_names=["out"], batch="fixed", tanh="mindspore")
    write_onnx(folder / "tanh.onnx", lowered.model, lowered.initializers)
    (found,) = onnxruntime.InferenceSession(folder / "tanh.onnx").run(None, {"x": points})
    return np.asarray(found)


@needs_mindspore
def test_it_is_what_mindspore_computes(tmp_path: Path) -> None:
    import mindspore

    theirs = mindspore.ops.Tanh()(mindspore.Tensor(POINTS)).asnumpy()
    assert np.abs(computed(POINTS, tmp_path) - theirs).max() < 1e-6
    assert 9e-5 < np.abs(np.tanh(POINTS.astype(np.float64)) - theirs).max() < 1.1e-4  # else it would not be needed


def test_it_is_bounded_and_keeps_what_is_no_number(tmp_path: Path) -> None:
    ends = np.array([0, -0.0, 5.001, -5.001, 300, -1e30, np.inf, -np.inf, np.nan], np.float32)
    np.testing.assert_array_equal(computed(ends, tmp_path), np.array([0, 0, 1, -1, 1, -1, 1, -1, np.nan], np.float32))


def test_other_types_have_an_exact_one(tmp_path: Path) -> None:
    points = POINTS.astype(np.float64)
    assert np.abs(computed(points, tmp_path) - np.tanh(points)).max() < 1e-15


@needs_mindspore
@pytest.mark.parametrize("network", ["enlarging", "enlarging_within", "tripled"])
def test_a_network_that_an_exact_one_would_differ_from_agrees(
    network: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch)
    formats = ("mindir", "onnx", "onnx-fp16")
    result = run(ConvertJob(network, tmp_path / "models", "net", formats=formats))
    assert (result.status, result.error) == (ConversionStatus.PASSED, "")
    notes = {file.format: file.note for file in result.files}
    assert notes["mindir"] == ""
    assert notes["onnx"].startswith(f"{NOTE}scores differs by up to ")
    assert notes["onnx-fp16"].startswith(NOTE)
    assert {record.candidate for record in result.parity} == {
        "mindir",
        "onnxruntime",
        "onnxruntime float16",
        "pynative",
    }


@needs_mindspore
def test_a_network_whose_tanh_does_no_harm_keeps_an_exact_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch)
    result = run(ConvertJob("deep", tmp_path / "models", "net"))
    assert result.status is ConversionStatus.PASSED, result.error
    (onnx,) = [file for file in result.files if file.format == "onnx"]
    assert (onnx.operators["Tanh"], onnx.note) == (1, "")


@needs_mindspore
def test_a_finished_mindir_has_it_too(tmp_path: Path) -> None:
    from tests.convert.small_cells import Enlarging

    image = InputSpec("image", (1, 3, 16, 16), "float32", 0.0, 1.0)
    made = export_mindir(Enlarging(), (image,), tmp_path / "net")
    assert any(node.op == "Tanh" for node in read_mindir(made).nodes)
    found = convert_mindir(made, tmp_path / "out")
    assert (found.error, found.parity.skipped) == ("", "")
    assert found.files[0].note.startswith(f"{NOTE}output differs by up to ")
    exact = convert_mindir(made, tmp_path / "again", options=OnnxOptions(tanh="mindspore"))
    assert (exact.error, exact.files[0].note) == ("", "")
