"""Sizes that depend on the data, such as how many elements are picked: numbers that stand for them while lowering."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count

import numpy as np

from hubkit.convert.dtypes import DType
from hubkit.convert.lowering.values import Size, Value

_FIRST_PRIME = 10007  # and later ones: no size divides them that a network has
_KINDS = range(3)  # of Value.variants


class Sizes:
    """The sizes of one graph that depend on the data.

    Whoever lowers a graph twice, with another ``place``, gets other numbers for the same sizes: so it is seen that
    none was written down.
    """

    def __init__(self, place: int = 0) -> None:
        self._place = place
        self._known: dict[str, Size] = {}

    def __len__(self) -> int:
        return len(self._known)

    def of(self, what: str) -> Size:
        """The size of ``what``: the same one whenever it is asked for."""
        if what not in self._known:
            first = self._place + len(_KINDS) * len(self._known)
            self._known[what] = Size(*(_prime(first + kind) for kind in _KINDS))
        return self._known[what]

    def of_number(self, number: Value) -> Size:
        """The ``number``, one element, as a size."""
        found = [number.known(kind) for kind in _KINDS]
        if any(array is None for array in found):
            return self.of(number.name)
        return Size(*(int(np.reshape(array, ())) for array in found if array is not None))


def with_sizes(dtype: DType, sizes: Sequence[Size | int]) -> Value:
    """What `Builder.node_of_known` takes: the type ``dtype``, and the ``sizes`` of all axes."""
    triples = [size if isinstance(size, Size) else Size(size, size, size) for size in sizes]
    shape, probe, other = (tuple(triple[kind] for triple in triples) for kind in _KINDS)
    return Value("", dtype, shape, probe, other=other)


def sizes_of(value: Value) -> list[Size]:
    """The size of each axis of ``value``."""
    return [Size(*each) for each in zip(*value.variants, strict=True)]


def _prime(place: int) -> int:
    found = _FIRST_PRIME
    for _ in range(place):
        found = next(n for n in count(found + 2, 2) if all(n % d for d in range(3, math.isqrt(n) + 1, 2)))
    return found
