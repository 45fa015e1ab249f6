"""Functions of numbers that ONNX has no operator for, by those that it has."""

from __future__ import annotations

import math

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.elementwise import alike, cast_to
from hubkit.convert.lowering.registry import lowering

_FLOAT32 = BY_NAME["float32"]
_NATURAL = {"base": -1, "scale": 1, "shift": 0}


@lowering("Log")
def log(g: Builder, call: Call) -> Value:
    """Log(x; base=-1, scale=1, shift=0) -> Log; of a Sigmoid Neg, Softplus. The natural one only.

    ONNX Runtime's Sigmoid is 0 for what is far below 0, where its logarithm, as of `ops.logsigmoid`, is about x.
    """
    if [call.constant(name, default=usual) for name, usual in _NATURAL.items()] != list(_NATURAL.values()):
        raise CannotLowerError("it has a base, a scale or a shift")
    x = _float(g, call)
    before = g.producers.get(x.name)
    if before is None or before.op_type != "Sigmoid":
        return g.node("Log", x)
    return g.node("Neg", g.node("Softplus", g.node("Neg", g.values[before.input[0]])))


@lowering("Log2", "Log10", "Log1p")
def log_of(g: Builder, call: Call) -> Value:
    """Log2(x), Log10, Log1p -> Log, and Div by log(2) or log(10), or Add of 1 before.

    Log1p loses what x has below the precision of 1 + x.
    """
    x = _float(g, call)
    if call.node.op == "Log1p":
        return g.node("Log", g.node("Add", x, g.constant(1, x.dtype)))
    return g.node("Div", g.node("Log", x), g.constant(math.log(2 if call.node.op == "Log2" else 10), x.dtype))


@lowering("Exp2", "Expm1")
def exp_of(g: Builder, call: Call) -> Value:
    """Exp2(x), Expm1 -> Pow of 2, Exp and Sub of 1. Expm1 loses what it has below the precision of 1."""
    x = _float(g, call)
    if call.node.op == "Exp2":
        return g.node("Pow", g.constant(2, x.dtype), x)
    return g.node("Sub", g.node("Exp", x), g.constant(1, x.dtype))


@lowering("Erfc")
def erfc(g: Builder, call: Call) -> Value:
    """Erfc(x) = 1 - erf(x) -> Erf, Sub. Far from 0 it is as exact as 1 - 1."""
    x = _float(g, call)
    return g.node("Sub", g.constant(1, x.dtype), g.node("Erf", x))


@lowering("Square")
def square(g: Builder, call: Call) -> Value:
    """Square(x) -> Mul of x with itself."""
    x = call.tensor(g, 0)
    return g.node("Mul", x, x)


@lowering("SquaredDifference")
def squared_difference(g: Builder, call: Call) -> Value:
    """SquaredDifference(x, y) = (x - y)^2 -> Sub, Mul."""
    difference = g.node("Sub", *alike(g, call))
    return g.node("Mul", difference, difference)


@lowering("Rsqrt")
def rsqrt(g: Builder, call: Call) -> Value:
    """Rsqrt(x) = 1 / sqrt(x) -> Sqrt, Reciprocal."""
    return g.node("Reciprocal", g.node("Sqrt", _float(g, call)))


@lowering("Inv")
def inv(g: Builder, call: Call) -> Value:
    """Inv(x) = 1 / x -> Reciprocal."""
    return g.node("Reciprocal", call.tensor(g, 0))


@lowering("Atan2", "Atan2Ext")
def atan2(g: Builder, call: Call) -> Value:
    """Atan2(y, x), Atan2Ext: the angle of the point (x, y) -> Atan of y / x, moved by pi where x is negative.

    A negative zero counts as a zero.
    """
    return angle_of(g, *alike(g, call))


@lowering("Hypot")
def hypot(g: Builder, call: Call) -> Value:
    """Hypot(x, y) = sqrt(x^2 + y^2) -> Mul, Add, Sqrt. Squares that pass the greatest number give infinity."""
    x, y = alike(g, call)
    return g.node("Sqrt", g.node("Add", g.node("Mul", x, x), g.node("Mul", y, y)))


@lowering("Xlogy", "XLogYScalarOther", "XLogYScalarSelf")
def xlogy(g: Builder, call: Call) -> Value:
    """Xlogy(x, y), XLogYScalarOther, XLogYScalarSelf: x * log(y), and 0 where x is 0 -> Log, Mul, Where."""
    x, y = alike(g, call)
    zero = g.constant(0, x.dtype)
    return g.node("Where", g.node("Equal", x, zero), zero, g.node("Mul", x, g.node("Log", y)))


@lowering("Xdivy")
def xdivy(g: Builder, call: Call) -> Value:
    """Xdivy(x, y): x / y, and 0 where x is 0 -> Div, Where."""
    x, y = alike(g, call)
    zero = g.constant(0, x.dtype)
    return g.node("Where", g.node("Equal", x, zero), zero, g.node("Div", x, y))


@lowering("LogAddExp", "LogAddExp2")
def log_add_exp(g: Builder, call: Call) -> Value:
    """LogAddExp(x, y), LogAddExp2: log(exp(x) + exp(y)), to the base e or 2 -> Max, Sub, Abs, Exp, Log, Add."""
    x, y = alike(g, call)
    scale = math.log(2) if call.node.op == "LogAddExp2" else 1
    distance = g.node("Mul", g.node("Abs", g.node("Sub", x, y)), g.constant(-scale, x.dtype))
    grown = g.node("Log", g.node("Add", g.node("Exp", distance), g.constant(1, x.dtype)))
    return g.node("Add", g.node("Max", x, y), g.node("Div", grown, g.constant(scale, x.dtype)))


@lowering("Sinc")
def sinc(g: Builder, call: Call) -> Value:
    """Sinc(x): sin(pi x) / (pi x), and 1 at 0 -> Sin, Div, Where."""
    x = _float(g, call)
    turned = g.node("Mul", x, g.constant(math.pi, x.dtype))
    middle, one = g.node("Equal", x, g.constant(0, x.dtype)), g.constant(1, x.dtype)
    return g.node("Where", middle, one, g.node("Div", g.node("Sin", turned), g.node("Where", middle, one, turned)))


@lowering("Logit")
def logit(g: Builder, call: Call) -> Value:
    """Logit(x, eps=-1): log(x / (1 - x)) -> Sub, Div, Log.

    Unless eps is negative, x is kept that far away from 0 and 1: Clip.
    """
    x, eps = _float(g, call), call.constant("eps", 1, -1.0)
    if eps is not None and eps >= 0:
        x = g.node("Clip", x, g.constant(eps, x.dtype), g.constant(1 - eps, x.dtype))
    return g.node("Log", g.node("Div", x, g.node("Sub", g.constant(1, x.dtype), x)))


@lowering("Lerp")
def lerp(g: Builder, call: Call) -> Value:
    """Lerp(start, end, weight): start + weight * (end - start) -> Sub, Mul, Add."""
    start, end = call.tensor(g, 0), call.tensor(g, 1)
    weight = cast_to(g, call.tensor(g, 2, start), start.dtype)
    return g.node("Add", start, g.node("Mul", weight, g.node("Sub", end, start)))


@lowering("Addcmul", "AddcmulExt", "Addcdiv", "AddcdivExt")
def add_product(g: Builder, call: Call) -> Value:
    """Addcmul(x, a, b, value), AddcmulExt, Addcdiv, AddcdivExt: x + value * a * b, or a / b -> Mul or Div, Mul, Add."""
    x, first, second = (call.tensor(g, place) for place in range(3))
    value = cast_to(g, call.tensor(g, 3, x) if len(call.arguments) > 3 else g.constant(1, x.dtype), x.dtype)
    term = g.node("Mul" if "mul" in call.node.op else "Div", first, second)
    return g.node("Add", x, g.node("Mul", term, value))


@lowering("IsFinite", "IsInf", "IsNegInf")
def is_finite(g: Builder, call: Call) -> Value:
    """IsFinite(x), IsInf, IsNegInf -> IsInf, IsNaN, Or, Not."""
    x = _float(g, call)
    if call.node.op == "IsNegInf":
        return is_infinite(g, x, detect_positive=0)
    infinite = is_infinite(g, x)
    if call.node.op == "IsInf":
        return infinite
    return g.node("Not", g.node("Or", infinite, g.node("IsNaN", x)))


@lowering("IsClose", "ApproximateEqual")
def is_close(g: Builder, call: Call) -> Value:
    """IsClose(x, y; rtol, atol, equal_nan), ApproximateEqual(x, y; tolerance) -> Sub, Abs, Mul, Add, LessOrEqual, and
    IsInf, IsNaN, Equal, Not, And, Or.

    IsClose: |x - y| <= atol + rtol * |y|, or both the same infinity, or with equal_nan both NaN. ApproximateEqual:
    |x - y| < tolerance.
    """
    x, y = operands_as_float(g, call)
    distance = g.node("Abs", g.node("Sub", x, y))
    if call.node.op == "ApproximateEqual":
        return g.node("Less", distance, g.constant(call.constant("tolerance", 2, 1e-5), x.dtype))
    relative = g.node("Mul", g.node("Abs", y), g.constant(call.constant("rtol", 2, 1e-5), x.dtype))
    most = g.node("Add", relative, g.constant(call.constant("atol", 3, 1e-8), x.dtype))
    near = g.node("And", g.node("LessOrEqual", distance, most), g.node("Not", is_infinite(g, distance)))
    close = g.node("Or", near, g.node("Equal", x, y))
    if not call.constant("equal_nan", 4, False):
        return close
    return g.node("Or", close, g.node("And", g.node("IsNaN", x), g.node("IsNaN", y)))


@lowering("NanToNum")
def nan_to_num(g: Builder, call: Call) -> Value:
    """NanToNum(x, nan=0, posinf=the greatest number, neginf=the least) -> IsNaN, IsInf, Where."""
    x = call.tensor(g, 0)
    limit = float(_numpy_limit(x))
    nan, high, low = (
        usual if (given := call.constant(name, place, None)) is None else given
        for place, (name, usual) in enumerate({"nan": 0.0, "posinf": limit, "neginf": -limit}.items(), start=1)
    )
    result = g.node("Where", g.node("IsNaN", x), g.constant(nan, x.dtype), x)
    result = g.node("Where", is_infinite(g, x, detect_negative=0), g.constant(high, x.dtype), result)
    return g.node("Where", is_infinite(g, x, detect_positive=0), g.constant(low, x.dtype), result)


def angle_of(g: Builder, y: Value, x: Value) -> Value:
    """The angle of the point (``x``, ``y``)."""
    zero, pi = g.constant(0, x.dtype), g.constant(math.pi, x.dtype)
    upright = g.node("Equal", x, zero)
    angle = g.node("Atan", g.node("Div", y, g.node("Where", upright, g.constant(1, x.dtype), x)))
    turn = g.node("Where", g.node("Less", y, zero), g.node("Neg", pi), pi)
    angle = g.node("Where", g.node("Less", x, zero), g.node("Add", angle, turn), angle)
    half = g.node("Mul", g.node("Sign", y), g.constant(math.pi / 2, x.dtype))
    return g.node("Where", upright, half, angle)


def is_infinite(g: Builder, x: Value, **attributes: int) -> Value:
    """Where ``x`` is infinite. ONNX asks that of float16 from operator set 20 on only: as float32."""
    return g.node("IsInf", cast_to(g, x, _FLOAT32) if x.dtype.itemsize < _FLOAT32.itemsize else x, **attributes)


def operands_as_float(g: Builder, call: Call) -> tuple[Value, Value]:
    """The two operands with one floating point type."""
    x, y = alike(g, call)
    if x.dtype.is_float:
        return x, y
    like = g.constant(0, "float32")
    return cast_to(g, x, like.dtype), cast_to(g, y, like.dtype)


def _float(g: Builder, call: Call) -> Value:
    """The first argument; an integer with the result's type, where that is a floating point type."""
    x = call.tensor(g, 0)
    if x.dtype.is_float:
        return x
    dtype = call.result.dtype
    return cast_to(g, x, dtype if dtype.is_float else g.constant(0, "float32").dtype)


def _numpy_limit(x: Value) -> float:
    import numpy as np

    return float(np.finfo(x.dtype.name).max)
