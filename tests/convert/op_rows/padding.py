"""Padding."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, call, f, layer

_SIGNAL = f(1, 4, 9)
_PAIRS = "((0, 0), (0, 0), (1, 2), (3, 4))"
ROWS = [
    call("Pad", f"ops.Pad({_PAIRS})(x)", IMAGE),
    call("PadV3", "ops.pad(x, [1, 2, 3, 0], value=1.5)", IMAGE),
    call("PadV3", "ops.pad(x, [1, 2, 3, 0], mode='reflect')", IMAGE),
    call("PadV3", "ops.pad(x, [1, 2, 3, 0], mode='replicate')", IMAGE),
    call("PadV3", "ops.pad(x, [1, 2, 3, 0], mode='circular')", IMAGE),
    layer("PadV3", "nn.ReplicationPad2d((1, 2, 2, 1))", IMAGE),
    layer("PadV3", "nn.ZeroPad2d((1, 2, 2, 1))", IMAGE),
    layer("PadV3", "nn.ConstantPad1d((1, 2), 0.5)", _SIGNAL),
    # MindSpore's own kernel forgets negative paddings after its first run.
    layer("PadV3", "nn.ConstantPad2d((-1, 2, 0, -1), 0.5)", IMAGE,
          instead="ops.pad(x[:, :, :-1, 1:], (0, 2), value=0.5)"),
    layer("MirrorPad", f"nn.Pad({_PAIRS}, 'SYMMETRIC')", IMAGE),
    layer("MirrorPad", f"nn.Pad({_PAIRS}, 'REFLECT')", IMAGE),
    layer("MirrorPad", "nn.ReflectionPad2d((1, 2, 2, 1))", IMAGE),
    layer("MirrorPad", "nn.ReflectionPad1d((1, 2))", _SIGNAL),
    call("ConstantPadND", "mint.nn.functional.pad(x, (1, 2, 2, 1), value=2.5)", IMAGE,
         instead="ops.pad(x, (1, 2, 2, 1), value=2.5)"),
    call("ConstantPadND", "mint.nn.functional.pad(x, (1, -2))", IMAGE, instead="ops.pad(x[..., :-2], (1, 0))"),
    layer("ReflectionPad1D", "mint.nn.ReflectionPad1d((1, 2))", _SIGNAL, instead="ops.pad(x, (1, 2), mode='reflect')"),
    layer("ReflectionPad2D", "mint.nn.ReflectionPad2d((1, 2, 2, 1))", IMAGE,
          instead="ops.pad(x, (1, 2, 2, 1), mode='reflect')"),
    layer("ReplicationPad2D", "mint.nn.ReplicationPad2d((1, 2, 2, 1))", IMAGE,
          instead="ops.pad(x, (1, 2, 2, 1), mode='replicate')"),
    layer("ReplicationPad1D", "mint.nn.ReplicationPad1d((1, 2))", _SIGNAL,
          instead="ops.pad(x, (1, 2), mode='replicate')"),
    call("ReflectionPad3D", "mint.nn.functional.pad(x, (1, 2, 0, 0, 0, 0), 'reflect')", f(2, 3, 4, 5, 6),
         instead="ops.concat((x[..., 1:2], x, x[..., 4:5], x[..., 3:4]), -1)"),
    call("ReplicationPad3D", "mint.nn.functional.pad(x, (1, 2, 0, 1, 2, 0), 'replicate')", f(2, 3, 4, 5, 6),
         instead="ops.pad(x, (1, 2, 0, 1, 2, 0), 'replicate')"),
]  # fmt: skip
