"""``mindspore.dataset.transforms.c_transforms``: the names are those of the package now."""

from __future__ import annotations

from mindspore.dataset.transforms import *  # noqa: F403 (all of them)
