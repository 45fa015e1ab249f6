"""Fold scales and shifts of channels (a batch norm, a factor, a term) into the weights of the layer before."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import onnx

from hubkit.convert.optimize.graph import OptimizedGraph, attribute

Array: TypeAlias = "np.ndarray[Any, Any]"

_BATCH_NORM = "BatchNormalization"
_CHANNELS = 1  # the axis of channels, in what each of these layers gives
_BIAS = 2  # the input of a layer that holds its bias
_FOLDED = re.compile(r"_folded(_\d+)?$")  # what a folded constant is called after the one that it was made of


def fold_scales(graph: OptimizedGraph) -> int:
    """Layer, then batch norm or arithmetic with a constant a channel -> the layer with other weights.

    The products are taken in float64 and rounded once. Nothing is folded where a result would not be finite.
    """
    return sum(_fold(graph, node) for node in graph.nodes(_BATCH_NORM, *_ARITHMETIC))


def _fold(graph: OptimizedGraph, node: onnx.NodeProto) -> bool:
    found = _affine(graph, node)
    if found is None:
        return False
    name, scale, shift = found
    layer = graph.writer(name)
    if layer is None or layer.op_type not in _LAYERS or not graph.read_once(name):
        return False
    weight, bias = graph.constant(layer.input[1]), _bias(graph, layer, len(scale))
    if weight is None or bias is None or weight.dtype.kind != "f":
        return False
    with np.errstate(all="ignore"):
        scaled = weight if (scale == 1).all() else _LAYERS[layer.op_type](layer, weight, scale)
        shifted = (bias * scale + shift / attribute(layer, "beta", 1.0)).astype(weight.dtype)
    if not (np.isfinite(scaled).all() and np.isfinite(shifted).all()):
        return False
    data, kernel, bias_name = [*layer.input, ""][:3]
    stem = _FOLDED.sub("", kernel)
    bias_name = _FOLDED.sub("", bias_name or f"{stem.removesuffix('.weight')}.bias")
    if scaled is not weight:
        kernel = graph.add_constant(f"{stem}_folded", scaled)
    graph.rewrite(layer, [data, kernel, graph.add_constant(f"{bias_name}_folded", shifted)])
    graph.bypass(node, name)
    return True


def _bias(graph: OptimizedGraph, layer: onnx.NodeProto, channels: int) -> Array | None:
    """The bias of each channel in float64, 0 where there is none; None where it is no constant a channel."""
    if len(layer.input) <= _BIAS or not layer.input[_BIAS]:
        return np.zeros(channels)
    bias = graph.constant(layer.input[_BIAS])
    if bias is None or bias.ndim > 2 or any(size != 1 for size in bias.shape[:-1]):
        return None
    return np.broadcast_to(bias.reshape(-1).astype(np.float64), channels)


def _scaled_conv(_: onnx.NodeProto, weight: Array, scale: Array) -> Array:
    """(channels out, channels in a group, ...)"""
    return _rounded(weight, scale.reshape(-1, *[1] * (weight.ndim - 1)))


def _scaled_transposed(layer: onnx.NodeProto, weight: Array, scale: Array) -> Array:
    """(channels in, channels out a group, ...), the groups one after the other along the first axis."""
    groups = attribute(layer, "group", 1)
    grouped = weight.reshape(groups, -1, *weight.shape[1:])
    return _rounded(grouped, scale.reshape(groups, 1, -1, *[1] * (weight.ndim - 2))).reshape(weight.shape)


def _scaled_gemm(layer: onnx.NodeProto, weight: Array, scale: Array) -> Array:
    """(in, out), or the other way round where it is transposed."""
    return _rounded(weight, scale.reshape(-1, 1) if attribute(layer, "transB", 0) else scale)


def _rounded(weight: Array, scale: Array) -> Array:
    return (weight * scale.astype(np.float64)).astype(weight.dtype)


_LAYERS: dict[str, Callable[[onnx.NodeProto, Array, Array], Array]] = {
    "Conv": _scaled_conv,
    "ConvTranspose": _scaled_transposed,
    "Gemm": _scaled_gemm,
}


def _affine(graph: OptimizedGraph, node: onnx.NodeProto) -> tuple[str, Array, Array] | None:
    """The value that ``node`` scales and shifts, and by how much each channel, in float64; None where it does not."""
    if node.op_type == _BATCH_NORM:
        return _batch_norm(graph, node)
    for index, name in enumerate(node.input):
        constant = graph.constant(name)
        if constant is not None:
            other = node.input[1 - index]
            terms = _a_channel(constant, graph.value(other).shape, graph.value(node.output[0]).shape)
            found = None if terms is None else _ARITHMETIC[node.op_type](terms, index == 0)
            return None if found is None else (other, *found)
    return None


def _batch_norm(graph: OptimizedGraph, node: onnx.NodeProto) -> tuple[str, Array, Array] | None:
    given = [graph.constant(name) for name in node.input[1:]]
    if attribute(node, "training_mode", 0) or len(node.output) > 1 or any(array is None for array in given):
        return None
    gamma, beta, mean, variance = (np.asarray(array, np.float64) for array in given)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = gamma / np.sqrt(variance + attribute(node, "epsilon", 1e-5))
    return node.input[0], scale, beta - mean * scale


def _a_channel(constant: Array, shape: tuple[int, ...], result: tuple[int, ...]) -> Array | None:
    """``constant`` as a vector over the channels of ``shape``, float64; None where it varies along another axis."""
    if constant.dtype.kind != "f" or shape != result or len(shape) <= _CHANNELS or constant.ndim > len(shape):
        return None
    sizes = (1,) * (len(shape) - constant.ndim) + constant.shape
    if any(size != 1 for axis, size in enumerate(sizes) if axis != _CHANNELS):
        return None
    return np.broadcast_to(constant.astype(np.float64).reshape(-1), shape[_CHANNELS])


def _added(terms: Array, _: bool) -> tuple[Array, Array]:
    return np.ones_like(terms), terms


def _subtracted(terms: Array, first: bool) -> tuple[Array, Array]:
    return (-np.ones_like(terms), terms) if first else (np.ones_like(terms), -terms)


def _multiplied(terms: Array, _: bool) -> tuple[Array, Array]:
    return terms, np.zeros_like(terms)


def _divided(terms: Array, first: bool) -> tuple[Array, Array] | None:
    return None if first or not terms.all() else (1 / terms, np.zeros_like(terms))


_ARITHMETIC: dict[str, Callable[[Array, bool], tuple[Array, Array] | None]] = {
    "Add": _added,
    "Sub": _subtracted,
    "Mul": _multiplied,
    "Div": _divided,
}
