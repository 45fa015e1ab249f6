"""Reshape a tensor to sizes that were written down for one batch, and keep the batch open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from operator import mul

from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value


def reshape(g: Builder, x: Value, sizes: Sequence[int]) -> Value:
    """``x`` in the shape ``sizes``, which holds for the exported batch.

    The axis of the result that follows the batch is the one before which as many elements lie as before x's own.
    Raises BatchBoundError where no axis of the result can follow it.
    """
    if tuple(sizes) == x.shape:
        return x
    if math.prod(sizes) != math.prod(x.shape):
        raise CannotLowerError(f"{list(x.shape)} cannot become {list(sizes)}")
    target = list(sizes)
    if x.dynamic:
        target[_batch_axis(x, sizes)] = -1
    return g.node("Reshape", x, g.ints(*target))


def _batch_axis(x: Value, sizes: Sequence[int]) -> int:
    if len(x.dynamic) > 1:
        raise BatchBoundError(f"the axes {x.dynamic} of what it reshapes follow the batch, not only one")
    (axis,) = x.dynamic
    before = math.prod(x.shape[:axis])
    candidates = [
        index for index, outer in enumerate(accumulate(sizes, mul, initial=1)) if outer == before and index < len(sizes)
    ]
    if not candidates:
        raise BatchBoundError(f"no axis of {list(sizes)} can follow the batch, axis {axis} of {list(x.shape)}")
    # Axes of one element leave a choice: the axis' own place first.
    same = [index for index in candidates if index == axis and sizes[index] == x.shape[axis]]
    return (same or candidates)[0]
