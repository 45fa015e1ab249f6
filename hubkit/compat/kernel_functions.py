"""Functions and operators that MindSpore has for other devices only, by the formulas of its documents.

Source: the API documents of MindSpore 2.6.
"""

from __future__ import annotations

from typing import Any

import mindspore
from mindspore import dtype, ops
from mindspore import numpy as tensors

from hubkit.compat.flash_attention import FlashAttentionScore, flash_attention_score
from hubkit.compat.noting import noting

_noted = noting("mindspore.ops.{}(on the CPU)")


def roll(input: Any, shifts: Any, dims: Any = None) -> Any:
    """``ops.roll(input, shifts, dims=None)``: the elements moved on along ``dims``, the last ones to the front."""
    return tensors.roll(input, shifts, _noted("roll", dims))


def rms_norm(x: Any, gamma: Any, epsilon: float = 1e-6) -> Any:
    """``ops.rms_norm(x, gamma, epsilon=1e-6)``: ``x`` over its root mean square, and one over that, in float32."""
    axes = tuple(range(x.ndim - gamma.ndim, x.ndim))
    wide = ops.cast(x, dtype.float32)
    factor = ops.rsqrt(ops.mean(ops.square(wide), axes, True) + _noted("rms_norm", epsilon))
    return ops.cast(wide * factor * ops.cast(gamma, dtype.float32), x.dtype), factor


def swiglu(input: Any, dim: int = -1) -> Any:
    """``ops.swiglu(input, dim=-1)``: the second half along ``dim``, times SiLU of the first."""
    first, second = ops.chunk(input, 2, _noted("swiglu", dim))
    return ops.silu(first) * second


@mindspore.jit_class
class InstanceNorm:
    """``ops.InstanceNorm``: each map of an image by its own mean and variance."""

    def __init__(self, epsilon: float = 1e-5, momentum: float = 0.1) -> None:
        del momentum
        self.epsilon = epsilon

    def __call__(self, x: Any, gamma: Any, beta: Any, mean: Any, variance: Any) -> Any:
        """The normalised ``x`` (N, C, ...), alone in a tuple: the statistics that training moves on are not given."""
        axes = tuple(range(2, x.ndim))
        centred = x - ops.mean(x, axes, True)
        normed = centred / ops.sqrt(ops.mean(ops.square(centred), axes, True) + _noted("InstanceNorm", self.epsilon))
        shape = (1, -1) + (1,) * len(axes)
        return (normed * ops.reshape(gamma, shape) + ops.reshape(beta, shape),)


@mindspore.jit_class
class Roll:
    """``ops.Roll(shifts, dims=None)``, which was ``ops.Roll(shift, axis)``."""

    def __init__(self, shifts: Any = None, dims: Any = None, shift: Any = None, axis: Any = None) -> None:
        self.shifts = shift if shifts is None else shifts
        self.dims = axis if dims is None else dims

    def __call__(self, x: Any) -> Any:
        """`roll`."""
        return roll(x, self.shifts, self.dims)


@mindspore.jit_class
class RmsNorm:
    """``ops.RmsNorm(epsilon=1e-6)``."""

    def __init__(self, epsilon: float = 1e-6) -> None:
        self.epsilon = epsilon

    def __call__(self, x: Any, gamma: Any) -> Any:
        """`rms_norm`."""
        return rms_norm(x, gamma, self.epsilon)


_FLOATS = (dtype.float16, dtype.float32, dtype.float64)


def masked_fill(now: Any) -> Any:
    """``ops.masked_fill`` of floats and of truth values with a whole number too, for which the CPU has no kernel."""

    def filled(input_x: Any, mask: Any, value: Any) -> Any:
        if isinstance(value, mindspore.Tensor):
            if input_x.dtype != value.dtype and input_x.dtype in _FLOATS:
                value = ops.cast(value, _noted("masked_fill", input_x.dtype))
        elif isinstance(value, int):
            if input_x.dtype in _FLOATS:
                value = _noted("masked_fill", value) * 1.0
            elif input_x.dtype == dtype.bool_:
                value = _noted("masked_fill", value) != 0
        return now(input_x, mask, value)

    return filled


_STAND_INS = {
    stand_in.__name__: stand_in
    for stand_in in (FlashAttentionScore, InstanceNorm, RmsNorm, Roll, flash_attention_score, rms_norm, roll, swiglu)
}


def on_the_cpu(now: Any) -> Any:
    """What stands for ``now``, a function or an operator that MindSpore cannot run on the CPU."""
    return _STAND_INS[now.__name__]
