"""Activations."""

from __future__ import annotations

from tests.convert.op_case import HALF, IMAGE, call, f, h, layer

ROWS = [
    *(call(op, text, IMAGE) for op, text in {
        "ReLU": "ops.relu(x)", "Sigmoid": "ops.sigmoid(x)", "Tanh": "ops.tanh(x)", "Softsign": "ops.softsign(x)",
        "Mish": "ops.mish(x)", "HSwish": "ops.hardswish(x)", "HSigmoid": "ops.hardsigmoid(x)", "SiLU": "ops.silu(x)",
        "Elu": "ops.elu(x)", "SeLU": "ops.selu(x)",
    }.items()),
    call("Softplus", "ops.softplus(x)", f(1, 4, 5, low=-30, high=30)),
    call("HSwish", "ops.hardswish(x)", f(1, 40, low=-8, high=8)),
    call("HSigmoid", "ops.hardsigmoid(x)", f(1, 40, low=-8, high=8)),
    call("ReLU6", "ops.relu6(x)", f(1, 50, low=-9, high=9)),
    call("ReLU", "ops.relu(x)", f(1)),
    call("ReLU", "ops.relu(x)", h(1, 4, 5), **HALF),
    call("GeLU", "ops.gelu(x, approximate='tanh')", f(1, 50, low=-5, high=5)),
    call("Maximum", "ops.leaky_relu(x, 0.1)", IMAGE),
    layer("PReLU", "nn.PReLU(4)", IMAGE),
    *(call(op, text, f(1, 50, low=-5, high=5)) for op, text in {
        "HShrink": "ops.hardshrink(x, 0.7)", "SoftShrink": "ops.softshrink(x, 0.7)", "FastGeLU": "ops.fast_gelu(x)",
        "CeLU": "ops.celu(x, 1.5)", "SoftplusExt": "mint.nn.functional.softplus(x, 2, 3)",
        "GLU": "mint.nn.functional.glu(x)", "Sigmoid": "ops.logsigmoid(x)", "Maximum": "ops.hardtanh(x, -0.5, 2.0)",
        "LogSoftmaxExt": "mint.nn.functional.log_softmax(x, 1)",
    }.items()),
    *(call(op, f"mint.nn.functional.{text}", f(1, 50, low=-5, high=5), instead=instead) for op, text, instead in (
        ("LeakyReLUExt", "leaky_relu(x, 0.2)", "ops.leaky_relu(x, 0.2)"),
        ("GeluExt", "gelu(x)", "ops.gelu(x)"),
        ("GeluExt", "gelu(x, approximate='tanh')", "ops.gelu(x, approximate='tanh')"),
        ("EluExt", "elu(x, 1.5)", "ops.select(x > 0, x, 1.5 * (ops.exp(x) - 1))"),
        ("SeLUExt", "selu(x)", "ops.selu(x)"),
        ("MishExt", "mish(x)", "ops.mish(x)"),
        ("Hardtanh", "hardtanh(x, -0.5, 2.0)", "ops.hardtanh(x, -0.5, 2.0)"),
        ("Threshold", "threshold(x, 0.3, 9.0)", "ops.threshold(x, 0.3, 9.0)"),
        ("LogSigmoid", "logsigmoid(x)", "ops.logsigmoid(x)"),
    )),
    call("Swiglu", "ops.swiglu(x, -1)", f(1, 50), instead="ops.silu(x[:, :25]) * x[:, 25:]"),
    call("Elu", "ops.elu(x, 1.0)", f(1, 50, low=-5, high=5)),
    call("Split", "ops.glu(x, 1)", IMAGE),
    layer("Softmax", "nn.Softmax2d()", IMAGE),
    layer("Softmax", "nn.Softmin()", f(1, 5)),
    layer("Softmax", "nn.Softmax(1)", h(1, 4, 3), **HALF),
    call("Softmax", "mint.nn.functional.softmax(x, 0)", f(3, 5), batched=False, reason="it runs over the batch"),
    call("Sigmoid", "ops.sigmoid(x)", h(1, 9), **HALF),
    call("Tanh", "ops.tanh(x)", h(1, 9), **HALF),
    call("Erf", "ops.gelu(x)", h(1, 9), **HALF),
    layer("Tanh", "nn.Tanhshrink()", IMAGE),
    layer("ReLU6", "nn.ReLU6()", IMAGE),
    layer("Maximum", "nn.LeakyReLU(0.3)", IMAGE),
    layer("PReLU", "nn.PReLU(1)", IMAGE),
    call("Softmax", "ops.softmax(x, 1)", IMAGE),
    call("Softmax", "ops.softmax(x, -1)", f(1, 5, low=-80, high=80)),
    call("Softmax", "ops.softmax(x, -1)", h(1, 5), **HALF),
    call("CeLU", "ops.celu(x, 0.5)", h(1, 5), **HALF),
    call("LogSoftmax", "ops.log_softmax(x, 1)", IMAGE),
    call("ReLUV3", "ops.operations.nn_ops.ReLUV3()(x)", f(2, 9)),
]  # fmt: skip
