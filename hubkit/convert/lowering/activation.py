"""Activations."""

from __future__ import annotations

import math

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, axis_of
from hubkit.convert.lowering.registry import lowering

# MindIR operator of one argument -> the ONNX operator that is the same function.
_SAME = {
    "ReLU": "Relu",
    "Sigmoid": "Sigmoid",
    "Tanh": "Tanh",
    "Softplus": "Softplus",
    "Mish": "Mish",
    "Softsign": "Softsign",
}


@lowering(*_SAME)
def same(g: Builder, call: Call) -> Value:
    """ReLU(x), Sigmoid, Tanh, Softplus, Softsign, Mish -> the operator of that name."""
    return g.node(_SAME[call.node.op], call.tensor(g, 0))


@lowering("ReLU6")
def relu6(g: Builder, call: Call) -> Value:
    """ReLU6(x) -> Clip to between 0 and 6."""
    x = call.tensor(g, 0)
    return g.node("Clip", x, g.constant(0, x.dtype), g.constant(6, x.dtype))


@lowering("HSwish")
def hard_swish(g: Builder, call: Call) -> Value:
    """HSwish(x) -> HardSwish."""
    return g.node("HardSwish", call.tensor(g, 0))


@lowering("HSigmoid")
def hard_sigmoid(g: Builder, call: Call) -> Value:
    """HSigmoid(x) = min(max(x / 6 + 1/2, 0), 1) -> HardSigmoid."""
    return g.node("HardSigmoid", call.tensor(g, 0), alpha=1 / 6, beta=0.5)


@lowering("SiLU")
def silu(g: Builder, call: Call) -> Value:
    """SiLU(x) = x * sigmoid(x) -> Sigmoid, Mul."""
    x = call.tensor(g, 0)
    return g.node("Mul", x, g.node("Sigmoid", x))


@lowering("GeLU")
def gelu(g: Builder, call: Call) -> Value:
    """GeLU(x) = x / 2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * x^3))) -> Mul, Add, Tanh.

    The tanh form (arXiv 1606.08415), which is the operator's; the erf form arrives as Div, Erf, Add, Mul.
    """
    x = call.tensor(g, 0)
    cubed = g.node("Mul", g.node("Mul", x, x), x)
    inner = g.node("Add", x, g.node("Mul", cubed, g.constant(0.044715, x.dtype)))
    scaled = g.node("Mul", inner, g.constant(math.sqrt(2 / math.pi), x.dtype))
    gate = g.node("Add", g.node("Tanh", scaled), g.constant(1, x.dtype))
    return g.node("Mul", g.node("Mul", x, gate), g.constant(0.5, x.dtype))


@lowering("Elu")
def elu(g: Builder, call: Call) -> Value:
    """Elu(x, alpha=1.0) -> Elu."""
    return g.node("Elu", call.tensor(g, 0), alpha=float(call.constant("alpha", 1, 1.0)))


@lowering("SeLU")
def selu(g: Builder, call: Call) -> Value:
    """SeLU(x) -> Selu."""
    return g.node("Selu", call.tensor(g, 0))


@lowering("PReLU")
def prelu(g: Builder, call: Call) -> Value:
    """PReLU(x, weight) -> PRelu; one weight a channel (axis 1), or one for all."""
    x, weight = call.tensor(g, 0), call.tensor(g, 1)
    if weight.shape != (1,) and x.rank > 2:
        weight = g.node("Unsqueeze", weight, g.ints(*range(1, x.rank - 1)))
    return g.node("PRelu", x, weight)


@lowering("Softmax", "LogSoftmax")
def softmax(g: Builder, call: Call) -> Value:
    """Softmax(x, axis=-1), LogSoftmax -> Softmax, LogSoftmax, over one axis."""
    x = call.tensor(g, 0)
    axes = call.ints("axis", 1, -1)
    if len(axes) != 1:
        raise CannotLowerError(f"it runs over the axes {axes}; only one can be expressed")
    return g.node(call.node.op, x, axis=axis_of(axes[0], x.rank))
