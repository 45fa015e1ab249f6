"""Methods of tensors that the CPU lacks, or that MindSpore's compiler takes otherwise than they run: what stands for
them.

Each takes the tensor and the arguments of the method, as ``mindspore.mint`` has them. They are compiled, and called by
code that builds a network, too. Source: the docstrings of ``mindspore.Tensor`` in MindSpore 2.10.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from mindspore import Tensor, ops
from mindspore import dtype as types

from hubkit.compat import kernel_functions
from hubkit.compat.mint import creation as mint_creation
from hubkit.compat.mint import functions as mint_functions
from hubkit.compat.tensors.use import noted


def clone(input: Any) -> Any:
    """``clone()``."""
    return ops.cast(input, noted("clone", input.dtype))


def expand(input: Any, *size: Any) -> Any:
    """``expand(*size)``: -1 keeps an axis."""
    wanted = size[0] if len(size) == 1 and isinstance(size[0], (tuple, list)) else size
    return ops.broadcast_to(input, noted("expand", tuple(wanted)))


def repeat(input: Any, *repeats: Any) -> Any:
    """``repeat(*repeats)``: all of it as often along each axis, those that it has not before those that it has."""
    wanted = repeats[0] if len(repeats) == 1 and isinstance(repeats[0], (tuple, list)) else repeats
    return ops.tile(input, noted("repeat", tuple(wanted)))


def repeat_interleave(input: Any, repeats: int, dim: Any = None, *, output_size: Any = None) -> Any:
    """``repeat_interleave(repeats, dim=None, output_size=None)`` for one number."""
    return mint_functions.repeat_interleave(input, repeats, noted("repeat_interleave", dim), output_size)


def repeat_elements(input: Any, repeats: Any, axis: Any = None) -> Any:
    """``repeat(repeats, axis=None)`` of MindSpore before 2.5: each element so often, along an axis or in a row."""
    counts = noted("repeat(repeats, axis)", repeats)
    if axis is None:
        return ops.gather(ops.reshape(input, (-1,)), _each(input.size, counts), 0)
    return ops.gather(input, _each(input.shape[axis], counts), axis)


@ops.constexpr  # type: ignore[untyped-decorator]
def _each(size: int, counts: Any) -> Any:
    """The places of the elements along an axis, each so often."""
    return Tensor(np.repeat(np.arange(size, dtype=np.int32), counts))


def roll(input: Any, shifts: Any, dims: Any = None) -> Any:
    """``roll(shifts, dims=None)``."""
    return kernel_functions.roll(input, noted("roll", shifts), dims)


def transpose(input: Any, dim0: int, dim1: int) -> Any:
    """``transpose(dim0, dim1)``: two axes change places."""
    return ops.swapaxes(input, noted("transpose", dim0), dim1)


def new_full(input: Any, size: Any, fill_value: Any, *, dtype: Any = None) -> Any:
    """``new_full(size, fill_value, dtype=None)``."""
    return ops.full(noted("new_full", size), fill_value, dtype=input.dtype if dtype is None else dtype)


def chunk(input: Any, chunks: int, dim: int = 0) -> Any:
    """``chunk(chunks, dim=0)``."""
    return ops.chunk(input, chunks, noted("chunk", dim))


def split(input: Any, split_size: Any, dim: int = 0) -> Any:
    """``split(split_size, dim=0)``; the parts have this size, or those in a list."""
    return ops.split(input, split_size, noted("split", dim))


def sort(input: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    """``sort(dim=-1, descending=False)``: values and their places (int64)."""
    return mint_functions.sort(input, noted("sort", dim), descending, stable)


def argsort(input: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    """``argsort(dim=-1, descending=False)`` (int64)."""
    return mint_functions.argsort(input, noted("argsort", dim), descending, stable)


def cumsum(input: Any, dim: int, *, dtype: Any = None) -> Any:
    """``cumsum(dim, dtype=None)``."""
    return mint_functions.cumsum(input, noted("cumsum", dim), dtype)


def argmax(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """``argmax(dim=None, keepdim=False)`` (int64): of all elements where no axis is given."""
    return mint_creation.argmax(input, noted("argmax", dim), keepdim)


def argmin(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """``argmin(dim=None, keepdim=False)`` (int64)."""
    return mint_functions.argmin(input, noted("argmin", dim), keepdim)


def greatest(input: Any, dim: int, keepdim: bool = False) -> Any:
    """``max(dim, keepdim=False)``: values and their places."""
    return ops.max(input, noted("max", dim), keepdim)


def least(input: Any, dim: int, keepdim: bool = False) -> Any:
    """``min(dim, keepdim=False)``: values and their places."""
    return ops.min(input, noted("min", dim), keepdim)


def median(input: Any, dim: int = -1, keepdim: bool = False) -> Any:
    """``median(dim=-1, keepdim=False)``: values and their places."""
    return ops.median(input, noted("median", dim), keepdim)


def var(input: Any, dim: Any = None, *, correction: int = 1, keepdim: bool = False) -> Any:
    """``var(dim=None, correction=1, keepdim=False)``."""
    return mint_functions.variance(input, noted("var", dim), correction, keepdim)


def std(input: Any, dim: Any = None, *, correction: int = 1, keepdim: bool = False) -> Any:
    """``std(dim=None, correction=1, keepdim=False)``."""
    return mint_functions.deviation(input, noted("std", dim), correction, keepdim)


def count_nonzero(input: Any, dim: Any = None) -> Any:
    """``count_nonzero(dim=None)`` (int64)."""
    return mint_functions.count_nonzero(input, noted("count_nonzero", dim))


def index_select(input: Any, dim: int, index: Any) -> Any:
    """``index_select(dim, index)``."""
    return ops.gather(input, index, noted("index_select", dim))


def gather(input: Any, dim: int, index: Any) -> Any:
    """``gather(dim, index)``: an element of each line along ``dim``."""
    return ops.gather_elements(input, noted("gather", dim % input.ndim), index)


def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Any:
    """``scatter_add(dim, index, src)``."""
    return ops.tensor_scatter_elements(input, index, src, noted("scatter_add", dim), "add")


def index_add(input: Any, dim: int, index: Any, source: Any, *, alpha: float = 1) -> Any:
    """``index_add(dim, index, source, alpha=1)``."""
    places = _lines(index, noted("index_add", dim) % input.ndim, source)
    return ops.tensor_scatter_elements(input, places, source if alpha == 1 else source * alpha, dim, "add")


def index_copy(input: Any, dim: int, index: Any, tensor: Any) -> Any:
    """``index_copy(dim, index, tensor)``."""
    return ops.tensor_scatter_elements(input, _lines(index, noted("index_copy", dim) % input.ndim, tensor), tensor, dim)


def index_fill(input: Any, dim: int, index: Any, value: Any) -> Any:
    """``index_fill(dim, index, value)``."""
    lines = ops.gather(input, index, noted("index_fill", dim))
    return index_copy(input, dim, index, ops.cast(ops.zeros_like(lines) + value, input.dtype))


def _lines(index: Any, axis: int, source: Any) -> Any:
    """``index``, which chooses whole lines, for each element of ``source``."""
    shape = (1,) * axis + (-1,) + (1,) * (source.ndim - axis - 1)
    return ops.broadcast_to(ops.reshape(index, shape), source.shape)


def floor_divide(input: Any, other: Any) -> Any:
    """``floor_divide(other)``."""
    return ops.floor_div(ops.cast(input, noted("floor_divide", input.dtype)), other)


def addcdiv(input: Any, tensor1: Any, tensor2: Any, value: Any = 1) -> Any:
    """``addcdiv(tensor1, tensor2, value=1)``."""
    return input + noted("addcdiv", value) * tensor1 / tensor2


def dot(input: Any, other: Any) -> Any:
    """``dot(other)`` of two vectors."""
    return ops.ReduceSum()(input * other, noted("dot", 0))


def bitwise_and(input: Any, other: Any) -> Any:
    """``bitwise_and(other)`` with a number."""
    return ops.bitwise_and(input, ops.cast(other, noted("bitwise_and", input.dtype)))


def bitwise_or(input: Any, other: Any) -> Any:
    """``bitwise_or(other)`` with a number."""
    return ops.bitwise_or(input, ops.cast(other, noted("bitwise_or", input.dtype)))


def bitwise_xor(input: Any, other: Any) -> Any:
    """``bitwise_xor(other)`` with a number."""
    return ops.bitwise_xor(input, ops.cast(other, noted("bitwise_xor", input.dtype)))


def bitwise_not(input: Any) -> Any:
    """``bitwise_not()``."""
    if noted("bitwise_not", input.dtype) == types.bool_:
        return ops.logical_not(input)
    return -1 - input
