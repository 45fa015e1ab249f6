"""Let an ONNX graph that computes in float16 compute in float32, but for its inputs and outputs."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from hubkit.convert.lowering.subgraph import graphs, rename_reads

_WIDE = "_float32"


def widened(model: onnx.ModelProto) -> bool:
    """Make the float16 values of ``model`` float32; inputs and outputs are cast. False where there are none."""
    half = [tensor for tensor in model.graph.initializer if tensor.data_type == TensorProto.FLOAT16]
    ports = [port for port in (*model.graph.input, *model.graph.output) if _is_half(port)]
    if not half and not ports and not any(_casts_to_half(node) for node in model.graph.node):
        return False
    _widen(model.graph)
    before = [_cast(port.name, port.name + _WIDE, TensorProto.FLOAT) for port in model.graph.input if _is_half(port)]
    renames = {node.input[0]: node.output[0] for node in before}
    for node in model.graph.node:
        rename_reads(node, renames)
    after = [_cast(port.name + _WIDE, port.name, TensorProto.FLOAT16) for port in model.graph.output if _is_half(port)]
    ends = {node.output[0]: node.input[0] for node in after}
    for node in model.graph.node:
        rename_reads(node, ends)
        node.output[:] = [ends.get(name, name) for name in node.output]
    nodes = [*before, *model.graph.node, *after]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return True


def _widen(graph: onnx.GraphProto) -> None:
    del graph.value_info[:]
    for tensor in graph.initializer:
        _widen_tensor(tensor)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.name in ("to", "dtype") and attribute.i == TensorProto.FLOAT16:
                attribute.i = TensorProto.FLOAT
            if attribute.HasField("t"):
                _widen_tensor(attribute.t)
        for inner in graphs(node):
            _widen(inner)
            for port in (*inner.input, *inner.output):
                if _is_half(port):
                    port.type.tensor_type.elem_type = TensorProto.FLOAT


def _widen_tensor(tensor: TensorProto) -> None:
    if tensor.data_type == TensorProto.FLOAT16:
        array = numpy_helper.to_array(tensor).astype(np.float32)
        tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))


def _casts_to_half(node: onnx.NodeProto) -> bool:
    return any(attribute.name == "to" and attribute.i == TensorProto.FLOAT16 for attribute in node.attribute)


def _is_half(port: onnx.ValueInfoProto) -> bool:
    return bool(port.type.tensor_type.elem_type == TensorProto.FLOAT16)


def _cast(source: str, target: str, kind: int) -> onnx.NodeProto:
    return helper.make_node("Cast", [source], [target], name=f"{target}:cast", to=kind)
