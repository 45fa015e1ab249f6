"""Attention as one operator, and the rotation of positions that goes before it: written out."""

from __future__ import annotations

import numpy as np

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.reshaping import reshape

_LAYOUTS = ("BSH", "BNSD", "SBH", "BSND")
# Layout -> the places of batch, heads, positions and features, once heads are apart.
_ORDER = {"BSH": (0, 2, 1, 3), "BSND": (0, 2, 1, 3), "SBH": (1, 2, 0, 3), "BNSD": (0, 1, 2, 3)}
_EVERYTHING = 2**31 - 1
# Arguments of FlashAttentionScore that must be left out -> their places.
_REFUSED = {"drop_mask": 4, "padding_mask": 5, "prefix": 7, "actual_seq_qlen": 8, "actual_seq_kvlen": 9}


@lowering("FlashAttentionScore")
def flash_attention(g: Builder, call: Call) -> Argument:
    """FlashAttentionScore(query, key, value, real_shift, drop_mask, padding_mask, attn_mask, prefix, actual_seq_qlen,
    actual_seq_kvlen, head_num, keep_prob, scale_value, pre_tokens, next_tokens, inner_precise, input_layout,
    sparse_mode) -> MatMul, Mul, Add, Where, Softmax, MatMul.

    Layouts: BSH, BNSD, SBH, BSND. Masks are whole (sparse_mode 0 and 1) or of what comes later (2 and 3). Dropout,
    prefixes, lengths and bands of tokens are refused. Only the attention itself is given.
    """
    for name, place in _REFUSED.items():
        if call.constant(name, place, None) is not None:
            raise CannotLowerError(f"its {name} is set")
    heads, keep, scale = (
        call.constant(name, place) for place, name in ((10, "head_num"), (11, "keep_prob"), (12, "scale_value"))
    )
    layout, mode = call.constant("input_layout", 16), call.constant("sparse_mode", 17)
    layout = layout if isinstance(layout, str) else dict(enumerate(_LAYOUTS)).get(layout, str(layout))
    if layout not in _ORDER or mode not in range(4) or keep != 1:
        raise CannotLowerError(f"its layout is {layout}, its sparse mode {mode}, its keep_prob {keep}")
    query = _apart(g, call.tensor(g, 0), layout, heads)
    features = query.shape[-1]
    key, value = (
        _apart(g, call.tensor(g, place), layout, call.tensor(g, place).shape[-1] // features) for place in (1, 2)
    )
    key, value = (_shared(g, each, query.shape[1]) for each in (key, value))
    scores = g.node("MatMul", query, g.node("Transpose", key, perm=[0, 1, 3, 2]))
    scores = g.node("Mul", scores, g.constant(scale, query.dtype))
    if (shift := call.optional_tensor(g, 3)) is not None:
        scores = g.node("Add", scores, shift)
    mask = _mask(g, call, mode, whole(query, 2), whole(key, 2))
    if mask is not None:
        scores = g.node("Where", mask, g.constant(np.finfo(scores.dtype.name).min, scores.dtype), scores)
    found = g.node("MatMul", g.node("Softmax", scores, axis=-1), value)
    order = _ORDER[layout]
    moved = g.node("Transpose", found, perm=[order.index(place) for place in range(4)])
    return None, None, None, reshape(g, moved, call.tensor(g, 0).shape)


@lowering("RotaryPositionEmbedding")
def rotary(g: Builder, call: Call) -> Value:
    """RotaryPositionEmbedding(x, cos, sin, mode=0): x cos + (x turned by a quarter) sin -> Split or Reshape, Neg,
    Concat, Mul, Add. Mode 0 turns halves, mode 1 pairs of neighbours.
    """
    x, cos, sin = (call.tensor(g, place) for place in range(3))
    mode, last = call.constant("mode", 3, 0), axis_of(-1, x.rank)
    half = whole(x, last) // 2
    if mode == 0:
        first, second = g.nodes_of("Split", (x, g.ints(half, half)), 2, {"axis": last})
        turned = g.node("Concat", g.node("Neg", second), first, axis=last)
    elif mode == 1:
        pairs = reshape(g, x, [*x.shape[:-1], half, 2])
        first, second = g.nodes_of("Split", (pairs, g.ints(1, 1)), 2, {"axis": x.rank})
        turned = reshape(g, g.node("Concat", g.node("Neg", second), first, axis=x.rank), x.shape)
    else:
        raise CannotLowerError(f"its mode is {mode!r}")
    return g.node("Add", g.node("Mul", x, cos), g.node("Mul", turned, sin))


def _apart(g: Builder, x: Value, layout: str, heads: int) -> Value:
    """``x`` as (batch, heads, positions, features)."""
    if layout in ("BSH", "SBH"):
        x = reshape(g, x, [*x.shape[:2], heads, x.shape[2] // heads])
    order = _ORDER[layout]
    return x if order == (0, 1, 2, 3) else g.node("Transpose", x, perm=list(order))


def _shared(g: Builder, x: Value, heads: int) -> Value:
    """``x`` with each of its heads as often as it takes to be ``heads``."""
    batch, own, positions, features = x.shape
    if own == heads:
        return x
    wide = g.node("Expand", g.node("Unsqueeze", x, g.ints(2)), g.ints(1, 1, heads // own, 1, 1))
    return reshape(g, wide, [batch, heads, positions, features])


def _mask(g: Builder, call: Call, mode: int, rows: int, columns: int) -> Value | None:
    """Where attention is not paid: a boolean tensor; None for everywhere it is."""
    if mode in (2, 3):
        shift = columns - rows if mode == 3 else 0
        return g.constant(np.triu(np.ones((rows, columns), np.bool_), shift + 1), "bool")
    bounds = [call.constant(name, place) for place, name in ((13, "pre_tokens"), (14, "next_tokens"))]
    if mode == 0 and (bounds[0] < rows or bounds[1] < columns) and min(bounds) < _EVERYTHING:
        raise CannotLowerError(f"it looks back {bounds[0]} tokens and ahead {bounds[1]}")
    mask = call.optional_tensor(g, 6)
    return None if mask is None else cast_to(g, mask, g.constant(True, "bool").dtype)
