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
    layer("PReLU", "nn.PReLU(1)", IMAGE),
    call("Softmax", "ops.softmax(x, 1)", IMAGE),
    call("Softmax", "ops.softmax(x, -1)", f(1, 5, low=-80, high=80)),
    call("Softmax", "ops.softmax(x, -1)", h(1, 5), **HALF),
    call("LogSoftmax", "ops.log_softmax(x, 1)", IMAGE),
]  # fmt: skip
