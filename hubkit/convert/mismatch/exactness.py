"""Which of two runtimes computes an operator more exactly: both against NumPy in float64, for the same input.

MindSpore 2.10 approximates some functions on a CPU: its Tanh is off by up to 1.1e-4, its Exp by 6e-6 of the value near
0 and by 2.6e-5 far from it. What comes after may enlarge that beyond what a comparison allows. Who is inexact is
measured, each time, and never assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.mindir_graph import Graph, Node, TensorType
from hubkit.convert.mismatch.layers import Reference
from hubkit.convert.mismatch.probes import OnnxProbes, Probe
from hubkit.convert.mismatch.record import Exactness
from hubkit.errors import ConvertError

_Array = NDArray[Any]
_AT_MOST = 64  # layers measured, the nearest to the one that differs
_MEMORY = 512 << 20  # bytes of their inputs and outputs
_NOTEWORTHY = 8 * 2.0**-23  # as a share of the greatest value: eight times what rounding to float32 may lose
_RATIO = 10.0
_RELATIVE = frozenset({"Exp"})  # of which small values count as much as large ones


def _sigmoid(x: _Array) -> _Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def _softplus(x: _Array) -> _Array:
    return np.asarray(np.logaddexp(0, x))


EXACT: dict[str, Callable[[_Array], _Array]] = {
    "Cos": np.cos,
    "Exp": np.exp,
    "Expm1": np.expm1,
    "Log": np.log,
    "Log1p": np.log1p,
    "Mish": lambda x: np.asarray(x * np.tanh(_softplus(x))),
    "SiLU": lambda x: np.asarray(x * _sigmoid(x)),
    "Sigmoid": _sigmoid,
    "Sin": np.sin,
    "Softplus": _softplus,
    "Tanh": np.tanh,
}
"""Operators of one input and no attributes -> what they compute, in float64."""


def least_exact(
    graph: Graph,
    reference: Reference,
    candidate: OnnxProbes,
    given: Mapping[str, _Array],
    traces: Mapping[str, str],
    layer: str,
    *,
    alone: bool,
) -> Exactness | None:
    """The layer up to ``layer``, or that one ``alone``, at which the two runtimes' exactness differs most.

    Each is given what MindSpore gives it for the network's input ``given``; ``traces`` tells a value's name in
    ``candidate``. None where no operator of `EXACT` is among them, where they cannot be run apart, and where neither
    runtime is off by more than `_NOTEWORTHY` and `_RATIO` times as much as the other.
    """
    found = [
        exactness
        for node in _measurable(graph, layer, alone=alone)
        if (exactness := _measured(graph, node, reference, candidate, given, traces))
    ]
    return max(found, key=lambda item: max(item.reference_off, item.candidate_off) / item.scale, default=None)


def _measurable(graph: Graph, layer: str, *, alone: bool) -> list[Node]:
    """The nodes of `EXACT` that the layer depends on, itself among them, the nearest last."""
    producers = {output: node for node in graph.nodes for output in node.outputs}
    wanted: set[str] = set()
    waiting = [node for node in graph.nodes if node.scope == layer]
    if alone:
        return [node for node in waiting if node.op in EXACT]
    while waiting:
        node = waiting.pop()
        if node.name not in wanted:
            wanted.add(node.name)
            waiting.extend(producers[name] for name in node.inputs if name in producers)
    return [node for node in graph.nodes if node.name in wanted and node.op in EXACT][-_AT_MOST:]


def _measured(
    graph: Graph,
    node: Node,
    reference: Reference,
    candidate: OnnxProbes,
    given: Mapping[str, _Array],
    traces: Mapping[str, str],
) -> Exactness | None:
    """How far both are off at ``node``; None where that is not to be had, or not worth telling."""
    values = _values(graph, node, reference, candidate, given, traces)
    if values is None:
        return None
    x, theirs, ours = values
    if x.dtype != np.float32 or theirs.shape != ours.shape:
        return None
    with np.errstate(all="ignore"):
        exact = EXACT[node.op](x.astype(np.float64))
    if exact.shape != ours.shape:
        return None
    relative = node.op in _RELATIVE
    usual = np.isfinite(exact) & np.isfinite(theirs) & np.isfinite(ours)
    usual &= (np.abs(exact) > np.finfo(np.float32).tiny) | (not relative)
    if not usual.any():
        return None
    exact, theirs, ours = exact[usual], theirs[usual].astype(np.float64), ours[usual].astype(np.float64)
    size = np.abs(exact) if relative else np.ones_like(exact)
    off = Exactness(
        layer=node.scope,
        operator=node.op,
        reference_off=float((np.abs(theirs - exact) / size).max()),
        candidate_off=float((np.abs(ours - exact) / size).max()),
        scale=1.0 if relative else max(1.0, float(np.abs(exact).max())),
        relative=relative,
    )
    least, most = sorted((off.reference_off, off.candidate_off))
    return off if most > _NOTEWORTHY * off.scale and most > _RATIO * least else None


def _values(
    graph: Graph,
    node: Node,
    reference: Reference,
    candidate: OnnxProbes,
    given: Mapping[str, _Array],
    traces: Mapping[str, str],
) -> tuple[_Array, _Array, _Array] | None:
    """The input of ``node`` in MindSpore, and what both give for it; None where that is not to be had."""
    probes = {layer.probe.reference: layer.probe for layer in reference.layers.values() if layer.probe}
    source, own = probes.get(node.inputs[0]), probes.get(node.outputs[0])
    inputs = dict(zip((item.name for item in graph.inputs), given.items(), strict=False))
    known = graph.constants.get(node.inputs[0])
    if node.inputs[0] in graph.parameters:
        known = graph.parameters[node.inputs[0]].array()
    if own and own.bytes * 8 > _MEMORY:
        return None
    try:
        if isinstance(known, np.ndarray):  # what is known at once is no node of an ONNX file
            type_ = node.output_type if isinstance(node.output_type, TensorType) else None
            itself = Probe(node.scope, node.op, node.outputs[0], "", 0, type_)
            ((theirs,),) = reference.values([itself], [given])
            return known, theirs, candidate.weight(traces.get(node.outputs[0], ""))
        if own is None:
            return None
        if source is not None:
            ((x, theirs),) = reference.values([source, own], [given])
            return x, theirs, candidate.part(own.onnx, {source.onnx: x})
        name, x = inputs[node.inputs[0]]
        ((theirs,),) = reference.values([own], [given])
        return x, theirs, candidate.part(own.onnx, {name: x})
    except (ConvertError, KeyError):
        return None
