"""A step that is repeated a known number of times, as a Loop: what a lowering would otherwise write out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import onnx

from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.subgraph import subgraph


def repeated(
    g: Builder, times: int, state: Sequence[Value], step: Callable[[Value, Sequence[Value]], Sequence[Value]]
) -> tuple[Value, ...]:
    """``state`` after ``step`` was taken ``times`` times; it is given how often it was (from 0) and the state."""
    counter, holds = g.constant(0, "int64"), g.constant(True, "bool")
    nodes: list[onnx.NodeProto] = []
    with g.within(nodes):
        names = [g.local("round", counter), g.local("going", holds), *(g.local("state", value) for value in state)]
        outputs = [g.node("Identity", value) for value in (names[1], *step(names[0], names[2:]))]
    body = subgraph("body", nodes, names, outputs)
    return g.node_of_known("Loop", (g.constant(times, "int64"), holds, *state), outputs[1:], {"body": body})
