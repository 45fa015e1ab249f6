"""One operator of the MindIR graph with its arguments resolved: what a lowering is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.mindir_graph import Constant, Marker, Node, TensorType

# What an operator is given and what it yields: a tensor, a constant, a function, or a tuple of such.
Argument: TypeAlias = "Value | Complex | Constant | Closure | Choice | tuple[Argument, ...]"

_MAX_PARTS = 65536
_REQUIRED = object()
_SCALARS = (bool, int, float)


@dataclass(frozen=True, slots=True)
class Complex:
    """Complex numbers, which ONNX has no element type for."""

    real: Value
    """Their real parts."""
    imag: Value
    """Their imaginary parts."""


@dataclass(frozen=True, slots=True)
class Closure:
    """A function of the file with its first arguments."""

    function: str
    """Its name."""
    bound: tuple[Argument, ...]
    """The first arguments."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of two functions, chosen when the network runs."""

    condition: Value
    """One boolean."""
    then: Argument
    """The function where it is true."""
    otherwise: Argument
    """The function where it is false."""


@dataclass(frozen=True, slots=True)
class Call:
    """A node and its arguments."""

    node: Node
    """The node of the MindIR graph."""
    arguments: tuple[Argument, ...]
    """What its inputs are; monads at the end are left out."""
    asked: frozenset[int] | None = None
    """Which of several results are read; None for all of them."""

    def asks_for(self, place: int) -> bool:
        """Whether the result at ``place``, of several, is read."""
        return self.asked is None or place in self.asked

    def tensor(self, g: Builder, index: int, like: Value | None = None) -> Value:
        """Argument ``index`` as a tensor; a number becomes a constant of ``like``'s element type.

        Raises CannotLowerError where it is missing or no tensor.
        """
        if index >= len(self.arguments):
            raise CannotLowerError(f"input {index} is missing")
        return self._as_tensor(g, self.arguments[index], index, like)

    def tensors(self, g: Builder, index: int = 0) -> tuple[Value, ...]:
        """The tensors of the tuple at argument ``index``; where there is no tuple, all the tensors from there on.

        Raises CannotLowerError where one of them is no tensor.
        """
        given = self.arguments[index] if index < len(self.arguments) else ()
        elements = given if isinstance(given, tuple) else self.arguments[index:]
        return tuple(self._as_tensor(g, element, index, None) for element in elements)

    def optional_tensor(self, g: Builder, index: int) -> Value | None:
        """Argument ``index`` as a tensor, None where it is left out or None."""
        if index >= len(self.arguments) or self.arguments[index] is None:
            return None
        return self.tensor(g, index)

    def constant(self, name: str, index: int | None = None, default: Any = _REQUIRED) -> Any:
        """The constant argument ``name``: input ``index`` where newer operators have it, else the attribute.

        Arrays come as numbers and (nested) tuples. Raises CannotLowerError where it is missing or computed at run time.
        """
        if index is not None and index < len(self.arguments):
            given = self.arguments[index]
            if isinstance(given, Value):
                if given.array is None:
                    raise CannotLowerError(f"its argument {name} is computed at run time, not a constant")
                given = given.array
            return _plain(given)
        if name in self.node.attributes:
            return _plain(self.node.attributes[name])
        if default is _REQUIRED:
            raise CannotLowerError(f"its argument {name} is missing")
        return default

    def ints(self, name: str, index: int | None = None, default: Any = _REQUIRED) -> tuple[int, ...]:
        """The constant argument ``name`` as a tuple of integers; one integer becomes a tuple of one."""
        given = self.constant(name, index, default)
        elements = given if isinstance(given, tuple) else (given,)
        if any(isinstance(element, Value) for element in elements):
            raise CannotLowerError(f"its argument {name} is computed at run time, not a constant")
        if not all(isinstance(element, int) for element in elements):
            raise CannotLowerError(f"its argument {name} is {given!r}, not integers")
        return tuple(int(element) for element in elements)

    @property
    def result(self) -> TensorType:
        """The operator's result where that is one tensor; of several, the first."""
        type_ = self.node.output_type
        while isinstance(type_, tuple) and type_:
            type_ = type_[0]
        if not isinstance(type_, TensorType):
            raise CannotLowerError("the file does not say what shape it gives")
        return type_

    @property
    def is_open(self) -> bool:
        """Whether a size of `result` depends on the data."""
        return any(size < 0 for size in self.result.shape)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape of `result`. Raises CannotLowerError where a size depends on the data."""
        if self.is_open:
            raise CannotLowerError("the size of what it gives depends on the data")
        return self.result.shape

    def _as_tensor(self, g: Builder, given: Argument, index: int, like: Value | None) -> Value:
        if isinstance(given, Value):
            return given
        if isinstance(given, np.ndarray):
            return g.constant(given, BY_NAME[given.dtype.name])
        if isinstance(given, _SCALARS):
            return g.constant(given, like.dtype if like else self.result.dtype)
        if isinstance(given, Complex):
            raise CannotLowerError("it is given complex numbers")
        raise CannotLowerError(f"input {index} is {given!r}, not a tensor")


def counted(count: int) -> int:
    """``count``, a number of parts to write out one by one.

    Raises CannotLowerError where it is absurd, as in a damaged file.
    """
    if not 0 < count <= _MAX_PARTS:
        raise CannotLowerError(f"it has {count} parts")
    return count


def axis_of(axis: int, rank: int) -> int:
    """``axis`` counted from the front.

    Raises CannotLowerError where a tensor of ``rank`` axes has no such axis.
    """
    if not -rank <= axis < rank:
        raise CannotLowerError(f"a tensor of {rank} axes has no axis {axis}")
    return axis % rank


def _plain(given: Any) -> Any:
    if isinstance(given, np.ndarray):
        return _tuples(given.tolist())
    if isinstance(given, Marker):
        raise CannotLowerError("a monad stands where an argument is expected")
    if isinstance(given, tuple):
        return tuple(_plain(element) for element in given)
    return given


def _tuples(given: Any) -> Any:
    return tuple(_tuples(element) for element in given) if isinstance(given, list) else given
