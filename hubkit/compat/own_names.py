"""Methods of a network that have the name of one that MindSpore 2 has given ``nn.Cell`` for itself, and calls."""

from __future__ import annotations

from typing import Any

from mindspore import nn

from hubkit.compat.use import mark

_CALLED = ("_predict",)
"""Methods that calling a cell calls, and that cells of MindSpore 1.x did not have."""


def keep_own_methods(cell: Any) -> None:
    """Let calls of ``cell`` not run into methods of its own that have such a name.

    ``nn.Cell.__call__`` is told to call what it means by another name.
    """
    kinds = [type(found) for _, found in cell.cells_and_names()]
    for name in _CALLED:
        meant = getattr(nn.Cell, name, None)
        if meant is None or all(getattr(kind, name) is meant for kind in kinds):
            continue
        other = f"{name}_of_cell"
        code = nn.Cell.__call__.__code__
        setattr(nn.Cell, other, meant)
        names = tuple(other if used == name else used for used in code.co_names)
        nn.Cell.__call__.__code__ = code.replace(co_names=names)
        mark(f"a method {name} of its own")
