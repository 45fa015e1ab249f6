"""Every row of op_cases: lowered, its ONNX file gives what MindSpore gives, for one input and for two in a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.convert.op_cases import CASES, STRUCTURAL, Case
from tests.convert.op_rows import picking
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)), ids=[case.name for case in CASES])
def test_the_onnx_form_computes_the_same(networks: Path, tmp_path: Path, number: int, case: Case) -> None:
    import numpy as np
    import onnxruntime

    from hubkit.convert.mindir import read_mindir
    from hubkit.convert.onnx_export import mindir_to_onnx

    error = networks / f"{number}.error"
    assert not error.exists(), f"MindSpore does not run this row: {error.read_text()}"
    with np.load(networks / f"{number}.npz") as stored:
        arrays = dict(stored)
    mindir = networks / f"{number}.mindir"
    assert case.op in {node.op for node in read_mindir(mindir).nodes}

    names = ["input_" + name for name in "xyz"[: len(case.inputs)]]
    outputs = [f"output_{place}" for place in range(sum(key.startswith("0.output") for key in arrays))]
    onnx_file = tmp_path / "case.onnx"
    mindir_to_onnx(mindir, onnx_file, input_names=names, output_names=outputs)
    session = onnxruntime.InferenceSession(str(onnx_file), providers=["CPUExecutionProvider"])
    assert [value.name for value in session.get_inputs()] == names
    assert [value.name for value in session.get_outputs()] == outputs

    def given(index: int) -> dict[str, Any]:
        return {"input_" + name: arrays[f"{index}.{name}"] for name in "xyz"[: len(case.inputs)]}

    def expected(index: int) -> list[Any]:
        return [arrays[f"{index}.output{place}"] for place in range(len(outputs))]

    for index in (0, 1):
        _compare(case, session.run(None, given(index)), expected(index))
    if case.batched:
        together = {name: np.concatenate([array, given(1)[name]]) for name, array in given(0).items()}
        both = [np.concatenate(pair) for pair in zip(expected(0), expected(1), strict=True)]
        _compare(case, session.run(None, together), both)


@pytest.mark.parametrize("number", [number for number, case in enumerate(CASES) if case in picking.ROWS])
def test_sizes_that_depend_on_the_data_differ_between_the_two_inputs(networks: Path, number: int) -> None:
    """Else how many one of them picks could stand in the graph, and nobody would see it."""
    import numpy as np

    from hubkit.convert.mindir import read_mindir

    (output,) = read_mindir(networks / f"{number}.mindir").outputs
    types = output.type if isinstance(output.type, tuple) else (output.type,)
    with np.load(networks / f"{number}.npz") as stored:
        shapes = [[array.shape for name, array in stored.items() if name.startswith(f"{run}.output")] for run in (0, 1)]
    varying = [place for place, type_ in enumerate(types) if -1 in getattr(type_, "shape", ())]
    assert not varying or any(shapes[0][place] != shapes[1][place] for place in varying)


def _compare(case: Case, found: list[Any], expected: list[Any]) -> None:
    import numpy as np

    for a, b in zip(expected, found, strict=True):
        assert a.dtype == b.dtype
        assert a.shape == b.shape
        np.testing.assert_allclose(b, a, rtol=case.rtol, atol=case.atol)


def test_every_lowering_has_a_row() -> None:
    from hubkit.convert.lowering import LOWERINGS

    assert set(LOWERINGS) - STRUCTURAL == {case.op for case in CASES}


def test_every_lowering_documents_the_operators_it_takes() -> None:
    from hubkit.convert.lowering import LOWERINGS

    silent = [op for op, entry in LOWERINGS.items() if op not in (entry.function.__doc__ or "")]
    assert silent == []


def test_every_looser_tolerance_has_its_reason() -> None:
    from tests.convert.op_cases import ATOL, RTOL

    usual = [case.name for case in CASES if not case.reason and (case.atol, case.rtol) != (ATOL, RTOL)]
    unbatched = [case.name for case in CASES if not case.batched and not case.reason]
    assert (usual, unbatched) == ([], [])
