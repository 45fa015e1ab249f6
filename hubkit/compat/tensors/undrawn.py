"""Operators of tensors whose values are still to be drawn: of ``initializer(Normal(0.02), shape) * 0.5``.

Before MindSpore 2 a tensor drew its values where its first operator was asked for; now that raises an error.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from mindspore import Tensor

from hubkit.compat.use import mark

_OPERATORS = (
    *("__getitem__", "__setitem__", "__neg__", "__pow__", "__add__", "__radd__", "__sub__", "__rsub__"),
    *("__mul__", "__rmul__", "__truediv__", "__rtruediv__", "reshape", "view", "transpose", "astype"),
)


def install() -> None:
    """Let a tensor draw its values where one of its operators is used; calling it again changes nothing."""
    for name in _OPERATORS:
        method = getattr(Tensor, name)
        if not getattr(method, "draws", False):
            setattr(Tensor, name, _drawn(name, method))


def _drawn(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def drawn(*given: Any, **named: Any) -> Any:
        for tensor in given:
            if type(tensor) is Tensor and tensor.init is not None:  # a parameter draws its own
                mark(f"mindspore.Tensor.{name} of initializer(...)")
                tensor.init_data()
        return method(*given, **named)

    drawn.draws = True  # type: ignore[attr-defined]
    return drawn
