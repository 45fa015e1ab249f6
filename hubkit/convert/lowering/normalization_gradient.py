"""Derivatives of normalisations, and the derivatives of those."""

from __future__ import annotations

from collections.abc import Sequence

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of, counted
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.gradient import beside
from hubkit.convert.lowering.normalization import of_the_batch
from hubkit.convert.lowering.registry import lowering


@lowering("LayerNormGrad")
def layer_norm_grad(g: Builder, call: Call) -> Argument:
    """LayerNormGrad(x, dy, variance, mean, gamma, begin_norm_axis=1, begin_params_axis=1): of x, gamma and beta
    -> Sub, Sqrt, Div, Mul, ReduceMean; ReduceSum.
    """
    norm = _LayerNorm(g, call)
    dy, first = beside(g, call.tensor(g, 1), norm.normal), norm.first_parameter
    of_x = norm.drawn_back(g.node("Mul", dy, norm.gamma))
    of_gamma = _summed(g, g.node("Mul", dy, norm.normal), first) if call.asks_for(1) else None
    return of_x, of_gamma, _summed(g, dy, first) if call.asks_for(2) else None


@lowering("LayerNormGradGrad")
def layer_norm_grad_grad(g: Builder, call: Call) -> Argument:
    """LayerNormGradGrad(x, dy, variance, mean, gamma, d_dx, d_dgamma, d_dbeta, begin_norm_axis=1, begin_params_axis=1):
    of x, dy and gamma -> Sub, Sqrt, Div, Mul, Add, Neg, ReduceMean; ReduceSum.
    """
    norm = _LayerNorm(g, call, 8)
    dy, a = (beside(g, call.tensor(g, place), norm.normal) for place in (1, 5))
    b, c = call.tensor(g, 6), call.tensor(g, 7)
    scaled, back = g.node("Mul", dy, norm.gamma), norm.drawn_back(a)
    of_dy = g.node("Add", g.node("Mul", norm.gamma, back), g.node("Add", g.node("Mul", b, norm.normal), c))

    # How the slope depends on the normalised x, which it is multiplied by, and on the deviation.
    products = [
        g.node("Mul", one, norm.mean_of(g.node("Mul", other, norm.normal))) for one, other in ((a, scaled), (scaled, a))
    ]
    of_normal = g.node("Sub", g.node("Mul", b, dy), g.node("Div", g.node("Add", *products), norm.deviation))
    common = norm.mean_of(g.node("Mul", a, norm.drawn_back(scaled)))
    of_deviation = g.node("Div", g.node("Mul", norm.normal, common), norm.deviation)
    of_x = g.node("Sub", norm.drawn_back(of_normal), of_deviation)
    of_gamma = _summed(g, g.node("Mul", dy, back), norm.first_parameter) if call.asks_for(2) else None
    return of_x, of_dy, of_gamma


@lowering("BatchNormGrad")
def batch_norm_grad(g: Builder, call: Call) -> Argument:
    """BatchNormGrad(dy, x, scale, mean, variance, reserve, is_training=False, epsilon=1e-5, format): of x, scale and
    bias -> Add, Sqrt, Div, Sub, Mul; ReduceSum, and ReduceMean with is_training.
    """
    x = call.tensor(g, 1)
    dy = beside(g, call.tensor(g, 0), x)
    scale, mean, variance = (_a_channel(g, call.tensor(g, place), x) for place in (2, 3, 4))
    training = bool(call.constant("is_training", 6, False))
    deviation = _deviation(g, variance, float(call.constant("epsilon", 7, 1e-5)))
    normal = g.node("Div", g.node("Sub", x, mean), deviation)
    slope = dy
    if training:
        axes = of_the_batch(g, x)
        share = g.node("ReduceMean", g.node("Mul", dy, normal), g.ints(*axes), keepdims=1)
        slope = g.node("Sub", g.node("Sub", dy, g.node("ReduceMean", dy, g.ints(*axes), keepdims=1)),
                       g.node("Mul", normal, share))  # fmt: skip
    of_x = g.node("Mul", slope, g.node("Div", scale, deviation))
    of_scale = _over_channels(g, g.node("Mul", dy, normal)) if call.asks_for(1) else None
    return of_x, of_scale, _over_channels(g, dy) if call.asks_for(2) else None


@lowering("BatchNormGradGrad")
def batch_norm_grad_grad(g: Builder, call: Call) -> Argument:
    """BatchNormGradGrad(x, dy, scale, mean, variance, d_dx, d_dscale, d_dbias, is_training=False, epsilon=1e-5,
    format): of x, dy and scale -> Add, Sqrt, Div, Sub, Mul; ReduceSum. Without is_training only.
    """
    if call.constant("is_training", 8, False):
        raise CannotLowerError("it takes the statistics of its batch")
    x = call.tensor(g, 0)
    dy, d_dx = (beside(g, call.tensor(g, place), x) for place in (1, 5))
    scale, mean, variance, d_scale, d_bias = (_a_channel(g, call.tensor(g, place), x) for place in (2, 3, 4, 6, 7))
    deviation = _deviation(g, variance, float(call.constant("epsilon", 9, 1e-5)))
    normal = g.node("Div", g.node("Sub", x, mean), deviation)
    of_x = g.node("Div", g.node("Mul", dy, d_scale), deviation)
    first = g.node("Div", g.node("Mul", d_dx, scale), deviation)
    of_dy = g.node("Add", first, g.node("Add", g.node("Mul", d_scale, normal), d_bias))
    of_scale = _over_channels(g, g.node("Div", g.node("Mul", d_dx, dy), deviation)) if call.asks_for(2) else None
    return of_x, of_dy, of_scale


@lowering("GroupNormGrad")
def group_norm_grad(g: Builder, call: Call) -> Argument:
    """GroupNormGrad(dy, x, mean, reciprocal deviation, gamma, groups, ...): of x, gamma and beta -> Reshape, Sub, Mul,
    ReduceMean; ReduceSum.
    """
    x = call.tensor(g, 1)
    dy = beside(g, call.tensor(g, 0), x)
    groups, gamma = counted(call.constant("num_groups", 5)), _a_channel(g, call.tensor(g, 4), x)
    mean, reciprocal = (g.node("Unsqueeze", call.tensor(g, place), g.ints(2)) for place in (2, 3))

    def grouped(value: Value) -> Value:
        return g.node("Reshape", value, g.ints(0, groups, -1))

    sizes = [0, *(whole(x, axis) for axis in range(1, x.rank))]
    normal = g.node("Mul", g.node("Sub", grouped(x), mean), reciprocal)
    back = _drawn_back(g, grouped(g.node("Mul", dy, gamma)), normal, [2])
    of_x = g.node("Reshape", g.node("Mul", back, reciprocal), g.ints(*sizes))
    if not call.asks_for(1) and not call.asks_for(2):
        return of_x, None, None
    product = g.node("Mul", dy, g.node("Reshape", normal, g.ints(*sizes)))
    return of_x, _over_channels(g, product), _over_channels(g, dy)


@lowering("L2NormalizeGrad")
def l2_normalize_grad(g: Builder, call: Call) -> Value:
    """L2NormalizeGrad(x, y, dy; axis, epsilon): (dy - y sum(y dy)) / |x| -> Mul, ReduceSum, Sub, ReduceL2, Max, Div.

    The norm is at least epsilon, as in MindSpore's kernel; in L2Normalize it is the root of that.
    """
    x, y, dy = (call.tensor(g, place) for place in range(3))
    axes = g.ints(*(axis_of(axis, x.rank) for axis in call.ints("axis")))
    least = g.constant(call.constant("epsilon", default=1e-4), x.dtype)
    norm = g.node("Max", g.node("ReduceL2", x, axes, keepdims=1), least)
    share = g.node("ReduceSum", g.node("Mul", y, dy), axes, keepdims=1)
    return g.node("Div", g.node("Sub", dy, g.node("Mul", y, share)), norm)


class _LayerNorm:
    """What a LayerNorm has computed: the file gives the variance and the mean."""

    def __init__(self, g: Builder, call: Call, place: int = 5) -> None:
        """``place`` is where the axes stand among the inputs."""
        x, variance, mean = (call.tensor(g, index) for index in (0, 2, 3))
        self._g = g
        self.gamma = call.tensor(g, 4)
        """The scale, of the axes from `first_parameter` on."""
        first = axis_of(call.constant("begin_norm_axis", place, 1), x.rank)
        self.first_parameter = axis_of(call.constant("begin_params_axis", place + 1, 1), x.rank)
        """The first axis that the scale has."""
        self._axes = list(range(first, x.rank))
        self.deviation = _deviation(g, variance, float(call.constant("epsilon", default=1e-7)))
        """The root of the variance."""
        self.normal = g.node("Div", g.node("Sub", x, mean), self.deviation)
        """The normalised x."""

    def mean_of(self, x: Value) -> Value:
        """The mean over the axes that are normalised."""
        return self._g.node("ReduceMean", x, self._g.ints(*self._axes), keepdims=1)

    def drawn_back(self, slope: Value) -> Value:
        """From the slope of the normalised x that of x."""
        return self._g.node("Div", _drawn_back(self._g, slope, self.normal, self._axes), self.deviation)


def _drawn_back(g: Builder, slope: Value, normal: Value, axes: Sequence[int]) -> Value:
    """``slope`` without what changes the mean and the deviation over ``axes``."""
    along = g.ints(*axes)
    share = g.node("ReduceMean", g.node("Mul", slope, normal), along, keepdims=1)
    centred = g.node("Sub", slope, g.node("ReduceMean", slope, along, keepdims=1))
    return g.node("Sub", centred, g.node("Mul", normal, share))


def _deviation(g: Builder, variance: Value, epsilon: float) -> Value:
    return g.node("Sqrt", g.node("Add", variance, g.constant(epsilon, variance.dtype)))


def _a_channel(g: Builder, value: Value, x: Value) -> Value:
    """``value``, one number a channel (axis 1), beside ``x``."""
    return value if x.rank < 3 else g.node("Unsqueeze", value, g.ints(*range(1, x.rank - 1)))


def _over_channels(g: Builder, x: Value) -> Value:
    """The sum of each channel."""
    return g.node("ReduceSum", x, g.ints(0, *range(2, x.rank)), keepdims=0)


def _summed(g: Builder, x: Value, first: int) -> Value:
    """The sum over the axes before ``first``."""
    return g.node("ReduceSum", x, g.ints(*range(first)), keepdims=0) if first else x
