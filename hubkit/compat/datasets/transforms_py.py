"""``mindspore.dataset.transforms.py_transforms``."""

from __future__ import annotations

from mindspore.dataset import transforms
from mindspore.dataset.transforms import *  # noqa: F403 (all of them)

OneHotOp = transforms.OneHot
