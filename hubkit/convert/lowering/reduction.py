"""Reductions along axes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.special import is_infinite

# MindIR reduction -> the ONNX operator. In operator set 18 all of them take their axes as an input.
_REDUCTIONS = {
    "ReduceMax": "ReduceMax",
    "ReduceMean": "ReduceMean",
    "ReduceMin": "ReduceMin",
    "ReduceProd": "ReduceProd",
    "ReduceSum": "ReduceSum",
}
_EXTENDED = {"MeanExt": "ReduceMean", "ProdExt": "ReduceProd", "SumExt": "ReduceSum"}
_WHOLE = {"Max": "ReduceMax", "Min": "ReduceMin"}


@lowering(*_REDUCTIONS)
def reduce_axes(g: Builder, call: Call) -> Value:
    """ReduceMean(x, axis=(), keep_dims=False), ReduceSum, ReduceMax, ReduceMin, ReduceProd -> the one of that name.

    No axes means all, as does None.
    """
    return _reduce(g, call, _REDUCTIONS[call.node.op], call.constant("keep_dims", 2, False))


@lowering(*_EXTENDED)
def reduce_extended(g: Builder, call: Call) -> Value:
    """MeanExt(x, axis=None, keep_dims=False, dtype=None), ProdExt, SumExt -> the one of that name.

    Cast before, where the result is not of the type of x.
    """
    x = cast_to(g, call.tensor(g, 0), call.result.dtype)
    return _reduced(g, x, _EXTENDED[call.node.op], call.constant("axis", 1, ()), call.constant("keep_dims", 2, False))


@lowering(*_WHOLE)
def reduce_whole(g: Builder, call: Call) -> Value:
    """Max(x), Min: of all elements -> the one of that name."""
    return _reduced(g, call.tensor(g, 0), _WHOLE[call.node.op], (), False)


@lowering("MaxDim", "MinDim")
def extreme_along(g: Builder, call: Call) -> Argument:
    """MaxDim(x, dim, keepdim=False), MinDim -> ReduceMax and ArgMax, ReduceMin and ArgMin."""
    x, word = call.tensor(g, 0), call.node.op.removesuffix("Dim")
    axis, keep = axis_of(call.constant("dim", 1), x.rank), int(call.constant("keepdim", 2, False))
    return g.node(f"Reduce{word}", x, g.ints(axis), keepdims=keep), g.node(f"Arg{word}", x, axis=axis, keepdims=keep)


@lowering("SquareSumAll")
def sums_of_squares(g: Builder, call: Call) -> Argument:
    """SquareSumAll(x, y): the sum of the squares of all elements of each -> ReduceSumSquare."""
    return tuple(g.node("ReduceSumSquare", call.tensor(g, place), keepdims=0) for place in (0, 1))


@lowering("EqualCount")
def equal_count(g: Builder, call: Call) -> Value:
    """EqualCount(x, y): how many elements are equal, one number -> Equal, Cast, ReduceSum, Reshape."""
    same = cast_to(g, g.node("Equal", call.tensor(g, 0), call.tensor(g, 1)), BY_NAME["int64"])
    return cast_to(g, g.node("Reshape", g.node("ReduceSum", same, keepdims=0), g.ints(1)), call.result.dtype)


@lowering("ReduceAll", "ReduceAny")
def reduce_logic(g: Builder, call: Call) -> Value:
    """ReduceAll(x, axis=None, keep_dims=False), ReduceAny -> Cast, ReduceMin or ReduceMax."""
    x = call.tensor(g, 0)
    if x.dtype.name != "bool":
        x = g.node("Not", g.node("Equal", x, g.constant(0, x.dtype)))
    numbers = cast_to(g, x, BY_NAME["int32"])
    op = "ReduceMin" if call.node.op == "ReduceAll" else "ReduceMax"
    result = _reduced(g, numbers, op, call.constant("axis", 1, ()), call.constant("keep_dims", 2, False))
    return cast_to(g, result, x.dtype)


@lowering("LogSumExp")
def log_sum_exp(g: Builder, call: Call) -> Value:
    """LogSumExp(x, dim, keepdim=False) -> ReduceMax, Sub, Exp, ReduceSum, Log, Add."""
    return sum_of_exp(g, call.tensor(g, 0), call.constant("dim", 1, ()), keep=bool(call.constant("keepdim", 2, False)))


def sum_of_exp(g: Builder, x: Value, axes: object, *, keep: bool) -> Value:
    """The logarithm of the sum of exp(x) along ``axes``.

    Not by ReduceLogSumExp: with -inf among the elements ONNX Runtime 1.31 takes a wrong greatest one.
    """
    most = _reduced(g, x, "ReduceMax", axes, True)
    most = g.node("Where", is_infinite(g, most), g.constant(0, x.dtype), most)
    total = _reduced(g, g.node("Exp", g.node("Sub", x, most)), "ReduceSum", axes, keep)
    shift = most if keep else _reduced(g, most, "ReduceMax", axes, False)
    return g.node("Add", g.node("Log", total), shift)


@lowering("Var", "Std", "VarMean", "StdMean")
def variance(g: Builder, call: Call) -> Argument:
    """Var(x, dim=None, correction=1, keepdim=False), Std, VarMean, StdMean
    -> ReduceMean, Sub, Mul, ReduceSum, Div, Sqrt.
    """
    x, keep = call.tensor(g, 0), bool(call.constant("keepdim", 3, False))
    spread, mean = _variance(g, x, call.constant("dim", 1, ()), call.constant("correction", 2, 1), keep)
    spread = g.node("Sqrt", spread) if "Std" in call.node.op else spread
    return (spread, mean) if "Mean" in call.node.op else spread


@lowering("ReduceStd")
def reduce_std(g: Builder, call: Call) -> Argument:
    """ReduceStd(x; axis=(), unbiased=True, keep_dims=False): standard deviation, mean -> as Var, with Sqrt."""
    x, keep = call.tensor(g, 0), bool(call.constant("keep_dims", 3, False))
    spread, mean = _variance(g, x, call.constant("axis", 1, ()), int(call.constant("unbiased", 2, True)), keep)
    return g.node("Sqrt", spread), mean


@lowering("LpNorm", "LpNormV2", "LinalgVectorNorm")
def norm(g: Builder, call: Call) -> Value:
    """LpNorm(x; axis, p=2, keep_dims=False, epsilon=1e-12), LpNormV2(x, p=2, dim=None, keepdim=False, epsilon=1e-12),
    LinalgVectorNorm(x, ord=2, dim=None, keepdim=False, dtype=None) -> ReduceL2, ReduceL1, ReduceMax, ReduceMin.

    Other powers: Abs, Pow, ReduceSum, Pow. LpNorm and LpNormV2 give epsilon where the norm is less.
    """
    x = cast_to(g, call.tensor(g, 0), call.result.dtype)
    old = call.node.op == "LpNorm"
    power = float(call.constant("p", None if old else 1, 2))
    axes = call.constant("axis", default=()) if old else call.constant("dim", 2, ())
    keep = call.constant("keep_dims", default=False) if old else call.constant("keepdim", 3, False)
    if power in (1, 2):
        result = _reduced(g, x, f"ReduceL{power:.0f}", axes, keep)
    elif math.isinf(power):
        result = _reduced(g, g.node("Abs", x), "ReduceMax" if power > 0 else "ReduceMin", axes, keep)
    elif power == 0:
        here = cast_to(g, g.node("Not", g.node("Equal", x, g.constant(0, x.dtype))), x.dtype)
        result = _reduced(g, here, "ReduceSum", axes, keep)
    else:
        powers = g.node("Pow", g.node("Abs", x), g.constant(power, x.dtype))
        result = g.node("Pow", _reduced(g, powers, "ReduceSum", axes, keep), g.constant(1 / power, x.dtype))
    if call.node.op.startswith("LpNorm"):
        epsilon = call.constant("epsilon", None if old else 4, 1e-12)
        result = g.node("Max", result, g.constant(epsilon, x.dtype))
    return result


@lowering("CountNonZero")
def count_non_zero(g: Builder, call: Call) -> Value:
    """CountNonZero(x, dim=None) -> Equal, Not, Cast, ReduceSum."""
    x = call.tensor(g, 0)
    here = g.node("Not", g.node("Equal", x, g.constant(0, x.dtype)))
    return _reduced(g, cast_to(g, here, call.result.dtype), "ReduceSum", call.constant("dim", 1, ()), False)


@lowering("Trace", "TraceExt")
def trace(g: Builder, call: Call) -> Value:
    """Trace(x), TraceExt: the sum of a matrix' diagonal -> Mul with a constant, ReduceSum."""
    x = cast_to(g, call.tensor(g, 0), call.result.dtype)
    mask = g.constant(np.eye(whole(x, 0), whole(x, 1)), x.dtype)
    return _reduced(g, g.node("Mul", x, mask), "ReduceSum", (), False)


@lowering("ArgMaxExt", "ArgMinExt")
def arg_extreme_ext(g: Builder, call: Call) -> Value:
    """ArgMaxExt(x, dim=None, keepdim=False), ArgMinExt -> ArgMax, ArgMin; without dim Reshape before."""
    x, axis = call.tensor(g, 0), call.constant("dim", 1, None)
    op = call.node.op.removesuffix("Ext")
    if axis is None:
        if x.dynamic:
            whole(x, x.dynamic[0])
        flat = g.node("ArgMax" if "Max" in op else "ArgMin", g.node("Reshape", x, g.ints(-1)), axis=0, keepdims=0)
        return cast_to(g, flat, call.result.dtype)
    found = g.node(op, x, axis=axis_of(axis, x.rank), keepdims=int(call.constant("keepdim", 2, False)))
    return cast_to(g, found, call.result.dtype)


@lowering("Argmax", "Argmin")
def arg_extreme(g: Builder, call: Call) -> Value:
    """Argmax(x, axis=-1, output_type), Argmin -> ArgMax, ArgMin, with Cast where the type is not int64."""
    x = call.tensor(g, 0)
    op = {"Argmax": "ArgMax", "Argmin": "ArgMin"}[call.node.op]
    found = g.node(op, x, axis=axis_of(call.constant("axis", 1, -1), x.rank), keepdims=0)
    return cast_to(g, found, call.result.dtype)


@lowering("ArgMaxWithValue", "ArgMinWithValue")
def extreme_with_place(g: Builder, call: Call) -> Argument:
    """ArgMaxWithValue(x, axis=0, keep_dims=False), ArgMinWithValue -> ArgMax and ReduceMax, ArgMin and ReduceMin."""
    x = call.tensor(g, 0)
    word = {"ArgMaxWithValue": "Max", "ArgMinWithValue": "Min"}[call.node.op]
    axis, keep = axis_of(call.constant("axis", 1, 0), x.rank), int(call.constant("keep_dims", 2, False))
    place = g.node(f"Arg{word}", x, axis=axis, keepdims=keep)
    return cast_to(g, place, call.result.dtype), g.node(f"Reduce{word}", x, g.ints(axis), keepdims=keep)


@lowering("CumSum", "CumsumExt")
def cum_sum(g: Builder, call: Call) -> Value:
    """CumSum(x, axis, exclusive=False, reverse=False), CumsumExt(x, dim, dtype=None) -> CumSum."""
    x = cast_to(g, call.tensor(g, 0), call.result.dtype)
    if call.node.op == "CumsumExt":
        return g.node("CumSum", x, g.constant(axis_of(call.constant("dim", 1), x.rank), "int64"))
    axis = axis_of(call.constant("axis", 1), x.rank)
    return g.node(
        "CumSum",
        x,
        g.constant(axis, "int64"),
        exclusive=int(call.constant("exclusive", 2, False)),
        reverse=int(call.constant("reverse", 3, False)),
    )


def _reduce(g: Builder, call: Call, op: str, keep_dims: bool) -> Value:
    return _reduced(g, call.tensor(g, 0), op, call.constant("axis", 1, ()), keep_dims)


def _reduced(g: Builder, x: Value, op: str, given: object, keep_dims: object) -> Value:
    axes = () if given is None else given if isinstance(given, tuple) else (given,)
    if not all(isinstance(axis, int) for axis in axes):
        raise CannotLowerError(f"its axes are {axes}")
    if x.rank == 0:
        return g.node(op, x, keepdims=0)
    wanted = [axis_of(axis, x.rank) for axis in axes or range(x.rank)]
    if op == "ReduceMean" and set(wanted) & set(x.varying):  # of nothing, ONNX Runtime's own gives 0 and not NaN
        total = g.node("ReduceSum", x, g.ints(*wanted), keepdims=int(bool(keep_dims)))
        return g.node("Div", total, _count(g, x, wanted))
    return g.node(op, x, g.ints(*wanted), keepdims=int(bool(keep_dims)))


def _count(g: Builder, x: Value, axes: Sequence[int]) -> Value:
    """How many elements ``x`` has along ``axes``, as one number of its type."""
    if not set(axes) & set(x.varying):
        return g.constant(math.prod(whole(x, axis) for axis in axes), x.dtype)
    sizes = g.node("Gather", g.node("Shape", x), g.ints(*axes), axis=0)
    return g.node("Cast", g.node("ReduceProd", sizes, g.ints(0), keepdims=0), to=x.dtype.onnx)


def _variance(g: Builder, x: Value, axes: object, correction: int, keep: bool) -> tuple[Value, Value]:
    """The variance and the mean."""
    chosen = axes if isinstance(axes, tuple) else () if axes is None else (axes,)
    along = [axis_of(axis, x.rank) for axis in chosen] or range(x.rank)
    count = _count(g, x, along)
    less = (
        g.constant(count.array - correction, x.dtype)
        if count.array is not None
        else g.node("Sub", count, g.constant(correction, x.dtype))
    )
    centred = g.node("Sub", x, _reduced(g, x, "ReduceMean", axes, True))
    total = _reduced(g, g.node("Mul", centred, centred), "ReduceSum", axes, keep)
    return g.node("Div", total, less), _reduced(g, x, "ReduceMean", axes, keep)


@lowering("Histogram")
def histogram(g: Builder, call: Call) -> Value:
    """Histogram(x; bins, min, max): how many elements lie in each bin -> Floor, Equal, ReduceSum.

    The last bin holds its end too. Where min and max are equal, the bins lie between the elements' own: ReduceMin,
    ReduceMax; 1 further out on both sides where all elements are equal.
    """
    x, bins, dtype = call.tensor(g, 0), counted(call.constant("bins")), BY_NAME["float32"]
    if x.dynamic:
        whole(x, x.dynamic[0])
    flat = cast_to(g, g.node("Reshape", x, g.ints(-1, 1)), dtype)
    bounds = [float(call.constant(name)) for name in ("min", "max")]
    if bounds[0] == bounds[1]:
        low, high = (g.node(op, flat, keepdims=0) for op in ("ReduceMin", "ReduceMax"))
        room = g.node("Cast", g.node("Equal", low, high), to=dtype.onnx)
        low, high = g.node("Sub", low, room), g.node("Add", high, room)
    else:
        low, high = (g.constant(bound, dtype) for bound in bounds)
    share = g.node("Div", g.node("Sub", flat, low), g.node("Sub", high, low))
    place = g.node("Floor", g.node("Mul", share, g.constant(bins, dtype)))
    place = g.node("Where", g.node("Equal", flat, high), g.constant(bins - 1, dtype), place)
    here = g.node("Equal", place, g.constant(np.arange(bins), dtype))
    return cast_to(
        g, g.node("ReduceSum", g.node("Cast", here, to=dtype.onnx), g.ints(0), keepdims=0), call.result.dtype
    )


@lowering("Renorm")
def renorm(g: Builder, call: Call) -> Value:
    """Renorm(x; p, dim, maxnorm): each part along an axis, made no longer than maxnorm -> ReduceL1, ReduceL2, or Abs,
    Pow, ReduceSum; Greater, Div, Where, Mul.
    """
    x, power, most = call.tensor(g, 0), float(call.constant("p")), call.constant("maxnorm")
    kept = axis_of(call.constant("dim"), x.rank)
    others = [axis for axis in range(x.rank) if axis != kept]
    for axis in others:
        whole(x, axis)
    axes = g.ints(*others)
    if power in (1, 2):
        size = g.node(f"ReduceL{int(power)}", x, axes, keepdims=1)
    else:
        terms = g.node("Pow", g.node("Abs", x), g.constant(power, x.dtype))
        size = g.node("Pow", g.node("ReduceSum", terms, axes, keepdims=1), g.constant(1 / power, x.dtype))
    limit = g.constant(most, x.dtype)
    factor = g.node("Div", limit, g.node("Add", size, g.constant(1e-7, x.dtype)))
    return g.node("Mul", x, g.node("Where", g.node("Greater", size, limit), factor, g.constant(1, x.dtype)))
