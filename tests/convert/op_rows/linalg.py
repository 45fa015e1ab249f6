"""Inverses, determinants and systems of equations."""

from __future__ import annotations

from tests.convert.op_case import call, f

_SUMS = {"atol": 1e-4, "rtol": 1e-4, "reason": "elimination divides by pivots as small as a tenth"}
_ALONE = {"batched": False, "atol": 1e-4, "rtol": 1e-4, "reason": "it is of one matrix; elimination as above"}
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
    *(call("MatrixTriangularSolve", f"ops.operations.MatrixTriangularSolve({way})(x + {_EYE.format(4)}, y)",
           f(2, 4, 4, low=-0.5, high=0.5), f(2, 4, 3), **_SUMS)
      for way in ("True, False", "False, False", "True, True", "False, True")),
    *(call("SolveTriangular", f"linalg.solve_triangular(x[0] + {_EYE.format(4)}, {right}, {way})",
           f(1, 4, 4, low=-0.5, high=0.5), f(1, 4, 3), **_ALONE)
      for way in ("lower=True", "lower=False", "lower=False, trans='T', unit_diagonal=True", "lower=True, trans='T'")
      for right in ("y[0]", "y[0, :, 0]")),
    call("Eigh", "w[0], ops.abs(w[1])", f(1, 5, 5), steps=("w = linalg.eigh(x[0] + x[0].T)",), **_ALONE),
    call("Eigh", "linalg.eigh(x[0] + x[0].T, eigvals_only=True)", f(1, 9, 9), **_ALONE),
    *(call("CholeskySolve", f"ops.cholesky_solve(y, x + {_EYE.format(4)}, upper={upper})",
           f(2, 4, 4, low=-0.5, high=0.5), f(2, 4, 3), **_SUMS) for upper in (False, True)),
    *(call("CholeskyInverse", f"ops.cholesky_inverse(ops.{half}(x[0]) + {_EYE.format(4)}, {upper})",
           f(1, 4, 4, low=-0.5, high=0.5), **_ALONE) for half, upper in (("tril", False), ("triu", True))),
    *(call("Qr", f"ops.qr(x{way})", f(2, *sizes), **_SUMS)
      for sizes in ((5, 3), (3, 3), (3, 5), (1, 4), (4, 1)) for way in ("", ", 'complete'")),
    call("Lstsq", "ops.lstsq(x[0], y[0])", f(1, 5, 3), f(1, 5, 2), **_ALONE),
    call("SelfAdjointEig", "w[0], ops.abs(w[1])", f(2, 4, 4),
         steps=("w = ops.operations.math_ops.SelfAdjointEig()(x + x.swapaxes(1, 2))",), **_SUMS),
    call("SelfAdjointEig", "ops.operations.math_ops.SelfAdjointEig(False)(x)[0]", f(2, 7, 7), **_SUMS),
    *(call("Svd", "w[0], ops.abs(w[1]), ops.abs(w[2])", f(2, *sizes), steps=("w = ops.svd(x)",), **_SUMS)
      for sizes in ((5, 3), (3, 5), (4, 4), (1, 3))),
    call("Svd", "ops.svd(x, compute_uv=False)", f(2, 12, 9), **_SUMS),
    call("Svd", "ops.svd(x, full_matrices=True)[0]", f(2, 5, 3), **_SUMS),
    call("Svd", "ops.pinv(x @ x.swapaxes(1, 2))", f(2, 4, 2), **_SUMS),
    call("Svd", "w[2] @ w[1].swapaxes(1, 2)", f(2, 9, 3), f(2, 9, 3),
         steps=("w = ops.svd(x.swapaxes(1, 2) @ y)",), **_SUMS),
    call("MatrixInverseExt", f"mint.inverse(x + {_EYE.format(4)} * 4)", f(2, 4, 4), **_SUMS,
         instead=f"ops.inverse(x + {_EYE.format(4)} * 4)"),
]  # fmt: skip
