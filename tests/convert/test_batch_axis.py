"""Batches of two: put together along the axis that follows the batch, and closed where a network mixes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.records import ConvertJob, ModelFile, Port
from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec
from tests.convert.small_networks import in_workers
from tests.requirements import needs_mindspore

np = pytest.importorskip("numpy")
pytest.importorskip("onnxruntime")

from hubkit.convert import evidence as module  # noqa: E402

INPUTS = (InputSpec("x", (1, 3), "float32", 0, 1),)


class Along:
    """A runner whose output has the batch along ``axis``; with ``mixes`` all of the batch is in its output."""

    name = "onnxruntime"

    def __init__(self, axis: int, mixes: bool) -> None:
        self._axis, self._mixes = axis, mixes

    def run(self, inputs: Mapping[str, Any]) -> tuple[Any, ...]:
        x = inputs["x"].mean(0, keepdims=True) + inputs["x"] if self._mixes else inputs["x"]
        return (np.moveaxis(x[:, None], 0, self._axis),)


def evidence(monkeypatch: pytest.MonkeyPatch, runner: Along, output: tuple[int | str, ...]) -> Any:
    """What is found of a file with one output of the sizes ``output``."""
    monkeypatch.setattr(module, "OnnxRunner", lambda *_: runner)
    ports = Port("x", ("batch", 3), "float32"), Port("y", output, "float32")
    made = module.Evidence(INPUTS, ("y",), 0)
    made.run_reference(runner)
    made.run_onnx(ModelFile("onnx", Path("x.onnx"), "", 1, 18, {}, ports[:1], ports[1:]))
    return made


def stepped(compute: Callable[[Any, Any], Any]) -> Any:
    """What is found of a file with an input of a batch and one that is a single number."""

    class Stepped:
        name = "onnxruntime"

        def run(self, inputs: Mapping[str, Any]) -> tuple[Any, ...]:
            return (compute(inputs["x"], inputs["steps"]),)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "OnnxRunner", lambda *_: Stepped())
        ports = Port("steps", (), "int32"), Port("x", ("batch", 3), "float32"), Port("y", ("batch", 3), "float32")
        made = module.Evidence((InputSpec("steps", (), "int32", 1, 4), *INPUTS), ("y",), 0)
        made.run_reference(Stepped())
        made.run_onnx(ModelFile("onnx", Path("x.onnx"), "", 1, 18, {}, ports[:2], ports[2:]))
    return made


def test_a_batch_lies_along_the_open_axis_of_an_output(monkeypatch: pytest.MonkeyPatch) -> None:
    found = evidence(monkeypatch, Along(1, mixes=False), (1, "batch", 3))
    assert [(record.batch, record.passed) for record in found.parity] == [(1, True), (1, True), (2, True)]
    assert found.batch_bound() == ""


def test_an_output_that_mixes_the_batch_binds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = evidence(monkeypatch, Along(0, mixes=True), ("batch", 1, 3))
    assert [(record.batch, record.passed) for record in found.parity] == [(1, True), (1, True), (2, False)]
    assert found.batch_bound().startswith("in a batch of two, output y is not that of each alone: ")


def test_a_network_that_takes_the_mean_of_its_batch_has_a_fixed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hubkit.convert.pipeline import run

    in_workers(tmp_path, monkeypatch)
    result = run(ConvertJob("over_the_batch", tmp_path / "models", "x", formats=("onnx",)))
    assert result.status is ConversionStatus.PASSED, result.error
    (file,) = result.files
    assert file.note.startswith("its batch is fixed: BatchNorm in layer Default/norm-BatchNorm2d/BatchNorm-op0")
    assert file.note.endswith("it takes the mean and the variance of the whole batch")


@pytest.mark.parametrize(("off", "bound"), [(0.0, True), (0.01, True), (0.01, False)])
def test_an_output_that_is_inexact_and_mixes_the_batch_binds_it(
    monkeypatch: pytest.MonkeyPatch, off: float, bound: bool
) -> None:
    """What a file gives for a batch is compared with what the same file gives for each alone, right or not."""
    runner = Along(0, mixes=bound)
    monkeypatch.setattr(module, "OnnxRunner", lambda *_: runner)
    ports = Port("x", ("batch", 3), "float32"), Port("y", ("batch", 1, 3), "float32")
    made = module.Evidence(INPUTS, ("y",), 0)
    made.run_reference(runner)
    right = runner.run
    runner.run = lambda inputs: tuple(output + off for output in right(inputs))  # type: ignore[method-assign]
    made.run_onnx(ModelFile("onnx", Path("x.onnx"), "", 1, 18, {}, ports[:1], ports[1:]))
    assert bool(made.batch_bound()) is bound
    assert all(record.passed for record in made.parity[:2]) is (not off)


def test_an_output_without_batch_binds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = evidence(monkeypatch, Along(0, mixes=False), (1, 1, 3))
    assert found.batch_bound() == "output y is one for the whole batch"


@pytest.mark.parametrize(("told", "bound"), [("the sizes do not fit", True), ("cannot allocate memory", False)])
def test_a_batch_of_two_that_cannot_be_run_binds_it(monkeypatch: pytest.MonkeyPatch, told: str, bound: bool) -> None:
    class Alone(Along):
        def run(self, inputs: Mapping[str, Any]) -> tuple[Any, ...]:
            if len(inputs["x"]) > 1:
                raise ConvertError(told)
            return super().run(inputs)

    if not bound:
        with pytest.raises(ConvertError, match=told):
            evidence(monkeypatch, Alone(0, mixes=False), ("batch", 1, 3))
        return
    found = evidence(monkeypatch, Alone(0, mixes=False), ("batch", 1, 3))
    assert found.batch_bound() == f"a batch of two cannot be run: {told}"
    assert list(found.failures()) == [("run", f"a batch of two cannot be run: {told}")]


@pytest.mark.parametrize(("off", "passed"), [(0.01, True), (0.2, False)])
def test_a_single_number_is_judged_by_what_both_inputs_give(
    monkeypatch: pytest.MonkeyPatch, off: float, passed: bool
) -> None:
    """For one of them it is near zero, and what it is the sum of is not."""

    class Score:
        name = "onnxruntime"

        def __init__(self) -> None:
            self._given: list[Any] = []
            self.off = 0.0

        def run(self, inputs: Mapping[str, Any]) -> tuple[Any, ...]:
            self._given = self._given or [inputs["x"]]
            number = 4.0 if np.array_equal(inputs["x"], self._given[0]) else 0.1
            return (np.full((1, 1), number + self.off, np.float32),)

    runner = Score()
    monkeypatch.setattr(module, "OnnxRunner", lambda *_: runner)
    made = module.Evidence(INPUTS, ("y",), 0)
    made.run_reference(runner)
    runner.off = off
    ports = Port("x", (1, 3), "float32"), Port("y", (1, 1), "float32")
    made.run_onnx(ModelFile("onnx-fp16", Path("x.onnx"), "", 1, 18, {}, ports[:1], ports[1:]))
    assert {record.passed for record in made.parity} == {passed}


def test_a_coarse_file_that_is_wrong_anyway_hides_no_batch_that_is_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    found = evidence(monkeypatch, Along(0, mixes=True), ("batch", 1, 3))
    coarse = [replace(record, candidate="onnxruntime int8", batch=1) for record in found.parity if not record.passed]
    found._records = [*coarse, *found._records]
    assert found.batch_bound().startswith("in a batch of two, output y is not that of each alone: ")
    found._records = coarse
    assert found.batch_bound() == ""
    found._mixed = ("parity", "output y is one for the whole batch")
    assert found.batch_bound() == "output y is one for the whole batch"


def test_a_batch_beside_a_single_number_is_compared_too() -> None:
    """A number of steps cannot be put together with another one: each is tried with a batch of two of its own."""
    found = stepped(lambda x, steps: x * steps)
    assert [(record.input_seeds, record.batch) for record in found.parity] == [
        ((0,), 1),
        ((1,), 1),
        ((0,), 2),
        ((1,), 2),
    ]
    assert all(record.passed for record in found.parity)
    assert found.batch_bound() == ""


def test_a_batch_that_is_mixed_beside_a_single_number_is_bound() -> None:
    found = stepped(lambda x, steps: (x - x.mean()) * steps)
    assert found.batch_bound().startswith("in a batch of two, output y is not that of each alone: ")


@pytest.mark.parametrize(
    ("compute", "words"),
    [
        (lambda x, steps: (x @ x.T) * steps, "output y is [1, 2] where [1, 1] is due"),
        (lambda x, steps: x[: 2 - len(x)] * steps, "output y is [0, 3] where [1, 3] is due"),
        (lambda x, steps: (x * steps)[0] if len(x) == 1 else np.sum(x), "output y is [] where [3] is due"),
    ],
)
def test_an_output_of_another_shape_beside_a_single_number_binds_it(
    compute: Callable[[Any, Any], Any], words: str
) -> None:
    assert stepped(compute).batch_bound() == f"in a batch of two, {words}"


def test_an_output_of_another_shape_in_a_batch_of_two_binds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Product(Along):
        def run(self, inputs: Mapping[str, Any]) -> tuple[Any, ...]:
            return (inputs["x"] @ inputs["x"].T,)

    found = evidence(monkeypatch, Product(0, mixes=True), ("batch", 1))
    assert found.batch_bound() == "in a batch of two, output y is [2, 2] where [2, 1] is due"
    assert [words for _, words in found.failures()][:1] == [found.batch_bound()]


@pytest.mark.parametrize(("half", "passed"), [(False, False), (True, True)])
def test_a_network_that_rounds_to_float16_itself_is_held_to_its_tolerance(half: bool, passed: bool) -> None:
    """A difference of a unit in the last place of float16."""

    class Runs:
        name = "onnxruntime"

        def __init__(self, more: float) -> None:
            self._more = more

        def run(self, inputs: Mapping[str, Any]) -> tuple[Any, ...]:
            return (8 * inputs["x"] + self._more,)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "OnnxRunner", lambda *_: Runs(2**-8))
        made = module.Evidence(INPUTS, ("y",), 0)
        made.run_reference(Runs(0))
        port = (Port("x", (1, 3), "float32"),)
        made.run_onnx(ModelFile("onnx", Path("x.onnx"), "", 1, 18, {}, port, port, computes_in_half=half))
    assert [record.passed for record in made.parity] == [passed] * 2


@pytest.mark.parametrize("passed", [True, False])
def test_an_output_that_stays_passes_beside_one_that_moves(passed: bool) -> None:
    from hubkit.convert.evidence import Evidence

    class Both:
        name = "mindspore"

        def run(self, inputs: Mapping[str, Any]) -> tuple[Any, ...]:
            return inputs["x"] * passed, np.arange(3)

    made = Evidence(INPUTS, ("y", "classes"), 0)
    made.run_reference(Both())
    assert [moved.passed for moved in made.moves] == [passed, passed]


@needs_mindspore
def test_a_network_that_mixes_its_batch_is_converted_for_the_exported_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hubkit.convert.pipeline import run

    in_workers(tmp_path, monkeypatch)
    result = run(ConvertJob(network="mixing", target_dir=tmp_path / "out", stem="mixing"))
    assert result.status is ConversionStatus.PASSED, result.error
    (file,) = [file for file in result.files if file.format == "onnx"]
    assert file.inputs[0].shape == (1, 3, 16, 16)
    assert file.note.startswith("its batch is fixed: in a batch of two, output scores is not that of each alone")
    assert {record.batch for record in result.parity} == {1}
