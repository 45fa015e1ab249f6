"""The cells of `small_networks`."""

from __future__ import annotations

import mindspore
import numpy as np
from mindspore import nn, ops


class Small(nn.Cell):
    """Two convolutions with a ReLU between them."""

    def __init__(self, channels: int = 4) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, channels, 3, has_bias=True)
        self.relu = nn.ReLU()
        self.second = nn.Conv2d(channels, 2, 3, has_bias=True)

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        return self.second(self.relu(self.first(image)))


class Deep(nn.Cell):
    """Three blocks, each with an activation of its own after a convolution; one has a batch norm, which is folded."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, has_bias=True)
        self.relu = nn.ReLU()
        self.second = nn.Conv2d(4, 4, 3, has_bias=True)
        self.norm = nn.BatchNorm2d(4)
        self.sigmoid = nn.Sigmoid()
        self.third = nn.Conv2d(4, 4, 3, has_bias=True)
        self.tanh = nn.Tanh()
        self.last = nn.Conv2d(4, 2, 3, has_bias=True)

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        one = self.relu(self.first(image))
        two = self.sigmoid(self.norm(self.second(one)))
        three = self.tanh(self.third(two))
        return self.last(three + one)


class Mixing(Small):
    """What it gives for an image depends on the others of the batch."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        scores = self.second(self.relu(self.first(image)))
        return scores - scores.mean()


class OverTheBatch(nn.Cell):
    """It takes the mean and the variance of its own batch."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(3, use_batch_statistics=True)
        self.relu = nn.ReLU()

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        return self.relu(self.norm(image)) + image


class Unexportable(Small):
    """Its code asks for what is not there, which only compiling finds."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        return self.second(self.no_such_layer(image))


class Unrunnable(nn.Cell):
    """It uses an operator that has no kernel for the CPU."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, has_bias=True)
        self.norm = nn.InstanceNorm2d(4)

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        return self.norm(self.first(image))


class Constant(Small):
    """Its output hardly depends on its input."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        return ops.zeros_like(super().construct(image)) + 0.5


class Picking(Small):
    """How many scores it gives depends on the image."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        scores = self.second(self.relu(self.first(image)))
        return ops.masked_select(scores, scores > 0)


class Dividing(Small):
    """It divides 0 by 0 wherever its ReLU gives 0."""

    def __init__(self) -> None:
        super().__init__()
        self.tanh = nn.Tanh()

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        features = self.relu(self.first(image))
        return self.tanh(features / features)


class Reviving(Small):
    """It divides 0 by 0, which MindSpore's ReLU makes 0 on a CPU, and ONNX Runtime's leaves as it is."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        features = self.relu(self.first(image))
        return self.relu(features / features) + ops.tanh(self.first(image) * 3)


class Enlarging(Small):
    """What its tanh is short of 1, enlarged: in MindSpore on a CPU that is wrong by more than a conversion may be."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        features = self.first(image)
        return (1 - ops.tanh(features + 4)) * 10 + features


class EnlargingWithin(Small):
    """The same in a branch."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        features = self.first(image)
        if features.sum() > -1e9:
            return (1 - ops.tanh(features + 4)) * 10 + features
        return features


class Embedding(nn.Cell):
    """Waves of an image's mean, whose frequencies are powers of e: in MindSpore on a CPU those are off by 5e-6."""

    def __init__(self) -> None:
        super().__init__()
        self.powers = mindspore.Tensor(np.linspace(0, -9.2, 64).astype(np.float32))
        self.last = nn.Dense(128, 128)

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        steps = ops.mean(image, (1, 2, 3), False).expand_dims(1) * 1998
        angles = steps * self.frequencies(image)
        return self.last(ops.concat((ops.sin(angles), ops.cos(angles)), 1))

    def frequencies(self, image: mindspore.Tensor) -> mindspore.Tensor:
        return ops.exp(self.powers)


class EmbeddingByInput(Embedding):
    """The same where the frequencies are not known beforehand."""

    def frequencies(self, image: mindspore.Tensor) -> mindspore.Tensor:
        return ops.exp(self.powers * (ops.max(image)[0] > -1))


class EnlargingExactly(Small):
    """The same with its tanh in float64."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        features = self.first(image)
        wide = ops.cast(features + 4, mindspore.float64)
        return (1 - ops.cast(ops.tanh(wide), mindspore.float32)) * 10 + features


class Waving(nn.Cell):
    """Waves of a sigmoid: in MindSpore on a CPU that is off by 8e-7, and they by more than a conversion may be."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        return 3 + ops.sin(500 * ops.sigmoid(4 * image))


class WavingOfSilu(nn.Cell):
    """The same of a SiLU, which is off by 3e-7 there."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        return 3 + ops.sin(800 * ops.silu(image))


class Halved(nn.Cell):
    """A softmax of what float16 holds well."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        scores = image.astype(mindspore.float16) + mindspore.Tensor(1, mindspore.float16)
        return ops.softmax(scores.astype(mindspore.float32), axis=-1)


class Masked(nn.Cell):
    """A softmax of what is masked whole in float16, where -10000 leaves multiples of 8."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        scores = (32 * image).astype(mindspore.float16) + mindspore.Tensor(-10000, mindspore.float16)
        return ops.softmax(scores.astype(mindspore.float32), axis=-1)


class Tied(nn.Cell):
    """The places of the greatest of few steps, many of which are equal."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        steps = ops.floor(3 * image.reshape(image.shape[0], -1))
        return ops.topk(steps, 16)[1]


class Tripled(Small):
    """A tanh that differs by less than its values may, and three times that by more than an output may."""

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        return 3 * ops.tanh(self.first(image))
