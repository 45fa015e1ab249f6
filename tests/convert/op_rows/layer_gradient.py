"""Derivatives of normalisations and of what works on images."""

from __future__ import annotations

from tests.convert.op_case import call, f, i

_IMAGE, _ROWS = f(1, 4, 9, 7), f(2, 3, 8)
_OVER_THE_BATCH = {"batched": False, "reason": "the weights have one gradient for the whole batch"}
_STATISTICS = {"batched": False, "reason": "the batch's own statistics are taken"}
_NO_BATCH = {"batched": False, "reason": "an input stands for the weights"}
_GRADS, _GEN = "ops.operations._grad_ops", "ops.auto_generate"


ROWS = [
    *(
        call("LayerNormGrad", "self.f(x)", _ROWS, layer=f"Slope(nn.LayerNorm({arguments}))")
        for arguments in ("(8,)", "(3, 8), 1, 1", "(8,), epsilon=0.5")
    ),
    *(
        call("LayerNormGrad", f"{_GEN}.LayerNormGrad({axes})(x, y, "
             f"ops.var(x, {mean}, 0, True), x.mean({mean}, True), z)"
             f"[{place}]", _ROWS, _ROWS, parameters, **_OVER_THE_BATCH)
        for axes, mean, parameters in (("2, 2", "2", f(8)), ("1, 1", "(1, 2)", f(3, 8)))
        for place in range(3)
    ),
    *(
        call("LayerNormGradGrad", f"{_GEN}.LayerNormGradGrad({axes})(x, y, ops.exp(x).mean({mean}, True), "
             f"x.mean({mean}, True), z, x * y, z + 1, z * 2)[{place}]", _ROWS, _ROWS, parameters, **_OVER_THE_BATCH)
        for axes, mean, parameters in (("2, 2", "2", f(8)), ("1, 1", "(1, 2)", f(3, 8)))
        for place in range(3)
    ),
    *(
        call("BatchNormGrad", "self.f(x)", given, layer=f"Slope(nn.BatchNorm{axes}d(4))")
        for axes, given in ((1, f(2, 4)), (2, _IMAGE))
    ),
    *(
        call("BatchNormGrad", f"{_GEN}.BatchNormGrad({training}, 1e-3)(x, y, z, z * 2, z * z, z)[{place}]",
             f(3, 4, 5, 2), f(3, 4, 5, 2), f(4), **_STATISTICS)
        for training in (False, True)
        for place in range(3)
    ),
    *(
        call("BatchNormGradGrad", f"{_GEN}.BatchNormGradGrad(False, 1e-3)(x, y, z, z * 2, z * z, x * y, z + 1, z - 1)"
             f"[{place}]", f(3, 4, 5, 2), f(3, 4, 5, 2), f(4), **_OVER_THE_BATCH)
        for place in range(3)
    ),
    call("LayerNormGradGrad", "self.f(x)", _ROWS,
         layer="Slope(Slope(nn.SequentialCell(nn.LayerNorm((8,)), nn.Tanh())))", atol=1e-4,
         reason="MindSpore's tanh is an approximation"),
    call("BatchNormGradGrad", "self.f(x)", _IMAGE,
         layer="Slope(Slope(nn.SequentialCell(nn.BatchNorm2d(4), nn.Tanh())))", atol=1e-4,
         reason="MindSpore's tanh is an approximation"),
    call("GroupNormGrad", "self.f(x)", _IMAGE, layer="Slope(nn.GroupNorm(2, 4))"),
    *(
        call("GroupNormGrad", f"{_GEN}.GroupNormGrad()(x, y, y.reshape(1, 2, -1).mean(2), "
             f"ops.exp(y).reshape(1, 2, -1).mean(2), z, 2)[{place}]", _IMAGE, _IMAGE, f(4), **_OVER_THE_BATCH)
        for place in range(3)
    ),
    *(
        call("L2NormalizeGrad", f"{_GRADS}.L2NormalizeGrad([{axis}], {epsilon})(x * {scale}, y, y + 1)", _ROWS, _ROWS)
        for axis, epsilon, scale in ((1, 1e-4, 1), (2, 1e-4, 1e-3), (2, 0.1, 1e-2))
    ),
    *(
        call("LRNGrad", f"{_GRADS}.LRNGrad({arguments})(x, y, ops.LRN({arguments})(y))", _IMAGE, _IMAGE)
        for arguments in ("2, 1.5, 0.3, 0.6", "5, 1.0, 1.0, 0.5", "1, 2.0, 0.5, 1.5")
    ),
    *(
        call("MaxPoolGrad", f"{_GRADS}.MaxPoolGrad({size}, {step}, '{mode}')"
             f"(y, ops.MaxPool({size}, {step}, '{mode}')(y), x)", f(1, 4, *sizes), _IMAGE)
        for size, step, mode, sizes in ((2, 2, "valid", (4, 3)), (3, 2, "same", (5, 4)), (3, 1, "same", (9, 7)))
    ),
    call("MaxPoolGrad", "self.f(ops.round(x))", _IMAGE, layer="Slope(nn.MaxPool2d(3, 2))"),
    call("MaxPool3DGradWithArgmax", "self.f(x)", _IMAGE,
         layer="Slope(nn.MaxPool2d(3, 2, pad_mode='pad', padding=1))"),
    *(
        call("AvgPoolGrad", f"{_GEN}.AvgPoolGrad({size}, {step}, '{mode}')"
             f"(y, ops.AvgPool({size}, {step}, '{mode}')(y), x)", f(1, 4, *sizes), _IMAGE)
        for size, step, mode, sizes in (
            (2, 2, "VALID", (4, 3)), (3, 2, "SAME", (5, 4)), (3, 1, "SAME", (9, 7)), (2, 3, "VALID", (3, 2)),
            ((3, 2), (2, 3), "SAME", (5, 3)),
        )
    ),
    *(
        call("AdaptiveAvgPool2DGrad", "self.f(x)", _IMAGE,
             layer=f"Slope(nn.SequentialCell(nn.AdaptiveAvgPool2d({size}), nn.Tanh()))", atol=1e-4,
             reason="MindSpore's tanh is an approximation")
        for size in ("2", "(4, 3)", "1")
    ),
    *(
        call("ResizeBilinearGrad", f"{_GEN}.ResizeBilinearGrad({flags})(x, y)", f(1, 4, *sizes), _IMAGE)
        for flags in ("False, False", "True, False", "False, True")
        for sizes in ((12, 14), (4, 5))
    ),
    *(
        call("ResizeNearestNeighborV2Grad", f"{_GEN}.ResizeNearestNeighborV2Grad({flags})(x, (9, 7))", f(1, 4, *sizes))
        for flags in ("False, False", "True, False", "False, True")
        for sizes in ((12, 14), (4, 5))
    ),
    *(
        call("ResizeNearestNeighborGrad", f"{_GEN}.ResizeNearestNeighborGrad({flag})(x, (9, 7))", f(1, 4, *sizes))
        for flag in ("False", "True")
        for sizes in ((12, 14), (4, 5))
    ),
    *(
        call("PadV3Grad", f"{_GRADS}.PadV3Grad('{mode}')(x, (1, 2, 3, 1))", f(1, 4, 9, 7))
        for mode in ("reflect", "edge")
    ),
    *(
        call("MirrorPadGrad", f"{_GRADS}.MirrorPadGrad('{mode}')(x, ms.Tensor([[0, 0], [0, 0], [1, 2], [2, 1]]))",
             _IMAGE)
        for mode in ("REFLECT", "SYMMETRIC")
    ),
    *(
        call("Conv2DBackpropFilter", f"self.f(x, y, (3, 4, {size}, {size}))", f(2, 3, *sizes), f(2, 4, 9, 7),
             layer=f"{_GRADS}.Conv2DBackpropFilter(3, {size}, '{mode}', 0, stride={stride}, dilation={gap})",
             **_OVER_THE_BATCH)
        for size, mode, stride, gap, sizes in (
            (3, "same", 1, 1, (9, 7)), (3, "valid", 2, 1, (4, 3)), (3, "same", 2, 1, (5, 4)),
            (2, "valid", 1, 2, (7, 5)),
        )
    ),
    call("BiasAddGrad", f"{_GEN}.BiasAddGrad()(x)", f(2, 4, 3, 5), **_OVER_THE_BATCH),
    call("BiasAddGrad", f"{_GEN}.BiasAddGrad()(x)", f(2, 4), **_OVER_THE_BATCH),
    call("GatherDGradV2", f"{_GEN}.GatherDGradV2()(x, 1, y, z)", f(2, 5), i(2, 7, low=0, high=4), f(2, 7)),
    call("GatherNdExt", "ops.auto_generate.GatherNdExt()(x, y)", f(4, 3, 2), i(5, 2, low=0, high=2), **_NO_BATCH),
]  # fmt: skip
