"""Which of two runtimes computes an operator more exactly: both against NumPy in float64, for the same input.

MindSpore 2.10 approximates some functions on a CPU: its Tanh is off by up to 1e-4, its Exp by 5e-6 of the value. What
comes after may enlarge that beyond what a comparison allows. Who is inexact is measured, each time, and never assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.layers import Reference
from hubkit.convert.mindir_graph import Graph, Node
from hubkit.convert.mismatch_record import Exactness
from hubkit.convert.probes import OnnxProbes
from hubkit.errors import ConvertError

_Array = NDArray[Any]
_AT_MOST = 64  # layers measured, the nearest to the one that differs
_MEMORY = 512 << 20  # bytes of their inputs and outputs
_NOTEWORTHY = 8 * 2.0**-23  # as a share of the greatest value: eight times what rounding to float32 may lose
_RATIO = 10.0


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
    layer: str,
    *,
    alone: bool,
) -> Exactness | None:
    """The layer up to ``layer``, or that one ``alone``, at which the two runtimes' exactness differs most.

    Each is given what MindSpore gives it for the network's input ``given``. None where no operator of `EXACT` is among
    them, where they cannot be run apart, and where neither runtime is off by more than `_NOTEWORTHY` and ten times as
    much as the other.
    """
    found = [
        exactness
        for node in _measurable(graph, layer, alone=alone)
        if (exactness := _measured(graph, node, reference, candidate, given))
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
    graph: Graph, node: Node, reference: Reference, candidate: OnnxProbes, given: Mapping[str, _Array]
) -> Exactness | None:
    """How far both are off at ``node``; None where that is not to be had, or not worth telling."""
    probes = {layer.probe.reference: layer.probe for layer in reference.layers.values() if layer.probe}
    source, own = probes.get(node.inputs[0]), probes.get(node.outputs[0])
    inputs = dict(zip((item.name for item in graph.inputs), given.items(), strict=False))
    if own is None or own.bytes * 8 > _MEMORY or (source is None and node.inputs[0] not in inputs):
        return None
    try:
        if source is None:
            name, x = inputs[node.inputs[0]]
            ((theirs,),) = reference.values([own], [given])
        else:
            name = source.onnx
            ((x, theirs),) = reference.values([source, own], [given])
        ours = candidate.part(own.onnx, {name: x})
    except ConvertError:
        return None
    if x.dtype != np.float32 or theirs.shape != ours.shape:
        return None
    with np.errstate(all="ignore"):
        exact = EXACT[node.op](x.astype(np.float64))
    finite = np.isfinite(exact) & np.isfinite(theirs) & np.isfinite(ours)
    if exact.shape != ours.shape or not finite.any():
        return None
    exact, theirs, ours = exact[finite], theirs[finite].astype(np.float64), ours[finite].astype(np.float64)
    scale = max(1.0, float(np.abs(exact).max()))
    off = Exactness(
        layer=node.scope,
        operator=node.op,
        reference_off=float(np.abs(theirs - exact).max()),
        candidate_off=float(np.abs(ours - exact).max()),
        scale=scale,
    )
    least, most = sorted((off.reference_off, off.candidate_off))
    return off if most > _NOTEWORTHY * scale and most > _RATIO * least else None
