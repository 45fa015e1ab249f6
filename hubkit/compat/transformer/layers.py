"""The parts of `hubkit.compat.transformer`: a dense layer, a norm, dropout, a loss, masks and tables.

Weights have the names, shapes and element types that checkpoints of it hold, and each product is computed in the type
that it was computed in: float16 unless told otherwise. Source: the API documents of MindSpore 1.6 to 1.10.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from mindspore import Parameter, Tensor, nn, ops
from mindspore import dtype as mstype
from mindspore.common.initializer import initializer
from mindspore.nn.layer.activation import get_activation

from hubkit.compat.transformer.config import default_dpmp_config, default_embedding_parallel_config


class OnOneDevice(nn.Cell):  # type: ignore[misc]
    """A layer whose ``shard`` splits nothing."""

    def shard(self, *_: Any, **__: Any) -> Any:
        """The layer as it is."""
        return self


class _Linear(OnOneDevice):
    """A dense layer that computes in ``compute_dtype``; the result has the type of what it is given.

    Its weight has the shape (out, in), or without ``transpose_b`` (in, out).
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        weight_init: Any = "normal",
        bias_init: Any = "zeros",
        has_bias: bool = True,
        activation: Any = None,
        transpose_b: bool = True,
        expert_num: int = 1,
        outer_batch: int = 1,
        expert_group_size: int | None = None,
        param_init_type: Any = mstype.float32,
        compute_dtype: Any = mstype.float16,
    ) -> None:
        del outer_batch, expert_group_size
        super().__init__()
        refuse_experts(expert_num)
        shape = [out_channels, in_channels] if transpose_b else [in_channels, out_channels]
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.weight = Parameter(initializer(weight_init, shape, param_init_type), name="weight")
        self.has_bias = has_bias
        self.bias = None
        if has_bias:
            self.bias = Parameter(initializer(bias_init, [out_channels], param_init_type), name="bias")
        self.matmul = ops.MatMul(transpose_b=transpose_b)
        self.activation = get_activation(activation) if isinstance(activation, str) else activation
        self.activation_flag = self.activation is not None
        self.dtype = compute_dtype

    def construct(self, x: Any) -> Any:
        """``x`` (..., in) -> (..., out)."""
        rows = ops.cast(ops.reshape(x, (-1, self.in_channels)), self.dtype)
        rows = self.matmul(rows, ops.cast(self.weight, self.dtype))
        if self.has_bias:
            rows = rows + ops.cast(self.bias, self.dtype)
        if self.activation_flag:
            rows = self.activation(rows)
        return ops.reshape(ops.cast(rows, x.dtype), (*x.shape[:-1], self.out_channels))


class _LayerNorm(OnOneDevice):
    """A layer norm over the last axis, with the parameters ``gamma`` and ``beta``."""

    def __init__(
        self,
        normalized_shape: Any,
        eps: float = 1e-5,
        param_init_type: Any = mstype.float32,
        is_self_defined: bool = False,
    ) -> None:
        del is_self_defined  # the same, written out in smaller operators
        super().__init__()
        self.gamma = Parameter(initializer("ones", normalized_shape, param_init_type), name="gamma")
        self.beta = Parameter(initializer("zeros", normalized_shape, param_init_type), name="beta")
        self.layer_norm = ops.LayerNorm(begin_norm_axis=-1, begin_params_axis=-1, epsilon=eps)

    def construct(self, x: Any) -> Any:
        """``x`` of any shape, normalised."""
        return self.layer_norm(x, self.gamma, self.beta)[0]


class _Dropout(OnOneDevice):
    """Dropout, which by its ``keep_prob`` keeps what it is given; outside of training it keeps all."""

    def __init__(self, keep_prob: float = 0.5, dtype: Any = mstype.float32) -> None:
        del dtype
        super().__init__()
        self.keep_prob = keep_prob
        self.dropout = ops.Dropout(keep_prob)

    def construct(self, x: Any) -> Any:
        """``x``, parts of it 0 in training."""
        if not self.training or self.keep_prob == 1:
            return x
        return self.dropout(x)[0]


class CrossEntropyLoss(nn.Cell):  # type: ignore[misc]
    """``CrossEntropyLoss()``: the mean over the rows that a mask keeps."""

    def __init__(self, parallel_config: Any = default_dpmp_config) -> None:
        del parallel_config
        super().__init__()

    def construct(self, logits: Any, label: Any, input_mask: Any) -> Any:
        """``logits`` (N, C), ``label`` (N,), ``input_mask`` (N,) -> (1,)."""
        losses = ops.cross_entropy(ops.cast(logits, mstype.float32), label, reduction="none")
        mask = ops.reshape(input_mask, (-1,))
        return ops.reshape(ops.sum(losses * mask) / (ops.sum(mask) + 1e-5), (1,))


class AttentionMask(OnOneDevice):
    """``AttentionMask(seq_length)``: which token may look at which, from which tokens there are; none looks ahead."""

    def __init__(self, seq_length: int, parallel_config: Any = default_dpmp_config) -> None:
        del parallel_config
        super().__init__()
        self.seq_length = seq_length
        self.lower_triangle_mask = Tensor(np.tril(np.ones((1, seq_length, seq_length), np.float32)))

    def construct(self, input_mask: Any) -> Any:
        """``input_mask`` (N, L), 0 where there is no token -> (N, L, L) of 0 and 1, float32."""
        there = ops.cast(ops.not_equal(input_mask, 0), mstype.float32)
        return ops.expand_dims(there, 2) * ops.expand_dims(there, 1) * self.lower_triangle_mask


class VocabEmbedding(OnOneDevice):
    """``VocabEmbedding``: rows of a table by their numbers, and the table."""

    def __init__(
        self,
        vocab_size: int,
        embedding_size: int,
        parallel_config: Any = default_embedding_parallel_config,
        param_init: Any = "normal",
    ) -> None:
        del parallel_config
        super().__init__()
        self.vocab_size = vocab_size
        self.embedding_size = embedding_size
        table = initializer(param_init, [vocab_size, embedding_size])
        self.embedding_table = Parameter(table, name="embedding_table")
        self.gather = ops.Gather()

    def construct(self, input_ids: Any) -> Any:
        """``input_ids`` (N, L) -> their rows (N, L, size), and the table."""
        return self.gather(self.embedding_table, input_ids, 0), self.embedding_table


def refuse_experts(number: int) -> None:
    """Raise ValueError where a layer has several experts, whose routing is not among what is given back."""
    if number > 1:
        raise ValueError(
            f"mindspore.nn.transformer with {number} experts is not mapped to MindSpore 2\n"
            "  Which expert a token goes to is not computed here: only networks with expert_num=1 can be converted."
        )
