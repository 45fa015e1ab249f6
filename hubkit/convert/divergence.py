"""Find the first layer whose output differs: what MindSpore computes inside a MINDIR against its ONNX form.

A few inner values, spread over the network, are compared in one run of each runtime; then only what lies between the
first that differs and those that agree, and so on. At last the layer that was found is given the reference's own
inputs: where it still differs it is the cause, and where it does not, rounding has added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.mindir import read_mindir
from hubkit.convert.mindir_graph import Graph, Node, TensorType
from hubkit.convert.probes import OnnxProbes, Probe, mindir_values
from hubkit.convert.records import Divergence
from hubkit.errors import ConvertError
from hubkit.smoke.compare import Parity, Tolerance, compare

_Array = NDArray[Any]
_STRUCTURAL = frozenset({"Depend", "Load", "MakeTuple", "TupleGetItem", "UpdateState", "make_list"})
_AT_A_TIME = 24
_MEMORY = 512 << 20  # bytes of inner values in one run, in each runtime


@dataclass(frozen=True, slots=True)
class Files:
    """The two forms of a network."""

    mindir: Path
    """What the reference is."""
    onnx: Path
    """What differs from it."""
    input_names: tuple[str, ...]
    """The inputs' names in the ONNX file, in order."""
    output_names: tuple[str, ...]
    """The outputs' names in the ONNX file, in order."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One inner value in both runtimes."""

    probe: Probe
    """Which it is."""
    reference: _Array
    """In MindSpore."""
    figures: Parity | None
    """How far ONNX Runtime is from that; None where they cannot be compared, since the shapes differ."""

    @property
    def differs(self) -> bool:
        return self.figures is None or not self.figures.passed


def first_divergence(
    files: Files, inputs: Sequence[Mapping[str, _Array]], tolerance: Tolerance, folder: Path
) -> Divergence:
    """The first layer that differs for ``inputs``; several of them are given to the ONNX file as one batch.

    A layer's output is held to ``tolerance``, its absolute part taken relative to values above 1. Scratch files are
    written into ``folder``. Raises ConvertError where a file cannot be looked into, and where no inner value differs.
    """
    return _Search(files, inputs, tolerance, folder).run()


class _Search:
    def __init__(
        self, files: Files, inputs: Sequence[Mapping[str, _Array]], tolerance: Tolerance, folder: Path
    ) -> None:
        from hubkit.convert.lowering import LOWERINGS, lower

        self._mindir = files.mindir
        self._inputs = inputs
        self._tolerance = tolerance
        self._folder = folder
        self._graph = read_mindir(files.mindir)
        self._traces = lower(self._graph, input_names=files.input_names, output_names=files.output_names).traces
        self._onnx = OnnxProbes(files.onnx, folder)
        self._together = {name: np.concatenate([given[name] for given in inputs]) for name in files.input_names}
        self._above = _ancestors(self._graph)
        self._place = {node.name: place for place, node in enumerate(self._graph.nodes)}
        written = {node.inputs[0] for node in self._graph.nodes if node.op in LOWERINGS and LOWERINGS[node.op].in_place}
        self._probes = {node.name: probe for node in self._graph.nodes if (probe := self._probe(node, written))}
        self._compared = 0

    def run(self) -> Divergence:
        """Narrow the search until nothing is left between what agrees and what differs."""
        left = list(self._probes)
        done = 0
        worst: _Seen | None = None
        while left:
            chosen = self._spread(left)
            seen = dict(zip(chosen, self._look([self._probes[name] for name in chosen]), strict=True))
            for name, item in seen.items():
                done |= 1 << self._place[name] | (0 if item.differs else self._above[name])
            wrong = next((name for name in chosen if seen[name].differs), None)
            if wrong is not None:
                worst = seen[wrong]
                left = [name for name in left if self._above[wrong] >> self._place[name] & 1]
            left = [name for name in left if not done >> self._place[name] & 1]
        if worst is None:
            raise ConvertError(f"none of the {self._compared} inner values that were compared differs")
        return self._told(worst)

    def _probe(self, node: Node, written: set[str]) -> Probe | None:
        """The probe of a node's output; None where the ONNX file does not have it as it is in the MINDIR."""
        name = self._traces.get(node.outputs[0], "")
        usable = node.op not in _STRUCTURAL and node.outputs[0] not in written and name in self._onnx
        if not usable or not isinstance(node.output_type, TensorType) or min(node.output_type.shape, default=1) < 1:
            return None
        return Probe(node.scope, node.op, node.outputs[0], name, node.output_type)

    def _spread(self, names: Sequence[str]) -> list[str]:
        """Some of ``names``, evenly spread, the last one always, that fit into memory."""
        for count in range(min(_AT_A_TIME, len(names)), 0, -1):
            places = sorted({round((number + 1) * len(names) / count) - 1 for number in range(count)})
            chosen = [names[place] for place in places]
            if sum(self._probes[name].bytes for name in chosen) * len(self._inputs) <= _MEMORY:
                return chosen
        return [names[-1]]

    def _look(self, probes: Sequence[Probe]) -> list[_Seen]:
        reference = mindir_values(self._mindir, probes, self._inputs, self._folder)
        found = self._onnx.values([probe.onnx for probe in probes], self._together)
        self._compared += len(probes)
        return [
            self._seen(probe, [values[index] for values in reference], found[index])
            for index, probe in enumerate(probes)
        ]

    def _seen(self, probe: Probe, reference: Sequence[_Array], found: _Array) -> _Seen:
        whole = reference[0]
        if len(reference) > 1 and found.shape != whole.shape:
            whole = np.concatenate(reference) if whole.ndim else whole
        if found.shape != whole.shape or found.size == 0:
            return _Seen(probe, whole, None)
        return _Seen(probe, whole, self._figures(whole, found))

    def _figures(self, reference: _Array, found: _Array) -> Parity | None:
        """As `compare`, but values that are alike infinite or no number agree, and types may differ in width."""
        a, b = reference.astype(np.float32), found.astype(np.float32)
        alike = ~np.isfinite(a) & ((a == b) | (np.isnan(a) & np.isnan(b)))
        a, b = np.where(alike, np.float32(0), a), np.where(alike, np.float32(0), b)
        scale = max(1.0, float(np.max(np.abs(a), initial=0.0, where=np.isfinite(a))))
        wanted = self._tolerance
        return compare(a, b, atol=wanted.atol * scale, rtol=wanted.rtol, ppm=wanted.ppm)

    def _told(self, worst: _Seen) -> Divergence:
        own = self._own(worst.probe)
        figures = worst.figures
        return Divergence(
            layer=worst.probe.layer,
            operator=worst.probe.operator,
            max_abs=figures.max_abs if figures else 0.0,
            magnitude=float(np.max(np.abs(worst.reference.astype(np.float64)), initial=0.0)),
            own_max_abs=own.max_abs if own else None,
            is_cause=figures is None or own is None or not own.passed,
            index=figures.worst_index if figures else (),
            reference=figures.worst_reference if figures else 0.0,
            candidate=figures.worst_candidate if figures else 0.0,
            compared=self._compared,
        )

    def _own(self, probe: Probe) -> Parity | None:
        """How far the layer differs when it is given the reference's inputs; None where that cannot be run."""
        node = next(node for node in self._graph.nodes if node.outputs[0] == probe.mindir)
        given = dict(self._together)
        before = [self._probes[name] for name in self._probes if name in _direct(self._graph, node, set(self._probes))]
        reference = mindir_values(self._mindir, [*before, probe], self._inputs, self._folder)
        for index, known in enumerate(before):
            parts = [values[index] for values in reference]
            given[known.onnx] = np.concatenate(parts) if len(parts) > 1 and parts[0].ndim else parts[0]
        wanted = [values[-1] for values in reference]
        try:
            found = self._onnx.part(probe.onnx, given)
        except ConvertError:
            return None
        return self._seen(probe, wanted, found).figures


def _ancestors(graph: Graph) -> dict[str, int]:
    """Each node's name -> all nodes that it depends on, as the bits of a number: the n-th bit is the n-th node."""
    places = {output: place for place, node in enumerate(graph.nodes) for output in node.outputs}
    above: list[int] = []
    for node in graph.nodes:
        bits = 0
        for place in {places[name] for name in node.inputs if name in places}:
            bits |= above[place] | 1 << place
        above.append(bits)
    return {node.name: bits for node, bits in zip(graph.nodes, above, strict=True)}


def _direct(graph: Graph, node: Node, known: set[str]) -> set[str]:
    """The nearest nodes of ``known`` that ``node`` depends on."""
    producers = {output: item for item in graph.nodes for output in item.outputs}
    found: set[str] = set()
    passed: set[str] = set()
    waiting = list(node.inputs)
    while waiting:
        before = producers.get(waiting.pop())
        if before is None or before.name in passed:
            continue
        passed.add(before.name)
        if before.name in known:
            found.add(before.name)
        else:
            waiting.extend(before.inputs)
    return found
