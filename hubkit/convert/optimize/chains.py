"""Drop operators that change nothing, and join those of which the second undoes or goes on with the first."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import onnx

from hubkit.convert.optimize.graph import OptimizedGraph, attribute

# Operators that give the same elements in the same order, in a shape of their own.
_RESHAPING = ("Reshape", "Flatten", "Squeeze", "Unsqueeze")


def drop_chains(graph: OptimizedGraph) -> int:
    """Identity, and casts, reshapes and transpositions that leave everything as it is or can be done at once."""
    changed = sum(_PASSES[node.op_type](graph, node) for node in graph.nodes(*_PASSES))
    graph.drop_unread()
    return changed


def _identity(graph: OptimizedGraph, node: onnx.NodeProto) -> bool:
    return graph.bypass(node, node.input[0])


def _cast(graph: OptimizedGraph, node: onnx.NodeProto) -> bool:
    given = graph.value(node.input[0])
    if given.dtype == graph.value(node.output[0]).dtype:
        return graph.bypass(node, given.name)
    before = graph.writer(given.name)
    if before is None or before.op_type != "Cast":
        return False
    first = graph.value(before.input[0]).dtype
    if "bfloat16" in (first.name, given.dtype.name) or not np.can_cast(first.numpy, given.dtype.numpy, "safe"):
        return False  # the first cast loses something
    graph.rewrite(node, before.input)
    return True


def _transpose(graph: OptimizedGraph, node: onnx.NodeProto) -> bool:
    order = _order(graph, node)
    if order == tuple(range(len(order))):
        return graph.bypass(node, node.input[0])
    before = graph.writer(node.input[0])
    if before is None or before.op_type != "Transpose":
        return False
    first = _order(graph, before)
    graph.rewrite(node, before.input, perm=[first[axis] for axis in order])
    return True


def _order(graph: OptimizedGraph, node: onnx.NodeProto) -> tuple[int, ...]:
    rank = graph.value(node.input[0]).rank
    return tuple(attribute(node, "perm", tuple(reversed(range(rank)))))


def _reshape(graph: OptimizedGraph, node: onnx.NodeProto) -> bool:
    given, result = graph.value(node.input[0]), graph.value(node.output[0])
    if (given.shape, given.probe) == (result.shape, result.probe):
        return graph.bypass(node, given.name)
    before = graph.writer(given.name)
    if before is None or before.op_type not in _RESHAPING:
        return False
    source = graph.value(before.input[0])
    if (source.shape, source.probe) == (result.shape, result.probe):
        return graph.bypass(node, source.name)
    sizes = _sizes(source.shape, source.probe, result.shape, result.probe)
    if node.op_type != "Reshape" or attribute(node, "allowzero", 0) or sizes is None:
        return False
    graph.rewrite(node, [source.name, graph.add_constant("shape", np.array(sizes, np.int64))])
    return True


def _sizes(
    source: tuple[int, ...], source_probe: tuple[int, ...], shape: tuple[int, ...], probe: tuple[int, ...]
) -> list[int] | None:
    """What to tell a Reshape so that ``source`` becomes ``shape``, whatever the open sizes are; None if it cannot.

    0 takes the size of the same axis, and one axis may be -1: what is left.
    """
    if 0 in shape or math.prod(source) == 0:
        return None
    sizes: list[int] = []
    for axis, (size, probed) in enumerate(zip(shape, probe, strict=True)):
        same = axis < len(source) and (source[axis], source_probe[axis]) == (size, probed)
        sizes.append(size if size == probed else 0 if same else -1)
    return sizes if sizes.count(-1) <= 1 else None


def _expand(graph: OptimizedGraph, node: onnx.NodeProto) -> bool:
    given, result = graph.value(node.input[0]), graph.value(node.output[0])
    same = (given.shape, given.probe) == (result.shape, result.probe)
    return same and graph.bypass(node, given.name)


_PASSES: dict[str, Callable[[OptimizedGraph, onnx.NodeProto], bool]] = {
    "Identity": _identity,
    "Cast": _cast,
    "Transpose": _transpose,
    "Expand": _expand,
    **dict.fromkeys(_RESHAPING, _reshape),
}
