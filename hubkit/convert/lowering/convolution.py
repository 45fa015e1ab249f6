"""Convolutions and their biases."""

from __future__ import annotations

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.window import interleave, same_pads, spatial

_TAKES_BIAS = ("Conv", "ConvTranspose", "Gemm")
_LAYOUTS = ("NCHW", "NCDHW")


@lowering("Conv2D", "Conv3D")
def conv(g: Builder, call: Call) -> Value:
    """Conv2D(x, w; kernel_size, pad_mode, pad, stride, dilation, group, format), Conv3D -> Conv.

    Channels first only. "same" padding is computed from the sizes, the extra row and column at the end.
    """
    _check_layout(call)
    x, weight = call.tensor(g, 0), call.tensor(g, 1)
    kernel, mode = weight.shape[2:], call.constant("pad_mode").lower()
    strides, dilations = spatial(call.ints("stride"), x.rank), spatial(call.ints("dilation"), x.rank)
    match mode:
        case "same":
            pads = same_pads(x.shape[2:], kernel, strides, dilations)
        case "valid":
            pads = [0] * (2 * len(kernel))
        case "pad":
            pads = interleave(call.ints("pad"))
        case _:
            raise CannotLowerError(f"its pad_mode is {mode!r}")
    return g.node(
        "Conv",
        x,
        weight,
        kernel_shape=list(kernel),
        strides=list(strides),
        dilations=list(dilations),
        pads=pads,
        group=call.constant("group", default=1),
    )


@lowering("Conv2DTranspose")
def conv_transpose(g: Builder, call: Call) -> Value:
    """Conv2DTranspose(x, w, output_size; kernel_size, pad_mode, pad_list, stride, dilation, group) -> ConvTranspose.

    Padding is derived from the result's size: what the full transposed convolution has more, is cut off.
    """
    _check_layout(call)
    x, weight = call.tensor(g, 0), call.tensor(g, 1)
    strides, dilations = spatial(call.ints("stride"), x.rank), spatial(call.ints("dilation"), x.rank)
    pad_mode = call.constant("pad_mode").lower()
    begins: list[int] = []
    ends: list[int] = []
    output_padding: list[int] = []
    declared = call.ints("pad_list")
    for axis, (stride, dilation) in enumerate(zip(strides, dilations, strict=True)):
        kernel, size, wanted = weight.shape[axis + 2], x.shape[axis + 2], call.result.shape[axis + 2]
        surplus = (size - 1) * stride + (kernel - 1) * dilation + 1 - wanted
        begin = declared[2 * axis] if pad_mode == "pad" else max(surplus, 0) // 2
        begins.append(begin)
        ends.append(max(surplus - begin, 0))
        output_padding.append(max(begin - surplus, 0))
    return g.node(
        "ConvTranspose",
        x,
        weight,
        strides=list(strides),
        dilations=list(dilations),
        pads=begins + ends,
        output_padding=output_padding,
        group=call.constant("group", default=1),
        kernel_shape=list(weight.shape[2:]),
    )


@lowering("BiasAdd")
def bias_add(g: Builder, call: Call) -> Value:
    """BiasAdd(x, bias, data_format) -> the bias of the Conv, ConvTranspose or Gemm that gives x, otherwise Add.

    The bias belongs to axis 1 of x.
    """
    x, bias = call.tensor(g, 0), call.tensor(g, 1)
    producer = g.producers.get(x.name)
    if producer is not None and producer.op_type in _TAKES_BIAS and len(producer.input) == 2:
        return g.with_input(producer, bias)
    if x.rank > 2:
        bias = g.node("Unsqueeze", bias, g.ints(*range(1, x.rank - 1)))
    return g.node("Add", x, bias)


def _check_layout(call: Call) -> None:
    layout = call.constant("format", default="NCHW")
    if layout not in _LAYOUTS:
        raise CannotLowerError(f"its format is {layout}, not channels first")
