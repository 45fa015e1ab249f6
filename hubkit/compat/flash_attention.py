"""``ops.flash_attention_score`` and its operator, which MindSpore has for Ascend only.

Source: the docstring of ``mindspore.ops.flash_attention_score`` in MindSpore 2.10. It is computed in float32, as Ascend
computes the softmax.
"""

from __future__ import annotations

from typing import Any

import mindspore
from mindspore import dtype, ops

from hubkit.compat.use import mark

_ALL = 2147483647
_OUT = -3.4028235e38  # what a place that is masked has before the softmax


@ops.constexpr  # type: ignore[untyped-decorator]
def _noted(head_num: int, input_layout: Any, sparse_mode: int, refused: bool) -> int:
    """``head_num``; the use is told when it is compiled, and what is not computed here is refused."""
    mark("mindspore.ops.flash_attention_score(on the CPU)")
    if refused or input_layout not in ("BSH", "BNSD", "SBH", "BSND") or sparse_mode not in (0, 1, 2, 3):
        raise ValueError(
            "flash_attention_score runs on the CPU with the layouts BSH, BNSD, SBH and BSND, sparse modes of 0 to 3, "
            "and without drop_mask, padding_mask and prefix"
        )
    return head_num


def flash_attention_score(
    query: Any,
    key: Any,
    value: Any,
    head_num: int,
    real_shift: Any = None,
    drop_mask: Any = None,
    padding_mask: Any = None,
    attn_mask: Any = None,
    prefix: Any = None,
    actual_seq_qlen: Any = None,  # noqa: ARG001 (of a layout that is refused)
    actual_seq_kvlen: Any = None,  # noqa: ARG001
    keep_prob: float = 1.0,  # noqa: ARG001 (drop_mask says what is dropped)
    scalar_value: float = 1.0,
    pre_tokens: int = _ALL,
    next_tokens: int = _ALL,
    inner_precise: int = 0,  # noqa: ARG001 (reserved)
    input_layout: str = "BSH",
    sparse_mode: int = 0,
) -> Any:
    """Softmax(mask(``scalar_value`` * query key^T + ``real_shift``)) value, in the layout of ``query``."""
    refused = drop_mask is not None or padding_mask is not None or prefix is not None
    heads = _noted(head_num, input_layout, sparse_mode, refused)
    width = query.shape[-1] if input_layout in ("BNSD", "BSND") else query.shape[-1] // heads
    q, k, v = (_in_heads(item, width, input_layout) for item in (query, key, value))
    if k.shape[1] != heads:
        k, v = _repeated(k, heads), _repeated(v, heads)
    scores = ops.matmul(q, ops.swapaxes(k, -1, -2)) * scalar_value
    if real_shift is not None:
        scores = scores + ops.cast(real_shift, dtype.float32)
    rows, columns = q.shape[2], k.shape[2]
    if sparse_mode in (2, 3):
        first = columns - rows if sparse_mode == 3 else 0
        scores = ops.masked_fill(scores, _apart(rows, columns) > first, _OUT)
    elif attn_mask is not None:
        scores = ops.masked_fill(scores, ops.cast(attn_mask, dtype.bool_), _OUT)
        if sparse_mode == 0 and (pre_tokens < rows or next_tokens < columns):
            apart = _apart(rows, columns)
            scores = ops.masked_fill(scores, ops.logical_or(apart > next_tokens, -apart > pre_tokens), _OUT)
    found = ops.matmul(ops.softmax(scores, -1), v)
    return ops.cast(_as_layout(found, input_layout), query.dtype)


def _in_heads(x: Any, width: int, layout: str) -> Any:
    """``x`` as (batch, heads, length, width), in float32."""
    x = ops.cast(x, dtype.float32)
    if layout == "BNSD":
        return x
    if layout == "SBH":
        x = ops.swapaxes(x, 0, 1)
    if layout != "BSND":
        x = ops.reshape(x, (x.shape[0], x.shape[1], -1, width))
    return ops.swapaxes(x, 1, 2)


def _as_layout(x: Any, layout: str) -> Any:
    if layout == "BNSD":
        return x
    x = ops.swapaxes(x, 1, 2)
    if layout != "BSND":
        x = ops.reshape(x, (x.shape[0], x.shape[1], -1))
    return ops.swapaxes(x, 0, 1) if layout == "SBH" else x


def _repeated(x: Any, heads: int) -> Any:
    """Each head of ``x`` as often as there are heads of the query to it."""
    batch, own, length, width = x.shape
    wide = ops.broadcast_to(ops.expand_dims(x, 2), (batch, own, heads // own, length, width))
    return ops.reshape(wide, (batch, heads, length, width))


def _apart(rows: int, columns: int) -> Any:
    """How far behind the row's place each column's lies, (rows, columns)."""
    return ops.reshape(ops.arange(columns), (1, -1)) - ops.reshape(ops.arange(rows), (-1, 1))


@mindspore.jit_class
class FlashAttentionScore:
    """``ops.operations.nn_ops.FlashAttentionScore``: of its four outputs, the last one alone is computed."""

    def __init__(
        self,
        head_num: int,
        keep_prob: float = 1.0,
        scale_value: float = 1.0,
        pre_tokens: int = _ALL,
        next_tokens: int = _ALL,
        inner_precise: int = 0,
        input_layout: str = "BSH",
        sparse_mode: int = 0,
    ) -> None:
        self.head_num, self.keep_prob, self.scale_value = head_num, keep_prob, scale_value
        self.pre_tokens, self.next_tokens, self.inner_precise = pre_tokens, next_tokens, inner_precise
        self.input_layout, self.sparse_mode = input_layout, sparse_mode

    def __call__(
        self,
        query: Any,
        key: Any,
        value: Any,
        real_shift: Any = None,
        drop_mask: Any = None,
        padding_mask: Any = None,
        attn_mask: Any = None,
        prefix: Any = None,
        actual_seq_qlen: Any = None,
        actual_seq_kvlen: Any = None,
    ) -> Any:
        """None for the maxima, the sums and what is reserved, and `flash_attention_score`."""
        found = flash_attention_score(
            query,
            key,
            value,
            self.head_num,
            real_shift,
            drop_mask,
            padding_mask,
            attn_mask,
            prefix,
            actual_seq_qlen,
            actual_seq_kvlen,
            self.keep_prob,
            self.scale_value,
            self.pre_tokens,
            self.next_tokens,
            self.inner_precise,
            self.input_layout,
            self.sparse_mode,
        )
        return (None, None, None, found)
