"""Pools."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.places import adaptive_places
from hubkit.convert.lowering.rearrange import cut
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import reshape
from hubkit.convert.lowering.window import interleave, same_pads, spatial
from hubkit.convert.mindir_graph import TensorType

# The newer operators carry the padding mode as a number.
_PAD_MODES = {0: "pad", 1: "same", 2: "valid"}


@lowering("MaxPool")
def max_pool(g: Builder, call: Call) -> Value:
    """MaxPool(x; kernel_size, strides, pad_mode, format) -> MaxPool. Channels first only."""
    return _pool(g, call, "MaxPool")


@lowering("AvgPool")
def avg_pool(g: Builder, call: Call) -> Value:
    """AvgPool(x, kernel_size, strides, pad_mode, format) -> AveragePool. Channels first only.

    With "same" the padding is left out of the mean.
    """
    return _pool(g, call, "AveragePool", count_include_pad=0)


@lowering("AvgPool3D")
def avg_pool_3d(g: Builder, call: Call) -> Value:
    """AvgPool3D(x; kernel_size, strides, pad_mode, pad_list, ceil_mode, count_include_pad) -> AveragePool.

    A divisor of one's own is a Mul, with ceil_mode behind a Pad. Windows that begin behind the image go: Slice.
    """
    x = call.tensor(g, 0)
    attributes = {
        "kernel_shape": list(spatial(call.ints("kernel_size"), x.rank)),
        "strides": list(spatial(call.ints("strides"), x.rank)),
        "pads": interleave(call.ints("pad_list")),
        "ceil_mode": int(call.constant("ceil_mode", default=False)),
        "count_include_pad": int(call.constant("count_include_pad", default=True)),
    }
    return _mean(g, x, attributes, call.constant("divisor_override", default=0))


@lowering("AvgPool1D", "AvgPool2D", "AvgPool3DExt")
def avg_pool_ext(g: Builder, call: Call) -> Value:
    """AvgPool1D(x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,
    divisor_override=None), AvgPool2D, AvgPool3DExt -> AveragePool.

    A divisor of one's own is a Mul, with ceil_mode behind a Pad. Windows that begin behind the image go: Slice.
    """
    x = call.tensor(g, 0)
    kernel = call.ints("kernel_size", 1)
    strides = kernel if call.constant("stride", 2, None) in (None, ()) else call.ints("stride", 2)
    attributes = {
        "kernel_shape": list(spatial(kernel, x.rank)),
        "strides": list(spatial(strides, x.rank)),
        "pads": list(spatial(call.ints("padding", 3, 0), x.rank)) * 2,
        "ceil_mode": int(call.constant("ceil_mode", 4, False)),
        "count_include_pad": int(call.constant("count_include_pad", 5, True)),
    }
    return _mean(g, x, attributes, call.constant("divisor_override", 6, None))


def _mean(g: Builder, x: Value, attributes: dict[str, Any], divisor: int | None) -> Value:
    """The means of windows; with a ``divisor`` their sums divided by it."""
    if not divisor:
        return _inside(g, g.node("AveragePool", x, **attributes), x, attributes)
    if attributes["ceil_mode"]:
        x, attributes = _filled_up(g, x, attributes)
    means = g.node("AveragePool", x, **attributes | {"count_include_pad": 1})
    return g.node("Mul", means, g.constant(math.prod(attributes["kernel_shape"]) / divisor, x.dtype))


def _filled_up(g: Builder, x: Value, attributes: dict[str, Any]) -> tuple[Value, dict[str, Any]]:
    """``x`` with zeros around it, as many as ``attributes`` with ceil_mode ask for, and the attributes without."""
    begins, ends = attributes["pads"][: x.rank - 2], list(attributes["pads"][x.rank - 2 :])
    for place, (width, stride) in enumerate(zip(attributes["kernel_shape"], attributes["strides"], strict=True)):
        size = whole(x, place + 2) + begins[place]
        count = min(-(-(size + ends[place] - width) // stride) + 1, -(-size // stride))
        ends[place] = max(ends[place], (count - 1) * stride + width - size)
    padded = g.node("Pad", x, g.ints(0, 0, *begins, 0, 0, *ends), g.constant(0, x.dtype))
    return padded, attributes | {"pads": [0] * len(attributes["pads"]), "ceil_mode": 0}


def _inside(g: Builder, pooled: Value, x: Value, attributes: dict[str, Any]) -> Value:
    """``pooled``, of ``x``, without windows that begin behind the image, which with ceil_mode only ONNX has."""
    if not attributes["ceil_mode"]:
        return pooled
    axes = range(2, x.rank)
    widths = _widths(attributes)
    for axis, width, stride, begin, end in zip(
        axes, widths, attributes["strides"], attributes["pads"], attributes["pads"][len(axes) :], strict=False
    ):
        if width < end + stride:  # else none begins there
            count = -(-(whole(x, axis) + begin) // stride)
            pooled = pooled if pooled.shape[axis] <= count else cut(g, pooled, axis, 0, count)
    return pooled


def _widths(attributes: dict[str, Any]) -> list[int]:
    """How far the windows reach."""
    kernel = attributes["kernel_shape"]
    dilations = attributes.get("dilations", [1] * len(kernel))
    return [(width - 1) * dilation + 1 for width, dilation in zip(kernel, dilations, strict=True)]


@lowering("MaxPool3D")
def max_pool_3d(g: Builder, call: Call) -> Value:
    """MaxPool3D(x; kernel_size, strides, pad_mode, pad_list, ceil_mode) -> MaxPool. Channels first only.

    Windows that begin behind the image go: Slice.
    """
    x = call.tensor(g, 0)
    attributes = {
        "kernel_shape": list(spatial(call.ints("kernel_size"), x.rank)),
        "strides": list(spatial(call.ints("strides"), x.rank)),
        "pads": interleave(call.ints("pad_list")),
        "ceil_mode": int(bool(call.constant("ceil_mode", default=0))),
    }
    return _inside(g, g.node("MaxPool", x, **attributes), x, attributes)


@lowering("MaxPool3DWithArgmax", "MaxPoolWithArgmaxV2", "MaxPoolWithIndices", "MaxPoolWithMask")
def max_pool_with_places(g: Builder, call: Call) -> Argument:
    """MaxPool3DWithArgmax(x; ksize, strides, pads, dilation, ceil_mode), MaxPoolWithArgmaxV2(x; kernel_size, ...),
    MaxPoolWithIndices, MaxPoolWithMask -> MaxPool, and Mod for the positions, which MaxPoolWithMask does not give.
    Windows that begin behind the image go: Slice.
    """
    x = call.tensor(g, 0)
    kernel = call.ints("ksize", 1, None) if "ksize" in call.node.attributes else call.ints("kernel_size", 1)
    strides = kernel if call.constant("strides", 2, None) in (None, ()) else call.ints("strides", 2)
    pads = spatial(call.ints("pads", 3, 0), x.rank)
    attributes = {
        "kernel_shape": list(spatial(kernel, x.rank)),
        "strides": list(spatial(strides, x.rank)),
        "dilations": list(spatial(call.ints("dilation", 4, 1), x.rank)),
        "pads": [*pads, *pads],
        "ceil_mode": int(call.constant("ceil_mode", 5, False)),
    }
    pooled = _inside(g, g.node("MaxPool", x, **attributes), x, attributes)
    types = call.node.output_type
    if call.node.op == "MaxPoolWithMask" or max(x.dynamic, default=0) > 1 or not isinstance(types, tuple):
        return (pooled,)
    # A node of its own, which is dropped where nothing reads the positions. ONNX counts them from the first image on.
    _, places = g.nodes_of("MaxPool", (x,), 2, attributes)
    places = g.node("Mod", _inside(g, places, x, attributes), g.constant(math.prod(x.shape[2:]), "int64"))
    wanted = types[1]
    return pooled, cast_to(g, places, wanted.dtype) if isinstance(wanted, TensorType) else places


@lowering("MaxPoolWithArgmax")
def max_pool_with_argmax(g: Builder, call: Call) -> Argument:
    """MaxPoolWithArgmax(x; kernel_size, strides, pad_mode, format) -> MaxPool, and Mod for the positions, which are
    counted over all channels of an image. Channels first only; the sizes are (1, rows, columns, 1) all the same.
    """
    pooled = _pool(g, call, "MaxPool", slice(1, 3))
    node, x = g.producers[pooled.name], call.tensor(g, 0)
    if max(x.dynamic, default=0) > 0:
        return (pooled,)
    attributes = {item.name: list(item.ints) for item in node.attribute}
    # A node of its own, which is dropped where nothing reads the positions. ONNX counts them from the first image on.
    _, places = g.nodes_of("MaxPool", (g.values[node.input[0]],), 2, attributes)
    places = g.node("Mod", places, g.constant(math.prod(x.shape[1:]), "int64"))
    types = call.node.output_type
    wanted = types[1] if isinstance(types, tuple) else None
    return pooled, cast_to(g, places, wanted.dtype) if isinstance(wanted, TensorType) else places


@lowering("MaxUnpool2D", "MaxUnpool3D")
def max_unpool(g: Builder, call: Call) -> Value:
    """MaxUnpool2D(x, argmax; ksize, strides, pads, output_shape, format), MaxUnpool3D -> ScatterElements.

    Channels first only.
    """
    x, places, sizes = call.tensor(g, 0), call.tensor(g, 1), call.sizes[2:]
    if x.rank != len(sizes) + 2 or call.constant("format", default="NCHW") not in ("NCHW", "NCDHW"):
        raise CannotLowerError("it is not of images with channels first")
    count = math.prod(sizes)
    flat, at = (reshape(g, value, [*x.shape[:2], math.prod(x.shape[2:])]) for value in (x, places))
    like = Value("", x.dtype, (*x.shape[:2], count), (*flat.probe[:2], count))
    shape = g.node("Concat", g.node("Shape", flat, start=0, end=2), g.ints(count), axis=0)
    (empty,) = g.node_of_known("Expand", (g.constant(0, x.dtype), shape), [like], {})
    return reshape(g, g.node("ScatterElements", empty, at, flat, axis=2), call.sizes)


@lowering("AdaptiveAvgPool2D", "AdaptiveAvgPool1D", "AdaptiveAvgPool2DExt", "AdaptiveAvgPool3D", "AdaptiveAvgPool3DExt")
def adaptive_avg_pool(g: Builder, call: Call) -> Value:
    """AdaptiveAvgPool2D(x; output_size), AdaptiveAvgPool1D, AdaptiveAvgPool2DExt, AdaptiveAvgPool3D,
    AdaptiveAvgPool3DExt -> GlobalAveragePool for one window, AveragePool where the sizes divide.

    Otherwise each row and column of windows is a ReduceMean of its own.
    """
    x, counts, alone = _batched(g, call)
    pooled = _adaptive(g, x, counts, "AveragePool", "ReduceMean")
    return g.node("Squeeze", pooled, g.ints(0)) if alone else pooled


@lowering("AdaptiveMaxPool1D", "AdaptiveMaxPool2D", "AdaptiveMaxPool3D")
def adaptive_max_pool(g: Builder, call: Call) -> Argument:
    """AdaptiveMaxPool1D(x, output_size), AdaptiveMaxPool2D, AdaptiveMaxPool3D -> GlobalMaxPool for one window, MaxPool
    where the sizes divide.

    Otherwise each row and column of windows is a ReduceMax of its own. The positions are those of a MaxPool by Mod, or
    of each window: Slice, Reshape, ArgMax, Gather, Concat.
    """
    x, counts, alone = _batched(g, call)
    results = [_adaptive(g, x, counts, "MaxPool", "ReduceMax")]
    types = call.node.output_type
    if isinstance(types, tuple) and len(types) > 1 and isinstance(types[1], TensorType) and call.asks_for(1):
        results.append(cast_to(g, adaptive_places(g, x, counts), types[1].dtype))
    return tuple(g.node("Squeeze", value, g.ints(0)) if alone else value for value in results)


def _batched(g: Builder, call: Call) -> tuple[Value, Sequence[int], bool]:
    """What an adaptive pool is given, with a batch; how many windows an axis; whether it came without a batch."""
    x, axes = call.tensor(g, 0), next(int(letter) for letter in call.node.op if letter.isdigit())
    counts, alone = call.result.shape[-axes:], x.rank == axes + 1
    return g.node("Unsqueeze", x, g.ints(0)) if alone else x, counts, alone


def _adaptive(g: Builder, x: Value, wanted: Sequence[int], pool: str, reduction: str) -> Value:
    sizes = x.shape[2:]
    if set(wanted) == {1}:
        return g.node(f"Global{pool}", x)
    if all(size % count == 0 for size, count in zip(sizes, wanted, strict=True)):
        steps = [size // count for size, count in zip(sizes, wanted, strict=True)]
        return g.node(pool, x, kernel_shape=steps, strides=steps)
    for axis, (size, count) in enumerate(zip(sizes, wanted, strict=True), start=2):
        x = _windows(g, x, axis, size, count, reduction)
    return x


def _windows(g: Builder, x: Value, axis: int, size: int, count: int, reduction: str) -> Value:
    # The k-th window reaches from floor(k * size / count) to ceil((k + 1) * size / count); the means of a row of
    # windows, then of a column, give the mean of the rectangle, as do the greatest elements.
    windows = [(k * size // count, -(-(k + 1) * size // count)) for k in range(counted(count))]
    parts = [
        g.node(
            reduction,
            g.node("Slice", x, g.ints(start), g.ints(end), g.ints(axis)),
            g.ints(axis),
            keepdims=1,
        )
        for start, end in windows
    ]
    return g.node("Concat", *parts, axis=axis)


def _pool(g: Builder, call: Call, op: str, window: slice = slice(None), **attributes: int) -> Value:
    x = call.tensor(g, 0)
    kernel = spatial(call.ints("kernel_size", 1)[window], x.rank)
    strides = spatial(call.ints("strides", 2)[window], x.rank)
    mode = call.constant("pad_mode", 3)
    layout = call.constant("format", 4, "NCHW")
    if layout not in ("NCHW", 0):
        raise CannotLowerError(f"its format is {layout}, not channels first")
    if op == "MaxPool":
        x = _kept_apart(g, x)
    return g.node(
        op,
        x,
        kernel_shape=list(kernel),
        strides=list(strides),
        pads=_pads(x, kernel, strides, _PAD_MODES.get(mode, mode)),
        **attributes,
    )


def _kept_apart(g: Builder, x: Value) -> Value:
    """``x``, through an operator that changes nothing where it comes from a Pad.

    ONNX Runtime 1.31 makes one operator of a Pad with zeros and a MaxPool, whose own padding is below everything: where
    all that a window sees of the image is negative, the zeros are lost.
    """
    producer = g.producers.get(x.name)
    if producer is None or producer.op_type != "Pad" or not x.dtype.is_float:
        return x
    return g.node("Max", x, g.constant(float("-inf"), x.dtype))


def _pads(x: Value, kernel: Sequence[int], strides: Sequence[int], mode: str) -> list[int]:
    match str(mode).lower():
        case "same":
            return same_pads(x.shape[2:], kernel, strides, [1] * len(kernel))
        case "valid":
            return [0] * (2 * len(kernel))
    raise CannotLowerError(f"its pad_mode is {mode!r}")
