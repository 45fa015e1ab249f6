"""Convolutions, norms, pools and resizes of ``mindspore.mint`` whose operators only other devices have.

Each takes the arguments of the operator, in its order. Source: the docstrings of ``mindspore.mint.nn`` in MindSpore
2.10.
"""

from __future__ import annotations

from typing import Any

from mindspore import ops

from hubkit.compat.mint.use import noted


def several(value: Any, count: int) -> Any:
    """``value`` once for each of ``count`` axes; what is given for one axis holds for all."""
    if isinstance(value, int):
        return (value,) * count
    if len(value) == 1:
        return (value[0],) * count
    return tuple(value)


def layer_norm(input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """The norm over the last axes, with the mean and one over the deviation that it was made of."""
    axis = input.ndim - len(several(normalized_shape, 1))
    scale = ops.ones(input.shape[axis:], input.dtype) if weight is None else weight
    shift = ops.zeros(input.shape[axis:], input.dtype) if bias is None else bias
    found, mean, variance = ops.LayerNorm(noted("layer_norm", axis), axis, eps)(input, scale, shift)
    return found, mean, ops.rsqrt(variance + eps)


def batch_norm(
    input: Any,
    weight: Any = None,
    bias: Any = None,
    running_mean: Any = None,
    runnning_var: Any = None,
    training: bool = False,
    momentum: float = 0.1,  # noqa: ARG001 (the statistics are not kept)
    epsilon: float = 1e-5,
) -> Any:
    """The norm of each channel by the statistics that are given, or by its own in training, and these statistics."""
    axes = (0, *range(2, input.ndim))
    shape = (1, -1) + (1,) * (input.ndim - 2)
    if training or running_mean is None:
        mean = ops.ReduceMean(True)(input, axes)
        variance = ops.ReduceMean(True)(ops.square(input - mean), axes)
    else:
        mean, variance = ops.reshape(running_mean, shape), ops.reshape(runnning_var, shape)
    factor = ops.rsqrt(variance + noted("batch_norm", epsilon))
    if weight is not None:
        factor = factor * ops.reshape(weight, shape)
    found = (input - mean) * factor
    if bias is not None:
        found = found + ops.reshape(bias, shape)
    return ops.cast(found, input.dtype), mean, factor


def conv1d(
    input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """``mint.nn.functional.conv1d``: a convolution of images that have one row."""
    side = padding if isinstance(padding, str) else (0, *several(padding, 1))
    found = conv2d(
        ops.expand_dims(input, -2),
        ops.expand_dims(weight, -2),
        bias,
        (1, *several(stride, 1)),
        side,
        (1, *several(dilation, 1)),
        groups,
    )
    return ops.squeeze(found, -2)


def conv2d(
    input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """``mint.nn.functional.conv2d`` of (N, C, H, W), or (C, H, W)."""
    if input.ndim == 3:
        return ops.squeeze(conv2d(ops.expand_dims(input, 0), weight, bias, stride, padding, dilation, groups), 0)
    gaps = several(dilation, 2)
    sides = _sides(padding, weight.shape[2:], gaps)
    operator = ops.Conv2D(
        weight.shape[0], weight.shape[2:], 1, "pad", sides, several(stride, 2), gaps, noted("conv2d", groups)
    )
    found = operator(input, weight)
    return found if bias is None else ops.BiasAdd()(found, bias)


def conv3d(
    input: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> Any:
    """``mint.nn.functional.conv3d`` of (N, C, D, H, W), or (C, D, H, W)."""
    if input.ndim == 4:
        return ops.squeeze(conv3d(ops.expand_dims(input, 0), weight, bias, stride, padding, dilation, groups), 0)
    gaps = several(dilation, 3)
    sides = _sides(padding, weight.shape[2:], gaps)
    operator = ops.Conv3D(
        weight.shape[0], weight.shape[2:], 1, "pad", sides, several(stride, 3), gaps, noted("conv3d", groups)
    )
    found = operator(input, weight)
    return found if bias is None else found + ops.reshape(bias, (1, -1, 1, 1, 1))


def _sides(padding: Any, kernel: Any, gaps: Any) -> Any:
    """What is put before and behind each axis; with "same" the odd one lies behind."""
    sides: Any = ()
    for axis in range(len(kernel)):
        if isinstance(padding, str):
            total = gaps[axis] * (kernel[axis] - 1) if padding == "same" else 0
            sides = (*sides, total // 2, total - total // 2)
        else:
            one = several(padding, len(kernel))[axis]
            sides = (*sides, one, one)
    return sides


def conv_transpose2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """``mint.nn.functional.conv_transpose2d`` of (N, C, H, W)."""
    kernel, steps, gaps, rims = weight.shape[2:], several(stride, 2), several(dilation, 2), several(padding, 2)
    more = several(output_padding, 2)
    size: Any = ()
    for axis in range(2):
        reach = gaps[axis] * (kernel[axis] - 1) + 1
        size = (*size, (input.shape[axis + 2] - 1) * steps[axis] - 2 * rims[axis] + reach + more[axis])
    channels = weight.shape[1] * noted("conv_transpose2d", groups)
    operator = ops.Conv2DTranspose(
        weight.shape[0], kernel, "pad", (rims[0], rims[0], rims[1], rims[1]), None, 1, steps, gaps, groups
    )
    found = operator(input, weight, (input.shape[0], channels, *size))
    return found if bias is None else ops.BiasAdd()(found, bias)


def avg_pool1d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """``mint.nn.functional.avg_pool1d`` of (N, C, L): a pool of images that have one row."""
    kernel = (1, *several(kernel_size, 1))
    steps = kernel if stride is None else (1, *several(stride, 1))
    sides = (0, *several(padding, 1))
    return ops.squeeze(avg_pool2d(ops.expand_dims(input, -2), kernel, steps, sides, ceil_mode, count_include_pad), -2)


def avg_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: Any = None,
) -> Any:
    """``mint.nn.functional.avg_pool2d`` of (N, C, H, W)."""
    kernel = several(kernel_size, 2)
    steps = kernel if stride is None else several(stride, 2)
    down, across = several(padding, 2)
    divisor = noted("avg_pool2d", 0 if divisor_override is None else divisor_override)
    return ops.avg_pool2d(input, kernel, steps, (down, down, across, across), ceil_mode, count_include_pad, divisor)


def max_pool2d(
    input: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """``mint.nn.functional.max_pool2d`` of (N, C, H, W)."""
    kernel = several(kernel_size, 2)
    steps = kernel if stride is None else several(stride, 2)
    return ops.max_pool2d(
        input, kernel, steps, several(padding, 2), several(dilation, 2), noted("max_pool2d", return_indices), ceil_mode
    )


def adaptive_avg_pool1d(input: Any, output_size: Any) -> Any:
    """``mint.nn.functional.adaptive_avg_pool1d``."""
    found = adaptive_avg_pool2d(ops.expand_dims(input, -2), (1, *several(output_size, 1)))
    return ops.squeeze(found, -2)


def adaptive_avg_pool2d(input: Any, output_size: Any) -> Any:
    """``mint.nn.functional.adaptive_avg_pool2d``."""
    size = several(noted("adaptive_avg_pool2d", output_size), 2)
    if size == (1, 1):
        return ops.ReduceMean(True)(input, (-2, -1))
    return ops.AdaptiveAvgPool2D(size)(input)


def dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:  # noqa: ARG001
    """``mint.nn.functional.dropout``, which draws a seed even where nothing is dropped: no export can hold that."""
    if not noted("dropout", training) or p == 0:
        return input
    return ops.dropout(input, p, training)


def embedding(
    input: Any,
    weight: Any,
    padding_idx: Any = None,  # noqa: ARG001 (of the gradient only)
    max_norm: Any = None,
    norm_type: float = 2.0,  # noqa: ARG001 (of max_norm)
    scale_grad_by_freq: bool = False,  # noqa: ARG001 (of the gradient only)
) -> Any:
    """``mint.nn.functional.embedding(input, weight)``."""
    if noted("embedding", max_norm) is not None:
        raise ValueError("mint.nn.functional.embedding runs on the CPU without max_norm, which changes the weight")
    return ops.gather(weight, input, 0)
