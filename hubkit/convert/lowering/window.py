"""Arithmetic of sliding windows, shared by convolutions and pools."""

from __future__ import annotations

from collections.abc import Sequence

from hubkit.convert.lowering.builder import CannotLowerError


def spatial(sizes: Sequence[int], rank: int) -> tuple[int, ...]:
    """The sizes of the spatial axes of a tensor of ``rank`` axes.

    One size stands for all; where batch and channel have sizes too, the last ones count.
    Raises CannotLowerError where there are too few.
    """
    count = rank - 2
    if len(sizes) == 1:
        return tuple(sizes) * count
    if len(sizes) < count:
        raise CannotLowerError(f"its window {tuple(sizes)} has fewer than {count} sizes")
    return tuple(sizes[-count:])


def same_pads(
    sizes: Sequence[int], kernel: Sequence[int], strides: Sequence[int], dilations: Sequence[int]
) -> list[int]:
    """Padding in ONNX's order that gives ceil(size / stride) results; an odd one has the extra at the end."""
    totals = [
        max((-(-size // stride) - 1) * stride + (width - 1) * dilation + 1 - size, 0)
        for size, width, stride, dilation in zip(sizes, kernel, strides, dilations, strict=True)
    ]
    return [total // 2 for total in totals] + [total - total // 2 for total in totals]


def interleave(pad: Sequence[int]) -> list[int]:
    """MindIR's (begin, end) pairs an axis as ONNX's all begins, then all ends.

    Raises CannotLowerError where they are no pairs.
    """
    if len(pad) % 2:
        raise CannotLowerError(f"its padding {tuple(pad)} is not in pairs")
    return [*pad[0::2], *pad[1::2]]
