"""Changing the size of images."""

from __future__ import annotations

from typing import Any

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.registry import lowering


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
    """ResizeBicubic(x, size, align_corners=False, half_pixel_centers=False) -> Resize, cubic.

    The kernel's parameter is -0.75; with half pixel centers -0.5, and weights outside the image are left out.
    """
    align, half = _flags(call)
    return _resize(
        g,
        call,
        _positions(align, half),
        mode="cubic",
        cubic_coeff_a=-0.5 if half else -0.75,
        exclude_outside=int(half),
    )


@lowering("DepthToSpace")
def depth_to_space(g: Builder, call: Call) -> Value:
    """DepthToSpace(x; block_size, format) -> DepthToSpace, depth first. Channels first only."""
    return g.node("DepthToSpace", call.tensor(g, 0), blocksize=call.constant("block_size"), mode="DCR")


@lowering("SpaceToDepth")
def space_to_depth(g: Builder, call: Call) -> Value:
    """SpaceToDepth(x; block_size, format) -> SpaceToDepth. Channels first only."""
    return g.node("SpaceToDepth", call.tensor(g, 0), blocksize=call.constant("block_size"))


def _flags(call: Call) -> tuple[bool, bool]:
    align = bool(call.constant("align_corners", 2, False))
    half = bool(call.constant("half_pixel_centers", 3, False))
    if align and half:
        raise CannotLowerError("align_corners and half_pixel_centers exclude each other")
    return align, half


def _positions(align: bool, half: bool) -> str:
    return "align_corners" if align else "half_pixel" if half else "asymmetric"


def _resize(g: Builder, call: Call, positions: str, **attributes: Any) -> Value:
    x = call.tensor(g, 0)
    if x.rank != 4:
        raise CannotLowerError(f"it resizes a tensor of {x.rank} axes, not (N, C, H, W)")
    size = call.ints("size", 1)
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
        axes=[2, 3],  # the sizes of batch and channels stay open
        coordinate_transformation_mode=positions,
        **attributes,
    )
