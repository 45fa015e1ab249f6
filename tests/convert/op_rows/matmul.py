"""Products of matrices."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, call, f, layer

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
]  # fmt: skip
