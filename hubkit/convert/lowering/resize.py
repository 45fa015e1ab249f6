"""Changing the size of images."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import reshape

_STEPS = 1024  # of a place between two pixels, in MindSpore's table of cubic weights
_Row: TypeAlias = "np.ndarray[tuple[int], np.dtype[np.float32]]"


@lowering("ResizeBilinearV2")
def resize_bilinear(g: Builder, call: Call) -> Value:
    """ResizeBilinearV2(x, size, align_corners=False, half_pixel_centers=False) -> Resize, linear.

    With neither flag the positions are those of the upper left corners ("asymmetric").
    """
    align, half = _flags(call)
    return _resize(g, call, _positions(align, half), mode="linear")


@lowering("ResizeNearestNeighbor", "ResizeNearestNeighborV2")
def resize_nearest(g: Builder, call: Call) -> Value:
    """ResizeNearestNeighbor(x, size, align_corners=False, half_pixel_centers=False), ResizeNearestNeighborV2
    -> Resize, nearest.

    With neither flag positions are rounded down; with align_corners to the nearest, a half up.
    """
    align, half = _flags(call)
    rounding = "round_prefer_ceil" if align or half else "floor"
    return _resize(g, call, _positions(align, half), mode="nearest", nearest_mode=rounding)


@lowering("ResizeBicubic")
def resize_bicubic(g: Builder, call: Call) -> Value:
    """ResizeBicubic(x, size, align_corners=False, half_pixel_centers=False) -> Resize, cubic, or two MatMul.

    The kernel's parameter is -0.75; with half pixel centers -0.5, and weights outside the image are left out. MindSpore
    rounds each place between two pixels to 1024ths: where that changes it, the weights are constants, of rows and of
    columns, and height and width cannot be open.
    """
    align, half = _flags(call)
    x, sizes = call.tensor(g, 0), call.sizes[2:]
    pairs = list(zip(x.shape[2:], sizes, strict=True))
    places = [_places(size, counted(count), align, half) for size, count in pairs]
    if x.rank != 4 or all(np.all(place * _STEPS == np.rint(place * _STEPS)) for place in places):
        a, mode = -0.5 if half else -0.75, _positions(align, half)
        return _resize(g, call, mode, mode="cubic", cubic_coeff_a=a, exclude_outside=int(half))
    rows, columns = (_cubic(place, whole(x, axis), half) for axis, place in enumerate(places, 2))
    wide = g.node("MatMul", cast_to(g, x, BY_NAME["float32"]), g.constant(columns.T, "float32"))
    return cast_to(g, g.node("MatMul", g.constant(rows, "float32"), wide), call.result.dtype)


@lowering("ResizeLinear1D")
def resize_linear(g: Builder, call: Call) -> Value:
    """ResizeLinear1D(x, size, coordinate_transformation_mode) -> Resize, linear."""
    modes = {0: "half_pixel", 1: "align_corners", 2: "half_pixel"}
    given = call.constant("coordinate_transformation_mode", 2, "align_corners")
    return _resize(g, call, modes.get(given, str(given)), mode="linear")


@lowering("UpsampleLinear1D", "UpsampleBilinear2D", "UpsampleTrilinear3D")
def upsample_linear(g: Builder, call: Call) -> Value:
    """UpsampleLinear1D(x, output_size=None, scales=None, align_corners=False), UpsampleBilinear2D,
    UpsampleTrilinear3D -> Resize, linear.

    The positions follow from the sizes, as MindIR has it where no scales are given; others are refused.
    """
    _check_scales(call)
    return _resize(
        g, call, "align_corners" if call.constant("align_corners", 3, False) else "half_pixel", mode="linear"
    )


@lowering("UpsampleNearest1D", "UpsampleNearest2D", "UpsampleNearest3D")
def upsample_nearest(g: Builder, call: Call) -> Value:
    """UpsampleNearest1D(x, output_size=None, scales=None), UpsampleNearest2D, UpsampleNearest3D -> Resize, nearest;
    where the scales are not those of the sizes, as of 5 made 8 by 1.7, Gather an axis.

    Positions are rounded down.
    """
    if not (scales := _other_scales(call)):
        return _resize(g, call, "asymmetric", mode="nearest", nearest_mode="floor")
    x = call.tensor(g, 0)
    for axis, (scale, count) in enumerate(zip(scales, call.sizes[2:], strict=True), start=2):
        steps = np.arange(counted(count), dtype=np.float32) * np.float32(1 / np.float32(scale))
        places = np.minimum(np.floor(steps), whole(x, axis) - 1)
        x = g.node("Gather", x, g.constant(places, "int64"), axis=axis)
    return x


@lowering("UpsampleBicubic2D")
def upsample_bicubic(g: Builder, call: Call) -> Value:
    """UpsampleBicubic2D(x, output_size=None, scales=None, align_corners=False) -> Resize, cubic with a = -0.75."""
    _check_scales(call)
    positions = "align_corners" if call.constant("align_corners", 3, False) else "half_pixel"
    return _resize(g, call, positions, mode="cubic", cubic_coeff_a=-0.75)


@lowering("ResizeArea")
def resize_area(g: Builder, call: Call) -> Value:
    """ResizeArea(images, size; align_corners=False): means of areas -> MatMul with constants, of rows and of columns.

    Images are NHWC. Not with align_corners.
    """
    x, sizes = cast_to(g, call.tensor(g, 0), BY_NAME["float32"]), call.ints("size", 1)
    if x.rank != 4 or len(sizes) != 2 or call.constant("align_corners", default=False):
        raise CannotLowerError(f"it aligns corners, or its size {sizes} is not of rows and columns")
    (batch, _, _, channels), (height, width) = x.shape, (whole(x, 1), whole(x, 2))
    rows = reshape(g, x, [batch, height, width * channels])
    rows = g.node("MatMul", g.constant(_areas(height, counted(sizes[0])), x.dtype), rows)
    columns = reshape(g, rows, [batch, sizes[0], width, channels])
    return g.node("MatMul", g.constant(_areas(width, counted(sizes[1])), x.dtype), columns)


@lowering("DepthToSpace")
def depth_to_space(g: Builder, call: Call) -> Value:
    """DepthToSpace(x; block_size, format) -> DepthToSpace, depth first. Channels first only."""
    return g.node("DepthToSpace", call.tensor(g, 0), blocksize=call.constant("block_size"), mode="DCR")


@lowering("SpaceToDepth")
def space_to_depth(g: Builder, call: Call) -> Value:
    """SpaceToDepth(x; block_size, format) -> SpaceToDepth. Channels first only."""
    return g.node("SpaceToDepth", call.tensor(g, 0), blocksize=call.constant("block_size"))


def _areas(size: int, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Of ``size`` pixels the part of each in each of ``count`` equal areas; the parts of an area add up to 1."""
    edges = np.arange(count + 1)[:, None] * (size / count)
    pixels = np.arange(size)[None]
    shared = np.minimum(edges[1:], pixels + 1) - np.maximum(edges[:-1], pixels)
    parts: np.ndarray[tuple[int, int], np.dtype[np.float64]] = np.maximum(shared, 0) * (count / size)
    return parts


def _places(size: int, count: int, align: bool, half: bool) -> _Row:
    """Where each of ``count`` pixels lies among ``size``, in float32 as MindSpore computes it."""
    scale = np.float32((size - 1) / (count - 1) if align and count > 1 else size / count)
    numbers = np.arange(count, dtype=np.float32)
    return (numbers + np.float32(0.5)) * scale - np.float32(0.5) if half else numbers * scale


def _cubic(places: _Row, size: int, half: bool) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """The weight of each of ``size`` pixels at each of ``places``.

    Pixels beyond the edge are the last ones, or with half pixel centers left out, the others having their weight.
    """
    a = -0.5 if half else -0.75
    first = np.floor(places).astype(int)
    between = np.rint((places - first) * _STEPS) / _STEPS
    weights = np.zeros((len(places), size))
    for offset in (-1, 0, 1, 2):
        x = np.abs(between - offset)
        near, far = ((a + 2) * x - (a + 3)) * x * x + 1, ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
        pixel = first + offset
        inside = np.clip(pixel, 0, size - 1)
        weight = np.where(x <= 1, near, far) * (inside == pixel if half else 1.0)
        np.add.at(weights, (np.arange(len(places)), inside), weight)
    total = weights.sum(1, keepdims=True)
    return np.asarray(weights / total if half else weights, np.float32)


def _flags(call: Call) -> tuple[bool, bool]:
    align = bool(call.constant("align_corners", 2, False))
    half = bool(call.constant("half_pixel_centers", 3, False))
    if align and half:
        raise CannotLowerError("align_corners and half_pixel_centers exclude each other")
    return align, half


def _positions(align: bool, half: bool) -> str:
    return "align_corners" if align else "half_pixel" if half else "asymmetric"


def _check_scales(call: Call) -> None:
    """Scales must be what the sizes say."""
    if scales := _other_scales(call):
        x = call.arguments[0]
        sizes = x.shape[2:] if isinstance(x, Value) else ()
        raise CannotLowerError(f"its scales {scales} are not those of its sizes, {sizes} and {call.sizes[2:]}")


def _other_scales(call: Call) -> tuple[float, ...]:
    """The scales, where they are not what the sizes say."""
    scales, x = call.constant("scales", 2, None), call.arguments[0]
    if scales is None or not isinstance(x, Value):
        return ()
    told = zip(scales, x.shape[2:], call.sizes[2:], strict=True)
    return tuple(scales) if any(scale * size != result for scale, size, result in told) else ()


def _resize(g: Builder, call: Call, positions: str, **attributes: Any) -> Value:
    x, size = call.tensor(g, 0), call.sizes[2:]
    if x.rank < 3:
        raise CannotLowerError(f"it resizes a tensor of {x.rank} axes, without batch and channels")
    if size == x.shape[2:]:
        return x
    if any(axis in x.dynamic for axis in (2, 3)) and not any(a % b for a, b in zip(size, x.shape[2:], strict=True)):
        # The file holds sizes alone; a network of any size computes them, and where they are whole multiples of what
        # is resized, they are taken for such. That is proved by running it at another size.
        factors = [1.0, 1.0, *(a / b for a, b in zip(size, x.shape[2:], strict=True))]
        scales = g.constant(factors, "float32")
        return g.node("Resize", x, None, scales, coordinate_transformation_mode=positions, **attributes)
    return g.node(
        "Resize",
        x,
        None,
        None,
        g.ints(*size),
        axes=[*range(2, x.rank)],  # the sizes of batch and channels stay open
        coordinate_transformation_mode=positions,
        **attributes,
    )
