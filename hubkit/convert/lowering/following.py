"""Constants that are made to follow the batch: repeated for each of it, or counting it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from hubkit.convert.lowering.values import Value

if TYPE_CHECKING:
    from hubkit.convert.lowering.builder import Builder


def expanded(g: Builder, value: Value, axis: int, batch: Value) -> Value:
    """The first of ``value`` along ``axis``, once for each of the batch, or as often for each as it is there."""
    one, times = value, value.shape[axis] // batch.shape[0]
    if value.shape[axis] != 1:
        one = g.node("Slice", value, g.ints(0), g.ints(1), g.ints(axis))
    size = g.node("Shape", batch, start=0, end=1)
    size = size if times == 1 else g.node("Mul", size, g.ints(times))
    around = [g.ints(*[1] * count) for count in (axis, value.rank - axis - 1)]
    sizes = g.node("Concat", around[0], size, around[1], axis=0)
    probe = tuple(batch.probe[0] * times if place == axis else size for place, size in enumerate(value.shape))
    like = Value("", value.dtype, value.shape, probe)
    (made,) = g.node_of_known("Expand", (one, sizes), [like], {})
    return made


def tiled(g: Builder, value: Value, axis: int, batch: Value) -> Value | None:
    """``value`` behind itself along ``axis`` once for each of the batch, where it is the same part for each of it.

    None where it is not, or not known.
    """
    count = batch.shape[0]
    if value.array is None or value.shape[axis] % count:
        return None
    parts = np.split(value.array, count, axis)
    if not all(np.array_equal(part, parts[0], equal_nan=True) for part in parts):
        return None
    ones = [g.ints(*[1] * places) for places in (axis, value.rank - axis - 1)]
    repeats = g.node("Concat", ones[0], g.node("Shape", batch, start=0, end=1), ones[1], axis=0)
    probe = tuple(size // count * batch.probe[0] if place == axis else size for place, size in enumerate(value.shape))
    like = Value("", value.dtype, value.shape, probe)
    (made,) = g.node_of_known("Tile", (g.constant(parts[0], value.dtype), repeats), [like], {})
    return made


def counts(value: Value, axes: Sequence[int], batch: Value) -> bool:
    """Whether ``value`` is known to be 0, 1, 2 and so on along the one of ``axes``, which is as long as the batch."""
    if value.array is None or value.array.dtype.kind != "i" or len(axes) != 1 or value.shape[axes[0]] != batch.shape[0]:
        return False
    each = np.arange(batch.shape[0]).reshape([-1 if axis == axes[0] else 1 for axis in range(value.rank)])
    return bool(np.all(value.array == each))


def numbers(g: Builder, value: Value, axis: int, batch: Value) -> Value:
    """``value``, which counts the batch along ``axis``, for a batch of any size."""
    size = g.node("Squeeze", g.node("Shape", batch, start=0, end=1), g.ints(0))
    like = Value("", g.ints(0).dtype, (batch.shape[0],), (batch.probe[0],))
    (found,) = g.node_of_known("Range", (g.constant(0, "int64"), size, g.constant(1, "int64")), [like], {})
    found = found if value.dtype == found.dtype else g.node("Cast", found, to=value.dtype.onnx)
    found = g.node("Reshape", found, g.ints(*[-1 if place == axis else 1 for place in range(value.rank)]))
    return g.node("Expand", found, g.ints(*[1 if place == axis else size for place, size in enumerate(value.shape)]))
