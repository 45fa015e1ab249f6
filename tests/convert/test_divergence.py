"""A mismatch keeps its evidence and names the first layer that differs: lowerings are broken on purpose."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.mindir import read_mindir
from hubkit.convert.mindir_graph import Graph, GraphInput, Node, TensorType
from hubkit.convert.pipeline import ConvertJob, ConvertResult, run, smoke
from tests.convert.small_networks import in_workers
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

# What the lowering of an operator is replaced by: one that gives other numbers.
_BREAK = """
from dataclasses import replace
from hubkit.convert.lowering import LOWERINGS
right = LOWERINGS[{op!r}].function
def wrong(g, call):
    result = right(g, call)
    first, *others = result if isinstance(result, tuple) else (result,)
    changed = g.node("Mul", first, g.constant(1.05, "float32"))
    return (changed, *others) if isinstance(result, tuple) else changed
LOWERINGS[{op!r}] = replace(LOWERINGS[{op!r}], function=wrong)
"""


# Leaves functions exact, whatever comes of it.
_EXACT = """
from hubkit.convert import second_tries
second_tries.wants_approximation = lambda records, mindir: ""
"""


# Changes a weight where the graph should only be simplified.
_BAD_OPTIMIZER = """
from dataclasses import replace
from hubkit.convert import optimize
right = optimize.optimize
def wrong(lowered):
    done, told = right(lowered)
    cut = tuple(
        replace(item, data=memoryview(bytes(len(item.data)))) if item.name == "last.weight" else item
        for item in done.initializers
    )
    return replace(done, initializers=cut), told
optimize.optimize = wrong
"""


# What float16 makes of one layer is 30 % too large.
_BAD_HALF = """
from hubkit.convert.precision import float16
right = float16.to_float16
def wrong(lowered):
    done = right(lowered)
    (node,) = [node for node in done.model.graph.node if node.op_type == "Tanh"]
    place = list(done.model.graph.node).index(node)
    from onnx import helper
    name = node.output[0]
    node.output[0] = name + "_before"
    square = helper.make_node("Mul", [node.output[0], node.output[0]], [name], node.name + "_square")
    done.model.graph.node.insert(place + 1, square)
    return done
float16.to_float16 = wrong
"""


def job(folder: Path, network: str = "deep") -> ConvertJob:
    return ConvertJob(network=network, target_dir=folder / "models", stem=network)


def broken(folder: Path, monkeypatch: pytest.MonkeyPatch, op: str) -> ConvertResult:
    """The result of converting "deep" with a lowering whose output is 5 % too large."""
    in_workers(folder, monkeypatch, _BREAK.format(op=op))
    return run(job(folder))


@pytest.mark.parametrize(
    ("op", "layer"),
    [
        ("ReLU", "Default/relu-ReLU/ReLU-op0"),
        ("BatchNorm", "Default/norm-BatchNorm2d/BatchNorm-op0"),
        ("Sigmoid", "Default/sigmoid-Sigmoid/Sigmoid-op0"),
        ("Tanh", "Default/tanh-Tanh/Tanh-op0"),
        ("Add", "Default/Add-op0"),
    ],
)
def test_the_layer_that_was_broken_is_named(
    op: str, layer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = broken(tmp_path, monkeypatch, op)
    assert result.status is ConversionStatus.DIFFERS
    assert result.mismatch is not None
    found = result.mismatch.divergence
    assert found is not None, result.mismatch.note
    assert (found.layer, found.operator, found.is_cause) == (layer, op, True)
    assert found.own_max_abs == pytest.approx(0.05 * found.magnitude, rel=1e-2)
    assert f"that differs is {layer} ({op})" in result.error
    assert "this layer is wrong" in result.error


def test_where_the_batch_is_fixed_the_layer_is_named_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch, _BREAK.format(op="ReLU"))
    result = run(job(tmp_path, "over_the_batch"))
    assert result.mismatch is not None
    found = result.mismatch.divergence
    assert found is not None, result.mismatch.note
    assert (found.layer, found.is_cause) == ("Default/relu-ReLU/ReLU-op0", True)


def test_the_layer_that_float16_cannot_hold_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch, _BAD_HALF)
    result = run(replace(job(tmp_path), formats=("onnx", "onnx-fp16")))
    assert result.status is ConversionStatus.DIFFERS
    assert result.mismatch is not None
    assert result.mismatch.candidate == "onnxruntime float16"
    found = result.mismatch.divergence
    assert found is not None, result.mismatch.note
    assert (found.layer, found.is_cause) == ("Default/tanh-Tanh/Tanh-op0", True)
    assert "this layer loses that much by itself" in result.error


def test_the_layer_that_a_mindir_computes_otherwise_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A MINDIR in which the weight of one layer has been replaced, beside the network as it is."""
    in_workers(tmp_path, monkeypatch)
    made = run(job(tmp_path))
    path = next(file.path for file in made.files if file.format == "mindir")
    content = bytearray(path.read_bytes())
    graph = read_mindir(path)
    weight = next(item for item in graph.parameters.values() if item.name == "third.weight")
    whole = bytes(weight.data)
    del graph
    place = bytes(content).index(whole)
    content[place : place + len(whole)] = (np.frombuffer(whole, np.float32) * np.float32(1.1)).tobytes()
    path.chmod(0o644)
    path.write_bytes(content)
    result = smoke(job(tmp_path), {"mindir": path}, evidence=tmp_path / "why")
    assert result.status is ConversionStatus.DIFFERS
    assert result.mismatch is not None
    assert result.mismatch.candidate == "mindir"
    found = result.mismatch.divergence
    assert found is not None, result.mismatch.note
    assert found.layer.startswith("Default/third-Conv2d/")
    assert "layers in which the MINDIR differs is Default/third-Conv2d/" in result.error


def test_a_fault_of_mindspore_is_told_as_such() -> None:
    from hubkit.convert.mismatch.faults import known_fault

    def graph(begin: tuple[int, ...], end: tuple[int, ...], strides: tuple[int, ...]) -> Graph:
        types = TensorType((2, 5, 6), BY_NAME["float32"])
        node = Node("y", "StridedSlice", ("x", "b", "e", "s", "m", "m"), ("y",), {}, types, "Default/StridedSlice-op0")
        constants = {"b": begin, "e": end, "s": strides, "m": 0}
        return Graph("g", (GraphInput("x", types),), (), {}, constants, (node,), {}, "")

    layer = ("Default/StridedSlice-op0", "StridedSlice")
    wrong = graph((0, -1, 1), (2, -6, 5), (1, -1, 1))
    assert "leaves out the reversal" in known_fault(wrong, *layer)
    assert known_fault(graph((0, 0, 1), (2, 5, 5), (1, 1, 1)), *layer) == ""
    assert known_fault(graph((0, -1, 0), (2, -6, 6), (1, -1, 1)), *layer) == ""
    assert known_fault(wrong, "Default/other", "StridedSlice") == ""


@pytest.mark.parametrize(("axis", "wrong"), [(1, True), ((0, -1), True), ((0, 1, -1), False), ((), False)])
def test_norms_over_some_axes_are_a_fault_of_mindspore(axis: int | tuple[int, ...], wrong: bool) -> None:
    from hubkit.convert.mismatch.faults import known_fault

    types = TensorType((2, 5, 6), BY_NAME["float32"])
    node = Node("y", "ClipByNorm", ("x", "most"), ("y",), {"axis": axis}, types, "Default/ClipByNorm-op0")
    graph = Graph("g", (GraphInput("x", types),), (), {}, {}, (node,), {}, "")
    assert ("takes other norms" in known_fault(graph, "Default/ClipByNorm-op0", "ClipByNorm")) is wrong


@pytest.mark.parametrize(
    ("mask", "wrong"), [(-np.inf, True), (np.full((1, 2), -np.inf), True), (-1e9, False), (3, False)]
)
def test_rows_that_are_masked_whole_are_a_fault_of_mindspore(mask: Any, wrong: bool) -> None:
    from hubkit.convert.mismatch.faults import known_fault

    types = TensorType((2, 5, 6), BY_NAME["float32"])
    node = Node("y", "Softmax", ("x",), ("y",), {"axis": -1}, types, "Default/Softmax-op0")
    graph = Graph("g", (GraphInput("x", types),), (), {}, {"mask": mask}, (node,), {}, "")
    assert ("masked whole with -inf" in known_fault(graph, "Default/Softmax-op0", "Softmax")) is wrong


def test_where_one_runtime_alone_gives_numbers_the_layer_that_makes_them_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch)
    result = run(job(tmp_path, "reviving"))
    assert result.status is ConversionStatus.DIFFERS
    assert result.mismatch is not None
    assert result.mismatch.divergence is not None, result.mismatch.note
    found = result.mismatch.divergence
    assert (found.layer, found.operator, found.is_cause) == ("Default/relu-ReLU/ReLU-op1", "ReLU", True)
    assert 0 < found.lost < 1024
    assert f"which gives {found.lost} elements that are infinite or no number in one runtime only" in result.error
    assert "MindSpore 2.10 on a CPU makes NaN 0 there" in result.error
    assert "It differs most at" not in result.error


def test_a_function_that_mindspore_computes_inexactly_is_measured_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch, _EXACT)
    result = run(job(tmp_path, "enlarging"))
    assert result.status is ConversionStatus.DIFFERS
    assert result.mismatch is not None
    assert result.mismatch.divergence is not None, result.mismatch.note
    found = result.mismatch.divergence.exactness
    assert found is not None
    assert (found.layer, found.operator) == ("Default/Tanh-op0", "Tanh")
    assert 2e-5 < found.reference_off < 2e-4
    assert found.candidate_off < 1e-6
    assert "there ONNX Runtime is the more exact one" in result.error
    assert found.explains
    assert found.widened_max_abs is not None
    assert found.widened_max_abs < 1e-5
    assert "as they may: MindSpore's is the cause" in result.error
    assert "compute its Tanh in float64" in result.error


def test_an_inexact_function_within_a_branch_is_found_by_computing_it_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch, _EXACT)
    result = run(job(tmp_path, "enlarging_within"))
    assert result.status is ConversionStatus.DIFFERS
    assert result.mismatch is not None
    assert result.mismatch.divergence is not None, result.mismatch.note
    assert result.mismatch.divergence.exactness is None
    found = result.mismatch.divergence.within
    assert found is not None
    assert (found.operator, found.layers) == ("Tanh", ("Default/Tanh-op0",))
    assert found.widened_max_abs < 1e-5
    assert "MindSpore on a CPU approximates the Tanh in Default/Tanh-op0." in result.error
    assert "loses that much by itself" not in result.error
    assert "as they may: MindSpore's is the cause" in result.error


@pytest.mark.parametrize("network", ["embedding", "embedding_by_input"])
def test_frequencies_of_an_embedding_are_measured_as_shares(
    network: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch, _EXACT)
    result = run(job(tmp_path, network))
    assert result.status is ConversionStatus.DIFFERS, result.error
    assert result.mismatch is not None
    assert result.mismatch.divergence is not None, result.mismatch.note
    found = result.mismatch.divergence.exactness
    assert found is not None
    assert (found.operator, found.relative) == ("Exp", True)
    assert 1e-6 < found.reference_off < 1e-5
    assert found.candidate_off < 3e-7
    assert "(of each value): there ONNX Runtime is the more exact one" in result.error


def test_an_inexact_function_is_named_where_no_layer_differs_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch, _EXACT)
    result = run(job(tmp_path, "tripled"))
    assert result.status is ConversionStatus.DIFFERS, result.error
    assert "MindSpore on a CPU approximates the Tanh in Default/Tanh-op0" in result.error


def test_another_pick_of_equal_values_is_no_wrong_layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch)
    result = run(job(tmp_path, "tied"))
    assert result.status is ConversionStatus.DIFFERS, result.error
    assert "both pick equal values, in another order" in result.error
    assert "this layer is wrong" not in result.error


def test_only_the_operator_that_is_asked_for_is_widened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hubkit.convert.mismatch.widened import widen
    from hubkit.smoke.runners import MindirRunner

    in_workers(tmp_path, monkeypatch)
    made = next(file.path for file in run(job(tmp_path)).files if file.format == "mindir")
    before, path = read_mindir(made), tmp_path / "wide.mindir"
    widen(made, path, before, "Tanh")
    after = read_mindir(path)
    types = {node.op: node.output_type for node in after.nodes if isinstance(node.output_type, TensorType)}
    assert [kind for kind, type_ in types.items() if type_.dtype.name == "float64"] == ["Tanh"]
    casts = [node for node in after.nodes if node.op == "Cast"]
    assert len(after.nodes) == len(before.nodes) + len(casts) == len(before.nodes) + 2
    image = {"image": np.random.default_rng(1).uniform(size=(1, 3, 16, 16)).astype(np.float32)}
    (ours,), (theirs,) = MindirRunner(path).run(image), MindirRunner(made).run(image)
    assert 0 < np.abs(ours - theirs).max() < 1e-3


def test_an_inexact_function_is_no_excuse_for_another_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch, _BREAK.format(op="BiasAdd"))
    result = run(job(tmp_path, "enlarging"))
    assert result.status is ConversionStatus.DIFFERS
    assert "(BiasAdd)" in result.error or "(Conv2D)" in result.error
    assert "MindSpore's is the cause" not in result.error


def test_in_float64_as_it_is_told_to_be_computed_it_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch)
    result = run(job(tmp_path, "enlarging_exactly"))
    assert result.status is ConversionStatus.PASSED, result.error


def test_a_wrong_lowering_is_not_laid_to_mindspore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = broken(tmp_path, monkeypatch, "Tanh")
    assert result.status is ConversionStatus.DIFFERS
    assert "there MindSpore is the more exact one" in result.error
    assert "ONNX Runtime is the more exact one" not in result.error


def test_where_simplifying_is_at_fault_no_layer_is_blamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch, _BAD_OPTIMIZER)
    result = run(job(tmp_path))
    assert result.status is ConversionStatus.DIFFERS
    assert result.mismatch is not None
    assert result.mismatch.divergence is None
    assert "as it was lowered the network agrees" in result.error
    assert "--no-optimize" in result.error


def test_the_evidence_is_kept_and_cleared_by_a_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = broken(tmp_path, monkeypatch, "Tanh")
    folder = tmp_path / "models" / "deep.mismatch"
    assert result.mismatch is not None
    assert result.mismatch.folder == folder
    assert f"The evidence is in {folder}" in result.error
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["deep.mismatch"]
    with np.load(folder / "arrays.npz") as arrays:
        assert sorted(arrays) == ["candidate:scores", "input_0:image", "reference:scores"]
        place = result.mismatch.index
        assert arrays["reference:scores"][place] == pytest.approx(result.mismatch.reference)
        assert arrays["candidate:scores"][place] == pytest.approx(result.mismatch.found)
        difference = np.abs(arrays["reference:scores"] - arrays["candidate:scores"])
        assert difference[place] == difference.max() == pytest.approx(result.parity[2].max_abs)
    data = json.loads((folder / "mismatch.json").read_text(encoding="utf-8"))
    assert data["mismatch"]["divergence"]["layer"] == "Default/tanh-Tanh/Tanh-op0"
    assert "Default/tanh-Tanh/Tanh-op0" in (folder / "mismatch.txt").read_text(encoding="utf-8")
    (tmp_path / "path" / "sitecustomize.py").write_text(
        "from tests.convert import small_networks\nsmall_networks.install()\n", encoding="utf-8"
    )
    assert run(job(tmp_path)).status is ConversionStatus.PASSED
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["deep.mindir", "deep.onnx"]


def test_a_crash_while_the_layer_is_looked_for_leaves_the_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash = "\nimport ctypes\nfrom hubkit.convert.mismatch import layers\n"
    crash += "layers.together = lambda _: ctypes.string_at(0)\n"
    in_workers(tmp_path, monkeypatch, _BREAK.format(op="Tanh") + crash)
    result = run(job(tmp_path))
    assert result.status is ConversionStatus.DIFFERS
    assert result.mismatch is None
    assert "onnxruntime differs from mindspore in output scores" in result.error
    assert list((tmp_path / "models").iterdir()) == []


def test_smoke_names_the_layer_of_a_tampered_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import onnx
    from onnx import numpy_helper

    in_workers(tmp_path, monkeypatch)
    made = run(job(tmp_path))
    path = next(file.path for file in made.files if file.format == "onnx")
    model = onnx.load(str(path))
    (weight,) = (tensor for tensor in model.graph.initializer if tensor.name == "third.weight")
    weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight) * np.float32(1.1), "third.weight"))
    onnx.save(model, str(path))
    result = smoke(job(tmp_path), {"onnx": path}, evidence=tmp_path / "why")
    assert result.status is ConversionStatus.DIFFERS
    assert result.mismatch is not None
    assert result.mismatch.divergence is not None, result.mismatch.note
    assert result.mismatch.divergence.layer.startswith("Default/third-Conv2d/")
    assert result.mismatch.folder == tmp_path / "why" / "deep.mismatch"


def test_what_lies_in_the_place_of_the_evidence_and_is_none_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "models" / "deep.mismatch" / "thesis.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("years of work")
    result = broken(tmp_path, monkeypatch, "Tanh")
    assert mine.read_text() == "years of work"
    assert result.mismatch is not None
    assert result.mismatch.folder is None
    assert "something else lies there" in result.error
