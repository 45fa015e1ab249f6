"""Products of matrices."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, call, f, layer

_ALONE = {"batched": False, "reason": "it is of one matrix"}
_POWERS = ("0.0", "0.5", "3.0", "float('inf')")
ROWS = [
    call("MatMul", "ops.MatMul()(x, ms.Tensor(np.arange(12, dtype=np.float32).reshape(4, 3) / 9))", f(2, 4)),
    call("MatMul", "ops.MatMul(transpose_b=True)(x, ms.Tensor(np.arange(8, dtype=np.float32).reshape(2, 4)))", f(3, 4)),
    call("MatMul", "ops.MatMul(transpose_a=True)(x, y)", f(4, 2), f(4, 3), batched=False,
         reason="the first axis is summed over"),
    layer("MatMul", "nn.Dense(5, 3, has_bias=False)", f(2, 5)),
    layer("MatMul", "nn.Dense(5, 3)", f(2, 4, 5)),
    layer("BatchMatMul", "ops.BatchMatMul()", f(2, 3, 4), f(2, 4, 5)),
    layer("BatchMatMul", "ops.BatchMatMul(True, True)", f(2, 6, 4, 3), f(2, 6, 5, 4)),
    call("MatMulExt", "ops.matmul(x, y)", f(2, 3, 4), f(2, 4, 5)),
    call("MatMulExt", "mint.matmul(x, ms.Tensor(np.ones((4, 5), np.float32)))", f(2, 3, 4)),
    layer("Dense", "mint.nn.Linear(7, 4)", IMAGE),
    layer("Dense", "mint.nn.Linear(5, 4, bias=False)", f(2, 5)),
    layer("Dense", "mint.nn.Linear(5, 4)", f(2, 5)),
    call("BatchMatMulExt", "mint.bmm(x, y)", f(2, 3, 4), f(2, 4, 5)),
    call("BatchMatMulExt", "mint.einsum('bij,bjk->bik', x, y)", f(2, 3, 4), f(2, 4, 5)),
    call("Mm", "mint.mm(x, y[0])", f(2, 4), f(2, 4, 5), **_ALONE, instead="ops.matmul(x, y[0])"),
    call("Mv", "mint.mv(x, y[0])", f(2, 4), f(2, 4), **_ALONE, instead="ops.matmul(x, y[0])"),
    call("Dot", "mint.dot(x[0], y[0])", f(2, 4), f(2, 4), **_ALONE, instead="(x[0] * y[0]).sum()"),
    call("Addmm", "mint.addmm(x, y, z[0], beta=0.5, alpha=2)", f(2, 5), f(2, 4), f(2, 4, 5), **_ALONE,
         instead="0.5 * x + 2 * ops.matmul(y, z[0])"),
    call("Addmv", "mint.addmv(x, y, z[0])", f(3), f(3, 4), f(3, 4), **_ALONE, instead="x + ops.matmul(y, z[0])"),
    call("Baddbmm", "mint.baddbmm(x, y, z, beta=0.5, alpha=2)", f(2, 3, 5), f(2, 3, 4), f(2, 4, 5)),
    call("Addbmm", "mint.addbmm(x[0], y, z)", f(2, 3, 5), f(2, 3, 4), f(2, 4, 5), **_ALONE,
         instead="x[0] + ops.matmul(y, z).sum(0)"),
    call("Outer", "mint.outer(x, y[0])", f(3), f(3, 4), **_ALONE, instead="ops.outer(x, y[0])"),
    call("Ger", "ops.ger(x, y[0])", f(3), f(3, 4), **_ALONE),
    call("Cross", "ops.cross(x, y, dim=1)", f(2, 3), f(2, 3)),
    call("Cdist", "ops.cdist(x, y)", f(2, 3, 4), f(2, 5, 4)),
    *(call("Cdist", f"ops.cdist(x, y, {power})", f(2, 3, 4), f(2, 5, 4)) for power in ("1.0", *_POWERS)),
    call("Cdist", "ops.cdist(ops.round(x), ops.round(y), 0.0)", f(2, 3, 4), f(2, 5, 4)),
    *(call("Pdist", f"ops.pdist(x, {power})", f(5, 4), **_ALONE) for power in ("1.0", "2.0", *_POWERS)),
    *(call("Pdist", "ops.pdist(ops.round(x), 0.0)", f(rows, 2), **_ALONE) for rows in (2, 6)),
    call("MatMulExt", "ops.matmul(x, ms.Tensor(np.arange(4), ms.float32))", f(2, 4)),
    call("MatMulExt", "ops.matmul(x, y)", f(2, 1, 3, 4), f(2, 5, 4, 2)),
    call("Einsum", "ops.einsum('bij,bjk->bik', x, y)", f(1, 3, 4), f(1, 4, 5), instead="ops.matmul(x, y)"),
    call("Einsum", "ops.einsum('bhid, bhjd -> bhij', x, y)", f(1, 2, 3, 4), f(1, 2, 5, 4),
         instead="ops.matmul(x, y.transpose(0, 1, 3, 2))"),
    call("Einsum", "ops.einsum('bii->bi', x)", f(1, 4, 4), instead="ops.diagonal(x, 0, 1, 2)"),
    call("Einsum", "ops.einsum('...ij,...jk->...ik', x, y)", f(1, 2, 3, 4), f(1, 2, 4, 5), instead="ops.matmul(x, y)"),
    call("Einsum", "ops.einsum('b...,b->b...', x, y)", f(1, 2, 3), f(1), instead="x * y[:, None, None]"),
    call("Einsum", "ops.einsum('nchw->nhwc', x)", IMAGE, instead="x.transpose(0, 2, 3, 1)"),
    call("Einsum", "ops.einsum('bi,bj', x, y)", f(1, 3), f(1, 4),
         instead="ops.matmul(x.transpose(1, 0), y)", batched=False, reason="its batch is summed up"),
]  # fmt: skip
