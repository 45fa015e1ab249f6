"""Where MindSpore itself is known to compute something else than it documents, so that no lowering can agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from hubkit.convert.mindir_graph import Constant, Graph, Node, TensorType

_CUTTING = ("PadV3", "ConstantPadND")


def known_fault(graph: Graph, layer: str, operator: str) -> str:
    """What MindSpore 2.10 on a CPU does wrong in ``layer``; empty where nothing is known."""
    rule = _RULES.get(operator)
    node = next((node for node in graph.nodes if (node.scope, node.op) == (layer, operator)), None)
    return rule(graph, node) if rule and node else ""


def unsteady(graph: Graph) -> str:
    """What to say where MindSpore gives other values for an input when it has run on another one before."""
    layers = [
        f"{node.scope} ({node.op})"
        for node in graph.every_node()
        if node.op in _CUTTING and any(_is_negative(size) for size in _numbers(_constant(graph.constants, node, 1)))
    ]
    told = "run on this input first, MindSpore itself gives what the ONNX file does; after another run it does not"
    if not layers:
        return told
    return (
        f"{told}. MindSpore 2.10 on a CPU is known for that where it pads by negative numbers, as in "
        f"{', '.join(layers)}: cut with a slice instead"
    )


def _numbers(given: Constant) -> tuple[Constant, ...]:
    return given if isinstance(given, tuple) else ()


def _is_negative(size: Constant) -> bool:
    return isinstance(size, int) and size < 0


def _reversal(graph: Graph, node: Node) -> str:
    """A reversal of a whole axis is left out where exactly one other axis is cut."""
    given = [_constant(graph.constants, node, place) for place in (1, 2, 3)]
    numbers = [each for each in given if isinstance(each, tuple)]
    sizes = _sizes(graph, node.inputs[0])
    if sizes is None or len(numbers) != len(given):
        return ""
    masks = [_constant(graph.constants, node, place) for place in (4, 5)]
    turned, cut = 0, 0
    for axis, (first, last, step, size) in enumerate(zip(*numbers, sizes, strict=False)):
        from_start, to_end = (isinstance(mask, int) and bool(mask >> axis & 1) for mask in masks)
        taken = range(size)[slice(None if from_start else first, None if to_end else last, step)]
        turned += step == -1 and len(taken) == size
        cut += len(taken) < size
    if not turned or cut != 1:
        return ""
    return "it leaves out the reversal of an axis where one other axis is cut: write x.flip((axis,)) before the cut"


def _inverse_error(_graph: Graph, _node: Node) -> str:
    return "its erfinv is inexact beyond 0.98: by 2 % at 0.999"


def _part_of_axes(graph: Graph, node: Node) -> str:
    """A norm over some of the axes."""
    given, sizes = node.attributes.get("axis", ()), _sizes(graph, node.inputs[0])
    axes = {given} if isinstance(given, int) else {axis for axis in _numbers(given) if isinstance(axis, int)}
    if sizes is None or not axes or len({axis % len(sizes) for axis in axes}) == len(sizes):
        return ""
    return "its ClipByNorm over some of the axes takes other norms: write x * clip / ops.maximum(norm, clip)"


def _masked_rows(graph: Graph, _node: Node) -> str:
    """-inf among the network's own numbers."""
    masks = (constant for constant in graph.constants.values() if isinstance(constant, float | np.ndarray))
    if not any(np.isneginf(mask).any() for mask in masks if np.asarray(mask).dtype.kind == "f"):
        return ""
    return (
        "of rows that are masked whole with -inf its softmax gives 0, and often of the rows behind them: mask with a"
        " large negative number, such as -1e9"
    )


_RULES: dict[str, Callable[[Graph, Node], str]] = {
    "StridedSlice": _reversal,
    "Erfinv": _inverse_error,
    "ClipByNorm": _part_of_axes,
    "Softmax": _masked_rows,
}


def _constant(constants: Mapping[str, Constant], node: Node, place: int) -> Constant:
    return constants.get(node.inputs[place]) if place < len(node.inputs) else None


def _sizes(graph: Graph, name: str) -> tuple[int, ...] | None:
    """The shape of the value ``name``."""
    for given in graph.inputs:
        if given.name == name:
            return given.type.shape
    type_ = next((node.output_type for node in graph.nodes if name in node.outputs), None)
    return type_.shape if isinstance(type_, TensorType) else None
