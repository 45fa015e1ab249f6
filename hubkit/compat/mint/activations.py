"""Activations of ``mindspore.mint`` whose operators only other devices have, in operators that the CPU has.

Each takes the arguments of the operator. Source: the docstrings of ``mindspore.mint.nn.functional`` in MindSpore
2.10.
"""

from __future__ import annotations

import math
from typing import Any

from mindspore import ops

from hubkit.compat.mint.use import noted

_SELU = 1.6732632423543772, 1.0507009873554805  # alpha and scale


def gelu(input: Any, approximate: str = "none") -> Any:
    """``mint.nn.functional.gelu(input, approximate="none")``."""
    if noted("gelu", approximate) == "tanh":
        inner = math.sqrt(2 / math.pi) * (input + 0.044715 * input * input * input)
        return 0.5 * input * (1 + ops.tanh(inner))
    return 0.5 * input * (1 + ops.erf(input * math.sqrt(0.5)))


def leaky_relu(input: Any, negative_slope: float = 0.01) -> Any:
    """``mint.nn.functional.leaky_relu(input, negative_slope=0.01)``."""
    return ops.select(input > 0, input, input * noted("leaky_relu", negative_slope))


def elu(input: Any, alpha: float = 1.0) -> Any:
    """``mint.nn.functional.elu(input, alpha=1.0)``."""
    return ops.select(input > 0, input, noted("elu", alpha) * (ops.exp(ops.minimum(input, 0)) - 1))


def selu(input: Any) -> Any:
    """``mint.nn.functional.selu(input)``."""
    alpha, scale = noted("selu", _SELU)
    return scale * ops.select(input > 0, input, alpha * (ops.exp(ops.minimum(input, 0)) - 1))


def mish(input: Any) -> Any:
    """``mint.nn.functional.mish(input)``: ``input`` times tanh(softplus(input))."""
    softplus = ops.relu(input) + ops.log(1 + ops.exp(-ops.abs(input)))
    return input * ops.tanh(ops.cast(softplus, noted("mish", input.dtype)))


def hardtanh(input: Any, min_val: float = -1, max_val: float = 1) -> Any:
    """``mint.nn.functional.hardtanh(input, min_val=-1, max_val=1)``, relu6 too."""
    return ops.minimum(ops.maximum(input, noted("hardtanh", min_val)), max_val)


def log_sigmoid(input: Any) -> Any:
    """``mint.nn.functional.logsigmoid(input)``, and what its gradient would use."""
    rest = ops.exp(-ops.abs(input))
    found = ops.minimum(input, 0) - ops.log(1 + rest)
    return ops.cast(found, noted("logsigmoid", input.dtype)), rest
