"""Pools of regions whose windows have channels of their own."""

from __future__ import annotations

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, counted
from hubkit.convert.lowering.division import away_from_zero
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering

_LEAST = 0.1  # how large a region is at least, in elements of the image


@lowering("PSROIPooling")
def ps_roi_pooling(g: Builder, call: Call) -> Value:
    """PSROIPooling(features, rois; spatial_scale, group_size, output_dim): the means of windows of regions, each window
    of channels of its own -> Floor, Ceil, GreaterOrEqual, Less, MatMul, Mul, ReduceSum, Div.

    As MindSpore's CPU kernel does it: the regions are read as rows (image, x0, y0, x1, y1), whatever axes they come in,
    and the last row and column of the image belong to no window. In float32.
    """
    x, regions = call.tensor(g, 0), call.tensor(g, 1)
    parts, scale = counted(call.constant("group_size")), call.constant("spatial_scale")
    if x.dtype.name != "float32" or regions.dtype.name != "float32":
        raise CannotLowerError("its numbers are not float32")
    images, _, height, width = (whole(x, axis) for axis in range(4))
    channels = counted(call.constant("output_dim"))
    regions = g.node("Reshape", regions, g.ints(-1, 5))
    corners = g.node("Slice", regions, g.ints(1), g.ints(5), g.ints(1))
    corners = away_from_zero(g, g.node("Mul", corners, g.constant(scale, x.dtype)))
    across, columns = _windows(g, corners, 0, parts, width)
    down, rows = _windows(g, corners, 1, parts, height)

    # The sums down of all windows of a row at once: (parts, regions, rows) by (parts, rows, everything else).
    apart = g.node("Reshape", x, g.ints(images, channels, parts, parts, height, width))
    apart = g.node("Transpose", apart, perm=[2, 4, 0, 1, 3, 5])
    apart = g.node("Reshape", apart, g.ints(parts, height, -1))
    sums = g.node("MatMul", g.node("Transpose", down, perm=[1, 0, 2]), apart)
    sums = g.node("Reshape", sums, g.ints(parts, -1, images, channels, parts, width))
    image = cast_to(g, g.node("Slice", regions, g.ints(0), g.ints(1), g.ints(1)), BY_NAME["int64"])
    own = cast_to(g, g.node("Equal", image, g.constant(np.arange(images), "int64")), x.dtype)
    taken = g.node("Mul", g.node("Unsqueeze", own, g.ints(2, 3, 4)), g.node("Unsqueeze", across, g.ints(1, 2)))
    sums = g.node("ReduceSum", g.node("Mul", sums, taken), g.ints(2, 5), keepdims=0)
    sums = g.node("Transpose", sums, perm=[1, 2, 0, 3])
    area = g.node("Mul", g.node("Unsqueeze", rows, g.ints(1, 3)), g.node("Unsqueeze", columns, g.ints(1, 2)))
    return g.node("Div", sums, g.node("Max", area, g.constant(1, x.dtype)))


def _windows(g: Builder, corners: Value, axis: int, parts: int, size: int) -> tuple[Value, Value]:
    """Of each region and window 1 where an element along ``axis`` belongs to it, else 0, and how many do."""
    number = corners.dtype
    start, end = (g.node("Slice", corners, g.ints(place), g.ints(place + 1), g.ints(1)) for place in (axis, axis + 2))
    length = g.node("Max", g.node("Sub", end, start), g.constant(_LEAST, number))
    step = g.node("Div", length, g.constant(parts, number))
    edges = [
        g.node(
            "Clip",
            g.node("Add", g.node(rounding, g.node("Mul", g.constant(np.arange(parts) + more, number), step)), start),
            g.constant(0, number),
            g.constant(size - 1, number),
        )
        for rounding, more in (("Floor", 0), ("Ceil", 1))
    ]
    count = g.node("Max", g.node("Sub", edges[1], edges[0]), g.constant(0, number))
    first, last = (g.node("Unsqueeze", edge, g.ints(2)) for edge in edges)
    places = g.constant(np.arange(size), number)
    inside = g.node("And", g.node("GreaterOrEqual", places, first), g.node("Less", places, last))
    return cast_to(g, inside, number), count
