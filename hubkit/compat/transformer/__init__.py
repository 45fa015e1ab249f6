"""``mindspore.nn.transformer`` of MindSpore 1.x, which MindSpore 2.10 has no more.

It was ``mindspore.parallel.nn`` before, and ``mindspore.parallel._transformer`` until MindSpore 2.3.

As it was for inference on one device: the same arguments, parameters under the same names, and each step in the element
type that it had. Attention and feed-forward layers compute in float16, softmax and norms in float32 unless told
otherwise; a query and a key are each divided by the fourth root of a head's size; what a mask forbids gets -10000
before softmax. Networks with several experts, or that keep keys and values from call to call (``use_past``), are
refused. Source: the API documents of MindSpore 1.6 to 1.10.
"""

from __future__ import annotations

from hubkit.compat.transformer.blocks import (
    FeedForward,
    MultiHeadAttention,
    TransformerDecoderLayer,
    TransformerEncoderLayer,
)
from hubkit.compat.transformer.checks import (
    MoE,
    _args_type_validator_check,
    _check_config,
    _check_input_dtype,
    _check_input_shape,
    _check_moe_config,
    _check_past_none_input_none,
    _check_shape_equal,
    _get_lambda_func,
    _LayerInputCheck,
    _valid_type_checks,
    _valid_value_checks,
)
from hubkit.compat.transformer.config import (
    EmbeddingOpParallelConfig,
    MoEConfig,
    MoEParallelConfig,
    OpParallelConfig,
    TransformerOpParallelConfig,
    TransformerRecomputeConfig,
    default_dpmp_config,
    default_embedding_parallel_config,
    default_moe_config,
    default_moeparallel_config,
    default_transformer_config,
    default_transformer_recompute_config,
)
from hubkit.compat.transformer.layers import (
    AttentionMask,
    CrossEntropyLoss,
    VocabEmbedding,
    _Dropout,
    _LayerNorm,
    _Linear,
)
from hubkit.compat.transformer.stacks import Transformer, TransformerDecoder, TransformerEncoder

__all__ = [
    "AttentionMask",
    "CrossEntropyLoss",
    "EmbeddingOpParallelConfig",
    "FeedForward",
    "MoE",
    "MoEConfig",
    "MoEParallelConfig",
    "MultiHeadAttention",
    "OpParallelConfig",
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
    "TransformerOpParallelConfig",
    "TransformerRecomputeConfig",
    "VocabEmbedding",
    "_Dropout",
    "_LayerInputCheck",
    "_LayerNorm",
    "_Linear",
    "_args_type_validator_check",
    "_check_config",
    "_check_input_dtype",
    "_check_input_shape",
    "_check_moe_config",
    "_check_past_none_input_none",
    "_check_shape_equal",
    "_get_lambda_func",
    "_valid_type_checks",
    "_valid_value_checks",
    "default_dpmp_config",
    "default_embedding_parallel_config",
    "default_moe_config",
    "default_moeparallel_config",
    "default_transformer_config",
    "default_transformer_recompute_config",
]
