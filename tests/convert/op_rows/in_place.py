"""Operators that also write their result into their first argument; y is read before and after."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, PAIR, Case, Input, f, i


# Most of them have no CPU kernel in MindSpore; then the operators without "Inplace" give the expected output.
def _row(op: str, step: str, *inputs: Input, **options: str) -> Case:
    steps = ("a = x * 2", "before = ops.abs(a)", step)
    return Case(op, "(before, ops.abs(a))", inputs, steps, **options)  # type: ignore[arg-type]


_AT = "ms.Tensor([[1, 0, 3]])"
ROWS = [
    _row("TensorMove", "a.add_(x)", IMAGE),
    _row("InplaceAddExt", "a.add_(x)", IMAGE),
    _row("InplaceAddExt", "a.add_(y, alpha=3)", *PAIR),
    _row("InplaceAddsExt", "a += 1", IMAGE),
    _row("InplaceSubExt", "a.sub_(x, alpha=3)", IMAGE),
    _row("InplaceSubScalar", "a -= 2.5", IMAGE),
    _row("InplaceMul", "a *= y", *PAIR),
    _row("InplaceMuls", "a *= 3.0", IMAGE),
    _row("InplaceDiv", "a.div_(y)", *PAIR),
    _row("InplaceDivs", "a /= 4.0", IMAGE),
    _row("InplaceFloorDivide", "a //= y", i(1, 9), i(1, 9, low=1, high=5)),
    _row("InplaceFloorDivides", "a //= 3", i(1, 9)),
    _row("InplaceRemainderTensorScalar", "a %= 3", i(1, 9)),
    _row(
        "InplaceClampScalar",
        "a.clamp_(-1.0, 1.0)",
        IMAGE,
        instead="(ops.abs(x * 2), ops.abs(ops.clamp(x * 2, -1.0, 1.0)))",
    ),
    _row("InplaceExp", "a.exp_()", IMAGE, instead="(ops.abs(x * 2), ops.abs(ops.exp(x * 2)))"),
    _row("InplaceTanh", "a.tanh_()", IMAGE, instead="(ops.abs(x * 2), ops.abs(ops.tanh(x * 2)))"),
    _row("InplaceSigmoid", "a.sigmoid_()", IMAGE, instead="(ops.abs(x * 2), ops.abs(ops.sigmoid(x * 2)))"),
    _row("InplaceLog", "a.log_()", IMAGE, instead="(ops.abs(x * 2), ops.abs(ops.log(x * 2)))"),
    _row("InplaceReLU", "mint.nn.functional.relu_(a)", IMAGE, instead="(ops.abs(x * 2), ops.abs(ops.relu(x * 2)))"),
    _row(
        "InplaceSiLU", "mint.nn.functional.silu(a, True)", IMAGE, instead="(ops.abs(x * 2), ops.abs(ops.silu(x * 2)))"
    ),
    _row(
        "InplaceHardtanh",
        "mint.nn.functional.hardtanh(a, inplace=True)",
        IMAGE,
        instead="(ops.abs(x * 2), ops.abs(ops.hardtanh(x * 2)))",
    ),
    _row(
        "InplaceThreshold",
        "mint.nn.functional.threshold_(a, 0.3, 9.0)",
        IMAGE,
        instead="(ops.abs(x * 2), ops.abs(ops.threshold(x * 2, 0.3, 9.0)))",
    ),
    _row("InplaceElu", "mint.nn.functional.elu_(a)", IMAGE, instead="(ops.abs(x * 2), ops.abs(ops.elu(x * 2)))"),
    _row(
        "InplaceMaskedFillScalar",
        "a.masked_fill_(x > 0, 1.5)",
        IMAGE,
        instead="(ops.abs(x * 2), ops.abs(ops.masked_fill(x * 2, x > 0, 1.5)))",
    ),
    _row(
        "InplaceScatterSrc",
        f"a.scatter_(1, {_AT}, y)",
        f(1, 4),
        f(1, 3),
        instead=f"(ops.abs(x * 2), ops.abs(ops.tensor_scatter_elements(x * 2, {_AT}, y, 1)))",
    ),
    _row(
        "InplaceScatterAdd",
        f"a.scatter_add_(1, {_AT}, y)",
        f(1, 4),
        f(1, 3),
        instead=f"(ops.abs(x * 2), ops.abs(ops.tensor_scatter_elements(x * 2, {_AT}, y, 1, 'add')))",
    ),
    _row(
        "InplaceIndexAddExt",
        "a.index_add_(1, ms.Tensor([0, 2]), y)",
        f(2, 3),
        f(2, 2),
        instead="(ops.abs(x * 2), ops.abs(x * 2 + ops.concat((y[:, :1], y[:, :1] * 0, y[:, 1:]), 1)))",
    ),
    _row("InplaceCopy", "a.copy_(y)", *PAIR),
    _row("InplaceZero", "a.zero_()", IMAGE, instead="(ops.abs(x * 2), ops.abs(x * 0))"),
    _row("InplaceFillScalar", "a.fill_(2.0)", IMAGE, instead="(ops.abs(x * 2), ops.abs(x * 0 + 2))"),
]
