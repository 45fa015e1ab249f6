"""What networks return beside tensors: dictionaries are taken apart, numbers and None are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.conversion_status import ConversionStatus
from tests.convert.foreign import convert
from tests.repos.networks import NET, folder
from tests.requirements import needs_mindspore

pytest.importorskip("onnx")


def test_tensors_are_taken_from_dictionaries_in_their_order() -> None:
    from hubkit.smoke.runners import flat_outputs

    first, second, third = object(), object(), object()
    assert flat_outputs({"a": first, "b": [None, 1, (second, 0.5)], "c": {"d": third}}) == [first, second, third]


def test_numbers_are_no_outputs_of_a_graph() -> None:
    from hubkit.convert.dtypes import BY_NAME
    from hubkit.convert.from_mindir import _leaves
    from hubkit.convert.lowering.builder import Builder
    from hubkit.convert.lowering.engine import _flat
    from hubkit.convert.mindir_graph import TensorType

    g = Builder(())
    value = g.input("x", BY_NAME["float32"], (1, 2), open_batch=True)
    assert _flat(g, [value, 1, (None, value, 0.5)]) == [value, value]
    tensor, number = (TensorType(shape, BY_NAME["int64"]) for shape in ((1, 2), (0,)))
    assert _leaves((tensor, number, (tensor,))) == 2


@pytest.mark.parametrize("result", ["number", "constant"])
def test_a_network_that_returns_numbers_only_is_refused(result: str) -> None:
    from hubkit.convert.dtypes import BY_NAME
    from hubkit.convert.lowering import lower
    from hubkit.convert.mindir_graph import Graph, GraphInput, GraphOutput, Node, TensorType
    from hubkit.convert.refusal import RefusedError

    one, number = (TensorType(shape, BY_NAME["float32"]) for shape in ((1, 1), (0,)))
    node = Node("number", "TensorToScalar", ("x",), ("number",), {}, number, "Default/item")
    graph = Graph("g", (GraphInput("x", one),), (GraphOutput(result, number),), {}, {"constant": 3}, (node,), {}, "")
    with pytest.raises(RefusedError, match="the network returns no tensor"):
        lower(graph, input_names=["x"], output_names=[], batch="fixed")


@needs_mindspore
@pytest.mark.parametrize(
    "given", ["(None, y)", "{'a': None, 'b': y, 'c': (y + 1, None)}", "[y, None, (y, {'a': (y, None)})]"]
)
def test_none_beside_tensors_is_left_out(given: str, tmp_path: Path) -> None:
    net = NET.replace("return self.head(self.pool(x))", f"y = self.head(self.pool(x))\n        return {given}")
    result = convert(tmp_path, folder(net=net), formats=("mindir", "onnx"))
    assert (result.error, result.status, result.skipped) == ("", ConversionStatus.PASSED, {})
    assert {pair.candidate for pair in result.parity} == {"mindir", "onnxruntime", "pynative"}
