"""Arrays for tests of stand-ins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def image(*shape: int) -> NDArray[Any]:
    return np.random.default_rng(3).normal(size=shape).astype(np.float32)
