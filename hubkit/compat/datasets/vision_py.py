"""``mindspore.dataset.vision.py_transforms``: PIL images, then arrays as (C, H, W)."""

from __future__ import annotations

from typing import Any

from mindspore.dataset import vision
from mindspore.dataset.vision import *  # noqa: F403 (all of them)


class Decode(vision.Decode):  # type: ignore[misc]
    """Into a PIL image."""

    def __init__(self) -> None:
        super().__init__(to_pil=True)


class Normalize(vision.Normalize):  # type: ignore[misc]
    """Of (C, H, W)."""

    def __init__(self, mean: Any, std: Any) -> None:
        super().__init__(mean, std, is_hwc=False)


class NormalizePad(vision.NormalizePad):  # type: ignore[misc]
    """Of (C, H, W)."""

    def __init__(self, mean: Any, std: Any, dtype: str = "float32") -> None:
        super().__init__(mean, std, dtype, is_hwc=False)


class Cutout(vision.CutOut):  # type: ignore[misc]
    """Of (C, H, W)."""

    def __init__(self, length: int, num_patches: int = 1) -> None:
        super().__init__(length, num_patches, is_hwc=False)
