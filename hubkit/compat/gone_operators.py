"""Operators of MindSpore 1.x that are gone, in operators that MindSpore 2 has.

Source: the API documents of MindSpore 1.0 and 1.1, and of 1.9 for `ReLUV2`.
"""

from __future__ import annotations

from typing import Any

import mindspore
from mindspore import ops


@mindspore.jit_class
class FusedBatchNorm:
    """``ops.FusedBatchNorm``: a batch norm, with ``mode`` 1 of the batch's own statistics."""

    def __init__(self, mode: int = 0, epsilon: float = 1e-5, momentum: float = 0.1, data_format: str = "NCHW") -> None:
        self.norm = ops.BatchNorm(mode == 1, epsilon, momentum, data_format)

    def __call__(self, x: Any, scale: Any, bias: Any, mean: Any, variance: Any) -> Any:
        """The output, and the statistics that the next step has."""
        return self.norm(x, scale, bias, mean, variance)


@mindspore.jit_class
class ControlDepend:
    """``ops.ControlDepend``: an order of two operators, which the order of their lines is."""

    def __init__(self, depend_mode: int = 0) -> None:
        del depend_mode

    def __call__(self, first: Any, _then: Any) -> Any:
        """``first``: what depends on the order has no other value."""
        return first


@mindspore.jit_class
class ReLUV2:
    """``ops.ReLUV2``: a ReLU, and which elements it keeps, of which only its gradient makes use."""

    def __call__(self, x: Any) -> Any:
        """``x`` where it is positive, else 0; and 1 there, else 0."""
        return ops.relu(x), ops.cast(x > 0, mindspore.uint8)
