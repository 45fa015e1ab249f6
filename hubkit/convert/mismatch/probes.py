"""Look into a network while it runs: the values of inner nodes, in MindSpore from a MINDIR and in ONNX Runtime.

Both files are written anew, into a scratch folder, with the wanted values as their outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from hubkit import wire
from hubkit.convert import mindir_proto as proto
from hubkit.convert.binary import map_file
from hubkit.convert.mindir_graph import TensorType
from hubkit.errors import ConvertError
from hubkit.smoke.runners import MindirRunner, OnnxRunner

if TYPE_CHECKING:
    import onnx

_Array = NDArray[Any]
_TENSOR, _TUPLE = 19, 20  # AttributeProto.AttributeType, as MindSpore writes a value's type
_MAKE_TUPLE = "MakeTuple:probes"
_PROBES = "probes"


@dataclass(frozen=True, slots=True)
class Probe:
    """One inner value to look at."""

    layer: str
    """The full name of the layer that yields it."""
    operator: str
    """The operator, as the file that is taken as right calls it."""
    reference: str
    """The value's name in the file that is taken as right."""
    onnx: str
    """Its name in the ONNX file that is compared with it."""
    bytes: int
    """About how much memory it takes."""
    type: TensorType | None
    """Its shape and element type in a MINDIR, at the batch that the network was exported with."""


def mindir_values(
    source: Path, probes: Sequence[Probe], inputs: Sequence[Mapping[str, _Array]], folder: Path
) -> list[tuple[_Array, ...]]:
    """The values of ``probes`` in MindSpore for each of ``inputs``.

    Raises ConvertError where MindSpore cannot run the file with these outputs.
    """
    target = folder / f"{_PROBES}.mindir"
    _write_mindir(source, target, probes)
    try:
        runner = MindirRunner(target)
        return [runner.run(given) for given in inputs]
    finally:
        target.unlink(missing_ok=True)


def _write_mindir(source: Path, target: Path, probes: Sequence[Probe]) -> None:
    """Write ``source`` with the values of ``probes`` as its outputs; the weights are copied as they are."""
    content = map_file(source, "MINDIR")
    rest, graphs = wire.split(content, proto.MODEL_GRAPH)
    kept, _ = wire.split(graphs[0], proto.GRAPH_OUTPUT)
    # Added to the bytes as they are: written anew by the table of messages they would lose fields that are 0.
    model, graph = proto.new("Model"), proto.new("Graph")
    if len(probes) == 1:
        output = graph.output.add(name=probes[0].reference)
        _describe(output.tensor.add(), probes[0].type)
    else:
        model.primitives.add(name=_MAKE_TUPLE, op_type="MakeTuple")
        node = graph.node.add(name=_PROBES, op_type=f"REF::{_MAKE_TUPLE}", domain=_PROBES)
        node.input.extend(probe.reference for probe in probes)
        node.output.append(_PROBES)
        _describe_tuple(node.attribute.add(name="shape"), probes)
        output = graph.output.add(name=_PROBES, denotation="Tuple")
        _describe_tuple(output.attr_info, probes)
    added = graph.SerializeToString()
    with target.open("wb") as stream:
        stream.write(rest + model.SerializeToString())
        stream.write(wire.header(proto.MODEL_GRAPH, len(kept) + len(added)))
        stream.write(kept)
        stream.write(added)


def _describe(tensor: Any, type_: TensorType | None) -> None:
    assert type_ is not None, "a value of a MINDIR has a type"
    tensor.dims.extend(type_.shape)
    tensor.data_type = type_.dtype.mindir[0]


def _describe_tuple(attribute: Any, probes: Sequence[Probe]) -> None:
    attribute.type = _TUPLE
    for probe in probes:
        value = attribute.values.add(type=_TENSOR)
        _describe(value.tensors.add(), probe.type)


class OnnxProbes:
    """An ONNX file whose inner values can be looked at, and of which parts can be run."""

    def __init__(self, path: Path, folder: Path) -> None:
        """Read the file. Raises ConvertError where it is too large to be written anew (2 GB)."""
        import onnx

        try:
            self._model = onnx.load(str(path))
        except Exception as error:  # the library raises many types
            raise ConvertError(f"{path} cannot be read to look into it: {error}") from error
        if self._model.ByteSize() >= onnx.checker.MAXIMUM_PROTOBUF:
            raise ConvertError(f"{path} is too large to look into")
        self._folder = folder
        self.nodes = list(self._model.graph.node)
        """The nodes of the file's main graph, in order."""
        self._producers = {name: index for index, node in enumerate(self.nodes) for name in node.output if name}
        self._weights = {tensor.name: tensor for tensor in self._model.graph.initializer}

    def __contains__(self, name: str) -> bool:
        """Whether a node of the file's main graph yields the value ``name``."""
        return name in self._producers

    def weights(self) -> Iterator[tuple[str, _Array]]:
        """The file's weights, by name."""
        import onnx

        for name, tensor in self._weights.items():
            yield name, onnx.numpy_helper.to_array(tensor)

    def weight(self, name: str) -> _Array:
        """The weight ``name``. Raises KeyError where there is none."""
        import onnx

        return onnx.numpy_helper.to_array(self._weights[name])

    def values(self, names: Sequence[str], inputs: Mapping[str, _Array]) -> tuple[_Array, ...]:
        """The values ``names`` for ``inputs``. Raises ConvertError where ONNX Runtime refuses."""
        import onnx

        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        del model.graph.output[:]
        model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
        return self._run(model, inputs)

    def part(self, name: str, given: Mapping[str, _Array]) -> _Array:
        """The value ``name``, computed from the inner values ``given`` alone; raises as `parts`."""
        (value,) = self.parts([name], given)
        return value

    def parts(self, names: Sequence[str], given: Mapping[str, _Array]) -> tuple[_Array, ...]:
        """The values ``names``, which one node yields, computed from the inner values ``given`` alone.

        Raises ConvertError where they need more than these, or ONNX Runtime refuses.
        """
        import onnx

        nodes = self._needed(names[0], given)
        model = onnx.ModelProto(ir_version=self._model.ir_version, opset_import=self._model.opset_import)
        model.graph.name = _PROBES
        model.graph.node.extend(nodes)
        read = {value for node in nodes for value in node.input}
        model.graph.initializer.extend(tensor for key, tensor in self._weights.items() if key in read)
        used = {key: array for key, array in given.items() if key in read}
        for key, array in used.items():
            kind = onnx.helper.np_dtype_to_tensor_dtype(array.dtype)
            model.graph.input.append(onnx.helper.make_tensor_value_info(key, kind, array.shape))
        model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
        return self._run(model, used)

    def _needed(self, name: str, given: Mapping[str, _Array]) -> list[onnx.NodeProto]:
        """The nodes between ``given`` and ``name``, in the file's order."""
        needed: set[int] = set()
        waiting = [name]
        while waiting:
            value = waiting.pop()
            if not value or value in given or value in self._weights:
                continue
            index = self._producers.get(value, -1)
            if index < 0 or any(attribute.HasField("g") for attribute in self.nodes[index].attribute):
                raise ConvertError(f"{name} cannot be computed apart: it needs {value}")
            if index not in needed:
                needed.add(index)
                waiting.extend(self.nodes[index].input)
        return [self.nodes[index] for index in sorted(needed)]

    def _run(self, model: onnx.ModelProto, inputs: Mapping[str, _Array]) -> tuple[_Array, ...]:
        target = self._folder / f"{_PROBES}.onnx"
        target.write_bytes(model.SerializeToString())
        try:
            return OnnxRunner(target).run(inputs)
        finally:
            target.unlink(missing_ok=True)
