"""``mindspore.dataset.transforms.vision``, as MindSpore 1.0 called ``mindspore.dataset.vision``."""

from __future__ import annotations

from mindspore.dataset.vision import Border, Inter

__all__ = ["Border", "Inter"]
