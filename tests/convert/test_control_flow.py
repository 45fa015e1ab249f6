"""Functions, branches and loops: the ONNX form takes the same path as MindSpore, also with another batch."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.errors import ConvertError
from tests.convert.control_cases import CASES, Case
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore


@pytest.mark.parametrize("case", [case for case in CASES if not case.refused], ids=lambda case: case.name)
def test_the_onnx_form_computes_the_same(control: Path, tmp_path: Path, case: Case) -> None:
    import numpy as np
    import onnxruntime

    from hubkit.convert.onnx_export import mindir_to_onnx

    target = tmp_path / "case.onnx"
    names = ["x", "i"][: len(case.inputs[0])]
    outputs = [f"y{place}" for place in range(case.outputs)]
    report = mindir_to_onnx(control / f"{case.name}.mindir", target, input_names=names, output_names=outputs)
    found = {op: count for op, count in report.file.operators.items() if op in ("If", "Loop")}
    assert found == case.operators
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    with np.load(control / f"{case.name}.npz") as stored:
        arrays = dict(stored)
    for run in range(len(case.inputs)):
        given = {name: arrays[f"{run}.input{place}"] for place, name in enumerate(names)}
        results = session.run(None, given)
        for place, result in enumerate(results):
            expected = arrays[f"{run}.output{place}"]
            assert (result.dtype, result.shape) == (expected.dtype, expected.shape)
            np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["If", "Zeros", "Layer", "Accumulated", "Break", "WhileInWhile"])
def test_the_batch_stays_open(control: Path, tmp_path: Path, name: str) -> None:
    import numpy as np
    import onnxruntime

    from hubkit.convert.onnx_export import mindir_to_onnx

    outputs = ["y0", "y1"][: next(case.outputs for case in CASES if case.name == name)]
    target = tmp_path / "case.onnx"
    mindir_to_onnx(control / f"{name}.mindir", target, input_names=["x"], output_names=outputs)
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    for sign in (1, -1):
        x = sign * np.full((1, 4), 0.5, np.float32)
        three = session.run(None, {"x": np.concatenate([x, x, x])})[0]
        assert three.shape == (3, 4)
        assert np.array_equal(three[0], three[2])


def test_a_size_that_the_branches_decide_is_open_beside_the_batch(control: Path, tmp_path: Path) -> None:
    import numpy as np
    import onnxruntime

    from hubkit.convert.onnx_export import mindir_to_onnx

    target = tmp_path / "case.onnx"
    report = mindir_to_onnx(control / "OtherSizes.mindir", target, input_names=["x"], output_names=["y0", "y1"])
    assert [port.shape for port in report.file.outputs] == [("batch", "y0_1"), ("batch",)]
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    for sign, size in ((1, 3), (-1, 8)):
        three = session.run(None, {"x": sign * np.full((3, 4), 0.5, np.float32)})[0]
        assert three.shape == (3, size)


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=lambda case: case.name)
def test_what_cannot_be_expressed_is_refused_with_its_layer(control: Path, tmp_path: Path, case: Case) -> None:
    from hubkit.convert.onnx_export import mindir_to_onnx

    with pytest.raises(ConvertError, match=case.refused) as raised:
        mindir_to_onnx(control / f"{case.name}.mindir", tmp_path / "x.onnx", input_names=["x"], output_names=["y"])
    assert "in layer " in raised.value.message
    assert list(tmp_path.iterdir()) == []
