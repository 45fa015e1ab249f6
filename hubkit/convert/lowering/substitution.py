"""Systems of equations whose matrix is a triangle, or the square of one: row after row, written out."""

from __future__ import annotations

import numpy as np

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.linalg import square, transposed
from hubkit.convert.lowering.rearrange import cut
from hubkit.convert.lowering.registry import lowering


@lowering("MatrixTriangularSolve")
def matrix_triangular_solve(g: Builder, call: Call) -> Value:
    """MatrixTriangularSolve(matrix, rhs; lower=True, adjoint=False) -> MatMul, Sub, Div a row. Up to 16 rows."""
    adjoint = bool(call.constant("adjoint", default=False))
    lower = bool(call.constant("lower", default=True)) != adjoint  # what is transposed is the other triangle
    return substituted(g, square(g, call), call.tensor(g, 1), lower=lower)


@lowering("SolveTriangular")
def solve_triangular(g: Builder, call: Call) -> Value:
    """SolveTriangular(a, b, trans=0, lower=False, unit_diagonal=False) -> MatMul, Sub, Div a row. Up to 16 rows."""
    matrix, right, turned = square(g, call), call.tensor(g, 1), bool(call.constant("trans", 2, 0))
    lower, unit = bool(call.constant("lower", 3, False)), bool(call.constant("unit_diagonal", 4, False))
    matrix = transposed(g, matrix) if turned else matrix
    if right.rank >= matrix.rank:
        return substituted(g, matrix, right, lower=lower != turned, unit=unit)
    last = g.ints(right.rank)
    return g.node(
        "Squeeze",
        substituted(g, matrix, g.node("Unsqueeze", right, last), lower=lower != turned, unit=unit),
        last,
    )


@lowering("CholeskySolve")
def cholesky_solve(g: Builder, call: Call) -> Value:
    """CholeskySolve(rhs, factor; upper=False): of the square of a triangle -> MatMul, Sub, Div, twice a row.

    Up to 16 rows.
    """
    return _of_square(g, call, square(g, call, 1), call.tensor(g, 0))


@lowering("CholeskyInverse")
def cholesky_inverse(g: Builder, call: Call) -> Value:
    """CholeskyInverse(x; upper=False): the inverse of the square of a triangle -> MatMul, Sub, Div, twice a row.

    Up to 16 rows.
    """
    factor = square(g, call)
    return _of_square(g, call, factor, g.constant(np.eye(factor.shape[-1]), factor.dtype))


def _of_square(g: Builder, call: Call, factor: Value, right: Value) -> Value:
    upper = bool(call.constant("upper", 2 if call.node.op == "CholeskySolve" else 1, False))
    pair = (factor, transposed(g, factor))
    lower, above = pair[::-1] if upper else pair
    return substituted(g, above, substituted(g, lower, right, lower=True), lower=False)


def substituted(g: Builder, triangle: Value, right: Value, *, lower: bool, unit: bool = False) -> Value:
    """What ``triangle`` makes ``right`` of: each row from those that are known; the other triangle is not read.

    With ``unit`` the diagonal counts as ones.
    """
    if right.rank < 2:
        raise CannotLowerError("its right side is a vector")
    rows, across, down = triangle.shape[-1], triangle.rank - 1, triangle.rank - 2
    found: list[Value] = []  # in the order of the rows
    for row in range(rows) if lower else reversed(range(rows)):
        line, value = cut(g, triangle, down, row, row + 1), cut(g, right, right.rank - 2, row, row + 1)
        if found:
            known = cut(g, line, across, 0, row) if lower else cut(g, line, across, row + 1, rows)
            value = g.node("Sub", value, g.node("MatMul", known, _stacked(g, found)))
        value = value if unit else g.node("Div", value, cut(g, line, across, row, row + 1))
        found = [*found, value] if lower else [value, *found]
    return _stacked(g, found)


def _stacked(g: Builder, rows: list[Value]) -> Value:
    return rows[0] if len(rows) == 1 else g.node("Concat", *rows, axis=rows[0].rank - 2)
