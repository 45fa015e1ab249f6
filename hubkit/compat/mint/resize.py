"""Resizes, pads and windows of ``mindspore.mint.nn.functional`` whose operators only other devices have.

Source: the docstrings of ``mindspore.mint.nn.functional`` in MindSpore 2.10.
"""

from __future__ import annotations

import math
from typing import Any

import mindspore
import numpy as np
from mindspore import Tensor, ops
from mindspore.ops.operations.array_ops import Col2Im

from hubkit.compat.mint.layers import several
from hubkit.compat.mint.use import noted, tell

_CUBIC = -0.75  # the coefficient of the cubic convolution


def upsample_linear1d(x: Any, output_size: Any = None, scales: Any = None, align_corners: bool = False) -> Any:
    """``interpolate(mode="linear")`` of (N, C, L)."""
    size, steps = _plan(x.shape[2:], output_size, scales, align_corners)
    return ops.matmul(x, _weights(x.shape[2], size[0], steps[0], align_corners, "linear"))


def upsample_bilinear2d(x: Any, output_size: Any = None, scales: Any = None, align_corners: bool = False) -> Any:
    """``interpolate(mode="bilinear")`` of (N, C, H, W)."""
    size, steps = _plan(x.shape[2:], output_size, scales, align_corners)
    if _even(x.shape[2:], size, steps, align_corners):
        return ops.ResizeBilinearV2(align_corners, not align_corners)(x, size)
    return _by_weights(x, size, steps, align_corners, "linear")


def upsample_bicubic2d(x: Any, output_size: Any = None, scales: Any = None, align_corners: bool = False) -> Any:
    """``interpolate(mode="bicubic")`` of (N, C, H, W)."""
    size, steps = _plan(x.shape[2:], output_size, scales, align_corners)
    return _by_weights(x, size, steps, align_corners, "cubic")


def _by_weights(x: Any, size: Any, steps: Any, align_corners: bool, kind: str) -> Any:
    across = ops.matmul(x, _weights(x.shape[3], size[1], steps[1], align_corners, kind))
    down = ops.matmul(ops.swapaxes(across, 2, 3), _weights(x.shape[2], size[0], steps[0], align_corners, kind))
    return ops.swapaxes(down, 2, 3)


@ops.constexpr  # type: ignore[untyped-decorator]
def _plan(shape: Any, output_size: Any, scales: Any, align_corners: bool) -> Any:
    """How large each axis becomes, and how far apart its places lie in what is given."""
    tell("interpolate")
    size, steps = [], []
    for axis, old in enumerate(shape):
        new = int(old * scales[axis]) if output_size is None else int(output_size[axis])
        if align_corners:
            step = (old - 1) / (new - 1) if new > 1 else 0.0
        else:
            step = old / new if output_size is not None else 1 / scales[axis]
        size.append(new)
        steps.append(step)
    return tuple(size), tuple(steps)


@ops.constexpr  # type: ignore[untyped-decorator]
def _even(shape: Any, size: Any, steps: Any, align_corners: bool) -> bool:
    """Whether the sizes alone say how far apart the places lie; a scale that does not divide says otherwise."""
    return align_corners or all(
        math.isclose(old / new, step) for old, new, step in zip(shape, size, steps, strict=True)
    )


@ops.constexpr  # type: ignore[untyped-decorator]
def _weights(old: int, new: int, step: float, align_corners: bool, kind: str) -> Any:
    """What each of ``old`` elements gives to each of ``new``, (old, new); places outside are those at the rim."""
    table = np.zeros((old, new))
    for place in range(new):
        source = place * step if align_corners else (place + 0.5) * step - 0.5
        if kind == "linear":
            source = max(source, 0.0)
        first = math.floor(source)
        for near in (0, 1) if kind == "linear" else (-1, 0, 1, 2):
            share = _share(abs(source - first - near), kind)
            table[min(max(first + near, 0), old - 1), place] += share
    return Tensor(table.astype(np.float32))


def _share(apart: float, kind: str) -> float:
    """What an element ``apart`` from a place gives to it, at most 2."""
    if kind == "linear":
        return 1 - apart
    if apart <= 1:
        return ((_CUBIC + 2) * apart - (_CUBIC + 3)) * apart * apart + 1
    return ((apart - 5) * apart + 8) * apart * _CUBIC - 4 * _CUBIC


def unfold(input: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """``unfold`` of (N, C, H, W): the windows as (N, C * rows * columns, number of windows)."""
    (rows, columns), gaps = several(noted("unfold", kernel_size), 2), several(dilation, 2)
    (down, across), steps = several(padding, 2), several(stride, 2)
    x = ops.Pad(((0, 0), (0, 0), (down, down), (across, across)))(input)
    height = x.shape[2] - gaps[0] * (rows - 1)
    width = x.shape[3] - gaps[1] * (columns - 1)
    parts: Any = ()
    for row in range(rows):
        for column in range(columns):
            top, left = row * gaps[0], column * gaps[1]
            parts = (*parts, x[:, :, top : top + height : steps[0], left : left + width : steps[1]])
    windows = ops.stack(parts, 2)
    return ops.reshape(windows, (input.shape[0], input.shape[1] * rows * columns, -1))


def fold(input: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Any:
    """``fold`` of (N, C * rows * columns, number of windows) or without N: the windows, added up where they overlap,
    as an image (N, C, H, W)."""
    rows, columns = several(noted("fold", kernel_size), 2)
    channels, count = input.shape[-2] // (rows * columns), input.shape[-1]
    windows = ops.reshape(input, (-1, channels, rows * columns, count))
    image = Col2Im((rows, columns), several(dilation, 2), several(padding, 2), several(stride, 2))(
        windows, Tensor(several(output_size, 2), mindspore.int32)
    )
    return image if input.ndim == 3 else image[0]


@ops.constexpr  # type: ignore[untyped-decorator]
def _places(size: int, before: int, behind: int, mode: str) -> Any:
    """Which elements an axis has then."""
    tell("pad")
    found = np.arange(-before, size + behind)
    if mode == "reflect":
        found = np.abs(found)
        found = np.where(found >= size, 2 * (size - 1) - found, found)
    return Tensor(found.clip(0, size - 1).astype(np.int32))


def _padded(input: Any, padding: Any, mode: str) -> Any:
    for number in range(len(padding) // 2):
        axis = input.ndim - 1 - number
        before, behind = padding[2 * number], padding[2 * number + 1]
        if before != 0 or behind != 0:
            input = ops.gather(input, _places(input.shape[axis], before, behind, mode), axis)
    return input


def reflection_pad(input: Any, padding: Any) -> Any:
    """``pad(mode="reflect")``: what lies before and behind the last axes is mirrored, without the rim."""
    return _padded(input, padding, "reflect")


def replication_pad(input: Any, padding: Any) -> Any:
    """``pad(mode="replicate")``: the rim of the last axes goes on."""
    return _padded(input, padding, "replicate")


def constant_pad(input: Any, padding: Any, value: Any = 0) -> Any:
    """``pad(mode="constant")``: ``value`` before and behind the last axes; what is below 0 takes elements away."""
    for number in range(len(padding) // 2):
        axis = input.ndim - 1 - number
        before, behind = noted("pad", padding[2 * number]), padding[2 * number + 1]
        if before < 0 or behind < 0:
            size = input.shape[axis] - max(-before, 0) - max(-behind, 0)
            input = ops.narrow(input, axis, max(-before, 0), size)
        parts = [input]
        if before > 0:
            parts = [_rim(input, axis, before, value), *parts]
        if behind > 0:
            parts = [*parts, _rim(input, axis, behind, value)]
        input = ops.concat(parts, axis) if len(parts) > 1 else input
    return input


def _rim(input: Any, axis: int, size: int, value: Any) -> Any:
    return ops.full((*input.shape[:axis], size, *input.shape[axis + 1 :]), value, dtype=input.dtype)
