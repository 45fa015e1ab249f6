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


class LSTMLayer(nn.Cell):  # type: ignore[misc]
    """``nn.LSTMCell`` before MindSpore 1.6: a layer of an LSTM over a sequence, whose weights are an input.

    Source: the API document of MindSpore 1.5.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        has_bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0,
        bidirectional: bool = False,
    ) -> None:
        super().__init__()
        mark("mindspore.nn.LSTMCell(a layer)")
        self.batch_first, self.bidirectional = batch_first, bidirectional
        # What lies in the row of weights: those of the input for each direction, of the state, then the biases.
        self.sizes = tuple(4 * hidden_size * count for count in (input_size, hidden_size, 1 if has_bias else 0))
        self.lstm = ops.LSTM(input_size, hidden_size, 1, has_bias, False, float(dropout))
        self.reverse = ops.ReverseV2([0])

    def construct(self, x: Any, h: Any, c: Any, w: Any) -> Any:
        """``x`` (length, N, input), or (N, length, input) with batch_first -> output, h, c, and two for training.

        ``h`` and ``c`` are (directions, N, hidden); ``w`` holds all weights and biases one after the other.
        """
        if self.batch_first:
            x = ops.transpose(x, (1, 0, 2))
        if self.bidirectional:  # one direction after the other, as an ONNX file has it
            there = self.lstm(x, h[:1], c[:1], self._own(w, 0))
            back = self.lstm(self.reverse(x), h[1:], c[1:], self._own(w, 1))
            output = ops.concat((there[0], self.reverse(back[0])), 2)
            h, c = ops.concat((there[1], back[1])), ops.concat((there[2], back[2]))
            reserve, state = there[3], there[4]
        else:
            output, h, c, reserve, state = self.lstm(x, h, c, w)
        if self.batch_first:
            output = ops.transpose(output, (1, 0, 2))
        return output, h, c, reserve, state

    def _own(self, w: Any, direction: int) -> Any:
        """The weights of one direction."""
        parts: Any = ()
        start = 0
        for size in self.sizes:
            if size:
                parts += (w[start + direction * size : start + (direction + 1) * size],)
            start += 2 * size
        return ops.concat(parts, 0)


_OF_A_LAYER = frozenset({"batch_first", "dropout", "bidirectional"})


def that_may_be_a_layer(cell: Any) -> Any:
    """``nn.LSTMCell``, which is `LSTMLayer` where it is given arguments that only that had."""

    class LSTMCell(cell):  # type: ignore[misc]
        """`mindspore.nn.LSTMCell`."""

        def __new__(cls, *arguments: Any, **more: Any) -> Any:
            is_layer = len(arguments) > 4 or any(isinstance(given, bool) for given in arguments[3:])
            if is_layer or not _OF_A_LAYER.isdisjoint(more):
                return LSTMLayer(*arguments, **more)
            return super().__new__(cls)

    return LSTMCell


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


def with_format_behind_pad_mode(pool: Any) -> Any:
    """``nn.MaxPool2d`` or ``nn.AvgPool2d`` that takes ``data_format`` where 1.x had it: as the fourth argument."""

    class Pool(pool):  # type: ignore[misc]
        """The layer of that name."""

        def __init__(self, *arguments: Any, **more: Any) -> None:
            if len(arguments) > 3 and isinstance(arguments[3], str):
                mark(f"mindspore.nn.{pool.__name__}(arguments of 1.x)")
                more["data_format"] = arguments[3]
                arguments = arguments[:3]
            super().__init__(*arguments, **more)

    Pool.__name__ = Pool.__qualname__ = pool.__name__
    return Pool


_BIAS_OF_1 = 8  # where Conv2dTranspose took has_bias, before it had output_padding


def without_output_padding(layer: Any) -> Any:
    """``nn.Conv2dTranspose`` that takes ``has_bias`` where 1.x had it, after the dilation and the group."""

    class Conv2dTranspose(layer):  # type: ignore[misc]
        """`mindspore.nn.Conv2dTranspose`."""

        def __init__(self, *arguments: Any, **more: Any) -> None:
            if len(arguments) > _BIAS_OF_1 and isinstance(arguments[_BIAS_OF_1], bool):
                mark("mindspore.nn.Conv2dTranspose(arguments of 1.x)")
                arguments = (*arguments[:6], 0, *arguments[6:])
            super().__init__(*arguments, **more)

    return Conv2dTranspose
