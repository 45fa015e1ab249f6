"""Operators that work element by element: arithmetic, comparisons, logic, casts, choices."""

from __future__ import annotations

from functools import reduce

import numpy as np

from hubkit.convert.dtypes import BY_NAME, DType
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.registry import lowering

# MindIR operator of one argument -> the ONNX operator that is the same function.
_UNARY = {
    "Abs": "Abs",
    "Asin": "Asin",
    "Atan": "Atan",
    "Ceil": "Ceil",
    "Cos": "Cos",
    "Erf": "Erf",
    "Exp": "Exp",
    "Floor": "Floor",
    "LogicalNot": "Not",
    "Neg": "Neg",
    "Reciprocal": "Reciprocal",
    "Sign": "Sign",
    "Sin": "Sin",
    "Sinh": "Sinh",
    "Sqrt": "Sqrt",
    "Tan": "Tan",
}
# MindIR operator of two arguments -> the ONNX operator that is the same function, broadcasting included.
_BINARY = {
    "Add": "Add",
    "Div": "Div",
    "Divs": "Div",
    "Equal": "Equal",
    "Greater": "Greater",
    "GreaterEqual": "GreaterOrEqual",
    "GreaterEqualScalar": "GreaterOrEqual",
    "GreaterScalar": "Greater",
    "Less": "Less",
    "LessEqualScalar": "LessOrEqual",
    "LessScalar": "Less",
    "LessEqual": "LessOrEqual",
    "LogicalAnd": "And",
    "LogicalOr": "Or",
    "Maximum": "Max",
    "Minimum": "Min",
    "Mul": "Mul",
    "Muls": "Mul",
    "Pow": "Pow",
    "RealDiv": "Div",
    "Sub": "Sub",
}
_NATURAL = {"base": -1, "scale": 1, "shift": 0}
_SCALED = {
    "AddExt": "Add",
    "AddScalar": "Add",
    "InplaceAddExt": "Add",
    "InplaceSubExt": "Sub",
    "SubExt": "Sub",
    "SubScalar": "Sub",
}


@lowering(*_UNARY)
def unary(g: Builder, call: Call) -> Value:
    """Abs(x), Asin(x), Atan(x), Ceil(x), Cos(x), Erf(x), Exp(x), Floor(x), LogicalNot(x), Neg(x), Reciprocal(x),
    Sign(x), Sin(x), Sinh(x), Sqrt(x), Tan(x) -> the operator of that name.
    """
    return g.node(_UNARY[call.node.op], call.tensor(g, 0))


@lowering(*_BINARY)
def binary(g: Builder, call: Call) -> Value:
    """Add(x, y), Sub(x, y), Mul(x, y), Muls(x, y), Div(x, y), Divs(x, y), RealDiv(x, y), Pow(x, y), Maximum(x, y),
    Minimum(x, y), Equal(x, y), Greater(x, y), GreaterEqual(x, y), Less(x, y), LessEqual(x, y), LogicalAnd(x, y),
    LogicalOr(x, y) -> the operator of that name.

    A number takes the element type of the tensor beside it. Operands of two types are cast: to the result's type, or
    where that is boolean to the wider of them.
    """
    x, y = _operands(g, call)
    common = call.result.dtype
    if common.name == "bool" and x.dtype != y.dtype:
        common = _wider(x.dtype, y.dtype)
    elif common.name == "bool":
        common = x.dtype
    return g.node(_BINARY[call.node.op], cast_to(g, x, common), cast_to(g, y, common))


@lowering("AddExt", "SubExt", "AddScalar", "SubScalar")
def scaled(g: Builder, call: Call) -> Value:
    """AddExt(x, y, alpha=1), SubExt, AddScalar, SubScalar: x +- alpha * y -> Add or Sub, and Mul by an alpha."""
    return _scaled(g, call)


@lowering("InplaceAddExt", "InplaceSubExt", in_place=True)
def scaled_in_place(g: Builder, call: Call) -> Value:
    """InplaceAddExt(x, y, alpha=1), InplaceSubExt: x +- alpha * y, which later readers of x see -> Add or Sub."""
    return _scaled(g, call)


@lowering("FloorDiv")
def floor_div(g: Builder, call: Call) -> Value:
    """FloorDiv(x, y) -> Div, Floor; for integers through float64, exact below 2^53."""
    x, y = _operands(g, call)
    if x.dtype.is_float:
        return g.node("Floor", g.node("Div", x, y))
    wide = [g.node("Cast", value, to=BY_NAME["float64"].onnx) for value in (x, y)]
    return g.node("Cast", g.node("Floor", g.node("Div", *wide)), to=x.dtype.onnx)


@lowering("AddN")
def add_n(g: Builder, call: Call) -> Value:
    """AddN(tensors) -> Add, one after another."""
    return reduce(lambda total, value: g.node("Add", total, value), call.tensors(g))


@lowering("Square")
def square(g: Builder, call: Call) -> Value:
    """Square(x) -> Mul of x with itself."""
    x = call.tensor(g, 0)
    return g.node("Mul", x, x)


@lowering("Log")
def log(g: Builder, call: Call) -> Value:
    """Log(x; base=-1, scale=1, shift=0) -> Log. The natural one only."""
    if [call.constant(name, default=usual) for name, usual in _NATURAL.items()] != list(_NATURAL.values()):
        raise CannotLowerError("it has a base, a scale or a shift")
    return g.node("Log", call.tensor(g, 0))


@lowering("Rsqrt")
def rsqrt(g: Builder, call: Call) -> Value:
    """Rsqrt(x) = 1 / sqrt(x) -> Sqrt, Reciprocal."""
    return g.node("Reciprocal", g.node("Sqrt", call.tensor(g, 0)))


@lowering("NotEqual")
def not_equal(g: Builder, call: Call) -> Value:
    """NotEqual(x, y) -> Equal, Not."""
    return g.node("Not", g.node("Equal", *_operands(g, call)))


@lowering("ClampScalar")
def clamp(g: Builder, call: Call) -> Value:
    """ClampScalar(x, min=None, max=None) -> Clip."""
    x = call.tensor(g, 0)
    bounds = [call.constant(name, index, None) for index, name in enumerate(("min", "max"), start=1)]
    return g.node("Clip", x, *(None if bound is None else g.constant(bound, x.dtype) for bound in bounds))


@lowering("Cast")
def cast(g: Builder, call: Call) -> Value:
    """Cast(x, dtype) -> Cast."""
    return g.node("Cast", call.tensor(g, 0), to=call.result.dtype.onnx)


@lowering("MaskedFill")
def masked_fill(g: Builder, call: Call) -> Value:
    """MaskedFill(x, mask, value): value where the mask is set -> Where."""
    x = call.tensor(g, 0)
    return g.node("Where", call.tensor(g, 1), call.tensor(g, 2, x), x)


@lowering("Select")
def select(g: Builder, call: Call) -> Value:
    """Select(condition, x, y) -> Where."""
    return g.node("Where", call.tensor(g, 0), call.tensor(g, 1), call.tensor(g, 2))


def cast_to(g: Builder, value: Value, dtype: DType) -> Value:
    """``value`` with the element type ``dtype``."""
    return value if value.dtype == dtype else g.node("Cast", value, to=dtype.onnx)


def _wider(first: DType, second: DType) -> DType:
    if first.is_float != second.is_float:
        return first if first.is_float else second
    return BY_NAME[np.result_type(first.numpy, second.numpy).name]


def _operands(g: Builder, call: Call) -> tuple[Value, Value]:
    first, second = call.arguments[0], call.arguments[1]
    x = call.tensor(g, 0, second if isinstance(second, Value) else None)
    return x, call.tensor(g, 1, first if isinstance(first, Value) else None)


def _scaled(g: Builder, call: Call) -> Value:
    x, y = _operands(g, call)
    alpha = call.constant("alpha", 2, 1)
    if alpha != 1:
        y = g.node("Mul", y, g.constant(alpha, y.dtype))
    return g.node(_SCALED[call.node.op], x, y)
