"""Division with its roundings and remainders."""

from __future__ import annotations

import onnx

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.elementwise import alike, cast_to
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.subgraph import subgraph

_WHOLE = BY_NAME["int64"]
_WIDE = BY_NAME["float64"]
_MOST_DIVISIONS = 92  # of Euclid's algorithm for 64 bits: two neighbours of Fibonacci's sequence need the most


@lowering("FloorDiv", "FloorDivScalar")
def floor_div(g: Builder, call: Call) -> Value:
    """FloorDiv(x, y), FloorDivScalar -> Div, Floor, as float64: 3 // 0.3 is 9. For integers exact below 2^53."""
    return _rounded(g, "Floor", *alike(g, call))


@lowering("TruncateDiv")
def truncate_div(g: Builder, call: Call) -> Value:
    """TruncateDiv(x, y): the quotient rounded towards zero -> Div; for floats Div, Sign, Abs, Floor, Mul."""
    return _truncated(g, *alike(g, call))


@lowering("DivMod", "DivMods")
def div_mod(g: Builder, call: Call) -> Value:
    """DivMod(x, y, rounding_mode=None), DivMods -> Div, and Floor. Modes: None, 1 (trunc: towards zero), 2 (floor)."""
    match call.constant("rounding_mode", 2, None):
        case None:
            return g.node("Div", *alike(g, call))
        case 1 | "trunc":
            return _truncated(g, *alike(g, call))
        case 2 | "floor":
            return _rounded(g, "Floor", *alike(g, call))
        case mode:
            raise CannotLowerError(f"its rounding mode is {mode!r}")


@lowering("DivNoNan")
def div_no_nan(g: Builder, call: Call) -> Value:
    """DivNoNan(x, y): x / y, and 0 where y is 0 -> Equal, Where, Div."""
    x, y = alike(g, call)
    zero = g.node("Equal", y, g.constant(0, y.dtype))
    quotient = g.node("Div", x, g.node("Where", zero, g.constant(1, y.dtype), y))
    return g.node("Where", zero, g.constant(0, x.dtype), quotient)


@lowering("MulNoNan")
def mul_no_nan(g: Builder, call: Call) -> Value:
    """MulNoNan(x, y): x * y, and 0 where y is 0, whatever x is -> Equal, Where, Mul."""
    x, y = alike(g, call)
    zero = g.constant(0, y.dtype)
    return g.node("Where", g.node("Equal", y, zero), zero, g.node("Mul", x, y))


@lowering("LeftShift", "RightShift")
def shift(g: Builder, call: Call) -> Value:
    """LeftShift(x, y), RightShift: of integers other than uint64, by 0 to 62 -> Pow of 2, and Mul, or Mod, Sub and Div,
    all as int64.
    """
    x, y = alike(g, call)
    if x.dtype.name == "uint64":
        raise CannotLowerError("it shifts uint64")
    places = g.node("Clip", cast_to(g, y, _WHOLE), g.constant(0, _WHOLE), g.constant(62, _WHOLE))
    wide, step = cast_to(g, x, _WHOLE), g.node("Pow", g.constant(2, _WHOLE), places)
    if call.node.op == "LeftShift":
        return cast_to(g, g.node("Mul", wide, step), x.dtype)
    even = g.node("Sub", wide, g.node("Mod", wide, step))  # ONNX's division of integers truncates
    return cast_to(g, g.node("Div", even, step), x.dtype)


@lowering("Gcd", "Lcm")
def common_divisor(g: Builder, call: Call) -> Value:
    """Gcd(x, y), Lcm(x, y): the greatest common divisor, the least common multiple, of integers -> Abs, Loop of Mod;
    for Lcm also Div, Mul; all as int64.
    """
    x, y = (g.node("Abs", cast_to(g, value, _WHOLE)) for value in alike(g, call))
    divisor = _greatest_divisor(g, x, y)
    if call.node.op == "Gcd":
        return cast_to(g, divisor, call.result.dtype)
    part = g.node("Div", x, g.node("Max", divisor, g.constant(1, _WHOLE)))  # it is 0 where both are
    return cast_to(g, g.node("Mul", part, y), call.result.dtype)


@lowering("FloorMod", "RemainderTensorScalar", "RemainderTensorTensor", "RemainderScalarTensor")
def floor_mod(g: Builder, call: Call) -> Value:
    """FloorMod(x, y), RemainderTensorScalar, RemainderTensorTensor, RemainderScalarTensor: with the sign of y -> Mod.

    For floats x - floor(x / y) * y, as float64: 3 % 0.3 is nearly 0.3.
    """
    x, y = alike(g, call)
    if not x.dtype.is_float:
        return g.node("Mod", x, y)
    wide, by = cast_to(g, x, _WIDE), cast_to(g, y, _WIDE)
    whole = g.node("Floor", g.node("Div", wide, by))
    return cast_to(g, g.node("Sub", wide, g.node("Mul", whole, by)), x.dtype)


@lowering("Mod", "TruncateMod", "FmodScalar", "FmodTensor")
def truncate_mod(g: Builder, call: Call) -> Value:
    """Mod(x, y), TruncateMod, FmodScalar, FmodTensor: the remainder with the sign of x -> Mod with fmod=1."""
    return g.node("Mod", *alike(g, call), fmod=1)


@lowering("Trunc")
def trunc(g: Builder, call: Call) -> Value:
    """Trunc(x): rounded towards zero -> Sign, Abs, Floor, Mul; integers as they are."""
    return _towards_zero(g, call.tensor(g, 0))


@lowering("Frac")
def frac(g: Builder, call: Call) -> Value:
    """Frac(x) = x - trunc(x) -> Sign, Abs, Floor, Mul, Sub."""
    x = call.tensor(g, 0)
    return g.node("Sub", x, _towards_zero(g, x))


@lowering("Rint")
def rint(g: Builder, call: Call) -> Value:
    """Rint(x): to the nearest whole number, of two the even one -> Round."""
    return g.node("Round", call.tensor(g, 0))


@lowering("Round")
def round_(g: Builder, call: Call) -> Value:
    """Round(x, decimals=0): halves to the even neighbour -> Round. Integers as they are, without decimals."""
    x, decimals = call.tensor(g, 0), call.constant("decimals", 1, 0)
    if not x.dtype.is_float:
        if decimals < 0:
            raise CannotLowerError("it rounds integers to tens")
        return x
    if not decimals:
        return g.node("Round", x)
    scale = g.constant(10.0**decimals, x.dtype)
    return g.node("Div", g.node("Round", g.node("Mul", x, scale)), scale)


def _rounded(g: Builder, rounding: str, x: Value, y: Value) -> Value:
    quotient = g.node("Div", cast_to(g, x, _WIDE), cast_to(g, y, _WIDE))
    return cast_to(g, g.node(rounding, quotient), x.dtype)


def _truncated(g: Builder, x: Value, y: Value) -> Value:
    return _towards_zero(g, g.node("Div", x, y))  # ONNX's division of integers truncates


def _towards_zero(g: Builder, x: Value) -> Value:
    if not x.dtype.is_float:
        return x
    return g.node("Mul", g.node("Sign", x), g.node("Floor", g.node("Abs", x)))


def _greatest_divisor(g: Builder, x: Value, y: Value) -> Value:
    """The greatest common divisor of int64, none below 0, by Euclid: x, y become y, x mod y until all y are 0."""
    if x.variants != y.variants:
        x, y = g.node("Add", x, g.node("Sub", y, y)), g.node("Add", y, g.node("Sub", x, x))
    nodes: list[onnx.NodeProto] = []
    turn, going = g.local("division", g.constant(0, _WHOLE)), g.local("going", g.constant(True, "bool"))
    greater, less = g.local("greater", x), g.local("less", y)
    zero = g.constant(0, _WHOLE)
    with g.within(nodes):
        done = g.node("Equal", less, zero)
        rest = g.node("Mod", greater, g.node("Where", done, g.constant(1, _WHOLE), less))
        now = (g.node("Where", done, greater, less), rest)
        left = g.node("Greater", g.node("ReduceMax", rest, keepdims=0), zero)
    body = subgraph("divisions", nodes, (turn, going, greater, less), (left, *now))
    inputs = (g.constant(_MOST_DIVISIONS, _WHOLE), g.constant(True, "bool"), x, y)
    divisor, _ = g.node_of_known("Loop", inputs, [x, y], {"body": body})
    return divisor
