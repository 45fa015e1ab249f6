"""Telling what was computed by a stand-in, from code that MindSpore compiles: only what is constant runs there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mindspore import ops

from hubkit.compat.use import mark


def noting(told: str) -> Callable[[str, Any], Any]:
    """A function of a name and a constant that gives the constant; the use is told, as ``told`` with the name in it.

    Without a reader of what it gives, the compiler leaves the call out.
    """

    def noted(name: str, value: Any) -> Any:
        mark(told.format(name))
        return value

    compiled: Callable[[str, Any], Any] = ops.constexpr(noted)
    return compiled
