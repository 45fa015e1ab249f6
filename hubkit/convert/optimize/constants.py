"""Compute at once what depends on constants alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import helper

from hubkit.convert.lowering.builder import IR_VERSION, OPSET
from hubkit.convert.optimize.graph import OptimizedGraph

# Operators whose result has no rounding that runtimes could choose differently, or rounds each element once.
_OPS = frozenset(
    {
        "Add", "And", "Cast", "Ceil", "Concat", "Div", "Equal", "Expand", "Flatten", "Floor", "Gather", "Greater",
        "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Min", "Mul", "Neg", "Not", "Or", "Range", "Reshape", "Shape",
        "Slice", "Sqrt", "Squeeze", "Sub", "Tile", "Transpose", "Unsqueeze", "Where",
    }
)  # fmt: skip
_SMALL_BYTES = 2**20


def fold_constants(graph: OptimizedGraph) -> int:
    """An operator of constants -> its result, as a constant; not where that is large and larger than what it is of."""
    return sum(_fold(graph, node) for node in graph.nodes(*_OPS))


def _fold(graph: OptimizedGraph, node: onnx.NodeProto) -> bool:
    given = {name: graph.constant(name) for name in node.input if name}
    arrays = {name: array for name, array in given.items() if array is not None}
    if not arrays or len(arrays) < len(given) or len(node.output) != 1:
        return False
    found = _evaluate(node, arrays)
    if found is None or found.nbytes > max(_SMALL_BYTES, sum(array.nbytes for array in arrays.values())):
        return False
    expected = graph.value(node.output[0])
    if (found.shape, found.dtype) != (expected.shape, expected.dtype.numpy):
        return False
    return graph.bypass(node, graph.add_constant(f"{node.output[0]}_constant", found))


def _evaluate(node: onnx.NodeProto, given: dict[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, Any] | None:
    """What ONNX's reference implementation gives; None where it cannot, for then the node stays."""
    from onnx.reference import ReferenceEvaluator  # loaded where there is something to compute

    inputs = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
        for name, array in given.items()
    ]
    outputs = [onnx.ValueInfoProto(name=node.output[0])]
    model = helper.make_model(
        helper.make_graph([node], "constant", inputs, outputs),
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
    try:
        with np.errstate(all="ignore"):
            (found,) = ReferenceEvaluator(model).run(None, given)
    except Exception:  # it raises anything on what it does not take
        return None
    return np.asarray(found)
