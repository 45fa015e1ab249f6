"""Writing at places that a tensor names."""

from __future__ import annotations

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, axis_of, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import filled, filled_like, whole
from hubkit.convert.lowering.indexing import check_not_batch, following, places_of, takes_each
from hubkit.convert.lowering.registry import lowering

_REDUCTIONS = {
    "none": "none",
    "add": "add",
    "mul": "mul",
    "multiply": "mul",
    "max": "max",
    "min": "min",
    0: "none",
    1: "add",
    2: "mul",
}
_INT64, _FLOAT32 = BY_NAME["int64"], BY_NAME["float32"]


@lowering("ScatterNd")
def scatter_nd(g: Builder, call: Call) -> Value:
    """ScatterNd(indices, updates, shape): added up on zeros -> ScatterND with reduction "add"."""
    updates = call.tensor(g, 1)
    zeros = filled(g, call.sizes, g.constant(0, updates.dtype), updates.dtype)
    return _scattered(g, zeros, cast_to(g, call.tensor(g, 0), _INT64), updates, "add")


@lowering("InplaceUpdate", "InplaceAdd", "InplaceSub")
def inplace_update(g: Builder, call: Call) -> Value:
    """InplaceUpdate(x, v; indices), InplaceAdd, InplaceSub: ``v`` at these places of the first axis of a copy of x, or
    added to it, or taken from it -> ScatterND.
    """
    x, updates, places = call.tensor(g, 0), call.tensor(g, 1), call.ints("indices")
    rows = g.constant(np.array(places).reshape(-1, 1), _INT64)
    if call.node.op == "InplaceSub":
        updates = g.node("Neg", updates)
    return _scattered(g, x, rows, updates, "none" if call.node.op == "InplaceUpdate" else "add")


@lowering("InplaceUpdateV2")
def inplace_update_at(g: Builder, call: Call) -> Value:
    """InplaceUpdateV2(x, indices, v): ``v`` at these places of the first axis of a copy of x -> ScatterND."""
    x, places = call.tensor(g, 0), call.arguments[1]
    rows = call.tensor(g, 1) if isinstance(places, Value) else g.ints(*call.ints("indices", 1))
    rows = g.node("Unsqueeze", cast_to(g, rows, _INT64), g.ints(1))
    return _scattered(g, x, rows, call.tensor(g, 2), "none")


@lowering(
    "TensorScatterUpdate",
    "TensorScatterAdd",
    "TensorScatterMul",
    "TensorScatterMax",
    "TensorScatterMin",
    "TensorScatterSub",
    "TensorScatterDiv",
)
def tensor_scatter(g: Builder, call: Call) -> Value:
    """TensorScatterUpdate(x, indices, updates), TensorScatterAdd, TensorScatterMul, TensorScatterMax, TensorScatterMin,
    TensorScatterSub, TensorScatterDiv -> ScatterND with that reduction.

    Of several updates of one place TensorScatterUpdate keeps any.
    """
    x, indices, updates = (call.tensor(g, place) for place in range(3))
    return scattered(g, x, indices, updates, call.node.op.removeprefix("TensorScatter").lower())


def scattered(g: Builder, x: Value, indices: Value, updates: Value, word: str) -> Value:
    """``x``, at ``indices`` of its first axes combined with ``updates``: "update", "add", "sub", "mul", "div", "max" or
    "min"."""
    if word == "div":
        word, updates = "mul", g.node("Reciprocal", updates)
    if word == "sub":
        word, updates = "add", g.node("Neg", updates)
    return _scattered(g, x, cast_to(g, indices, _INT64), updates, "none" if word == "update" else word)


@lowering("IndexPut")
def index_put(g: Builder, call: Call) -> Value:
    """IndexPut(x, values, indices; accumulate=0): values at places, a tensor of places for each of the first axes
    -> Concat, ScatterND, with reduction "add" where it accumulates.
    """
    x, values, places = call.tensor(g, 0), call.tensor(g, 1), call.tensors(g, 2)
    sizes = np.broadcast_shapes(*(place.shape for place in places))
    columns = [
        cast_to(g, place if place.shape == sizes else g.node("Expand", place, g.ints(*sizes)), _INT64)
        for place in places
    ]
    columns = [g.node("Unsqueeze", column, g.ints(len(sizes))) for column in columns]
    indices = columns[0] if len(columns) == 1 else g.node("Concat", *columns, axis=len(sizes))
    wanted = (*sizes, *x.shape[len(places) :])
    values = values if values.shape == wanted else g.node("Expand", values, g.ints(*wanted))
    return _scattered(g, x, indices, values, "add" if call.constant("accumulate", 3, 0) else "none")


@lowering("MaskedScatter")
def masked_scatter(g: Builder, call: Call) -> Value:
    """MaskedScatter(x, mask, source): the elements of source one after the other where the mask is set -> CumSum,
    Gather, Where.
    """
    x, mask, source = (call.tensor(g, place) for place in range(3))
    for axis in x.dynamic:
        whole(x, axis)
    flags = mask if mask.shape == x.shape else g.node("Expand", mask, g.ints(*x.shape))
    numbers = g.node("CumSum", g.node("Reshape", cast_to(g, flags, _INT64), g.ints(-1)), g.constant(0, "int64"))
    places = g.node("Max", g.node("Sub", numbers, g.ints(1)), g.ints(0))
    last = g.ints(int(np.prod(source.shape)) - 1)
    taken = g.node("Gather", g.node("Reshape", source, g.ints(-1)), g.node("Min", places, last), axis=0)
    return g.node("Where", flags, g.node("Reshape", taken, g.ints(*x.shape)), x)


@lowering("FillDiagonal")
def fill_diagonal(g: Builder, call: Call) -> Value:
    """FillDiagonal(x; fill_value, wrap=False) -> Where with a constant mask."""
    x = call.tensor(g, 0)
    mask = np.zeros([counted(whole(x, axis)) for axis in range(x.rank)], np.bool_)
    np.fill_diagonal(mask, True, wrap=bool(call.constant("wrap", default=False)))
    return g.node("Where", g.constant(mask, "bool"), g.constant(call.constant("fill_value"), x.dtype), x)


@lowering("TensorScatterElements", "Scatter", "ScatterValue", "ScatterAddExt")
def scatter_elements(g: Builder, call: Call) -> Value:
    """TensorScatterElements(x, indices, updates; axis=0, reduction="none"), Scatter(x, dim, index, src, reduce),
    ScatterValue, ScatterAddExt(x, dim, index, src) -> ScatterElements with that reduction.
    """
    x = call.tensor(g, 0)
    if call.node.op == "TensorScatterElements":
        indices, updates = places_of(g, call, 1), call.tensor(g, 2)
        axis, word = (
            call.constant("axis", 3, 0),
            call.constant("reduction", 4, None) or call.constant("reduce", 4, "none"),
        )
    else:
        indices, updates = places_of(g, call, 2), call.tensor(g, 3, x)
        axis, word = call.constant("dim", 1), call.constant("reduce", 4, "none")
    if call.node.op == "ScatterAddExt":
        word = "add"
    if word not in _REDUCTIONS:
        raise CannotLowerError(f"its reduction is {word!r}")
    axis = axis_of(axis, x.rank)
    indices = following(g, x, indices, axis)
    updates = cast_to(g, updates, x.dtype)
    updates = following(g, x, updates, axis) if updates.rank else filled_like(g, indices, updates, x.dtype)
    return written(g, x, indices, updates, _REDUCTIONS[word], axis)


@lowering("UnsortedSegmentSum", "UnsortedSegmentMax", "UnsortedSegmentMin", "UnsortedSegmentProd")
def unsorted_segment(g: Builder, call: Call) -> Value:
    """UnsortedSegmentSum(x, segment_ids, num_segments), UnsortedSegmentMax, UnsortedSegmentMin, UnsortedSegmentProd
    -> ScatterND with that reduction.

    Segments are numbered from 0; what has a negative number, counts for none: Where, and a row more, by Slice left out.
    """
    x, ids = call.tensor(g, 0), cast_to(g, call.tensor(g, 1), _INT64)
    word = call.node.op.removeprefix("UnsortedSegment")
    limits = np.finfo(x.dtype.name) if x.dtype.is_float else np.iinfo(x.dtype.name)
    begin = {"Sum": 0, "Prod": 1, "Max": limits.min, "Min": limits.max}[word]
    count = counted(call.sizes[0])
    some_count_for_none = ids.array is None or bool((ids.array < 0).any())
    if some_count_for_none:
        ids = g.node("Where", g.node("Less", ids, g.constant(0, _INT64)), g.constant(count, _INT64), ids)
    base = filled(g, (count + some_count_for_none, *call.sizes[1:]), g.constant(begin, x.dtype), x.dtype)
    reduction = {"Sum": "add", "Prod": "mul"}.get(word, word.lower())
    result = _scattered(g, base, g.node("Unsqueeze", ids, g.ints(ids.rank)), x, reduction)
    return g.node("Slice", result, g.ints(0), g.ints(count), g.ints(0)) if some_count_for_none else result


@lowering("IndexFill")
def index_fill(g: Builder, call: Call) -> Value:
    """IndexFill(x, dim, index, value): value at places along an axis -> Equal, ReduceMax, Where."""
    x, index, value = call.tensor(g, 0), cast_to(g, call.tensor(g, 2), _INT64), call.tensor(g, 3)
    axis = axis_of(call.constant("dim", 1), x.rank)
    size = counted(whole(x, axis))
    numbers = np.arange(size)[:, None]
    places = g.node("Where", g.node("Less", index, g.ints(0)), g.node("Add", index, g.ints(size)), index)
    each = g.node("Cast", g.node("Equal", g.constant(numbers, _INT64), places), to=BY_NAME["int32"].onnx)
    here = g.node("Cast", g.node("ReduceMax", each, g.ints(1), keepdims=0), to=BY_NAME["bool"].onnx)
    mask = g.node("Reshape", here, g.ints(*[size if place == axis else 1 for place in range(x.rank)]))
    return g.node("Where", mask, cast_to(g, value, x.dtype), x)


@lowering("IndexAddExt")
def index_add_ext(g: Builder, call: Call) -> Value:
    """IndexAddExt(x, dim, index, source, alpha=1) -> Transpose, ScatterND with reduction "add"."""
    x, index, source = (call.tensor(g, place) for place in (0, 2, 3))
    alpha = call.constant("alpha", 4, 1)
    source = source if alpha == 1 else g.node("Mul", source, g.constant(alpha, source.dtype))
    return _index_add(g, x, index, source, call.constant("dim", 1))


@lowering("IndexAdd", in_place=True)
def index_add(g: Builder, call: Call) -> Value:
    """IndexAdd(x, indices, y; axis) -> Transpose, ScatterND with reduction "add". Later readers of x see the result."""
    x, index, source = (call.tensor(g, place) for place in range(3))
    return _index_add(g, x, index, source, call.constant("axis"))


def _index_add(g: Builder, x: Value, index: Value, source: Value, axis: int) -> Value:
    axis = axis_of(axis, x.rank)
    order = [axis, *(place for place in range(x.rank) if place != axis)]
    places = g.node("Unsqueeze", cast_to(g, index, _INT64), g.ints(1))
    moved = (value if axis == 0 else g.node("Transpose", value, perm=order) for value in (x, source))
    first, second = moved
    result = written(g, first, places, second, "add")
    return result if axis == 0 else g.node("Transpose", result, perm=[order.index(place) for place in range(x.rank)])


def _scattered(g: Builder, x: Value, indices: Value, updates: Value, reduction: str) -> Value:
    """``x`` with ``updates`` at ``indices``, places in its first axes.

    Constant indices that take each of the batch, as x[:, 0] does, follow the batch.
    """
    each = indices.array is not None and takes_each(x, indices.array)
    if each and updates.dynamic:
        x = g.follow(x, (0,))  # what is the same for each of the batch so far, as zeros are
    if 0 not in x.dynamic or not each:
        check_not_batch(x, indices)
        if not indices.dynamic and any(axis < indices.rank - 1 for axis in updates.dynamic):
            raise BatchBoundError("its batch cannot be kept open: what it writes follows the batch, its places do not")
        return written(g, x, indices, updates, reduction)
    # The same places in each of the batch: the batch is moved behind the other axes, where no index names it.
    updates = following(g, x, updates, -1)
    assert indices.array is not None, "it takes each of the batch"
    places = g.constant(indices.array[0, ..., 1:], _INT64)
    moved = [g.node("Transpose", value, perm=[*range(1, value.rank), 0]) for value in (x, updates)]
    if not places.shape[-1]:
        return updates
    result = written(g, moved[0], places, moved[1], reduction)
    return g.node("Transpose", result, perm=[x.rank - 1, *range(x.rank - 1)])


def written(g: Builder, x: Value, indices: Value, updates: Value, reduction: str, axis: int | None = None) -> Value:
    """ScatterND, or ScatterElements along ``axis``; where it reduces, in float32, as ONNX Runtime takes no float16."""
    dtype = x.dtype
    if reduction != "none" and dtype.name == "float16":
        x, updates = cast_to(g, x, _FLOAT32), cast_to(g, updates, _FLOAT32)
    if axis is None:
        return cast_to(g, g.node("ScatterND", x, indices, updates, reduction=reduction), dtype)
    return cast_to(g, g.node("ScatterElements", x, indices, updates, axis=axis, reduction=reduction), dtype)
