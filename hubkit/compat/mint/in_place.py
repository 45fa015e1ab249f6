"""Activations of ``mindspore.mint.nn.functional`` that change their input, as layers with ``inplace=True`` call them.

Source: the docstrings of ``mindspore.mint.nn.functional`` in MindSpore 2.10.
"""

from __future__ import annotations

from typing import Any

from mindspore import ops

from hubkit.compat.mint import activations as mint_activations
from hubkit.compat.mint.use import noted


def relu(input: Any) -> Any:
    """``mint.nn.functional.relu_(input)``."""
    return input.copy_(ops.relu(ops.cast(input, noted("relu_", input.dtype))))


def silu(input: Any) -> Any:
    """``mint.nn.functional.silu(input, inplace=True)``."""
    return input.copy_(input * ops.sigmoid(ops.cast(input, noted("silu_", input.dtype))))


def sigmoid(input: Any) -> Any:
    """``mint.nn.functional.sigmoid_(input)``."""
    return input.copy_(ops.sigmoid(ops.cast(input, noted("sigmoid_", input.dtype))))


def elu(input: Any, alpha: float = 1.0) -> Any:
    """``mint.nn.functional.elu_(input, alpha=1.0)``."""
    return input.copy_(mint_activations.elu(input, noted("elu_", alpha)))


def hardtanh(input: Any, min_val: float = -1, max_val: float = 1) -> Any:
    """``mint.nn.functional.hardtanh_(input, min_val=-1, max_val=1)``."""
    return input.copy_(mint_activations.hardtanh(input, noted("hardtanh_", min_val), max_val))


def threshold(input: Any, threshold: float, value: float) -> Any:
    """``mint.nn.functional.threshold_(input, threshold, value)``: ``value`` where it is not above ``threshold``."""
    return input.copy_(ops.select(input > noted("threshold_", threshold), input, ops.full_like(input, value)))
