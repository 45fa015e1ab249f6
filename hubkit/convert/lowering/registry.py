"""The table of lowerings: MindIR operator -> the function that expresses it in ONNX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from hubkit.convert.lowering.builder import Builder
from hubkit.convert.lowering.call import Argument, Call

Function: TypeAlias = Callable[[Builder, Call], Argument]


@dataclass(frozen=True, slots=True)
class Lowering:
    """How one MindIR operator is expressed in ONNX."""

    op: str
    """The MindIR operator."""
    function: Function
    """Adds the ONNX nodes; its docstring begins with the operator's signature."""
    in_place: bool
    """Whether the operator also writes its result into its first input."""
    writes_parameter: bool
    """Whether that is a parameter of the network."""


LOWERINGS: dict[str, Lowering] = {}
"""Every registered lowering, by operator."""


def lowering(*ops: str, in_place: bool = False, writes_parameter: bool = False) -> Callable[[Function], Function]:
    """Register the decorated function for the MindIR operators ``ops``.

    Raises ValueError where one of them has a lowering already.
    """

    def register(function: Function) -> Function:
        for op in ops:
            if op in LOWERINGS:
                raise ValueError(f"{op} is lowered twice: by {LOWERINGS[op].function} and {function}")
            LOWERINGS[op] = Lowering(op, function, in_place, writes_parameter)
        return function

    return register
