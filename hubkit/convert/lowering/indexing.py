"""Reading and writing at places that a tensor names."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, axis_of, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import filled, filled_like, whole
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
_INT64 = BY_NAME["int64"]


@lowering("Gather")
def gather(g: Builder, call: Call) -> Value:
    """Gather(x, indices, axis, batch_dims=0) -> Gather; of each part of a batch its own, GatherND, with Transpose
    around it where other axes lie between.

    Where MindIR gives 0 for places outside x, ONNX Runtime refuses to run.
    """
    x, indices = call.tensor(g, 0), _places(g, call, 1)
    axis, shared = axis_of(call.constant("axis", 2), x.rank), call.constant("batch_dims", 3, 0)
    shared = shared + indices.rank if shared < 0 else shared
    if not shared:
        return g.node("Gather", x, indices, axis=axis)
    between = range(shared, axis)
    if between:
        x = g.node("Transpose", x, perm=[*range(shared), axis, *between, *range(axis + 1, x.rank)])
    indices = cast_to(g, indices, _INT64)
    found = g.node("GatherND", x, g.node("Unsqueeze", indices, g.ints(indices.rank)), batch_dims=shared)
    if not between:
        return found
    moved = range(indices.rank, indices.rank + len(between))
    return g.node(
        "Transpose",
        found,
        perm=[*range(shared), *moved, *range(shared, indices.rank), *range(moved.stop, found.rank)],
    )


@lowering("IndexSelect")
def index_select(g: Builder, call: Call) -> Value:
    """IndexSelect(x, axis, index) -> Gather."""
    x = call.tensor(g, 0)
    return g.node("Gather", x, _places(g, call, 2), axis=axis_of(call.constant("axis", 1), x.rank))


@lowering("Embedding")
def embedding(g: Builder, call: Call) -> Value:
    """Embedding(indices, weight, padding_idx=None, max_norm=None, norm_type=2, ...) -> Gather.

    Weights that are to be rescaled (max_norm) are refused.
    """
    if call.constant("max_norm", 3, None) is not None:
        raise CannotLowerError("its max_norm is set")
    return g.node("Gather", call.tensor(g, 1), _places(g, call, 0), axis=0)


@lowering("EmbeddingLookup")
def embedding_lookup(g: Builder, call: Call) -> Value:
    """EmbeddingLookup(weight, indices, offset) -> Sub, Gather. Places outside the weight are refused when it runs."""
    indices, offset = _places(g, call, 1), call.constant("offset", 2, 0)
    if offset:
        indices = g.node("Sub", indices, g.constant(offset, indices.dtype))
    return g.node("Gather", call.tensor(g, 0), indices, axis=0)


@lowering("Take")
def take(g: Builder, call: Call) -> Value:
    """Take(x, index): from all elements in order -> Reshape, Gather."""
    x = call.tensor(g, 0)
    if x.dynamic:
        whole(x, x.dynamic[0])
    return g.node("Gather", g.node("Reshape", x, g.ints(-1)), _places(g, call, 1), axis=0)


@lowering("GatherD")
def gather_d(g: Builder, call: Call) -> Value:
    """GatherD(x, dim, index) -> GatherElements."""
    x = call.tensor(g, 0)
    axis = axis_of(call.constant("dim", 1), x.rank)
    return g.node("GatherElements", x, _following(g, x, _places(g, call, 2), axis), axis=axis)


@lowering("GatherNd")
def gather_nd(g: Builder, call: Call) -> Value:
    """GatherNd(x, indices) -> GatherND.

    Constant indices that take each of the batch, as x[:, [1, 0]] does, follow the batch; others that name places in it
    hold for one batch only.
    """
    x, indices = call.tensor(g, 0), cast_to(g, call.tensor(g, 1), _INT64)
    depth = indices.shape[-1]
    if 0 in x.dynamic and indices.array is not None and depth and _takes_each(x, indices.array):
        others = g.follow(g.constant(indices.array[..., 1:], _INT64), (0,))
        if depth == 1:
            return x
        return g.node("GatherND", x, others, batch_dims=1)
    _check_not_batch(x, indices)
    return g.node("GatherND", x, indices)


@lowering("ScatterNd")
def scatter_nd(g: Builder, call: Call) -> Value:
    """ScatterNd(indices, updates, shape): added up on zeros -> ScatterND with reduction "add"."""
    updates = call.tensor(g, 1)
    zeros = filled(g, call.result.shape, g.constant(0, updates.dtype), updates.dtype)
    return g.node("ScatterND", zeros, cast_to(g, call.tensor(g, 0), _INT64), updates, reduction="add")


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
    x, indices, updates = call.tensor(g, 0), cast_to(g, call.tensor(g, 1), _INT64), call.tensor(g, 2)
    word = call.node.op.removeprefix("TensorScatter").lower()
    if word == "div":
        word, updates = "mul", g.node("Reciprocal", updates)
    if word == "sub":
        word, updates = "add", g.node("Neg", updates)
    reduction = "none" if word == "update" else word
    if 0 not in x.dynamic or indices.array is None or not _takes_each(x, indices.array):
        _check_not_batch(x, indices)
        return g.node("ScatterND", x, indices, updates, reduction=reduction)
    # The same places in each of the batch: the batch is moved behind the other axes, where no index names it.
    updates = _following(g, x, updates, -1)
    places = g.constant(indices.array[0, ..., 1:], _INT64)
    moved = [g.node("Transpose", value, perm=[*range(1, value.rank), 0]) for value in (x, updates)]
    if not places.shape[-1]:
        return updates
    result = g.node("ScatterND", moved[0], places, moved[1], reduction=reduction)
    return g.node("Transpose", result, perm=[x.rank - 1, *range(x.rank - 1)])


@lowering("TensorScatterElements", "Scatter", "ScatterValue", "ScatterAddExt")
def scatter_elements(g: Builder, call: Call) -> Value:
    """TensorScatterElements(x, indices, updates; axis=0, reduction="none"), Scatter(x, dim, index, src, reduce),
    ScatterValue, ScatterAddExt(x, dim, index, src) -> ScatterElements with that reduction.
    """
    x = call.tensor(g, 0)
    if call.node.op == "TensorScatterElements":
        indices, updates = _places(g, call, 1), call.tensor(g, 2)
        axis, word = (
            call.constant("axis", 3, 0),
            call.constant("reduction", 4, None) or call.constant("reduce", 4, "none"),
        )
    else:
        indices, updates = _places(g, call, 2), call.tensor(g, 3, x)
        axis, word = call.constant("dim", 1), call.constant("reduce", 4, "none")
    if call.node.op == "ScatterAddExt":
        word = "add"
    if word not in _REDUCTIONS:
        raise CannotLowerError(f"its reduction is {word!r}")
    axis = axis_of(axis, x.rank)
    indices = _following(g, x, indices, axis)
    updates = cast_to(g, updates, x.dtype)
    updates = _following(g, x, updates, axis) if updates.rank else filled_like(g, indices, updates, x.dtype)
    return g.node("ScatterElements", x, indices, updates, axis=axis, reduction=_REDUCTIONS[word])


@lowering("UnsortedSegmentSum", "UnsortedSegmentMax", "UnsortedSegmentMin", "UnsortedSegmentProd")
def unsorted_segment(g: Builder, call: Call) -> Value:
    """UnsortedSegmentSum(x, segment_ids, num_segments), UnsortedSegmentMax, UnsortedSegmentMin, UnsortedSegmentProd
    -> ScatterND with that reduction.

    Segments are numbered from 0; negative numbers, which MindIR leaves out, count from the end.
    """
    x, ids = call.tensor(g, 0), cast_to(g, call.tensor(g, 1), _INT64)
    word = call.node.op.removeprefix("UnsortedSegment")
    limits = np.finfo(x.dtype.name) if x.dtype.is_float else np.iinfo(x.dtype.name)
    begin = {"Sum": 0, "Prod": 1, "Max": limits.min, "Min": limits.max}[word]
    counted(call.result.shape[0])
    base = filled(g, call.result.shape, g.constant(begin, x.dtype), x.dtype)
    reduction = {"Sum": "add", "Prod": "mul"}.get(word, word.lower())
    return g.node("ScatterND", base, g.node("Unsqueeze", ids, g.ints(ids.rank)), x, reduction=reduction)


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
    result = g.node("ScatterND", first, places, second, reduction="add")
    return result if axis == 0 else g.node("Transpose", result, perm=[order.index(place) for place in range(x.rank)])


def _takes_each(x: Value, indices: np.ndarray[Any, Any]) -> bool:
    """Whether constant ``indices`` take, of each of the batch in turn, the same places."""
    batch = x.shape[0]
    if indices.ndim < 2 or indices.shape[0] != batch:
        return False
    each = np.arange(batch).reshape(-1, *[1] * (indices.ndim - 2))
    return bool(np.all(indices[..., 0] == each) and np.all(indices[..., 1:] == indices[:1, ..., 1:]))


def _check_not_batch(x: Value, indices: Value) -> None:
    if not indices.dynamic and any(axis < indices.shape[-1] for axis in x.dynamic):
        raise BatchBoundError("its batch cannot be kept open: it names places in the batch")


def _following(g: Builder, x: Value, value: Value, axis: int) -> Value:
    """``value``, made to follow the batch wherever ``x`` does, but along ``axis``."""
    for place in x.dynamic:
        if place != axis and place not in value.dynamic:
            value = g.follow(value, (place,))
            if place not in value.dynamic:
                raise BatchBoundError("its batch cannot be kept open: its places are those of the exported batch")
    return value


def _places(g: Builder, call: Call, index: int) -> Value:
    """Argument ``index``, the places, of a type that ONNX takes."""
    places = call.tensor(g, index, g.ints(0))
    return places if places.dtype.name in ("int32", "int64") else cast_to(g, places, _INT64)
