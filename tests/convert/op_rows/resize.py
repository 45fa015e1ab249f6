"""Changing the size of images."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, call, f, layer

_RESIZES = ("False, False", "True, False", "False, True")
_BICUBIC = {"atol": 3e-3, "reason": "MindSpore takes cubic weights from a table of 1024 steps"}
ROWS = [
    *(layer("ResizeBilinearV2", f"Resize(ops.ResizeBilinearV2({flags}), {size})", image)
      for flags in _RESIZES for size in ((18, 14), (13, 20), (4, 3), (9, 7)) for image in (IMAGE,)),
    layer("ResizeBilinearV2", "Resize(ops.ResizeBilinearV2(True, False), (64, 64))", f(1, 2, 4, 4)),
    layer("ResizeBilinearV2", "Resize(ops.ResizeBilinearV2(True, False), (1, 1))", IMAGE),
    layer("ResizeBilinearV2", "Resize(ops.ResizeBilinearV2(False, False), (5, 5))", f(1, 2, 1, 1)),
    *(layer("ResizeNearestNeighbor", f"ops.ResizeNearestNeighbor({size}, {align})", IMAGE)
      for align in (False, True) for size in ((18, 14), (13, 20), (4, 3))),
    call("ResizeNearestNeighborV2", "ops.interpolate(x, size=(13, 20), mode='nearest')", IMAGE),
    *(call("ResizeBicubic", f"ops.interpolate(x, size={size}, mode='bicubic', align_corners={align})", IMAGE,
           **_BICUBIC)
      for align in (True, False) for size in ((18, 14), (13, 20), (5, 4))),
    layer("DepthToSpace", "ops.DepthToSpace(2)", f(1, 8, 3, 5)),
    layer("SpaceToDepth", "ops.SpaceToDepth(2)", f(1, 3, 4, 6)),
]  # fmt: skip
