"""Parameters that a network's code has taken away (``self.norm.bias = None``), at which MindSpore's compiler fails."""

from __future__ import annotations

from typing import Any

from hubkit.compat.use import mark


def drop_absent_parameters(cell: Any) -> None:
    """Let what ``cell`` and the cells in it hold as a parameter that is None be an attribute that is None."""
    for _, owner in cell.cells_and_names():
        for name in [name for name, value in owner._params.items() if value is None]:
            del owner._params[name]
            vars(owner)[name] = None
            mark(f"a parameter that is None ({type(owner).__name__}.{name})")
