"""A MINDIR in which every operator of one kind is computed in float64: what MindSpore gives where that is exact.

It is run beside the network, to find out whether an inexact kernel is why a file differs, and is published nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hubkit import wire
from hubkit.convert import mindir_proto as proto
from hubkit.convert.binary import map_file
from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.mindir_graph import Graph, Node, TensorType

_TENSOR, _NUMBER, _NAMES, _NAME = 19, 7, 21, 8  # AttributeProto.AttributeType
_CAST = "Cast:widened"
_TYPE_IDS = {"float32": 43, "float64": 44}  # as Cast takes them
_GRAPH_NODE = 1  # the number of Graph's field that holds one node


def widen(source: Path, target: Path, graph: Graph, operator: str) -> None:
    """Write ``source``, which holds ``graph``, with every float32 ``operator`` of one input in float64 to ``target``.

    So are those within functions, branches and loops. The parameters are copied as they are.
    """
    content = map_file(source, "MINDIR")
    rest, graphs = wire.split(content, proto.MODEL_GRAPH)
    rest, functions = wire.split(memoryview(rest), proto.MODEL_FUNCTIONS)
    model = proto.new("Model")
    cast = model.primitives.add(name=_CAST, op_type="Cast")
    for name, values in (("output_names", (b"output",)), ("input_names", (b"x", b"dst_type"))):
        listed = cast.attribute.add(name=name, type=_NAMES)
        for value in values:
            listed.values.add(strings=[value], type=_NAME)
    wide = {node.name: node for node in graph.every_node() if node.op == operator and _is_float32(node)}
    parts = [(proto.MODEL_GRAPH, _widened(graphs[0], wide, ""))]
    parts.extend((proto.MODEL_FUNCTIONS, _widened(each, wide, f":{place}")) for place, each in enumerate(functions))
    with target.open("wb") as stream:
        stream.write(rest + model.SerializeToString())
        for number, (written, kept) in parts:
            stream.write(wire.header(number, len(kept) + len(written)))
            stream.write(written)
            stream.write(kept)


def _widened(graph: memoryview, wide: Mapping[str, Node], suffix: str) -> tuple[bytes, bytes]:
    """The nodes of a graph, those of ``wide`` in float64, and its other fields; ``suffix`` ends the names of types."""
    kept, nodes = wire.split(graph, _GRAPH_NODE)
    parts: list[bytes] = []
    for payload in nodes:
        given = proto.parse("Node", bytes(payload))
        if given.name in wide and len(given.input) == 1:
            parts.extend(_field(node) for node in _in_float64(given, wide[given.name], suffix))
        else:
            parts.append(wire.header(_GRAPH_NODE, len(payload)) + payload)
    if len(parts) > len(nodes):
        parts = [*(_field(_type_id(name, suffix)) for name in _TYPE_IDS), *parts]
    return b"".join(parts), kept


def _is_float32(node: Node) -> bool:
    return isinstance(node.output_type, TensorType) and node.output_type.dtype.name == "float32"


def _in_float64(given: Any, node: Node, suffix: str) -> list[Any]:
    """What stands for ``given``: a cast, the operator, a cast."""
    before, after = f"{given.name}:wide", f"{given.name}:exact"
    return [
        _node(before, f"REF::{_CAST}", (given.input[0], _named("float64", suffix)), node, "float64"),
        _node(after, given.op_type, (before,), node, "float64"),
        _node(given.output[0], f"REF::{_CAST}", (after, _named("float32", suffix)), node, "float32"),
    ]


def _node(name: str, operator: str, inputs: tuple[str, ...], like: Node, dtype: str) -> Any:
    assert isinstance(like.output_type, TensorType)
    node = proto.new("Node")
    node.name, node.op_type, node.domain = name, operator, like.scope
    node.input.extend(inputs)
    node.output.append(name)
    value = node.attribute.add(name="shape", type=_TENSOR).tensors.add()
    value.dims.extend(like.output_type.shape)
    value.data_type = BY_NAME[dtype].mindir[0]
    return node


def _named(dtype: str, suffix: str) -> str:
    return f"widened:{dtype}{suffix}"


def _type_id(dtype: str, suffix: str) -> Any:
    """The constant by which a cast names ``dtype``."""
    node = proto.new("Node")
    node.name, node.op_type = _named(dtype, suffix), "Constant"
    node.output.append(node.name)
    node.attribute.add(name="value", i=_TYPE_IDS[dtype], type=_NUMBER)
    return node


def _field(node: Any) -> bytes:
    payload: bytes = node.SerializeToString()
    return wire.header(_GRAPH_NODE, len(payload)) + payload
