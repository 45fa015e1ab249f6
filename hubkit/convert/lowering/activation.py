"""Activations."""

from __future__ import annotations

import math

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.registry import lowering

_HARD_TANH = {"min_val": -1, "max_val": 1}
# MindIR operator of one argument -> the ONNX operator that is the same function.
_SAME = {
    "ReLU": "Relu",
    "ReLUV3": "Relu",
    "Softplus": "Softplus",
    "Mish": "Mish",
    "MishExt": "Mish",
    "Softsign": "Softsign",
}


@lowering(*_SAME)
def same(g: Builder, call: Call) -> Value:
    """ReLU(x), ReLUV3, Softplus, Softsign, Mish, MishExt -> the operator of that name."""
    return g.node(_SAME[call.node.op], call.tensor(g, 0))


@lowering("ReLU6")
def relu6(g: Builder, call: Call) -> Value:
    """ReLU6(x) -> Clip to between 0 and 6."""
    x = call.tensor(g, 0)
    return g.node("Clip", x, g.constant(0, x.dtype), g.constant(6, x.dtype))


@lowering("Hardtanh")
def hard_tanh(g: Builder, call: Call) -> Value:
    """Hardtanh(x, min_val=-1, max_val=1) -> Clip."""
    x = call.tensor(g, 0)
    bounds = (call.constant(name, place, usual) for place, (name, usual) in enumerate(_HARD_TANH.items(), start=1))
    return g.node("Clip", x, *(g.constant(bound, x.dtype) for bound in bounds))


@lowering("Threshold")
def threshold(g: Builder, call: Call) -> Value:
    """Threshold(x, threshold, value): value where x is not above the threshold -> Greater, Where."""
    x = call.tensor(g, 0)
    limit, value = (g.constant(call.constant(name, place), x.dtype) for place, name in ((1, "threshold"), (2, "value")))
    return g.node("Where", g.node("Greater", x, limit), x, value)


@lowering("HShrink", "SoftShrink")
def shrink(g: Builder, call: Call) -> Value:
    """HShrink(x, lambd=0.5), SoftShrink: 0 between -lambd and lambd -> Shrink, with lambd as bias for SoftShrink."""
    x, lambd = call.tensor(g, 0), float(call.constant("lambd", 1, 0.5))
    return g.node("Shrink", x, lambd=lambd, bias=lambd if call.node.op == "SoftShrink" else 0.0)


@lowering("LeakyReLUExt")
def leaky_relu(g: Builder, call: Call) -> Value:
    """LeakyReLUExt(x, negative_slope=0.01) -> LeakyRelu."""
    return g.node("LeakyRelu", call.tensor(g, 0), alpha=float(call.constant("negative_slope", 1, 0.01)))


@lowering("HSwish")
def hard_swish(g: Builder, call: Call) -> Value:
    """HSwish(x) -> HardSwish."""
    return g.node("HardSwish", call.tensor(g, 0))


@lowering("HSigmoid")
def hard_sigmoid(g: Builder, call: Call) -> Value:
    """HSigmoid(x) = min(max(x / 6 + 1/2, 0), 1) -> HardSigmoid."""
    return g.node("HardSigmoid", call.tensor(g, 0), alpha=1 / 6, beta=0.5)


@lowering("GeLU")
def gelu(g: Builder, call: Call) -> Value:
    """GeLU(x) = x / 2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * x^3))) -> Mul, Add, Tanh.

    The tanh form (arXiv 1606.08415), which is the operator's; the erf form arrives as Div, Erf, Add, Mul.
    """
    return _gelu_by_tanh(g, call.tensor(g, 0))


def _gelu_by_tanh(g: Builder, x: Value) -> Value:
    cubed = g.node("Mul", g.node("Mul", x, x), x)
    inner = g.node("Add", x, g.node("Mul", cubed, g.constant(0.044715, x.dtype)))
    scaled = g.node("Mul", inner, g.constant(math.sqrt(2 / math.pi), x.dtype))
    gate = g.node("Add", g.node("Tanh", scaled), g.constant(1, x.dtype))
    return g.node("Mul", g.node("Mul", x, gate), g.constant(0.5, x.dtype))


@lowering("GeluExt")
def gelu_ext(g: Builder, call: Call) -> Value:
    """GeluExt(x, approximate="none") = x / 2 * (1 + erf(x / sqrt(2))) -> Erf, Add, Mul; as GeLU for "tanh"."""
    if call.constant("approximate", 1, "none") in ("tanh", 1):
        return _gelu_by_tanh(g, call.tensor(g, 0))
    x = call.tensor(g, 0)
    gate = g.node("Add", g.node("Erf", g.node("Mul", x, g.constant(math.sqrt(0.5), x.dtype))), g.constant(1, x.dtype))
    return g.node("Mul", g.node("Mul", x, gate), g.constant(0.5, x.dtype))


@lowering("FastGeLU")
def fast_gelu(g: Builder, call: Call) -> Value:
    """FastGeLU(x): x * sigmoid(1.702 x) -> Sigmoid, Mul."""
    x = call.tensor(g, 0)
    return g.node("Mul", x, g.node("Sigmoid", g.node("Mul", x, g.constant(1.702, x.dtype))))


@lowering("Elu", "EluExt")
def elu(g: Builder, call: Call) -> Value:
    """Elu(x, alpha=1.0), EluExt -> Elu."""
    return g.node("Elu", call.tensor(g, 0), alpha=float(call.constant("alpha", 1, 1.0)))


@lowering("CeLU")
def celu(g: Builder, call: Call) -> Value:
    """CeLU(x, alpha=1.0) -> Celu, which is of float32 only."""
    x = call.tensor(g, 0)
    found = g.node("Celu", cast_to(g, x, BY_NAME["float32"]), alpha=float(call.constant("alpha", 1, 1.0)))
    return cast_to(g, found, x.dtype)


@lowering("SeLU", "SeLUExt")
def selu(g: Builder, call: Call) -> Value:
    """SeLU(x), SeLUExt -> Selu."""
    return g.node("Selu", call.tensor(g, 0))


@lowering("LogSigmoid")
def log_sigmoid(g: Builder, call: Call) -> Argument:
    """LogSigmoid(x) = -softplus(-x) -> Neg, Softplus, Neg. Of its results only the first is given."""
    x = call.tensor(g, 0)
    result = g.node("Neg", g.node("Softplus", g.node("Neg", x)))
    return (result,) if isinstance(call.node.output_type, tuple) else result


@lowering("SoftplusExt")
def softplus(g: Builder, call: Call) -> Value:
    """SoftplusExt(x, beta=1, threshold=20) -> Mul, Softplus, Div; x itself where beta * x is above the threshold."""
    x, beta, limit = call.tensor(g, 0), call.constant("beta", 1, 1), call.constant("threshold", 2, 20)
    scaled = x if beta == 1 else g.node("Mul", x, g.constant(beta, x.dtype))
    soft = g.node("Softplus", scaled)
    soft = soft if beta == 1 else g.node("Div", soft, g.constant(beta, x.dtype))
    return g.node("Where", g.node("Greater", scaled, g.constant(limit, x.dtype)), x, soft)


@lowering("GLU", "Swiglu")
def gated(g: Builder, call: Call) -> Value:
    """GLU(x, axis=-1), Swiglu: of x' halves a * sigmoid(b), or a * sigmoid(a) * b -> Split, Sigmoid, Mul."""
    x = call.tensor(g, 0)
    axis = axis_of(call.constant("axis", default=None) or call.constant("dim", 1, -1), x.rank)
    half = x.shape[axis] // 2
    first, second = g.nodes_of("Split", (x, g.ints(half, x.shape[axis] - half)), 2, {"axis": axis})
    if call.node.op == "GLU":
        return g.node("Mul", first, g.node("Sigmoid", second))
    return g.node("Mul", g.node("Mul", first, g.node("Sigmoid", first)), second)


@lowering("PReLU")
def prelu(g: Builder, call: Call) -> Value:
    """PReLU(x, weight) -> PRelu; one weight a channel (axis 1), or one for all."""
    x, weight = call.tensor(g, 0), call.tensor(g, 1)
    if weight.shape != (1,) and x.rank > 2:
        weight = g.node("Unsqueeze", weight, g.ints(*range(1, x.rank - 1)))
    return g.node("PRelu", x, weight)


@lowering("LogSoftmaxExt")
def log_softmax_ext(g: Builder, call: Call) -> Value:
    """LogSoftmaxExt(x, dim=None, dtype=None) -> LogSoftmax, with Cast for a dtype. The dim must be given."""
    x = cast_to(g, call.tensor(g, 0), call.result.dtype)
    axis = call.constant("dim", 1, None)
    if axis is None:
        raise CannotLowerError("it does not say over which axis it runs")
    return g.node("LogSoftmax", x, axis=axis_of(axis, x.rank))


@lowering("Softmax", "LogSoftmax")
def softmax(g: Builder, call: Call) -> Value:
    """Softmax(x, axis=-1), LogSoftmax -> Softmax, LogSoftmax, over one axis."""
    x = call.tensor(g, 0)
    axes = call.ints("axis", 1, -1)
    if len(axes) != 1:
        raise CannotLowerError(f"it runs over the axes {axes}; only one can be expressed")
    return g.node(call.node.op, x, axis=axis_of(axes[0], x.rank))
