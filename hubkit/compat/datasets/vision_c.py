"""``mindspore.dataset.vision.c_transforms``: images as (H, W, C). The names are those of the package now."""

from __future__ import annotations

from typing import Any

from mindspore.dataset import vision
from mindspore.dataset.vision import *  # noqa: F403 (all of them)


class Decode(vision.Decode):  # type: ignore[misc]
    """``Decode(rgb=True)``: into an array; MindSpore 2 takes the first argument for ``to_pil``."""

    def __init__(self, rgb: bool = True, **more: Any) -> None:
        if not rgb:
            raise ValueError("c_transforms.Decode makes RGB only")
        super().__init__(**more)
