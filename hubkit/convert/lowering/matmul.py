"""Products of matrices."""

from __future__ import annotations

from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.registry import lowering


@lowering("MatMul", "BatchMatMul")
def matmul(g: Builder, call: Call) -> Value:
    """MatMul(a, b, transpose_a=False, transpose_b=False), BatchMatMul -> Transpose, MatMul.

    Of two axes and with a transposition: Gemm.
    """
    a, b = call.tensor(g, 0), call.tensor(g, 1)
    transpose_a = bool(call.constant("transpose_a", 2, False))
    transpose_b = bool(call.constant("transpose_b", 3, False))
    if a.rank == b.rank == 2 and (transpose_a or transpose_b):
        return g.node("Gemm", a, b, transA=int(transpose_a), transB=int(transpose_b))
    return g.node(
        "MatMul",
        _transposed(g, a) if transpose_a else a,
        _transposed(g, b) if transpose_b else b,
    )


@lowering("MatMulExt")
def matmul_ext(g: Builder, call: Call) -> Value:
    """MatMulExt(a, b) -> MatMul."""
    return g.node("MatMul", call.tensor(g, 0), call.tensor(g, 1))


@lowering("Dense")
def dense(g: Builder, call: Call) -> Value:
    """Dense(x, weight, bias=None): x times the transposed weight, plus the bias -> Gemm, or Transpose, MatMul, Add."""
    x, weight, bias = call.tensor(g, 0), call.tensor(g, 1), call.optional_tensor(g, 2)
    if x.rank == 2:
        return g.node("Gemm", *(value for value in (x, weight, bias) if value), transB=1)
    product = g.node("MatMul", x, _transposed(g, weight))
    return product if bias is None else g.node("Add", product, bias)


def _transposed(g: Builder, value: Value) -> Value:
    return g.node("Transpose", value, perm=[*range(value.rank - 2), value.rank - 1, value.rank - 2])
