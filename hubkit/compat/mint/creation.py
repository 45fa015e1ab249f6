"""Functions of ``mindspore.mint`` that the CPU has in compiled networks only; code that builds one calls them too.

Each takes the arguments of the operator, in its order. Source: the docstrings of ``mindspore.mint`` in MindSpore 2.10.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from mindspore import Tensor, ops
from mindspore import dtype as types

from hubkit.compat.mint.use import noted, tell


def arange(start: Any, end: Any, step: Any = 1, dtype: Any = None) -> Any:
    """``mint.arange(start, end, step=1, dtype=None)``: int64, or float32 where one of them is no whole number."""
    return ops.arange(start, end, noted("arange", step), dtype=dtype)


def full(size: Any, fill_value: Any, dtype: Any = None) -> Any:
    """``mint.full(size, fill_value, dtype=None)``: where no type is given, int64, float32 or bool by the value."""
    if dtype is None:
        dtype = types.float32
        if isinstance(fill_value, bool):
            dtype = types.bool_
        elif isinstance(fill_value, int):
            dtype = types.int64
    return ops.full(noted("full", size), fill_value, dtype=dtype)


def zeros_like(input: Any, dtype: Any = None) -> Any:
    """``mint.zeros_like(input, dtype=None)``."""
    return ops.cast(ops.zeros_like(input), noted("zeros_like", input.dtype if dtype is None else dtype))


def ones_like(input: Any, dtype: Any = None) -> Any:
    """``mint.ones_like(input, dtype=None)``."""
    return ops.cast(ops.ones_like(input), noted("ones_like", input.dtype if dtype is None else dtype))


def argmax(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """``mint.argmax(input, dim=None, keepdim=False)`` (int64)."""
    if dim is None:
        return ops.cast(ops.Argmax(noted("argmax", 0))(ops.reshape(input, (-1,))), types.int64)
    place = ops.cast(ops.Argmax(noted("argmax", dim))(input), types.int64)
    return ops.expand_dims(place, dim) if keepdim else place


def baddbmm(input: Any, batch1: Any, batch2: Any, beta: float = 1, alpha: float = 1) -> Any:
    """``mint.baddbmm(input, batch1, batch2, beta=1, alpha=1)``."""
    return noted("baddbmm", beta) * input + alpha * ops.matmul(batch1, batch2)


def log_softmax(input: Any, dim: Any = None, *, dtype: Any = None) -> Any:
    """``mint.nn.functional.log_softmax(input, dim=None, dtype=None)``; without ``dim`` it is 0 or 1, by the rank."""
    if dim is None:
        dim = 0 if input.ndim in (0, 1, 3) else 1
    taken = input if dtype is None else ops.cast(input, dtype)
    return ops.LogSoftmax(noted("log_softmax", dim))(taken)


def normal_(tensor: Any, mean: float = 0, std: float = 1, *, generator: Any = None) -> Any:  # noqa: ARG001
    """``Tensor.normal_(mean=0, std=1)`` of weights, which are drawn anew or loaded before anything is computed."""
    tell("Tensor.normal_")
    return _given(tensor, np.random.default_rng(tensor.size).normal(mean, std, tensor.shape))


def uniform_(tensor: Any, from_: float = 0, to: float = 1, *, generator: Any = None) -> Any:  # noqa: ARG001
    """``Tensor.uniform_(from_=0, to=1)`` of weights, as `normal_`."""
    tell("Tensor.uniform_")
    return _given(tensor, np.random.default_rng(tensor.size).uniform(from_, to, tensor.shape))


def _given(tensor: Any, values: Any) -> Any:
    tensor.assign_value(Tensor(values, tensor.dtype))
    return tensor


def randn(size: Any, seed: Any, offset: Any, dtype: Any = None, device: Any = None) -> Any:  # noqa: ARG001
    """``mint.randn(*size)``, of which a seed of the same number gives other values on each kind of device."""
    drawn = ops.StandardNormal()(tuple(noted("randn", size)))
    return drawn if dtype is None else ops.cast(drawn, dtype)


def rand(size: Any, seed: Any, offset: Any, dtype: Any = None, device: Any = None) -> Any:  # noqa: ARG001
    """``mint.rand(*size)``, as `randn`."""
    drawn = ops.UniformReal()(tuple(noted("rand", size)))
    return drawn if dtype is None else ops.cast(drawn, dtype)
