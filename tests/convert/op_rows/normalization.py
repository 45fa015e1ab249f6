"""Normalisations."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, call, f, layer

_LENGTH = {"batched": False, "reason": "an input stands for the greatest length"}
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
    call("ClipByNorm", "nn.ClipByNorm()(x, y)", f(2, 5), f(1, low=0.5, high=0.6), **_LENGTH),
    call("ClipByNorm", "nn.ClipByNorm((0, -1))(x, y)", f(4, 5), f(1, low=1.2, high=1.4), **_LENGTH),
    call("ClipByNorm", "nn.ClipByNorm((0, 2, 1))(x, y)", f(4, 3, 5), f(1, low=90.0, high=99.0), **_LENGTH),
    *(call("list_getitem", f"ops.clip_by_norm(x, {most})", f(2, 5), batched=False, reason="the length is of all of it")
      for most in (1.0, 99.0)),
    layer("L2Normalize", "ops.L2Normalize(-1, epsilon=0.5)", f(2, 5, low=-0.1, high=0.1)),
    layer("BatchNorm", "nn.BatchNorm3d(2)", f(1, 2, 6, 5, 4)),
    layer("BatchNorm", "nn.BatchNorm1d(4)", f(1, 4, 9)),
    layer("GroupNorm", "mint.nn.GroupNorm(2, 4)", IMAGE),
    call("GroupNorm", "ops.group_norm(x, 4)", f(1, 4, 9)),
    layer("LRN", "nn.LRN(1, 1.5, 0.2, 0.7)", IMAGE),
    layer("LRN", "nn.LRN(5)", IMAGE),
    layer("InstanceNorm", "nn.InstanceNorm2d(4)", IMAGE,
          instead="ops.group_norm(x, 4, self.f.gamma, self.f.beta, 1e-5)"),
    layer("BatchNormExt", "mint.nn.BatchNorm2d(4)", IMAGE, instead="ops.batch_norm(x, self.f.running_mean,"
          " self.f.running_var, self.f.weight, self.f.bias, False, 0.1, 1e-5)"),
    layer("LayerNorm", "nn.LayerNorm((7,), begin_norm_axis=2, begin_params_axis=3)", IMAGE),
    layer("LayerNorm", "nn.LayerNorm((4, 9, 7), begin_norm_axis=3, begin_params_axis=1)", IMAGE),
    layer("LayerNormExt", "mint.nn.LayerNorm(7)", IMAGE,
          instead="ops.LayerNorm(3, 3, 1e-5)(x, self.f.weight, self.f.bias)[0]"),
    call("LayerNormExt", "mint.nn.functional.layer_norm(x, (9, 7))", IMAGE,
         instead="ops.LayerNorm(2, 2, 1e-5)(x, ops.ones((9, 7), ms.float32), ops.zeros((9, 7), ms.float32))[0]"),
    call("RmsNorm", "ops.rms_norm(x, ms.Tensor([0.5, 1, 2, 3, 4, 5, 6], ms.float32))[0]", IMAGE,
         instead="x / ops.sqrt((x * x).mean(-1, True) + 1e-6) * ms.Tensor([0.5, 1, 2, 3, 4, 5, 6], ms.float32)"),
    call("AddRmsNorm", "ops.add_rms_norm(x, y, ms.Tensor([0.5, 1, 2, 3, 4, 5, 6], ms.float32))[0]", IMAGE, IMAGE,
         instead="(x + y) / ops.sqrt(((x + y) * (x + y)).mean(-1, True) + 1e-6)"
         " * ms.Tensor([0.5, 1, 2, 3, 4, 5, 6], ms.float32)"),
    call("LayerNorm", "ops.LayerNorm(1, 1)(x, ops.ones(6), ops.zeros(6))", f(3, 6)),
    call("LayerNorm", "ops.LayerNorm(2, 2, 0.1)(x, ops.ones((9, 7)), ops.zeros((9, 7)))[1:]", IMAGE),
    call("GroupNorm", "self.f(x, 2, ops.ones(4), ops.zeros(4), 0.1)", IMAGE,
         layer="__import__('mindspore.ops.auto_generate', fromlist=['GroupNorm']).GroupNorm()"),
    call("BatchNorm", "y[0], y[3], y[4]", f(2, 4, 5, 5), steps=("y = self.f(x, *[ops.ones(4)] * 4)",),
         layer="ops.BatchNorm(is_training=True)", batched=False, reason="its statistics are those of the batch"),
    call("RmsNorm", "ops.rms_norm(x, ops.ones(7), 0.1)", IMAGE,
         instead="(x / ops.sqrt((x * x).mean(-1, True) + 0.1), 1 / ops.sqrt((x * x).mean(-1, True) + 0.1))"),
]  # fmt: skip
