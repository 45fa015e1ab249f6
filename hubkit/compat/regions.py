"""``PsROIPooling``, which MindSpore has for other devices only, by the formula of its kernel there."""

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
        images, _, height, width = inputs.shape
        parts, channels = _noted("PsROIPooling", self.parts), self.channels
        start = away_from_zero(rois[:, 1:3]) * self.scale
        end = away_from_zero(rois[:, 3:5] + 1) * self.scale
        step = ops.maximum(end - start, ops.cast(_LEAST, start.dtype)) / parts
        across, columns = windows(start[:, :1], step[:, :1], parts, width)
        down, rows = windows(start[:, 1:], step[:, 1:], parts, height)

        # The sums down of all windows of a row at once: (parts, regions, rows) by (parts, rows, everything else).
        apart = ops.reshape(inputs, (images, channels, parts, parts, height, width))
        apart = ops.reshape(ops.transpose(apart, (2, 4, 0, 1, 3, 5)), (parts, height, -1))
        sums = ops.bmm(ops.transpose(down, (1, 0, 2)), apart)
        sums = ops.reshape(sums, (parts, -1, images, channels, parts, width))
        image = ops.cast(rois[:, :1], dtype.int32)
        own = ops.cast(ops.equal(image, ops.arange(0, images, 1, dtype=dtype.int32)), inputs.dtype)
        taken = ops.reshape(own, (-1, images, 1, 1, 1)) * ops.reshape(across, (-1, 1, 1, parts, width))
        sums = ops.transpose(ops.ReduceSum()(sums * taken, (2, 5)), (1, 2, 0, 3))
        area = ops.reshape(rows, (-1, 1, parts, 1)) * ops.reshape(columns, (-1, 1, 1, parts))
        means = sums / ops.maximum(area, ops.cast(1, area.dtype))

        place = ops.reshape(ops.arange(0, channels * parts * parts, 1, dtype=dtype.int32), (1, channels, parts, parts))
        return means, ops.broadcast_to(place, (rois.shape[0], channels, parts, parts))


def away_from_zero(x: Any) -> Any:
    """``x`` as whole numbers; halfway between two, the one further from 0."""
    return ops.sign(x) * ops.floor(ops.abs(x) + 0.5)


def windows(start: Any, step: Any, parts: int, size: int) -> Any:
    """Of each region and window 1 where an element along an axis of ``size`` belongs to it, else 0, and how many do.

    ``start`` is where each region begins, and ``step`` how large its windows are, as columns.
    """
    count = ops.cast(ops.arange(0, parts, 1), start.dtype)
    first = ops.clip_by_value(ops.floor(count * step + start), 0, size)
    last = ops.clip_by_value(ops.ceil((count + 1) * step + start), 0, size)
    places = ops.cast(ops.arange(0, size, 1), start.dtype)
    inside = ops.logical_and(places >= ops.expand_dims(first, 2), places < ops.expand_dims(last, 2))
    return ops.cast(inside, start.dtype), ops.relu(last - first)
