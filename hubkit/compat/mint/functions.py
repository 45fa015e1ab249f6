"""Functions of ``mindspore.mint`` whose operators only other devices have, in operators that the CPU has.

Each takes the arguments of the operator, in its order, those among them that change nothing here. Source: the
docstrings of ``mindspore.mint`` in MindSpore 2.10.
"""

from __future__ import annotations

import math
from typing import Any

from mindspore import dtype as types
from mindspore import ops

from hubkit.compat.mint.use import noted


def clone(input: Any) -> Any:
    """``mint.clone(input)``."""
    return ops.cast(input, noted("clone", input.dtype))


def stack(tensors: Any, dim: int = 0) -> Any:
    """``mint.stack(tensors, dim=0)``."""
    return ops.Stack(noted("stack", dim))(tensors)


def full_like(input: Any, fill_value: Any, dtype: Any = None) -> Any:
    """``mint.full_like(input, fill_value, dtype=None)``."""
    return ops.full(input.shape, fill_value, dtype=noted("full_like", input.dtype if dtype is None else dtype))


def linspace(start: Any, end: Any, steps: int, dtype: Any = None) -> Any:
    """``mint.linspace(start, end, steps, dtype=None)``: float32 where no type is given."""
    even = ops.linspace(ops.cast(start, types.float32), ops.cast(end, types.float32), noted("linspace", steps))
    return even if dtype is None else ops.cast(even, dtype)


def tril(input: Any, diagonal: int = 0) -> Any:
    """``mint.tril(input, diagonal=0)``: what lies on and below a diagonal of the last two axes."""
    lower = _below(input.shape[-2], input.shape[-1], noted("tril", diagonal))
    if input.dtype == types.bool_:
        return ops.logical_and(input, lower)
    return ops.select(ops.broadcast_to(lower, input.shape), input, ops.zeros_like(input))


def _below(rows: int, columns: int, diagonal: int) -> Any:
    return ops.reshape(ops.arange(columns), (1, -1)) <= ops.reshape(ops.arange(rows), (-1, 1)) + diagonal


def index_select(input: Any, dim: int, index: Any) -> Any:
    """``mint.index_select(input, dim, index)``."""
    return ops.gather(input, index, noted("index_select", dim))


def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Any:
    """``mint.scatter_add(input, dim, index, src)``."""
    return ops.tensor_scatter_elements(input, index, src, noted("scatter_add", dim), "add")


def repeat_interleave(input: Any, repeats: int, dim: Any = None, output_size: Any = None) -> Any:  # noqa: ARG001
    """``mint.repeat_interleave(input, repeats, dim=None)`` for one number: each element as often."""
    if dim is None:
        input, dim = ops.reshape(input, (-1,)), 0
    axis = noted("repeat_interleave", dim) % input.ndim
    shape = input.shape
    apart = ops.reshape(input, (*shape[: axis + 1], 1, *shape[axis + 1 :]))
    wide = ops.tile(apart, (*(1,) * (axis + 1), repeats, *(1,) * (input.ndim - axis - 1)))
    return ops.reshape(wide, (*shape[:axis], shape[axis] * repeats, *shape[axis + 1 :]))


def sort(input: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:  # noqa: ARG001
    """``mint.sort(input, dim=-1, descending=False)``: values and their places (int64)."""
    axis = noted("sort", dim) % input.ndim
    last = input.ndim - 1
    values, places = ops.Sort(last, descending)(ops.swapaxes(input, axis, last))
    return ops.swapaxes(values, axis, last), ops.cast(ops.swapaxes(places, axis, last), types.int64)


def argsort(input: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:  # noqa: ARG001
    """``mint.argsort(input, dim=-1, descending=False)`` (int64)."""
    return sort(input, dim, descending)[1]


def topk(input: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:  # noqa: ARG001
    """``mint.topk(input, k, dim=-1, largest=True)``: values and their places (int64), in order."""
    axis = noted("topk", dim) % input.ndim
    last = input.ndim - 1
    turned = ops.swapaxes(input, axis, last)
    values, places = ops.TopK(True)(turned if largest else -turned, k)
    values = ops.swapaxes(values, axis, last)
    return values if largest else -values, ops.cast(ops.swapaxes(places, axis, last), types.int64)


def argmin(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """``mint.argmin(input, dim=None, keepdim=False)`` (int64)."""
    if dim is None:
        return ops.cast(ops.Argmin(noted("argmin", 0))(ops.reshape(input, (-1,))), types.int64)
    place = ops.cast(ops.Argmin(noted("argmin", dim))(input), types.int64)
    return ops.expand_dims(place, dim) if keepdim else place


def cumsum(input: Any, dim: int, dtype: Any = None) -> Any:
    """``mint.cumsum(input, dim, dtype=None)``: int64 for whole numbers and truth values where no type is given."""
    if dtype is None and input.dtype in _WHOLE:
        dtype = types.int64
    summed = input if dtype is None else ops.cast(input, dtype)
    return ops.CumSum()(summed, noted("cumsum", dim))


_WHOLE = (types.bool_, types.uint8, types.int8, types.int16, types.int32, types.int64)


def logsumexp(input: Any, dim: Any, keepdim: bool = False) -> Any:
    """``mint.logsumexp(input, dim, keepdim=False)``."""
    axes = noted("logsumexp", dim)
    top = ops.stop_gradient(ops.amax(input, axes, True))
    found = ops.log(ops.ReduceSum(True)(ops.exp(input - top), axes)) + top
    return found if keepdim else ops.sum(found, axes)


def variance(input: Any, dim: Any = None, correction: int = 1, keepdim: bool = False) -> Any:
    """``mint.var(input, dim=None, correction=1, keepdim=False)``."""
    axes = axes_of(noted("var", dim), input.ndim)
    apart = input - ops.ReduceMean(True)(input, axes)
    count = 1
    for axis in axes:
        count = count * input.shape[axis]
    return ops.ReduceSum(keepdim)(ops.square(apart), axes) / (count - correction)


def deviation(input: Any, dim: Any = None, correction: int = 1, keepdim: bool = False) -> Any:
    """``mint.std(input, dim=None, correction=1, keepdim=False)``."""
    return ops.sqrt(variance(input, dim, correction, keepdim))


def variance_and_mean(input: Any, dim: Any = None, correction: int = 1, keepdim: bool = False) -> Any:
    """``mint.var_mean``."""
    mean = ops.ReduceMean(keepdim)(input, axes_of(dim, input.ndim))
    return variance(input, dim, correction, keepdim), mean


def deviation_and_mean(input: Any, dim: Any = None, correction: int = 1, keepdim: bool = False) -> Any:
    """``mint.std_mean``."""
    mean = ops.ReduceMean(keepdim)(input, axes_of(dim, input.ndim))
    return deviation(input, dim, correction, keepdim), mean


def vector_norm(input: Any, ord: float = 2.0, dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Any:
    """``mint.linalg.vector_norm(input, ord=2, dim=None, keepdim=False)`` of any order, the infinite ones included."""
    axes = axes_of(noted("norm", dim), input.ndim)
    size = ops.abs(input if dtype is None else ops.cast(input, dtype))
    if ord == math.inf:
        return ops.amax(size, axes, keepdim)
    if ord == -math.inf:
        return ops.amin(size, axes, keepdim)
    if ord == 0:
        return ops.ReduceSum(keepdim)(ops.cast(size != 0, size.dtype), axes)
    if ord == 1:
        return ops.ReduceSum(keepdim)(size, axes)
    if ord == 2:
        return ops.sqrt(ops.ReduceSum(keepdim)(ops.square(size), axes))
    return ops.pow(ops.ReduceSum(keepdim)(ops.pow(size, ord), axes), 1 / ord)


def lp_norm(x: Any, p: float, dim: Any, keepdim: bool, epsilon: float) -> Any:  # noqa: ARG001
    """``mint.linalg.vector_norm`` of other orders."""
    return vector_norm(x, p, dim, keepdim)


def axes_of(dim: Any, rank: int) -> Any:
    """The axes that ``dim``, a number, several or None for all of them, stands for."""
    if dim is None:
        return tuple(range(rank))
    if isinstance(dim, int):
        return (dim % rank,)
    axes: Any = ()
    for axis in dim:
        axes = (*axes, axis % rank)
    return axes if axes else tuple(range(rank))


def mm(input: Any, mat2: Any) -> Any:
    """``mint.mm(input, mat2)``."""
    return ops.matmul(ops.cast(input, noted("mm", input.dtype)), mat2)


def outer(input: Any, vec2: Any) -> Any:
    """``mint.outer(input, vec2)``."""
    return ops.reshape(input, (-1, noted("outer", 1))) * vec2


def dot(input: Any, other: Any) -> Any:
    """``mint.dot(input, other)`` of two vectors."""
    return ops.ReduceSum()(input * other, noted("dot", 0))


def log2(input: Any) -> Any:
    """``mint.log2(input)``."""
    return ops.log(input) * noted("log2", 1 / math.log(2))


def exp2(input: Any) -> Any:
    """``mint.exp2(input)``."""
    return ops.exp(input * noted("exp2", math.log(2)))


def addmm(input: Any, mat1: Any, mat2: Any, beta: float = 1, alpha: float = 1) -> Any:
    """``mint.addmm(input, mat1, mat2, beta=1, alpha=1)``, addmv too."""
    return noted("addmm", beta) * input + alpha * ops.matmul(mat1, mat2)


def addbmm(input: Any, batch1: Any, batch2: Any, beta: float = 1, alpha: float = 1) -> Any:
    """``mint.addbmm(input, batch1, batch2, beta=1, alpha=1)``."""
    return noted("addbmm", beta) * input + alpha * ops.ReduceSum()(ops.matmul(batch1, batch2), 0)


def addcmul(input: Any, tensor1: Any, tensor2: Any, value: float = 1) -> Any:
    """``mint.addcmul(input, tensor1, tensor2, value=1)``."""
    return input + noted("addcmul", value) * tensor1 * tensor2


def addcdiv(input: Any, tensor1: Any, tensor2: Any, value: float = 1) -> Any:
    """``mint.addcdiv(input, tensor1, tensor2, value=1)``."""
    return input + noted("addcdiv", value) * tensor1 / tensor2


def narrow(input: Any, dim: int, start: int, length: int) -> Any:
    """``mint.narrow(input, dim, start, length)``."""
    axis = noted("narrow", dim) % input.ndim
    first = (0,) * axis + (start % input.shape[axis],) + (0,) * (input.ndim - axis - 1)
    return ops.slice(input, first, (*input.shape[:axis], length, *input.shape[axis + 1 :]))


def frac(input: Any) -> Any:
    """``mint.frac(input)``."""
    return input - ops.trunc(ops.cast(input, noted("frac", input.dtype)))


def count_nonzero(input: Any, dim: Any = None) -> Any:
    """``mint.count_nonzero(input, dim=None)`` (int64)."""
    counted = ops.ReduceSum()(ops.cast(input != 0, types.float32), axes_of(noted("count_nonzero", dim), input.ndim))
    return ops.cast(counted, types.int64)


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """``mint.nn.functional.mse_loss(input, target, reduction="mean")``."""
    return _reduced(ops.square(input - target), noted("mse_loss", reduction))


def l1_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """``mint.nn.functional.l1_loss(input, target, reduction="mean")``."""
    return _reduced(ops.abs(input - target), noted("l1_loss", reduction))


def _reduced(lost: Any, reduction: str) -> Any:
    if reduction == "mean":
        return ops.mean(lost)
    return ops.sum(lost) if reduction == "sum" else lost


def asin(input: Any) -> Any:
    """``mint.asin(input)``."""
    return ops.Asin()(ops.cast(input, noted("asin", input.dtype)))


def acos(input: Any) -> Any:
    """``mint.acos(input)``."""
    return ops.ACos()(ops.cast(input, noted("acos", input.dtype)))


def atan(input: Any) -> Any:
    """``mint.atan(input)``."""
    return ops.Atan()(ops.cast(input, noted("atan", input.dtype)))


def atan2(input: Any, other: Any) -> Any:
    """``mint.atan2(input, other)``."""
    return ops.Atan2()(ops.cast(input, noted("atan2", input.dtype)), other)
