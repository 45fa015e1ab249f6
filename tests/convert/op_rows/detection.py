"""Boxes of detection networks."""

from __future__ import annotations

from tests.convert.op_case import call, f, i

_NO_BATCH = {"batched": False, "reason": "its first axis is that of the boxes, not a batch"}
_CORNERS = "ops.concat((x[:, :2], x[:, :2] + x[:, 2:4], x[:, 4:]), 1)"
_TIED = "ops.concat((x[:, :2], x[:, :2] + x[:, 2:4], ops.floor(x[:, 4:])), 1)"
_BOXES, _CROPPED, _OF = f(23, 5, low=0, high=4), f(2, 5, 7, 3), i(6, low=0, high=1)
_TWO = "ops.cumsum(x, 1), ops.cumsum(y, 1)"
_SMALL = f(6, 4, low=0, high=4)
_IN_IMAGE = f(6, 4, low=-0.2, high=1.2)
ROWS = [
    call("NMSWithMask", "ops.NMSWithMask(0.3)(x)", _BOXES, **_NO_BATCH),
    call("NMSWithMask", f"ops.NMSWithMask(0.5)({_CORNERS})", _BOXES, **_NO_BATCH),
    call("NMSWithMask", f"ops.NMSWithMask(0.1)({_TIED})", _BOXES, **_NO_BATCH),
    call("NMSWithMask", f"ops.NMSWithMask(0.2)({_TIED})", f(64, 5, low=0, high=4), **_NO_BATCH),
    call("NMSWithMask", "ops.NMSWithMask(0.5)(ops.zeros_like(x))", f(5, 5), **_NO_BATCH),
    call("NMSWithMask", "ops.NMSWithMask(0.3)(x)", f(1, 5), **_NO_BATCH),
    call("IOU", "ops.iou(x, y)", f(6, 4, low=0, high=9), f(3, 4, low=0, high=9), **_NO_BATCH),
    call("IOU", "ops.iou(x, y, 'iof')", f(6, 4, low=0, high=9), f(3, 4, low=0, high=9), **_NO_BATCH),
    call("CheckValid", "ops.check_valid(ops.floor(x), ops.floor(y))", f(40, 4, low=-1, high=9), f(3, low=2, high=5),
         **_NO_BATCH),
    call("CheckValid", "ops.check_valid(x - 0.5, y)", f(40, 4, low=0, high=9), f(3, low=2, high=4), **_NO_BATCH),
    *(call("ROIAlign", f"ops.ROIAlign({options})(x, ops.concat((ops.floor(y[:, :1] / 8), y), 1))",
           f(2, 4, 9, 7), f(5, 4, low=1, high=15), **_NO_BATCH)
      for options in ("2, 3, 0.5, 2", "3, 2, 0.25, 1, 0", "2, 2, 0.125, 3", "3, 3, 1.0, 2, 0")),
    call("BoundingBoxEncode", f"ops.BoundingBoxEncode()({_TWO})", _SMALL, _SMALL, **_NO_BATCH),
    call("BoundingBoxEncode", f"ops.BoundingBoxEncode((0.1, 0.2, 0.3, 0.4), (0.1, 0.1, 0.2, 0.2))({_TWO})",
         _SMALL, _SMALL, **_NO_BATCH),
    call("BoundingBoxDecode", "ops.BoundingBoxDecode(max_shape=(8, 6))(x, y)", _SMALL, f(6, 4), **_NO_BATCH),
    call("BoundingBoxDecode", "ops.BoundingBoxDecode((8, 60), (0.1, 0.2, 0.3, 0.4), (0.1, 0.2, 3.0, 4.0))(x, y)",
         _SMALL, f(6, 4), **_NO_BATCH),
    *(call("CropAndResize", f"ops.crop_and_resize(x, y, z, {options})", _CROPPED, _IN_IMAGE, _OF, **_NO_BATCH)
      for options in ("(3, 4)", "(4, 2), 'bilinear', 0.5", "(3, 4), 'nearest', -1.5")),
    *(call("CropAndResize", f"ops.crop_and_resize(x, ops.clip(y, 0.0, 0.99), z, {options}, 'bilinear_v2')", _CROPPED,
           _IN_IMAGE, _OF, **_NO_BATCH)
      for options in ("(3, 4)", "(12, 1)", "(1, 9)")),
]  # fmt: skip
