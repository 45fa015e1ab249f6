"""Bilinear resizing as MindSpore 1.x did it.

Without ``align_corners`` and ``half_pixel_centers``, an output pixel i takes its value from i * input / output, the
"asymmetric" rule; ``ops.interpolate`` has no such mode. Source: the API documents of MindSpore 1.9 and 2.1, whose
example values are those of the tests.
"""

from __future__ import annotations

from typing import Any

import mindspore
from mindspore import nn
from mindspore.ops.operations.image_ops import ResizeBilinearV2


@mindspore.jit_class
class ResizeBilinear:
    """``ops.ResizeBilinear(size, align_corners=False, half_pixel_centers=False)``; also made inside ``construct``."""

    def __init__(self, size: Any, align_corners: bool = False, half_pixel_centers: bool = False) -> None:
        self.size = tuple(size)
        self.resize = ResizeBilinearV2(align_corners, half_pixel_centers)

    def __call__(self, x: Any) -> Any:
        """The image ``x`` (N, C, H, W) in the size that was given."""
        return self.resize(x, self.size)


class ResizeBilinearCell(nn.Cell):  # type: ignore[misc]
    """``nn.ResizeBilinear(half_pixel_centers=False)``."""

    def __init__(self, half_pixel_centers: bool = False) -> None:
        super().__init__()
        self.half_pixel_centers = half_pixel_centers

    def construct(self, x: Any, size: Any = None, scale_factor: Any = None, align_corners: bool = False) -> Any:
        """The image ``x`` (N, C, H, W) in ``size`` (H, W), or ``scale_factor`` times as large."""
        if size is None:
            shape = x.shape
            size = (scale_factor * shape[2], scale_factor * shape[3])
        return ResizeBilinearV2(align_corners, self.half_pixel_centers)(x, size)
