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


@lowering("Conv1DExt", "Conv2DExt", "Conv3DExt")
def conv_ext(g: Builder, call: Call) -> Value:
    """Conv1DExt(x, w, bias=None, stride=1, padding=0, dilation=1, groups=1), Conv2DExt, Conv3DExt -> Conv."""
    return _conv(g, call, groups=6)


@lowering("Convolution")
def convolution(g: Builder, call: Call) -> Value:
    """Convolution(x, w, bias=None, stride=1, padding=0, dilation=1, transposed=False, output_padding=0, groups=1)
    -> Conv, or ConvTranspose.
    """
    if call.constant("transposed", 6, False):
        return _conv_transpose(g, call, output_padding=7, groups=8, dilation=5)
    return _conv(g, call, groups=8)


@lowering("ConvTranspose2D")
def conv_transpose_ext(g: Builder, call: Call) -> Value:
    """ConvTranspose2D(x, w, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1)
    -> ConvTranspose.
    """
    return _conv_transpose(g, call, output_padding=5, groups=6, dilation=7)


@lowering("Conv2DTranspose", "Conv2DBackpropInput", "Conv3DTranspose")
def conv_transpose(g: Builder, call: Call) -> Value:
    """Conv2DTranspose(x, w, output_size; kernel_size, pad_mode, pad_list, stride, dilation, group),
    Conv2DBackpropInput, Conv3DTranspose(x, w; ...) -> ConvTranspose.

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
        kernel, size, wanted = weight.shape[axis + 2], x.shape[axis + 2], call.sizes[axis + 2]
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


def _conv(g: Builder, call: Call, groups: int) -> Value:
    x, weight, bias = call.tensor(g, 0), call.tensor(g, 1), call.optional_tensor(g, 2)
    kernel = weight.shape[2:]
    strides, dilations = (
        spatial(call.ints(name, place, 1), x.rank) for name, place in (("stride", 3), ("dilation", 5))
    )
    padding = call.constant("padding", 4, 0)
    if padding == "same":
        pads = same_pads(x.shape[2:], kernel, strides, dilations)
    elif padding == "valid":
        pads = [0] * (2 * len(kernel))
    else:
        pads = list(spatial(call.ints("padding", 4, 0), x.rank)) * 2
    return g.node(
        "Conv",
        *(value for value in (x, weight, bias) if value),
        kernel_shape=list(kernel),
        strides=list(strides),
        dilations=list(dilations),
        pads=pads,
        group=call.constant("groups", groups, 1),
    )


def _conv_transpose(g: Builder, call: Call, output_padding: int, groups: int, dilation: int) -> Value:
    x, weight, bias = call.tensor(g, 0), call.tensor(g, 1), call.optional_tensor(g, 2)
    names = {
        "strides": ("stride", 3, 1),
        "output_padding": ("output_padding", output_padding, 0),
        "dilations": ("dilation", dilation, 1),
    }
    windows = {key: list(spatial(call.ints(*given), x.rank)) for key, given in names.items()}
    return g.node(
        "ConvTranspose",
        *(value for value in (x, weight, bias) if value),
        kernel_shape=list(weight.shape[2:]),
        pads=list(spatial(call.ints("padding", 4, 0), x.rank)) * 2,
        group=call.constant("groups", groups, 1),
        **windows,
    )


def _check_layout(call: Call) -> None:
    layout = call.constant("format", default="NCHW")
    if layout not in _LAYOUTS:
        raise CannotLowerError(f"its format is {layout}, not channels first")
