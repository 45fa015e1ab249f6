"""Arithmetic, comparisons, logic, casts, choices."""

from __future__ import annotations

from tests.convert.op_case import HALF, IMAGE, PAIR, POSITIVE, Case, call, f, h, i

ROWS = [
    *(call(op, f"ops.{name}(x)", IMAGE) for op, name in {
        "Abs": "abs", "Ceil": "ceil", "Cos": "cos", "Erf": "erf", "Exp": "exp", "Floor": "floor", "Neg": "neg",
        "Sign": "sign", "Sin": "sin", "Square": "square", "Atan": "atan", "Sinh": "sinh",
    }.items()),
    call("Tan", "ops.tan(x)", f(1, 9, low=-1, high=1)),
    call("Asin", "ops.asin(x)", f(1, 9, low=-1, high=1)),
    *(call(op, f"ops.{name}(x)", POSITIVE) for op, name in {
        "Log": "log", "Rsqrt": "rsqrt", "Sqrt": "sqrt", "Reciprocal": "reciprocal"
    }.items()),
    *(call(op, text, *PAIR) for op, text in {
        "Add": "x + y", "Sub": "x - y", "Mul": "x * y", "Maximum": "ops.maximum(x, y)", "Minimum": "ops.minimum(x, y)",
        "Greater": "x > y", "GreaterEqual": "x >= y", "Less": "x < y", "LessEqual": "x <= y",
        "LogicalAnd": "ops.logical_and(x > 0, y > 0)", "LogicalOr": "ops.logical_or(x > 0, y > 0)",
        "AddExt": "mint.add(x, y, alpha=2)", "SubExt": "mint.sub(x, y, alpha=0.5)", "Select": "ops.select(x > 0, x, y)",
    }.items()),
    call("LogicalNot", "ops.logical_not(x > 0)", IMAGE),
    call("Equal", "x == y", i(1, 40, low=0, high=3), i(1, 40, low=0, high=3)),
    call("NotEqual", "x != y", i(1, 40, low=0, high=3), i(1, 40, low=0, high=3)),
    call("Add", "x + y", f(1, 4, 1, 7), f(1, 1, 9, 1)),
    call("Add", "x + y", h(1, 4, 3), h(1, 4, 3), **HALF),
    call("Add", "ops.add(x, 2.0)", IMAGE),
    call("Mul", "ops.mul(x, ms.Tensor([[[[2.0]], [[3.0]]]]))", f(1, 2, 3, 3)),
    call("Mul", "x * y", i(1, 9), i(1, 9)),
    call("Muls", "mint.mul(x, 2.5)", IMAGE),
    call("Muls", "mint.mul(x, 3)", i(1, 9)),
    call("Divs", "mint.div(x, 2.0)", IMAGE),
    call("Div", "x / y", IMAGE, f(1, 4, 9, 7, low=0.5)),
    call("RealDiv", "ops.RealDiv()(x, y)", IMAGE, f(1, 4, 9, 7, low=0.5)),
    call("Pow", "ops.pow(x, 2.0)", IMAGE),
    call("Pow", "ops.pow(x, y)", POSITIVE, POSITIVE),
    call("AddScalar", "mint.add(x, 2.0, alpha=3.0)", IMAGE),
    call("SubScalar", "mint.sub(x, 2.0)", IMAGE),
    Case("TensorMove", "self.f(x)", (IMAGE,), "AddInPlace()"),
    Case("InplaceAddExt", "self.f(x)", (IMAGE,), "AddInPlace()"),
    Case("InplaceSubExt", "self.f(x)", (IMAGE,), "SubInPlace()"),
    call("FloorDiv", "ops.floor_divide(x, y)", f(1, 40, low=-9, high=9), f(1, 40, low=0.5, high=3)),
    call("FloorDiv", "ops.floor_divide(x, y)", i(1, 40), i(1, 40, low=1, high=4)),
    call("FloorDiv", "ops.floor_divide(x, y)", i(1, 40), i(1, 40, low=-4, high=-1)),
    call("AddN", "ops.addn((x, y, x))", *PAIR),
    call("ClampScalar", "ops.clamp(x, -1.0, 0.5)", IMAGE),
    call("ClampScalar", "ops.clamp(x, min=0.5)", IMAGE),
    call("ClampScalar", "ops.clamp(x, max=0.5)", IMAGE),
    call("Cast", "ops.cast(x, ms.float16)", IMAGE, **HALF),
    call("Cast", "ops.cast(x, ms.int32)", f(1, 40, low=-9, high=9)),
    call("Cast", "ops.cast(x, ms.bool_)", i(1, 40, low=-1, high=1)),
    call("MaskedFill", "ops.masked_fill(x, x > 0, -3.0)", IMAGE),
    call("Select", "ops.where(x > 0, x, 0.5)", IMAGE),
]  # fmt: skip
