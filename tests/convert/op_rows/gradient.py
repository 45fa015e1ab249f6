"""Derivatives of activations, as networks of physics take them."""

from __future__ import annotations

from tests.convert.op_case import call, f

_INPUT = f(2, 9, low=-3, high=3)
ROWS = [
    call(op, "self.f(x)", _INPUT, layer=f"ops.grad(ops.{name})")
    for op, name in {
        "EluGrad": "elu",
        "ReluGrad": "relu",
        "SiLUGrad": "silu",
        "SigmoidGrad": "sigmoid",
        "SoftplusGrad": "softplus",
        "TanhGrad": "tanh",
    }.items()
]
