"""Functions as MindSpore approximates them on a CPU, in the place of exact ones where those differ too much."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.from_mindir import convert_mindir
from hubkit.convert.lowering import lower
from hubkit.convert.lowering.approximation import OFF
from hubkit.convert.mindir import read_mindir
from hubkit.convert.mindir_export import export_mindir
from hubkit.convert.mindir_graph import Graph, GraphInput, GraphOutput, Node, TensorType
from hubkit.convert.mismatch.exactness import EXACT
from hubkit.convert.onnx_file import write_onnx
from hubkit.convert.pipeline import run
from hubkit.convert.records import ConvertJob, OnnxOptions
from hubkit.nets.spec import InputSpec
from tests.convert.small_networks import in_workers
from tests.requirements import needs_mindspore

POINTS = np.linspace(-7, 7, 100_001, dtype=np.float32)
NOTE = "its Tanh (off by up to 1.1e-4) is written as MindSpore approximates it on a CPU: computed exactly, output "


def computed(op: str, points: np.ndarray, folder: Path) -> np.ndarray:
    """What ONNX Runtime makes at ``points`` of ``op`` as MindSpore has it; the file goes into ``folder``."""
    import onnxruntime

    type_ = TensorType(points.shape, BY_NAME[points.dtype.name])
    node = Node("y", op, ("x",), ("y",), {}, type_, f"Default/{op}-op0")
    graph = Graph("g", (GraphInput("x", type_),), (GraphOutput("y", type_),), {}, {}, (node,), {}, "")
    lowered = lower(graph, input_names=["x"], output_names=["out"], batch="fixed", approximate=True)
    write_onnx(folder / "made.onnx", lowered.model, lowered.initializers)
    (found,) = onnxruntime.InferenceSession(folder / "made.onnx").run(None, {"x": points})
    return np.asarray(found)


@needs_mindspore
@pytest.mark.parametrize(
    ("op", "off"),
    [("Tanh", (9e-5, 1.1e-4)), ("Exp", (2e-5, 2.6e-5)), ("Sigmoid", (2e-5, 2.6e-5)), ("SiLU", (2e-5, 2.6e-5))],
)
def test_it_is_what_mindspore_computes(op: str, off: tuple[float, float], tmp_path: Path) -> None:
    import mindspore

    points = POINTS if op == "Tanh" else POINTS * 12.2
    function = mindspore.ops.silu if op == "SiLU" else getattr(mindspore.ops, op)()
    theirs = function(mindspore.Tensor(points)).asnumpy().astype(np.float64)
    exact = EXACT[op](points.astype(np.float64))
    size = 1 if op == "Tanh" else np.where(exact, exact, 1)
    apart = np.abs((computed(op, points, tmp_path) - theirs) / size)
    # Of these MindSpore computes the last few of a thread exactly, and how many threads there are is the machine's.
    worst = np.quantile(apart, 0.999) if op in ("Sigmoid", "SiLU") else apart.max()
    assert worst < (5e-7 if op == "Tanh" else 2e-6)
    assert off[0] < np.abs((exact - theirs) / size).max() < off[1]  # else it would not be needed, or told wrongly


def test_tanh_ends_at_1_and_keeps_what_is_no_number(tmp_path: Path) -> None:
    ends = np.array([0, -0.0, 5.001, -5.001, 300, -1e30, np.inf, -np.inf, np.nan], np.float32)
    expected = np.array([0, 0, 1, -1, 1, -1, 1, -1, np.nan], np.float32)
    np.testing.assert_array_equal(computed("Tanh", ends, tmp_path), expected)


@needs_mindspore
def test_exp_ends_where_that_of_mindspore_does(tmp_path: Path) -> None:
    import mindspore

    ends = np.array([0, 88, 90, 1e30, np.inf, -85, -90, -200, -np.inf, np.nan], np.float32)
    theirs = mindspore.ops.Exp()(mindspore.Tensor(ends)).asnumpy()
    np.testing.assert_allclose(computed("Exp", ends, tmp_path), theirs, rtol=1e-6, atol=1e-37)


@needs_mindspore
@pytest.mark.parametrize("op", ["Sigmoid", "SiLU"])
def test_what_is_made_of_exp_ends_where_that_of_mindspore_does(op: str, tmp_path: Path) -> None:
    import mindspore

    ends = np.array([0, -0.0, 30, 90, 1e30, np.inf, -30, -85, -90, -200, -1e30, -np.inf, np.nan], np.float32)
    theirs = (mindspore.ops.silu if op == "SiLU" else mindspore.ops.sigmoid)(mindspore.Tensor(ends)).asnumpy()
    np.testing.assert_allclose(computed(op, ends, tmp_path), theirs, rtol=2.6e-5, atol=1e-37)


@pytest.mark.parametrize("op", sorted(OFF))
def test_other_types_have_an_exact_one(op: str, tmp_path: Path) -> None:
    points = POINTS.astype(np.float64)
    rounding = 1e-12 if op in ("Sigmoid", "SiLU") else 1e-14  # that of ONNX Runtime's own Sigmoid is 2e-13
    np.testing.assert_allclose(computed(op, points, tmp_path), EXACT[op](points), rtol=rounding)


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
@pytest.mark.parametrize("network", ["embedding", "embedding_by_input"])
def test_waves_whose_frequencies_are_powers_of_e_agree(
    network: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch)
    result = run(ConvertJob(network, tmp_path / "models", "net"))
    assert (result.status, result.error) == (ConversionStatus.PASSED, "")
    (onnx,) = [file for file in result.files if file.format == "onnx"]
    assert onnx.note.startswith("its Exp (off by up to 2.6e-5 of the value) is written as MindSpore approximates it")


@needs_mindspore
@pytest.mark.parametrize(("network", "op"), [("waving", "Sigmoid"), ("waving_of_silu", "SiLU")])
def test_waves_of_what_is_made_of_exp_agree(
    network: str, op: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch)
    result = run(ConvertJob(network, tmp_path / "models", "net"))
    assert (result.status, result.error) == (ConversionStatus.PASSED, "")
    (onnx,) = [file for file in result.files if file.format == "onnx"]
    assert onnx.note.startswith(f"its {op} (off by up to 2.6e-5 of the value) is written as MindSpore approximates it")


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
    exact = convert_mindir(made, tmp_path / "again", options=OnnxOptions(approximate=True))
    assert (exact.error, exact.files[0].note) == ("", "")
