"""Functions of numbers that ONNX has no operator for."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, PAIR, POSITIVE, call, f, h

_WIDE = f(1, 9, low=-50, high=50)
_SERIES = {"atol": 1e-4, "rtol": 1e-4, "reason": "MindSpore sums up in float32, ONNX in float64"}
_SMALL = f(1, 40, low=0.05, high=0.95)
ROWS = [
    *(call(op, f"ops.{name}(x)", POSITIVE) for op, name in {
        "Log": "log", "Log1p": "log1p", "Rsqrt": "rsqrt", "Inv": "inv",
    }.items()),
    *(call(op, f"ops.{name}(x)", IMAGE) for op, name in {
        "Expm1": "expm1", "Erfc": "erfc", "Square": "square", "Sinc": "sinc",
    }.items()),
    call("Exp2", "mint.exp2(x)", IMAGE, instead="ops.pow(2.0, x)"),
    call("Log2", "mint.log2(x)", POSITIVE, instead="ops.log2(x)"),
    call("Log10", "mint.log10(x)", POSITIVE, instead="ops.log10(x)"),
    call("Pow", "ops.exp2(x)", IMAGE),
    call("SquaredDifference", "ops.SquaredDifference()(x, y)", *PAIR),
    call("Atan2", "ops.atan2(x, y)", *PAIR),
    call("Atan2", "ops.atan2(ops.relu(x), ops.relu(y) - 1)", *PAIR),
    call("Atan2Ext", "mint.atan2(x, y)", *PAIR, instead="ops.atan2(x, y)"),
    call("Hypot", "ops.hypot(x, y)", *PAIR),
    call("Xlogy", "ops.xlogy(ops.relu(x), y)", POSITIVE, POSITIVE),
    call("Xdivy", "ops.xdivy(ops.relu(x), y)", POSITIVE, POSITIVE),
    call("XLogYScalarOther", "mint.xlogy(x, 2.0)", POSITIVE, instead="ops.xlogy(x, ms.Tensor(2.0))"),
    call("XLogYScalarSelf", "mint.xlogy(2.0, x)", POSITIVE, instead="ops.xlogy(ms.Tensor(2.0), x)"),
    call("LogAddExp", "mint.logaddexp(x, y)", _WIDE, _WIDE, instead="ops.log(ops.exp(x) + ops.exp(y))"),
    call("LogAddExp2", "mint.logaddexp2(x, y)", *PAIR, instead="ops.log2(ops.pow(2.0, x) + ops.pow(2.0, y))"),
    call("Logit", "ops.logit(x)", _SMALL),
    call("Logit", "ops.logit(x, 0.2)", _SMALL),
    call("Lerp", "ops.lerp(x, y, 0.3)", *PAIR),
    call("Lerp", "ops.lerp(x, y, x)", *PAIR),
    call("Lerp", "mint.lerp(x, y, 0.3)", *PAIR),
    call("Addcmul", "ops.addcmul(x, y, x, 2.0)", *PAIR),
    call("Addcdiv", "ops.addcdiv(x, y, x, 2.0)", POSITIVE, POSITIVE),
    call("AddcmulExt", "mint.addcmul(x, y, x, value=2)", *PAIR, instead="ops.addcmul(x, y, x, 2.0)"),
    call("AddcdivExt", "mint.addcdiv(x, y, x, value=2)", POSITIVE, POSITIVE, instead="ops.addcdiv(x, y, x, 2.0)"),
    call("IsFinite", "ops.isfinite(ops.log(ops.relu(x)))", IMAGE),
    call("IsFinite", "ops.isfinite(ops.log(x))", IMAGE),
    call("IsInf", "ops.isinf(ops.log(ops.relu(x)))", IMAGE),
    call("IsNegInf", "mint.isneginf(ops.log(ops.relu(x)))", IMAGE, instead="x <= 0"),
    call("IsClose", "ops.isclose(x, y, 0.1, 0.5)", *PAIR),
    *(call("IsClose", f"ops.isclose(1 / ops.relu(x), 1 / ops.relu(y), {more})", *PAIR)
      for more in ("0.1, 0.5", "equal_nan=True")),
    call("IsClose", "ops.isclose(ops.log(x), ops.log(y), 0.1, 0.5, equal_nan=True)", *PAIR),
    call("ApproximateEqual", "ops.approximate_equal(x, y, 0.5)", *PAIR),
    call("Log", "ops.logsigmoid(x)", f(1, 90, low=-60, high=60)),
    call("Log", "self.f(x)", f(1, 90, low=-60, high=60), layer="nn.LogSigmoid()"),
    call("IsInf", "ops.isinf(y), ops.isfinite(y), ops.isclose(y, x)", h(1, 9), steps=("y = 1 / ops.relu(x)",)),
    call("NanToNum", "ops.nan_to_num(ops.log(x), 0.25)", IMAGE),
    call("NanToNum", "ops.nan_to_num(ops.log(ops.relu(x)))", IMAGE),
    *(call(op, f"ops.{op.lower()}(x, y)", f(1, 200, low=low, high=high), f(1, 200, low=least, high=high), **_SERIES)
      for op in ("Igamma", "Igammac") for low, least, high in ((0.05, 0, 6), (0.5, 0.5, 40), (50, 50, 600))),
    call("Igamma", "ops.igamma(x, y[:, :1]), ops.igammac(x * 0, y), ops.igammac(x, y * 0)", _SMALL, _SMALL),
    *(call("Betainc", "self.f(x, y, z)", f(1, 200, low=0.1, high=high), f(1, 200, low=0.1, high=high),
           f(1, 200, low=0, high=1), layer="ops.operations.math_ops.Betainc()", **_SERIES) for high in (3, 60)),
    *(call("Lgamma", "ops.lgamma(x)", f(1, 400, low=low, high=high)) for low, high in (
        (0.01, 3), (3, 60), (60, 1e6), (-8.9, 0), (-0.4, 0.4),
    )),
    *(call("Digamma", "ops.digamma(x)", f(1, 400, low=low, high=high))
      for low, high in ((0.05, 3), (3, 60), (60, 1e6))),
    call("Digamma", "ops.digamma(x)", f(1, 100, low=-0.9, high=-0.1), atol=4e-5, reason="its slope is up to 100 there"),
    *(call("Erfinv", "ops.erfinv(x)", f(1, 400, low=low, high=high)) for low, high in (
        (-0.97, 0.97), (-1e-3, 1e-3), (-1e-20, 1e-20), (0.94, 0.97),
    )),
    call("Erfinv", "ops.erfinv(ops.sign(x))", IMAGE),
    call("BesselI0", "ops.bessel_i0(x)", f(3, 40, low=-20, high=20)),
    call("BesselI0e", "ops.bessel_i0e(x), ops.bessel_i0e(x * 40)", f(3, 40, low=-20, high=20)),
    call("BesselI1", "ops.bessel_i1(x)", f(3, 40, low=-20, high=20)),
    call("BesselI1e", "ops.bessel_i1e(x), ops.bessel_i1e(x * 40), ops.bessel_i1e(x * 0)", f(3, 40, low=-20, high=20)),
]  # fmt: skip
