"""Cells and weights in plain lists, which MindSpore does not find: such weights are not loaded, and not exported."""

from __future__ import annotations

import re
from typing import Any

import mindspore
from mindspore import nn

from hubkit.compat.use import mark

_NAMELESS = re.compile(r"Parameter(#\d+)?")
"""The name of a parameter that was given none."""


def register_listed(cell: Any) -> None:
    """Make a CellList of each list or tuple of cells in ``cell`` whose weights are in no other place, and a
    ParameterTuple of each of such weights.

    So code indexes and loops over it as before. Each weight has the name that a CellList gives it; one of a list of
    weights has its own, or its place.
    """
    known = {id(parameter) for parameter in cell.get_parameters()}
    for path, owner in list(cell.cells_and_names()):
        for name, value in list(vars(owner).items()):
            if not isinstance(value, list | tuple) or not value:
                continue
            if all(isinstance(item, mindspore.Parameter) and id(item) not in known for item in value):
                _register_weights(path, owner, name, value)
                known |= {id(parameter) for parameter in value}
            if not all(isinstance(item, nn.Cell) for item in value):
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


def _register_weights(path: str, owner: Any, name: str, weights: list[Any] | tuple[Any, ...]) -> None:
    """Make a ParameterTuple of ``weights``, the attribute ``name`` of ``owner``, which is at ``path``."""
    for place, weight in enumerate(weights):
        own = f"{name}.{place}" if _NAMELESS.fullmatch(weight.name) else weight.name
        weight.name = f"{path}.{own}" if path else own
    setattr(owner, name, mindspore.ParameterTuple(weights))
    mark(f"weights in a list ({f'{path}.' if path else ''}{name})")
