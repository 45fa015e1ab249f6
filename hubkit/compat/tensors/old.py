"""Methods of tensors by the arguments that they had, which MindSpore refuses now.

They are compiled, and called by code that builds a network, too. Source: the API documents of MindSpore 1.9 to 2.2.
"""

from __future__ import annotations

from typing import Any

from mindspore import ops

from hubkit.compat.tensors.use import noted


def split(input: Any, axis: int = 0, output_num: int = 1) -> Any:
    """``split(axis=0, output_num=1)``: so many parts of one size."""
    return ops.Split(axis, noted("split(output_num)", output_num))(input)


def prod(input: Any, axis: Any = None, keep_dims: bool = False) -> Any:
    """``prod(axis=None, keep_dims=False)``."""
    return ops.ReduceProd(keep_dims)(input, () if axis is None else noted("prod(axis)", axis))


def clip(input: Any, xmin: Any = None, xmax: Any = None) -> Any:
    """``clip(xmin, xmax)``."""
    return ops.clamp(input, noted("clip(xmin, xmax)", xmin), xmax)


def norm(input: Any, axis: Any, p: int = 2, keep_dims: bool = False, epsilon: float = 1e-12) -> Any:
    """``norm(axis, p=2, keep_dims=False, epsilon=1e-12)``."""
    return ops.LpNorm(axis, noted("norm(axis)", p), keep_dims, epsilon)(input)


def logsumexp(input: Any, axis: Any, keep_dims: bool = False) -> Any:
    """``logsumexp(axis, keep_dims=False)``."""
    return ops.logsumexp(input, axis, noted("logsumexp(axis)", keep_dims))


def amax(input: Any, axis: Any = (), keepdims: bool = False) -> Any:
    """``amax(axis=(), keepdims=False)``."""
    return ops.ReduceMax(noted("amax(keepdims)", keepdims))(input, axis)


def amin(input: Any, axis: Any = (), keepdims: bool = False) -> Any:
    """``amin(axis=(), keepdims=False)``."""
    return ops.ReduceMin(noted("amin(keepdims)", keepdims))(input, axis)


def item(input: Any, index: Any) -> Any:
    """``item(index)``: the element at a place, one number for each axis, or one for all of them in a row."""
    if isinstance(index, int):
        return ops.reshape(input, (-1,))[noted("item(index)", index)]
    return input[noted("item(index)", index)]


def fills(input: Any, value: Any) -> Any:
    """``fills(value)``: a tensor like this one with ``value`` everywhere; the CPU has no kernel of its own for it."""
    return ops.zeros_like(input) + ops.cast(value, noted("fills", input.dtype))
