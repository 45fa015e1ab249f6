"""Normalisations."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import reshape


@lowering("BatchNorm")
def batch_norm(g: Builder, call: Call) -> Argument:
    """BatchNorm(x, scale, bias, mean, variance, is_training, epsilon, momentum, format) -> BatchNormalization.

    With is_training the batch's own mean and variance are used, as the operator does even in inference.
    Of its results only the first, the normalised tensor, is given: MindSpore leaves the others as memory was, but with
    is_training.
    """
    x, scale, bias = call.tensor(g, 0), call.tensor(g, 1), call.tensor(g, 2)
    epsilon = float(call.constant("epsilon", 6, 1e-5))
    if not call.constant("is_training", 5, False):
        statistics = call.tensor(g, 3), call.tensor(g, 4)
        result = g.node("BatchNormalization", x, scale, bias, *statistics, epsilon=epsilon)
        return (
            (result, None, None) if call.asks_for(2) else (result,)
        )  # BatchNormGrad is given it, and does not read it
    axes = of_the_batch(g, x)
    result = _scaled(g, _standardised(g, x, axes, epsilon), scale, bias)
    return (result, None, None, *_moments(g, x, axes, keep=0)) if call.asks_for(3) or call.asks_for(4) else (result,)


@lowering("LayerNorm")
def layer_norm(g: Builder, call: Call) -> Argument:
    """LayerNorm(x, gamma, beta, begin_norm_axis, begin_params_axis, epsilon) -> LayerNormalization; ReduceMean, Sub,
    Mul, ReduceMean for the mean and the variance.

    Where the parameters span other axes than the mean, it is ReduceMean, Sub, Mul, Sqrt, Div, Add.
    """
    x, gamma, beta = (call.tensor(g, place) for place in range(3))
    axis = axis_of(call.constant("begin_norm_axis", 3), x.rank)
    epsilon = float(call.constant("epsilon", 5, 1e-7))
    if axis_of(call.constant("begin_params_axis", 4), x.rank) == axis:
        result = g.node("LayerNormalization", x, gamma, beta, axis=axis, epsilon=epsilon)
    else:
        normal = _standardised(g, x, list(range(axis, x.rank)), epsilon)
        result = g.node("Add", g.node("Mul", normal, gamma), beta)
    moments = _moments(g, x, range(axis, x.rank)) if call.asks_for(1) or call.asks_for(2) else ()
    return (result, *moments)


@lowering("GroupNorm")
def group_norm(g: Builder, call: Call) -> Argument:
    """GroupNorm(x, groups, weight, bias, epsilon) -> InstanceNormalization over (N, groups, -1), then scale and shift;
    ReduceMean, Sub, Mul, Sqrt, Reciprocal for the mean and the reciprocal deviation.
    """
    x, groups = call.tensor(g, 0), counted(call.constant("num_groups", 1))
    ones, zeros = g.constant([1.0] * groups, x.dtype), g.constant([0.0] * groups, x.dtype)
    grouped = g.node("Reshape", x, g.ints(0, groups, -1))
    epsilon = float(call.constant("eps", 4, 1e-5))
    normal = g.node("InstanceNormalization", grouped, ones, zeros, epsilon=epsilon)
    result = _scaled(g, reshape(g, normal, x.shape), call.tensor(g, 2), call.tensor(g, 3))
    if not call.asks_for(1) and not call.asks_for(2):
        return (result,)
    mean, variance = _moments(g, grouped, [2], keep=0)
    root = g.node("Sqrt", g.node("Add", variance, g.constant(epsilon, x.dtype)))
    return result, mean, g.node("Reciprocal", root)


@lowering("BatchNormExt")
def batch_norm_ext(g: Builder, call: Call) -> Argument:
    """BatchNormExt(x, weight=None, bias=None, mean=None, variance=None, training=False, momentum=0.1, epsilon=1e-5)
    -> BatchNormalization.

    With training the batch's own mean and variance are used: ReduceMean, Sub, Mul, Sqrt, Div. Of its results only the
    first is given.
    """
    x, channels = call.tensor(g, 0), counted(call.tensor(g, 0).shape[1])
    ones, zeros = g.constant([1.0] * channels, x.dtype), g.constant([0.0] * channels, x.dtype)
    scale, bias = call.optional_tensor(g, 1) or ones, call.optional_tensor(g, 2) or zeros
    mean, variance = call.optional_tensor(g, 3), call.optional_tensor(g, 4)
    epsilon = float(call.constant("epsilon", 7, 1e-5))
    if call.constant("training", 5, False) or mean is None or variance is None:
        return (_scaled(g, _standardised(g, x, of_the_batch(g, x), epsilon), scale, bias),)
    return (g.node("BatchNormalization", x, scale, bias, mean, variance, epsilon=epsilon),)


@lowering("InstanceNorm")
def instance_norm(g: Builder, call: Call) -> Argument:
    """InstanceNorm(x, gamma, beta, mean, variance; epsilon, momentum) -> InstanceNormalization.

    Of its results only the first is given.
    """
    epsilon = float(call.constant("epsilon", default=1e-5))
    return (g.node("InstanceNormalization", *(call.tensor(g, place) for place in range(3)), epsilon=epsilon),)


@lowering("LayerNormExt")
def layer_norm_ext(g: Builder, call: Call) -> Argument:
    """LayerNormExt(x, normalized_shape, weight=None, bias=None, eps=1e-5) -> LayerNormalization.

    Of its results only the first is given.
    """
    x, sizes = call.tensor(g, 0), call.ints("normalized_shape", 1)
    weight = call.optional_tensor(g, 2) or g.constant(np.ones(sizes), x.dtype)
    bias, epsilon = call.optional_tensor(g, 3), float(call.constant("eps", 4, 1e-5))
    inputs = (value for value in (x, weight, bias) if value)
    return (g.node("LayerNormalization", *inputs, axis=x.rank - len(sizes), epsilon=epsilon),)


@lowering("RmsNorm", "AddRmsNorm")
def rms_norm(g: Builder, call: Call) -> Argument:
    """RmsNorm(x, gamma, epsilon=1e-6): x / sqrt(mean(x^2) + epsilon) * gamma; AddRmsNorm(x, y, gamma, epsilon) of x + y
    -> Mul, ReduceMean, Add, Sqrt, Div, Mul; Reciprocal for the reciprocal root.

    The mean is over the axes that gamma has.
    """
    added = call.node.op == "AddRmsNorm"
    x = g.node("Add", call.tensor(g, 0), call.tensor(g, 1)) if added else call.tensor(g, 0)
    gamma, epsilon = call.tensor(g, 1 + added), float(call.constant("epsilon", 2 + added, 1e-6))
    axes = g.ints(*range(x.rank - gamma.rank, x.rank))
    mean = g.node("ReduceMean", g.node("Mul", x, x), axes, keepdims=1)
    root = g.node("Sqrt", g.node("Add", mean, g.constant(epsilon, x.dtype)))
    result = g.node("Mul", g.node("Div", x, root), gamma)
    reciprocal = g.node("Reciprocal", root)
    return (result, reciprocal, x) if added else (result, reciprocal)


@lowering("LRN")
def lrn(g: Builder, call: Call) -> Value:
    """LRN(x; depth_radius, bias, alpha, beta, norm_region): local response normalisation across channels -> LRN."""
    size = 2 * counted(call.constant("depth_radius", default=5)) + 1
    if call.constant("norm_region", default="ACROSS_CHANNELS") != "ACROSS_CHANNELS":
        raise CannotLowerError("its norm_region is not ACROSS_CHANNELS")
    alpha, beta, bias = (float(call.constant(name)) for name in ("alpha", "beta", "bias"))
    return g.node("LRN", call.tensor(g, 0), size=size, alpha=alpha * size, beta=beta, bias=bias)


@lowering("L2Normalize")
def l2_normalize(g: Builder, call: Call) -> Value:
    """L2Normalize(x; axis, epsilon): x / sqrt(max(sum(x * x, axis), epsilon)) -> ReduceSumSquare, Max, Sqrt, Div."""
    x = call.tensor(g, 0)
    axes = g.ints(*(axis_of(axis, x.rank) for axis in call.ints("axis", 1)))
    squares = g.node("ReduceSumSquare", x, axes, keepdims=1)
    epsilon = g.constant(call.constant("epsilon", 2, 1e-4), x.dtype)
    return g.node("Div", x, g.node("Sqrt", g.node("Max", squares, epsilon)))


@lowering("ClipByNorm")
def clip_by_norm(g: Builder, call: Call) -> Value:
    """ClipByNorm(x, clip_norm; axis): x, over axes whose L2 norm is greater made as long as clip_norm, in float32.

    No axes are all of them. MindSpore 2.10 computes something else on a CPU over some of the axes only.
    -> ReduceSumSquare, Sqrt, Max, Div, Mul.
    """
    x, most = (cast_to(g, call.tensor(g, place), BY_NAME["float32"]) for place in (0, 1))
    axes = [axis_of(axis, x.rank) for axis in call.ints("axis", 2)] or list(range(x.rank))
    norm = g.node("Sqrt", g.node("ReduceSumSquare", x, g.ints(*axes), keepdims=1))
    return g.node("Mul", x, g.node("Div", most, g.node("Max", norm, most)))


def of_the_batch(g: Builder, x: Value) -> list[int]:
    """The axes over which the mean of ``x``'s own batch is taken; its size is then part of what the network computes.

    Raises BatchBoundError where it is open.
    """
    if g.has_open_batch and 0 in x.dynamic and 0 not in x.varying:
        raise BatchBoundError("its batch cannot be kept open: it takes the mean and the variance of the whole batch")
    return [0, *range(2, x.rank)]


def _standardised(g: Builder, x: Value, axes: list[int], epsilon: float) -> Value:
    """``x`` with a mean of 0 and a variance of 1 over ``axes``."""
    centred = g.node("Sub", x, g.node("ReduceMean", x, g.ints(*axes), keepdims=1))
    variance = g.node("ReduceMean", g.node("Mul", centred, centred), g.ints(*axes), keepdims=1)
    return g.node("Div", centred, g.node("Sqrt", g.node("Add", variance, g.constant(epsilon, x.dtype))))


def _moments(g: Builder, x: Value, axes: Iterable[int], keep: int = 1) -> tuple[Value, Value]:
    """The mean and the variance of ``x`` over ``axes``."""
    along = g.ints(*axes)
    mean = g.node("ReduceMean", x, along, keepdims=1)
    centred = g.node("Sub", x, mean)
    variance = g.node("ReduceMean", g.node("Mul", centred, centred), along, keepdims=keep)
    return mean if keep else g.node("Squeeze", mean, along), variance


def _scaled(g: Builder, x: Value, scale: Value, bias: Value) -> Value:
    """x * scale + bias, which have one element a channel (axis 1)."""
    if x.rank > 2:
        axes = g.ints(*range(1, x.rank - 1))
        scale, bias = g.node("Unsqueeze", scale, axes), g.node("Unsqueeze", bias, axes)
    return g.node("Add", g.node("Mul", x, scale), bias)
