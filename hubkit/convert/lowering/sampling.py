"""Sampling between the elements of images and volumes at places that the network computes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, counted
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import reshape

_MODES = {0: "bilinear", 1: "nearest", "bilinear": "bilinear", "nearest": "nearest"}
_PADDINGS = {0: "zeros", 1: "border", 2: "reflection", "zeros": "zeros", "border": "border", "reflection": "reflection"}


@lowering("GridSampler2D")
def grid_sampler(g: Builder, call: Call) -> Value:
    """GridSampler2D(x, grid, interpolation_mode, padding_mode, align_corners): images -> GridSample; with mode nearest
    places are made whole before, since GridSample takes another element halfway between two: Floor, Where. With
    reflection too, that becomes GatherElements.
    """
    mode, padding, aligned = _how(call)
    if mode == "nearest":
        x = call.tensor(g, 0)
        if padding == "reflection" or x.dtype.name != "float32":
            return _sampled_by_grid(g, call)
        return g.node("GridSample", x, _whole_places(g, x, call.tensor(g, 1), aligned), mode=mode, padding_mode=padding)
    return g.node(
        "GridSample", call.tensor(g, 0), call.tensor(g, 1), mode=mode, padding_mode=padding, align_corners=aligned
    )


@lowering("GridSampler3D")
def grid_sampler_3d(g: Builder, call: Call) -> Value:
    """GridSampler3D(x, grid, interpolation_mode, padding_mode, align_corners): volumes -> eight times GatherElements,
    Mul, Add; with mode nearest once.
    """
    return _sampled_by_grid(g, call)


def _how(call: Call) -> tuple[str, str, int]:
    """The mode and the padding of a call, and whether its corners are those of the outermost elements."""
    mode, padding = call.constant("interpolation_mode", 2, 0), call.constant("padding_mode", 3, 0)
    if mode not in _MODES or padding not in _PADDINGS:
        raise CannotLowerError(f"its mode is {mode!r}, its padding {padding!r}")
    return _MODES[mode], _PADDINGS[padding], int(call.constant("align_corners", 4, False))


def _sampled_by_grid(g: Builder, call: Call) -> Value:
    """What a call samples of images or volumes, by GatherElements."""
    x, grid = call.tensor(g, 0), call.tensor(g, 1)
    mode, padding, aligned = _how(call)
    sizes = [counted(whole(x, axis)) for axis in range(2, x.rank)]
    count = math.prod(grid.shape[1:-1])
    parts = g.nodes_of("Split", (grid, g.ints(*[1] * len(sizes))), len(sizes), {"axis": grid.rank - 1})
    places = [
        _within(g, _unscaled(g, reshape(g, part, [x.shape[0], 1, count]), size, aligned), size, aligned, padding)
        for part, size in zip(reversed(parts), sizes, strict=True)  # the grid names width, height, depth
    ]
    if mode == "nearest":
        places = [_nearest(g, place) for place in places]
    flat = reshape(g, x, [*x.shape[:2], math.prod(sizes)])
    return reshape(g, _sampled(g, flat, sizes, places, linear=mode == "bilinear"), call.sizes)


@lowering("DeformableOffsets")
def deformable_offsets(g: Builder, call: Call) -> Value:
    """DeformableOffsets(x, offsets; strides, pads, ksize, dilations, deformable_groups, format): what a deformable
    convolution reads, a window a place -> four times GatherElements, Mul, Add; Transpose. Channels first only.
    """
    x, offsets = call.tensor(g, 0), call.tensor(g, 1)
    if call.constant("format", default="NCHW") != "NCHW" or x.rank != 4:
        raise CannotLowerError("it is not of images with channels first")
    if not call.constant("modulated", default=True):
        raise CannotLowerError("its offsets have no mask: modulated is not set")
    (rows, columns), groups = call.ints("ksize"), counted(call.constant("deformable_groups", default=1))
    batch, channels = x.shape[:2]
    high, wide = offsets.shape[2:]
    window = counted(rows * columns)
    given = reshape(g, offsets, [batch, 3, groups, window, high, wide])
    right, down, weight = (g.node("Gather", given, g.constant(place, "int64"), axis=1) for place in range(3))
    count, steps, gaps, pads = window * high * wide, call.ints("strides"), call.ints("dilations"), call.ints("pads")
    taps = np.mgrid[:rows, :columns].reshape(2, window, 1, 1)
    ends = np.mgrid[:high, :wide].reshape(2, 1, high, wide)
    places: list[Value] = []
    for axis, (offset, pad) in enumerate(((down, pads[0]), (right, pads[2]))):
        still = ends[axis] * steps[2 + axis] + taps[axis] * gaps[2 + axis] - pad
        places.append(reshape(g, g.node("Add", offset, g.constant(still, x.dtype)), [batch, groups, 1, count]))
    sizes = [counted(whole(x, axis)) for axis in (2, 3)]
    flat = reshape(g, x, [batch, groups, channels // groups, math.prod(sizes)])
    found = _sampled(g, flat, sizes, places, linear=True)
    found = g.node("Mul", found, reshape(g, weight, [batch, groups, 1, count]))
    windows = reshape(g, found, [batch, channels, rows, columns, high, wide])
    return reshape(g, g.node("Transpose", windows, perm=[0, 1, 4, 2, 5, 3]), call.sizes)


def _unscaled(g: Builder, place: Value, size: int, aligned: int) -> Value:
    """A place from -1 to 1 as one that counts elements."""
    factor, start = ((size - 1) / 2, (size - 1) / 2) if aligned else (size / 2, (size - 1) / 2)
    return g.node("Add", g.node("Mul", place, g.constant(factor, place.dtype)), g.constant(start, place.dtype))


def _whole_places(g: Builder, x: Value, grid: Value, aligned: int) -> Value:
    """``grid``, whose places may lie between elements of ``x``, with those of the nearest ones, corners not aligned."""
    one, two = g.constant(1, grid.dtype), g.constant(2, grid.dtype)
    if {2, 3}.isdisjoint(x.dynamic):
        sizes = g.constant(x.shape[:1:-1], grid.dtype)  # the grid names width, height
    else:
        sizes = g.node("Cast", g.node("Gather", g.node("Shape", x), g.ints(3, 2), axis=0), to=grid.dtype.onnx)
    start = g.node("Div", g.node("Sub", sizes, one), two)
    place = g.node("Add", g.node("Mul", grid, start if aligned else g.node("Div", sizes, two)), start)
    twice = g.node("Mul", _nearest(g, place), two)
    return g.node("Sub", g.node("Div", g.node("Add", twice, one), sizes), one)


def _nearest(g: Builder, place: Value) -> Value:
    """The whole number next to ``place``; halfway between two, the one further from 0, unlike Round."""
    away = g.node("Abs", place)
    low = g.node("Floor", away)
    is_lower = g.node("Less", g.node("Sub", away, low), g.constant(0.5, place.dtype))
    size = g.node("Where", is_lower, low, g.node("Add", low, g.constant(1, place.dtype)))
    return g.node("Mul", g.node("Sign", place), size)


def _within(g: Builder, place: Value, size: int, aligned: int, padding: str) -> Value:
    """``place``, moved into the axis as the padding says."""

    def number(value: float) -> Value:
        return g.constant(value, place.dtype)

    if padding == "zeros":
        return place
    if padding == "reflection" and size > 1:
        start, span = (0.0, size - 1.0) if aligned else (-0.5, float(size))
        away = g.node("Abs", g.node("Sub", place, number(start)))
        turns = g.node("Floor", g.node("Div", away, number(span)))
        rest = g.node("Sub", away, g.node("Mul", turns, number(span)))
        half = g.node("Mul", turns, number(0.5))
        even = g.node("Equal", half, g.node("Floor", half))
        place = g.node("Add", g.node("Where", even, rest, g.node("Sub", number(span), rest)), number(start))
    return g.node("Clip", place, number(0), number(size - 1))


def _sampled(g: Builder, flat: Value, sizes: Sequence[int], places: Sequence[Value], *, linear: bool) -> Value:
    """The elements of ``flat`` (..., channels, elements) at ``places`` (..., 1, places), an axis of ``sizes`` each.

    Outside they are 0. Between elements they are weighed where ``linear``; otherwise places are whole numbers.
    """
    number = BY_NAME["int64"]
    corners: list[list[tuple[Value, Value | None]]] = []  # for each axis: an element's number, and its weight
    for place in places:
        low = g.node("Floor", place)
        share = g.node("Sub", place, low)
        rest = g.node("Sub", g.constant(1, place.dtype), share)
        after = g.node("Add", low, g.constant(1, place.dtype))
        corners.append([(low, rest), (after, share)] if linear else [(place, None)])
    total: Value | None = None
    for chosen in product(*corners):
        at, part = g.constant(0, number), g.constant(1, flat.dtype)
        for (element, weight), size in zip(chosen, sizes, strict=True):
            kept = g.node("Clip", element, g.constant(0, element.dtype), g.constant(size - 1, element.dtype))
            inside = g.node("Cast", g.node("Equal", kept, element), to=flat.dtype.onnx)
            part = g.node("Mul", part, inside if weight is None else g.node("Mul", weight, inside))
            at = g.node("Add", g.node("Mul", at, g.constant(size, number)), g.node("Cast", kept, to=number.onnx))
        channels = [1] * (flat.rank - 2) + [flat.shape[-2], 1]
        taken = g.node("GatherElements", flat, g.node("Expand", at, g.ints(*channels)), axis=flat.rank - 1)
        weighed = g.node("Mul", taken, part)
        total = weighed if total is None else g.node("Add", total, weighed)
    assert total is not None, "there is a corner"
    return total
