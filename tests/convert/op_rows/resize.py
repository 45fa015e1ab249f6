"""Changing the size of images."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, call, f, layer

_ROWSS = ("False, False", "True, False", "False, True")
_CUBIC = "size=(5, 16), mode='bicubic', align_corners=True"
_SIGNAL, _VOLUME = f(1, 4, 9), f(1, 2, 6, 5, 4)
ROWS = [
    *(layer("ResizeBilinearV2", f"Resize(ops.ResizeBilinearV2({flags}), {size})", image)
      for flags in _ROWSS for size in ((18, 14), (13, 20), (4, 3), (9, 7)) for image in (IMAGE,)),
    layer("ResizeBilinearV2", "Resize(ops.ResizeBilinearV2(True, False), (64, 64))", f(1, 2, 4, 4)),
    layer("ResizeBilinearV2", "Resize(ops.ResizeBilinearV2(True, False), (1, 1))", IMAGE),
    layer("ResizeBilinearV2", "Resize(ops.ResizeBilinearV2(False, False), (5, 5))", f(1, 2, 1, 1)),
    *(layer("ResizeNearestNeighbor", f"ops.ResizeNearestNeighbor({size}, {align})", IMAGE)
      for align in (False, True) for size in ((18, 14), (13, 20), (4, 3))),
    call("ResizeNearestNeighborV2", "ops.interpolate(x, size=(13, 20), mode='nearest')", IMAGE),
    *(call("ResizeBicubic", f"ops.interpolate(x, size={size}, mode='bicubic', align_corners={align})", IMAGE)
      for align in (True, False) for size in ((18, 14), (13, 20), (5, 4))),
    layer("DepthToSpace", "ops.DepthToSpace(2)", f(1, 8, 3, 5)),
    layer("SpaceToDepth", "ops.SpaceToDepth(2)", f(1, 3, 4, 6)),
    layer("UpsampleNearest1D", "mint.nn.Upsample(size=5, mode='nearest')", _SIGNAL),
    layer("UpsampleNearest2D", "mint.nn.Upsample(size=(5, 16), mode='nearest')", IMAGE),
    call("UpsampleTrilinear3D", "ops.interpolate(x, size=(4, 9, 4), mode='trilinear')", _VOLUME),
    call("UpsampleTrilinear3D", "ops.interpolate(x, size=(4, 9, 4), mode='trilinear', align_corners=True)", _VOLUME),
    *(call("UpsampleNearest2D", f"mint.nn.functional.interpolate(x, scale_factor={scales}, mode='nearest')", IMAGE)
      for scales in ("(2.0, 3.0)", "(1.5, 1.7)", "(0.7, 3.3)", "(1.0, 0.35)")),
    call("UpsampleNearest1D", "mint.nn.functional.interpolate(x, scale_factor=1.3, mode='nearest')", f(1, 4, 11)),
    call("UpsampleNearest3D", "mint.nn.functional.interpolate(x, scale_factor=(1.3, 2.0, 0.9), mode='nearest')",
         f(1, 2, 5, 4, 7)),
    call("UpsampleNearest3D", "ops.interpolate(x, size=(8, 8, 8), mode='nearest')", _VOLUME),
    call("UpsampleBilinear2D", "mint.nn.functional.interpolate(x, size=(5, 16), mode='bilinear')", IMAGE,
         instead="ops.interpolate(x, size=(5, 16), mode='bilinear')"),
    call("UpsampleLinear1D", "mint.nn.functional.interpolate(x, size=5, mode='linear')", _SIGNAL,
         instead="ops.interpolate(x, size=(5,), mode='linear')"),
    call("UpsampleBicubic2D", f"mint.nn.functional.interpolate(x, {_CUBIC})", IMAGE,
         instead=f"ops.interpolate(x, {_CUBIC})", atol=3e-3,
         reason="the operator beside it takes cubic weights from a table of 1024 steps"),
    call("ResizeLinear1D", "ops.interpolate(x, size=(5,), mode='linear')", _SIGNAL),
    call("ResizeLinear1D", "ops.interpolate(x, size=(14,), mode='linear', align_corners=True)", _SIGNAL),
    call("AdaptiveAvgPool2D", "ops.interpolate(x, size=(5, 5), mode='area')", IMAGE),
    call("ResizeNearestNeighborV2", "ops.interpolate(x, size=(5, 5), mode='nearest-exact')", IMAGE),
    call("ResizeNearestNeighborV2", "ops.interpolate(x, size=5, mode='nearest')", _SIGNAL),
    *(call("ResizeArea", f"ops.operations.image_ops.ResizeArea()(x, ms.Tensor({size}, ms.int32))", f(1, 5, 6, 3))
      for size in ("[2, 3]", "[3, 4]", "[7, 9]")),
    layer("Reshape", "nn.PixelShuffle(2)", f(1, 8, 3, 3)),
    layer("Reshape", "nn.PixelUnshuffle(2)", f(1, 2, 4, 4)),
    layer("Reshape", "nn.ChannelShuffle(2)", IMAGE),
]  # fmt: skip
