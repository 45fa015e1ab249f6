"""Figures of a tensor's elements, taken from pieces of it, so that no tensor is ever whole in memory.

The moments of pieces are joined as in Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for
computing sample variances" (1979).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from hubkit.convert.dtypes import BY_NAME
from hubkit.inspect.file import read_ahead, release
from hubkit.inspect.model import Skipped, Statistics, Tensor

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PIECE_ELEMENTS = 2**16
_RELEASED_BYTES = 8 * 2**20


def statistics(tensor: Tensor) -> Statistics | Skipped:
    """The figures of the tensor's elements; bfloat16 is read as the float32 that it is the upper half of.

    Skipped where the elements cannot be had, there are none, or NumPy has no such type.
    """
    if isinstance(tensor.data, Skipped):
        return tensor.data
    name = tensor.element_type.name
    if name not in BY_NAME:
        return Skipped(f"NumPy has no type {name}")
    if not tensor.count:
        return Skipped("it has no elements")
    try:
        import numpy as np
    except ModuleNotFoundError:
        return Skipped("NumPy is not installed")
    with np.errstate(all="ignore"):  # float64 near its limits: the mean is then told to be unknown
        found = joined(_of_piece(_readable(piece, name)) for piece in _pieces(tensor.data, BY_NAME[name].itemsize))
    return Skipped("none is finite") if found is None else found


def joined(parts: Iterable[Statistics]) -> Statistics | None:
    """The figures of all elements together; None where there are no parts."""
    total: Statistics | None = None
    for part in parts:
        total = part if total is None else _join(total, part)
    return total


def _join(a: Statistics, b: Statistics) -> Statistics:
    nan, infinite = a.nan + b.nan, a.infinite + b.infinite
    if not a.count or not b.count:
        some = a if a.count else b
        return Statistics(some.count, some.minimum, some.maximum, some.mean, some.squares, nan, infinite)
    count = a.count + b.count
    apart = b.mean - a.mean
    return Statistics(
        count,
        min(a.minimum, b.minimum),
        max(a.maximum, b.maximum),
        a.mean + apart * b.count / count,
        a.squares + b.squares + apart * apart * a.count / count * b.count,
        nan,
        infinite,
    )


def _pieces(parts: Iterable[memoryview], itemsize: int) -> Iterator[bytes | memoryview]:
    """Pieces of whole elements, of which one may lie across two parts; what was read is let go of."""
    step = _PIECE_ELEMENTS * itemsize
    rest = b""
    read = 0
    for part in parts:
        read_ahead(part)
        start = 0
        if rest:
            start = min(itemsize - len(rest), len(part))
            rest += bytes(part[:start])
            if len(rest) < itemsize:
                continue
            yield rest
        end = start + (len(part) - start) // itemsize * itemsize
        for position in range(start, end, step):
            piece = part[position : min(position + step, end)]
            yield piece
            read += len(piece)
            if read >= _RELEASED_BYTES:
                release(part)
                read = 0
        rest = bytes(part[end:])
        release(part)


def _readable(piece: bytes | memoryview, name: str) -> NDArray[Any]:
    import numpy as np

    if name == "bfloat16":
        bits = np.frombuffer(piece, np.dtype("<u2")).astype(np.dtype("<u4"))
        return (bits << 16).view(np.dtype("<f4"))
    if name == "bool":
        return np.frombuffer(piece, np.uint8).astype(np.bool_)
    return np.frombuffer(piece, np.dtype(name).newbyteorder("<" if sys.byteorder == "big" else "="))


def _of_piece(values: NDArray[Any]) -> Statistics:
    import numpy as np

    nan = infinite = 0
    wide = values.astype(np.float64)
    mean = float(wide.mean())
    if not math.isfinite(mean) and values.dtype.kind == "f":  # what is not finite shows in the mean
        finite = np.isfinite(values)
        nan = int(np.isnan(values).sum())
        infinite = len(values) - nan - int(finite.sum())
        values, wide = values[finite], wide[finite]
        if not len(values):
            return Statistics(0, math.nan, math.nan, math.nan, 0.0, nan, infinite)
        mean = float(wide.mean())
    wide -= mean
    squares = float(np.square(wide, out=wide).sum())  # not by dot, which keeps all cores busy for nothing
    return Statistics(len(values), values.min().item(), values.max().item(), mean, squares, nan, infinite)
