"""The network that a .mindir file holds, as a small typed model: nodes in order, parameters and constants by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

import numpy as np

from hubkit.convert.dtypes import DType

CALL = "call"
"""The operator of a node that calls a function of the file, or one that a node yields."""


class Marker(Enum):
    """A constant that is no value."""

    MONAD = "monad"
    """Orders side effects; carries nothing."""


@dataclass(frozen=True, slots=True)
class TensorType:
    """The shape and element type of a tensor."""

    shape: tuple[int, ...]
    """Sizes of the axes; -1 where the network was exported with that axis unknown."""
    dtype: DType
    """The element type."""

    def __str__(self) -> str:
        return f"{self.dtype.name}[{', '.join(map(str, self.shape))}]"


@dataclass(frozen=True, slots=True)
class ComplexType:
    """The type of a tensor of complex numbers, for which ONNX has no element type."""

    part: TensorType
    """The type of their real parts, which is that of their imaginary parts."""


# What a node or a graph yields: a tensor, several, or something that is no tensor (None).
ValueType: TypeAlias = "TensorType | ComplexType | tuple[ValueType, ...] | None"
# What a constant or an attribute holds.
Constant: TypeAlias = "int | float | bool | str | Marker | DType | np.ndarray[Any, Any] | tuple[Constant, ...] | None"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A tensor that the file carries: a weight."""

    name: str
    """The name in the network, such as "conv.weight"."""
    type: TensorType
    """Its shape and element type."""
    data: memoryview = field(repr=False)
    """Its elements, little endian, row-major."""

    def array(self) -> np.ndarray[Any, Any]:
        """The elements as a read-only array over `data`."""
        return self.type.dtype.array(self.data, self.type.shape)


@dataclass(frozen=True, slots=True)
class Node:
    """One operator of the graph."""

    name: str
    """Its name in the file, also that of its output."""
    op: str
    """The operator, such as "Conv2D"."""
    inputs: tuple[str, ...]
    """Names of graph inputs, parameters, constants or earlier nodes."""
    outputs: tuple[str, ...]
    """Names of what it yields; MindIR has one, a tuple where the operator yields several."""
    attributes: Mapping[str, Constant]
    """The operator's attributes; newer operators have none and take constants as inputs."""
    output_type: ValueType
    """What it yields."""
    scope: str
    """The full name of the layer, such as "Default/conv-Conv2d/Conv2D-op0"."""
    callee: str = ""
    """What a `CALL` calls: the name of a function, or of the node that yields it; otherwise empty."""


@dataclass(frozen=True, slots=True)
class Function:
    """A part of the network that nodes call: a branch, the body of a loop, a layer kept apart."""

    name: str
    """The name by which nodes know it."""
    inputs: tuple[str, ...]
    """Names of its arguments."""
    output: str
    """The name of the value that it returns."""
    nodes: tuple[Node, ...]
    """In an order in which each node comes after what it reads."""


@dataclass(frozen=True, slots=True)
class GraphInput:
    """One input of the network."""

    name: str
    """Its name in the file."""
    type: TensorType
    """Its shape and element type."""


@dataclass(frozen=True, slots=True)
class GraphOutput:
    """One output of the network."""

    name: str
    """The name of the value in the file."""
    type: ValueType
    """A tensor, or a tuple where the network returns several."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The network that a .mindir file holds."""

    name: str
    """The graph's name."""
    inputs: tuple[GraphInput, ...]
    """In the order of the network's arguments."""
    outputs: tuple[GraphOutput, ...]
    """One, which is a tuple where the network returns several."""
    parameters: Mapping[str, Parameter]
    """By the name that nodes use."""
    constants: Mapping[str, Constant]
    """By the name that nodes use."""
    nodes: tuple[Node, ...]
    """In an order in which each node comes after what it reads."""
    functions: Mapping[str, Function]
    """The functions that nodes call, by name; empty where the network has no control flow."""
    producer: str
    """What wrote the file, such as "MindSpore 2.10.0"."""
    data_files: tuple[str, ...] = ()
    """The files beside that hold parameters, by their paths from the file's folder; empty where it holds them."""

    def every_node(self) -> Iterator[Node]:
        """The nodes of the graph, then those of its functions."""
        yield from self.nodes
        for function in self.functions.values():
            yield from function.nodes
