"""Derivatives of operators, as networks of physics take them."""

from __future__ import annotations

from tests.convert.op_case import call, f

_INPUT = f(2, 9, low=-3, high=3)
_WITHIN_ONE = f(2, 9, low=-0.9, high=0.9)
_POSITIVE = f(2, 9, low=0.5, high=3)
_SLICE = "ops.operations._grad_ops.StridedSliceGrad"
ROWS = [
    call("SoftmaxBackward", "ops.auto_generate.SoftmaxBackward()(x, ops.softmax(y), -1)", _INPUT, _INPUT),
    call("LogSoftmaxGrad", "ops.auto_generate.LogSoftmaxGrad(1)(ops.log_softmax(y, 1), x)", _INPUT, _INPUT),
    call("StridedSliceGrad", f"{_SLICE}()(x, (2, 9), (0, 2), (2, 5), (1, 1))", f(2, 3)),
    call("StridedSliceGrad", f"{_SLICE}(1, 1)(x, (2, 9), (0, 8), (2, 1), (1, -3))", f(2, 3)),
    call("StridedSliceGrad", f"{_SLICE}(3, 3, 0, 0, 4)(x, (2, 3, 9), (0, 0, -2), (0, 0, -1), (1, 1, 1))", f(2, 3)),
    call("StridedSliceGrad", f"{_SLICE}(3, 3)(x, (2, 9), (0, 0), (2, 9), (1, 2))", f(2, 5)),
    *(
        call(op, "self.f(x)", given, layer=f"ops.grad(ops.{name})")
        for op, name, given in (
            ("AsinGrad", "asin", _WITHIN_ONE),
            ("AtanGrad", "atan", _INPUT),
            ("ReLU6Grad", "relu6", f(2, 9, low=-3, high=9)),
            ("RsqrtGrad", "rsqrt", _POSITIVE),
            ("SqrtGrad", "sqrt", _POSITIVE),
        )
    ),
    *(
        call(op, "self.f(x)", _INPUT, layer=f"ops.grad(ops.{name})")
        for op, name in {
            "EluGrad": "elu",
            "ReluGrad": "relu",
            "SiLUGrad": "silu",
            "SigmoidGrad": "sigmoid",
            "SoftplusGrad": "softplus",
            "TanhGrad": "tanh",
        }.items()
    ),
]
