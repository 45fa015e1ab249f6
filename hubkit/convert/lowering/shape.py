"""Operators that move elements and change no value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import joined, parts_of, reshape
from hubkit.convert.lowering.sizes import sizes_of, with_sizes
from hubkit.convert.lowering.slicing import (
    elements_of,
    expanded_to,
    reshape_as_told,
    slice_as_told,
    tiled_as_told,
)

_TO_THE_END = 2**31 - 1
_BEFORE_THE_START = -(2**31)


@lowering("Concat")
def concat(g: Builder, call: Call) -> Value:
    """Concat(tensors, axis=0) -> Concat, of tensors with the element type of the result."""
    last = len(call.arguments) - 1
    tensors = [cast_to(g, value, call.result.dtype) for value in call.tensors(g)]
    axis = axis_of(call.constant("axis", last if last else None, 0), tensors[0].rank)
    return joined(g, tensors, axis)


@lowering("Stack", "StackExt")
def stack(g: Builder, call: Call) -> Value:
    """Stack(tensors; axis=0), StackExt(tensors, dim=0) -> Unsqueeze each, Concat."""
    if call.node.op == "StackExt":
        tensors, given = call.tensors(g), call.constant("dim", len(call.arguments) - 1, 0)
    else:
        tensors, given = call.tensors(g), call.constant("axis", default=0)
    axis = axis_of(given, tensors[0].rank + 1)
    return g.node("Concat", *(g.node("Unsqueeze", value, g.ints(axis)) for value in tensors), axis=axis)


@lowering("Unstack", "UnstackExtView")
def unstack(g: Builder, call: Call) -> Argument:
    """Unstack(x; axis=0), UnstackExtView(x, dim=0) -> Split, Squeeze each."""
    x = call.tensor(g, 0)
    axis = axis_of(call.constant("axis", default=None) or call.constant("dim", 1, 0), x.rank)
    parts = _split(g, x, axis, [1] * counted(whole(x, axis)))
    return tuple(g.node("Squeeze", part, g.ints(axis)) for part in parts)


@lowering("Split")
def split(g: Builder, call: Call) -> Argument:
    """Split(x, axis, output_num) -> Split into equal parts; whole batches out of several, by Slice."""
    x = call.tensor(g, 0)
    axis, count = axis_of(call.constant("axis", 1, 0), x.rank), counted(call.constant("output_num", 2))
    if axis in x.dynamic:
        step = x.shape[axis] // count
        places = range(0, step * count, step)
        taken = tuple(part for place in places if (part := parts_of(g, x, axis, place, place + step)))
        if taken:  # all or none: each is as long
            return taken
    return _split(g, x, axis, [whole(x, axis) // count] * count)


@lowering("Reshape")
def reshape_(g: Builder, call: Call) -> Value:
    """Reshape(x, shape) -> Reshape; the axis that follows the batch is left open, and sizes may depend on the data."""
    x = call.tensor(g, 0)
    if x.varying or call.is_open:
        return reshape_as_told(g, x, elements_of(call.arguments[1]))
    return reshape(g, x, call.sizes)


@lowering("ViewAs")
def view_as(g: Builder, call: Call) -> Value:
    """ViewAs(x, like) -> Reshape; the axis that follows the batch is left open, and sizes may depend on the data."""
    x = call.tensor(g, 0)
    if call.is_open:
        return g.node("Reshape", x, g.node("Shape", call.tensor(g, 1)))
    return reshape(g, x, call.sizes)


@lowering("FlattenExt")
def flatten_ext(g: Builder, call: Call) -> Value:
    """FlattenExt(x, start_dim=0, end_dim=-1) -> Reshape; the axis that follows the batch is left open, and sizes may
    depend on the data.
    """
    x = call.tensor(g, 0)
    if not x.varying:
        return reshape(g, x, call.sizes)
    first, last = (
        axis_of(call.constant(name, place, place - 1 - (place == 2)), x.rank)
        for place, name in enumerate(("start_dim", "end_dim"), 1)
    )
    around = [g.node("Shape", x, start=start, end=end) for start, end in ((0, first), (last + 1, x.rank))]
    return g.node("Reshape", x, g.node("Concat", around[0], g.ints(-1), around[1], axis=0))


@lowering("Flatten")
def flatten(g: Builder, call: Call) -> Value:
    """Flatten(x): (N, ...) to (N, -1) -> Flatten."""
    return g.node("Flatten", call.tensor(g, 0), axis=1)


@lowering("Transpose", "TransposeView")
def transpose(g: Builder, call: Call) -> Value:
    """Transpose(x, perm), TransposeView(x, perm) -> Transpose."""
    x = call.tensor(g, 0)
    return g.node("Transpose", x, perm=[axis_of(axis, x.rank) for axis in call.ints("perm", 1)])


@lowering("TransposeExtView", "TExt")
def swap(g: Builder, call: Call) -> Value:
    """TransposeExtView(x, dim0=0, dim1=1), TExt(x): two axes change places -> Transpose."""
    x = call.tensor(g, 0)
    if x.rank < 2:
        return x
    first, second = (axis_of(call.constant(f"dim{place}", place + 1, place), x.rank) for place in (0, 1))
    order = list(range(x.rank))
    order[first], order[second] = second, first
    return g.node("Transpose", x, perm=order)


@lowering("ExpandDims", "ExpandDimsView")
def expand_dims(g: Builder, call: Call) -> Value:
    """ExpandDims(x, axis), ExpandDimsView -> Unsqueeze."""
    x = call.tensor(g, 0)
    return g.node("Unsqueeze", x, g.ints(axis_of(call.constant("axis", 1), x.rank + 1)))


@lowering("Squeeze")
def squeeze(g: Builder, call: Call) -> Value:
    """Squeeze(x, axis=()) -> Squeeze; no axes means all of one element. An axis of more elements stays."""
    x = call.tensor(g, 0)
    given = call.ints("axis", 1, ()) or tuple(range(x.rank))
    axes = [axis for axis in (axis_of(axis, x.rank) for axis in given) if x.shape[axis] == 1]
    return g.node("Squeeze", x, g.ints(*axes)) if axes else g.node("Identity", x)


@lowering("StridedSlice")
def strided_slice(g: Builder, call: Call) -> Value:
    """StridedSlice(x, begin, end, strides, masks of begin, end, ellipsis, new axis, shrink axis) -> Slice, Squeeze.

    Axes that are taken whole are not written down, so that the batch stays open. It does too where batches lie behind
    each other and some of them are taken, by Reshape. Ellipses and new axes are refused: the exporter writes them
    out. A single place along an axis may be computed: Gather. Where an axis is reversed whole and exactly one other is
    cut, MindSpore 2.10 on a CPU leaves out the reversal, unlike Python: such files differ.
    """
    names = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
    begin_mask, end_mask, ellipsis, new_axis, shrink = (
        call.constant(name, index, 0) for index, name in enumerate(names, start=4)
    )
    x, call = _at_computed_places(g, call, shrink)
    if not (ellipsis or new_axis) and (x.varying or call.is_open):
        return _slice_open(g, x, call, (begin_mask, end_mask, shrink))
    begin, end, strides = (call.ints(name, index) for index, name in enumerate(("begin", "end", "strides"), start=1))
    if ellipsis or new_axis:
        raise CannotLowerError("its ellipsis or new axis mask is set")
    slices: list[tuple[int, int, int, int]] = []
    for axis, (first, last, step) in enumerate(zip(begin, end, strides, strict=True)):
        size = x.shape[axis]
        from_first, to_last = begin_mask >> axis & 1, end_mask >> axis & 1
        if shrink >> axis & 1:
            place = first if first < 0 and axis in x.dynamic else first % size
            slices.append((axis, place, place + 1 or _TO_THE_END, 1))
            continue
        start, stop, step = slice(None if from_first else first, None if to_last else last, step).indices(size)
        if (start, stop, step) == (0, size, 1):
            continue
        if stop < 0:
            stop = _BEFORE_THE_START  # ONNX counts -1 from the end
        if step == 1 and axis in x.dynamic and (taken := parts_of(g, x, axis, start, stop)):
            x = taken
            continue
        if axis in x.dynamic:  # what is counted from the end, or reaches it, does so for every batch
            start = first if first < 0 and not from_first else -1 if step < 0 and start == size - 1 else start
            stop = last if last < 0 and not to_last else _TO_THE_END if stop == size else stop
        slices.append((axis, start, stop, step))
    return _squeezed(g, _slice(g, x, slices), [axis for axis in range(x.rank) if shrink >> axis & 1])


@lowering("Slice")
def slice_(g: Builder, call: Call) -> Value:
    """Slice(x, begin, size) -> Slice; axes that are taken whole are not written down."""
    x = call.tensor(g, 0)
    taken = zip(call.ints("begin", 1), call.sizes, x.shape, strict=True)
    return _slice(
        g, x, [(axis, start, start + size, 1) for axis, (start, size, whole) in enumerate(taken) if size != whole]
    )


@lowering("Tile", "Repeat")
def tile(g: Builder, call: Call) -> Value:
    """Tile(x, multiples), Repeat(x, repeats) -> Tile; more multiples than axes add axes in front."""
    x, given = call.tensor(g, 0), call.arguments[1] if len(call.arguments) > 1 else ()
    if isinstance(given, tuple) and any(isinstance(count, Value) for count in given):
        return tiled_as_told(g, x, given)
    multiples = call.ints("multiples", 1)
    missing = len(multiples) - x.rank
    if missing > 0:
        x = g.node("Unsqueeze", x, g.ints(*range(missing)))
    multiples = (*[1] * -missing, *multiples)
    copied = [axis for axis, size in enumerate(x.shape) if size == 1]
    return g.repeated(g.node("Tile", x, g.ints(*multiples)), copied)


@lowering("BroadcastTo", "BroadcastToView", "ExpandAs")
def broadcast_to(g: Builder, call: Call) -> Value:
    """BroadcastTo(x; shape), BroadcastToView(x, shape), ExpandAs(x, like) -> Expand.

    Axes that keep their size are not written down, so that the batch stays open.
    """
    x = call.tensor(g, 0)
    if x.varying or call.is_open:
        if call.node.op == "ExpandAs":
            return g.node("Expand", x, g.node("Shape", call.tensor(g, 1)))
        given = call.arguments[1] if len(call.arguments) > 1 else call.constant("shape")
        return expanded_to(g, x, elements_of(given))
    wanted = call.sizes
    padded = (1,) * (len(wanted) - x.rank) + x.shape
    sizes = (1 if size == own else size for size, own in zip(wanted, padded, strict=True))
    return g.repeated(g.node("Expand", x, g.ints(*sizes)), [axis for axis, own in enumerate(padded) if own == 1])


def _slice_open(g: Builder, x: Value, call: Call, masks: tuple[int, int, int]) -> Value:
    """StridedSlice whose ends are computed, or whose tensor has sizes that depend on the data."""
    begin_mask, end_mask, shrink = masks
    begin, end = (elements_of(call.arguments[place]) for place in (1, 2))
    slices: list[tuple[int, Argument | None, Argument | None, int]] = []
    for axis, (first, last, step) in enumerate(zip(begin, end, call.ints("strides", 3), strict=True)):
        if shrink >> axis & 1:
            if not isinstance(first, int):
                raise CannotLowerError("a place along an axis is computed")
            slices.append((axis, first, first + 1 or None, 1))
        else:
            whole_from, whole_to = begin_mask >> axis & 1, end_mask >> axis & 1
            slices.append((axis, None if whole_from or first == 0 else first, None if whole_to else last, step))
    one = [axis for axis in range(x.rank) if shrink >> axis & 1]
    whole_slices = [item for item in slices if item[0] not in one]
    for axis in one:
        _, first, last, _ = slices[axis]
        ends = g.ints(_TO_THE_END if last is None else last), g.ints(axis)  # type: ignore[arg-type]
        sizes = [1 if place == axis else size for place, size in enumerate(sizes_of(x))]
        inputs = (x, g.ints(first), *ends)  # type: ignore[arg-type]
        (x,) = g.node_of_known("Slice", inputs, [with_sizes(x.dtype, sizes)], {})
    return _squeezed(g, slice_as_told(g, x, whole_slices), one)


def _at_computed_places(g: Builder, call: Call, shrink: int) -> tuple[Value, Call]:
    """What the call slices, cut to one element along the axes whose single place is computed; the call for the rest.

    ``shrink`` has a bit for each axis of which a single place is taken.
    """
    x = call.tensor(g, 0)
    begin, end = (list(given) if isinstance(given, tuple) else [] for given in call.arguments[1:3])
    for axis, place in enumerate(begin):
        if shrink >> axis & 1 and isinstance(place, Value):
            x = g.node("Gather", x, g.node("Reshape", place, g.ints(1)), axis=axis)
            begin[axis], end[axis] = 0, 1
    if not begin:
        return x, call
    return x, replace(call, arguments=(call.arguments[0], tuple(begin), tuple(end), *call.arguments[3:]))


def _split(g: Builder, x: Value, axis: int, sizes: Sequence[int]) -> tuple[Value, ...]:
    if len(sizes) == 1:
        return (x,)
    return g.nodes_of("Split", (x, g.ints(*sizes)), len(sizes), {"axis": axis})


def _slice(g: Builder, x: Value, slices: Sequence[tuple[int, int, int, int]]) -> Value:
    if not slices:
        return x
    axes, starts, ends, steps = zip(*slices, strict=True)
    return g.node("Slice", x, g.ints(*starts), g.ints(*ends), g.ints(*axes), g.ints(*steps))


def _squeezed(g: Builder, x: Value, axes: Sequence[int]) -> Value:
    return g.node("Squeeze", x, g.ints(*axes)) if axes else x
