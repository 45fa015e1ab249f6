"""Boxes of detection networks: which to keep, their overlap, what an image has in them."""

from __future__ import annotations

import math

import numpy as np
import onnx

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import reshape
from hubkit.convert.lowering.subgraph import subgraph

_MAX_BOXES = 4096
_FLOAT, _INT = BY_NAME["float32"], BY_NAME["int64"]


@lowering("NMSWithMask")
def nms_with_mask(g: Builder, call: Call) -> Argument:
    """NMSWithMask(bboxes; iou_threshold=0.5): boxes by score, and which to keep -> Loop of Gather, Loop of MatMul.

    Equal scores come in the order of MindSpore's CPU kernel. It takes up to 4096 boxes.
    """
    boxes = call.tensor(g, 0)
    count = counted(whole(boxes, 0))
    if count > _MAX_BOXES or boxes.shape[1:] != (5,):
        raise CannotLowerError(f"its boxes are {list(boxes.shape)}, not up to {_MAX_BOXES} of 5 numbers")
    scores = g.node("Gather", boxes, g.constant(4, "int64"), axis=1)
    ordered = g.node("Gather", boxes, _by_score(g, scores, count), axis=0)
    overlap, areas, others = _overlaps(g, ordered, ordered, 0)
    shared = g.node("Div", overlap, g.node("Sub", g.node("Add", areas, others), overlap))
    over = g.node("Greater", shared, g.constant(call.constant("iou_threshold", default=0.5), boxes.dtype))
    covers = g.node("Trilu", cast_to(g, over, _FLOAT), g.constant(1, "int64"), upper=1)
    kept = cast_to(g, _uncovered(g, covers, count), BY_NAME["bool"])
    return ordered, g.constant(np.arange(count), "int32"), reshape(g, kept, [count])


@lowering("IOU")
def iou(g: Builder, call: Call) -> Value:
    """IOU(anchor_boxes, gt_boxes; mode="iou"): overlap of every two boxes -> Gather, Max, Min, Mul, Div.

    Modes: iou, iof (the overlap's part of the second box).
    """
    anchors, boxes, mode = call.tensor(g, 0), call.tensor(g, 1), call.constant("mode", default="iou")
    if mode not in ("iou", "iof") or anchors.shape[1:] != (4,) or boxes.shape[1:] != (4,):
        raise CannotLowerError(f"its mode is {mode!r}, its boxes {list(anchors.shape)} and {list(boxes.shape)}")
    overlap, areas, others = _overlaps(g, boxes, anchors, 1)
    whole_area = areas if mode == "iof" else g.node("Sub", g.node("Add", others, areas), overlap)
    return g.node("Div", overlap, g.node("Add", whole_area, g.constant(1e-10, boxes.dtype)))


@lowering("CheckValid")
def check_valid(g: Builder, call: Call) -> Value:
    """CheckValid(bboxes, img_metas): whether boxes lie in an image of height, width, ratio -> Less, Greater, Or."""
    boxes, image = call.tensor(g, 0), call.tensor(g, 1)
    if boxes.shape[1:] != (4,) or image.shape != (3,):
        raise CannotLowerError(f"its boxes are {list(boxes.shape)}, its image {list(image.shape)}")
    size = g.node("Mul", g.node("Gather", image, g.ints(1, 0), axis=0), g.node("Gather", image, g.ints(2), axis=0))
    start, end = (g.node("Gather", boxes, g.ints(*columns), axis=1) for columns in ((0, 1), (2, 3)))
    last = g.node("Sub", size, g.constant(1, boxes.dtype))
    outside = g.node("Or", g.node("Less", start, g.constant(0, boxes.dtype)), g.node("Greater", end, last))
    either = g.node("ReduceMax", cast_to(g, outside, _FLOAT), g.ints(1), keepdims=0)
    return g.node("Less", either, g.constant(0.5, "float32"))


@lowering("ROIAlign")
def roi_align(g: Builder, call: Call) -> Value:
    """ROIAlign(features, rois; pooled_height, pooled_width, spatial_scale, sample_num=2, roi_end_mode=1) -> RoiAlign.

    Only with a positive sample_num. Boxes of the columns 0 to 0, which MindSpore's kernel leaves as it finds them, are
    computed like others.
    """
    x, boxes, samples = call.tensor(g, 0), call.tensor(g, 1), call.constant("sample_num", default=2)
    mode, scale = call.constant("roi_end_mode", default=1), call.constant("spatial_scale")
    if samples < 1 or boxes.shape[1:] != (5,) or mode not in (0, 1):
        raise CannotLowerError(f"its sample_num is {samples}, its roi_end_mode {mode}, its boxes {list(boxes.shape)}")
    half = g.constant(0.5, boxes.dtype)  # what ONNX takes off again, in the mode in which it keeps small boxes small
    factor = g.constant(scale, boxes.dtype)
    image = cast_to(g, g.node("Round", g.node("Gather", boxes, g.constant(0, "int64"), axis=1)), _INT)
    start, end = (g.node("Gather", boxes, g.ints(*columns), axis=1) for columns in ((1, 2), (3, 4)))
    start = g.node("Mul", start, factor)
    if mode:
        end = g.node("Mul", g.node("Add", end, g.constant(1, boxes.dtype)), factor)
    else:
        size = g.node("Sub", g.node("Mul", end, factor), start)
        end = g.node("Add", start, g.node("Max", size, g.constant(1, boxes.dtype)))
    return g.node(
        "RoiAlign",
        x,
        g.node("Concat", g.node("Add", start, half), g.node("Add", end, half), axis=1),
        image,
        coordinate_transformation_mode="half_pixel",
        mode="avg",
        output_height=call.constant("pooled_height"),
        output_width=call.constant("pooled_width"),
        sampling_ratio=samples,
        spatial_scale=1.0,
    )


@lowering("BoundingBoxEncode")
def encode(g: Builder, call: Call) -> Value:
    """BoundingBoxEncode(anchor_box, groundtruth_box; means, stds): shifts from box to box -> Sub, Div, Log, Concat."""
    middle, size = _middles(g, call.tensor(g, 0))
    aim, aim_size = _middles(g, call.tensor(g, 1))
    shift = g.node("Div", g.node("Sub", aim, middle), size)
    deltas = g.node("Concat", shift, g.node("Log", g.node("Div", aim_size, size)), axis=1)
    means, deviations = (g.constant(_four(call, name), deltas.dtype) for name in ("means", "stds"))
    return g.node("Div", g.node("Sub", deltas, means), deviations)


@lowering("BoundingBoxDecode")
def decode(g: Builder, call: Call) -> Value:
    """BoundingBoxDecode(anchor_box, deltas; max_shape, means, stds, wh_ratio_clip=0.016) -> Mul, Exp, Clip, Concat.

    The shifted boxes, within an image of max_shape (rows, columns).
    """
    middle, size = _middles(g, call.tensor(g, 0))
    deltas = call.tensor(g, 1)
    dtype, limits = deltas.dtype, call.ints("max_shape")
    means, deviations = (g.constant(_four(call, name), dtype) for name in ("means", "stds"))
    deltas = g.node("Add", g.node("Mul", deltas, deviations), means)
    shift, growth = (g.node("Gather", deltas, g.ints(*columns), axis=1) for columns in ((0, 1), (2, 3)))
    most = abs(math.log(call.constant("wh_ratio_clip", default=0.016)))
    growth = g.node("Clip", growth, g.constant(-most, dtype), g.constant(most, dtype))
    half = g.constant(0.5, dtype)
    middle = g.node("Add", middle, g.node("Mul", size, shift))
    reach = g.node("Sub", g.node("Mul", g.node("Mul", size, g.node("Exp", growth)), half), half)
    boxes = g.node("Concat", g.node("Sub", middle, reach), g.node("Add", middle, reach), axis=1)
    edges = g.constant([limits[1], limits[0]] * 2, dtype)
    return g.node("Min", g.node("Max", boxes, g.constant(0, dtype)), edges)


def _middles(g: Builder, boxes: Value) -> tuple[Value, Value]:
    """The middles and the sizes of boxes (x0, y0, x1, y1), to whose last row and column they reach."""
    start, end = (g.node("Gather", boxes, g.ints(*columns), axis=1) for columns in ((0, 1), (2, 3)))
    middle = g.node("Mul", g.node("Add", start, end), g.constant(0.5, boxes.dtype))
    return middle, g.node("Add", g.node("Sub", end, start), g.constant(1, boxes.dtype))


def _four(call: Call, name: str) -> tuple[float, ...]:
    given = call.constant(name)
    four = given if isinstance(given, tuple) else (given,) * 4
    if len(four) != 4:
        raise CannotLowerError(f"its {name} are {given}, not four")
    return four


def _by_score(g: Builder, scores: Value, count: int) -> Value:
    """The places of ``scores``, the greatest first: a bitonic sort, as MindSpore's kernel does it."""
    width = 1 << (count - 1).bit_length()
    place = np.arange(width)
    stages = [
        (place ^ step, np.where((place & step == 0) == (place & size == 0), 1, -1))
        for size in (2**power for power in range(1, width.bit_length()))
        for step in (2**power for power in reversed(range(size.bit_length() - 1)))
    ]
    if not stages:
        return g.ints(0)
    partners = g.constant(np.stack([partner for partner, _ in stages]), "int64")
    signs = g.constant(np.stack([sign for _, sign in stages]), scores.dtype)
    if width > count:
        scores = g.node("Concat", scores, g.constant(np.full(width - count, np.inf), scores.dtype), axis=0)
    order = g.constant(place, "int64")
    nodes: list[onnx.NodeProto] = []
    stage, going = g.local("stage", g.constant(0, "int64")), g.local("going", g.constant(True, "bool"))
    data, order_now = g.local("scores", scores), g.local("order", order)
    with g.within(nodes):
        partner, sign = (g.node("Gather", table, stage, axis=0) for table in (partners, signs))
        other = g.node("Gather", data, partner, axis=0)
        swapped = g.node("Greater", g.node("Mul", data, sign), g.node("Mul", other, sign))
        ends = (
            g.node("Identity", going),
            g.node("Where", swapped, other, data),
            g.node("Where", swapped, g.node("Gather", order_now, partner, axis=0), order_now),
        )
    body = subgraph("stages", nodes, (stage, going, data, order_now), ends)
    start = (g.constant(len(stages), "int64"), g.constant(True, "bool"), scores, order)
    _, ascending = g.node_of_known("Loop", start, [scores, order], {"body": body})
    return g.node("Slice", ascending, g.ints(count - 1), g.ints(-width - 1), g.ints(0), g.ints(-1))


def _uncovered(g: Builder, covers: Value, count: int) -> Value:
    """1 for each box that no kept box before it covers, else 0.

    Each round decides at least the next box that depends on others; most sets of boxes need few rounds.
    """
    start = g.constant(np.ones((1, count)), "float32")
    nodes: list[onnx.NodeProto] = []
    turn, going = g.local("round", g.constant(0, "int64")), g.local("going", g.constant(True, "bool"))
    kept = g.local("kept", start)
    zero = g.constant(0, "float32")
    with g.within(nodes):
        covered = g.node("Greater", g.node("MatMul", kept, covers), zero)
        now = cast_to(g, g.node("Not", covered), _FLOAT)
        change = g.node("ReduceMax", g.node("Abs", g.node("Sub", now, kept)), keepdims=0)
        ends = (g.node("Greater", change, zero), now)
    body = subgraph("rounds", nodes, (turn, going, kept), ends)
    inputs = (g.constant(count, "int64"), g.constant(True, "bool"), start)
    (result,) = g.node_of_known("Loop", inputs, [start], {"body": body})
    return result


def _overlaps(g: Builder, first: Value, second: Value, border: int) -> tuple[Value, Value, Value]:
    """The overlap of every two boxes (x0, y0, x1, y1), their areas as a column, and as a row.

    ``border`` is 1 where the last row and column belong to a box.
    """
    dtype = first.dtype
    lines = [_corners(g, first), [g.node("Transpose", side, perm=[1, 0]) for side in _corners(g, second)]]
    if border:
        one = g.constant(border, dtype)

    def length(end: Value, start: Value) -> Value:
        size = g.node("Sub", end, start)
        return g.node("Add", size, one) if border else size

    sides = [
        g.node(
            "Max",
            length(
                g.node("Min", lines[0][axis + 2], lines[1][axis + 2]), g.node("Max", lines[0][axis], lines[1][axis])
            ),
            g.constant(0, dtype),
        )
        for axis in (0, 1)
    ]
    areas = [g.node("Mul", length(line[2], line[0]), length(line[3], line[1])) for line in lines]
    return g.node("Mul", *sides), areas[0], areas[1]


def _corners(g: Builder, boxes: Value) -> list[Value]:
    """The first four columns of ``boxes``, each of one column."""
    return [g.node("Gather", boxes, g.ints(column), axis=1) for column in range(4)]
