"""What a MINDIR file holds; its numbers of fields are those of `hubkit.convert.mindir_proto`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hubkit.convert.mindir_proto import GRAPH_PARAMETER, MESSAGES, MODEL_GRAPH
from hubkit.inspect import flops
from hubkit.inspect.element_types import MINDIR
from hubkit.inspect.file import MAX_FIELDS, ModelFile, quoted
from hubkit.inspect.message import Message, Reader, Tables
from hubkit.inspect.model import Model, OperatorCost, Port, Shape, Skipped, Tensor
from hubkit.store.content import Kind
from hubkit.store.external_data import MINDIR as PLACES
from hubkit.store.external_data import leaving_location
from hubkit.wire import Walk

_TABLES: Tables = {
    **MESSAGES,
    "Model": (*MESSAGES["Model"], ("graph", MODEL_GRAPH, "Graph")),
    "Graph": (*MESSAGES["Graph"], ("parameter", GRAPH_PARAMETER, "Tensor*")),
}
_REFERENCE = "REF::"
_CONSTANT = "Constant"


def read(file: ModelFile) -> Model:
    """Raises InspectError where the file is damaged, big endian, or its weights lie outside its folder, WireError where
    its messages are no such."""
    outside = leaving_location(file.content, PLACES, Walk(MAX_FIELDS), file.path.parent)
    if outside is not None:
        raise file.bad(f"it says that its weights lie at {quoted(outside)}, outside its folder", "Do not use the file.")
    return _Reader(file).model()


class _Reader:
    def __init__(self, file: ModelFile) -> None:
        self._file = file
        self._reader = Reader(_TABLES, file.walk)
        self._shapes: dict[str, Shape | None] = {}
        self._operators: Counter[str] = Counter()
        self._costs: list[OperatorCost] = []

    def model(self) -> Model:
        reader = self._reader
        model = reader.read("Model", self._file.content)
        if not model.number("little_endian") and model.number("mind_ir_version"):
            raise self._file.bad("its weights are big endian", "Export it on a little-endian machine.")
        primitives = {
            found.text("name"): found.text("op_type")
            for found in (reader.read("Primitive", view) for view in model.views("primitives"))
        }
        graph = reader.read("Graph", model.views("graph")[-1])
        tensors = tuple(self._parameter(reader.read("Tensor", view)) for view in graph.views("parameter"))
        inputs = tuple(self._input(reader.read("ValueInfo", view)) for view in graph.views("input"))
        outputs = tuple(
            port for view in graph.views("output") for port in self._outputs(reader.read("ValueInfo", view))
        )
        for view in graph.views("node"):
            self._node(reader.read("Node", view), primitives, "")
        for function in model.views("functions"):
            for view in reader.read("Graph", function).views("node"):
                self._node(reader.read("Node", view), primitives, "how often its function runs is not known")
        return Model(
            Kind.MINDIR,
            tensors,
            producer=f"{model.text('producer_name')} {model.text('model_version')}".strip(),
            inputs=inputs,
            outputs=outputs,
            operators=dict(self._operators),
            costs=tuple(self._costs),
        )

    def _parameter(self, tensor: Message) -> Tensor:
        full_name = tensor.text("name")
        name = tensor.text("ref_key") or full_name.rpartition(":")[2]
        number = tensor.number("data_type")
        element_type = MINDIR.get(number)
        if element_type is None:
            raise self._file.bad(
                f"the parameter {quoted(name)} has the unknown element type {number}", "A newer hubkit may read it."
            )
        shape = tuple(tensor.numbers("dims"))
        location = ""
        data: tuple[memoryview, ...] | Skipped
        if tensor.number("compression_type"):
            data = Skipped("it is compressed")
        elif tensor.has("external_data"):
            external = self._reader.read("ExternalData", tensor.views("external_data")[-1])
            location = external.text("location")
            found = self._file.beside(location, external.number("offset"), external.number("length"), name)
            data = found if isinstance(found, Skipped) else (found,)
        else:
            data = tuple(tensor.views("raw_data")[-1:])
        size = None if isinstance(data, Skipped) else sum(map(len, data))
        count = self._file.checked_count(name, element_type, shape, size)
        self._shapes[full_name] = shape
        return Tensor(name, element_type, shape, count, element_type.size(count), data, location)

    def _input(self, value: Message) -> Port:
        name = value.text("name")
        tensors = value.views("tensor")
        dtype, shape = self._type(tensors[0]) if len(tensors) == 1 else ("no tensor", None)
        self._shapes[name] = shape
        return Port(name.rpartition(":")[2], dtype, shape)

    def _outputs(self, value: Message) -> list[Port]:
        """The outputs that a value stands for: one, or several without names where it is a tuple."""
        name = value.text("name").rpartition(":")[2]
        types = [self._type(view) for view in value.views("tensor")]
        if not types:
            types = [found for view in value.views("attr_info") for found in self._attribute_types(view)]
        if len(types) == 1:
            return [Port(name, *types[0])]
        return [Port(f"{name}[{number}]", *found) for number, found in enumerate(types)]

    def _attribute_types(self, view: memoryview) -> list[tuple[str, Shape | None]]:
        """The types in an attribute and in those it holds, in their order."""
        found: list[tuple[str, Shape | None]] = []
        waiting = [view]
        while waiting:
            attribute = self._reader.read("Attribute", waiting.pop())
            found.extend(self._type(tensor) for tensor in attribute.views("tensors"))
            waiting.extend(reversed(attribute.views("values")))
        return found

    def _type(self, view: memoryview) -> tuple[str, Shape | None]:
        tensor = self._reader.read("Tensor", view)
        number = tensor.number("data_type")
        name = MINDIR[number].name if number in MINDIR else f"MINDIR type {number}"
        return name, tuple(axis if axis >= 0 else None for axis in tensor.numbers("dims"))

    def _node(self, node: Message, primitives: Mapping[str, str], why: str) -> None:
        """Count a node; ``why`` says why what it costs is not known."""
        op, outputs = node.text("op_type"), node.texts("output")
        types = self._types(node)
        if outputs and len(types) == 1:
            self._shapes[outputs[0]] = types[0][1]
        if op == _CONSTANT:
            return
        if op.startswith(_REFERENCE):
            reference = op.removeprefix(_REFERENCE)
            op = primitives.get(reference, "call of a function")
        self._operators[op] += 1
        if op in flops.MINDIR:
            name = node.text("domain") or node.text("name")
            if why:
                self._costs.append(OperatorCost(name, op, Skipped(why)))
                return
            shapes = [self._shapes.get(found) for found in node.texts("input")]
            output = self._shapes.get(outputs[0]) if outputs else None
            self._costs.append(flops.cost(flops.MINDIR, name, op, flops.Operands(shapes, output)))

    def _types(self, node: Message) -> list[tuple[str, Shape | None]]:
        """What a node yields, by its attribute `shape`; for a constant, the type of its value."""
        wanted = "value" if node.text("op_type") == _CONSTANT else "shape"
        for view in node.views("attribute"):
            attribute = self._reader.read("Attribute", view)
            if attribute.text("name") == wanted:
                tensors = [*attribute.views("t"), *attribute.views("tensors")]
                return [self._type(tensor) for tensor in tensors]
        return []
