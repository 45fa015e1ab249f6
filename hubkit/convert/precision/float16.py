"""Let an ONNX graph compute in float16: half the size, with inputs and outputs as they were (float32).

Weights are rounded to the nearest. What float16 cannot hold stays in float32, with casts around it: operators reading
a constant beyond its range (65504) or a single number that would become 0, operators whose sums leave the range, and
inputs that ONNX wants in float32 whatever the others are (the scales of Resize). A runtime may still compute operators
in float32 and round after it, as ONNX Runtime does on most processors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import OPSET, Initializer, Value
from hubkit.convert.lowering.engine import Lowered
from hubkit.convert.lowering.subgraph import graphs, reads

_FLOAT, _HALF = BY_NAME["float32"], BY_NAME["float16"]
_HALF_TYPE = "tensor(float16)"
_LARGEST = float(np.finfo(np.float16).max)

# Operators that stay in float32: sums of many terms or powers leave the range, positions need more digits, and the
# element type of what these make is an attribute.
_KEPT = frozenset(
    {
        "Bernoulli", "CumSum", "Exp", "EyeLike", "LpNormalization", "LpPool", "Multinomial", "NonMaxSuppression", "Pow",
        "RandomNormalLike", "RandomUniformLike", "Range", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp",
        "ReduceProd", "ReduceSum", "ReduceSumSquare", "RoiAlign",
    }
)  # fmt: skip


def to_float16(lowered: Lowered) -> Lowered:
    """``lowered`` with its float32 values in float16, but for its inputs, its outputs, and what float16 cannot hold.

    What branches and loops are given and return stays in float32 too.
    """
    return _Halving(lowered).result()


class _Halving:
    def __init__(self, lowered: Lowered) -> None:
        self._lowered = lowered
        self._names = set(lowered.values)
        self._initializers = {tensor.name: tensor for tensor in lowered.initializers}
        self._nodes: list[onnx.NodeProto] = []
        self._halved: dict[str, str] = {}  # the name of a float32 value -> that of the same in float16
        self._floats: dict[str, str] = {}  # a value that exists in float16 alone -> the same in float32, once asked for
        self._made: dict[str, Value] = {}
        self._outputs = {tensor.name for tensor in lowered.outputs}

    def result(self) -> Lowered:
        for node in self._lowered.model.graph.node:
            self._convert(node)
        model = onnx.ModelProto()
        model.CopyFrom(self._lowered.model)
        del model.graph.node[:]
        model.graph.node.extend(self._nodes)
        read = {name for node in self._nodes for name in reads(node)} | self._outputs
        return replace(
            self._lowered,
            model=model,
            initializers=tuple(tensor for tensor in self._initializers.values() if tensor.name in read),
            values={**self._lowered.values, **self._made},
        )

    def _convert(self, given: onnx.NodeProto) -> None:
        node = onnx.NodeProto()
        node.CopyFrom(given)
        for name in {name for graph in graphs(given) for inner in graph.node for name in reads(inner)}:
            if self._is_float(name):
                self._float(name)  # here, as a name may be given only once, within a branch or around it
        for graph in graphs(node):
            self._convert_within(graph)
        schema = onnx.defs.get_schema(node.op_type, OPSET, node.domain)
        halved = self._is_halved(node, schema)
        for index, name in enumerate(node.input):
            if self._is_float(name):
                wants_half = halved and _takes_half(schema, schema.inputs[min(index, len(schema.inputs) - 1)])
                node.input[index] = self._half(name) if wants_half else self._float(name)
        if halved:
            _halve_attributes(node)
        self._nodes.append(node)
        for index, name in enumerate(node.output):
            formal = schema.outputs[min(index, len(schema.outputs) - 1)]
            if halved and self._is_float(name) and _takes_half(schema, formal):
                self._halved[name] = node.output[index] = self._new(name, _HALF)
                if name in self._outputs:
                    self._cast(node.output[index], name, _FLOAT)
                else:
                    self._floats[name] = ""

    def _convert_within(self, graph: onnx.GraphProto) -> None:
        """Halve a branch or the body of a loop, but for its inputs and its outputs."""
        around = self._nodes, self._outputs, dict(self._halved), dict(self._floats)
        self._nodes, self._outputs = [], {output.name for output in graph.output}
        for node in graph.node:
            self._convert(node)
        del graph.node[:]
        graph.node.extend(self._nodes)
        made = {name: half for name, half in self._halved.items() if name in self._initializers}
        self._nodes, self._outputs, self._halved, self._floats = around
        self._halved |= made  # weights belong to the whole, whatever reads them first

    def _is_halved(self, node: onnx.NodeProto, schema: Any) -> bool:
        if node.op_type in _KEPT or any(graphs(node)) or _reduces(node):
            return False
        formals = [(schema.inputs[min(i, len(schema.inputs) - 1)], name) for i, name in enumerate(node.input)]
        formals += [(schema.outputs[min(i, len(schema.outputs) - 1)], name) for i, name in enumerate(node.output)]
        taking = [name for formal, name in formals if self._is_float(name) and _takes_half(schema, formal)]
        return bool(taking) and all(_fits(self._lowered.values[name]) for name in taking)

    def _is_float(self, name: str) -> bool:
        value = self._lowered.values.get(name)
        return value is not None and value.dtype == _FLOAT

    def _half(self, name: str) -> str:
        """The name of ``name`` in float16."""
        if name not in self._halved:
            made = self._halved[name] = self._new(name, _HALF)
            tensor = self._initializers.get(name)
            if tensor is None:
                self._cast(name, made, _HALF)
            else:
                array = np.asarray(self._lowered.values[name].array).astype(np.float16)
                data = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
                self._initializers[made] = Initializer(made, _HALF, tensor.shape, data)
        return self._halved[name]

    def _float(self, name: str) -> str:
        """The name of ``name`` in float32."""
        if self._floats.get(name) == "":
            self._floats[name] = name
            self._cast(self._halved[name], name, _FLOAT)
        return name

    def _cast(self, source: str, target: str, dtype: Any) -> None:
        self._nodes.append(helper.make_node("Cast", [source], [target], name=f"{target}:cast", to=dtype.onnx))

    def _new(self, name: str, dtype: Any) -> str:
        made = f"{name}_{dtype.name}"
        while made in self._names:
            made += "_"
        self._names.add(made)
        self._made[made] = replace(self._lowered.values[name], name=made, dtype=dtype, array=None)
        return made


def _reduces(node: onnx.NodeProto) -> bool:
    """Whether ``node`` adds up, or likewise, what it writes to one place: ONNX Runtime does not in float16."""
    return any(item.name == "reduction" and item.s not in (b"", b"none") for item in node.attribute)


def _takes_half(schema: Any, formal: Any) -> bool:
    constraints: Mapping[str, Any] = {item.type_param_str: item for item in schema.type_constraints}
    constraint = constraints.get(formal.type_str)
    return constraint is not None and _HALF_TYPE in constraint.allowed_type_strs


def _fits(value: Value) -> bool:
    """Whether float16 can hold a constant; anything else is taken to be in range, which the parity shows."""
    if value.array is None:
        return True
    finite = value.array[np.isfinite(value.array)]
    if finite.size and np.abs(finite).max() > _LARGEST:
        return False
    return value.array.size > 1 or not value.array.any() or bool(value.array.astype(np.float16).any())


def _halve_attributes(node: onnx.NodeProto) -> None:
    """The element types that ``node`` names itself."""
    for attribute in node.attribute:
        if node.op_type == "Cast" and attribute.name == "to" and attribute.i == TensorProto.FLOAT:
            attribute.i = TensorProto.FLOAT16
        if attribute.HasField("t") and attribute.t.data_type == TensorProto.FLOAT:
            array = onnx.numpy_helper.to_array(attribute.t).astype(np.float16)
            attribute.t.CopyFrom(onnx.numpy_helper.from_array(array, attribute.t.name))
