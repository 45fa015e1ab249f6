"""Graphs within a graph: the branches of If, the body of Loop. They read values of the graph around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import onnx
from onnx import helper

from hubkit.convert.lowering.values import Value


def subgraph(
    name: str, nodes: Sequence[onnx.NodeProto], inputs: Sequence[Value], outputs: Sequence[Value]
) -> onnx.GraphProto:
    """The graph of ``nodes``; sizes that follow the batch are left open."""
    return helper.make_graph(nodes, name, [_port(value) for value in inputs], [_port(value) for value in outputs])


def reads(node: onnx.NodeProto) -> Iterator[str]:
    """The names of what ``node`` reads, that of its graphs included."""
    yield from node.input
    for graph in graphs(node):
        for inner in graph.node:
            yield from reads(inner)


def rename_reads(node: onnx.NodeProto, renames: Mapping[str, str]) -> None:
    """Rename what ``node`` and its graphs read."""
    node.input[:] = [renames.get(name, name) for name in node.input]
    for graph in graphs(node):
        for inner in graph.node:
            rename_reads(inner, renames)


def graphs(node: onnx.NodeProto) -> Iterator[onnx.GraphProto]:
    """The graphs within ``node``."""
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            yield attribute.g


def _port(value: Value) -> onnx.ValueInfoProto:
    sizes = [None if axis in value.dynamic else size for axis, size in enumerate(value.shape)]
    return helper.make_tensor_value_info(value.name, value.dtype.onnx, sizes)
