"""Diagonals of matrices, and matrices made of them."""

from __future__ import annotations

import math

import numpy as np

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, counted
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.slicing import numbers_to


@lowering("Diag", "DiagExt")
def diag(g: Builder, call: Call) -> Value:
    """Diag(x), DiagExt(x, diagonal=0): a vector as the diagonal of a matrix, a tensor as that of one with twice its
    axes -> Reshape, Where with a constant; Shape, Range, Equal where its size depends on the data.
    """
    x = call.tensor(g, 0)
    if not x.rank or call.constant("diagonal", 1, 0):
        raise CannotLowerError("it is given a number, or asked for another diagonal than the main one")
    flat, shape = x if x.rank == 1 else g.node("Reshape", x, g.ints(-1)), [whole(x, axis) for axis in range(x.rank - 1)]
    if flat.varying and x.rank == 1:
        numbers = numbers_to(g, g.node("Squeeze", g.node("Shape", flat), g.ints(0)))
        here = g.node("Equal", g.node("Unsqueeze", numbers, g.ints(1)), numbers)
        return g.node("Where", here, g.node("Unsqueeze", flat, g.ints(1)), g.constant(0, x.dtype))
    shape.append(whole(x, x.rank - 1))
    here = g.constant(np.eye(counted(math.prod(shape))), "bool")
    made = g.node("Where", here, g.node("Unsqueeze", flat, g.ints(1)), g.constant(0, x.dtype))
    return made if x.rank == 1 else g.node("Reshape", made, g.ints(*shape, *shape))


@lowering("DiagPart")
def diag_part(g: Builder, call: Call) -> Value:
    """DiagPart(x): of a tensor that has all its axes twice, what has the same place on both -> Reshape, Gather."""
    x = call.tensor(g, 0)
    sizes = [counted(whole(x, axis)) for axis in range(x.rank // 2)]
    count = math.prod(sizes)
    flat = g.node("Gather", g.node("Reshape", x, g.ints(-1)), g.ints(*range(0, count * count, count + 1)), axis=0)
    return flat if x.rank == 2 else g.node("Reshape", flat, g.ints(*sizes))


@lowering("MatrixDiagPartV3")
def matrix_diag_part(g: Builder, call: Call) -> Value:
    """MatrixDiagPartV3(x, k, padding_value; align="RIGHT_LEFT"): diagonals of matrices, one a row, the highest first,
    filled up with a number -> Reshape, Gather, Where.
    """
    x, places, align = call.tensor(g, 0), call.ints("k", 1), str(call.constant("align", default="RIGHT_LEFT"))
    rows, columns = (counted(whole(x, axis)) for axis in (x.rank - 2, x.rank - 1))
    diagonals = [
        np.diagonal(np.arange(rows * columns).reshape(rows, columns), k) for k in range(places[0], places[-1] + 1)
    ]
    longest = max(map(len, diagonals))
    at, here = np.zeros((len(diagonals), longest), np.int64), np.zeros((len(diagonals), longest), np.bool_)
    for line, (k, diagonal) in enumerate(zip(range(places[0], places[-1] + 1), diagonals, strict=True)):
        right = align.split("_")[0 if k >= 0 else 1] == "RIGHT"
        part = slice(longest - len(diagonal), longest) if right else slice(len(diagonal))
        at[-1 - line, part], here[-1 - line, part] = diagonal, True
    if places[0] == places[-1]:
        at, here = at[0], here[0]
    flat = g.node("Reshape", x, g.ints(*[0] * (x.rank - 2), -1))
    found = g.node("Gather", flat, g.constant(at, "int64"), axis=x.rank - 2)
    if here.all():
        return found
    return g.node("Where", g.constant(here, "bool"), found, g.node("Reshape", call.tensor(g, 2), g.ints()))
