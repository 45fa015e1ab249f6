"""Float16 that becomes float32: rounded as the network says, where ONNX Runtime leaves the rounding out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.pipeline import run
from hubkit.convert.records import ConvertJob
from hubkit.nets.spec import InputSpec
from tests.convert.small_networks import in_workers
from tests.convert.test_optimize import Row, lowered
from tests.requirements import needs_mindspore

if TYPE_CHECKING:
    from hubkit.convert.lowering.builder import Builder, Value

pytestmark = needs_mindspore

NOTE = "its float16 is rounded before it becomes float32, which ONNX Runtime leaves out: without that, output "


def test_a_network_that_counts_on_the_rounding_agrees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch)
    result = run(ConvertJob("masked", tmp_path / "models", "net"))
    assert (result.status, result.error) == (ConversionStatus.PASSED, "")
    (onnx,) = [file for file in result.files if file.format == "onnx"]
    assert onnx.note.startswith(f"{NOTE}scores differs by up to 0.")
    assert onnx.operators["Reshape"] == 1
    assert onnx.inputs[0].shape[0] == "batch"


def test_a_finished_mindir_has_it_too(tmp_path: Path) -> None:
    from hubkit.convert.from_mindir import convert_mindir
    from hubkit.convert.mindir_export import export_mindir
    from tests.convert.small_cells import Masked

    made = export_mindir(Masked(), (InputSpec("image", (1, 3, 16, 16), "float32", 0.0, 1.0),), tmp_path / "net")
    found = convert_mindir(made, tmp_path / "out")
    assert (found.error, found.parity.skipped) == ("", "")
    assert found.files[0].note.startswith(f"{NOTE}output differs by up to 0.")


def test_a_network_whose_float16_needs_none_keeps_its_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch)
    result = run(ConvertJob("halved", tmp_path / "models", "net"))
    assert (result.status, result.error) == (ConversionStatus.PASSED, "")
    (onnx,) = [file for file in result.files if file.format == "onnx"]
    assert ("Reshape" in onnx.operators, onnx.note) == (False, "")


def _whole(g: Builder, x: Value) -> Value:
    half = g.node("Add", g.node("Cast", x, to=_onnx("float16")), g.constant(-10000, "float16"))
    return g.node("Cast", half, to=_onnx("float32"))


def _number(g: Builder, x: Value) -> Value:
    half = g.node("ReduceSum", g.node("Cast", x, to=_onnx("float16")), keepdims=0)
    return g.node("Add", x, g.node("Cast", half, to=_onnx("float32")))


def _onnx(dtype: str) -> int:
    from hubkit.convert.dtypes import BY_NAME

    return BY_NAME[dtype].onnx


@pytest.mark.parametrize(
    ("make", "shape", "added"), [(_whole, (2, 0, 3), 1), (_whole, (2, 3), 1), (_number, (2, 3), 0)]
)
def test_any_sizes_can_be_run(
    make: Callable[[Builder, Value], Value], shape: tuple[int, ...], added: int, tmp_path: Path
) -> None:
    import numpy as np
    import onnxruntime

    from hubkit.convert.onnx_file import write_onnx
    from hubkit.convert.precision.half_rounding import with_rounding

    after = with_rounding(lowered(Row("rounding", shape, make, {})))
    assert [node.op_type for node in after.model.graph.node].count("Reshape") == added
    write_onnx(tmp_path / "made.onnx", after.model, after.initializers)
    session = onnxruntime.InferenceSession(tmp_path / "made.onnx", providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"x": np.full(shape, 3, np.float32)})
    np.testing.assert_array_equal(found, np.full(shape, -10000 if make is _whole else 21, np.float32))
