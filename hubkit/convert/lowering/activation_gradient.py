"""Derivatives of activations and of functions of each element, given what follows them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Argument, Call
from hubkit.convert.lowering.registry import lowering

_GELU_SLOPE, _GELU_CUBIC, _FAST = math.sqrt(2 / math.pi), 0.044715, 1.702


@lowering("HSwishGrad")
def hswish_grad(g: Builder, call: Call) -> Value:
    """HSwishGrad(dy, x): (2x + 3) / 6 dy between -3 and 3, dy above, 0 below -> Mul, Add, Less, Greater, Where."""
    dy, x = call.tensor(g, 0), call.tensor(g, 1)
    slope = g.node("Add", g.node("Mul", x, g.constant(1 / 3, x.dtype)), g.constant(0.5, x.dtype))
    inner = g.node("Where", g.node("Greater", x, g.constant(3, x.dtype)), dy, g.node("Mul", slope, dy))
    return g.node("Where", g.node("Less", x, g.constant(-3, x.dtype)), g.constant(0, dy.dtype), inner)


@lowering("HSigmoidGrad")
def hsigmoid_grad(g: Builder, call: Call) -> Value:
    """HSigmoidGrad(dy, x): dy / 6 between -3 and 3 -> Abs, Less, Mul, Where."""
    dy, x = call.tensor(g, 0), call.tensor(g, 1)
    inside = g.node("Less", g.node("Abs", x), g.constant(3, x.dtype))
    return _where(g, inside, g.node("Mul", dy, g.constant(1 / 6, dy.dtype)))


@lowering("HShrinkGrad", "SoftShrinkGrad")
def shrink_grad(g: Builder, call: Call) -> Value:
    """HShrinkGrad(dy, x, lambd=0.5), SoftShrinkGrad: dy where x is further from 0 than lambd -> Abs, Greater, Where."""
    dy, x = call.tensor(g, 0), call.tensor(g, 1)
    return _where(g, g.node("Greater", g.node("Abs", x), g.constant(call.constant("lambd", 2, 0.5), x.dtype)), dy)


@lowering("GeLUGrad")
def gelu_grad(g: Builder, call: Call) -> Value:
    """GeLUGrad(dy, x, y), of the form with tanh -> Mul, Add, Tanh, Sub."""
    dy, x = call.tensor(g, 0), call.tensor(g, 1)
    one, half = g.constant(1, x.dtype), g.constant(0.5, x.dtype)
    square = g.node("Mul", x, x)

    def cubic(share: float) -> Value:
        return g.node("Add", one, g.node("Mul", square, g.constant(share, x.dtype)))

    inner = g.node("Mul", g.node("Mul", x, cubic(_GELU_CUBIC)), g.constant(_GELU_SLOPE, x.dtype))
    tanh = g.node("Tanh", inner)
    steep = g.node("Mul", g.node("Sub", one, g.node("Mul", tanh, tanh)), cubic(3 * _GELU_CUBIC))
    steep = g.node("Mul", g.node("Mul", steep, x), g.constant(_GELU_SLOPE, x.dtype))
    return g.node("Mul", g.node("Mul", g.node("Add", g.node("Add", one, tanh), steep), half), dy)


@lowering("FastGeLUGrad")
def fast_gelu_grad(g: Builder, call: Call) -> Value:
    """FastGeLUGrad(dy, x): s (1 + 1.702 x (1 - s)) dy with s the sigmoid of 1.702 x -> Mul, Sigmoid, Sub, Add."""
    dy, x = call.tensor(g, 0), call.tensor(g, 1)
    one, wide = g.constant(1, x.dtype), g.node("Mul", x, g.constant(_FAST, x.dtype))
    s = g.node("Sigmoid", wide)
    slope = g.node("Add", one, g.node("Mul", wide, g.node("Sub", one, s)))
    return g.node("Mul", g.node("Mul", s, slope), dy)


@lowering("PReLUGrad")
def prelu_grad(g: Builder, call: Call) -> Argument:
    """PReLUGrad(dy, x, weight): dy where x is above 0, else weight dy; of the weight the sum of x dy where it is not
    -> Greater, Mul, Where; ReduceSum.
    """
    dy, x, weight = (call.tensor(g, place) for place in range(3))
    above = g.node("Greater", x, g.constant(0, x.dtype))
    alone = weight.shape == (1,)
    wide = weight if x.rank < 3 or alone else g.node("Unsqueeze", weight, g.ints(*range(1, x.rank - 1)))
    slope = g.node("Where", above, dy, g.node("Mul", wide, dy))
    if not call.asks_for(1):
        return (slope, None)
    below = g.node("Where", above, g.constant(0, x.dtype), g.node("Mul", x, dy))
    axes = [axis for axis in range(x.rank) if alone or axis != 1]
    total = g.node("ReduceSum", below, g.ints(*axes), keepdims=0)
    return slope, g.node("Reshape", total, g.ints(1)) if alone else total


@lowering("ACosGrad")
def acos_grad(g: Builder, call: Call) -> Value:
    """ACosGrad(x, dy): -dy / sqrt(1 - x^2) -> Mul, Sub, Sqrt, Div, Neg."""
    x = call.tensor(g, 0)
    root = g.node("Sqrt", g.node("Sub", g.constant(1, x.dtype), g.node("Mul", x, x)))
    return g.node("Neg", g.node("Div", call.tensor(g, 1), root))


@lowering("AcoshGrad", "AsinhGrad")
def inverse_hyperbolic_grad(g: Builder, call: Call) -> Value:
    """AcoshGrad(y, dy), AsinhGrad: dy / sinh(y), dy / cosh(y) -> Sinh or Cosh, Div."""
    word = "Sinh" if call.node.op == "AcoshGrad" else "Cosh"
    return g.node("Div", call.tensor(g, 1), g.node(word, call.tensor(g, 0)))


@lowering("InvGrad", "ReciprocalGrad")
def reciprocal_grad(g: Builder, call: Call) -> Value:
    """InvGrad(y, dy), ReciprocalGrad: -y^2 dy -> Mul, Mul, Neg."""
    y, dy = call.tensor(g, 0), call.tensor(g, 1)
    return g.node("Neg", g.node("Mul", g.node("Mul", y, y), dy))


@lowering("LogitGrad")
def logit_grad(g: Builder, call: Call) -> Value:
    """LogitGrad(dy, x, eps=-1): dy / x (1 - x), and 0 where x is not between eps and 1 - eps
    -> Sub, Mul, Div, Where.
    """
    dy, x, margin = call.tensor(g, 0), call.tensor(g, 1), call.constant("eps", 2, -1.0)
    rest = g.node("Sub", g.constant(1, x.dtype), x)
    slope = g.node("Div", dy, g.node("Mul", x, rest))
    if margin < 0:
        return slope
    outside = [g.node("Less", side, g.constant(margin, x.dtype)) for side in (x, rest)]
    return g.node("Where", g.node("Or", *outside), g.constant(0, dy.dtype), slope)


@lowering("MaximumGrad", "MinimumGrad")
def extreme_grad(g: Builder, call: Call) -> Argument:
    """MaximumGrad(x, y, dz), MinimumGrad: dz to the greater or the less, where they are equal half of it to each
    -> Greater or Less, Equal, Where, Mul, ReduceSum.
    """
    x, y, dz = (call.tensor(g, place) for place in range(3))
    word = "Greater" if call.node.op == "MaximumGrad" else "Less"
    half = _where(g, g.node("Equal", x, y), g.node("Mul", dz, g.constant(0.5, dz.dtype)))
    parts = [g.node("Where", g.node(word, *pair), dz, half) for pair in ((x, y), (y, x))]
    return tuple(_summed(g, part, like.shape) for part, like in zip(parts, (x, y), strict=True))


def _where(g: Builder, condition: Value, x: Value) -> Value:
    """``x`` where the condition holds, else 0."""
    return g.node("Where", condition, x, g.constant(0, x.dtype))


def _summed(g: Builder, x: Value, sizes: Sequence[int]) -> Value:
    """``x``, summed up along the axes that a tensor of ``sizes`` was repeated along."""
    more = x.rank - len(sizes)
    kept = [axis for axis, size in enumerate(sizes, more) if size == 1 and x.shape[axis] != 1]
    x = g.node("ReduceSum", x, g.ints(*kept), keepdims=1) if kept else x
    return g.node("ReduceSum", x, g.ints(*range(more)), keepdims=0) if more else x
