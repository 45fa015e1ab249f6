"""Derivatives of operators, as networks of physics take them."""

from __future__ import annotations

from tests.convert.op_case import call, f

_INPUT = f(2, 9, low=-3, high=3)
_WITHIN_ONE = f(2, 9, low=-0.9, high=0.9)
_POSITIVE = f(2, 9, low=0.5, high=3)
_LIKELY = f(2, 9, low=0.05, high=0.95)
_IMAGE = f(1, 4, 9, 7)
_MEAN_OF_ALL = {"batched": False, "reason": "the mean is one of all in the batch"}
_OVER_THE_BATCH = {"batched": False, "reason": "the weights have one gradient for the whole batch"}
_GRADS, _GEN = "ops.operations._grad_ops", "ops.auto_generate"
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
            "AcoshGrad": "acosh",
            "AsinhGrad": "asinh",
            "EluGrad": "elu",
            "ReluGrad": "relu",
            "SiLUGrad": "silu",
            "SigmoidGrad": "sigmoid",
            "SoftplusGrad": "softplus",
            "TanhGrad": "tanh",
        }.items()
    ),
    call("ACosGrad", "self.f(x)", _WITHIN_ONE, layer="ops.grad(ops.acos)"),
    *(
        call(op, "self.f(x)", f(2, 9, low=-4, high=4), layer=f"ops.grad({layer})")
        for op, layer in (
            ("HSwishGrad", "nn.HSwish()"),
            ("HSigmoidGrad", "nn.HSigmoid()"),
            ("HShrinkGrad", "nn.HShrink(0.7)"),
            ("SoftShrinkGrad", "nn.SoftShrink(0.7)"),
            ("GeLUGrad", "nn.GELU()"),
            ("FastGeLUGrad", "nn.FastGelu()"),
        )
    ),
    call("HSwishGrad", f"{_GEN}.HSwishGrad()(x, ops.round(x * 3) * 1.5)", _INPUT),
    call("HSigmoidGrad", f"{_GEN}.HSigmoidGrad()(x, ops.round(x * 3) * 1.5)", _INPUT),
    call("HShrinkGrad", f"{_GEN}.HShrinkGrad(0.5)(x, ops.round(x) / 2)", _INPUT),
    call("InvGrad", f"{_GRADS}.InvGrad()(x, y)", _INPUT, _INPUT),
    call("ReciprocalGrad", f"{_GEN}.ReciprocalGrad()(x, y)", _INPUT, _INPUT),
    call("LogitGrad", f"{_GEN}.LogitGrad(-1.0)(x, y)", _INPUT, _LIKELY),
    call("LogitGrad", f"{_GEN}.LogitGrad(0.2)(x, y)", _INPUT, _LIKELY),
    *(
        call("PReLUGrad", f"{_GEN}.PReLUGrad()(x, y, z)[0]", given, given, weight, batched=False,
             reason="an input stands for the weights")
        for given, weight in ((_IMAGE, f(4)), (_IMAGE, f(1)), (f(3, 4), f(4)))
    ),
    *(
        call("PReLUGrad", f"{_GEN}.PReLUGrad()(x, y, z)[1]", _IMAGE, _IMAGE, weight, **_OVER_THE_BATCH)
        for weight in (f(4), f(1))
    ),
    call("MaximumGrad", f"{_GEN}.MaximumGrad()(ops.round(x), ops.round(y), x + y)", _INPUT, _INPUT),
    call("MinimumGrad", f"{_GEN}.MinimumGrad()(ops.round(x), ops.round(y), x + y)", _INPUT, _INPUT),
    call("MinimumGrad", f"{_GEN}.MinimumGrad()(x, y, x + y)[1]", f(2, 3, 4), f(2, 1, 4)),
    call("SmoothL1LossGrad", f"{_GEN}.SmoothL1LossGrad(0.7, 'none')(x, y, x + y)", _INPUT, _INPUT),
    *(
        call("SmoothL1LossGrad", f"{_GEN}.SmoothL1LossGrad(0.7, '{word}')(x, y, x.sum())", _INPUT, _INPUT,
             **_MEAN_OF_ALL)
        for word in ("sum", "mean")
    ),
    call("SigmoidCrossEntropyWithLogitsGrad", f"{_GRADS}.SigmoidCrossEntropyWithLogitsGrad()(x, y, x)", _INPUT,
         _LIKELY),
    call("BinaryCrossEntropyGrad", f"{_GEN}.BinaryCrossEntropyGrad('none')(x, y, z)", _LIKELY, _LIKELY, _INPUT),
    call("BinaryCrossEntropyGrad", f"{_GEN}.BinaryCrossEntropyGrad('none')(x, ops.round(x), z, y)", _LIKELY, _LIKELY,
         _INPUT),
    *(
        call("BinaryCrossEntropyGrad", f"{_GEN}.BinaryCrossEntropyGrad('{word}')(x, y, y.sum())", _LIKELY, _LIKELY,
             **_MEAN_OF_ALL)
        for word in ("sum", "mean")
    ),
    call("KLDivLossGrad", f"{_GRADS}.KLDivLossGrad('none')(x, y, z)", _INPUT, _INPUT, _LIKELY),
    *(
        call("KLDivLossGrad", f"{_GRADS}.KLDivLossGrad('{word}')(y.sum(), y, x)", _LIKELY, _INPUT, **_MEAN_OF_ALL)
        for word in ("sum", "mean", "batchmean")
    ),
]  # fmt: skip
