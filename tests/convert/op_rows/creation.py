"""Tensors made from numbers."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, call, f, i, layer

_INDEX = i(1, 5, low=0, high=3)
ROWS = [
    call("FillV2", "ops.threshold(x, 0.3, 9.0)", IMAGE),
    call("FillScalar", "mint.full((1, 4, 9, 7), 2.5) * x", IMAGE, instead="x * 2.5"),
    call("ZerosLikeExt", "ops.concat((x, mint.zeros_like(x)), 1)", IMAGE, instead="ops.concat((x, x * 0), 1)"),
    call("OnesLikeExt", "mint.ones_like(x, dtype=ms.int32)", IMAGE, instead="ops.cast(x * 0 + 1, ms.int32)"),
    call("FullLike", "ops.concat((x, mint.full_like(x, 3)), 1)", IMAGE, instead="ops.concat((x, x * 0 + 3), 1)"),
    call("Fills", "ops.concat((x, ops.fills(x, 3.0)), 1)", IMAGE, instead="ops.concat((x, x * 0 + 3), 1)"),
    call("LinSpace", "x * ops.linspace(ms.Tensor(0.0), ms.Tensor(1.0), 7)", IMAGE),
    call("LinSpace", "ops.linspace(x.min(), x.max(), 7)", IMAGE, batched=False, reason="it is one of the batch"),
    call("LinSpaceExt", "x * mint.linspace(0, 3, 7)", IMAGE, instead="x * ms.Tensor([0.0, 0.5, 1, 1.5, 2, 2.5, 3])"),
    call("Eye", "x + ops.eye(9, 7, ms.float32)", IMAGE),
    call("TrilIndices", "x[:, 0, :2, :6] * ops.tril_indices(3, 4, -1)[:, :3].astype(ms.float32).sum()", IMAGE),
    call("TriuIndices", "x[:, 0, :2, :6] * ops.triu_indices(3, 4, 1).astype(ms.float32)", IMAGE),
    layer("OneHot", "nn.OneHot(depth=4)", _INDEX),
    call("OneHot", "ops.one_hot(x, 4, 2.0, -1.0, 1)", _INDEX),
    call("OneHot", "ops.one_hot(x, 4, 1, 0)", i(1, 5, low=-2, high=6)),
    call("OneHotExt", "mint.nn.functional.one_hot(x, 4)", i(1, 5, low=0, high=3),
         instead="ops.one_hot(x, 4, 1, 0).astype(ms.int32)"),
    call("NewZeros", "x.new_zeros((1, 3)) + x[:, 0, :3, 0]", IMAGE),
    call("NewOnes", "x.new_ones((1, 2000)) * x[:, 0, 0, :1]", IMAGE),
    call("LogSpace", "x + ops.logspace(ms.Tensor(1.0), ms.Tensor(3.0), 5)", f(1, 5)),
    call("HammingWindow", "x + ops.hamming_window(8)", f(1, 8)),
    *(call(f"{name.capitalize()}Window", f"x + ops.{name}_window(ms.Tensor({size}, ms.int32){more})", f(1, size))
      for name in ("bartlett", "blackman") for size in (7, 1) for more in ("", ", periodic=False")),
    call("HammingWindow", "x + ops.hamming_window(5, False, 0.6, 0.3)", f(1, 5)),
]  # fmt: skip
