"""Inverses, determinants and systems of equations."""

from __future__ import annotations

from tests.convert.op_case import call, f

_SUMS = {"atol": 1e-4, "rtol": 1e-4, "reason": "elimination divides by pivots as small as a tenth"}
_EYE = "2 * ops.eye({0}, {0}, ms.float32)"
ROWS = [
    *(call("MatrixInverse", f"ops.inverse(x + {_EYE.format(size)})", f(2, size, size, low=-0.5, high=0.5), **_SUMS)
      for size in (2, 3, 6)),
    call("MatrixInverse", "ops.inverse(x + ops.flip(ops.eye(3, 3, ms.float32), (0,)) * 3)", f(2, 3, 3), **_SUMS),
    call("MatrixSolve", f"ops.matrix_solve(x + {_EYE.format(3)}, y)", f(2, 3, 3, low=-0.5, high=0.5), f(2, 3, 2),
         **_SUMS),
    call("MatrixDeterminant", "ops.det(x)", f(2, 3, 3), **_SUMS),
    call("MatrixDeterminant", "ops.det(x)", f(2, 5, 5, low=-1, high=1), **_SUMS),
    call("LogMatrixDeterminant", "ops.slogdet(x)", f(2, 4, 4), **_SUMS),
    *(call("MatrixPower", f"ops.matrix_power(x, {n})", f(2, 4, 4)) for n in (0, 1, 2, 5)),
    *(call("Cholesky", f"ops.cholesky(x @ x.swapaxes(1, 2) + ops.eye({n}){upper})", f(2, n, n), atol=1e-4,
           reason="rounding adds up over the columns") for n, upper in ((1, ""), (5, ""), (8, ", True"))),
    call("MatrixInverseExt", f"mint.inverse(x + {_EYE.format(4)} * 4)", f(2, 4, 4), **_SUMS,
         instead=f"ops.inverse(x + {_EYE.format(4)} * 4)"),
]  # fmt: skip
