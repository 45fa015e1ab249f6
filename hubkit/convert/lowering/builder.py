"""Build an ONNX graph node by node, and know every value's shape at once.

ONNX's own shape inference runs as each node is added, twice: with the batch that the network was exported with, and
with a larger probe batch. Axes whose sizes differ are those that follow the batch, so that a lowering knows which
sizes it must not write down, and an operator that cannot take another batch is found where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import helper, shape_inference

from hubkit.convert.dtypes import BY_NAME, BY_ONNX, DType
from hubkit.convert.mindir_graph import Parameter

OPSET = 18
"""The ONNX operator set that the lowerings write: the first whose Resize takes `axes`."""
IR_VERSION = 8
"""The ONNX file format's version that belongs to the operator set."""
PROBE_FACTOR = 7
"""By how much the probe batch is larger than the exported one; a prime, so that it divides few sizes by chance."""

# Shape inference reads a constant input's elements only where they are sizes, axes and the like.
_MAX_INFERENCE_ELEMENTS = 4096


class CannotLowerError(Exception):
    """An operator cannot be expressed as it stands; the text says why. The engine adds operator and layer."""


class BatchBoundError(CannotLowerError):
    """An operator can be expressed for the exported batch, but not for another."""


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One tensor of the ONNX graph."""

    name: str
    """Its name in the graph."""
    dtype: DType
    """Its element type."""
    shape: tuple[int, ...]
    """Its sizes at the batch that the network was exported with."""
    probe: tuple[int, ...]
    """Its sizes at the probe batch."""
    array: np.ndarray[Any, Any] | None = field(default=None, repr=False)
    """Its elements, where it is a constant."""

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def dynamic(self) -> tuple[int, ...]:
        """The axes whose sizes follow the batch."""
        return tuple(
            axis for axis, (size, probe) in enumerate(zip(self.shape, self.probe, strict=True)) if size != probe
        )


@dataclass(frozen=True, slots=True)
class Initializer:
    """A constant tensor of the graph."""

    name: str
    """Its name in the graph."""
    dtype: DType
    """Its element type."""
    shape: tuple[int, ...]
    """Its sizes."""
    data: memoryview = field(repr=False)
    """Its elements, little endian, row-major; a view wherever they exist already."""


class Builder:
    """An ONNX graph under construction: `nodes` in order, `initializers`, `values` and `producers` by name.

    Raises CannotLowerError from `node` where ONNX's rules refuse the node, BatchBoundError where they do for the
    probe batch only.
    """

    def __init__(self, reserved: Iterable[str]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: dict[str, Initializer] = {}
        self.values: dict[str, Value] = {}
        self.producers: dict[str, onnx.NodeProto] = {}
        self._names = set(reserved)
        self._constants: dict[tuple[str, tuple[int, ...], bytes], Value] = {}
        self._repeated: dict[str, frozenset[int]] = {}
        self._batch: Value | None = None
        self._scope = ""

    def enter(self, scope: str) -> None:
        """Name the nodes that follow after the layer ``scope``."""
        self._scope = scope

    def input(self, name: str, dtype: DType, shape: tuple[int, ...], *, open_batch: bool) -> Value:
        """A graph input; with ``open_batch`` its first axis is the batch, of any size."""
        probe = (shape[0] * PROBE_FACTOR, *shape[1:]) if open_batch else shape
        value = self._keep(Value(name, dtype, shape, probe))
        if open_batch and self._batch is None:
            self._batch = value
        return value

    def parameter(self, parameter: Parameter) -> Value:
        """A weight, under its name in the network; its elements are not copied."""
        name = self._unique(parameter.name)
        type_ = parameter.type
        self.initializers[name] = Initializer(name, type_.dtype, type_.shape, parameter.data)
        return self._keep(Value(name, type_.dtype, type_.shape, type_.shape, parameter.array()))

    def constant(self, elements: Any, dtype: DType | str) -> Value:
        """A constant tensor; equal ones are written once."""
        dtype = BY_NAME[dtype] if isinstance(dtype, str) else dtype
        array = np.ascontiguousarray(elements, dtype.numpy).reshape(np.shape(elements))
        data = array.tobytes()
        key = (dtype.name, array.shape, data)
        if key not in self._constants:
            name = self._unique("constant")
            self.initializers[name] = Initializer(name, dtype, array.shape, memoryview(data))
            self._constants[key] = self._keep(Value(name, dtype, array.shape, array.shape, array))
        return self._constants[key]

    def ints(self, *elements: int) -> Value:
        """A constant vector of int64: sizes, axes, starts."""
        return self.constant(elements, "int64")

    def node(self, op: str, *inputs: Value | None, **attributes: Any) -> Value:
        """Add a node of one output; None stands for an optional input left out."""
        (value,) = self.nodes_of(op, inputs, 1, attributes)
        return value

    def nodes_of(
        self, op: str, inputs: Sequence[Value | None], outputs: int, attributes: dict[str, Any]
    ) -> tuple[Value, ...]:
        """Add a node of ``outputs`` outputs."""
        name = self._unique(self._scope if self._scope not in self._names else f"{self._scope}/{op}")
        names = [name if index == 0 else self._unique(f"{name}:{index}") for index in range(outputs)]
        node = _node(op, inputs, names, attributes)
        present = {value.name: value for value in inputs if value}
        exported = _infer(node, {key: value.shape for key, value in present.items()}, present)
        try:
            probed = _infer(node, {key: value.probe for key, value in present.items()}, present)
        except CannotLowerError as error:
            inputs = self._following(inputs)
            node = _node(op, inputs, names, attributes)
            present = {value.name: value for value in inputs if value}
            try:
                probed = _infer(node, {key: value.probe for key, value in present.items()}, present)
            except CannotLowerError:
                raise BatchBoundError(f"its batch cannot be kept open: {error}") from None
        self.nodes.append(node)
        self.producers.update(dict.fromkeys(names, node))
        return tuple(
            self._keep(Value(output, dtype, shape, probe))
            for output, (dtype, shape), (_, probe) in zip(names, exported, probed, strict=True)
        )

    def repeated(self, value: Value, axes: Iterable[int]) -> Value:
        """``value``, whose elements are known to be the same all along each of ``axes``."""
        self._repeated[value.name] = frozenset(axes)
        return value

    def _following(self, inputs: Sequence[Value | None]) -> tuple[Value | None, ...]:
        """The inputs of a node that takes only the exported batch, with more of them following the batch.

        Those are made to follow it that are the same for each of the batch, as a class token is, on the axes on which
        another input follows it.
        """
        axes = {(value.rank, axis) for value in inputs if value for axis in value.dynamic}
        return tuple(
            value and self._follow(value, [axis for rank, axis in axes if rank == value.rank]) for value in inputs
        )

    def _follow(self, value: Value, axes: Sequence[int]) -> Value:
        if self._batch is None or value.dynamic:
            return value
        for axis in axes:
            if value.shape[axis] == self._batch.shape[0] and self._is_repeated(value, axis):
                return self._expanded(value, axis, self._batch)
        return value

    def _is_repeated(self, value: Value, axis: int) -> bool:
        if value.shape[axis] == 1 or axis in self._repeated.get(value.name, ()):
            return True
        return value.array is not None and bool(np.all(value.array == value.array.take([0], axis)))

    def _expanded(self, value: Value, axis: int, batch: Value) -> Value:
        """The first of ``value`` along ``axis``, once for each of the batch."""
        one = value
        if value.shape[axis] != 1:
            one = self.node("Slice", value, self.ints(0), self.ints(1), self.ints(axis))
        size = self.node("Shape", batch, start=0, end=1)
        around = [self.ints(*[1] * count) for count in (axis, value.rank - axis - 1)]
        sizes = self.node("Concat", around[0], size, around[1], axis=0)
        # ONNX's inference does not follow sizes that are computed; what they are is known here.
        name = self._unique(f"{self._scope}/Expand")
        node = _node("Expand", (one, sizes), [name], {})
        self.nodes.append(node)
        self.producers[name] = node
        probe = tuple(batch.probe[0] if place == axis else size for place, size in enumerate(value.shape))
        return self._keep(Value(name, value.dtype, value.shape, probe))

    def with_input(self, node: onnx.NodeProto, extra: Value) -> Value:
        """Add ``node``, which has one output, once more with a further input; `prune` drops the first if unread."""
        scope, self._scope = self._scope, node.name
        attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        value = self.node(node.op_type, *(self.values[name] for name in node.input), extra, **attributes)
        self._scope = scope
        return value

    def rename(self, renames: dict[str, str]) -> None:
        """Rename values throughout the graph."""
        for node in self.nodes:
            for names in (node.input, node.output):
                for index, name in enumerate(names):
                    if name in renames:
                        names[index] = renames[name]

    def prune(self, outputs: Iterable[str]) -> None:
        """Drop the nodes and the constants that no output needs."""
        needed = set(outputs)
        kept: list[onnx.NodeProto] = []
        for node in reversed(self.nodes):
            if needed.intersection(node.output):
                needed.update(node.input)
                kept.append(node)
        self.nodes = kept[::-1]
        self.initializers = {name: tensor for name, tensor in self.initializers.items() if name in needed}

    def _keep(self, value: Value) -> Value:
        self.values[value.name] = value
        return value

    def _unique(self, stem: str) -> str:
        name, count = stem, 1
        while name in self._names:
            count += 1
            name = f"{stem}_{count}"
        self._names.add(name)
        return name


def _node(
    op: str, inputs: Sequence[Value | None], outputs: Sequence[str], attributes: dict[str, Any]
) -> onnx.NodeProto:
    return helper.make_node(
        op, [value.name if value else "" for value in inputs], outputs, name=outputs[0], **attributes
    )


def _infer(
    node: onnx.NodeProto, shapes: dict[str, tuple[int, ...]], inputs: dict[str, Value]
) -> list[tuple[DType, tuple[int, ...]]]:
    types = {name: helper.make_tensor_type_proto(inputs[name].dtype.onnx, shape) for name, shape in shapes.items()}
    data = {
        name: _tensor(value)
        for name, value in inputs.items()
        if value.array is not None and value.array.size <= _MAX_INFERENCE_ELEMENTS and value.rank <= 1
    }
    try:
        inferred = shape_inference.infer_node_outputs(
            onnx.defs.get_schema(node.op_type, OPSET, ""),
            node,
            types,
            data,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
        )
    except (shape_inference.InferenceError, onnx.defs.SchemaError) as error:
        raise CannotLowerError(f"ONNX {node.op_type} does not take {_describe(node, shapes)}: {error}") from None
    return [_known(node, inferred.get(name)) for name in node.output]


def _known(node: onnx.NodeProto, type_: onnx.TypeProto | None) -> tuple[DType, tuple[int, ...]]:
    if type_ is not None and type_.tensor_type.HasField("shape"):
        sizes = type_.tensor_type.shape.dim
        if all(size.HasField("dim_value") for size in sizes):
            return BY_ONNX[type_.tensor_type.elem_type], tuple(size.dim_value for size in sizes)
    raise CannotLowerError(f"ONNX cannot tell what shape its {node.op_type} gives")


def _describe(node: onnx.NodeProto, shapes: dict[str, tuple[int, ...]]) -> str:
    return ", ".join(str(list(shapes[name])) for name in node.input if name)


def _tensor(value: Value) -> onnx.TensorProto:
    assert value.array is not None
    return onnx.TensorProto(
        dims=value.shape, data_type=value.dtype.onnx, name=value.name, raw_data=value.array.tobytes()
    )
