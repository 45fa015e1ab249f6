"""Products of matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from string import ascii_letters

import numpy as np

from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call, axis_of, counted
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering

_ELLIPSIS = "..."


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


@lowering("MatMulExt", "BatchMatMulExt", "Mm", "Mv", "Dot")
def matmul_ext(g: Builder, call: Call) -> Value:
    """MatMulExt(a, b), BatchMatMulExt, Mm, Mv, Dot -> MatMul."""
    return g.node("MatMul", call.tensor(g, 0), call.tensor(g, 1))


@lowering("Dense")
def dense(g: Builder, call: Call) -> Value:
    """Dense(x, weight, bias=None): x times the transposed weight, plus the bias -> Gemm, or Transpose, MatMul, Add."""
    x, weight, bias = call.tensor(g, 0), call.tensor(g, 1), call.optional_tensor(g, 2)
    if x.rank == 2:
        return g.node("Gemm", *(value for value in (x, weight, bias) if value), transB=1)
    product = g.node("MatMul", x, _transposed(g, weight))
    return product if bias is None else g.node("Add", product, bias)


@lowering("Addmm", "Addmv", "Baddbmm")
def add_product(g: Builder, call: Call) -> Value:
    """Addmm(x, a, b, beta=1, alpha=1), Addmv, Baddbmm: beta * x + alpha * (a times b) -> MatMul, Mul, Add."""
    x, product = call.tensor(g, 0), g.node("MatMul", call.tensor(g, 1), call.tensor(g, 2))
    return _weighed(g, call, x, product)


@lowering("Addbmm")
def add_products(g: Builder, call: Call) -> Value:
    """Addbmm(x, a, b, beta=1, alpha=1): beta * x + alpha * (the sum of a times b) -> MatMul, ReduceSum, Mul, Add."""
    product = g.node("MatMul", call.tensor(g, 1), call.tensor(g, 2))
    return _weighed(g, call, call.tensor(g, 0), g.node("ReduceSum", product, g.ints(0), keepdims=0))


@lowering("Outer", "Ger")
def outer(g: Builder, call: Call) -> Value:
    """Outer(a, b), Ger: each of a times each of b -> Unsqueeze, Mul."""
    a, b = call.tensor(g, 0), call.tensor(g, 1)
    return g.node("Mul", g.node("Unsqueeze", a, g.ints(a.rank)), g.node("Unsqueeze", b, g.ints(b.rank - 1)))


@lowering("Cross")
def cross(g: Builder, call: Call) -> Value:
    """Cross(a, b, dim): the cross product of vectors of three -> Gather, Mul, Sub."""
    a, b = call.tensor(g, 0), call.tensor(g, 1)
    axis = call.constant("dim", 2, -65530)
    axis = a.shape.index(3) if axis == -65530 else axis_of(axis, a.rank)
    turned = [
        [g.node("Gather", value, g.ints(*order), axis=axis) for order in ((1, 2, 0), (2, 0, 1))] for value in (a, b)
    ]
    (a1, a2), (b1, b2) = turned
    return g.node("Sub", g.node("Mul", a1, b2), g.node("Mul", a2, b1))


@lowering("Cdist")
def cdist(g: Builder, call: Call) -> Value:
    """Cdist(a, b, p=2): the distance of each row of a from each of b -> Unsqueeze, Sub, and as for Pdist."""
    a, b = call.tensor(g, 0), call.tensor(g, 1)
    difference = g.node("Sub", g.node("Unsqueeze", a, g.ints(a.rank - 1)), g.node("Unsqueeze", b, g.ints(b.rank - 2)))
    return _length(g, difference, float(call.constant("p", 2, 2.0)))


@lowering("Pdist")
def pdist(g: Builder, call: Call) -> Value:
    """Pdist(x; p=2): the distance of each row from each after it -> Gather, Sub; ReduceL1 or ReduceL2; where p is
    infinite Abs and ReduceMax, where it is 0 Abs, Sign and ReduceSum, else Abs, Pow and ReduceSum.
    """
    x = call.tensor(g, 0)
    first, second = np.triu_indices(counted(whole(x, 0)), 1)
    rows = [g.node("Gather", x, g.constant(places, "int64"), axis=0) for places in (first, second)]
    return _length(g, g.node("Sub", *rows), float(call.constant("p", 1, 2.0)))


def _length(g: Builder, x: Value, power: float) -> Value:
    """The norm of ``power`` along the last axis."""
    axis = g.ints(x.rank - 1)
    if power in (1, 2):
        return g.node(f"ReduceL{power:.0f}", x, axis, keepdims=0)
    sizes = g.node("Abs", x)
    if power == math.inf:
        return g.node("ReduceMax", sizes, axis, keepdims=0)
    if power == 0:
        return g.node("ReduceSum", g.node("Sign", sizes), axis, keepdims=0)
    total = g.node("ReduceSum", g.node("Pow", sizes, g.constant(power, x.dtype)), axis, keepdims=0)
    return g.node("Pow", total, g.constant(1 / power, x.dtype))


def _weighed(g: Builder, call: Call, x: Value, product: Value) -> Value:
    beta, alpha = call.constant("beta", 3, 1), call.constant("alpha", 4, 1)
    x = x if beta == 1 else g.node("Mul", x, g.constant(beta, x.dtype))
    product = product if alpha == 1 else g.node("Mul", product, g.constant(alpha, product.dtype))
    return g.node("Add", x, product)


def _transposed(g: Builder, value: Value) -> Value:
    return g.node("Transpose", value, perm=[*range(value.rank - 2), value.rank - 1, value.rank - 2])


@lowering("Einsum")
def einsum(g: Builder, call: Call) -> Value:
    """Einsum(inputs; equation) -> Einsum. What an ellipsis stands for must be as large in all inputs that have it."""
    parts = call.tensors(g)
    equation = call.constant("equation").replace(" ", "")
    given, arrow, result = _without_ellipsis(equation, [part.rank for part in parts]).partition("->")
    terms = given.split(",")
    if not given.replace(",", "").isalpha() or len(set(result)) < len(result):
        raise CannotLowerError(f"its equation is {equation!r}")
    if [len(term) for term in terms] != [part.rank for part in parts] or not set(result) <= set(given):
        raise CannotLowerError(f"its equation {equation!r} is not one of {len(parts)} such inputs")
    if not arrow:
        result = "".join(sorted(letter for letter in set(given) - {","} if given.count(letter) == 1))
    sizes: dict[str, tuple[int, int]] = {}
    for term, part in zip(terms, parts, strict=True):
        for letter, *pair in zip(term, part.shape, part.probe, strict=True):
            size = (pair[0], pair[1])
            if sizes.setdefault(letter, size) != size:
                if sizes[letter][0] != size[0]:
                    raise CannotLowerError(f"its inputs have other sizes along {letter}: {size[0]}, {sizes[letter][0]}")
                raise BatchBoundError(
                    f"its batch cannot be kept open: only one of its inputs follows it along {letter}"
                )
    shape, probe = (tuple(sizes[letter][place] for letter in result) for place in (0, 1))
    like = Value("", parts[0].dtype, shape, probe)
    (value,) = g.node_of_known("Einsum", parts, [like], {"equation": f"{given}->{result}"})
    return value


def _without_ellipsis(equation: str, ranks: Sequence[int]) -> str:
    """``equation`` with letters for the axes that an ellipsis stands for, the last of which belong together."""
    given, arrow, result = equation.partition("->")
    terms = given.split(",")
    if _ELLIPSIS not in equation or len(terms) != len(ranks) or not arrow:
        return equation
    unused = [letter for letter in ascii_letters if letter not in equation]
    left = [rank - len(term.replace(_ELLIPSIS, "")) for term, rank in zip(terms, ranks, strict=True)]
    most = max(count for term, count in zip(terms, left, strict=True) if _ELLIPSIS in term) if _ELLIPSIS in given else 0
    if not 0 <= most <= len(unused) or min(left) < 0:
        return equation
    named = "".join(unused[:most])
    written = (term.replace(_ELLIPSIS, named[most - count :]) for term, count in zip(terms, left, strict=True))
    return f"{','.join(written)}->{result.replace(_ELLIPSIS, named)}"
