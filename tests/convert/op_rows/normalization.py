"""Normalisations."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, f, layer

ROWS = [
    layer("BatchNorm", "nn.BatchNorm2d(4)", IMAGE),
    layer("BatchNorm", "nn.BatchNorm2d(4, eps=0.1)", IMAGE),
    layer("BatchNorm", "nn.BatchNorm1d(5)", f(2, 5)),
    layer("BatchNorm", "nn.BatchNorm2d(4, use_batch_statistics=True)", f(2, 4, 5, 5), batched=False,
          atol=1e-4, reason="its statistics are those of the batch; the variance is summed in another order"),
    layer("LayerNorm", "nn.LayerNorm((7,))", IMAGE),
    layer("LayerNorm", "nn.LayerNorm((9, 7), begin_norm_axis=2, begin_params_axis=2, epsilon=1e-3)", IMAGE),
    layer("GroupNorm", "nn.GroupNorm(2, 4)", IMAGE),
    layer("GroupNorm", "nn.GroupNorm(4, 4, eps=0.1)", IMAGE),
    layer("L2Normalize", "ops.L2Normalize(1)", IMAGE),
    layer("L2Normalize", "ops.L2Normalize(-1, epsilon=0.5)", f(2, 5, low=-0.1, high=0.1)),
]  # fmt: skip
