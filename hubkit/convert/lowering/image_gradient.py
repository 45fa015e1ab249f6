"""Derivatives of what works on images: pools, changes of their size, padding, convolutions."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, axis_of, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import filled_like, whole
from hubkit.convert.lowering.gradient import beside
from hubkit.convert.lowering.padding import MODES, pairs_of
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.scattering import written
from hubkit.convert.lowering.window import interleave, same_pads, spatial

_Matrix: TypeAlias = "np.ndarray[tuple[int, int], np.dtype[np.float64]]"

_PAD_MODES = {0: "pad", 1: "same", 2: "valid"}


@lowering("MaxPoolGrad")
def max_pool_grad(g: Builder, call: Call) -> Value:
    """MaxPoolGrad(x, y, dy; kernel_size, strides, pad_mode, format): dy where the first greatest element of each window
    stands -> MaxPool with its places, Mod, ScatterElements with reduction "add". Channels first only.
    """
    x, dy = call.tensor(g, 0), call.tensor(g, 2)
    kernel, strides, pads = _windows(call, x, 3)
    attributes = {"kernel_shape": kernel, "strides": strides, "pads": pads}
    _, places = g.nodes_of("MaxPool", (x,), 2, attributes)
    sizes = [whole(x, axis) for axis in range(2, x.rank)]
    places = g.node("Mod", places, g.constant(math.prod(sizes), "int64"))  # ONNX counts from the first image on
    return _put_back(g, x, places, dy)


@lowering("MaxPool3DGradWithArgmax")
def max_pool_grad_with_places(g: Builder, call: Call) -> Value:
    """MaxPool3DGradWithArgmax(x, dy, argmax; ...): dy at the given places -> ScatterElements with reduction "add"."""
    return _put_back(g, call.tensor(g, 0), cast_to(g, call.tensor(g, 2), BY_NAME["int64"]), call.tensor(g, 1))


@lowering("AvgPoolGrad")
def avg_pool_grad(g: Builder, call: Call) -> Value:
    """AvgPoolGrad(x, y, dy, kernel_size, strides, pad_mode, format): each of dy shared among its window
    -> Mul, ConvTranspose. Channels first only.
    """
    x = call.tensor(g, 0)
    dy = beside(g, call.tensor(g, 2), x)
    kernel, strides, pads = _windows(call, x, 3)
    sizes = [whole(x, axis) for axis in range(2, x.rank)]
    shares = np.ones([1, 1, *dy.shape[2:]])
    for axis, (size, width, stride, begin) in enumerate(zip(sizes, kernel, strides, pads, strict=False), start=2):
        starts = np.arange(dy.shape[axis]) * stride - begin
        counts = np.minimum(starts + width, size) - np.maximum(starts, 0)
        shares = shares / counts.reshape([-1 if place == axis else 1 for place in range(x.rank)])
    channels = whole(x, 1)
    missing = [  # rows at the end that no window reaches
        size + begin + end - ((count - 1) * stride + width)
        for size, begin, end, count, stride, width in zip(
            sizes, pads[: len(sizes)], pads[len(sizes) :], dy.shape[2:], strides, kernel, strict=True
        )
    ]
    return g.node(
        "ConvTranspose",
        g.node("Mul", dy, g.constant(shares, dy.dtype)),
        g.constant(np.ones([channels, 1, *kernel]), dy.dtype),
        kernel_shape=kernel,
        strides=strides,
        pads=pads,
        output_padding=missing,
        group=channels,
    )


@lowering("AdaptiveAvgPool2DGrad")
def adaptive_avg_pool_grad(g: Builder, call: Call) -> Value:
    """AdaptiveAvgPool2DGrad(dy, shape of x): each of dy shared among its window -> MatMul with constants."""
    dy = call.tensor(g, 0)

    def shares(size: int, count: int) -> _Matrix:
        matrix = np.zeros((count, size))
        for place in range(count):
            window = slice(place * size // count, -(-(place + 1) * size // count))
            matrix[place, window] = 1 / (window.stop - window.start)
        return matrix

    return _drawn_back(g, dy, {axis: shares(call.sizes[axis], dy.shape[axis]) for axis in (-2, -1)})


@lowering("ResizeBilinearGrad", "ResizeNearestNeighborGrad", "ResizeNearestNeighborV2Grad")
def resize_grad(g: Builder, call: Call) -> Value:
    """ResizeBilinearGrad(dy, x, align_corners=False, half_pixel_centers=False), ResizeNearestNeighborGrad(dy, size,
    align_corners, half_pixel_centers), ResizeNearestNeighborV2Grad -> MatMul with constants.
    """
    dy, aligned, half = (
        call.tensor(g, 0),
        call.constant("align_corners", 2, False),
        call.constant("half_pixel_centers", 3, False),
    )
    linear = call.node.op == "ResizeBilinearGrad"

    def shares(size: int, count: int) -> _Matrix:
        step = (size - 1) / (count - 1) if aligned and count > 1 else 0 if aligned else size / count
        numbers = np.arange(count)
        place = np.maximum((numbers + 0.5) * step - 0.5, 0) if half else numbers * step
        if not linear:
            place = np.floor((numbers + 0.5) * step) if half else np.floor(place + 0.5 * bool(aligned))
        low = np.minimum(np.floor(place).astype(int), size - 1)
        part = place - low if linear else np.zeros(count)
        matrix = np.zeros((count, size))
        np.add.at(matrix, (numbers, low), 1 - part)
        np.add.at(matrix, (numbers, np.minimum(low + 1, size - 1)), part)
        return matrix

    return _drawn_back(g, dy, {axis: shares(call.sizes[axis], dy.shape[axis]) for axis in (-2, -1)})


@lowering("PadV3Grad", "MirrorPadGrad")
def pad_grad(g: Builder, call: Call) -> Value:
    """PadV3Grad(dy, paddings; mode, paddings_contiguous=True), MirrorPadGrad(dy, paddings; mode): what was put around
    an image, added to where it came from -> MatMul with constants. Pairs come for the last axis first, or one an axis.
    """
    dy, given = call.tensor(g, 0), call.constant("mode").lower()
    if call.node.op == "MirrorPadGrad":
        pairs, mode = [tuple(pair) for pair in call.constant("paddings", 1)], given
    elif given in MODES and call.constant("paddings_contiguous", default=True):
        pairs, mode = pairs_of(dy, call.ints("paddings", 1)), MODES[given]
    else:
        raise CannotLowerError(f"its mode is {given!r}, or its paddings are not in pairs")
    matrices = {}
    for axis, pair in enumerate(pairs):
        if any(pair):
            came = np.pad(np.arange(call.sizes[axis]), pair, mode=mode)
            matrices[axis - dy.rank] = np.eye(call.sizes[axis])[came]
    return _drawn_back(g, dy, matrices)


@lowering("LRNGrad")
def lrn_grad(g: Builder, call: Call) -> Value:
    """LRNGrad(dy, x, y; depth_radius=5, bias, alpha, beta) -> Mul, MatMul with a constant, Add, Pow, Div, Sub."""
    dy, x = call.tensor(g, 0), call.tensor(g, 1)
    radius, bias, alpha, beta = (call.constant(name) for name in ("depth_radius", "bias", "alpha", "beta"))
    number, place = x.dtype, np.arange(whole(x, 1))
    near = g.constant(np.abs(place[:, None] - place) <= radius, number)

    def around(value: Value) -> Value:
        """The sum over the channels near each."""
        flat = g.node("MatMul", near, g.node("Reshape", value, g.ints(0, 0, -1)))
        return g.node("Reshape", flat, g.ints(0, 0, *(whole(x, axis) for axis in range(2, x.rank))))

    base = g.node("Mul", around(g.node("Mul", x, x)), g.constant(alpha, number))
    base = g.node("Add", base, g.constant(bias, number))
    scaled = g.node("Mul", dy, g.node("Pow", base, g.constant(-beta, number)))
    spread = around(g.node("Div", g.node("Mul", scaled, x), base))
    return g.node("Sub", scaled, g.node("Mul", g.node("Mul", x, spread), g.constant(2 * alpha * beta, number)))


@lowering("Conv2DBackpropFilter")
def conv_filter_grad(g: Builder, call: Call) -> Value:
    """Conv2DBackpropFilter(dy, x, shape of w; pad_mode, pad_list, stride, dilation, group): of the weights, for all of
    the batch -> Transpose, Conv, Slice. Channels first, one group only.
    """
    dy, x, sizes = call.tensor(g, 0), call.tensor(g, 1), call.sizes
    if call.constant("group", default=1) != 1 or call.constant("format", default="NCHW") != "NCHW":
        raise CannotLowerError("it has several groups, or its channels are not first")
    strides, dilations = (list(spatial(call.ints(name), x.rank)) for name in ("stride", "dilation"))
    match call.constant("pad_mode").lower():
        case "same":
            pads = same_pads([whole(x, 2), whole(x, 3)], sizes[2:], strides, dilations)
        case "valid":
            pads = [0, 0, 0, 0]
        case _:
            pads = interleave(call.ints("pad_list"))
    turned = [g.node("Transpose", value, perm=[1, 0, 2, 3]) for value in (x, dy)]
    found = g.node("Conv", *turned, strides=dilations, dilations=strides, pads=pads)
    found = g.node("Slice", found, g.ints(0, 0), g.ints(*sizes[2:]), g.ints(2, 3))
    return g.node("Transpose", found, perm=[1, 0, 2, 3])


@lowering("BiasAddGrad")
def bias_grad(g: Builder, call: Call) -> Value:
    """BiasAddGrad(dy, format): the sum of each channel (axis 1) -> ReduceSum."""
    dy = call.tensor(g, 0)
    return g.node("ReduceSum", dy, g.ints(*(axis for axis in range(dy.rank) if axis != 1)), keepdims=0)


@lowering("GatherDGradV2")
def gather_grad(g: Builder, call: Call) -> Value:
    """GatherDGradV2(x, dim, index, dy): dy where it was taken from -> ScatterElements with reduction "add"."""
    x, dy = call.tensor(g, 0), call.tensor(g, 3)
    axis, places = axis_of(call.constant("dim", 1), x.rank), cast_to(g, call.tensor(g, 2), BY_NAME["int64"])
    places = beside(g, places, x)
    return written(g, filled_like(g, x, g.constant(0, dy.dtype), dy.dtype), places, beside(g, dy, x), "add", axis)


def _windows(call: Call, x: Value, place: int) -> tuple[list[int], list[int], list[int]]:
    """The sizes of a pool's windows, their steps, and the padding before and behind; at ``place`` and after it."""
    kernel, strides = (
        list(spatial(call.ints(name, index), x.rank)) for index, name in enumerate(("kernel_size", "strides"), place)
    )
    given, layout = call.constant("pad_mode", place + 2), call.constant("format", place + 3, "NCHW")
    mode = str(_PAD_MODES.get(given, given)).lower()
    if layout not in ("NCHW", 0) or mode not in ("same", "valid"):
        raise CannotLowerError(f"its pad_mode is {given!r}, its format {layout}")
    sizes = [whole(x, axis) for axis in range(2, x.rank)]
    pads = same_pads(sizes, kernel, strides, [1] * len(kernel)) if mode == "same" else [0] * (2 * len(kernel))
    return kernel, strides, pads


def _put_back(g: Builder, x: Value, places: Value, dy: Value) -> Value:
    """``dy`` at ``places`` of an image or a volume like ``x``, counted row by row, added where they are the same."""
    sizes = [whole(x, axis) for axis in range(1, x.rank)]
    flat = g.node("Reshape", x, g.ints(0, 0, -1))
    empty = filled_like(g, flat, g.constant(0, dy.dtype), dy.dtype)
    at, parts = (g.node("Reshape", value, g.ints(0, 0, -1)) for value in (places, beside(g, dy, x)))
    return g.node("Reshape", written(g, empty, at, parts, "add", 2), g.ints(0, *sizes))


def _drawn_back(g: Builder, dy: Value, matrices: dict[int, _Matrix]) -> Value:
    """``dy`` by the matrices (results, elements) of axes that are counted from the last one.

    Raises CannotLowerError where one of them is that of an open batch.
    """
    for axis, matrix in matrices.items():
        whole(dy, axis_of(axis, dy.rank))
        counted(matrix.size)
        if axis == -1:
            dy = g.node("MatMul", dy, g.constant(matrix, dy.dtype))
        elif axis == -2:
            dy = g.node("MatMul", g.constant(matrix.T, dy.dtype), dy)
        else:
            order = _last(dy.rank, axis)
            turned = g.node("MatMul", g.node("Transpose", dy, perm=order), g.constant(matrix, dy.dtype))
            dy = g.node("Transpose", turned, perm=[order.index(place) for place in range(dy.rank)])
    return dy


def _last(rank: int, axis: int) -> list[int]:
    """The axes with ``axis`` behind the others."""
    return [*(place for place in range(rank) if place != axis % rank), axis % rank]
