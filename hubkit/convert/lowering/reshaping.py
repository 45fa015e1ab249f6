"""Join tensors, and reshape one to sizes that were written down for one batch, and keep the batch open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from operator import mul

from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value


def reshape(g: Builder, x: Value, sizes: Sequence[int]) -> Value:
    """``x`` in the shape ``sizes``, which holds for the exported batch.

    The axis of the result that follows the batch is the one that holds the elements that the batch of x steps over.
    Raises BatchBoundError where no axis of the result can follow it.
    """
    if tuple(sizes) == x.shape:
        return x
    if math.prod(sizes) != math.prod(x.shape):
        raise CannotLowerError(f"{list(x.shape)} cannot become {list(sizes)}")
    target = list(sizes)
    if not x.dynamic:
        return g.node("Reshape", x, g.ints(*target))
    axis, outer = _batch_axis(g, x, sizes)
    target[axis] = -1
    return g.merged(g.node("Reshape", x, g.ints(*target)), outer)


def joined(g: Builder, tensors: Sequence[Value], axis: int) -> Value:
    """``tensors`` after each other along ``axis``.

    Along the batch that gives one batch behind the other, as the states of stacked recurrent layers are joined: the
    whole is split only where a step over the batch is as long in each of them.
    """
    value = g.node("Concat", *tensors, axis=axis)
    if any(given.dynamic != (axis,) for given in tensors):
        return value
    parts = [g.outer(given) for given in tensors]
    steps = {given.shape[axis] / (count * g.batch) for given, count in zip(tensors, parts, strict=True)}
    return g.merged(value, sum(parts)) if len(steps) == 1 else value


def parts_of(g: Builder, x: Value, axis: int, start: int, stop: int) -> Value | None:
    """``x[start:stop]`` along ``axis``, where batches lie behind each other there and that is some of them, whole.

    So do those of two images in the tensor that joins them. None where it is anything else.
    """
    outer = g.outer(x)
    part, rest = divmod(x.shape[axis], outer)
    if x.dynamic != (axis,) or outer == 1 or rest or start % part or stop % part or start >= stop:
        return None
    before, after = x.shape[:axis], x.shape[axis + 1 :]
    apart = g.node("Reshape", x, g.ints(*before, outer, -1, *after))
    first, last = start // part, stop // part
    taken = g.node("Slice", apart, g.ints(first), g.ints(last), g.ints(axis), g.ints(1))
    return g.merged(g.node("Reshape", taken, g.ints(*before, -1, *after)), last - first)


def _batch_axis(g: Builder, x: Value, sizes: Sequence[int]) -> tuple[int, int]:
    """The axis of the result that follows the batch, and how many parts of it lie before each step of the batch."""
    if len(x.dynamic) > 1:
        raise BatchBoundError(f"the axes {x.dynamic} of what it reshapes follow the batch, not only one")
    (axis,) = x.dynamic
    outer = g.outer(x)
    before, batch = math.prod(x.shape[:axis]) * outer, g.batch
    edges = [*accumulate(sizes, mul, initial=1)]
    places = [
        place
        for place in range(len(sizes))
        if before % edges[place] == 0 and edges[place + 1] % (before * batch) == 0 and edges[place] <= before
    ]
    if not places:
        raise BatchBoundError(f"no axis of {list(sizes)} can follow the batch, axis {axis} of {list(x.shape)}")
    if outer == 1 and axis in places and sizes[axis] == x.shape[axis]:
        return axis, before // edges[axis]
    place = _chosen(x, sizes, places, axis)
    return place, before // edges[place]


def _chosen(x: Value, sizes: Sequence[int], places: Sequence[int], axis: int) -> int:
    """Of ``places`` that may follow the batch, which are several only where axes of one element leave a choice."""
    if len(places) == 1:
        return places[0]
    single = [place for place in places if sizes[place] == 1]
    if single:
        return single[0]
    # A batch of one lies between two axes. What follows it in x may fill the second alone; then it joins the first.
    last = places[-1]
    return places[-2] if sizes[last] in accumulate(x.shape[axis + 1 :], mul) else last
