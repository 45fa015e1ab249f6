"""`mindspore.ops` for the modules of mindcv that were written for MindSpore 2.0 and use what 2.10 lacks or changed."""

from __future__ import annotations

from typing import Any

from mindspore.ops import *  # noqa: F403 - these modules ask for any of its names
from mindspore.ops import Pad

from hubkit.compat.resize import ResizeBilinear

__all__ = ["ResizeBilinear", "pad"]


def pad(input_x: Any, paddings: Any) -> Any:
    """``ops.pad(input_x, paddings)`` of 2.0: zeros, a (before, after) pair for every axis, the first axis first."""
    return Pad(paddings)(input_x)
