"""Operators whose results have a size that depends on the data: what is picked, what is left of doubles, ranges.

How many there will be is not known while lowering; `hubkit.convert.lowering.sizes` has numbers that stand for it.
"""

from __future__ import annotations

import math

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import filled, whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.sizes import sizes_of, with_sizes
from hubkit.convert.lowering.slicing import as_number
from hubkit.convert.lowering.values import Size

_INT64, _BOOL = BY_NAME["int64"], BY_NAME["bool"]


@lowering("NonZero")
def non_zero(g: Builder, call: Call) -> Value:
    """NonZero(x): the places of what is not 0, one a row -> NonZero, Transpose. How many depends on the data."""
    return g.node("Transpose", _places(g, call.tensor(g, 0)), perm=[1, 0])


@lowering("NonZeroExt")
def non_zero_by_axis(g: Builder, call: Call) -> Argument:
    """NonZeroExt(x): the places of what is not 0, a tensor an axis -> NonZero, Gather. How many depends on the data."""
    x = call.tensor(g, 0)
    found = _places(g, x)
    return tuple(g.node("Gather", found, g.constant(axis, "int64"), axis=0) for axis in range(x.rank))


@lowering("MaskedSelect")
def masked_select(g: Builder, call: Call) -> Value:
    """MaskedSelect(x, mask): the elements of x where the mask is set, in order -> Expand where the shapes differ,
    Reshape, Compress. How many depends on the data.
    """
    x, mask = call.tensor(g, 0), call.tensor(g, 1)
    count = g.sizes.of(f"elements of {mask.name}" if mask.variants == x.variants else f"{x.name} where {mask.name}")
    if mask.variants != x.variants:
        mask = g.node("Expand", mask, _shape(g, x))
        x = g.node("Expand", x, _shape(g, mask))
    flat, chosen = (value if value.rank == 1 else g.node("Reshape", value, g.ints(-1)) for value in (x, mask))
    (picked,) = g.node_of_known("Compress", (flat, chosen), [with_sizes(x.dtype, [count])], {"axis": 0})
    return picked


@lowering("Unique", "Unique2")
def unique(g: Builder, call: Call) -> Argument:
    """Unique(x): each element once, as they come; Unique2(x, sorted=True, return_inverse=False, return_counts=False):
    sorted; where each of x stands in that, how often each is there -> Reshape, Cast, Unique. How many depends on the
    data.
    """
    x = call.tensor(g, 0)
    kept, inverse, counts = _unique(g, x, ordered=call.node.op == "Unique2")
    inverse = inverse if x.rank == 1 else g.node("Reshape", inverse, _shape(g, x))
    return (kept, cast_to(g, inverse, BY_NAME["int32"])) if call.node.op == "Unique" else (kept, inverse, counts)


@lowering("UniqueWithPad")
def unique_with_pad(g: Builder, call: Call) -> Argument:
    """UniqueWithPad(x, pad): each element once, and behind them as many of pad as make it as long as x; where
    each of x stands in that -> Unique, Concat, Slice.
    """
    x, pad = call.tensor(g, 0), call.tensor(g, 1, call.tensor(g, 0))
    count = whole(x, 0)
    kept, inverse, _ = _unique(g, x, ordered=False)
    longer = g.node("Concat", kept, filled(g, (count,), cast_to(g, pad, x.dtype), x.dtype), axis=0)
    like = with_sizes(x.dtype, [count])
    (padded,) = g.node_of_known("Slice", (longer, g.ints(0), g.ints(count), g.ints(0)), [like], {})
    return padded, cast_to(g, inverse, x.dtype)


@lowering("UniqueConsecutive")
def unique_consecutive(g: Builder, call: Call) -> Argument:
    """UniqueConsecutive(x, return_idx=False, return_counts=False, axis=None): of equal elements behind each other the
    first; where each of x stands in that, how many there are of each, nothing where they are not asked for -> Reshape,
    Slice, Equal, Not, Concat, Compress, CumSum, NonZero, Sub. How many depends on the data.
    """
    x = call.tensor(g, 0)
    told, counting = call.constant("return_idx", 1, False), call.constant("return_counts", 2, False)
    if call.constant("axis", 3, None) is not None:
        raise CannotLowerError("it works along an axis")
    flat = x if x.rank == 1 else g.node("Reshape", x, g.ints(-1))
    last = g.ints(2**31 - 1)
    length = sizes_of(flat)[0]
    shorter = with_sizes(flat.dtype, [Size(*(size - 1 for size in length))])
    (later,) = g.node_of_known("Slice", (flat, g.ints(1), last, g.ints(0)), [shorter], {})
    (earlier,) = g.node_of_known("Slice", (flat, g.ints(0), g.ints(-1), g.ints(0)), [shorter], {})
    first = g.node("Concat", g.constant([True], "bool"), g.node("Not", g.node("Equal", later, earlier)), axis=0)
    count = g.sizes.of(f"elements of {first.name}")
    (kept,) = g.node_of_known("Compress", (flat, first), [with_sizes(x.dtype, [count])], {"axis": 0})
    numbers = g.node("CumSum", cast_to(g, first, _INT64), g.constant(0, "int64"))
    inverse = g.node("Sub", numbers, g.ints(1))
    inverse = inverse if x.rank == 1 else g.node("Reshape", inverse, _shape(g, x))
    begins = g.node("Squeeze", _places(g, first), g.ints(0))
    (behind,) = g.node_of_known(
        "Slice",
        (g.node("Concat", begins, g.node("Shape", flat), axis=0), g.ints(1), last, g.ints(0)),
        [with_sizes(_INT64, [count])],
        {},
    )
    return kept, inverse if told else None, g.node("Sub", behind, begins) if counting else None


@lowering("Range", "Arange")
def range_(g: Builder, call: Call) -> Value:
    """Range(start, limit, delta, maxlen=1000000), Arange(start, end, step, dtype=None) -> a constant, or Range.

    Where its arguments are computed, how many there are depends on the data.
    """
    dtype = call.result.dtype
    given = [as_number(g, call.arguments[place], dtype) for place in range(3)]
    if all(value.array is not None for value in given):
        start, limit, delta = (value.array.item() for value in given if value.array is not None)
        return g.constant(np.arange(start, limit, delta), dtype)
    start, limit, delta = given
    counts = all(value.array is not None and value.array == number for value, number in ((start, 0), (delta, 1)))
    size = g.sizes.of_number(limit) if counts else g.sizes.of(f"from {start.name} to {limit.name} by {delta.name}")
    (made,) = g.node_of_known("Range", given, [with_sizes(dtype, [size])], {})
    return made


@lowering("Shape")
def shape(g: Builder, call: Call) -> Argument:
    """Shape(x): the sizes as numbers -> Shape, Squeeze for those that are not known."""
    x = call.tensor(g, 0)
    return tuple(
        g.node("Squeeze", g.node("Shape", x, start=axis, end=axis + 1), g.ints(0)) if axis in x.dynamic else size
        for axis, size in enumerate(x.shape)
    )


@lowering("TensorShape")
def tensor_shape(g: Builder, call: Call) -> Value:
    """TensorShape(x): the sizes as a tensor -> Shape."""
    return _shape(g, call.tensor(g, 0))


@lowering("Size")
def size(g: Builder, call: Call) -> Argument:
    """Size(x): how many elements, as a number -> a constant, or Size."""
    x = call.tensor(g, 0)
    return g.node("Size", x) if x.dynamic else math.prod(x.shape)


@lowering("InSequence")
def in_sequence(_g: Builder, call: Call) -> Argument:
    """InSequence(x, sequence): whether a number is among others -> a constant. What is computed counts as another:
    MindIR asks whether a shape has a 0, and then makes an empty tensor, which the other way gives too.
    """
    sequence = call.arguments[1]
    known = sequence if isinstance(sequence, tuple) else (call.constant("sequence", 1),)
    return call.constant("x", 0) in [number for number in known if isinstance(number, int)]


def _shape(g: Builder, x: Value) -> Value:
    return g.node("Shape", x) if x.dynamic else g.ints(*x.shape)


def _places(g: Builder, x: Value) -> Value:
    """The places of what is not 0 in ``x``, one a column."""
    if not x.rank:
        raise CannotLowerError("it is given a tensor without axes")
    here = x if x.dtype == _BOOL else g.node("Not", g.node("Equal", x, g.constant(0, x.dtype)))
    count = g.sizes.of(f"elements of {x.name}")
    (found,) = g.node_of_known("NonZero", (here,), [with_sizes(_INT64, [x.rank, count])], {})
    return found


def _unique(g: Builder, x: Value, *, ordered: bool) -> tuple[Value, Value, Value]:
    """Each element of ``x`` once; where each of x, in order, stands in that; how often each is there."""
    flat = x if x.rank == 1 else g.node("Reshape", x, g.ints(-1))
    count = g.sizes.of(f"different elements of {x.name}")
    each, whole_ = with_sizes(_INT64, [count]), with_sizes(_INT64, sizes_of(flat))
    wide = _INT64 if not x.dtype.is_float else x.dtype if x.dtype.itemsize > 2 else BY_NAME["float32"]  # as ORT has it
    results = [with_sizes(wide, [count]), each, whole_, each]
    kept, _, inverse, counts = g.node_of_known("Unique", (cast_to(g, flat, wide),), results, {"sorted": int(ordered)})
    return cast_to(g, kept, x.dtype), inverse, counts
