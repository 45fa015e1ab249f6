"""One small cell in every runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hubkit.errors import ConvertError
from tests.requirements import needs_mindspore

np = pytest.importorskip("numpy")
pytestmark = needs_mindspore

_A = np.arange(6, dtype=np.float32).reshape(2, 3)
_B = np.full((2, 3), 0.5, np.float32)
_INPUTS = {"a": _A, "b": _B}


def _cell() -> Any:
    from tests.smoke.cells import TwoOutputs

    return TwoOutputs().set_train(False)


@pytest.fixture
def mindir(tmp_path: Path) -> Path:
    import mindspore

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    path = tmp_path / "two.mindir"
    mindspore.export(_cell(), mindspore.Tensor(_A), mindspore.Tensor(_B), file_name=str(path), file_format="MINDIR")
    return path


@pytest.fixture
def onnx_file(tmp_path: Path) -> Path:
    import onnx
    from onnx import TensorProto, helper

    def value(name: str) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", 3])

    nodes = [
        helper.make_node("Sub", ["a", "b"], ["difference"]),
        helper.make_node("Mul", ["a", "b"], ["product"]),
        helper.make_node("Mul", ["product", "product"], ["square"]),
    ]
    graph = helper.make_graph(nodes, "two", [value("a"), value("b")], [value("difference"), value("square")])
    path = tmp_path / "two.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), path)
    return path


def _check(runner: Any, name: str, module: Any) -> None:
    assert runner.name == name
    assert runner.version == module.__version__
    difference, square = runner.run(_INPUTS)
    np.testing.assert_array_equal(difference, _A - _B, strict=True)
    np.testing.assert_array_equal(square, (_A * _B) ** 2, strict=True)


def test_a_cell_runs_in_graph_mode_and_nested_outputs_are_one_list() -> None:
    import mindspore

    from hubkit.smoke.runners import MindSporeRunner

    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    runner = MindSporeRunner(_cell())
    assert mindspore.get_context("mode") == mindspore.GRAPH_MODE
    _check(runner, "mindspore", mindspore)


def test_a_mindir_file_runs(mindir: Path) -> None:
    import mindspore

    from hubkit.smoke.runners import MindirRunner

    _check(MindirRunner(mindir), "mindir", mindspore)


def test_an_onnx_file_runs_with_any_batch_and_inputs_in_any_order(onnx_file: Path) -> None:
    import onnxruntime

    from hubkit.smoke.runners import OnnxRunner

    runner = OnnxRunner(onnx_file)
    _check(runner, "onnxruntime", onnxruntime)
    difference, _ = runner.run({"b": _B[:1], "a": _A[:1]})
    np.testing.assert_array_equal(difference, _A[:1] - _B[:1])


@pytest.mark.parametrize("content", [None, b"", b"no model" * 40])
def test_a_file_that_is_no_model_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    from hubkit.smoke.runners import MindirRunner, OnnxRunner

    for runner, suffix in ((MindirRunner, "mindir"), (OnnxRunner, "onnx")):
        path = tmp_path / f"bad.{suffix}"
        if content is not None:
            path.write_bytes(content)
        reason = f"no such {suffix.upper()} file" if content is None else "cannot load it"
        with pytest.raises(ConvertError, match=reason) as caught:
            runner(path)
        assert str(path) in caught.value.message
        assert "\n" not in caught.value.message


def test_inputs_that_the_onnx_model_does_not_have_are_named(onnx_file: Path) -> None:
    from hubkit.smoke.runners import OnnxRunner

    with pytest.raises(ConvertError, match="the ONNX model's inputs are a, b, not a, image"):
        OnnxRunner(onnx_file).run({"a": _A, "image": _B})


def test_a_runtime_that_refuses_its_inputs_says_so_in_one_line(onnx_file: Path) -> None:
    from hubkit.smoke.runners import MindSporeRunner, OnnxRunner

    for runner, name in ((OnnxRunner(onnx_file), "onnxruntime"), (MindSporeRunner(_cell()), "mindspore")):
        with pytest.raises(ConvertError, match=f"{name} failed: .") as caught:
            runner.run({"a": _A, "b": np.zeros((2, 4), np.float32)})
        assert "\n" not in caught.value.message


def test_every_run_is_timed(onnx_file: Path) -> None:
    from hubkit.smoke.runners import OnnxRunner, timed

    outputs, seconds = timed(OnnxRunner(onnx_file), _INPUTS, repeat=3)
    np.testing.assert_array_equal(outputs[0], _A - _B)
    assert len(seconds) == 3
    assert all(second > 0 for second in seconds)


def test_a_model_runs_at_least_once(onnx_file: Path) -> None:
    from hubkit.smoke.runners import OnnxRunner, timed

    with pytest.raises(ValueError, match="at least once, not 0 times"):
        timed(OnnxRunner(onnx_file), _INPUTS, repeat=0)


def test_a_network_survives_its_mindir_file_bit_for_bit_and_moves_with_its_input(tmp_path: Path) -> None:
    import mindspore

    from hubkit import nets
    from hubkit.nets import InputSpec
    from hubkit.smoke.compare import compare, sensitivity
    from hubkit.smoke.inputs import seeded_inputs
    from hubkit.smoke.runners import MindirRunner, MindSporeRunner
    from tests.nets.golden import seed_weights

    cell = nets.build("unet3plus")
    seed_weights(cell, 0)
    image = InputSpec(name="image", shape=(1, 3, 64, 64), dtype="float32", low=0.0, high=1.0)
    first, second = seeded_inputs([image], 0), seeded_inputs([image], 1)
    runner = MindSporeRunner(cell)
    (output,) = runner.run(first)
    (other,) = runner.run(second)
    assert sensitivity(output, other).passed
    path = tmp_path / "unet3plus.mindir"
    mindspore.export(cell, mindspore.Tensor(first["image"]), file_name=str(path), file_format="MINDIR")
    (reloaded,) = MindirRunner(path).run(first)
    parity = compare(output, reloaded, atol=0, rtol=0, ppm=0)
    assert parity.passed, parity.reason
