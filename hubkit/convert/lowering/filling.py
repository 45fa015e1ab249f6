"""Tensors of one number, which follow the batch where what they are like does."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hubkit.convert.dtypes import DType
from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value

_MAX_WRITTEN = 1024
_MAX_ELEMENTS = 2**31


def filled(g: Builder, shape: Sequence[int], number: Value, dtype: DType) -> Value:
    """A tensor of ``shape`` whose elements are all ``number``, one element."""
    size = math.prod(shape)
    if min(shape, default=0) < 0 or size > _MAX_ELEMENTS:
        raise CannotLowerError(f"it makes a tensor of the shape {list(shape)}")
    number = number if number.dtype == dtype else g.node("Cast", number, to=dtype.onnx)
    if number.array is not None and size <= _MAX_WRITTEN:
        return g.constant(np.full(tuple(shape), number.array.reshape(()), dtype.numpy), dtype)
    return g.repeated(g.node("Expand", g.node("Reshape", number, g.ints()), g.ints(*shape)), range(len(shape)))


def filled_like(g: Builder, like: Value, number: Value, dtype: DType) -> Value:
    """A tensor of the sizes of ``like`` whose elements are all ``number``, one element."""
    if not like.dynamic:
        return filled(g, like.shape, number, dtype)
    number = number if number.dtype == dtype else g.node("Cast", number, to=dtype.onnx)
    result = Value("", dtype, like.shape, like.probe, other=like.other)
    (value,) = g.node_of_known("Expand", (number, g.node("Shape", like)), [result], {})
    return value


def whole(x: Value, axis: int) -> int:
    """The size of ``x`` along ``axis``, to be written down.

    Raises BatchBoundError where it follows the batch, CannotLowerError where it depends on the data.
    """
    if axis in x.varying:
        raise CannotLowerError(f"it must know the size of axis {axis}, which depends on the data")
    if axis in x.dynamic:
        raise BatchBoundError(f"its batch cannot be kept open: it works along axis {axis}, which follows the batch")
    return x.shape[axis]
