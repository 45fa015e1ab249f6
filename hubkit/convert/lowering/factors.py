"""Factors of matrices: orthogonal and triangular (QR), eigenvectors, and singular vectors.

The signs of eigenvectors and of singular vectors are no part of what defines them: here they may be other than in
MindSpore. What does not depend on them, as a projection or a pseudoinverse, is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, counted
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.linalg import MAX_ROWS, square, transposed
from hubkit.convert.lowering.rearrange import cut
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.repetition import repeated
from hubkit.convert.lowering.substitution import substituted

_SWEEPS = 12  # rotations of every pair; each sweep squares what is left beside the diagonal, once that is small


@lowering("Qr")
def qr(g: Builder, call: Call) -> Argument:
    """Qr(x; full_matrices=False): an orthogonal and an upper triangular factor -> a reflection a column: ReduceSum,
    Sqrt, Where, MatMul, Div, Sub. Up to 16 rows and columns.
    """
    x = call.tensor(g, 0)
    q, r = _reflected(g, x)
    rows, columns = x.shape[-2:]
    least = min(rows, columns)
    if bool(call.constant("full_matrices", 1, False)) or least == rows:
        return q, r
    return cut(g, q, q.rank - 1, 0, least), cut(g, r, r.rank - 2, 0, least)


@lowering("Lstsq")
def least_squares(g: Builder, call: Call) -> Value:
    """Lstsq(x, a): what x makes nearest to a, of at least as many rows as columns -> a reflection a column, then
    substitution: ReduceSum, Sqrt, Where, MatMul, Div, Sub. Up to 16 rows and columns.
    """
    x, a = call.tensor(g, 0), call.tensor(g, 1)
    if x.rank != 2 or x.shape[0] < x.shape[1]:
        raise CannotLowerError(f"its matrix is {x.told}, with fewer rows than columns")
    right = g.node("Unsqueeze", a, g.ints(1)) if a.rank == 1 else a
    q, r = _reflected(g, x)
    upper = cut(g, r, 0, 0, x.shape[1])
    turned = cut(g, g.node("MatMul", transposed(g, q), right), 0, 0, x.shape[1])
    return substituted(g, upper, turned, lower=False)


@lowering("Eigh", "SelfAdjointEig")
def eigh(g: Builder, call: Call) -> Argument:
    """Eigh(x; compute_eigenvectors=True, lower=True), SelfAdjointEig(x; compute_v): of symmetric matrices the
    eigenvalues, the least first, and the eigenvectors, with either sign -> Loop of rotations: Slice, Div, Sqrt, Mul,
    Add, MatMul; TopK, GatherElements. Up to 16 rows.
    """
    x = square(g, call)
    size, low = x.shape[-1], bool(call.constant("lower", default=True))
    half = np.tril(np.ones((size, size)), -1) if low else np.triu(np.ones((size, size)), 1)
    part = g.node("Mul", x, g.constant(half, x.dtype))
    diagonal = g.node("Mul", x, g.constant(np.eye(size), x.dtype))
    x = g.node("Add", diagonal, g.node("Add", part, transposed(g, part)))
    vectors = _identity(g, x)

    def turned(state: Sequence[Value], first: int, second: int) -> list[Value]:
        matrix, found = state
        both, upper, lower = (_element(g, matrix, *at) for at in ((first, second), (first, first), (second, second)))
        turn = _rotation(g, size, first, second, both, g.node("Sub", lower, upper))
        return [g.node("MatMul", g.node("MatMul", transposed(g, turn), matrix), turn), g.node("MatMul", found, turn)]

    matrix, vectors = _swept(g, (x, vectors), size, turned)
    values = g.node("ReduceSum", g.node("Mul", matrix, g.constant(np.eye(size), x.dtype)), g.ints(-1), keepdims=0)
    values, vectors = _ordered(g, values, (vectors,), largest=False)
    if not isinstance(call.node.output_type, tuple):
        return values
    return (values, vectors) if call.constant("compute_v", default=True) else (values,)


@lowering("Svd")
def svd(g: Builder, call: Call) -> Argument:
    """Svd(x; full_matrices=False, compute_uv=True): the singular values, the greatest first, and their vectors, with
    either sign -> Loop of rotations: Slice, Div, Sqrt, Mul, Add, MatMul, ReduceSum; TopK, GatherElements.

    Up to 16 rows and columns; vectors beyond the lesser of both (full_matrices) are refused where they are read.
    """
    x = _small(call.tensor(g, 0))
    rows, columns = x.shape[-2:]
    wide = columns > rows
    work = transposed(g, x) if wide else x
    size = min(rows, columns)
    right = _identity(g, g.node("MatMul", transposed(g, work), work))

    def turned(state: Sequence[Value], first: int, second: int) -> list[Value]:
        matrix, found = state
        one, other = (cut(g, matrix, matrix.rank - 1, place, place + 1) for place in (first, second))
        both, upper, lower = (_product(g, *pair) for pair in ((one, other), (one, one), (other, other)))
        turn = _rotation(g, size, first, second, both, g.node("Sub", lower, upper))
        return [g.node("MatMul", matrix, turn), g.node("MatMul", found, turn)]

    work, right = _swept(g, (work, right), size, turned)
    lengths = g.node("Sqrt", g.node("ReduceSum", g.node("Mul", work, work), g.ints(-2), keepdims=1))
    none = g.node("Equal", lengths, g.constant(0, x.dtype))
    left = g.node("Div", work, g.node("Where", none, g.constant(1, x.dtype), lengths))
    values = g.node("Squeeze", lengths, g.ints(x.rank - 2))
    values, left, right = _ordered(g, values, (left, right), largest=True)
    left, right = (right, left) if wide else (left, right)
    if not call.constant("compute_uv", 2, True) or not (call.asks_for(1) or call.asks_for(2)):
        return (values,)
    if call.constant("full_matrices", 1, False) and rows != columns:
        raise CannotLowerError("it gives more vectors than there are singular values (full_matrices)")
    return values, left, right


def _small(x: Value) -> Value:
    """``x``, matrices of few rows and columns. Raises CannotLowerError where they have more."""
    sizes = [counted(whole(x, axis)) for axis in (x.rank - 2, x.rank - 1)] if x.rank > 1 else []
    if not sizes or max(sizes) > MAX_ROWS:
        raise CannotLowerError(f"its matrices are {x.told}, not of up to {MAX_ROWS} rows and columns")
    return x


def _reflected(g: Builder, x: Value) -> tuple[Value, Value]:
    """An orthogonal and an upper triangular matrix whose product is ``x``, by Householder's reflections.

    The diagonal has the sign that LAPACK gives it.
    """
    rows, columns = _small(x).shape[-2:]
    places, zero, one = np.arange(rows)[:, None], g.constant(0, x.dtype), g.constant(1, x.dtype)
    q = _identity(g, g.node("MatMul", x, transposed(g, x)))
    for place in range(min(rows - 1, columns)):
        column = g.node("Where", g.constant(places >= place, "bool"), cut(g, x, x.rank - 1, place, place + 1), zero)
        length = g.node("Sqrt", _product(g, column, column))
        head = cut(g, column, x.rank - 2, place, place + 1)
        positive = g.node("GreaterOrEqual", head, zero)
        target = g.node("Where", positive, g.node("Neg", length), length)
        normal = g.node("Sub", column, g.node("Mul", target, g.constant(places == place, x.dtype)))
        size = _product(g, normal, normal)
        size = g.node("Where", g.node("Equal", size, zero), one, size)
        scaled = g.node("Mul", normal, g.node("Div", g.constant(2, x.dtype), size))
        line = transposed(g, normal)
        x = g.node("Sub", x, g.node("MatMul", scaled, g.node("MatMul", line, x)))
        q = g.node("Sub", q, g.node("MatMul", g.node("MatMul", q, scaled), transposed(g, normal)))
    above = np.triu(np.ones((rows, columns), np.bool_))
    return q, g.node("Where", g.constant(above, "bool"), x, zero)


def _identity(g: Builder, like: Value) -> Value:
    """As many identity matrices as there are in ``like``, of the same size."""
    return g.node("Add", g.node("Mul", like, g.constant(0, like.dtype)), g.constant(np.eye(like.shape[-1]), like.dtype))


def _rotation(g: Builder, size: int, first: int, second: int, both: Value, apart: Value) -> Value:
    """The rotation of the axes ``first`` and ``second`` that makes their product ``both`` 0; ``apart`` is how far the
    second's own product is above the first's.
    """
    dtype = both.dtype
    zero, one, two = (g.constant(number, dtype) for number in (0, 1, 2))
    none = g.node("Equal", both, zero)
    slope = g.node("Div", apart, g.node("Mul", two, g.node("Where", none, one, both)))
    root = g.node("Sqrt", g.node("Add", g.node("Mul", slope, slope), one))
    reach = g.node("Reciprocal", g.node("Add", g.node("Abs", slope), root))
    tangent = g.node("Where", g.node("Less", slope, zero), g.node("Neg", reach), reach)
    tangent = g.node("Where", none, zero, tangent)
    cosine = g.node("Reciprocal", g.node("Sqrt", g.node("Add", g.node("Mul", tangent, tangent), one)))
    sine = g.node("Mul", tangent, cosine)
    kept, crossed = np.zeros((size, size)), np.zeros((size, size))
    kept[first, first] = kept[second, second] = 1
    crossed[first, second], crossed[second, first] = 1, -1
    turned = g.node("Mul", g.node("Sub", cosine, one), g.constant(kept, dtype))
    turned = g.node("Add", turned, g.node("Mul", sine, g.constant(crossed, dtype)))
    return g.node("Add", turned, g.constant(np.eye(size), dtype))


def _swept(
    g: Builder, state: Sequence[Value], size: int, turned: Callable[[Sequence[Value], int, int], list[Value]]
) -> tuple[Value, ...]:
    """``state`` after some rounds of ``turned``, which is given it and each pair of ``size`` columns: a Loop."""
    if size == 1:
        return tuple(state)

    def sweep(_: Value, given: Sequence[Value]) -> Sequence[Value]:
        for first, second in combinations(range(size), 2):
            given = turned(given, first, second)
        return given

    return repeated(g, _SWEEPS, state, sweep)


def _ordered(g: Builder, values: Value, columns: Sequence[Value], *, largest: bool) -> list[Value]:
    """``values`` in order, and each of ``columns``, matrices that have a column a value, in the same order."""
    size = values.shape[-1]
    attributes = {"axis": values.rank - 1, "largest": int(largest)}
    ordered, places = g.nodes_of("TopK", (values, g.ints(size)), 2, attributes)
    wide = g.node("Unsqueeze", places, g.ints(places.rank - 1))
    found = []
    for matrix in columns:
        ones = np.ones((matrix.shape[-2], 1))
        at = g.node("Mul", wide, g.constant(ones, "int64"))
        found.append(g.node("GatherElements", matrix, at, axis=matrix.rank - 1))
    return [ordered, *found]


def _element(g: Builder, x: Value, row: int, column: int) -> Value:
    return cut(g, cut(g, x, x.rank - 2, row, row + 1), x.rank - 1, column, column + 1)


def _product(g: Builder, one: Value, other: Value) -> Value:
    """The product of two columns, as a matrix of one element."""
    return g.node("ReduceSum", g.node("Mul", one, other), g.ints(-2), keepdims=1)
