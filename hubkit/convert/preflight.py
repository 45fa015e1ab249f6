"""Before lowering: which operators of a network have no lowering, all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.mindir_graph import CALL, Graph
from hubkit.convert.refusal import RefusedError
from hubkit.convert.rewrites import REWRITES

_LAYERS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Unsupported:
    """One operator without a lowering."""

    op: str
    """The MindIR operator."""
    layers: tuple[str, ...]
    """The full names of the layers that use it, in the graph's order."""


class UnsupportedOperatorsError(RefusedError):
    """Some operators of the network have no lowering; `operators` lists all of them."""

    status = ConversionStatus.NO_LOWERING

    def __init__(self, operators: Sequence[Unsupported]) -> None:
        count = len(operators)
        lines = "".join(f"\n  {found.op}: {_layers(found.layers)}{_rewrite(found.op)}" for found in operators)
        super().__init__(
            f"{count} operator{'s have' if count > 1 else ' has'} no lowering to ONNX:{lines}",
            hint="Write these layers with other operators, or leave out the ONNX format.",
        )
        self.operators = tuple(operators)
        """Each operator without a lowering, by name."""


def _rewrite(op: str) -> str:
    return f"\n    {REWRITES[op]}" if op in REWRITES else ""


def unsupported(graph: Graph) -> tuple[Unsupported, ...]:
    """The operators of ``graph`` that have no lowering, by name."""
    from hubkit.convert.lowering import LOWERINGS

    layers: dict[str, list[str]] = {}
    for node in graph.every_node():
        if node.op not in LOWERINGS and node.op != CALL:
            layers.setdefault(node.op, []).append(node.scope)
    return tuple(Unsupported(op, tuple(layers[op])) for op in sorted(layers))


def check(graph: Graph) -> None:
    """Raise UnsupportedOperatorsError where ``graph`` has operators without a lowering."""
    if found := unsupported(graph):
        raise UnsupportedOperatorsError(found)


def _layers(layers: Sequence[str]) -> str:
    shown = ", ".join(layers[:_LAYERS_SHOWN])
    more = len(layers) - _LAYERS_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
