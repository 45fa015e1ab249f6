"""Build an ONNX graph node by node, and know every value's shape at once.

ONNX's own shape inference runs as each node is added, twice: with the batch that the network was exported with, and
with a larger probe batch. Axes whose sizes differ are those that follow the batch, so that a lowering knows which
sizes it must not write down, and an operator that cannot take another batch is found where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
from onnx import helper

from hubkit.convert.dtypes import BY_NAME, DType
from hubkit.convert.lowering.folding import fold, fold_sizes
from hubkit.convert.lowering.following import counts, expanded, numbers, tiled
from hubkit.convert.lowering.inference import infer
from hubkit.convert.lowering.sizes import Sizes
from hubkit.convert.lowering.subgraph import reads, rename_reads
from hubkit.convert.lowering.values import (
    IR_VERSION,
    OPSET,
    BatchBoundError,
    CannotLowerError,
    Initializer,
    Value,
)
from hubkit.convert.mindir_graph import Parameter

__all__ = ["IR_VERSION", "OPSET", "BatchBoundError", "Builder", "CannotLowerError", "Initializer", "Value"]

PROBE_FACTOR = 7
"""By how much the probe batch is larger than the exported one; a prime, so that it divides few sizes by chance."""


class Builder:
    """An ONNX graph under construction: `nodes` in order, `initializers`, `values` and `producers` by name.

    Raises CannotLowerError from `node` where ONNX's rules refuse the node, BatchBoundError where they do for the
    probe batch only.
    """

    def __init__(self, reserved: Iterable[str], sizes: Sizes | None = None, *, approximate: bool = False) -> None:
        """Begin with the names ``reserved``; ``sizes`` depend on the data, ``approximate`` is as in `OnnxOptions`."""
        self.approximate = approximate
        self.sizes = Sizes() if sizes is None else sizes
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: dict[str, Initializer] = {}
        self.values: dict[str, Value] = {}
        self.producers: dict[str, onnx.NodeProto] = {}
        self._names = set(reserved)
        self._constants: dict[tuple[str, tuple[int, ...], bytes], Value] = {}
        self._repeated: dict[str, frozenset[int]] = {}
        self._parameters: set[str] = set()
        self._outer: dict[str, int] = {}
        self._batch: Value | None = None
        self._counting: set[str] = set()
        self._local: set[str] = set()
        self._depth = 0
        self._scope = ""

    def enter(self, scope: str) -> None:
        """Name the nodes that follow after the layer ``scope``."""
        self._scope = scope

    def input(
        self, name: str, dtype: DType, shape: tuple[int, ...], *, open_batch: bool, factors: Sequence[int] = ()
    ) -> Value:
        """A graph input; with ``open_batch`` its first axis is the batch, of any size.

        ``factors`` has one for each axis, by which it is larger in the probe: more than 1 where it is open.
        """
        probe = tuple(size * factor for size, factor in zip(shape, factors, strict=True)) if factors else shape
        probe = (shape[0] * PROBE_FACTOR, *probe[1:]) if open_batch else probe
        value = self._keep(Value(name, dtype, shape, probe))
        if open_batch and self._batch is None:
            self._batch = value
        return value

    def parameter(self, parameter: Parameter) -> Value:
        """A weight, under its name in the network; its elements are not copied."""
        name = self._unique(parameter.name)
        type_ = parameter.type
        self.initializers[name] = Initializer(name, type_.dtype, type_.shape, parameter.data)
        self._parameters.add(name)
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
        """Add a node of ``outputs`` outputs; what is known at once becomes a constant."""
        first = inputs[0] if inputs else None
        if first and first.name not in self._parameters and (known := fold(op, inputs, attributes)):
            return tuple(self.constant(array, array.dtype.name) for array in known)
        name = self._unique(self._scope if self._scope not in self._names else f"{self._scope}/{op}")
        names = [name if index == 0 else self._unique(f"{name}:{index}") for index in range(outputs)]
        node = _node(op, inputs, names, attributes)
        present = {value.name: value for value in inputs if value}
        exported = infer(node, present, 0)
        other = infer(node, present, 2) if any(value.varying or value.sizes for value in present.values()) else exported
        try:
            probed = exported
            if any(value.dynamic or value.sizes for value in present.values()):
                probed = infer(node, present, 1)
        except CannotLowerError as error:
            inputs = self._following(inputs, op)
            node = _node(op, inputs, names, attributes)
            present = {value.name: value for value in inputs if value}
            try:
                probed = infer(node, present, 1)
            except CannotLowerError:
                raise BatchBoundError(f"its batch cannot be kept open: {error}") from None
        results = zip(names, exported, probed, other, strict=True)
        values = [
            Value(output, dtype, shape, probe, other=third)
            for output, (dtype, shape), (_, probe), (_, third) in results
        ]
        if sizes := fold_sizes(op, inputs, attributes):
            values = [replace(value, sizes=known) for value, known in zip(values, sizes, strict=True)]
        for given in inputs:
            if given is not None and given.name in self._outer:
                for value in values:
                    if [value.shape[axis] for axis in value.dynamic] == [given.shape[axis] for axis in given.dynamic]:
                        self._outer[value.name] = self._outer[given.name]
        return self._add(node, values)

    def node_of_known(
        self, op: str, inputs: Sequence[Value | None], results: Sequence[Value], attributes: dict[str, Any]
    ) -> tuple[Value, ...]:
        """Add a node whose results are like ``results``: what ONNX's inference does not find out by itself."""
        names = [self._unique(f"{self._scope}/{op}") for _ in results]
        values = [
            Value(name, like.dtype, like.shape, like.probe, other=like.other)
            for name, like in zip(names, results, strict=True)
        ]
        return self._add(_node(op, inputs, names, attributes), values)

    def local(self, stem: str, like: Value) -> Value:
        """The input of a graph within this one, like ``like``."""
        value = self._keep(Value(self._unique(stem), like.dtype, like.shape, like.probe, other=like.other))
        self._local.add(value.name)
        return value

    def own(self, value: Value) -> Value:
        """``value``, taken to belong to the graph that is now being built."""
        self._local.add(value.name)
        return value

    def is_local(self, value: Value) -> bool:
        """Whether ``value`` belongs to the graph that is now being built, not to one around it."""
        return value.name in self._local or not self._depth

    @contextmanager
    def within(self, nodes: list[onnx.NodeProto]) -> Iterator[None]:
        """Let what is added become nodes of another graph, within this one: ``nodes``."""
        outer, self.nodes = (self.nodes, self._local), nodes
        self._local = {name for node in nodes for name in node.output}
        self._depth += 1
        try:
            yield
        finally:
            self.nodes, self._local = outer
            self._depth -= 1

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Forget afterwards what is added."""
        before = dict(vars(self))
        vars(self).update({name: copy(part) for name, part in before.items()})
        try:
            yield
        finally:
            vars(self).update(before)

    def repeated(self, value: Value, axes: Iterable[int]) -> Value:
        """``value``, whose elements are known to be the same all along each of ``axes``."""
        self._repeated[value.name] = frozenset(axes)
        return value

    @property
    def has_open_batch(self) -> bool:
        """Whether an input has a batch of any size."""
        return self._batch is not None

    @property
    def batch(self) -> int:
        """The size of the exported batch; 1 where it is not open."""
        return self._batch.shape[0] if self._batch else 1

    def outer(self, value: Value) -> int:
        """How many parts of the axis of ``value`` that follows the batch lie before each step of the batch.

        1 where that axis is the batch, or has it in front, as windows of images have; the length of a sequence where
        words of all sequences lie in one axis, the first of each first.
        """
        return self._outer.get(value.name, 1)

    def merged(self, value: Value, outer: int) -> Value:
        """``value``, of whose axis that follows the batch ``outer`` parts lie before each step of the batch."""
        if outer > 1:
            self._outer[value.name] = outer
        return value

    def _following(self, inputs: Sequence[Value | None], op: str) -> tuple[Value | None, ...]:
        """The inputs of the node ``op``, which takes only the exported batch, with more of them following the batch.

        Those are made to follow it that are the same for each of the batch, as a class token is, on the axes on which
        another input follows it; and numbers that are put beside others and count the batch.
        """
        axes = {(value.rank, axis) for value in inputs if value for axis in value.following}
        in_turn = all(self.outer(value) == 1 for value in inputs if value)  # one of the batch after the other
        followed: list[Value | None] = []
        for value in inputs:
            on = [axis for rank, axis in axes if value and rank == value.rank]
            counting = value and self._batch and op == "Concat" and counts(value, on, self._batch)
            if value and self._batch and counting and self._batch.shape[0] > 1:
                followed.append(numbers(self, value, on[0], self._batch))
            else:
                one = value and self.follow(value, on)
                if value and one is value and len(on) == 1 and in_turn and self._batch:
                    one = tiled(self, value, on[0], self._batch) or value
                followed.append(one)
            if counting and (last := followed[-1]):
                self._counting.add(last.name)
        return tuple(followed)

    def is_counting(self, value: Value) -> bool:
        """Whether ``value`` has, or in a batch of one may have, the numbers of the batch: 0, 1, 2 and so on."""
        return value.name in self._counting

    def follow(self, value: Value, axes: Iterable[int]) -> Value:
        """``value``, made to follow the batch on one of ``axes`` if it is the same for each of the batch."""
        if self._batch is None or value.dynamic:
            return value
        for axis in axes:
            if value.shape[axis] % self._batch.shape[0] == 0 and self.is_repeated(value, axis):
                return expanded(self, value, axis, self._batch)
        return value

    def is_repeated(self, value: Value, axis: int) -> bool:
        """Whether the elements of ``value`` are known to be the same all along ``axis``."""
        if value.shape[axis] == 1 or axis in self._repeated.get(value.name, ()):
            return True
        if value.array is None:
            return False
        first = np.broadcast_to(value.array.take([0], axis), value.shape)
        return np.array_equal(value.array, first, equal_nan=True)

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
            rename_reads(node, renames)
            node.output[:] = [renames.get(name, name) for name in node.output]

    def prune(self, outputs: Iterable[str]) -> None:
        """Drop the nodes and the constants that no output needs."""
        needed = set(outputs)
        kept: list[onnx.NodeProto] = []
        for node in reversed(self.nodes):
            if needed.intersection(node.output):
                needed.update(reads(node))
                kept.append(node)
        self.nodes = kept[::-1]
        self.initializers = {name: tensor for name, tensor in self.initializers.items() if name in needed}

    def _add(self, node: onnx.NodeProto, results: Sequence[Value]) -> tuple[Value, ...]:
        self.nodes.append(node)
        self.producers.update(dict.fromkeys(node.output, node))
        self._local.update(node.output)
        return tuple(self._keep(value) for value in results)

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
