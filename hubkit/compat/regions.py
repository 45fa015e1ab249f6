"""``PsROIPooling`` and ``PSROIPooling``, by the formulas of their kernels.

MindSpore has the first for other devices only. Its kernel of the second for the CPU gives other numbers each time that
it runs.
"""

from __future__ import annotations

from typing import Any

import mindspore
from mindspore import dtype, ops

from hubkit.compat.noting import noting

_noted = noting("mindspore.ops.{}(on the CPU)")

_LEAST = 0.1  # how large a region is at least, in elements of the image


@mindspore.jit_class
class PsROIPooling:
    """``PsROIPooling``: the means of the windows of regions, each window of channels of its own."""

    def __init__(
        self, pooled_height: int, pooled_width: int, num_rois: int, spatial_scale: float, out_dim: int, group_size: int
    ) -> None:
        del num_rois
        if pooled_height != group_size or pooled_width != group_size:
            raise ValueError("PsROIPooling runs on the CPU with as many windows as groups only")
        self.parts, self.scale, self.channels = group_size, spatial_scale, out_dim

    def __call__(self, inputs: Any, rois: Any) -> Any:
        """Of ``inputs`` (N, C, H, W) and ``rois`` (regions, 5), rows (image, x0, y0, x1, y1) -> the means (regions,
        out_dim, rows, columns), and which channel each of them is of.
        """
        parts, channels = _noted("PsROIPooling", self.parts), self.channels
        start = away_from_zero(rois[:, 1:3]) * self.scale
        step = ops.maximum(away_from_zero(rois[:, 3:5] + 1) * self.scale - start, _LEAST) / parts
        begin, end = ops.expand_dims(start, 2) + windows(step, parts, 0), ops.expand_dims(start, 2)
        end = end + windows(step, parts, 1)
        found = means(inputs, rois[:, :1], ops.floor(begin), ops.ceil(end), channels, inputs.shape[2:])
        place = ops.reshape(ops.arange(0, channels * parts * parts, 1, dtype=dtype.int32), (1, channels, parts, parts))
        return found, ops.broadcast_to(place, (rois.shape[0], channels, parts, parts))


@mindspore.jit_class
class PSROIPooling:
    """``ops.PSROIPooling``: the same with regions that begin and end at whole numbers of the image."""

    def __init__(self, spatial_scale: float, group_size: int, output_dim: int) -> None:
        self.parts, self.scale, self.channels = group_size, spatial_scale, output_dim

    def __call__(self, features: Any, rois: Any) -> Any:
        """Of ``features`` (N, C, H, W) and ``rois`` (batch, 5, regions) -> the means (batch * regions, output_dim,
        rows, columns). The last row and column of an image belong to no window.
        """
        parts = _noted("PSROIPooling", self.parts)
        rois = ops.reshape(ops.transpose(rois, (0, 2, 1)), (-1, 5))
        corners = away_from_zero(rois[:, 1:] * self.scale)
        start = corners[:, :2]
        step = ops.maximum(corners[:, 2:] - start, _LEAST) / parts
        start = ops.expand_dims(start, 2)
        begin, end = ops.floor(windows(step, parts, 0)) + start, ops.ceil(windows(step, parts, 1)) + start
        limits = (features.shape[2] - 1, features.shape[3] - 1)
        return means(features, rois[:, :1], begin, end, self.channels, limits)


def away_from_zero(x: Any) -> Any:
    """``x`` as whole numbers; halfway between two, the one further from 0."""
    return ops.sign(x) * ops.floor(ops.abs(x) + 0.5)


def windows(step: Any, parts: int, first: int) -> Any:
    """How far behind the beginning of each region its windows begin, or with ``first`` 1 end: (regions, 2, parts)."""
    count = ops.cast(ops.arange(first, parts + first, 1), step.dtype)
    return ops.expand_dims(step, 2) * count


def means(inputs: Any, image: Any, begin: Any, end: Any, channels: int, limits: Any) -> Any:
    """The means of windows that reach from ``begin`` to ``end``, (regions, across and down, parts), but not beyond
    ``limits`` (rows, columns)."""
    images, _, height, width = inputs.shape
    parts = begin.shape[2]
    across, columns = inside(begin[:, 0], end[:, 0], width, limits[1])
    down, rows = inside(begin[:, 1], end[:, 1], height, limits[0])
    # The sums down of all windows of a row at once: (parts, regions, rows) by (parts, rows, everything else).
    apart = ops.reshape(inputs, (images, channels, parts, parts, height, width))
    apart = ops.reshape(ops.transpose(apart, (2, 4, 0, 1, 3, 5)), (parts, height, -1))
    sums = ops.bmm(ops.transpose(down, (1, 0, 2)), apart)
    sums = ops.reshape(sums, (parts, -1, images, channels, parts, width))
    own = ops.equal(ops.cast(image, dtype.int32), ops.arange(0, images, 1, dtype=dtype.int32))
    taken = ops.reshape(ops.cast(own, inputs.dtype), (-1, images, 1, 1, 1)) * ops.reshape(
        across, (-1, 1, 1, parts, width)
    )
    sums = ops.transpose(ops.ReduceSum()(sums * taken, (2, 5)), (1, 2, 0, 3))
    area = ops.reshape(rows, (-1, 1, parts, 1)) * ops.reshape(columns, (-1, 1, 1, parts))
    return sums / ops.maximum(area, 1)


def inside(begin: Any, end: Any, size: int, limit: int) -> Any:
    """Of each region and window 1 where an element along an axis of ``size`` belongs to it, else 0, and how many do."""
    first, last = ops.clip_by_value(begin, 0, limit), ops.clip_by_value(end, 0, limit)
    places = ops.cast(ops.arange(0, size, 1), begin.dtype)
    belongs = ops.logical_and(places >= ops.expand_dims(first, 2), places < ops.expand_dims(last, 2))
    return ops.cast(belongs, begin.dtype), ops.relu(last - first)
