"""Cells for the runners' tests. MindSpore parses their source, so they stand in a file of their own."""

from __future__ import annotations

import mindspore
from mindspore import nn


class TwoOutputs(nn.Cell):
    """Two inputs; a difference, and in a nested tuple a squared product."""

    def construct(self, a: mindspore.Tensor, b: mindspore.Tensor) -> tuple[mindspore.Tensor, tuple[mindspore.Tensor]]:
        product = a * b
        return a - b, (product * product,)
