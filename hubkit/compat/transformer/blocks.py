"""Attention, the feed-forward layer, and the layers of encoders and decoders of `hubkit.compat.transformer`."""

from __future__ import annotations

import math
from typing import Any

from mindspore import Tensor, nn, ops
from mindspore import dtype as mstype

from hubkit.compat.transformer.config import default_dpmp_config, default_moe_config
from hubkit.compat.transformer.layers import OnOneDevice, _LayerNorm, _Linear, refuse_experts

_FORBIDDEN = -10000.0


class FeedForward(OnOneDevice):
    """``FeedForward``: two dense layers in float16, an activation between them; what comes out is float16."""

    def __init__(
        self,
        hidden_size: int,
        ffn_hidden_size: int,
        dropout_rate: float,
        hidden_act: Any = "gelu",
        expert_num: int = 1,
        expert_group_size: int | None = None,
        param_init_type: Any = mstype.float32,
        parallel_config: Any = default_dpmp_config,
    ) -> None:
        del expert_group_size, parallel_config
        super().__init__()
        refuse_experts(expert_num)
        kind = {"transpose_b": False, "param_init_type": param_init_type}
        self.mapping = _Linear(hidden_size, ffn_hidden_size, activation=hidden_act, **kind)
        self.projection = _Linear(ffn_hidden_size, hidden_size, **kind)
        self.dropout = nn.Dropout(p=dropout_rate)

    def construct(self, x: Any) -> Any:
        """``x`` (..., size) -> the same shape."""
        return self.dropout(self.projection(self.mapping(ops.cast(x, mstype.float16))))


class MultiHeadAttention(OnOneDevice):
    """``MultiHeadAttention``: the result, and the keys and values that it was computed from."""

    def __init__(
        self,
        batch_size: int,
        src_seq_length: int,
        tgt_seq_length: int,
        hidden_size: int,
        num_heads: int,
        hidden_dropout_rate: float = 0.1,
        attention_dropout_rate: float = 0.1,
        compute_dtype: Any = mstype.float16,
        softmax_compute_type: Any = mstype.float32,
        param_init_type: Any = mstype.float32,
        use_past: bool = False,
        parallel_config: Any = default_dpmp_config,
    ) -> None:
        del parallel_config
        super().__init__()
        _refuse_past(use_past)
        self.batch_size, self.src_seq_length, self.tgt_seq_length = batch_size, src_seq_length, tgt_seq_length
        self.hidden_size, self.n_head, self.size_per_head = hidden_size, num_heads, hidden_size // num_heads
        self.dtype, self.softmax_dtype = compute_dtype, softmax_compute_type
        kind = {"compute_dtype": compute_dtype, "param_init_type": param_init_type}
        self.projection = _Linear(hidden_size, hidden_size, transpose_b=False, **kind)
        self.dense1 = _Linear(hidden_size, hidden_size, **kind)
        self.dense2 = _Linear(hidden_size, hidden_size, **kind)
        self.dense3 = _Linear(hidden_size, hidden_size, **kind)
        self.dropout = nn.Dropout(p=hidden_dropout_rate)
        self.prob_dropout = nn.Dropout(p=attention_dropout_rate)
        self.softmax = nn.Softmax().to_float(softmax_compute_type)
        self.batch_matmul = ops.BatchMatMul()
        self.scale = math.sqrt(math.sqrt(self.size_per_head))

    def construct(
        self,
        query_tensor: Any,
        key_tensor: Any,
        value_tensor: Any,
        attention_mask: Any,
        key_past: Any = None,
        value_past: Any = None,
        batch_valid_length: Any = None,
    ) -> Any:
        """Tensors (N, L, size) or (N * L, size), the mask (N, L, L) -> what is found, and what is kept."""
        batch = attention_mask.shape[0]
        query = self._heads(self.dense1, query_tensor, batch)
        key = ops.transpose(self._heads(self.dense2, key_tensor, batch), (0, 1, 3, 2))
        value = self._heads(self.dense3, value_tensor, batch)
        scale = ops.cast(Tensor(self.scale, mstype.float32), self.dtype)
        scores = ops.cast(self.batch_matmul(query / scale, key / scale), self.softmax_dtype)
        mask = ops.cast(attention_mask, self.softmax_dtype)
        if mask.ndim == 3:
            mask = ops.expand_dims(mask, 1)
        scores = scores + (1.0 - mask) * _FORBIDDEN
        shares = self.prob_dropout(ops.cast(self.softmax(scores), self.dtype))
        heads = ops.transpose(self.batch_matmul(shares, value), (0, 2, 1, 3))
        output = self.dropout(self.projection(ops.reshape(heads, (-1, self.n_head * self.size_per_head))))
        return ops.cast(ops.reshape(output, query_tensor.shape), query_tensor.dtype), (key, value)

    def _heads(self, dense: Any, x: Any, batch: int) -> Any:
        """``x``, mapped by ``dense``, as (N, heads, L, size of a head)."""
        rows = dense(ops.cast(ops.reshape(x, (-1, x.shape[-1])), self.dtype))
        return ops.transpose(ops.reshape(rows, (batch, -1, self.n_head, self.size_per_head)), (0, 2, 1, 3))


class TransformerEncoderLayer(OnOneDevice):
    """``TransformerEncoderLayer``: attention, then a feed-forward layer, each after a norm."""

    def __init__(
        self,
        batch_size: int,
        hidden_size: int,
        ffn_hidden_size: int,
        num_heads: int,
        seq_length: int,
        attention_dropout_rate: float = 0.1,
        hidden_dropout_rate: float = 0.1,
        post_layernorm_residual: bool = False,
        layernorm_compute_type: Any = mstype.float32,
        softmax_compute_type: Any = mstype.float32,
        param_init_type: Any = mstype.float32,
        hidden_act: Any = "gelu",
        use_past: bool = False,
        moe_config: Any = default_moe_config,
        parallel_config: Any = default_dpmp_config,
    ) -> None:
        del parallel_config
        super().__init__()
        refuse_experts(moe_config.expert_num)
        self.batch_size, self.seq_length, self.hidden_size = batch_size, seq_length, hidden_size
        self.layernorm1 = _LayerNorm((hidden_size,)).to_float(layernorm_compute_type)
        self.layernorm2 = _LayerNorm((hidden_size,)).to_float(layernorm_compute_type)
        attention = {
            "hidden_size": hidden_size,
            "num_heads": num_heads,
            "hidden_dropout_rate": hidden_dropout_rate,
            "attention_dropout_rate": attention_dropout_rate,
            "softmax_compute_type": softmax_compute_type,
            "param_init_type": param_init_type,
            "use_past": use_past,
        }
        self.attention = MultiHeadAttention(batch_size, seq_length, seq_length, **attention)
        self.output = FeedForward(
            hidden_size, ffn_hidden_size, hidden_dropout_rate, hidden_act, param_init_type=param_init_type
        )
        self._attention_arguments = attention
        self.post_layernorm_residual = post_layernorm_residual
        self.use_past = use_past
        self.key_past = None
        self.value_past = None
        self.dtype = mstype.float16
        self.add = ops.Add()

    def construct(self, x: Any, input_mask: Any, init_reset: Any = True, batch_valid_length: Any = None) -> Any:
        """``x`` (N, L, size) or (N * L, size), the mask (N, L, L) -> the shape of ``x``, and keys and values."""
        rows = ops.reshape(x, (-1, x.shape[-1]))
        rows, present = self._attend(rows, self.layernorm1, self.attention, input_mask)
        return ops.reshape(self._feed(rows), x.shape), present

    def _attend(self, rows: Any, norm: Any, attention: Any, mask: Any, memory: Any = None) -> Any:
        """``rows`` and what they find in ``memory``, or among themselves."""
        given = ops.cast(norm(rows), self.dtype)
        source = given if memory is None else ops.cast(memory, self.dtype)
        found, present = attention(given, source, source, mask)
        return self.add(given if self.post_layernorm_residual else rows, found), present

    def _feed(self, rows: Any) -> Any:
        given = ops.cast(self.layernorm2(rows), self.dtype)
        return self.add(given if self.post_layernorm_residual else rows, self.output(given))


class TransformerDecoderLayer(TransformerEncoderLayer):
    """``TransformerDecoderLayer``: with attention to what an encoder has made, where it is given that."""

    def __init__(
        self,
        hidden_size: int,
        ffn_hidden_size: int,
        num_heads: int,
        batch_size: int,
        src_seq_length: int,
        tgt_seq_length: int,
        attention_dropout_rate: float = 0.1,
        hidden_dropout_rate: float = 0.1,
        post_layernorm_residual: bool = False,
        use_past: bool = False,
        layernorm_compute_type: Any = mstype.float32,
        softmax_compute_type: Any = mstype.float32,
        param_init_type: Any = mstype.float32,
        hidden_act: Any = "gelu",
        moe_config: Any = default_moe_config,
        parallel_config: Any = default_dpmp_config,
    ) -> None:
        super().__init__(
            batch_size,
            hidden_size,
            ffn_hidden_size,
            num_heads,
            tgt_seq_length,
            attention_dropout_rate,
            hidden_dropout_rate,
            post_layernorm_residual,
            layernorm_compute_type,
            softmax_compute_type,
            param_init_type,
            hidden_act,
            use_past,
            moe_config,
            parallel_config,
        )
        self.src_seq_length, self.tgt_seq_length = src_seq_length, tgt_seq_length
        self.cross_attention = MultiHeadAttention(
            batch_size, tgt_seq_length, src_seq_length, **self._attention_arguments
        )
        self.cross_attention_layernorm = _LayerNorm((hidden_size,)).to_float(layernorm_compute_type)

    def construct(  # type: ignore[override]
        self,
        hidden_stats: Any,
        decoder_mask: Any,
        encoder_output: Any = None,
        memory_mask: Any = None,
        init_reset: Any = True,
        batch_valid_length: Any = None,
    ) -> Any:
        """States (N, L, size), masks (N, L, L) and (N, L, M), the encoder's (N, M, size) -> as the encoder's layer."""
        rows = ops.reshape(hidden_stats, (-1, hidden_stats.shape[-1]))
        rows, present = self._attend(rows, self.layernorm1, self.attention, decoder_mask)
        if encoder_output is not None:
            norm, attention = self.cross_attention_layernorm, self.cross_attention
            rows, more = self._attend(rows, norm, attention, memory_mask, encoder_output)
            present = present + more
        return ops.reshape(self._feed(rows), hidden_stats.shape), present


def _refuse_past(use_past: bool) -> None:
    if use_past:
        raise ValueError(
            "mindspore.nn.transformer with use_past, which keeps keys and values from call to call, is not mapped to "
            "MindSpore 2\n"
            "  Write use_past: false into arguments of the card's block network, if the entry file hands it on: "
            "then the network computes a whole sequence at once."
        )
