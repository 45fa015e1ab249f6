"""Numbers that the network computes while it runs, such as those that `Tensor.item` gives: tensors without axes."""

from __future__ import annotations

from dataclasses import replace

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.registry import LOWERINGS, lowering

# The operator of numbers -> that of tensors, which computes the same.
_OF_TENSORS = {
    "BoolNot": "LogicalNot",
    "ScalarAdd": "Add",
    "ScalarDiv": "Div",
    "ScalarEq": "Equal",
    "ScalarFloorDiv": "FloorDiv",
    "ScalarGe": "GreaterEqual",
    "ScalarGt": "Greater",
    "ScalarLe": "LessEqual",
    "ScalarLt": "Less",
    "ScalarMod": "FloorMod",
    "ScalarMul": "Mul",
    "ScalarPow": "Pow",
    "ScalarSub": "Sub",
    "ScalarUsub": "Neg",
}


@lowering("TensorToScalar", "ScalarToTensor", "ScalarCast")
def as_number(g: Builder, call: Call) -> Value:
    """TensorToScalar(x), ScalarToTensor(x, dtype), ScalarCast(x, dtype): a tensor of one
    element as a number, the reverse, and one with another element type -> Reshape, Cast.
    """
    x, dtype = call.tensor(g, 0), call.result.dtype
    if x.dynamic or any(size != 1 for size in x.shape):
        raise CannotLowerError(f"it makes a number of the shape {list(x.shape)}, not of one element")
    return cast_to(g, g.node("Reshape", x, g.ints()) if x.rank else x, dtype)


@lowering(*_OF_TENSORS)
def of_numbers(g: Builder, call: Call) -> Argument:
    """ScalarAdd(x, y), ScalarSub, ScalarMul, ScalarDiv, ScalarFloorDiv, ScalarMod, ScalarPow,
    ScalarEq, ScalarLt, ScalarLe, ScalarGt, ScalarGe, ScalarUsub(x), BoolNot: of numbers -> what the operator
    of tensors becomes.
    """
    op = _OF_TENSORS[call.node.op]
    return LOWERINGS[op].function(g, Call(replace(call.node, op=op), call.arguments))
