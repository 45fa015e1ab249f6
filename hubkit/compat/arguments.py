"""Functions of MindSpore 1.x whose arguments were renamed or put in another order.

What MindSpore 2 takes goes on to it as it is. Only calls that it would refuse are taken as 1.x took them, since a call
that both take may be meant either way. Source of the old signatures: the API documents of MindSpore 1.9.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mindspore
from mindspore import ops
from mindspore.ops.operations.image_ops import ResizeBilinearV2

from hubkit.compat.use import mark

_Function = Callable[..., Any]


@ops.constexpr  # type: ignore[untyped-decorator]
def told(name: str) -> int:
    """0, and its use is told when it is compiled; without a reader it would be left out."""
    mark(f"mindspore.ops.{name}(arguments of 1.x)")
    return 0


def conv2d(now: _Function) -> _Function:
    """``ops.conv2d`` that takes ``group`` too, and a mode of padding behind the weight."""
    return _convolution(now, "conv2d")


def conv3d(now: _Function) -> _Function:
    """``ops.conv3d``, in the same way."""
    return _convolution(now, "conv3d")


def _convolution(now: _Function, name: str) -> _Function:
    def old(
        inputs: Any,
        weight: Any,
        pad_mode: str = "valid",
        padding: Any = 0,
        stride: Any = 1,
        dilation: Any = 1,
        group: int = 1,
    ) -> Any:
        return now(inputs, weight, None, stride, pad_mode, padding, dilation, group + told(name))

    def convolution(*given: Any, **named: Any) -> Any:
        if "group" in named or "inputs" in named or (len(given) > 2 and isinstance(given[2], str)):
            return old(*given, **named)
        return now(*given, **named)

    return convolution


def interpolate(now: _Function) -> _Function:
    """``ops.interpolate`` that takes ``sizes`` or ``scales`` of all axes, and a mode of coordinates."""

    def old(
        x: Any,
        roi: Any = None,  # noqa: ARG001 (it was never used)
        scales: Any = None,
        sizes: Any = None,
        coordinate_transformation_mode: str = "align_corners",
        mode: str = "linear",
    ) -> Any:
        shape = x.shape
        wanted = sizes
        if sizes is None:
            wanted = tuple([int(shape[axis] * scales[axis]) for axis in range(2, len(shape))])
        places = coordinate_transformation_mode
        resize = ResizeBilinearV2(places == "align_corners", places == "half_pixel")
        if mode == "bilinear":
            return resize(x, (wanted[0] + told("interpolate"), wanted[1]))
        row = resize(ops.reshape(x, (shape[0], shape[1], 1 + told("interpolate"), shape[2])), (1, wanted[0]))
        return ops.reshape(row, (shape[0], shape[1], wanted[0]))

    def interpolate(*given: Any, **named: Any) -> Any:
        by_name = "sizes" in named or "scales" in named or "coordinate_transformation_mode" in named or "roi" in named
        if by_name or (len(given) > 4 and isinstance(given[4], str)):
            return old(*given, **named)
        return now(*given, **named)

    return interpolate


def matmul(now: _Function) -> _Function:
    """``ops.matmul`` that takes two kinds of numbers, in float32 as 1.x and 2.0 to 2.2 took them."""

    def old(x1: Any, x2: Any) -> Any:
        kind = mindspore.float32 if told("matmul") == 0 else x1.dtype
        return now(ops.cast(x1, kind), ops.cast(x2, kind))

    def matmul(*given: Any, **named: Any) -> Any:
        if len(given) == 2 and given[0].dtype != given[1].dtype:
            return old(*given)
        return now(*given, **named)

    return matmul


def pad(now: _Function) -> _Function:
    """``ops.pad`` that takes a pair of counts for each axis."""

    def old(input_x: Any, paddings: Any) -> Any:
        return ops.Pad(paddings)(input_x) if told("pad") == 0 else input_x

    def pad(*given: Any, **named: Any) -> Any:
        in_pairs = (
            len(given) == 2 and isinstance(given[1], tuple) and len(given[1]) > 0 and isinstance(given[1][0], tuple)
        )
        if in_pairs or "paddings" in named:
            return old(*given, **named)
        return now(*given, **named)

    return pad


def split(now: _Function) -> _Function:
    """``ops.split`` that takes ``output_num``, the number of parts."""

    def old(input_x: Any, axis: int = 0, output_num: int = 1) -> Any:
        return ops.Split(axis, output_num + told("split"))(input_x)

    def split(*given: Any, **named: Any) -> Any:
        if "output_num" in named:
            return old(*given, **named)
        return now(*given, **named)

    return split


def meshgrid(now: _Function) -> _Function:
    """``ops.meshgrid`` that takes its inputs as one tuple."""

    def old(inputs: Any, indexing: str = "xy") -> Any:
        return now(*inputs, indexing=indexing) if told("meshgrid") == 0 else inputs

    def meshgrid(*given: Any, **named: Any) -> Any:
        if "inputs" in named or (len(given) > 0 and isinstance(given[0], (tuple, list))):
            return old(*given, **named)
        return now(*given, **named)

    return meshgrid


def grid_sample(now: _Function) -> _Function:
    """``ops.grid_sample`` that takes ``interpolation_mode``."""

    def old(
        input_x: Any,
        grid: Any,
        interpolation_mode: str = "bilinear",
        padding_mode: str = "zeros",
        align_corners: bool = False,
    ) -> Any:
        corners = told("grid_sample") == 0 and align_corners
        return now(input_x, grid, interpolation_mode, padding_mode, corners)

    def grid_sample(*given: Any, **named: Any) -> Any:
        if "interpolation_mode" in named or "input_x" in named:
            return old(*given, **named)
        return now(*given, **named)

    return grid_sample


def norm(now: _Function) -> _Function:
    """``ops.norm`` that takes ``axis``, ``p`` and ``keep_dims``."""

    def old(input_x: Any, axis: Any, p: int = 2, keep_dims: bool = False, epsilon: float = 1e-12) -> Any:
        return ops.LpNorm(axis, p + told("norm"), keep_dims, epsilon)(input_x)

    def norm(*given: Any, **named: Any) -> Any:
        if "axis" in named or "p" in named or "keep_dims" in named or "epsilon" in named:
            return old(*given, **named)
        return now(*given, **named)

    return norm


def max(now: _Function) -> _Function:
    """``ops.max`` that takes ``keep_dims``, and then gives the place before the value."""

    def old(x: Any, axis: int = 0, keep_dims: bool = False) -> Any:
        return ops.ArgMaxWithValue(axis + told("max"), keep_dims)(x)

    def greatest(*given: Any, **named: Any) -> Any:
        if "keep_dims" in named:
            return old(*given, **named)
        return now(*given, **named)

    return greatest


def min(now: _Function) -> _Function:
    """``ops.min``, in the same way."""

    def old(x: Any, axis: int = 0, keep_dims: bool = False) -> Any:
        return ops.ArgMinWithValue(axis + told("min"), keep_dims)(x)

    def least(*given: Any, **named: Any) -> Any:
        if "keep_dims" in named:
            return old(*given, **named)
        return now(*given, **named)

    return least


def _with_names(now: _Function, old: _Function, *names: str) -> _Function:
    """``now``, and ``old`` where a call has one of ``names``."""

    def function(*given: Any, **named: Any) -> Any:
        for name in names:
            if name in named:
                return old(*given, **named)
        return now(*given, **named)

    return function


def amax(now: _Function) -> _Function:
    """``ops.amax`` that takes ``keep_dims``."""

    def old(x: Any, axis: Any = (), keep_dims: bool = False) -> Any:
        return ops.ReduceMax(told("amax") == 0 and keep_dims)(x, axis)

    return _with_names(now, old, "keep_dims", "x")


def amin(now: _Function) -> _Function:
    """``ops.amin``, in the same way."""

    def old(x: Any, axis: Any = (), keep_dims: bool = False) -> Any:
        return ops.ReduceMin(told("amin") == 0 and keep_dims)(x, axis)

    return _with_names(now, old, "keep_dims", "x")


def logsumexp(now: _Function) -> _Function:
    """``ops.logsumexp`` that takes ``axis`` and ``keep_dims``."""

    def old(x: Any, axis: Any, keep_dims: bool = False) -> Any:
        return now(x, axis, told("logsumexp") == 0 and keep_dims)

    return _with_names(now, old, "axis", "keep_dims", "x")


def argmax(now: _Function) -> _Function:
    """``ops.argmax`` that takes ``axis``."""

    def old(x: Any, axis: int) -> Any:
        return now(x, axis + told("argmax"))

    return _with_names(now, old, "axis")


def ones(now: _Function) -> _Function:
    """``ops.ones`` that takes ``type``."""

    def old(shape: Any, type: Any) -> Any:
        return now(shape, type) if told("ones") == 0 else None

    return _with_names(now, old, "type")


def zeros(now: _Function) -> _Function:
    """``ops.zeros`` that takes ``shape``."""

    def old(shape: Any, dtype: Any = None) -> Any:
        return now(shape, dtype) if told("zeros") == 0 else None

    return _with_names(now, old, "shape")


def eye(now: _Function) -> _Function:
    """``ops.eye`` that takes ``t``, the kind of its numbers."""

    def old(n: int, m: int, t: Any) -> Any:
        return now(n + told("eye"), m, t)

    return _with_names(now, old, "t")


def gather_elements(now: _Function) -> _Function:
    """``ops.gather_elements`` that takes ``x``."""

    def old(x: Any, dim: int, index: Any) -> Any:
        return now(x, dim + told("gather_elements"), index)

    return _with_names(now, old, "x")


def where(now: _Function) -> _Function:
    """``ops.where`` that takes ``x`` and ``y``."""

    def old(condition: Any, x: Any, y: Any) -> Any:
        return now(condition, x, y) if told("where") == 0 else x

    return _with_names(now, old, "x", "y")


def select(now: _Function) -> _Function:
    """``ops.select`` that takes ``cond``, ``x`` and ``y``."""

    def old(cond: Any, x: Any, y: Any) -> Any:
        return now(cond, x, y) if told("select") == 0 else x

    return _with_names(now, old, "cond", "x", "y")


def linspace(now: _Function) -> _Function:
    """``ops.linspace`` that takes ``stop`` and ``num``."""

    def old(start: Any, stop: Any, num: int) -> Any:
        return now(start, stop, num + told("linspace"))

    return _with_names(now, old, "stop", "num")
