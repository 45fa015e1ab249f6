"""Whether an ONNX graph computes in float16."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx

_FLOAT16 = 10  # onnx.TensorProto.FLOAT16

# What these give holds no other values than they were given, but for zeros, signs, and what pads: nothing is rounded.
_EXACT = frozenset(
    {
        "Abs",
        "Clip",
        "Compress",
        "Concat",
        "DepthToSpace",
        "Expand",
        "Flatten",
        "Gather",
        "GatherElements",
        "GatherND",
        "GlobalMaxPool",
        "Identity",
        "Max",
        "MaxPool",
        "Min",
        "Neg",
        "Pad",
        "ReduceMax",
        "ReduceMin",
        "Relu",
        "Reshape",
        "ScatterElements",
        "ScatterND",
        "Slice",
        "SpaceToDepth",
        "Split",
        "Squeeze",
        "Tile",
        "TopK",
        "Transpose",
        "Trilu",
        "Unsqueeze",
        "Where",
    }
)
_MADE = frozenset({"Constant", "ConstantOfShape"})
# What these say of a value is no value of float16 itself.
_TELLING = frozenset(
    {
        "ArgMax",
        "ArgMin",
        "Equal",
        "Greater",
        "GreaterOrEqual",
        "IsInf",
        "IsNaN",
        "Less",
        "LessOrEqual",
        "NonZero",
        "Shape",
        "Size",
    }
)


def computes_in_half(graph: onnx.GraphProto, halves: Iterable[str] = ()) -> bool:
    """Whether an operator of ``graph``, in a branch or a loop too, does arithmetic on values of float16.

    ``halves`` are the weights in float16 that are not in it, but are written into its file.

    Two runtimes round such sums otherwise. Values, weights above all, that are only kept or moved in float16 are
    rounded alike by both.
    """
    return _computes(graph, set(halves))


def _computes(graph: onnx.GraphProto, halves: set[str]) -> bool:
    """As above; ``halves`` are the values of float16 around ``graph``, to which its own are added."""
    halves |= {value.name for value in graph.input if value.type.tensor_type.elem_type == _FLOAT16}
    halves |= {tensor.name for tensor in graph.initializer if tensor.data_type == _FLOAT16}
    for node in graph.node:
        within = [attribute.g for attribute in node.attribute if attribute.HasField("g")]
        if within:
            for part in within:
                if _computes(part, halves):
                    return True
                # A loop's outputs come behind its condition, as many as the node gives. A damaged file may have fewer.
                last = [value.name for value in part.output][-len(node.output) :]
                halves |= {mine for mine, theirs in zip(node.output, last, strict=False) if theirs in halves}
        elif _gives_half(node):
            halves |= set(node.output)
        elif node.op_type != "Cast" and node.op_type not in _TELLING and not halves.isdisjoint(node.input):
            if not _is_exact(node):
                return True
            halves |= set(node.output)
    return False


def _gives_half(node: onnx.NodeProto) -> bool:
    """Whether the values of float16 begin there."""
    if node.op_type == "Cast":
        return any(attribute.name == "to" and attribute.i == _FLOAT16 for attribute in node.attribute)
    return node.op_type in _MADE and any(attribute.t.data_type == _FLOAT16 for attribute in node.attribute)


def _is_exact(node: onnx.NodeProto) -> bool:
    if node.op_type == "Resize":
        return not any(attribute.name == "mode" and attribute.s != b"nearest" for attribute in node.attribute)
    adds = any(attribute.name == "reduction" and attribute.s != b"none" for attribute in node.attribute)
    return node.op_type in _EXACT and not adds
