"""Normalisations."""

from __future__ import annotations

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of, counted
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import reshape


@lowering("BatchNorm")
def batch_norm(g: Builder, call: Call) -> Argument:
    """BatchNorm(x, scale, bias, mean, variance, is_training, epsilon, momentum, format) -> BatchNormalization.

    With is_training the batch's own mean and variance are used, as the operator does even in inference.
    Of its results only the first, the normalised tensor, is given.
    """
    x, scale, bias = call.tensor(g, 0), call.tensor(g, 1), call.tensor(g, 2)
    epsilon = float(call.constant("epsilon", 6, 1e-5))
    if not call.constant("is_training", 5, False):
        statistics = call.tensor(g, 3), call.tensor(g, 4)
        return (g.node("BatchNormalization", x, scale, bias, *statistics, epsilon=epsilon),)
    axes = g.ints(0, *range(2, x.rank))
    centred = g.node("Sub", x, g.node("ReduceMean", x, axes, keepdims=1))
    variance = g.node("ReduceMean", g.node("Mul", centred, centred), axes, keepdims=1)
    spread = g.node("Sqrt", g.node("Add", variance, g.constant(epsilon, x.dtype)))
    return (_scaled(g, g.node("Div", centred, spread), scale, bias),)


@lowering("LayerNorm")
def layer_norm(g: Builder, call: Call) -> Argument:
    """LayerNorm(x, gamma, beta, begin_norm_axis, begin_params_axis, epsilon) -> LayerNormalization.

    The axes of the mean and of the parameters must be the same. Of its results only the first is given.
    """
    x = call.tensor(g, 0)
    axis = axis_of(call.constant("begin_norm_axis", 3), x.rank)
    if axis_of(call.constant("begin_params_axis", 4), x.rank) != axis:
        raise CannotLowerError("its parameters span other axes than its mean")
    epsilon = call.constant("epsilon", 5, 1e-7)
    return (g.node("LayerNormalization", x, call.tensor(g, 1), call.tensor(g, 2), axis=axis, epsilon=float(epsilon)),)


@lowering("GroupNorm")
def group_norm(g: Builder, call: Call) -> Argument:
    """GroupNorm(x, groups, weight, bias, epsilon) -> InstanceNormalization over (N, groups, -1), then scale and shift.

    Of its results only the first is given.
    """
    x, groups = call.tensor(g, 0), counted(call.constant("num_groups", 1))
    ones, zeros = g.constant([1.0] * groups, x.dtype), g.constant([0.0] * groups, x.dtype)
    grouped = g.node("Reshape", x, g.ints(0, groups, -1))
    normal = g.node("InstanceNormalization", grouped, ones, zeros, epsilon=float(call.constant("eps", 4, 1e-5)))
    return (_scaled(g, reshape(g, normal, x.shape), call.tensor(g, 2), call.tensor(g, 3)),)


@lowering("L2Normalize")
def l2_normalize(g: Builder, call: Call) -> Value:
    """L2Normalize(x; axis, epsilon): x / sqrt(max(sum(x * x, axis), epsilon)) -> ReduceSumSquare, Max, Sqrt, Div."""
    x = call.tensor(g, 0)
    axes = g.ints(*(axis_of(axis, x.rank) for axis in call.ints("axis", 1)))
    squares = g.node("ReduceSumSquare", x, axes, keepdims=1)
    epsilon = g.constant(call.constant("epsilon", 2, 1e-4), x.dtype)
    return g.node("Div", x, g.node("Sqrt", g.node("Max", squares, epsilon)))


def _scaled(g: Builder, x: Value, scale: Value, bias: Value) -> Value:
    """x * scale + bias, which have one element a channel (axis 1)."""
    if x.rank > 2:
        axes = g.ints(*range(1, x.rank - 1))
        scale, bias = g.node("Unsqueeze", scale, axes), g.node("Unsqueeze", bias, axes)
    return g.node("Add", g.node("Mul", x, scale), bias)
