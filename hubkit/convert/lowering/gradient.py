"""Derivatives, which networks of physics take of themselves: the gradient of an activation, given what follows it."""

from __future__ import annotations

from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.registry import lowering


@lowering("TanhGrad")
def tanh_grad(g: Builder, call: Call) -> Value:
    """TanhGrad(y, dy): (1 - y^2) dy -> Mul, Sub, Mul."""
    y, dy = call.tensor(g, 0), call.tensor(g, 1)
    return g.node("Mul", g.node("Sub", g.constant(1, y.dtype), g.node("Mul", y, y)), dy)


@lowering("SigmoidGrad")
def sigmoid_grad(g: Builder, call: Call) -> Value:
    """SigmoidGrad(y, dy): y (1 - y) dy -> Sub, Mul, Mul."""
    y, dy = call.tensor(g, 0), call.tensor(g, 1)
    return g.node("Mul", g.node("Mul", y, g.node("Sub", g.constant(1, y.dtype), y)), dy)


@lowering("ReluGrad")
def relu_grad(g: Builder, call: Call) -> Value:
    """ReluGrad(dy, x): dy where x is above 0 -> Greater, Where."""
    dy, x = call.tensor(g, 0), call.tensor(g, 1)
    return g.node("Where", g.node("Greater", x, g.constant(0, x.dtype)), dy, g.constant(0, dy.dtype))


@lowering("SoftplusGrad")
def softplus_grad(g: Builder, call: Call) -> Value:
    """SoftplusGrad(dy, x) -> Sigmoid, Mul."""
    return g.node("Mul", call.tensor(g, 0), g.node("Sigmoid", call.tensor(g, 1)))


@lowering("SiLUGrad")
def silu_grad(g: Builder, call: Call) -> Value:
    """SiLUGrad(dy, x): s (1 + x (1 - s)) dy with s the sigmoid of x -> Sigmoid, Sub, Mul, Add, Mul."""
    dy, x = call.tensor(g, 0), call.tensor(g, 1)
    one, s = g.constant(1, x.dtype), g.node("Sigmoid", x)
    slope = g.node("Mul", s, g.node("Add", one, g.node("Mul", x, g.node("Sub", one, s))))
    return g.node("Mul", slope, dy)


@lowering("EluGrad")
def elu_grad(g: Builder, call: Call) -> Value:
    """EluGrad(dy, y): dy, and where y is below 0 (y + 1) dy -> Less, Add, Mul, Where."""
    dy, y = call.tensor(g, 0), call.tensor(g, 1)
    below = g.node("Mul", g.node("Add", y, g.constant(1, y.dtype)), dy)
    return g.node("Where", g.node("Less", y, g.constant(0, y.dtype)), below, dy)
