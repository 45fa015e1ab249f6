"""What an ONNX file holds; its numbers of fields and types are those of onnx.proto."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Sequence

from hubkit.inspect import flops
from hubkit.inspect.element_types import ONNX, ElementType
from hubkit.inspect.file import MAX_FIELDS, ModelFile, quoted
from hubkit.inspect.message import Message, Reader, Tables
from hubkit.inspect.model import Model, OperatorCost, Port, Shape, Skipped, Tensor
from hubkit.inspect.onnx_shapes import NodeShapes, output_shape
from hubkit.store.content import Kind
from hubkit.store.external_data import ONNX as PLACES
from hubkit.store.external_data import leaving_location
from hubkit.wire import Walk

_TABLES: Tables = {
    "Model": (
        ("producer_name", 2, "string"),
        ("producer_version", 3, "string"),
        ("graph", 7, "Graph"),
        ("opset_import", 8, "OperatorSet*"),
        ("metadata", 14, "KeyAndValue*"),
        ("functions", 25, "Function*"),
    ),
    "OperatorSet": (("domain", 1, "string"), ("version", 2, "int64")),
    "KeyAndValue": (("key", 1, "string"), ("value", 2, "string")),
    "Function": (("node", 7, "Node*"),),
    "Graph": (
        ("node", 1, "Node*"),
        ("initializer", 5, "Tensor*"),
        ("input", 11, "ValueInfo*"),
        ("output", 12, "ValueInfo*"),
        ("value_info", 13, "ValueInfo*"),
    ),
    "Node": (
        ("input", 1, "string*"),
        ("output", 2, "string*"),
        ("name", 3, "string"),
        ("op_type", 4, "string"),
        ("attribute", 5, "Attribute*"),
        ("domain", 7, "string"),
    ),
    "Attribute": (
        ("name", 1, "string"),
        ("i", 3, "int64"),
        ("s", 4, "bytes"),
        ("t", 5, "Tensor"),
        ("g", 6, "Graph"),
        ("ints", 8, "int64*"),
        ("graphs", 11, "Graph*"),
    ),
    "Tensor": (
        ("dims", 1, "int64*"),
        ("data_type", 2, "int32"),
        ("float_data", 4, "bytes"),
        ("int32_data", 5, "bytes"),
        ("int64_data", 7, "bytes"),
        ("name", 8, "string"),
        ("raw_data", 9, "bytes"),
        ("double_data", 10, "bytes"),
        ("uint64_data", 11, "bytes"),
        ("external_data", 13, "KeyAndValue*"),
        ("data_location", 14, "int32"),
    ),
    "ValueInfo": (("name", 1, "string"), ("type", 2, "Type")),
    "Type": (("tensor_type", 1, "TensorType"),),
    "TensorType": (("elem_type", 1, "int32"), ("shape", 2, "Shape")),
    "Shape": (("dim", 1, "Dimension*"),),
    "Dimension": (("dim_value", 1, "int64"), ("dim_param", 2, "string")),
}
_EXTERNAL = 1
_VARINTS = ("int32_data", "int64_data", "uint64_data")
_MAX_VARINT_BYTES = 2**20
_MAX_CONSTANTS = 64
_MAX_DEPTH = 32


def read(file: ModelFile) -> Model:
    """Raises InspectError where the file is damaged or its weights lie outside its folder, WireError where its messages
    are no such."""
    outside = leaving_location(file.content, PLACES, Walk(MAX_FIELDS), file.path.parent)
    if outside is not None:
        raise file.bad(f"it says that its weights lie at {quoted(outside)}, outside its folder", "Do not use the file.")
    return _Reader(file).model()


class _Reader:
    def __init__(self, file: ModelFile) -> None:
        self._file = file
        self._reader = Reader(_TABLES, file.walk)
        self._shapes: dict[str, Shape | None] = {}
        self._constants: dict[str, Sequence[float]] = {}
        self._operators: Counter[str] = Counter()
        self._costs: list[OperatorCost] = []

    def model(self) -> Model:
        reader = self._reader
        model = reader.read("Model", self._file.content)
        graph = reader.read("Graph", model.views("graph")[-1])
        tensors = tuple(self._tensor(reader.read("Tensor", view)) for view in graph.views("initializer"))
        weights = {tensor.name for tensor in tensors}
        inputs, outputs, inner = (self._ports(graph, name) for name in ("input", "output", "value_info"))
        self._shapes.update({port.name: port.shape for port in (*inner, *outputs, *inputs) if port.shape is not None})
        self._shapes.update({tensor.name: tensor.shape for tensor in tensors})
        for tensor in tensors:
            self._remember(tensor)
        for view in graph.views("node"):
            self._node(reader.read("Node", view))
        for function in model.views("functions"):
            self._inside(
                reader.read("Function", function).views("node"), "how often its function is called is not known", 0
            )
        producer = f"{model.text('producer_name')} {model.text('producer_version')}".strip()
        return Model(
            Kind.ONNX,
            tensors,
            producer=producer,
            opsets={
                found.text("domain") or "ai.onnx": found.number("version")
                for found in (reader.read("OperatorSet", view) for view in model.views("opset_import"))
            },
            metadata=self._pairs(model, "metadata"),
            inputs=tuple(port for port in inputs if port.name not in weights),
            outputs=outputs,
            operators=dict(self._operators),
            costs=tuple(self._costs),
        )

    def _pairs(self, message: Message, name: str) -> dict[str, str]:
        pairs = (self._reader.read("KeyAndValue", view) for view in message.views(name))
        return {pair.text("key"): pair.text("value") for pair in pairs}

    def _ports(self, graph: Message, name: str) -> tuple[Port, ...]:
        return tuple(self._port(self._reader.read("ValueInfo", view)) for view in graph.views(name))

    def _port(self, value: Message) -> Port:
        types = [self._reader.read("Type", view) for view in value.views("type")[-1:]]
        tensors = [view for found in types for view in found.views("tensor_type")[-1:]]
        if not tensors:
            return Port(value.text("name"), "no tensor", None)
        tensor = self._reader.read("TensorType", tensors[0])
        number = tensor.number("elem_type")
        dtype = ONNX[number].name if number in ONNX else f"ONNX type {number}"
        shapes = tensor.views("shape")[-1:]
        if not shapes:
            return Port(value.text("name"), dtype, None)
        axes = [self._reader.read("Dimension", view) for view in self._reader.read("Shape", shapes[0]).views("dim")]
        return Port(
            value.text("name"),
            dtype,
            tuple(
                axis.number("dim_value") if axis.has("dim_value") else axis.text("dim_param") or None for axis in axes
            ),
        )

    def _tensor(self, tensor: Message) -> Tensor:
        name, number = tensor.text("name"), tensor.number("data_type")
        element_type = ONNX.get(number)
        if element_type is None:
            raise self._file.bad(
                f"the parameter {quoted(name)} has the unknown element type {number}", "A newer hubkit may read it."
            )
        shape = tuple(tensor.numbers("dims"))
        location = ""
        data: tuple[memoryview, ...] | Skipped
        if tensor.number("data_location") == _EXTERNAL:
            location, data = self._external(tensor, name, element_type, shape)
        elif tensor.has("raw_data"):
            data = (tensor.views("raw_data")[-1],)
        else:
            data = self._typed(tensor, element_type)
        size = None if isinstance(data, Skipped) else sum(map(len, data))
        count = self._file.checked_count(name, element_type, shape, size)
        return Tensor(name, element_type, shape, count, element_type.size(count), data, location)

    def _external(
        self, tensor: Message, name: str, element_type: ElementType, shape: tuple[int, ...]
    ) -> tuple[str, tuple[memoryview, ...] | Skipped]:
        pairs = self._pairs(tensor, "external_data")
        location = pairs.get("location", "")
        try:
            offset = int(pairs.get("offset") or 0)
            length = int(pairs["length"]) if pairs.get("length") else None
        except ValueError:
            raise self._file.bad(f"the parameter {quoted(name)} has a place that is no number") from None
        if length is None:
            length = element_type.size(self._file.checked_count(name, element_type, shape, None))
        data = self._file.beside(location, offset, length, name)
        return location, data if isinstance(data, Skipped) else (data,)

    def _typed(self, tensor: Message, element_type: ElementType) -> tuple[memoryview, ...] | Skipped:
        """The elements where they are not raw: floats as they are, integers as numbers of changing length."""
        if element_type.name == "string":
            return Skipped("texts have no statistics")
        for name in ("float_data", "double_data"):
            if tensor.has(name):
                return tuple(tensor.views(name))
        views = [view for name in _VARINTS for view in tensor.views(name)]
        if sum(map(len, views)) > _MAX_VARINT_BYTES:
            return Skipped("its elements are numbers of changing length")
        numbers = [number for view in views for number in _packed(view)]
        if element_type.bits < 8 or element_type.bits % 8:
            return Skipped(f"NumPy has no type {element_type.name}")
        size = element_type.bits // 8
        return (memoryview(b"".join((number % 2 ** (8 * size)).to_bytes(size, "little") for number in numbers)),)

    def _remember(self, tensor: Tensor) -> None:
        """Keep the elements of a small constant, which may be a shape."""
        codes = {"int64": "q", "int32": "i", "float32": "f"}
        code = codes.get(tensor.element_type.name)
        if (
            code is not None
            and tensor.count <= _MAX_CONSTANTS
            and len(tensor.shape) <= 1
            and not isinstance(tensor.data, Skipped)
        ):
            self._constants[tensor.name] = struct.unpack(f"<{tensor.count}{code}", b"".join(tensor.data))

    def _node(self, node: Message) -> None:
        op, inputs, outputs = node.text("op_type"), node.texts("input"), node.texts("output")
        self._operators[_op_name(node)] += 1
        attributes = [self._reader.read("Attribute", view) for view in node.views("attribute")]
        integers = {found.text("name"): found.numbers("ints") or found.numbers("i") for found in attributes}
        texts = {found.text("name"): found.text("s") for found in attributes if found.has("s")}
        for found in attributes:
            for view in (*found.views("g"), *found.views("graphs")):
                self._inside(
                    self._reader.read("Graph", view).views("node"), "how often its branch or loop runs is not known", 0
                )
        if node.text("domain") not in ("", "ai.onnx"):
            return
        if op == "Constant" and outputs:
            for view in [view for found in attributes if found.text("name") == "value" for view in found.views("t")]:
                tensor = self._tensor(self._reader.read("Tensor", view))
                self._shapes[outputs[0]] = tensor.shape
                self._remember(
                    Tensor(outputs[0], tensor.element_type, tensor.shape, tensor.count, tensor.size, tensor.data)
                )
        shapes = [self._shapes.get(name) if name else None for name in inputs]
        if outputs and outputs[0] not in self._shapes:
            constants = [self._constants.get(name) for name in inputs]
            self._shapes[outputs[0]] = output_shape(op, NodeShapes(shapes, constants, integers, texts))
        if op in flops.ONNX:
            name = node.text("name") or next(iter(outputs), "")
            numbers = {key: values[0] for key, values in integers.items() if values}
            output = self._shapes.get(outputs[0]) if outputs else None
            self._costs.append(flops.cost(flops.ONNX, name, op, flops.Operands(shapes, output, numbers)))

    def _inside(self, nodes: list[memoryview], why: str, depth: int) -> None:
        """Count the nodes of a branch, a loop or a function."""
        if depth > _MAX_DEPTH:
            raise self._file.bad("its branches are nested too deeply")
        for view in nodes:
            node = self._reader.read("Node", view)
            op = node.text("op_type")
            self._operators[_op_name(node)] += 1
            if op in flops.ONNX:
                self._costs.append(OperatorCost(node.text("name"), op, Skipped(why)))
            for attribute in (self._reader.read("Attribute", found) for found in node.views("attribute")):
                for graph in (*attribute.views("g"), *attribute.views("graphs")):
                    self._inside(self._reader.read("Graph", graph).views("node"), why, depth + 1)


def _op_name(node: Message) -> str:
    domain = node.text("domain")
    return node.text("op_type") if domain in ("", "ai.onnx") else f"{domain}.{node.text('op_type')}"


def _packed(view: memoryview) -> list[int]:
    from hubkit.wire import LENGTH, Field, integers

    return integers(view, Field(1, LENGTH, 0, 0, len(view)))
