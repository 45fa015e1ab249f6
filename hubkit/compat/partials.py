"""``functools.partial`` in what a network holds, which MindSpore's compiler does not call: functions instead."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from hubkit.compat.use import mark


def bind_partials(cell: Any) -> None:
    """Put a function in the place of each partial function that ``cell`` or a cell in it has as an attribute."""
    for _, owner in cell.cells_and_names():
        for name, value in list(vars(owner).items()):
            if type(value) is functools.partial and not isinstance(value.func, type):
                setattr(owner, name, _bound(value.func, value.args, value.keywords))
                mark(f"functools.partial ({type(owner).__name__}.{name})")


def _bound(function: Callable[..., Any], given: tuple[Any, ...], named: dict[str, Any]) -> Callable[..., Any]:
    def call(*more: Any, **further: Any) -> Any:
        return function(*given, *more, **{**named, **further})

    return call
