"""What functions are given and return: tuples within tuples, whose leaves are tensors, numbers and monads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument
from hubkit.convert.mindir_graph import Marker

# Python's numbers -> the element types that MindSpore gives them.
_NUMBERS: dict[type, str] = {bool: "bool", int: "int64", float: "float32"}


def leaves(argument: Argument) -> Iterator[Argument]:
    """What ``argument`` consists of, in order."""
    if isinstance(argument, tuple):
        for element in argument:
            yield from leaves(element)
    else:
        yield argument


def rebuilt(argument: Argument, new: Iterator[Argument]) -> Argument:
    """``argument`` with the next of ``new`` in place of each of its leaves."""
    if isinstance(argument, tuple):
        return tuple(rebuilt(element, new) for element in argument)
    return next(new)


def is_tensor(leaf: Argument) -> bool:
    """Whether ``leaf`` can be a value of the ONNX graph."""
    return isinstance(leaf, Value | np.ndarray)


def as_value(g: Builder, leaf: Argument) -> Value:
    """``leaf`` as a value of the ONNX graph; a number is one without axes.

    Raises CannotLowerError where it is no tensor.
    """
    if isinstance(leaf, Value):
        return leaf
    if isinstance(leaf, np.ndarray):
        return g.constant(leaf, BY_NAME[leaf.dtype.name])
    if type(leaf) in _NUMBERS:
        return g.constant(leaf, _NUMBERS[type(leaf)])
    raise CannotLowerError(f"{leaf!r} differs between the branches or the rounds, but is no tensor")


def same(first: Argument, second: Argument) -> bool:
    """Whether two leaves stand for the same value."""
    if first is second:
        return True
    kinds = (bool, int, float, str, Marker)
    return isinstance(first, kinds) and type(first) is type(second) and first == second
