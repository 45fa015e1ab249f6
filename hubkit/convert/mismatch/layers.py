"""Networks taken as right, layer by layer: a MINDIR in MindSpore, or an ONNX file that was made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.describe import STRUCTURAL
from hubkit.convert.mindir_graph import Graph, Node, TensorType
from hubkit.convert.mismatch.probes import OnnxProbes, Probe, mindir_values

_Array = NDArray[Any]
_ELEMENT = "TupleGetItem"
_ANY_SIZE = -1  # of an axis that is as long as the data makes it
_UNKNOWN_BYTES = 16 << 20  # what a value is taken to hold where its shape is not known


@dataclass(frozen=True, slots=True)
class Layer:
    """One node of a network."""

    above: tuple[str, ...]
    """The names of the nodes that it reads."""
    probe: Probe | None
    """How to look at its output in both networks; None where that cannot be."""


class Reference(Protocol):
    """A network whose inner values are taken as right."""

    @property
    def layers(self) -> Mapping[str, Layer]:
        """Its nodes by name, each after those that it reads."""

    def values(self, probes: Sequence[Probe], inputs: Sequence[Mapping[str, _Array]]) -> list[tuple[_Array, ...]]:
        """The values of ``probes``: one tuple for each of ``inputs``, or a single one for all of them as one batch."""


class MindirReference:
    """A MINDIR in MindSpore."""

    def __init__(
        self, path: Path, graph: Graph, traces: Mapping[str, str], candidate: OnnxProbes, folder: Path
    ) -> None:
        """Begin with the ``graph`` in ``path``; ``traces`` gives the name of a value in ``candidate``."""
        from hubkit.convert.lowering import LOWERINGS

        self._path = path
        self._folder = folder
        producers = {output: node for node in graph.nodes for output in node.outputs}
        written = {node.inputs[0] for node in graph.nodes if node.op in LOWERINGS and LOWERINGS[node.op].in_place}
        self.layers = {
            node.name: Layer(
                tuple(producers[name].name for name in node.inputs if name in producers),
                None if node.outputs[0] in written else _probe(node, _yielding(node, producers), traces, candidate),
            )
            for node in graph.nodes
        }

    def values(self, probes: Sequence[Probe], inputs: Sequence[Mapping[str, _Array]]) -> list[tuple[_Array, ...]]:
        return mindir_values(self._path, probes, inputs, self._folder)


class OnnxReference:
    """An ONNX file; the other one has the same names for the same values, or those that ``renamed`` gives."""

    def __init__(self, file: OnnxProbes, candidate: OnnxProbes, renamed: Callable[[str], str] = str) -> None:
        self._file = file
        producers = {output: node.output[0] for node in file.nodes for output in node.output}
        self.layers = {
            node.output[0]: Layer(
                tuple(producers[name] for name in node.input if name in producers),
                Probe(node.name, node.op_type, node.output[0], renamed(node.output[0]), _UNKNOWN_BYTES, None)
                if renamed(node.output[0]) in candidate
                else None,
            )
            for node in file.nodes
        }

    def values(self, probes: Sequence[Probe], inputs: Sequence[Mapping[str, _Array]]) -> list[tuple[_Array, ...]]:
        return [self._file.values([probe.reference for probe in probes], together(inputs))]


def together(inputs: Sequence[Mapping[str, _Array]]) -> dict[str, _Array]:
    """Several inputs as one batch."""
    if len(inputs) == 1:
        return dict(inputs[0])
    return {name: np.concatenate([given[name] for given in inputs]) for name in inputs[0]}


def _yielding(node: Node, producers: Mapping[str, Node]) -> Node:
    """The node that yields the tuple which ``node`` takes an element of; itself where it takes none."""
    while node.op == _ELEMENT and node.inputs[0] in producers:
        node = producers[node.inputs[0]]
    return node


def _probe(node: Node, yielding: Node, traces: Mapping[str, str], candidate: OnnxProbes) -> Probe | None:
    """The probe of a node's output; None where the ONNX file does not have it, or it is no tensor of known rank."""
    name, type_ = traces.get(node.outputs[0], ""), node.output_type
    if yielding.op in STRUCTURAL or name not in candidate:
        return None
    if not isinstance(type_, TensorType) or any(size == 0 or size < _ANY_SIZE for size in type_.shape):
        return None
    size = int(np.prod([abs(size) for size in type_.shape], dtype=np.int64)) * type_.dtype.itemsize
    return Probe(yielding.scope, yielding.op, node.outputs[0], name, size, type_)
