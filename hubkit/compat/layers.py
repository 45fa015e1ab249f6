"""Layers of MindSpore 1.x that are gone or have lost arguments."""

from __future__ import annotations

from typing import Any

from mindspore import nn

from hubkit.compat.use import mark


class GlobalBatchNorm(nn.BatchNorm2d):  # type: ignore[misc]
    """``nn.GlobalBatchNorm``, on one device; ``device_num_each_group`` has no meaning there."""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.9,
        affine: bool = True,
        gamma_init: Any = "ones",
        beta_init: Any = "zeros",
        moving_mean_init: Any = "zeros",
        moving_var_init: Any = "ones",
        use_batch_statistics: bool | None = None,
        device_num_each_group: int = 2,
    ) -> None:
        del device_num_each_group
        super().__init__(
            num_features,
            eps,
            momentum,
            affine,
            gamma_init,
            beta_init,
            moving_mean_init,
            moving_var_init,
            use_batch_statistics,
        )


def with_vocab_cache_size(lookup: Any) -> Any:
    """``nn.EmbeddingLookup`` that takes ``vocab_cache_size`` where 1.x had it, after ``sparse`` too."""

    class EmbeddingLookup(lookup):  # type: ignore[misc]
        """`mindspore.nn.EmbeddingLookup`, with the argument that it has lost."""

        def __init__(
            self,
            vocab_size: int,
            embedding_size: int,
            param_init: Any = "normal",
            target: str = "CPU",
            slice_mode: str = "batch_slice",
            manual_shapes: Any = None,
            max_norm: Any = None,
            sparse: bool = True,
            vocab_cache_size: Any = 0,
            **more: Any,
        ) -> None:
            if isinstance(vocab_cache_size, int):
                mark("mindspore.nn.EmbeddingLookup(vocab_cache_size)")
            else:  # the next argument of MindSpore 2
                more["dtype"] = vocab_cache_size
            arguments = (param_init, target, slice_mode, manual_shapes, max_norm, sparse)
            super().__init__(vocab_size, embedding_size, *arguments, **more)

    return EmbeddingLookup
