"""Operators that MindSpore has for other devices only: the formulas of its documents in operators that the CPU has.

Each is made as the operator is, inside ``construct`` too, and takes its arguments. Source: the API documents of
MindSpore 1.9 and 2.2.
"""

from __future__ import annotations

from typing import Any

import mindspore
from mindspore import ops

from hubkit.compat.recurrent import DynamicGRUV2, DynamicRNN
from hubkit.compat.regions import PSROIPooling, PsROIPooling
from hubkit.compat.use import mark


@mindspore.jit_class
class DepthwiseConv2dNative:
    """``ops.DepthwiseConv2dNative``: a convolution of each channel alone."""

    def __init__(
        self,
        channel_multiplier: int,
        kernel_size: Any,
        mode: int = 3,
        pad_mode: str = "valid",
        pad: Any = 0,
        stride: Any = 1,
        dilation: Any = 1,
        group: int = 1,
    ) -> None:
        del mode, group
        mark("mindspore.ops.DepthwiseConv2dNative(on the CPU)")
        if channel_multiplier != 1:
            raise ValueError("DepthwiseConv2dNative runs on the CPU with a channel_multiplier of 1 only")
        self.kernel_size, self.pad_mode, self.pad = kernel_size, pad_mode, pad
        self.stride, self.dilation = stride, dilation

    def __call__(self, x: Any, weight: Any) -> Any:
        """``x`` (N, C, H, W) by ``weight`` (1, C, rows, columns)."""
        channels = x.shape[1]
        conv = ops.Conv2D(
            channels, self.kernel_size, 1, self.pad_mode, self.pad, self.stride, self.dilation, group=channels
        )
        return conv(x, ops.transpose(weight, (1, 0, 2, 3)))


@mindspore.jit_class
class ExtractImagePatches:
    """``ExtractImagePatches``, the operator of ``nn.Unfold``: windows of an image, their first places' channels first.

    Sizes, steps and gaps are given as (1, 1, rows, columns).
    """

    def __init__(self, ksizes: Any, strides: Any, rates: Any, padding: str = "valid") -> None:
        mark("mindspore.nn.Unfold(on the CPU)")
        self.size, self.steps, self.gaps = tuple(ksizes[2:]), tuple(strides[2:]), tuple(rates[2:])
        self.same = padding.lower() == "same"

    def __call__(self, x: Any) -> Any:
        """The windows of ``x`` (N, C, H, W) as channels (N, rows * columns * C, windows down, windows across)."""
        reach = (self.gaps[0] * (self.size[0] - 1) + 1, self.gaps[1] * (self.size[1] - 1) + 1)
        if self.same:
            rows = max((-(-x.shape[2] // self.steps[0]) - 1) * self.steps[0] + reach[0] - x.shape[2], 0)
            columns = max((-(-x.shape[3] // self.steps[1]) - 1) * self.steps[1] + reach[1] - x.shape[3], 0)
            sides = (rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2)
            x = ops.Pad(((0, 0), (0, 0), *sides))(x)
        height, width = x.shape[2] - reach[0] + 1, x.shape[3] - reach[1] + 1
        parts: Any = ()
        for row in range(self.size[0]):
            for column in range(self.size[1]):
                top, left = row * self.gaps[0], column * self.gaps[1]
                parts += (x[:, :, top : top + height : self.steps[0], left : left + width : self.steps[1]],)
        return ops.concat(parts, 1)


@mindspore.jit_class
class SpaceToBatch:
    """``ops.SpaceToBatch``: the blocks of an image as a batch."""

    def __init__(self, block_size: int, paddings: Any) -> None:
        mark("mindspore.ops.SpaceToBatch(on the CPU)")
        self.move = ops.SpaceToBatchND([block_size, block_size], paddings)

    def __call__(self, x: Any) -> Any:
        """``x`` (N, C, H, W) as (N * blocks, C, rows, columns)."""
        return self.move(x)


@mindspore.jit_class
class BatchToSpace:
    """``ops.BatchToSpace``: the blocks of a batch as an image."""

    def __init__(self, block_size: int, crops: Any) -> None:
        mark("mindspore.ops.BatchToSpace(on the CPU)")
        self.move = ops.BatchToSpaceND([block_size, block_size], crops)

    def __call__(self, x: Any) -> Any:
        """``x`` (N * blocks, C, rows, columns) as (N, C, H, W)."""
        return self.move(x)


@mindspore.jit_class
class SparseGatherV2:
    """``ops.SparseGatherV2``, which differs from ``ops.Gather`` in its gradient only."""

    def __init__(self) -> None:
        mark("mindspore.ops.SparseGatherV2(on the CPU)")

    def __call__(self, x: Any, indices: Any, axis: int) -> Any:
        """What lies at ``indices`` of ``axis`` of ``x``."""
        return ops.gather(x, indices, axis)


@mindspore.jit_class
class SplitV:
    """``ops.SplitV``: parts of the sizes that are given; -1 stands for what is left."""

    def __init__(self, size_splits: Any, split_dim: int, num_split: int) -> None:
        del num_split
        mark("mindspore.ops.SplitV(on the CPU)")
        self.sizes, self.axis = tuple(size_splits), split_dim

    def __call__(self, x: Any) -> Any:
        """The parts of ``x``."""
        left = x.shape[self.axis] - sum(self.sizes) - 1
        return ops.split(x, tuple(left if size == -1 else size for size in self.sizes), self.axis)


@mindspore.jit_class
class AccumulateNV2:
    """``ops.AccumulateNV2``: the sum of several tensors."""

    def __init__(self) -> None:
        mark("mindspore.ops.AccumulateNV2(on the CPU)")

    def __call__(self, x: Any) -> Any:
        """The sum of the tensors in ``x``, a list or tuple."""
        return ops.addn(x)


class _Alone:
    """An operator over devices, of which there is one: what each has is what all have."""

    def __init__(self, *_: Any, **__: Any) -> None:
        mark(f"mindspore.ops.{type(self).__name__}(on one device)")

    def __call__(self, x: Any) -> Any:
        """``x``."""
        return x


@mindspore.jit_class
class AllReduce(_Alone):
    """``ops.AllReduce``."""


@mindspore.jit_class
class AllGather(_Alone):
    """``ops.AllGather``."""


@mindspore.jit_class
class Broadcast(_Alone):
    """``ops.Broadcast``, of a tuple."""


_STAND_INS = {
    stand_in.__name__: stand_in
    for stand_in in (
        AccumulateNV2,
        AllGather,
        AllReduce,
        BatchToSpace,
        Broadcast,
        DepthwiseConv2dNative,
        DynamicGRUV2,
        DynamicRNN,
        ExtractImagePatches,
        PSROIPooling,
        PsROIPooling,
        SpaceToBatch,
        SparseGatherV2,
        SplitV,
    )
}


def on_the_cpu(operator: Any) -> Any:
    """What stands for ``operator``, a class of MindSpore that has no kernel on the CPU."""
    return _STAND_INS[operator.__name__]
