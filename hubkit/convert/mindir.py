"""Read a .mindir file into a small typed model, without MindSpore.

The graph's nodes keep their order; constants and parameters are looked up by name. The weights stay in a memory
map: a parameter's elements are copied only by who writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError

from hubkit import wire
from hubkit.convert import mindir_proto as proto
from hubkit.convert.binary import map_file, not_a
from hubkit.convert.dtypes import BY_MINDIR, BY_NAME
from hubkit.convert.mindir_graph import (
    CALL,
    ComplexType,
    Constant,
    Function,
    Graph,
    GraphInput,
    GraphOutput,
    Marker,
    Node,
    Parameter,
    TensorType,
    ValueType,
)
from hubkit.errors import ConvertError

_CONSTANT = "Constant"
_REFERENCE = "REF::"
_KIND = "MINDIR"
_COMPLEX = {14: "float32", 15: "float64"}  # the element types of their parts
_MAX_AXES = 64  # more than any runtime takes; a damaged file may have thousands, and every reader walks them


def read_mindir(path: Path) -> Graph:
    """Read ``path``.

    Raises ConvertError where the file is missing, no MINDIR, encrypted, cut short, inconsistent, or written on a
    big-endian machine.
    """
    content = map_file(path, _KIND)
    try:
        return _Reader(path).graph(content)
    except (wire.WireError, DecodeError) as error:
        raise not_a(_KIND, path, content, str(error)) from None


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._beside: dict[str, memoryview] = {}

    def graph(self, content: memoryview) -> Graph:
        rest, graphs = wire.split(content, proto.MODEL_GRAPH)
        model = proto.parse("Model", rest)
        if len(graphs) != 1 or not model.ir_version:
            raise not_a(_KIND, self.path, content, "it holds no graph")
        if not model.little_endian and model.mind_ir_version:
            raise self._bad("its weights are big endian", "Export it on a little-endian machine.")
        rest, tensors = wire.split(graphs[0], proto.GRAPH_PARAMETER)
        graph = proto.parse("Graph", rest)
        parameters = dict(self._parameter(tensor) for tensor in tensors)
        primitives = {primitive.name: primitive for primitive in model.primitives}
        constants: dict[str, Constant] = {}  # those of all functions; their names are the file's, not a function's
        for raw in (raw for part in (graph, *model.functions) for raw in part.node if raw.op_type == _CONSTANT):
            for name in raw.output:
                constants[name] = self._named(raw.attribute, raw.name).get("value")
        nodes = self._nodes(graph, primitives)
        functions = {function.name: self._function(function, primitives) for function in model.functions}
        inputs = tuple(self._input(value) for value in graph.input)
        outputs = tuple(GraphOutput(value.name, self._output_type(value)) for value in graph.output)
        everywhere = {*parameters, *constants, *functions}
        self._check_names(everywhere, [value.name for value in inputs], nodes, [value.name for value in outputs])
        for function in functions.values():
            self._check_names(everywhere, function.inputs, function.nodes, [function.output])
        return Graph(
            name=graph.name,
            inputs=inputs,
            outputs=outputs,
            parameters=parameters,
            constants=constants,
            nodes=nodes,
            functions=functions,
            producer=f"{model.producer_name} {model.model_version}".strip(),
            data_files=tuple(self._beside),
        )

    def _function(self, raw: Any, primitives: Mapping[str, Any]) -> Function:
        if len(raw.output) != 1:
            raise self._bad(f"function {raw.name} has {len(raw.output)} outputs, not one", "Export the file again.")
        inputs = tuple(value.name for value in raw.input)
        return Function(raw.name, inputs, raw.output[0].name, self._nodes(raw, primitives))

    def _nodes(self, graph: Any, primitives: Mapping[str, Any]) -> tuple[Node, ...]:
        return tuple(self._node(raw, primitives) for raw in graph.node if raw.op_type != _CONSTANT)

    def _node(self, raw: Any, primitives: Mapping[str, Any]) -> Node:
        attributes = [attribute for attribute in raw.attribute if attribute.name != "shape"]
        shapes = [attribute for attribute in raw.attribute if attribute.name == "shape"]
        op, callee = raw.op_type, ""
        if op.startswith(_REFERENCE):
            reference = op.removeprefix(_REFERENCE)
            primitive = primitives.get(reference)
            if primitive is None:
                op, callee = CALL, reference
            else:
                op = primitive.op_type
                attributes.extend(primitive.attribute)
        return Node(
            name=raw.name,
            op=op,
            inputs=tuple(raw.input),
            outputs=tuple(raw.output),
            attributes=self._named(attributes, raw.name),
            output_type=self._value_type(shapes[0]) if shapes else None,
            scope=raw.domain if "/" in raw.domain else raw.name,
            callee=callee,
        )

    def _parameter(self, view: memoryview) -> tuple[str, Parameter]:
        rest, raw = wire.split(view, proto.TENSOR_RAW_DATA)
        tensor = proto.parse("Tensor", rest)
        name = tensor.ref_key or tensor.name.rpartition(":")[2]
        if tensor.compression_type:
            raise self._bad(f"parameter {name} is compressed", "Export the network without weight compression.")
        data = self._external(tensor) if tensor.HasField("external_data") else raw[-1] if raw else memoryview(b"")
        type_ = self._tensor_type(tensor, f"parameter {name}")
        self._check_size(type_, len(data), f"parameter {name}")
        return tensor.name, Parameter(name, type_, data)

    def _external(self, tensor: Any) -> memoryview:
        external = tensor.external_data
        content = self._beside.get(external.location)
        if content is None:
            content = self._beside[external.location] = self._mapped(external.location, tensor.ref_key)
        end = external.offset + external.length
        if external.offset < 0 or external.length < 0 or end > len(content):
            raise self._bad(
                f"parameter {tensor.ref_key} lies behind the end of {external.location}",
                "Fetch or export the file and its data files again.",
            )
        return content[external.offset : end]

    def _mapped(self, location: str, parameter: str) -> memoryview:
        folder = self.path.parent.resolve()
        file = (folder / location).resolve()
        if not file.is_relative_to(folder):
            raise self._bad(
                f"parameter {parameter} lies outside the file's folder, at {location}",
                "Get the file from a source you trust.",
            )
        return map_file(file, "MINDIR data")

    def _input(self, value: Any) -> GraphInput:
        if len(value.tensor) != 1:
            raise self._bad(f"input {value.name} is no tensor", "Export the network with one tensor an argument.")
        return GraphInput(value.name, self._tensor_type(value.tensor[0], f"input {value.name}"))

    def _output_type(self, value: Any) -> ValueType:
        if len(value.tensor) == 1:
            return self._tensor_type(value.tensor[0], f"output {value.name}")
        return self._value_type(value.attr_info)

    def _value_type(self, attribute: Any) -> ValueType:
        if attribute.values:
            return tuple(self._value_type(value) for value in attribute.values)
        if len(attribute.tensors) != 1:
            return None
        tensor = attribute.tensors[0]
        if tensor.data_type in _COMPLEX and len(tensor.dims) <= _MAX_AXES:
            return ComplexType(TensorType(tuple(tensor.dims), BY_NAME[_COMPLEX[tensor.data_type]]))
        return self._tensor_type(tensor, attribute.name) if tensor.data_type in BY_MINDIR else None

    def _tensor_type(self, tensor: Any, what: str) -> TensorType:
        dtype = BY_MINDIR.get(tensor.data_type)
        if tensor.data_type in _COMPLEX:
            raise self._bad(
                f"{what} is complex", "Return its parts, for which there is ONNX: ops.real(y), ops.imag(y)."
            )
        if dtype is None:
            raise self._bad(
                f"{what} has the unknown element type {tensor.data_type}",
                f"Known are {', '.join(sorted(known.name for known in BY_MINDIR.values()))}.",
            )
        if len(tensor.dims) > _MAX_AXES:
            raise self._bad(f"{what} has {len(tensor.dims)} axes", "Fetch or export the file again.")
        return TensorType(tuple(tensor.dims), dtype)

    def _named(self, attributes: Any, owner: str) -> dict[str, Constant]:
        return {attribute.name: self._constant(attribute, owner) for attribute in attributes}

    def _constant(self, attribute: Any, owner: str) -> Constant:
        decode = _DECODERS.get(attribute.type)
        if decode is not None:
            return decode(attribute)
        if attribute.type in _SEQUENCES:
            return tuple(self._constant(value, owner) for value in attribute.values)
        if attribute.type in _TENSORS:
            tensors = [attribute.t] if attribute.HasField("t") else list(attribute.tensors)
            decoded = tuple(self._constant_tensor(tensor, owner) for tensor in tensors)
            return decoded[0] if len(decoded) == 1 else decoded
        # A type that only training or custom operators use; a lowering that meets it says which argument it is.
        return None

    def _constant_tensor(self, tensor: Any, owner: str) -> Constant:
        if tensor.data_type == 0:
            return None
        what = f"the constant {owner}"
        type_ = self._tensor_type(tensor, what)
        if not tensor.raw_data and 0 not in type_.shape:
            return type_.dtype  # an element type as a value: a tensor type without elements
        self._check_size(type_, len(tensor.raw_data), what)
        return type_.dtype.array(tensor.raw_data, type_.shape)

    def _check_size(self, type_: TensorType, size: int, what: str) -> None:
        if not type_.dtype.fits(type_.shape, size):
            raise self._bad(f"{what} says it is {type_} but has {size} bytes", "Fetch or export the file again.")

    def _check_names(
        self,
        everywhere: Iterable[str],
        inputs: Iterable[str],
        nodes: Iterable[Node],
        outputs: Iterable[str],
    ) -> None:
        known = {*everywhere, *inputs}
        for node in nodes:
            for name in (*node.inputs, node.callee) if node.callee else node.inputs:
                if name not in known:
                    raise self._bad(
                        f"node {node.scope} reads {name}, which nothing before it writes",
                        "Fetch or export the file again.",
                    )
            known.update(node.outputs)
        for output in outputs:
            if output not in known:
                raise self._bad(f"nothing writes the output {output}", "Fetch or export the file again.")

    def _bad(self, message: str, hint: str) -> ConvertError:
        return ConvertError(f"{self.path}: {message}", hint=hint)


# Numbers of AttributeProto.AttributeType. A scalar alone lies in i, f, d or s; inside a sequence in a list of one.
def _integer(attribute: Any) -> Constant:
    return _one_or_all(attribute.ints) if attribute.ints else attribute.i


def _float(attribute: Any) -> Constant:
    return _one_or_all(attribute.floats) if attribute.floats else attribute.f


def _double(attribute: Any) -> Constant:
    return _one_or_all(attribute.doubles) if attribute.doubles else attribute.d


def _boolean(attribute: Any) -> Constant:
    return bool(attribute.ints[0] if attribute.ints else attribute.i)


def _text(attribute: Any) -> Constant:
    raw: bytes = attribute.strings[0] if attribute.strings else attribute.s
    return raw.decode("utf-8", "replace")


def _one_or_all(values: Any) -> Constant:
    return values[0] if len(values) == 1 else tuple(values)


_DECODERS: dict[int, Callable[[Any], Constant]] = {
    1: _float,
    11: _double,
    **dict.fromkeys((2, 3, 4, 5, 6, 7, 12, 13), _integer),
    8: _text,
    9: _boolean,
    23: lambda _: Marker.MONAD,
    24: lambda _: Marker.MONAD,
}
_TENSORS = (17, 19)
_SEQUENCES = (20, 21)
