"""A lowered network as passes change it: who writes and who reads each value, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
from onnx import helper

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Initializer, Value
from hubkit.convert.lowering.engine import Lowered


class OptimizedGraph:
    """The nodes in order, with an index of readers and writers that the methods keep right."""

    def __init__(self, lowered: Lowered) -> None:
        self._model = onnx.ModelProto()
        self._model.CopyFrom(lowered.model)
        self._initializers = {tensor.name: tensor for tensor in lowered.initializers}
        self._values = dict(lowered.values)
        self._nodes: dict[int, onnx.NodeProto] = dict(enumerate(self._model.graph.node))
        self._writer: dict[str, int] = {}
        self._readers: dict[str, list[int]] = {}
        self._shared: dict[tuple[str, str, tuple[int, ...], bytes], str] = {}
        # What a branch or a loop reads from outside, beside the outputs: such values keep their names.
        self._pinned = {tensor.name for tensor in lowered.outputs}
        for number, node in self._nodes.items():
            self._index(number, node)
            self._pinned.update(_read_within(node))

    def nodes(self, *ops: str) -> Iterator[onnx.NodeProto]:
        """Each node of the operators ``ops`` (all, where none is given), in order; it may be removed meanwhile."""
        for node in list(self._nodes.values()):
            if not ops or node.op_type in ops:
                yield node

    def value(self, name: str) -> Value:
        """What is known of the value ``name``."""
        return self._values[name]

    def constant(self, name: str) -> np.ndarray[Any, Any] | None:
        """The elements of the value ``name`` where it is a constant."""
        return self._values[name].array if name in self._initializers else None

    def writer(self, name: str) -> onnx.NodeProto | None:
        """The node that writes ``name``; None for inputs and constants."""
        number = self._writer.get(name)
        return None if number is None else self._nodes[number]

    def reader(self, name: str) -> onnx.NodeProto | None:
        """The node that reads ``name``, where one input of one node does and nothing else."""
        return self._nodes[self._readers[name][0]] if self.read_once(name) else None

    def read_once(self, name: str) -> bool:
        """Whether exactly one input of one node reads ``name``, and nothing else does."""
        return len(self._readers.get(name, ())) == 1 and name not in self._pinned

    def add_constant(self, stem: str, array: np.ndarray[Any, Any]) -> str:
        """A new constant; its name, which begins with ``stem``."""
        name, count = stem, 1
        while name in self._values:
            count += 1
            name = f"{stem}_{count}"
        dtype = BY_NAME[array.dtype.name]
        data = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
        self._initializers[name] = Initializer(name, dtype, array.shape, data)
        self._values[name] = Value(name, dtype, array.shape, array.shape, array)
        return name

    def shared_constant(self, stem: str, array: np.ndarray[Any, Any]) -> str:
        """As `add_constant`, but equal arrays of one stem are one constant."""
        key = (stem, array.dtype.name, array.shape, array.tobytes())
        if key not in self._shared:
            self._shared[key] = self.add_constant(stem, array)
        return self._shared[key]

    def rewrite(self, node: onnx.NodeProto, inputs: Iterable[str] | None = None, **attributes: Any) -> None:
        """Give ``node`` other ``inputs``, and set ``attributes``; None takes one away."""
        number = self._writer[node.output[0]]
        if inputs is not None:
            for name in set(node.input):
                self._readers[name] = [reader for reader in self._readers[name] if reader != number]
            del node.input[:]
            node.input.extend(inputs)
            for name in node.input:
                self._readers.setdefault(name, []).append(number)
        if attributes:
            kept = [attribute for attribute in node.attribute if attribute.name not in attributes]
            made = [helper.make_attribute(name, value) for name, value in attributes.items() if value is not None]
            del node.attribute[:]
            node.attribute.extend(sorted([*kept, *made], key=lambda attribute: attribute.name))

    def bypass(self, node: onnx.NodeProto, name: str) -> bool:
        """Remove ``node``, which has one output, and let what read that read ``name`` in its place.

        False, and nothing is changed, where the output's name is asked for from outside and cannot be handed on.
        """
        output = node.output[0]
        if output in self._pinned:
            return self._hand_on(node, name)
        self._remove(node)
        for number in self._readers.pop(output, []):
            reader = self._nodes[number]
            for index, given in enumerate(reader.input):
                if given == output:
                    reader.input[index] = name
                    self._readers.setdefault(name, []).append(number)
        return True

    def drop_unread(self) -> None:
        """Remove the nodes whose values nothing reads."""
        for number in reversed(list(self._nodes)):
            node = self._nodes[number]
            if not any(self._readers.get(name) or name in self._pinned for name in node.output):
                self._remove(node)

    def result(self, lowered: Lowered) -> Lowered:
        """``lowered`` with the nodes and the constants that are needed now."""
        self.drop_unread()
        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        del model.graph.node[:]
        model.graph.node.extend(self._nodes.values())
        used = [
            tensor for name, tensor in self._initializers.items() if self._readers.get(name) or name in self._pinned
        ]
        return replace(lowered, model=model, initializers=tuple(used), values=self._values)

    def _hand_on(self, node: onnx.NodeProto, name: str) -> bool:
        """Let the writer of ``name`` write what ``node`` wrote, under the name that is asked for."""
        output, writer = node.output[0], self.writer(name)
        if writer is None or name in self._pinned:
            return False
        self._remove(node)
        number = self._writer.pop(name)
        writer.output[list(writer.output).index(name)] = output
        self._writer[output] = number
        for reader in self._readers.pop(name, []):
            inputs = self._nodes[reader].input
            for index, given in enumerate(inputs):
                if given == name:
                    inputs[index] = output
                    self._readers.setdefault(output, []).append(reader)
        return True

    def _index(self, number: int, node: onnx.NodeProto) -> None:
        for name in node.output:
            self._writer[name] = number
        for name in node.input:
            self._readers.setdefault(name, []).append(number)

    def _remove(self, node: onnx.NodeProto) -> None:
        number = self._writer[node.output[0]]
        for name in set(node.input):
            self._readers[name] = [reader for reader in self._readers[name] if reader != number]
        for name in node.output:
            self._writer.pop(name, None)
        del self._nodes[number]


def _read_within(node: onnx.NodeProto) -> Iterator[str]:
    """The names that the graphs inside ``node`` read, their own among them."""
    for attribute in node.attribute:
        for graph in (*attribute.graphs, *([attribute.g] if attribute.HasField("g") else ())):
            yield from (output.name for output in graph.output)
            for inner in graph.node:
                yield from inner.input
                yield from _read_within(inner)


def attribute(node: onnx.NodeProto, name: str, default: Any = None) -> Any:
    """The attribute ``name`` of ``node``, ``default`` where it is left out; texts as str."""
    for item in node.attribute:
        if item.name == name:
            given = helper.get_attribute_value(item)
            return given.decode() if isinstance(given, bytes) else given
    return default
