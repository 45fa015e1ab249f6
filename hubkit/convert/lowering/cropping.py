"""What an image has in boxes, brought to one size."""

from __future__ import annotations

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import reshape

_FLOAT, _INT = BY_NAME["float32"], BY_NAME["int64"]


@lowering("CropAndResize")
def crop_and_resize(g: Builder, call: Call) -> Value:
    """CropAndResize(x, boxes, box_indices, crop_size; method="bilinear", extrapolation_value=0.0) -> Gather, Mul, Add.

    Images are NHWC. Methods: bilinear, nearest, bilinear_v2. Crops of one row or column are refused but for the last,
    whose boxes may not reach beyond the image: there MindSpore's kernel takes whatever lies in memory.
    """
    x, boxes, image = call.tensor(g, 0), call.tensor(g, 1), call.tensor(g, 2)
    method, sizes = call.constant("method", default="bilinear"), call.ints("crop_size", 3)
    if len(sizes) != 2 or (min(sizes) < 2 and method != "bilinear_v2"):
        # MindSpore's kernel then samples beyond the image, not the box's middle
        raise CannotLowerError(f"its crops are {sizes}, not of two or more rows and columns")
    height, width = whole(x, 1), whole(x, 2)
    places = _cut_places if method == "bilinear_v2" else _places
    # Where each row and column of a crop lies in the image: (boxes, rows, 1) and (boxes, 1, columns).
    rows = [g.node("Unsqueeze", value, g.ints(2)) for value in places(g, boxes, 0, height, sizes[0])]
    columns = [g.node("Unsqueeze", value, g.ints(1)) for value in places(g, boxes, 1, width, sizes[1])]
    first = g.node("Mul", cast_to(g, image, _INT), g.constant(height, "int64"))
    first = g.node("Unsqueeze", first, g.ints(1, 2))
    pixels = reshape(g, cast_to(g, x, _FLOAT), [x.shape[0] * height * width, x.shape[3]])

    def pixel(row: Value, column: Value) -> Value:
        line = g.node("Mul", g.node("Add", first, cast_to(g, row, _INT)), g.constant(width, "int64"))
        place = g.node("Add", line, cast_to(g, column, _INT))
        if method == "bilinear_v2":
            last = g.node("Sub", g.node("Shape", pixels, start=0, end=1), g.ints(1))
            place = g.node("Min", g.node("Max", place, g.ints(0)), last)
        return g.node("Gather", pixels, place, axis=0)

    def between(lines: list[Value], others: list[Value]) -> Value:
        """``lines`` and ``others`` are the place before, the one after, and how far from the first."""
        top, bottom, down = lines
        left, right, along = others
        down, along = (g.node("Unsqueeze", part, g.ints(3)) for part in (down, along))
        upper = _between(g, pixel(top, left), pixel(top, right), along)
        return _between(g, upper, _between(g, pixel(bottom, left), pixel(bottom, right), along), down)

    if method == "bilinear_v2":
        return between(rows, columns)
    if method == "nearest":
        crops = pixel(_rounded(g, rows[0]), _rounded(g, columns[0]))
    else:
        crops = between(_around(g, rows[0]), _around(g, columns[0]))
    inside = g.node("Unsqueeze", g.node("And", rows[1], columns[1]), g.ints(3))
    return g.node("Where", inside, crops, g.constant(call.constant("extrapolation_value", default=0.0), "float32"))


def _places(g: Builder, boxes: Value, column: int, size: int, count: int) -> list[Value]:
    """Where ``count`` rows (or columns) of each box lie in an image of ``size``, and whether inside it."""
    last = g.constant(size - 1, "float32")
    start, end = (g.node("Gather", boxes, g.ints(place), axis=1) for place in (column, column + 2))
    scale = g.node("Div", g.node("Mul", g.node("Sub", end, start), last), g.constant(count - 1, "float32"))
    steps = g.node("Mul", scale, g.constant(np.arange(count)[None], "float32"))
    places = g.node("Add", g.node("Mul", start, last), steps)
    zero = g.constant(0, "float32")
    inside = g.node("And", g.node("GreaterOrEqual", places, zero), g.node("LessOrEqual", places, last))
    return [g.node("Min", g.node("Max", places, zero), last), inside]


def _cut_places(g: Builder, boxes: Value, column: int, size: int, count: int) -> list[Value]:
    """The same where the box is cut out first, of whole pixels, and then resized, its pixels' middles in their place.

    The pixels before and after ``count`` places, and how far these are from the first.
    """
    one, zero = g.constant(1, "float32"), g.constant(0, "float32")
    whole_size = g.constant(size, "float32")
    edges = (
        g.node("Mul", g.node("Gather", boxes, g.ints(place), axis=1), whole_size) for place in (column, column + 2)
    )
    start, end = (cast_to(g, cast_to(g, edge, _INT), _FLOAT) for edge in edges)
    length = g.node("Max", g.node("Add", g.node("Sub", end, start), one), one)
    last = g.node("Sub", length, one)
    scale = g.node("Div", length, g.constant(count, "float32"))
    places = g.node("Mul", g.constant(np.arange(count)[None] + 0.5, "float32"), scale)
    places = g.node("Sub", places, g.constant(0.5, "float32"))
    before, after = (
        g.node("Min", g.node("Max", g.node(rounding, places), zero), last) for rounding in ("Floor", "Ceil")
    )
    return [g.node("Add", start, before), g.node("Add", start, after), g.node("Sub", places, before)]


def _around(g: Builder, places: Value) -> list[Value]:
    """The whole numbers around ``places``, and how far these are from the first."""
    before = g.node("Floor", places)
    return [before, g.node("Ceil", places), g.node("Sub", places, before)]


def _rounded(g: Builder, x: Value) -> Value:
    """``x``, not negative, rounded, a half up."""
    low = g.node("Floor", x)
    up = g.node("GreaterOrEqual", g.node("Sub", x, low), g.constant(0.5, x.dtype))
    return g.node("Add", low, cast_to(g, up, x.dtype))


def _between(g: Builder, first: Value, second: Value, part: Value) -> Value:
    return g.node("Add", first, g.node("Mul", g.node("Sub", second, first), part))
