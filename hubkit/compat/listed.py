"""Cells in plain lists, which MindSpore does not find: their weights have no names of their own and are not loaded."""

from __future__ import annotations

from typing import Any

from mindspore import nn

from hubkit.compat.use import mark


def register_listed(cell: Any) -> None:
    """Make a CellList of each list or tuple of cells in ``cell`` whose weights are in no other place.

    So code indexes and loops over it as before, and each weight has the name that a CellList gives it.
    """
    known = {id(parameter) for parameter in cell.get_parameters()}
    for path, owner in list(cell.cells_and_names()):
        for name, value in list(vars(owner).items()):
            if not isinstance(value, list | tuple) or not value or not all(isinstance(item, nn.Cell) for item in value):
                continue
            hidden = [parameter for item in value for parameter in item.get_parameters()]
            if not any(id(parameter) not in known for parameter in hidden):
                continue
            setattr(owner, name, nn.CellList(list(value)))
            for parameter in hidden:
                if id(parameter) not in known and path:
                    parameter.name = f"{path}.{parameter.name}"
            known |= {id(parameter) for parameter in hidden}
            mark(f"cells in a list ({f'{path}.' if path else ''}{name})")
