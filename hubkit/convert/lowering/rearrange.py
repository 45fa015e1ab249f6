"""Parts of a tensor and other orders of its elements: cuts, flips, rolls, repetitions, diagonals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import reshape

_TO_THE_END = 2**31 - 1
_BEFORE_THE_START = -(2**31)


@lowering("ChunkView")
def chunk(g: Builder, call: Call) -> Argument:
    """ChunkView(x, chunks, dim=0) -> Split; the last part may be smaller."""
    x = call.tensor(g, 0)
    axis = axis_of(call.constant("dim", 2, 0), x.rank)
    return split(g, x, axis, -(-whole(x, axis) // counted(call.constant("chunks", 1))))


@lowering("SplitTensorView")
def split_tensor(g: Builder, call: Call) -> Argument:
    """SplitTensorView(x, split_size, dim=0) -> Split into parts of that size; the last may be smaller."""
    x = call.tensor(g, 0)
    return split(g, x, axis_of(call.constant("dim", 2, 0), x.rank), counted(call.constant("split_size", 1)))


@lowering("SplitWithSize", "SplitWithSizeView", "SplitV")
def split_with_size(g: Builder, call: Call) -> Argument:
    """SplitWithSize(x, split_size, dim=0), SplitWithSizeView, SplitV(x; size_splits, split_dim) -> Split."""
    x = call.tensor(g, 0)
    if call.node.op == "SplitV":
        sizes, axis = list(call.ints("size_splits")), axis_of(call.constant("split_dim"), x.rank)
        known = sum(size for size in sizes if size >= 0)
        sizes = [size if size >= 0 else whole(x, axis) - known for size in sizes]
        return _parts(g, x, axis, sizes)
    return _parts(g, x, axis_of(call.constant("dim", 2, 0), x.rank), call.ints("split_size", 1))


@lowering("Narrow", "NarrowView")
def narrow(g: Builder, call: Call) -> Value:
    """Narrow(x, dim, start, length), NarrowView -> Slice."""
    x = call.tensor(g, 0)
    axis, length = axis_of(call.constant("dim", 1), x.rank), call.constant("length", 3)
    start = call.constant("start", 2)
    start = start + whole(x, axis) if start < 0 else start
    return cut(g, x, axis, start, start + length)


@lowering("SelectExtView")
def select_ext(g: Builder, call: Call) -> Value:
    """SelectExtView(x, dim, index): one place along an axis, which is left out -> Gather."""
    x = call.tensor(g, 0)
    return g.node("Gather", x, call.tensor(g, 2, g.ints(0)), axis=axis_of(call.constant("dim", 1), x.rank))


@lowering("ReverseV2")
def reverse(g: Builder, call: Call) -> Value:
    """ReverseV2(x; axis) -> Slice with steps of -1."""
    x = call.tensor(g, 0)
    for axis in call.ints("axis", 1):
        x = cut(g, x, axis_of(axis, x.rank), -1, _BEFORE_THE_START, -1)
    return x


@lowering("Roll")
def roll(g: Builder, call: Call) -> Value:
    """Roll(x; shift, axis): moved along axes, what leaves at one end enters at the other -> Slice, Concat."""
    x = call.tensor(g, 0)
    shifts = call.ints("shift", 1, None) if "shift" in call.node.attributes else call.ints("shifts", 1)
    axes = call.ints("axis", 2, None) if "axis" in call.node.attributes else call.ints("dims", 2)
    for shift, given in zip(shifts, axes, strict=True):
        axis = axis_of(given, x.rank)
        if moved := shift % max(whole(x, axis), 1):
            x = g.node("Concat", cut(g, x, axis, -moved, _TO_THE_END), cut(g, x, axis, 0, -moved), axis=axis)
    return x


@lowering("RepeatInterleaveInt")
def repeat_interleave(g: Builder, call: Call) -> Value:
    """RepeatInterleaveInt(x, repeats, dim=None, output_size=None): each so often -> Unsqueeze, Tile, Reshape."""
    x, axis = call.tensor(g, 0), call.constant("dim", 2, None)
    if axis is None:
        x, axis = reshape(g, x, [int(np.prod(x.shape))]), 0
    axis, repeats = axis_of(axis, x.rank), counted(call.constant("repeats", 1))
    wide = g.node("Unsqueeze", x, g.ints(axis + 1))
    tiled = g.node("Tile", wide, g.ints(*(repeats if place == axis + 1 else 1 for place in range(x.rank + 1))))
    return reshape(g, tiled, [*x.shape[:axis], x.shape[axis] * repeats, *x.shape[axis + 1 :]])


@lowering("Meshgrid")
def meshgrid(g: Builder, call: Call) -> Argument:
    """Meshgrid(tensors; indexing="xy"): each along an axis of its own -> Reshape, Expand; Shape, Concat where sizes
    depend on the data.
    """
    tensors = call.tensors(g)
    indexing = call.constant("indexing", 1 if isinstance(call.arguments[0], tuple) else None, "xy")
    swapped = indexing in ("xy", 1) and len(tensors) > 1
    places = [1, 0, *range(2, len(tensors))] if swapped else list(range(len(tensors)))
    sizes = [g.ints(1)] * len(tensors)
    for place, value in zip(places, tensors, strict=True):
        sizes[place] = g.node("Shape", value) if value.varying else g.ints(whole(value, 0))
    shape = sizes[0] if len(sizes) == 1 else g.node("Concat", *sizes, axis=0)
    return tuple(
        g.node(
            "Expand",
            g.node("Reshape", value, g.ints(*(-1 if axis == place else 1 for axis in range(len(tensors))))),
            shape,
        )
        for place, value in zip(places, tensors, strict=True)
    )


@lowering("Tril", "TrilExt", "Triu")
def triangle(g: Builder, call: Call) -> Value:
    """Tril(x, diagonal=0), TrilExt, Triu -> Trilu; for booleans Where with a constant."""
    x, upper = call.tensor(g, 0), int(call.node.op == "Triu")
    diagonal = call.constant("diagonal", 1, 0)
    if x.dtype.name != "bool":
        return g.node("Trilu", x, g.constant(diagonal, "int64"), upper=upper)
    mask = np.ones((whole(x, x.rank - 2), whole(x, x.rank - 1)), bool)
    return g.node("And", x, g.constant(np.triu(mask, diagonal) if upper else np.tril(mask, diagonal), "bool"))


@lowering("MatrixBandPart")
def matrix_band_part(g: Builder, call: Call) -> Value:
    """MatrixBandPart(x, lower, upper): the diagonals from -lower to upper, all of a side below 0 -> Trilu, twice."""
    x = call.tensor(g, 0)
    for name, place, upper in (("lower", 1, 1), ("upper", 2, 0)):
        kept = int(call.constant(name, place))
        if kept >= 0:
            x = g.node("Trilu", x, g.constant(-kept if upper else kept, "int64"), upper=upper)
    return x


@lowering("Diagonal")
def diagonal(g: Builder, call: Call) -> Value:
    """Diagonal(x, offset=0, dim1=0, dim2=1) -> Transpose, Reshape, Gather."""
    x = call.tensor(g, 0)
    names = (("offset", 0), ("dim1", 0), ("dim2", 1))
    offset, first, second = (call.constant(name, place, usual) for place, (name, usual) in enumerate(names, start=1))
    first, second = axis_of(first, x.rank), axis_of(second, x.rank)
    rows, columns = whole(x, first), whole(x, second)
    others = [axis for axis in range(x.rank) if axis not in (first, second)]
    moved = g.node("Transpose", x, perm=[*others, first, second])
    flat = reshape(g, moved, [*(x.shape[axis] for axis in others), rows * columns])
    length = call.sizes[-1]
    start = offset if offset >= 0 else -offset * columns
    return g.node("Gather", flat, g.ints(*(start + step * (columns + 1) for step in range(length))), axis=len(others))


@lowering("ChannelShuffle")
def channel_shuffle(g: Builder, call: Call) -> Value:
    """ChannelShuffle(x; group): the first channel of each group, then the second -> Reshape, Transpose, Reshape."""
    x, groups = call.tensor(g, 0), counted(call.constant("group"))
    batch, channels = x.shape[0], whole(x, 1)
    if channels % groups:
        raise CannotLowerError(f"its {channels} channels are not {groups} equal groups")
    parts = reshape(g, x, [batch, groups, channels // groups, *x.shape[2:]])
    return reshape(g, g.node("Transpose", parts, perm=[0, 2, 1, *range(3, x.rank + 1)]), x.shape)


@lowering("MatrixDiagV3")
def matrix_diag(g: Builder, call: Call) -> Value:
    """MatrixDiagV3(x, k=0, num_rows=-1, num_cols=-1, padding_value=0; align): vectors as diagonals of matrices
    -> Unsqueeze, Where. The main diagonal only.
    """
    x, dtype = call.tensor(g, 0), call.result.dtype
    rows, columns = (counted(size) for size in call.sizes[-2:])
    if call.ints("k", 1, 0) != (0,) or whole(x, x.rank - 1) != min(rows, columns):
        raise CannotLowerError("it makes another diagonal than the main one")
    padding = cast_to(g, call.tensor(g, 4), dtype)
    return _on_diagonal(g, x, g.constant(np.eye(rows, columns), "bool"), 0, padding)


@lowering("MatrixSetDiagV3")
def matrix_set_diag(g: Builder, call: Call) -> Value:
    """MatrixSetDiagV3(x, diagonal, k; align): matrices with another diagonal -> Pad, Unsqueeze, Where.

    One diagonal at a time.
    """
    x, values, places = call.tensor(g, 0), call.tensor(g, 1), call.ints("k", 2)
    if len(set(places)) != 1:
        raise CannotLowerError(f"it sets the diagonals {places}, not one")
    rows, columns = (counted(whole(x, axis)) for axis in (x.rank - 2, x.rank - 1))
    return _on_diagonal(g, values, g.constant(np.eye(rows, columns, places[0]), "bool"), places[0], x)


def _on_diagonal(g: Builder, values: Value, mask: Value, place: int, otherwise: Value) -> Value:
    """``values`` along the diagonal ``place`` of matrices, where ``mask`` is set, and elsewhere ``otherwise``."""
    wanted = mask.shape[0] if place >= 0 else mask.shape[1]  # values go by rows, below the main diagonal by columns
    if missing := wanted - values.shape[-1]:
        values = g.node("Pad", values, g.ints(*[0] * (2 * values.rank - 1), missing))
    return g.node("Where", mask, g.node("Unsqueeze", values, g.ints(-1 if place >= 0 else -2)), otherwise)


def cut(g: Builder, x: Value, axis: int, start: int, end: int, step: int = 1) -> Value:
    """``x`` along ``axis`` from ``start`` until ``end``, as Python's slices count."""
    return g.node("Slice", x, g.ints(start), g.ints(end), g.ints(axis), g.ints(step))


def split(g: Builder, x: Value, axis: int, size: int) -> tuple[Value, ...]:
    """``x`` in parts of ``size`` along ``axis``; the last may be smaller."""
    total = whole(x, axis)
    count = counted(-(-total // size))
    return _parts(g, x, axis, [min(size, total - size * place) for place in range(count)])


def _parts(g: Builder, x: Value, axis: int, sizes: Sequence[int]) -> tuple[Value, ...]:
    if sum(sizes) != whole(x, axis):
        raise CannotLowerError(f"its parts {list(sizes)} are not what {x.shape[axis]} elements give")
    if len(sizes) == 1:
        return (x,)
    return g.nodes_of("Split", (x, g.ints(*sizes)), len(sizes), {"axis": axis})
