"""Reading at places that a tensor names."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, axis_of
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering

_INT64 = BY_NAME["int64"]


@lowering("Gather", "SparseGatherV2")
def gather(g: Builder, call: Call) -> Value:
    """Gather(x, indices, axis, batch_dims=0), SparseGatherV2(x, indices, axis) -> Gather; of each part of a batch its
    own, GatherND, with Transpose around it where other axes lie between.

    Where MindIR gives 0 for places outside x, ONNX Runtime refuses to run.
    """
    x, indices = call.tensor(g, 0), places_of(g, call, 1)
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
    return g.node("Gather", x, places_of(g, call, 2), axis=axis_of(call.constant("axis", 1), x.rank))


@lowering("Embedding")
def embedding(g: Builder, call: Call) -> Value:
    """Embedding(indices, weight, padding_idx=None, max_norm=None, norm_type=2, ...) -> Gather.

    Weights that are to be rescaled (max_norm) are refused.
    """
    if call.constant("max_norm", 3, None) is not None:
        raise CannotLowerError("its max_norm is set")
    return g.node("Gather", call.tensor(g, 1), places_of(g, call, 0), axis=0)


@lowering("EmbeddingLookup")
def embedding_lookup(g: Builder, call: Call) -> Value:
    """EmbeddingLookup(weight, indices, offset) -> Sub, Gather. Places outside the weight are refused when it runs."""
    indices, offset = places_of(g, call, 1), call.constant("offset", 2, 0)
    if offset:
        indices = g.node("Sub", indices, g.constant(offset, indices.dtype))
    return g.node("Gather", call.tensor(g, 0), indices, axis=0)


@lowering("Take")
def take(g: Builder, call: Call) -> Value:
    """Take(x, index): from all elements in order -> Reshape, Gather."""
    x = call.tensor(g, 0)
    if x.dynamic:
        whole(x, x.dynamic[0])
    return g.node("Gather", g.node("Reshape", x, g.ints(-1)), places_of(g, call, 1), axis=0)


@lowering("GatherD")
def gather_d(g: Builder, call: Call) -> Value:
    """GatherD(x, dim, index) -> GatherElements."""
    x = call.tensor(g, 0)
    axis = axis_of(call.constant("dim", 1), x.rank)
    places = following(g, x, places_of(g, call, 2), axis)
    return g.node("GatherElements", following(g, places, x, axis), places, axis=axis)


@lowering("GatherNd", "GatherNdExt")
def gather_nd(g: Builder, call: Call) -> Value:
    """GatherNd(x, indices), GatherNdExt -> GatherND.

    Indices that take each of the batch in turn, as x[:, [1, 0]] and x[arange(batch), y] do, follow the batch; others
    that name places in it hold for one batch only.
    """
    x, indices = call.tensor(g, 0), cast_to(g, call.tensor(g, 1), _INT64)
    depth = indices.shape[-1]
    if 0 in x.following and indices.array is not None and depth and takes_each(x, indices.array):
        others = g.follow(g.constant(indices.array[..., 1:], _INT64), (0,))
        if depth == 1:
            return x
        return g.node("GatherND", x, others, batch_dims=1)
    if 0 in x.following and (rest := _in_each(g, x, indices)) is not None:
        return g.node("GatherND", x, cast_to(g, rest, _INT64), batch_dims=1)
    check_not_batch(x, indices)
    return g.node("GatherND", x, indices)


def _in_each(g: Builder, x: Value, indices: Value) -> Value | None:
    """The columns of ``indices`` behind the first, where that takes each of the batch in turn; otherwise None."""
    while (node := g.producers.get(indices.name)) is not None and node.op_type == "Cast":
        indices = g.values[node.input[0]]
    if node is None or node.op_type != "Concat" or node.attribute[0].i != indices.rank - 1:
        return None
    first, *others = (g.values[name] for name in node.input)
    if first.shape[-1] != 1:
        return None
    if indices.dynamic == (0,):
        if not g.is_counting(first):
            return None
    elif first.array is None or not takes_each(x, first.array):
        return None
    else:
        others = [g.follow(value, (0,)) for value in others]
        if any(value.dynamic != (0,) for value in others):
            return None
    return others[0] if len(others) == 1 else g.node("Concat", *others, axis=indices.rank - 1)


def takes_each(x: Value, indices: np.ndarray[Any, Any]) -> bool:
    """Whether constant ``indices`` take, of each of the batch in turn, the same places."""
    batch = x.shape[0]
    if indices.ndim < 2 or indices.shape[0] != batch:
        return False
    each = np.arange(batch).reshape(-1, *[1] * (indices.ndim - 2))
    return bool(np.all(indices[..., 0] == each) and np.all(indices[..., 1:] == indices[:1, ..., 1:]))


def check_not_batch(x: Value, indices: Value) -> None:
    """Refuse the open batch where ``indices`` name places in it."""
    if any(axis < indices.shape[-1] for axis in x.following):
        raise BatchBoundError("its batch cannot be kept open: it names places in the batch")


def following(g: Builder, x: Value, value: Value, axis: int) -> Value:
    """``value``, places in ``x`` or what has them, made to follow the batch as ``x`` does, but along ``axis``.

    Raises BatchBoundError where it cannot.
    """
    for place in x.following:
        if place != axis and place not in value.dynamic:
            value = g.follow(value, (place,))
            if place not in value.dynamic:
                raise BatchBoundError("its batch cannot be kept open: it reads at the places of the exported batch")
    return value


def places_of(g: Builder, call: Call, index: int) -> Value:
    """Argument ``index``, the places, of a type that ONNX takes."""
    places = call.tensor(g, index, g.ints(0))
    return places if places.dtype.name in ("int32", "int64") else cast_to(g, places, _INT64)
