"""Padding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.rearrange import cut
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.slicing import vector

MODES = {"constant": "constant", "reflect": "reflect", "edge": "edge", "replicate": "edge", "circular": "wrap"}
"""MindIR's modes -> ONNX's, which are NumPy's too."""
_TO_THE_END = 2**31 - 1


@lowering("Pad")
def pad(g: Builder, call: Call) -> Value:
    """Pad(x; paddings) -> Pad with zeros; a (before, after) pair an axis."""
    return _padded(g, call.tensor(g, 0), call.constant("paddings"), "constant", 0)


@lowering("PadV3")
def pad_v3(g: Builder, call: Call) -> Value:
    """PadV3(x, paddings, constant_value=0; mode, paddings_contiguous=True) -> Pad.

    Pairs come for the last axis first. Modes: constant, reflect, edge (replicate), circular (Slice, Concat). With
    constant, how much may be computed.
    """
    x, given = call.tensor(g, 0), call.constant("mode", default="constant")
    if given not in MODES or not call.constant("paddings_contiguous", default=True):
        raise CannotLowerError(f"its mode is {given!r}, or its paddings are not in pairs")
    number, sizes = call.constant("constant_value", 2, None) or 0, call.arguments[1]
    if given == "constant" and isinstance(sizes, tuple) and any(isinstance(size, Value) for size in sizes):
        pairs = pairs_of(x, sizes)
        amounts = vector(g, (*(before for before, _ in pairs), *(after for _, after in pairs)))
        return g.node("Pad", x, amounts, g.constant(number, x.dtype))
    return _padded(g, x, pairs_of(x, call.ints("paddings", 1)), MODES[given], number)


@lowering("ConstantPadND")
def constant_pad(g: Builder, call: Call) -> Value:
    """ConstantPadND(x, padding, value=0): pairs for the last axis first -> Pad; Slice where they are negative."""
    x = call.tensor(g, 0)
    return _padded(g, x, pairs_of(x, call.ints("padding", 1)), "constant", call.constant("value", 2, 0))


@lowering(
    "ReflectionPad1D", "ReflectionPad2D", "ReflectionPad3D", "ReplicationPad1D", "ReplicationPad2D", "ReplicationPad3D"
)
def edge_pad(g: Builder, call: Call) -> Value:
    """ReflectionPad1D(x, padding), ReflectionPad2D, ReflectionPad3D, ReplicationPad1D, ReplicationPad2D,
    ReplicationPad3D -> Pad with mode reflect or edge. Pairs come for the last axis first.
    """
    x = call.tensor(g, 0)
    mode = "reflect" if call.node.op.startswith("Reflection") else "edge"
    return _padded(g, x, pairs_of(x, call.ints("padding", 1)), mode, 0)


@lowering("MirrorPad")
def mirror_pad(g: Builder, call: Call) -> Value:
    """MirrorPad(x, paddings; mode): a (before, after) pair an axis -> Pad with mode reflect, or Slice, Concat."""
    x, pairs = call.tensor(g, 0), call.constant("paddings", 1)
    if call.constant("mode") == "REFLECT":
        return _padded(g, x, pairs, "reflect", 0)
    for axis, (before, after) in enumerate(pairs):
        if before or after:
            size = whole(x, axis)
            first = [cut(g, x, axis, before - 1, -size - 1, -1)] if before else []
            last = [cut(g, x, axis, size - 1, size - 1 - after - (0 if after < size else size), -1)] if after else []
            x = g.node("Concat", *first, x, *last, axis=axis)
    return x


def fitted(g: Builder, x: Value, axis: int, size: int) -> Value:
    """``x``, cut or filled up with zeros to ``size`` elements along ``axis``."""
    missing = size - whole(x, axis)
    pairs = [(0, missing if place == axis else 0) for place in range(x.rank)]
    return _padded(g, x, pairs, "constant", 0) if missing else x


def pairs_of(x: Value, flat: Sequence[Any]) -> list[tuple[Any, Any]]:
    """(before, after) of each axis, from pairs that come for the last axis first."""
    count = len(flat) // 2
    if len(flat) % 2 or count > x.rank:
        raise CannotLowerError(f"its paddings {tuple(flat)} are not a pair an axis")
    given = [(flat[2 * place], flat[2 * place + 1]) for place in reversed(range(count))]
    return [(0, 0)] * (x.rank - count) + given


def _padded(g: Builder, x: Value, pairs: Sequence[Sequence[int]], mode: str, value: float) -> Value:
    for axis, (before, after) in enumerate(pairs):
        if before < 0 or after < 0:
            x = cut(g, x, axis, max(-before, 0), min(after, 0) or _TO_THE_END)
    kept = [(max(before, 0), max(after, 0)) for before, after in pairs]
    if mode == "wrap":
        for axis, (before, after) in enumerate(kept):
            if before or after:
                first = [cut(g, x, axis, -before, _TO_THE_END)] if before else []
                last = [cut(g, x, axis, 0, after)] if after else []
                x = g.node("Concat", *first, x, *last, axis=axis)
        return x
    sizes = g.ints(*(before for before, _ in kept), *(after for _, after in kept))
    if mode != "constant":
        return g.node("Pad", x, sizes, mode=mode)
    return g.node("Pad", x, sizes, g.constant(value, x.dtype))
