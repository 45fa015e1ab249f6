"""The first operator that decides otherwise in float16, and how near a tie it is: told by the network's own values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("onnxruntime")
import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, save

_TIED = np.array([[0.5, 0.7500001, 0.75, 0.1]], np.float32)


def _file(path: Path, *nodes: NodeProto, half: bool) -> Path:
    """A file that gives ``places``, of which ``x`` is rounded to float16 first where it is a ``half``."""
    rounding = [
        helper.make_node("Cast", ["x"], ["x16"], to=TensorProto.FLOAT16),
        helper.make_node("Cast", ["x16"], ["scores"], to=TensorProto.FLOAT),
    ]
    first = rounding if half else [helper.make_node("Abs", ["x"], ["scores"])]
    graph = helper.make_graph(
        [*first, *nodes],
        "picking",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])],
        [helper.make_tensor_value_info("places", TensorProto.UNDEFINED, None)],
        [
            helper.make_tensor("k", TensorProto.INT64, [1], [2]),
            helper.make_tensor("limit", TensorProto.FLOAT, [], [0.75]),
        ],
    )
    model: ModelProto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    del model.graph.output[:]
    model.graph.output.extend([helper.make_empty_tensor_value_info("places")])
    save(model, str(path))
    return path


@pytest.mark.parametrize(
    ("node", "cases"),
    [
        (helper.make_node("TopK", ["scores", "k"], ["best", "places"], name="top", largest=0), "1 of 2"),
        (helper.make_node("ArgMax", ["scores"], ["places"], name="top", axis=1, select_last_index=1), "1 of 1"),
        (helper.make_node("Greater", ["scores", "limit"], ["places"], name="top"), "1 of 4"),
    ],
    ids=lambda value: getattr(value, "op_type", ""),
)
def test_a_tie_is_told_with_how_near_it_is(node: NodeProto, cases: str, tmp_path: Path) -> None:
    from hubkit.convert.mismatch.picks import first_other_pick
    from hubkit.convert.mismatch.probes import OnnxProbes

    files = [_file(tmp_path / f"{half}.onnx", node, half=half) for half in (False, True)]
    whole, coarse = (OnnxProbes(path, tmp_path) for path in files)
    values = {"x": _TIED if node.op_type != "TopK" else np.array([[0.9, 0.7500001, 0.75, 0.1]], np.float32)}
    told = first_other_pick(whole, coarse, values)
    assert told.startswith(f"The first that decides otherwise is top ({node.op_type}), in {cases} cases: ")
    assert "the network's own values are at most 1.19e-07 apart, and float16 has steps of 0.000488 at 0.75." in told
    assert first_other_pick(whole, whole, values) == ""


@pytest.mark.parametrize(
    ("places", "others", "tied"),
    [
        ([[1, 2]], [[1, 3]], True),
        ([[2, 1]], [[1, 3]], True),
        ([[1, 2]], [[1, 2]], False),
        ([[1, 2]], [[1, 0]], False),
        ([[1, 2]], [[1, 4]], False),
        ([[1.0, 2.0]], [[1.0, 3.0]], False),
        ([1, 2], [1, 3], False),
    ],
)
def test_others_of_equal_values_are_told_from_other_values(places: list[Any], others: list[Any], tied: bool) -> None:
    from hubkit.convert.mismatch.picks import of_equal_values

    values = np.array([[0.5, 0.75, 0.75, 0.75]], np.float32)
    assert of_equal_values(np.array(places), np.array(others), values) is tied
