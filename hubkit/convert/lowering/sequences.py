"""Tuples of sizes that the network computes, and what MindIR makes of several indices of a tensor with such sizes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.slicing import numbers_to
from hubkit.convert.lowering.values import Size

_INT64 = BY_NAME["int64"]
_NONE, _SLICE, _TENSOR = 0, 15, 17  # what stands at a place of an index
_WHOLE = (1, 1, 1)


@lowering("tuple_equal")
def tuple_equal(_g: Builder, call: Call) -> Argument:
    """tuple_equal(x, y): whether two tuples of sizes are the same, where that is known beforehand -> a constant."""
    one, other = call.arguments
    if not isinstance(one, tuple) or not isinstance(other, tuple):
        raise CannotLowerError(f"it compares {one!r} with {other!r}")
    if len(one) != len(other):
        return False
    return all(_is_same(*pair) for pair in zip(one, other, strict=True))


@lowering("Rank")
def rank(g: Builder, call: Call) -> Argument:
    """Rank(x): how many axes it has -> a constant."""
    return call.tensor(g, 0).rank


@lowering("SequenceAdd")
def sequence_add(_g: Builder, call: Call) -> Argument:
    """SequenceAdd(x, y): two tuples of sizes, one behind the other -> nothing."""
    one, other = call.arguments
    if not isinstance(one, tuple) or not isinstance(other, tuple):
        raise CannotLowerError(f"it joins {one!r} and {other!r}")
    return (*one, *other)


@lowering("SequenceMul")
def sequence_mul(_g: Builder, call: Call) -> Argument:
    """SequenceMul(x, n): a tuple of sizes, n times -> nothing. Where n does not depend on the data."""
    items = call.arguments[0]
    if not isinstance(items, tuple):
        raise CannotLowerError(f"it repeats {items!r}")
    return items * int(call.constant("n", 1))


@lowering("JoinedStr")
def joined_text(_g: Builder, _call: Call) -> Argument:
    """JoinedStr(*parts): the text of an error -> nothing."""
    return ""


@lowering("raise")
def raised(_g: Builder, _call: Call) -> Argument:
    """raise(type, message, *parts): an error -> nothing, where the network never comes to it; else it is refused."""
    raise CannotLowerError("the network ends in an error there")


@lowering("SliceToIndices")
def slice_to_indices(g: Builder, call: Call) -> Argument:
    """SliceToIndices(x, start, stop, step; tuple_index_axis, init_by_none): the places along an axis -> a constant, or
    Range. Of slices with bounds, along axes whose size does not depend on the data.
    """
    x = call.tensor(g, 0)
    axis = axis_of(call.constant("tuple_index_axis"), x.rank)
    if call.ints("init_by_none") == _WHOLE:
        (size,) = _sizes(g, x)[axis : axis + 1]
        if isinstance(size, int):
            return (g.constant(np.arange(size)[:, None], _INT64),)
        assert isinstance(size, Value), "a size that is not known"
        return (g.node("Unsqueeze", numbers_to(g, size), g.ints(1)),)
    absent = call.ints("init_by_none")
    bounds = [None if none else call.constant("bound", place) for place, none in enumerate(absent, start=1)]
    return (g.constant(np.arange(whole(x, axis))[slice(*bounds)][:, None], _INT64),)


@lowering("GetTupleIndexInfo")
def tuple_index_info(g: Builder, call: Call) -> Argument:
    """GetTupleIndexInfo(x, position, *indices; tuple_index_types): the sizes that several indices are repeated to
    -> Shape, Squeeze for those that are not known. Of tensors, and of slices before them, between them and behind.
    """
    kinds = [kind for kind in call.ints("tuple_index_types") if kind != _NONE]
    if set(kinds) - {_SLICE, _TENSOR} or _TENSOR not in kinds or "tuple_index_info_type" in call.node.attributes:
        raise CannotLowerError("it writes at places that several indices name, or they are no tensors and slices")
    sizes = [_sizes(g, call.tensor(g, 2 + place)) for place in range(len(kinds))]
    tensors = [place for place, kind in enumerate(kinds) if kind == _TENSOR]
    together = tensors[-1] - tensors[0] + 1 == len(tensors)
    before = [place for place in range(tensors[0]) if together]
    behind = [place for place, kind in enumerate(kinds) if kind == _SLICE and place not in before]
    shape = _broadcast([sizes[place] for place in tensors])
    final = (*(sizes[place][0] for place in before), *shape, *(sizes[place][0] for place in behind))
    reshaped = (*[1] * len(before), *shape, *[1] * len(behind))
    slices: list[Argument] = []
    for number, place in enumerate(sorted([*before, *behind])):
        at = number if place in before else number + len(shape)
        slices.append(tuple(sizes[place][0] if axis == at else 1 for axis in range(len(final))))
    return (len(before), shape, reshaped, final, *slices)


def _sizes(g: Builder, x: Value) -> tuple[Argument, ...]:
    """The sizes of ``x``: integers, and tensors of one where they are not known."""
    return tuple(
        g.node("Squeeze", g.node("Shape", x, start=axis, end=axis + 1), g.ints(0)) if axis in x.dynamic else size
        for axis, size in enumerate(x.shape)
    )


def _broadcast(shapes: Sequence[tuple[Argument, ...]]) -> tuple[Argument, ...]:
    """The shape that tensors of ``shapes`` have together: of two sizes that which is not 1, and is known."""
    rank = max(map(len, shapes))
    found: list[Argument] = [1] * rank
    for shape in shapes:
        for axis, size in enumerate(shape, start=rank - len(shape)):
            if found[axis] == 1 or (isinstance(found[axis], Value) and isinstance(size, int) and size != 1):
                found[axis] = size
    return tuple(found)


def _is_same(one: Argument, other: Argument) -> bool:
    """Whether two sizes are the same. Raises CannotLowerError where that depends on the data."""
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    known = [_known(size) for size in (one, other)]
    if None in known or known[0] != known[1]:
        raise CannotLowerError("whether two sizes are the same depends on the data")
    return True


def _known(size: Argument) -> Size | None:
    """What stands for ``size`` while lowering."""
    if isinstance(size, int):
        return Size(size, size, size)
    arrays = [size.known(kind) for kind in range(3)] if isinstance(size, Value) else [None]
    return Size(*(int(array.reshape(())) for array in arrays if array is not None)) if None not in arrays else None
