"""Telling which methods of tensors were computed by what stands for them."""

from __future__ import annotations

from typing import Any

from mindspore import ops

from hubkit.compat.use import mark


@ops.constexpr  # type: ignore[untyped-decorator]
def noted(name: str, value: Any) -> Any:
    """``value``; the use of the method ``name`` is told when it is compiled."""
    tell(name)
    return value


def tell(name: str) -> None:
    """Note that the method ``name`` of a tensor was used."""
    mark(f"mindspore.Tensor.{name}(on the CPU)")
