"""Inverses, determinants and systems of equations of small matrices, by elimination written out."""

from __future__ import annotations

import numpy as np

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, counted
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.rearrange import cut
from hubkit.convert.lowering.registry import lowering

MAX_ROWS = 16
"""How many rows a matrix may have that is worked through row by row."""
_MAX_POWER = 1024


@lowering("MatrixInverse", "MatrixInverseExt")
def matrix_inverse(g: Builder, call: Call) -> Value:
    """MatrixInverse(x; adjoint=False), MatrixInverseExt -> elimination with pivots: ArgMax, Where, Div, Mul, Sub a row.

    Up to 16 rows.
    """
    x = square(g, call)
    return _solved(g, x, g.constant(np.eye(x.shape[-1]), x.dtype))[0]


@lowering("MatrixSolve")
def matrix_solve(g: Builder, call: Call) -> Value:
    """MatrixSolve(matrix, rhs; adjoint=False) -> elimination with pivots: ArgMax, Where, Div, Mul, Sub a row.

    Up to 16 rows.
    """
    return _solved(g, square(g, call), call.tensor(g, 1))[0]


@lowering("MatrixDeterminant")
def matrix_determinant(g: Builder, call: Call) -> Value:
    """MatrixDeterminant(x): the product of pivots -> elimination: ArgMax, Where, Div, Mul, Sub a row. Up to 16 rows."""
    pivots = _pivots(g, call)
    return g.node("ReduceProd", pivots, g.ints(-1), keepdims=0)


@lowering("LogMatrixDeterminant")
def log_matrix_determinant(g: Builder, call: Call) -> Argument:
    """LogMatrixDeterminant(x): the sign, and the logarithm of the amount -> elimination: ArgMax, Where, Div, Mul, Sub a
    row. Up to 16 rows.
    """
    pivots = _pivots(g, call)
    logs = g.node("Log", g.node("Abs", pivots))
    sign = g.node("ReduceProd", g.node("Sign", pivots), g.ints(-1), keepdims=0)
    return sign, g.node("ReduceSum", logs, g.ints(-1), keepdims=0)


@lowering("MatrixPower")
def matrix_power(g: Builder, call: Call) -> Value:
    """MatrixPower(x; n) -> MatMul, as often as n has binary digits, twice at most; n is not negative."""
    x, power = call.tensor(g, 0), int(call.constant("n", 1))
    if not 0 <= power <= _MAX_POWER:
        raise CannotLowerError(f"its power is {power}")
    square, result = x, None
    for digit in f"{power:b}"[::-1]:
        if digit == "1":
            result = square if result is None else g.node("MatMul", result, square)
        square = g.node("MatMul", square, square)
    if result is None:
        ones = g.constant(np.eye(whole(x, x.rank - 1)), x.dtype)
        return g.node("Add", g.node("Mul", x, g.constant(0, x.dtype)), ones)
    return result


@lowering("Cholesky")
def cholesky(g: Builder, call: Call) -> Value:
    """Cholesky(x; upper=False): the triangle whose square x is -> a column after the other: MatMul, Sub, Sqrt, Div.

    Up to 16 rows. Where x is not positive definite, NaN.
    """
    x = square(g, call)
    rows, last, above = x.shape[-1], x.rank - 1, x.rank - 2
    places, zero = np.arange(rows)[:, None], g.constant(0, x.dtype)
    columns: list[Value] = []
    for row in range(rows):
        column = cut(g, x, last, row, row + 1)
        if columns:
            found = columns[0] if row == 1 else g.node("Concat", *columns, axis=last)
            line = transposed(g, cut(g, found, above, row, row + 1))
            column = g.node("Sub", column, g.node("MatMul", found, line))
        column = g.node("Div", column, g.node("Sqrt", cut(g, column, above, row, row + 1)))
        columns.append(g.node("Where", g.constant(places >= row, "bool"), column, zero))
    lower = columns[0] if rows == 1 else g.node("Concat", *columns, axis=last)
    upper = call.constant("upper", 1, False)
    return transposed(g, lower) if upper else lower


def square(g: Builder, call: Call, index: int = 0) -> Value:
    """Argument ``index``, square matrices; transposed where the operator asks for that.

    Raises CannotLowerError where they are not square, or have more than 16 rows.
    """
    x = call.tensor(g, index)
    rows = counted(whole(x, x.rank - 1)) if x.rank > 1 else 0
    if not 0 < rows <= MAX_ROWS or whole(x, x.rank - 2) != rows:
        raise CannotLowerError(
            f"its matrices are {list(x.shape[-2:])}, not of up to {MAX_ROWS} rows and as many columns"
        )
    if call.constant("adjoint", default=False):
        return transposed(g, x)
    return x


def transposed(g: Builder, x: Value) -> Value:
    """``x`` with its last two axes exchanged."""
    return g.node("Transpose", x, perm=[*range(x.rank - 2), x.rank - 1, x.rank - 2])


def _pivots(g: Builder, call: Call) -> Value:
    x = square(g, call)
    return _solved(g, x, None)[1]


def _solved(g: Builder, matrix: Value, right: Value | None) -> tuple[Value, Value]:
    """``right`` divided by ``matrix`` from the left, and the pivots; where rows change places, with the other sign.

    The pivot of each column is its greatest element from the diagonal down (Gauss-Jordan elimination).
    """
    rows, places = matrix.shape[-1], np.arange(matrix.shape[-1])[:, None]
    work = matrix if right is None else _beside(g, matrix, right)
    last, above = work.rank - 1, work.rank - 2
    zero, pivots = g.constant(0, matrix.dtype), []
    for row in range(rows):
        column = cut(g, work, last, row, row + 1)
        size = g.node("Where", g.constant(places < row, "bool"), g.constant(-1, matrix.dtype), g.node("Abs", column))
        best = g.node("ArgMax", size, axis=above, keepdims=1)
        is_best, is_row = g.node("Equal", g.constant(places, "int64"), best), g.constant(places == row, "bool")
        chosen = g.node("ReduceSum", g.node("Where", is_best, work, zero), g.ints(above), keepdims=1)
        work = g.node("Where", is_row, chosen, g.node("Where", is_best, cut(g, work, above, row, row + 1), work))
        pivot = cut(g, chosen, last, row, row + 1)
        stays = g.node("Equal", best, g.constant(row, "int64"))
        pivots.append(g.node("Where", stays, pivot, g.node("Neg", pivot)))
        unit = g.node("Div", chosen, pivot)
        factor = cut(g, work, last, row, row + 1)
        work = g.node("Where", is_row, unit, g.node("Sub", work, g.node("Mul", factor, unit)))
    answer = work if right is None else cut(g, work, last, rows, work.shape[-1])
    joined = pivots[0] if rows == 1 else g.node("Concat", *pivots, axis=last)
    return answer, g.node("Squeeze", joined, g.ints(above))


def _beside(g: Builder, matrix: Value, right: Value) -> Value:
    if right.rank < matrix.rank:
        zeros = g.node("Mul", cut(g, matrix, matrix.rank - 1, 0, 1), g.constant(0, matrix.dtype))
        right = g.node("Add", zeros, right)
    return g.node("Concat", matrix, right, axis=matrix.rank - 1)
