"""What a tensor holds after a method that changes it in place: what stands for those that have no kernel on the CPU.

Each takes the tensor and the arguments of the method, and gives the values; where they go is decided where the method
is called. Source: the docstrings of ``mindspore.Tensor`` in MindSpore 2.10.
"""

from __future__ import annotations

from typing import Any

from mindspore import dtype as types
from mindspore import ops

from hubkit.compat.tensors import stand_ins
from hubkit.compat.tensors.use import noted


def _of(input: Any, values: Any) -> Any:
    """``values`` as ``input`` holds them: in its type and shape."""
    return ops.broadcast_to(ops.cast(values, input.dtype), input.shape)


def add(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """``add_(other, alpha=1)``."""
    return _of(input, input + other * noted("add_", alpha))


def sub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """``sub_(other, alpha=1)``."""
    return _of(input, input - other * noted("sub_", alpha))


def mul(input: Any, other: Any) -> Any:
    """``mul_(other)``."""
    return _of(input, ops.cast(input, noted("mul_", input.dtype)) * other)


def div(input: Any, other: Any, *, rounding_mode: Any = None) -> Any:
    """``div_(other, rounding_mode=None)``."""
    return _of(input, ops.div(input, other, rounding_mode=noted("div_", rounding_mode)))


def floor_divide(input: Any, other: Any) -> Any:
    """``floor_divide_(other)``."""
    return _of(input, ops.floor_div(ops.cast(input, noted("floor_divide_", input.dtype)), other))


def remainder(input: Any, other: Any) -> Any:
    """``remainder_(other)``."""
    return _of(input, ops.floor_mod(ops.cast(input, noted("remainder_", input.dtype)), other))


def copy(input: Any, src: Any, non_blocking: bool = False) -> Any:  # noqa: ARG001 (it is over when it returns)
    """``copy_(src)``."""
    return _of(input, ops.cast(src, noted("copy_", input.dtype)))


def fill(input: Any, value: Any) -> Any:
    """``fill_(value)``."""
    return _of(input, ops.zeros_like(input) + ops.cast(value, noted("fill_", input.dtype)))


def zero(input: Any) -> Any:
    """``zero_()``."""
    return _of(input, ops.zeros(input.shape, noted("zero_", input.dtype)))


def clamp(input: Any, min: Any = None, max: Any = None) -> Any:
    """``clamp_(min=None, max=None)``."""
    return _of(input, ops.clamp(ops.cast(input, noted("clamp_", input.dtype)), min, max))


def masked_fill(input: Any, mask: Any, value: Any) -> Any:
    """``masked_fill_(mask, value)``."""
    return _of(input, ops.masked_fill(input, mask, ops.cast(value, noted("masked_fill_", input.dtype))))


def masked_scatter(input: Any, mask: Any, source: Any) -> Any:
    """``masked_scatter_(mask, source)``."""
    return _of(input, ops.cast(input, noted("masked_scatter_", input.dtype)).masked_scatter(mask, source))


def exp(input: Any) -> Any:
    """``exp_()``."""
    return _of(input, ops.exp(ops.cast(input, noted("exp_", input.dtype))))


def log(input: Any) -> Any:
    """``log_()``."""
    return _of(input, ops.log(ops.cast(input, noted("log_", input.dtype))))


def sigmoid(input: Any) -> Any:
    """``sigmoid_()``."""
    return _of(input, ops.sigmoid(ops.cast(input, noted("sigmoid_", input.dtype))))


def tanh(input: Any) -> Any:
    """``tanh_()``."""
    return _of(input, ops.tanh(ops.cast(input, noted("tanh_", input.dtype))))


def floor(input: Any) -> Any:
    """``floor_()``."""
    return _of(input, ops.floor(ops.cast(input, noted("floor_", input.dtype))))


def scatter(input: Any, dim: int, index: Any, src: Any = None, value: Any = None) -> Any:
    """``scatter_(dim, index, src)``, or with one ``value``."""
    given = value if src is None else src
    if isinstance(given, (int, float, bool)):
        given = ops.full(index.shape, given, dtype=input.dtype)
    return _of(input, ops.tensor_scatter_elements(input, index, given, noted("scatter_", dim)))


def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Any:
    """``scatter_add_(dim, index, src)``."""
    return _of(input, stand_ins.scatter_add(input, noted("scatter_add_", dim), index, src))


def index_add(input: Any, dim: int, index: Any, source: Any, *, alpha: Any = 1) -> Any:
    """``index_add_(dim, index, source, alpha=1)``."""
    return _of(input, stand_ins.index_add(input, noted("index_add_", dim), index, source, alpha=alpha))


def index_copy(input: Any, dim: int, index: Any, tensor: Any) -> Any:
    """``index_copy_(dim, index, tensor)``."""
    return _of(input, stand_ins.index_copy(input, noted("index_copy_", dim), index, tensor))


def index_fill(input: Any, dim: int, index: Any, value: Any) -> Any:
    """``index_fill_(dim, index, value)``."""
    return _of(input, stand_ins.index_fill(input, noted("index_fill_", dim), index, value))


def fill_diagonal(input: Any, fill_value: Any, wrap: bool = False) -> Any:
    """``fill_diagonal_(fill_value)`` of a matrix."""
    if wrap or input.ndim != 2:
        raise ValueError("fill_diagonal_ runs on the CPU of a matrix only, and without wrap")
    diagonal = ops.eye(input.shape[0], input.shape[1], types.bool_)
    return _of(input, ops.masked_fill(input, diagonal, ops.cast(fill_value, noted("fill_diagonal_", input.dtype))))
