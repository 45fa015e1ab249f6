"""Sampling of images: grids, regions, patches, blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, counted
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import reshape
from hubkit.convert.lowering.window import same_pads

_PATCH_PADDING = {1: "same", 2: "valid", "same": "same", "valid": "valid", "SAME": "same", "VALID": "valid"}
_MAX_PATCH = 256


@lowering("AffineGrid")
def affine_grid(g: Builder, call: Call) -> Value:
    """AffineGrid(theta, output_size; align_corners=False): the grid of images -> MatMul with a constant, Reshape."""
    theta, sizes = call.tensor(g, 0), call.sizes[1:-1]
    if len(sizes) != 2:
        raise CannotLowerError("it is of volumes, not of images")
    lines = [_positions(counted(size), bool(call.constant("align_corners", 2, False))) for size in sizes]
    rows, columns = np.meshgrid(*lines, indexing="ij")
    points = np.stack([columns, rows, np.ones_like(rows)], -1).reshape(-1, 3)
    moved = g.node("MatMul", g.constant(points, theta.dtype), g.node("Transpose", theta, perm=[0, 2, 1]))
    return reshape(g, moved, call.sizes)


@lowering("RGBToHSV")
def rgb_to_hsv(g: Builder, call: Call) -> Value:
    """RGBToHSV(images): the last axis' red, green and blue as hue, saturation and value -> Split, Max, Min, Where."""
    images = call.tensor(g, 0)

    def number(value: float) -> Value:
        return g.constant(value, images.dtype)

    red, green, blue = g.nodes_of("Split", (images, g.ints(1, 1, 1)), 3, {"axis": -1})
    most, least = g.node("Max", red, green, blue), g.node("Min", red, green, blue)
    span = g.node("Sub", most, least)
    grey = g.node("LessOrEqual", span, number(0))

    def turned(high: Value, low: Value, by: float) -> Value:
        share = g.node(
            "Div", g.node("Sub", high, low), g.node("Mul", g.node("Where", grey, number(1), span), number(6))
        )
        return g.node("Add", share, number(by))

    by_green = g.node("Where", g.node("Equal", green, most), turned(blue, red, 2 / 6), turned(red, green, 4 / 6))
    hue = g.node("Where", g.node("Equal", red, most), turned(green, blue, 0), by_green)
    hue = g.node("Where", g.node("Less", hue, number(0)), g.node("Add", hue, number(1)), hue)
    hue = g.node("Where", grey, number(0), hue)
    black = g.node("LessOrEqual", most, number(0))
    share = g.node("Div", span, g.node("Where", black, number(1), most))
    return g.node("Concat", hue, g.node("Where", black, number(0), share), most, axis=-1)


@lowering("Im2Col", "Im2ColExt")
def im2col(g: Builder, call: Call) -> Value:
    """Im2Col(x; ksizes, strides, dilations, pads), Im2ColExt(x, kernel_size, dilation, padding, stride): windows as
    columns -> Pad, Slice, Concat.

    Windows have up to 256 places.
    """
    x = call.tensor(g, 0)
    if call.node.op == "Im2ColExt":
        names = (("kernel_size", 1), ("stride", 4), ("dilation", 2), ("padding", 3))
        kernel, strides, dilations, pads = (call.ints(name, place) * 2 for name, place in names)
    else:
        kernel, strides, dilations, pads = (call.ints(name) * 2 for name in ("ksizes", "strides", "dilations", "pads"))
    if x.rank != 4:
        raise CannotLowerError(f"its input has the shape {list(x.shape)}, without a batch")
    if kernel[0] * kernel[1] > _MAX_PATCH:
        raise CannotLowerError(f"its window is {kernel[0]} x {kernel[1]}")
    if any(pads[:2]):
        x = g.node("Pad", x, g.ints(0, 0, pads[0], pads[1], 0, 0, pads[0], pads[1]))
    counts = [(whole(x, axis + 2) - dilations[axis] * (kernel[axis] - 1) - 1) // strides[axis] + 1 for axis in (0, 1)]
    parts = [g.node("Unsqueeze", part, g.ints(2)) for part in _windows(g, x, kernel, strides, dilations, counts)]
    columns = parts[0] if len(parts) == 1 else g.node("Concat", *parts, axis=2)
    return reshape(g, columns, call.sizes)


@lowering("Col2Im")
def col_to_im(g: Builder, call: Call) -> Value:
    """Col2Im(x, output_size; kernel_size, dilation, padding, stride): an image of windows -> Reshape, Col2Im."""
    x, (rows, columns) = call.tensor(g, 0), call.sizes[2:]
    kernel, dilation, padding, stride = (call.ints(name) for name in ("kernel_size", "dilation", "padding", "stride"))
    if x.rank != 4 or {len(kernel), len(dilation), len(padding), len(stride)} != {2}:
        raise CannotLowerError(f"its windows are {kernel} by {stride}, {dilation} and {padding}")
    batch, channels, places, windows = x.shape
    joined = reshape(g, x, [batch, channels * places, windows])
    result = Value("", x.dtype, call.sizes, (*joined.probe[:1], *call.sizes[1:]))
    attributes = {"dilations": dilation, "pads": [*padding, *padding], "strides": stride}
    (image,) = g.node_of_known("Col2Im", (joined, g.ints(rows, columns), g.ints(*kernel)), [result], attributes)
    return image


@lowering("Col2ImExt")
def col_to_im_ext(g: Builder, call: Call) -> Value:
    """Col2ImExt(x, output_size, kernel_size, dilation, padding, stride): an image of windows -> Col2Im."""
    x, names = call.tensor(g, 0), ("kernel_size", "dilation", "padding", "stride")
    if x.rank != 3:
        raise CannotLowerError(f"its input has the shape {list(x.shape)}, without a batch")
    kernel, dilation, padding, stride = (call.ints(name, place) for place, name in enumerate(names, start=2))
    result = Value("", x.dtype, call.sizes, (*x.probe[:1], *call.sizes[1:]))
    attributes = {"dilations": dilation, "pads": [*padding, *padding], "strides": stride}
    inputs = (x, g.ints(*call.sizes[2:]), g.ints(*kernel))
    (image,) = g.node_of_known("Col2Im", inputs, [result], attributes)
    return image


@lowering("ExtractImagePatches")
def extract_image_patches(g: Builder, call: Call) -> Value:
    """ExtractImagePatches(x, ksizes, strides, rates, padding): windows as channels -> Pad, Slice, Concat.

    The channels of a window's first place come first. Windows have up to 256 places.
    """
    x, padding = call.tensor(g, 0), call.constant("padding", 4)
    kernel, strides, rates = (call.ints(name, place) for place, name in enumerate(("ksizes", "strides", "rates"), 1))
    if padding not in _PATCH_PADDING or {len(kernel), len(strides), len(rates)} != {2} or x.rank != 4:
        raise CannotLowerError(f"its padding is {padding!r}, its window {kernel} by {strides} and {rates}")
    if counted(kernel[0]) * counted(kernel[1]) > _MAX_PATCH or min(*strides, *rates) < 1:
        raise CannotLowerError(f"its window is {kernel} by {strides} and {rates}")
    if _PATCH_PADDING[padding] == "same":
        pads = same_pads([whole(x, 2), whole(x, 3)], kernel, strides, rates)
        if any(pads):
            x = g.node("Pad", x, g.ints(0, 0, *pads[:2], 0, 0, *pads[2:]))
    counts = [(whole(x, axis + 2) - rates[axis] * (kernel[axis] - 1) - 1) // strides[axis] + 1 for axis in (0, 1)]
    parts = _windows(g, x, kernel, strides, rates, counts)
    return parts[0] if len(parts) == 1 else g.node("Concat", *parts, axis=1)


@lowering("SpaceToBatchND")
def space_to_batch(g: Builder, call: Call) -> Value:
    """SpaceToBatchND(x; block_shape, paddings): blocks of an image as a batch -> Pad, Reshape, Transpose, Reshape."""
    x, (rows, columns) = call.tensor(g, 0), _blocks(call)
    pads = [side for pair in zip(*call.constant("paddings"), strict=True) for side in pair]
    if any(pads):
        x = g.node("Pad", x, g.ints(0, 0, *pads[:2], 0, 0, *pads[2:]))
    batch, channels, height, width = x.shape
    parts = reshape(g, x, [batch, channels, height // rows, rows, width // columns, columns])
    return reshape(g, g.node("Transpose", parts, perm=[3, 5, 0, 1, 2, 4]), call.sizes)


@lowering("BatchToSpaceND")
def batch_to_space(g: Builder, call: Call) -> Value:
    """BatchToSpaceND(x; block_shape, crops): the blocks of a batch as images -> Reshape, Transpose, Reshape, Slice."""
    x, (rows, columns) = call.tensor(g, 0), _blocks(call)
    batch, channels, height, width = x.shape
    parts = reshape(g, x, [rows, columns, batch // (rows * columns), channels, height, width])
    moved = g.node("Transpose", parts, perm=[2, 3, 4, 0, 5, 1])
    image = reshape(g, moved, [batch // (rows * columns), channels, height * rows, width * columns])
    (top, bottom), (left, right) = call.constant("crops")
    if not any((top, bottom, left, right)):
        return image
    ends = g.ints(height * rows - bottom, width * columns - right)
    return g.node("Slice", image, g.ints(top, left), ends, g.ints(2, 3))


def _windows(
    g: Builder,
    x: Value,
    kernel: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
    counts: Sequence[int],
) -> list[Value]:
    """For each place of a window what lies there in each of ``counts`` windows, rows first."""
    parts: list[Value] = []
    for row in range(kernel[0]):
        for column in range(kernel[1]):
            starts = (row * dilations[0], column * dilations[1])
            ends = (starts[axis] + (counts[axis] - 1) * strides[axis] + 1 for axis in (0, 1))
            parts.append(g.node("Slice", x, g.ints(*starts), g.ints(*ends), g.ints(2, 3), g.ints(*strides[:2])))
    return parts


def _blocks(call: Call) -> tuple[int, int]:
    sizes = call.ints("block_shape")
    if len(sizes) != 2 or min(sizes) < 1:
        raise CannotLowerError(f"its blocks are {sizes}, not of rows and columns")
    return sizes[0], sizes[1]


def _positions(size: int, align_corners: bool) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Where the middles of pixels lie between -1 and 1, or the first and the last at the ends."""
    if align_corners:
        return np.linspace(-1, 1, size) if size > 1 else np.zeros(1)
    return (2 * np.arange(size) + 1) / size - 1
