"""Layers of MindSpore 1.x that are gone, have lost arguments, or have no kernel on the CPU."""

from __future__ import annotations

from typing import Any

from mindspore import nn, ops

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


def without_kernel(norm: Any) -> Any:
    """``nn.InstanceNorm1d``, ``2d`` or ``3d`` in operators that the CPU has: each map by its own mean and variance."""

    class InstanceNorm(norm):  # type: ignore[misc]
        """The layer of that name, with its parameters."""

        def __init__(self, *arguments: Any, **more: Any) -> None:
            mark(f"mindspore.nn.{norm.__name__}(on the CPU)")
            super().__init__(*arguments, **more)

        def construct(self, x: Any) -> Any:
            """``x`` (N, C, ...), normalised over all axes after the channels."""
            axes = tuple(range(2, x.ndim))
            centred = x - ops.mean(x, axes, True)
            normed = centred / ops.sqrt(ops.mean(ops.square(centred), axes, True) + self.eps)
            shape = (1, -1) + (1,) * len(axes)
            return normed * ops.reshape(self.gamma, shape) + ops.reshape(self.beta, shape)

    InstanceNorm.__name__ = InstanceNorm.__qualname__ = norm.__name__
    return InstanceNorm
