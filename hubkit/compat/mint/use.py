"""Telling which functions of ``mindspore.mint`` were computed by what stands for them."""

from __future__ import annotations

from hubkit.compat.noting import noting
from hubkit.compat.use import mark

_TOLD = "mindspore.mint {}(on the CPU)"

noted = noting(_TOLD)


def tell(name: str) -> None:
    """Note that ``mindspore.mint``'s ``name`` was used, where code runs."""
    mark(_TOLD.format(name))
