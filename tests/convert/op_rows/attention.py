"""Attention as one operator: MindSpore has no CPU kernel for it, so that it is written out beside."""

from __future__ import annotations

from tests.convert.op_case import Case, call, f

_BSH = f(1, 5, 8)
_BNSD = f(2, 2, 5, 4)


def _flash(arguments: str, instead: str, *inputs: object) -> Case:
    text = "ops.flash_attention_score(x, y, z, 2" + (arguments and f", {arguments}") + ")"
    return call("FlashAttentionScore", text, *inputs, instead=instead)  # type: ignore[arg-type]


def _plain(scores: str) -> str:
    """Two heads written out, of (batch, heads, positions, features)."""
    return f"ops.matmul(ops.softmax({scores}, -1), z)"


_PRODUCT = "ops.matmul(x, y.swapaxes(2, 3)) * 0.5"
_CAUSAL = "ops.triu(ops.full((5, 5), -1e9), 1)"
_HEADS = "{}.reshape({}.shape[0], 5, 2, 4).swapaxes(1, 2)"
_ROTATED = "x * y + ops.concat((-x[..., 3:], x[..., :3]), -1) * z"
_PAIRS = "x * y + ops.stack((-x[..., 1::2], x[..., ::2]), -1).reshape(x.shape) * z"
_ANGLES = {"batched": False, "reason": "the angles are those of one sequence"}
ROWS = [
    _flash("input_layout='BNSD', scalar_value=0.5", _plain(_PRODUCT), _BNSD, _BNSD, _BNSD),
    _flash("input_layout='BNSD', scalar_value=0.5, sparse_mode=2, attn_mask=ops.ones((2048, 2048), ms.uint8)",
           _plain(f"{_PRODUCT} + {_CAUSAL}"), _BNSD, _BNSD, _BNSD),
    _flash("input_layout='BNSD', scalar_value=0.5, attn_mask=ops.triu(ops.ones((5, 5)), 1).astype(ms.uint8)",
           _plain(f"{_PRODUCT} + {_CAUSAL}"), _BNSD, _BNSD, _BNSD),
    _flash("input_layout='BSH', scalar_value=0.5",
           "ops.matmul(ops.softmax(ops.matmul({}, {}.swapaxes(2, 3)) * 0.5, -1), {}).swapaxes(1, 2).reshape(x.shape)"
           .format(*(_HEADS.format(name, name) for name in "xyz")), _BSH, _BSH, _BSH),
    _flash("input_layout='BSND', scalar_value=0.5",
           "ops.matmul(ops.softmax(ops.matmul(x.swapaxes(1, 2), y.swapaxes(1, 2).swapaxes(2, 3)) * 0.5, -1), "
           "z.swapaxes(1, 2)).swapaxes(1, 2)", f(2, 5, 2, 4), f(2, 5, 2, 4), f(2, 5, 2, 4)),
    _flash("input_layout='BNSD', scalar_value=0.5", _plain(_PRODUCT), f(2, 2, 5, 4), f(2, 1, 5, 4), f(2, 1, 5, 4)),
    call("RotaryPositionEmbedding", "ops.rotary_position_embedding(x, y, z)", f(1, 2, 5, 6), f(1, 1, 5, 6),
         f(1, 1, 5, 6), instead=_ROTATED, **_ANGLES),
    call("RotaryPositionEmbedding", "ops.rotary_position_embedding(x, y, z, 1)", f(1, 2, 5, 6), f(1, 1, 5, 6),
         f(1, 1, 5, 6), instead=_PAIRS, **_ANGLES),
]  # fmt: skip
