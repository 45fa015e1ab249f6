"""Where in an image, or in a volume, the greatest element of each window of an adaptive pool stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import numpy as np

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.filling import whole

_MAX_WINDOWS = 1024


def adaptive_places(g: Builder, x: Value, counts: Sequence[int]) -> Value:
    """The place of each greatest element in its image or volume, counted row by row, for ``counts`` windows an axis.

    Raises CannotLowerError where there are very many windows of unlike sizes, or the sizes of ``x`` are open.
    """
    sizes = [whole(x, axis) for axis in range(2, x.rank)]
    if all(size % count == 0 for size, count in zip(sizes, counts, strict=True)):
        steps = [size // count for size, count in zip(sizes, counts, strict=True)]
        _, places = g.nodes_of("MaxPool", (x,), 2, {"kernel_shape": steps, "strides": steps})
        return g.node("Mod", places, g.constant(math.prod(sizes), "int64"))  # ONNX counts from the first image on
    if math.prod(counts) > _MAX_WINDOWS:
        raise CannotLowerError(f"it tells the places of {math.prod(counts)} windows, more than {_MAX_WINDOWS}")
    numbers = np.arange(math.prod(sizes)).reshape(sizes)
    parts = [_place(g, x, numbers, window) for window in product(*map(_ends, sizes, counts))]
    joined = g.node("Concat", *parts, axis=2)
    return g.node("Reshape", joined, g.ints(0, 0, *counts))


def _place(
    g: Builder, x: Value, numbers: np.ndarray[tuple[int, ...], np.dtype[np.int64]], window: Sequence[tuple[int, int]]
) -> Value:
    starts, ends = zip(*window, strict=True)
    part = g.node("Slice", x, g.ints(*starts), g.ints(*ends), g.ints(*range(2, x.rank)))
    first = g.node("ArgMax", g.node("Reshape", part, g.ints(0, 0, -1)), axis=2, keepdims=1)
    inside = numbers[tuple(slice(start, end) for start, end in window)]
    return g.node("Gather", g.constant(inside.reshape(-1), "int64"), first, axis=0)


def _ends(size: int, count: int) -> list[tuple[int, int]]:
    """From where to where each of ``count`` windows reaches, of unlike sizes where they do not divide ``size``."""
    return [(k * size // count, -(-(k + 1) * size // count)) for k in range(count)]
