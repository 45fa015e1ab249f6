"""What is found in a model file: plain records, the same for every kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from hubkit.errors import HubkitError
from hubkit.inspect.element_types import ElementType
from hubkit.store.content import Kind

# The sizes of the axes: a number, the name of an axis of any size, or None where nothing is said of it.
Shape: TypeAlias = "tuple[int | str | None, ...]"
# The product of axes of any size by which operations are multiplied -> operations.
Operations: TypeAlias = "Mapping[tuple[str, ...], int]"


class InspectError(HubkitError):
    """A file cannot be inspected: it is of no kind that is read, damaged, or names what it must not."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was not found out."""

    reason: str
    """Why."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures of elements; all but the counts are of the finite ones."""

    count: int
    """How many elements are finite."""
    minimum: float
    """The least."""
    maximum: float
    """The greatest."""
    mean: float
    """Their mean."""
    squares: float
    """The sum of the squares of their distances from the mean."""
    nan: int = 0
    """How many elements are no number."""
    infinite: int = 0
    """How many are infinite."""

    @property
    def deviation(self) -> float:
        """The standard deviation of all of them (not of a sample)."""
        return (self.squares / self.count) ** 0.5 if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Port:
    """An input or an output."""

    name: str
    """Its name."""
    dtype: str
    """Its element type."""
    shape: Shape | None
    """Its shape; None where the file does not say."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """A parameter."""

    name: str
    """Its name, dotted by layers."""
    element_type: ElementType
    """The type of its elements."""
    shape: tuple[int, ...]
    """Its sizes."""
    count: int
    """How many elements it has."""
    size: int
    """How many bytes they take."""
    data: tuple[memoryview, ...] | Skipped = field(repr=False)
    """Its elements, row-major and little endian, in pieces that follow each other; Skipped where they cannot be had."""
    location: str = ""
    """The file beside the model that holds them; empty where they lie in the model."""


@dataclass(frozen=True, slots=True)
class OperatorCost:
    """What one convolution or matrix product costs."""

    name: str
    """The name of the node."""
    op: str
    """The operator."""
    operations: Operations | Skipped
    """Floating point operations, where a multiplication and an addition count as two; Skipped where it is unknown."""


@dataclass(frozen=True, slots=True)
class Model:
    """What a file holds."""

    kind: Kind
    """The kind of file."""
    tensors: tuple[Tensor, ...]
    """The parameters, in the file's order."""
    producer: str = ""
    """What wrote it, such as "MindSpore 2.10.0"; empty where the file does not say."""
    opsets: Mapping[str, int] = field(default_factory=dict)
    """Versions of operator sets, by domain."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """What the file says beside that."""
    inputs: tuple[Port, ...] = ()
    """The inputs; none where the file holds no graph."""
    outputs: tuple[Port, ...] = ()
    """The outputs; none where the file holds no graph."""
    operators: Mapping[str, int] = field(default_factory=dict)
    """How often each operator occurs, also in branches and functions, by name."""
    costs: tuple[OperatorCost, ...] = ()
    """The convolutions and matrix products, in the graph's order."""
    has_graph: bool = True
    """Whether the file holds a graph."""
