"""Sampling of images."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, call, f, layer

_GRID = f(1, 3, 4, 2, low=-1.2, high=1.2)
_VOLUME = f(2, 3, 2, 4, 3, low=-1.4, high=1.4)
_WEIGHTS = {"batched": False, "reason": "an input stands for the weights"}
_BLOCKS = "[2, 2], [[0, 0], [0, 0]]"
ROWS = [
    layer("RGBToHSV", "ops.operations.image_ops.RGBToHSV()", f(2, 9, 7, 3, low=0.0, high=1.0)),
    call("RGBToHSV", "ops.operations.image_ops.RGBToHSV()(ops.round(x * 2) / 2)", f(9, 9, 3, low=0.0, high=1.0)),
    call("GridSampler2D", "ops.grid_sample(x, y)", IMAGE, _GRID),
    call("GridSampler2D", "ops.grid_sample(x, y, padding_mode='border', align_corners=True)", IMAGE, _GRID),
    call("GridSampler2D", "ops.grid_sample(x, y, 'nearest', 'reflection')", IMAGE, _GRID),
    *(call("GridSampler2D", f"ops.grid_sample(x, ops.round(y * 4) / 4, 'nearest', {options})", f(1, 2, 2, 4),
           f(1, 9, 7, 2)) for options in ("'zeros'", "'border', True")),
    call("GridSampler3D", "ops.grid_sample(x, ops.round(y * 4) / 4, 'nearest')", f(1, 1, 4, 2, 4), f(1, 1, 9, 7, 3)),
    call("AffineGrid", "ops.affine_grid(x, (1, 2, 4, 5))", f(1, 2, 3)),
    call("AffineGrid", "ops.affine_grid(x, (1, 2, 4, 5), True)", f(1, 2, 3)),
    call("Im2Col", "ops.unfold(x, 3)", IMAGE),
    call("Im2Col", "ops.unfold(x, (3, 2), (1, 2), 1, 2)", IMAGE),
    layer("ExtractImagePatches", "nn.Unfold([1, 3, 2, 1], [1, 2, 1, 1], [1, 1, 2, 1])", IMAGE,
          instead="ops.unfold(x, (3, 2), (1, 2), 0, (2, 1))"
          ".reshape(1, 4, 6, 4, 5).transpose(0, 2, 1, 3, 4).reshape(1, 24, 4, 5)"),
    layer("ExtractImagePatches", "nn.Unfold([1, 2, 3, 1], [1, 2, 1, 1], [1, 1, 2, 1], 'same')", IMAGE,
          instead="ops.unfold(ops.pad(x, (2, 2, 0, 1)), (2, 3), (1, 2), 0, (2, 1))"
          ".reshape(1, 4, 6, 5, 7).transpose(0, 2, 1, 3, 4).reshape(1, 24, 5, 7)"),
    call("SpaceToBatchND", f"ops.batch_to_space_nd(ops.space_to_batch_nd(x, {_BLOCKS}) * 2, {_BLOCKS})", f(1, 2, 4, 6)),
    call("BatchToSpaceND",
         "ops.batch_to_space_nd(ops.space_to_batch_nd(x, [2, 2], [[1, 1], [0, 2]]) * 2, [2, 2], [[0, 1], [1, 0]])",
         f(2, 2, 4, 6)),
    call("Im2ColExt", "mint.nn.functional.unfold(x, (3, 2), (1, 2), 1, 2)", IMAGE,
         instead="ops.unfold(x, (3, 2), (1, 2), 1, 2)"),
    call("Col2ImExt", "mint.nn.functional.fold(x, (6, 6), 2, 1, 0, 2)", f(1, 8, 9),
         instead="ops.fold(x, ms.Tensor([6, 6], ms.int32), 2, 1, 0, 2)"),
    call("Col2Im", "ops.fold(x, ms.Tensor([6, 5], ms.int32), 3, 1, 1, 1)", f(2, 18, 30)),
    call("Col2Im", "ops.fold(x, ms.Tensor([6, 6], ms.int32), 2, 1, 0, 2)", f(1, 8, 9)),
    *(call("GridSampler3D", f"ops.grid_sample(x, y, {options})", f(2, 2, 4, 5, 6), _VOLUME) for options in (
        "'bilinear'", "'bilinear', 'border', True", "'bilinear', 'reflection'", "'bilinear', 'reflection', True",
        "'nearest'", "'nearest', 'border', True", "'nearest', 'reflection'",
    )),
    call("DeformableOffsets", "ops.deformable_conv2d(x, y, z, (3, 3), (1, 1, 1, 1), (1, 1, 1, 1))", f(1, 4, 8, 7),
         f(6, 4, 3, 3), f(1, 27, 8, 7), **_WEIGHTS),
    call("DeformableOffsets",
         "ops.deformable_conv2d(x, y, z, (3, 2), (1, 1, 2, 1), (1, 0, 2, 1), None, (1, 1, 1, 2), 1, 2)",
         f(1, 4, 9, 8), f(6, 4, 3, 2), f(1, 36, 4, 9), **_WEIGHTS),
]  # fmt: skip
