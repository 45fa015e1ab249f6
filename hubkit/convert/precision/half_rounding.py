"""Sums in float16 that ONNX Runtime does not round where they become float32.

On a processor without arithmetic in float16 it computes in float32, with casts around, and leaves out a cast to float16
before one to float32 (1.31.1). A network that adds -10000 to what is to be masked counts on the rounding: where a whole
row is masked, its softmax is one of multiples of 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import onnx
from onnx import helper

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Initializer, Value
from hubkit.convert.lowering.engine import Lowered
from hubkit.convert.lowering.subgraph import graphs

_HALF, _SINGLE, _INT64 = BY_NAME["float16"], BY_NAME["float32"], BY_NAME["int64"]


def with_rounding(lowered: Lowered) -> Lowered:
    """``lowered`` with a Reshape to its own shape between each value of float16 and its Cast to float32."""
    model = onnx.ModelProto()
    model.CopyFrom(lowered.model)
    shapes: dict[int, Initializer] = {}
    _keep_apart(model.graph, lowered.values, shapes)
    if not shapes:
        return lowered
    return replace(lowered, model=model, initializers=(*lowered.initializers, *shapes.values()))


def _keep_apart(graph: onnx.GraphProto, values: Mapping[str, Value], shapes: dict[int, Initializer]) -> None:
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        for inner in graphs(node):
            _keep_apart(inner, values, shapes)
        given = values.get(node.input[0]) if _becomes_single(node) else None
        if given is not None and given.dtype == _HALF and given.rank:
            apart = f"{node.output[0]}:rounded"
            nodes.append(helper.make_node("Reshape", [given.name, _own_shape(given.rank, shapes)], [apart], name=apart))
            node.input[0] = apart
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)


def _becomes_single(node: onnx.NodeProto) -> bool:
    to = [attribute.i for attribute in node.attribute if attribute.name == "to"]
    return node.op_type == "Cast" and to == [_SINGLE.onnx]


def _own_shape(rank: int, shapes: dict[int, Initializer]) -> str:
    """The name of a constant of zeros: each stands for the axis of what is reshaped."""
    if rank not in shapes:
        data = np.zeros(rank, np.int64).view(np.uint8).data
        shapes[rank] = Initializer(f"own_shape_of_{rank}_axes", _INT64, (rank,), data)
    return shapes[rank].name
