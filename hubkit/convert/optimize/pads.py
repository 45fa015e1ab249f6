"""Fold a pad of zeros into the convolution that reads it."""

from __future__ import annotations

import onnx

from hubkit.convert.optimize.graph import OptimizedGraph, attribute

_UNPADDED = 2  # the axes of batch and channels


def fold_pads(graph: OptimizedGraph) -> int:
    """Pad (zeros, along the axes of the window) then Conv -> Conv with greater pads."""
    return sum(_fold(graph, node) for node in graph.nodes("Pad"))


def _fold(graph: OptimizedGraph, node: onnx.NodeProto) -> bool:
    layer, pads = graph.reader(node.output[0]), _zeros(graph, node)
    if layer is None or pads is None or layer.op_type != "Conv" or layer.input[0] != node.output[0]:
        return False
    rank = len(pads) // 2
    outside = (*pads[:_UNPADDED], *pads[rank : rank + _UNPADDED])
    inside = (*pads[_UNPADDED:rank], *pads[rank + _UNPADDED :])
    if any(outside) or min(inside) < 0 or attribute(layer, "auto_pad", "NOTSET") != "NOTSET":
        return False
    own = attribute(layer, "pads", [0] * len(inside))
    graph.rewrite(layer, pads=[a + b for a, b in zip(own, inside, strict=True)])
    return graph.bypass(node, node.input[0])


def _zeros(graph: OptimizedGraph, node: onnx.NodeProto) -> list[int] | None:
    """The pads of all axes, at their beginnings and then at their ends; None where they are not known or no zeros."""
    _, amounts, value, axes = [*node.input, "", ""][:4]
    found = graph.constant(amounts)
    if attribute(node, "mode", "constant") != "constant" or found is None or axes:
        return None
    if value and ((filled := graph.constant(value)) is None or filled.any()):
        return None
    return [int(amount) for amount in found]
