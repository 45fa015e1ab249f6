"""Operators that also write their result into their first argument: later readers of it see the result."""

from __future__ import annotations

from dataclasses import replace

from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Argument, Call
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.registry import LOWERINGS, lowering

# The operators whose other form has another name than theirs without "Inplace".
_OTHERWISE = {
    "InplaceMaskedFillScalar": "MaskedFill",
    "InplaceScatterAdd": "ScatterAddExt",
    "InplaceScatterSrc": "Scatter",
    "InplaceAddsExt": "AddScalar",
    "InplaceFloorDivide": "FloorDiv",
    "InplaceFloorDivides": "FloorDivScalar",
}


@lowering(
    "InplaceAddExt",
    "InplaceAddsExt",
    "InplaceClampScalar",
    "InplaceDiv",
    "InplaceDivs",
    "InplaceElu",
    "InplaceExp",
    "InplaceFloorDivide",
    "InplaceFloorDivides",
    "InplaceHardtanh",
    "InplaceIndexAddExt",
    "InplaceLog",
    "InplaceMaskedFillScalar",
    "InplaceMul",
    "InplaceMuls",
    "InplaceReLU",
    "InplaceRemainderTensorScalar",
    "InplaceScatterAdd",
    "InplaceScatterSrc",
    "InplaceSiLU",
    "InplaceSigmoid",
    "InplaceSubExt",
    "InplaceSubScalar",
    "InplaceTanh",
    "InplaceThreshold",
    in_place=True,
)
def in_place(g: Builder, call: Call) -> Value:
    """InplaceAddExt(x, ...), InplaceAddsExt, InplaceClampScalar, InplaceDiv, InplaceDivs, InplaceElu, InplaceExp,
    InplaceFloorDivide, InplaceFloorDivides, InplaceHardtanh, InplaceIndexAddExt, InplaceLog, InplaceMaskedFillScalar,
    InplaceMul, InplaceMuls, InplaceReLU, InplaceRemainderTensorScalar, InplaceScatterAdd, InplaceScatterSrc,
    InplaceSiLU, InplaceSigmoid, InplaceSubExt, InplaceSubScalar, InplaceTanh, InplaceThreshold: the operator without
    "Inplace" -> what that becomes.

    Later readers of x are given the result. Refused where x lies outside the branch or loop that the operator is in.
    """
    op = call.node.op
    base = _OTHERWISE.get(op, op.removeprefix("Inplace"))
    result = LOWERINGS[base].function(g, Call(replace(call.node, op=base), call.arguments))
    assert isinstance(result, Value)
    return result


@lowering("InplaceCopy", "InplaceFillScalar", "InplaceZero", in_place=True)
def overwrite(g: Builder, call: Call) -> Argument:
    """InplaceCopy(x, value), InplaceFillScalar, InplaceZero: a new value for x -> Expand.

    Later readers of x are given the value.
    """
    x = call.tensor(g, 0)
    value = call.tensor(g, 1, x) if len(call.arguments) > 1 else g.constant(0, x.dtype)
    (result,) = g.node_of_known("Expand", (cast_to(g, value, x.dtype), g.node("Shape", x)), [x], {})
    return result
