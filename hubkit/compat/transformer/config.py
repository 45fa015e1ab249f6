"""How MindSpore 1.x spread `mindspore.nn.transformer` over devices: values that code reads and passes on.

On one device none of them changes a number, so they are kept and nothing follows from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class OpParallelConfig:
    """``OpParallelConfig``: over how many devices data and weights are split."""

    data_parallel: int = 1
    """Parts of the batch."""
    model_parallel: int = 1
    """Parts of a weight."""


@dataclass
class MoEParallelConfig(OpParallelConfig):
    """``MoEParallelConfig``: the same, with experts."""

    expert_parallel: int = 1
    """Parts of the experts."""


@dataclass
class EmbeddingOpParallelConfig(OpParallelConfig):
    """``EmbeddingOpParallelConfig``: the same, for an embedding."""

    vocab_emb_dp: bool = True
    """Whether the ids are split rather than the table."""

    @property
    def dp_mp_config(self) -> OpParallelConfig:
        """What of it is for operators."""
        return OpParallelConfig(self.data_parallel, self.model_parallel)


@dataclass
class TransformerRecomputeConfig:
    """``TransformerRecomputeConfig``: what training computes again instead of keeping it."""

    recompute: bool = False
    """Whether it does."""
    parallel_optimizer_comm_recompute: bool = False
    """Whether what the optimiser gathers is gathered again."""
    mp_comm_recompute: bool = True
    """Whether what the parts of a weight exchange is exchanged again."""
    recompute_slice_activation: bool = False
    """Whether activations are kept in parts."""


@dataclass
class TransformerOpParallelConfig:
    """``TransformerOpParallelConfig``: all of it, for a whole network."""

    data_parallel: int = 1
    """Parts of the batch."""
    model_parallel: int = 1
    """Parts of a weight."""
    expert_parallel: int = 1
    """Parts of the experts."""
    pipeline_stage: int = 1
    """Groups of layers, one after another."""
    micro_batch_num: int = 1
    """Parts of a batch that are under way in these."""
    recompute: Any = field(default_factory=TransformerRecomputeConfig)
    """What training computes again, or whether."""
    optimizer_shard: bool = False
    """Whether the optimiser's state is split."""
    gradient_aggregation_group: int = 4
    """Groups of gradients that are exchanged together."""
    vocab_emb_dp: bool = True
    """Whether an embedding's ids are split rather than its table."""

    @property
    def embedding_dp_mp_config(self) -> EmbeddingOpParallelConfig:
        """What of it is for an embedding."""
        return EmbeddingOpParallelConfig(self.data_parallel, self.model_parallel, self.vocab_emb_dp)

    @property
    def dp_mp_config(self) -> OpParallelConfig:
        """What of it is for operators."""
        return OpParallelConfig(self.data_parallel, self.model_parallel)

    @property
    def moe_parallel_config(self) -> MoEParallelConfig:
        """What of it is for experts."""
        return MoEParallelConfig(self.data_parallel, self.model_parallel, self.expert_parallel)


@dataclass
class MoEConfig:
    """``MoEConfig``: how a token finds its expert; one expert means that there are none."""

    expert_num: int = 1
    """How many experts there are."""
    capacity_factor: float = 1.1
    """How many tokens an expert takes, in shares of an even split."""
    aux_loss_factor: float = 0.05
    """How much training cares for an even split."""
    num_experts_chosen: int = 1
    """How many experts a token goes to."""
    expert_group_size: int | None = None
    """How many tokens are split at a time."""


default_dpmp_config = OpParallelConfig()
default_embedding_parallel_config = EmbeddingOpParallelConfig()
default_transformer_recompute_config = TransformerRecomputeConfig()
default_transformer_config = TransformerOpParallelConfig()
default_moeparallel_config = MoEParallelConfig()
default_moe_config = MoEConfig()
