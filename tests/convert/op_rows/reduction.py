"""Reductions along axes, orders."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, call, f, i

ROWS = [
    *(call(op, f"ops.{op}({keep})(x, {axes})", IMAGE) for op in ("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin")
      for keep, axes in ((True, (2, 3)), (False, -1))),
    call("ReduceMean", "ops.mean(x, (2, 3))", f(1, 4, 32, 32)),
    call("ReduceSum", "ops.ReduceSum()(x, ())", f(2, 3), batched=False, reason="the batch is summed over"),
    call("ReduceProd", "ops.ReduceProd()(x, 1)", IMAGE),
    call("SumExt", "mint.sum(x, 1, True)", IMAGE),
    call("SumExt", "mint.sum(x, (1, 2), dtype=ms.int32)", i(1, 3, 4)),
    call("MeanExt", "mint.mean(x, -1)", IMAGE),
    call("Argmax", "ops.argmax(x, 1)", IMAGE),
    call("Argmax", "ops.Argmax(-1)(x)", IMAGE),
    call("Argmin", "ops.argmin(x, 1)", IMAGE),
    call("ArgMaxWithValue", "ops.max(x, 1)", IMAGE),
    call("ArgMinWithValue", "ops.min(x, -1, keepdims=True)", IMAGE),
    call("CumSum", "ops.cumsum(x, 1)", IMAGE),
    call("CumSum", "ops.CumSum(True, True)(x, 2)", IMAGE),
    call("TopK", "ops.topk(x, 3)", f(1, 4, 9)),
]  # fmt: skip
