"""Orders, greatest and least elements, products and extremes so far."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.rearrange import cut
from hubkit.convert.lowering.reduction import sum_of_exp
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import reshape

_MAX_STEPS = 256


@lowering("TopK")
def top_k(g: Builder, call: Call) -> Argument:
    """TopK(x, k; sorted) -> TopK of the last axis, largest first. Positions are cast to int32."""
    values, positions = _top(g, call.tensor(g, 0), -1, call.constant("k", 1), largest=True)
    return values, cast_to(g, positions, BY_NAME["int32"])


@lowering("TopkExt")
def top_k_ext(g: Builder, call: Call) -> Argument:
    """TopkExt(x, k, dim=-1, largest=True, sorted=True) -> TopK."""
    return _top(
        g,
        call.tensor(g, 0),
        call.constant("dim", 2, -1),
        call.constant("k", 1),
        largest=bool(call.constant("largest", 3, True)),
    )


@lowering("Sort", "SortExt")
def sort(g: Builder, call: Call) -> Argument:
    """Sort(x; axis=-1, descending=False), SortExt(x, dim=-1, descending=False, stable=False) -> TopK of all.

    Of equal elements the first comes first. Positions are cast to int32 for Sort.
    """
    old = call.node.op == "Sort"
    x = call.tensor(g, 0)
    axis = axis_of(call.constant("axis", default=-1) if old else call.constant("dim", 1, -1), x.rank)
    descending = bool(call.constant("descending", None if old else 2, False))
    values, positions = _top(g, x, axis, _all(g, x, axis), largest=descending)
    return values, cast_to(g, positions, BY_NAME["int32"] if old else BY_NAME["int64"])


@lowering("ArgSort")
def arg_sort(g: Builder, call: Call) -> Argument:
    """ArgSort(x, dim=-1, descending=False, stable=False) -> TopK of all. Of equal elements the first comes first."""
    x = call.tensor(g, 0)
    axis = axis_of(call.constant("dim", 1, -1), x.rank)
    _, positions = _top(g, x, axis, _all(g, x, axis), largest=bool(call.constant("descending", 2, False)))
    return cast_to(g, positions, call.result.dtype)


@lowering("Kthvalue")
def kth_value(g: Builder, call: Call) -> Argument:
    """Kthvalue(x, k, dim=-1, keepdim=False): the k-th least element -> TopK, Gather."""
    x, k = call.tensor(g, 0), counted(call.constant("k", 1))
    axis = axis_of(call.constant("dim", 2, -1), x.rank)
    last = g.ints(k - 1) if call.constant("keepdim", 3, False) else g.constant(k - 1, "int64")
    values, positions = _top(g, x, axis, k, largest=False)
    return g.node("Gather", values, last, axis=axis), g.node("Gather", positions, last, axis=axis)


@lowering("Median")
def median(g: Builder, call: Call) -> Argument:
    """Median(x; global_median=False, axis=0, keep_dims=False): of two in the middle the lesser -> TopK, Gather.

    Of all elements together (global_median) only the value is given. Where several elements are the median, the place
    may be that of another one than MindSpore gives.
    """
    x = call.tensor(g, 0)
    if call.constant("ignore_nan", default=False):
        raise CannotLowerError("it leaves out NaN")
    if overall := bool(call.constant("global_median", default=False)):
        x = _flat(g, x)
    axis = axis_of(0 if overall else call.constant("axis", default=0), x.rank)
    values, positions = _middle(g, x, axis, keep=bool(call.constant("keep_dims", default=False)) and not overall)
    return (values,) if overall else (values, positions)


@lowering("MedianExt")
def median_of_all(g: Builder, call: Call) -> Value:
    """MedianExt(x): of all elements, of two in the middle the lesser -> Reshape, TopK, Gather."""
    values, _ = _middle(g, _flat(g, call.tensor(g, 0)), 0, keep=False)
    return values


def _flat(g: Builder, x: Value) -> Value:
    """All elements of ``x`` in one axis."""
    if x.varying:
        return g.node("Reshape", x, g.ints(-1))
    return reshape(g, x, [math.prod(whole(x, axis) for axis in range(x.rank))])


def _middle(g: Builder, x: Value, axis: int, *, keep: bool) -> tuple[Value, Value]:
    """The medians of ``x`` along ``axis``, which is kept with a size of 1 or goes, and their places."""
    if axis in x.varying:
        before = g.node("Div", g.node("Sub", _all(g, x, axis), g.ints(1)), g.ints(2))
        parts = _top(g, x, axis, _all(g, x, axis), largest=False)
        last = before if keep else g.node("Squeeze", before, g.ints(0))
    else:
        place = (counted(whole(x, axis)) - 1) // 2
        parts = _top(g, x, axis, place + 1, largest=False)
        last = g.ints(place) if keep else g.constant(place, "int64")
    first, second = (g.node("Gather", part, last, axis=axis) for part in parts)
    return first, second


@lowering("CumProd")
def cum_prod(g: Builder, call: Call) -> Value:
    """CumProd(x, axis; exclusive=False, reverse=False) -> Split, Mul one after another, Concat. Up to 256 elements.

    An exclusive one has all before each element, or behind it: 1 for the first, by Pad.
    """
    x = call.tensor(g, 0)
    axis, backwards = axis_of(call.constant("axis", 1), x.rank), bool(call.constant("reverse", 3, False))
    if call.constant("exclusive", 2, False):
        first, last = (0, 1) if backwards else (1, 0)
        pads = [[way if place == axis else 0 for place in range(x.rank)] for way in (first, last)]
        longer = g.node("Pad", x, g.ints(*pads[0], *pads[1]), g.constant(1, x.dtype))
        x = cut(g, longer, axis, last, last + whole(x, axis))
    return _so_far(g, x, axis, lambda done, part: g.node("Mul", done, part), backwards=backwards)


@lowering("Cummax", "Cummin")
def cum_extreme(g: Builder, call: Call) -> Argument:
    """Cummax(x; axis), Cummin: the values and the last place of each so far -> Split, Max or Min one after another,
    Concat; Equal, IsNaN, Where, and Max likewise. Up to 256 elements.
    """
    x = call.tensor(g, 0)
    axis = axis_of(call.constant("axis", 1), x.rank)
    op = call.node.op.removeprefix("Cum").capitalize()
    values = _so_far(g, x, axis, lambda done, part: g.node(op, done, part))
    places = np.arange(whole(x, axis)).reshape([-1 if place == axis else 1 for place in range(x.rank)])
    same = g.node("Equal", x, values)
    same = g.node("Or", same, g.node("IsNaN", x)) if x.dtype.is_float else same
    at = g.node("Where", same, g.constant(places, "int64"), g.constant(0, "int64"))
    places_so_far = _so_far(g, at, axis, lambda done, part: g.node("Max", done, part))
    return values, places_so_far if op == "Max" else cast_to(g, places_so_far, BY_NAME["int32"])


@lowering("SearchSorted")
def search_sorted(g: Builder, call: Call) -> Value:
    """SearchSorted(sequence, values, sorter=None, dtype=int64, right=False): how many come before
    -> Less or LessOrEqual, ReduceSum.

    The sequence is of one axis, or has the axes of the values but for the last.
    """
    sequence, values = call.tensor(g, 0), call.tensor(g, 1)
    if call.optional_tensor(g, 2) is not None:
        raise CannotLowerError("it is given a sorter")
    if sequence.rank > 1:
        sequence = g.node("Unsqueeze", sequence, g.ints(sequence.rank - 1))
    right = call.constant("right", 4, False)
    return _before(g, call, cast_to(g, sequence, values.dtype), values, bool(right))


@lowering("LowerBound", "UpperBound")
def bound(g: Builder, call: Call) -> Value:
    """LowerBound(sequence, values), UpperBound: how many of each row come before, or not behind
    -> Less or LessOrEqual, ReduceSum.
    """
    sequence, values = call.tensor(g, 0), call.tensor(g, 1)
    return _before(g, call, g.node("Unsqueeze", sequence, g.ints(1)), values, call.node.op == "UpperBound")


@lowering("CumulativeLogsumexp")
def cumulative_log_sum_exp(g: Builder, call: Call) -> Value:
    """CumulativeLogsumexp(x, axis; exclusive=False, reverse=False) -> Unsqueeze, Where, ReduceMax, Sub, Exp,
    ReduceSum, Log, Add. Of more than 256 elements CumSum in place of ReduceSum: what lies far below the greatest
    element of its row then underflows, by 87 or more in float32.
    """
    x, backwards = call.tensor(g, 0), bool(call.constant("reverse", default=False))
    if call.constant("exclusive", default=False):
        raise CannotLowerError("it is exclusive")
    axis = axis_of(call.constant("axis", 1), x.rank)
    count = whole(x, axis)
    if count <= _MAX_STEPS:
        each = np.tril(np.ones((count, count), np.bool_))
        each = (each.T if backwards else each).reshape(count, count, *[1] * (x.rank - axis - 1))
        low = g.constant(-np.inf, x.dtype)
        parts = g.node("Where", g.constant(each, "bool"), g.node("Unsqueeze", x, g.ints(axis)), low)
        return sum_of_exp(g, parts, axis + 1, keep=False)
    most = g.node("ReduceMax", x, g.ints(axis), keepdims=1)
    exponents = g.node("Exp", g.node("Sub", x, most))
    sums = g.node("CumSum", exponents, g.constant(axis, "int64"), reverse=int(backwards))
    return g.node("Add", g.node("Log", sums), most)


def _so_far(
    g: Builder, x: Value, given: int, step: Callable[[Value, Value], Value], *, backwards: bool = False
) -> Value:
    """Each element of ``x`` along the axis joined by ``step`` to all before it, or ``backwards`` to all behind it."""
    axis = axis_of(given, x.rank)
    count = whole(x, axis)
    if count > _MAX_STEPS:
        raise CannotLowerError(f"it runs over {count} elements, more than {_MAX_STEPS}")
    if count < 2:
        return x
    results: list[Value] = []
    for part in g.nodes_of("Split", (x, g.ints(*[1] * count)), count, {"axis": axis})[:: -1 if backwards else 1]:
        results.append(step(results[-1], part) if results else part)
    return g.node("Concat", *results[:: -1 if backwards else 1], axis=axis)


def _all(g: Builder, x: Value, axis: int) -> Value:
    """How many elements ``x`` has along ``axis``."""
    return g.node("Shape", x, start=axis, end=axis + 1) if axis in x.varying else g.ints(whole(x, axis))


def _top(g: Builder, x: Value, axis: int, k: int | Value, *, largest: bool) -> tuple[Value, Value]:
    attributes = {"axis": axis_of(axis, x.rank), "largest": int(largest)}
    values, positions = g.nodes_of("TopK", (x, g.ints(k) if isinstance(k, int) else k), 2, attributes)
    return values, positions


def _before(g: Builder, call: Call, sequence: Value, values: Value, right: bool) -> Value:
    """How many of ``sequence`` come before each of ``values``; with ``right`` those that are equal too."""
    before = g.node("LessOrEqual" if right else "Less", sequence, g.node("Unsqueeze", values, g.ints(-1)))
    count = g.node("ReduceSum", cast_to(g, before, BY_NAME["int64"]), g.ints(-1), keepdims=0)
    return cast_to(g, count, call.result.dtype)
