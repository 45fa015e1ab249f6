"""Division with its roundings and remainders."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, POSITIVE, Input, call, f, i

_FLOATS = (f(1, 40, low=-9, high=9), f(1, 40, low=0.5, high=3))
_SIGNED = (i(1, 40), i(1, 40, low=-4, high=-1))
_INTEGERS = (i(1, 40), i(1, 40, low=1, high=4))
_NEAR = {"atol": 1e-4, "reason": "the quotient's rounding is multiplied by the divisor"}
_SAME = "what rounds at whole quotients is not near"
_LARGE = Input((1, 40), "int64", -(2**62), 2**62)

ROWS = [
    *(call("FloorDiv", "ops.floor_divide(x, y)", *pair) for pair in (_FLOATS, _INTEGERS, _SIGNED)),
    *(call(op, f"{text}(ops.round(x) * 0.5, {by})", f(1, 90, low=-99, high=99), atol=0, rtol=0, reason=_SAME)
      for op, text in (("FloorDiv", "ops.floor_divide"), ("FloorMod", "ops.floor_mod"), ("Mod", "ops.Mod()"))
      for by in ("0.3", "-0.1")),
    call("RemainderTensorScalar", "mint.remainder(ops.round(x) * 0.5, 0.3)", f(1, 90, low=-99, high=99), **_NEAR),
    call("DivMods", "mint.div(ops.round(x) * 0.5, 0.3, rounding_mode='floor')", f(1, 90, low=-99, high=99)),
    call("FloorDivScalar", "mint.floor_divide(x, 2)", i(1, 40), instead="ops.floor_divide(x, 2)"),
    *(call("FloorMod", "ops.floor_mod(x, y)", *pair) for pair in (_FLOATS, _INTEGERS, _SIGNED)),
    call("RemainderTensorTensor", "mint.remainder(x, y)", *_FLOATS, **_NEAR),
    call("RemainderTensorScalar", "mint.remainder(x, 3)", i(1, 40)),
    *(call("Mod", "ops.Mod()(x, y)", *pair) for pair in (_FLOATS, _INTEGERS, _SIGNED)),
    call("FmodTensor", "mint.fmod(x, y)", *_FLOATS, instead="ops.TruncateMod()(x, y)", **_NEAR),
    call("FmodScalar", "mint.fmod(x, 2.5)", _FLOATS[0], instead="ops.TruncateMod()(x, 2.5)", **_NEAR),
    call("TruncateMod", "ops.TruncateMod()(x, y)", *_FLOATS, **_NEAR),
    *(call("TruncateDiv", "ops.TruncateDiv()(x, y)", *pair) for pair in (_FLOATS, _INTEGERS, _SIGNED)),
    call("DivMod", "mint.div(x, y, rounding_mode='trunc')", *_FLOATS),
    call("DivMod", "mint.div(x, y, rounding_mode='floor')", *_SIGNED),
    call("DivMods", "mint.div(x, 2.0, rounding_mode='floor')", _FLOATS[0]),
    *(call(op, f"ops.{op.lower()}({text})", *pair) for op in ("Gcd", "Lcm") for text, *pair in (
        ("x, y", i(2, 90), i(2, 90)),
        ("x, y", i(2, 90, low=-(2**31), high=2**31 - 1), i(2, 90, low=-99, high=99)),
        ("x, y", Input((2, 90), "int64", -(2**31), 2**31), Input((2, 90), "int64", -(2**31), 2**31)),
        ("x, y[:, :1]", i(2, 9), i(2, 9)),
        ("x * 6, ms.Tensor([4, 0, -9], ms.int32)", i(2, 4, 3)),
    )),
    *(call(op, f"ops.{op.lower()}(x[0, 0], y[0, 0])", i(2, 3), i(2, 3), batched=False, reason="it is of two numbers")
      for op in ("Gcd", "Lcm")),
    call("Gcd", "ops.gcd(ms.Tensor([1836311903], ms.int32) + 0 * x, ms.Tensor([1134903170], ms.int32))", i(2, 1)),
    call("DivNoNan", "ops.DivNoNan()(x, ops.relu(y))", IMAGE, IMAGE),
    call("Trunc", "ops.trunc(x)", f(1, 40, low=-9, high=9)),
    call("Frac", "mint.frac(x)", f(1, 40, low=-9, high=9), instead="x - ops.trunc(x)"),
    call("Round", "ops.round(x)", f(1, 40, low=-9, high=9)),
    call("Round", "ops.round(x * 0.5)", i(1, 40)),
    call("Rint", "ops.operations.Rint()(x * 0.5)", f(1, 40, low=-9, high=9)),
    call("Rint", "ops.operations.Rint()(ms.Tensor([[-2.5, -0.5, 0.5, 1.5, 2.5]], ms.float32) + 0 * x)", f(1, 5)),
    call("Round", "mint.round(x, decimals=1)", f(1, 40, low=-9, high=9), instead="ops.round(x * 10) / 10"),
    call("RemainderScalarTensor", "2 % x", POSITIVE),
    call("LeftShift", "ops.bitwise_left_shift(x, 3)", i(1, 4, 3)),
    call("RightShift", "ops.bitwise_right_shift(x, y)", i(1, 4, 3, low=-99, high=99), i(1, 4, 3, low=0, high=5)),
    call(
        "RightShift",
        "ops.bitwise_right_shift(x, y)",
        i(1, 40, low=-(2**31), high=2**31 - 1),
        i(1, 40, low=0, high=31),
        atol=0,
        rtol=0,
        reason="integers are exact",
    ),
    call(
        "RightShift",
        "ops.bitwise_right_shift(x, y)",
        _LARGE,
        Input((1, 40), "int64", 0, 62),
        atol=0,
        rtol=0,
        reason="integers are exact",
    ),
    call("MulNoNan", "ops.operations.MulNoNan()(1 / ops.relu(x), ops.relu(y))", f(2, 9), f(2, 9)),
]  # fmt: skip
