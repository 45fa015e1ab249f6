"""Operators that work element by element: arithmetic, comparisons, logic, casts, choices."""

from __future__ import annotations

from functools import reduce

import numpy as np

from hubkit.convert.dtypes import BY_NAME, DType
from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Argument, Call
from hubkit.convert.lowering.registry import lowering

# MindIR operator of one argument -> the ONNX operator that is the same function.
_UNARY = {
    "ACos": "Acos",
    "Abs": "Abs",
    "AcosExt": "Acos",
    "Acosh": "Acosh",
    "AcoshExt": "Acosh",
    "Asin": "Asin",
    "AsinExt": "Asin",
    "Asinh": "Asinh",
    "AsinhExt": "Asinh",
    "Atan": "Atan",
    "AtanExt": "Atan",
    "Atanh": "Atanh",
    "Ceil": "Ceil",
    "Cos": "Cos",
    "Cosh": "Cosh",
    "Erf": "Erf",
    "Floor": "Floor",
    "IsNan": "IsNaN",
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
    "EqScalar": "Equal",
    "Equal": "Equal",
    "Greater": "Greater",
    "GreaterEqual": "GreaterOrEqual",
    "GreaterEqualScalar": "GreaterOrEqual",
    "Less": "Less",
    "LessScalar": "Less",
    "LessEqual": "LessOrEqual",
    "LogicalAnd": "And",
    "LogicalOr": "Or",
    "LogicalXor": "Xor",
    "Maximum": "Max",
    "Minimum": "Min",
    "Mul": "Mul",
    "Muls": "Mul",
    "Pow": "Pow",
    "PowScalarTensor": "Pow",
    "PowTensorScalar": "Pow",
    "RealDiv": "Div",
    "Sub": "Sub",
}
_SCALED = {
    "AddExt": "Add",
    "AddScalar": "Add",
    "SubExt": "Sub",
    "SubScalar": "Sub",
}


@lowering(*_UNARY)
def unary(g: Builder, call: Call) -> Value:
    """Abs(x), ACos, AcosExt, Acosh, AcoshExt, Asin, AsinExt, Asinh, AsinhExt, Atan, AtanExt, Atanh, Ceil, Cos, Cosh,
    Erf, Floor, IsNan, Neg, Reciprocal, Sign, Sin, Sinh, Sqrt, Tan -> the operator of that name.

    Integers are cast first where the result is not of their type.
    """
    x = call.tensor(g, 0)
    if not x.dtype.is_float and call.result.dtype.is_float:
        x = cast_to(g, x, call.result.dtype)
    return g.node(_UNARY[call.node.op], x)


@lowering("LogicalNot")
def logical_not(g: Builder, call: Call) -> Value:
    """LogicalNot(x) -> Not; of numbers whether they are 0: Equal."""
    x = call.tensor(g, 0)
    return g.node("Not", x) if x.dtype.name == "bool" else g.node("Equal", x, g.constant(0, x.dtype))


@lowering(*_BINARY)
def binary(g: Builder, call: Call) -> Value:
    """Add(x, y), Sub, Mul, Muls, Div, Divs, RealDiv, Pow, PowTensorScalar, PowScalarTensor, Maximum, Minimum, Equal,
    EqScalar, Greater, GreaterEqual, GreaterEqualScalar, Less, LessScalar, LessEqual, LogicalAnd, LogicalOr, LogicalXor
    -> the operator of that name.

    A number takes the element type of the tensor beside it. Operands of two types are cast: to the result's type, or
    where that is boolean to the wider of them.
    """
    return g.node(_BINARY[call.node.op], *alike(g, call))


@lowering("AddExt", "SubExt", "AddScalar", "SubScalar")
def scaled(g: Builder, call: Call) -> Value:
    """AddExt(x, y, alpha=1), SubExt, AddScalar, SubScalar: x +- alpha * y -> Add or Sub, and Mul by an alpha."""
    x, y = alike(g, call)
    alpha = call.constant("alpha", 2, 1)
    if alpha != 1:
        y = g.node("Mul", y, g.constant(alpha, y.dtype))
    return g.node(_SCALED[call.node.op], x, y)


@lowering("AddN", "AccumulateNV2")
def add_n(g: Builder, call: Call) -> Value:
    """AddN(tensors), AccumulateNV2 -> Add, one after another."""
    return reduce(lambda total, value: g.node("Add", total, value), call.tensors(g))


@lowering("NotEqual")
def not_equal(g: Builder, call: Call) -> Value:
    """NotEqual(x, y) -> Equal, Not."""
    return g.node("Not", g.node("Equal", *alike(g, call)))


@lowering("BitwiseAnd", "BitwiseAndTensor", "BitwiseAndScalar", "BitwiseOr", "BitwiseOrTensor", "BitwiseOrScalar")
def bitwise(g: Builder, call: Call) -> Value:
    """BitwiseAnd(x, y), BitwiseAndTensor, BitwiseAndScalar, BitwiseOr, BitwiseOrTensor, BitwiseOrScalar
    -> BitwiseAnd, BitwiseOr; And, Or between booleans.
    """
    return _bitwise(g, call, "And" if "And" in call.node.op else "Or")


@lowering("BitwiseXor", "BitwiseXorTensor", "BitwiseXorScalar")
def bitwise_xor(g: Builder, call: Call) -> Value:
    """BitwiseXor(x, y), BitwiseXorTensor, BitwiseXorScalar -> BitwiseXor; Xor between booleans."""
    return _bitwise(g, call, "Xor")


@lowering("BitwiseNot", "Invert")
def bitwise_not(g: Builder, call: Call) -> Value:
    """BitwiseNot(x), Invert -> BitwiseNot; Not of booleans."""
    x = call.tensor(g, 0)
    return g.node("Not" if x.dtype.name == "bool" else "BitwiseNot", x)


@lowering("ClampScalar")
def clamp(g: Builder, call: Call) -> Value:
    """ClampScalar(x, min=None, max=None) -> Clip."""
    x = call.tensor(g, 0)
    bounds = [call.constant(name, index, None) for index, name in enumerate(("min", "max"), start=1)]
    dtype = call.result.dtype
    x = cast_to(g, x, dtype)
    return g.node("Clip", x, *(None if bound is None else g.constant(bound, dtype) for bound in bounds))


@lowering("ClampTensor")
def clamp_tensor(g: Builder, call: Call) -> Value:
    """ClampTensor(x, min=None, max=None): bounds an element -> Max, Min."""
    x, low, high = call.tensor(g, 0), call.optional_tensor(g, 1), call.optional_tensor(g, 2)
    dtype = call.result.dtype
    x = cast_to(g, x, dtype)
    x = g.node("Max", x, cast_to(g, low, dtype)) if low else x
    return g.node("Min", x, cast_to(g, high, dtype)) if high else x


@lowering("Cast")
def cast(g: Builder, call: Call) -> Value:
    """Cast(x, dtype) -> Cast."""
    return g.node("Cast", call.tensor(g, 0), to=call.result.dtype.onnx)


@lowering("MaskedFill", "MaskedFillScalar")
def masked_fill(g: Builder, call: Call) -> Value:
    """MaskedFill(x, mask, value), MaskedFillScalar: value where the mask is set -> Where."""
    x, dtype = call.tensor(g, 0), call.result.dtype
    return g.node("Where", call.tensor(g, 1), cast_to(g, call.tensor(g, 2, x), dtype), cast_to(g, x, dtype))


@lowering("Select")
def select(g: Builder, call: Call) -> Value:
    """Select(condition, x, y) -> Where."""
    condition, dtype = call.tensor(g, 0), call.result.dtype
    return g.node("Where", condition, *(cast_to(g, call.tensor(g, place), dtype) for place in (1, 2)))


@lowering("Fmax", "Fmin")
def but_for_nan(g: Builder, call: Call) -> Value:
    """Fmax(x, y), Fmin: of a number and NaN the number -> IsNaN, Where, Max or Min."""
    x, y = alike(g, call)
    result = g.node("Max" if call.node.op == "Fmax" else "Min", x, y)
    if not x.dtype.is_float:
        return result
    return g.node("Where", g.node("IsNaN", x), y, g.node("Where", g.node("IsNaN", y), x, result))


@lowering("Heaviside")
def heaviside(g: Builder, call: Call) -> Value:
    """Heaviside(x, values): 0 below 0, 1 above, and between them values -> Equal, Greater, Cast, Where."""
    x, values = alike(g, call)
    zero = g.constant(0, x.dtype)
    return g.node("Where", g.node("Equal", x, zero), values, cast_to(g, g.node("Greater", x, zero), x.dtype))


def alike(g: Builder, call: Call) -> tuple[Value, Value]:
    """The two operands with one element type: the result's, or where that is boolean the wider of theirs."""
    x, y = operands(g, call)
    common = call.result.dtype
    if common.name == "bool":
        common = x.dtype if x.dtype == y.dtype else _wider(x.dtype, y.dtype)
    return cast_to(g, x, common), cast_to(g, y, common)


def cast_to(g: Builder, value: Value, dtype: DType) -> Value:
    """``value`` with the element type ``dtype``."""
    return value if value.dtype == dtype else g.node("Cast", value, to=dtype.onnx)


def _wider(first: DType, second: DType) -> DType:
    if first.is_float != second.is_float:
        return first if first.is_float else second
    return BY_NAME[np.result_type(first.numpy, second.numpy).name]


def operands(g: Builder, call: Call) -> tuple[Value, Value]:
    """The two operands; a number has the element type of the tensor beside it, if that can hold it."""
    x, y = (call.arguments[place] if place < len(call.arguments) else None for place in (0, 1))
    return call.tensor(g, 0, _holding(g, y, x)), call.tensor(g, 1, _holding(g, x, y))


def _holding(g: Builder, tensor: Argument, number: Argument) -> Value | None:
    """A tensor whose element type holds ``number``, which stands beside ``tensor``."""
    if isinstance(tensor, np.ndarray):
        tensor = g.constant(tensor, BY_NAME[tensor.dtype.name])
    if not isinstance(tensor, Value):
        return None
    if isinstance(number, float) and not tensor.dtype.is_float:
        return g.constant(0, "float32")
    return tensor if tensor.dtype.name != "bool" or isinstance(number, bool) else g.constant(0, "int64")


def _bitwise(g: Builder, call: Call, word: str) -> Value:
    x, y = alike(g, call)
    return g.node(word if x.dtype.name == "bool" else f"Bitwise{word}", x, y)
