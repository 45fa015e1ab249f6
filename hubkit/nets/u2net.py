"""U^2-Net, a nested U-structure for salient object detection, and its small variant.

Source: Qin et al., "U^2-Net: Going Deeper with Nested U-Structure for Salient Object Detection",
arXiv 2005.09007: figure 2 (the residual U-block), figure 5 (the whole), table 1 (the channels).
Parameter names are those of the published MindSpore checkpoints.
"""

from __future__ import annotations

from typing import NamedTuple

import mindspore
from mindspore import nn, ops

_Tensors = tuple[mindspore.Tensor, ...]


class _Stage(NamedTuple):
    """One row of the paper's table 1."""

    height: int
    """L of RSU-L: how many convolutions go down the block's inner U."""
    in_channels: int
    mid_channels: int
    out_channels: int
    dilated: bool = False
    """RSU-4F: dilation takes the place of pooling and upsampling."""


# Encoder 1 to 6, then decoder 5 to 1. Each decoder stage reads the one below it and the encoder beside it.
_FULL = (
    _Stage(7, 3, 32, 64),
    _Stage(6, 64, 32, 128),
    _Stage(5, 128, 64, 256),
    _Stage(4, 256, 128, 512),
    _Stage(4, 512, 256, 512, dilated=True),
    _Stage(4, 512, 256, 512, dilated=True),
    _Stage(4, 1024, 256, 512, dilated=True),
    _Stage(4, 1024, 128, 256),
    _Stage(5, 512, 64, 128),
    _Stage(6, 256, 32, 64),
    _Stage(7, 128, 16, 64),
)
_SMALL = (
    _Stage(7, 3, 16, 64),
    _Stage(6, 64, 16, 64),
    _Stage(5, 64, 16, 64),
    _Stage(4, 64, 16, 64),
    _Stage(4, 64, 16, 64, dilated=True),
    _Stage(4, 64, 16, 64, dilated=True),
    _Stage(4, 128, 16, 64, dilated=True),
    _Stage(4, 128, 16, 64),
    _Stage(5, 128, 16, 64),
    _Stage(6, 128, 16, 64),
    _Stage(7, 128, 16, 64),
)
_NAMES = ("stage1", "stage2", "stage3", "stage4", "stage5", "stage6")
_DECODER_NAMES = ("stage5d", "stage4d", "stage3d", "stage2d", "stage1d")


def u2net(in_channels: int = 3, out_channels: int = 1) -> mindspore.nn.Cell:
    """The full U^2-Net: 44,038,669 values, of which 44,009,869 are trained (the rest are moving statistics).

    Args:
        in_channels: channels of the image, at least 1.
        out_channels: channels of each saliency map, at least 1.

    Returns:
        A cell from a float32 image (N, in_channels, H, W), each value in 0..1 before the usual
        normalisation, to (N, 7 * out_channels, H, W): seven sigmoid maps in 0..1, joined on the channel
        axis: d0, the fused one, then the side maps d1 (finest) to d6 (coarsest). H and W are at least 1;
        multiples of 32 are halved exactly at every level, other sizes are rounded up. The paper uses
        320 x 320.

    Raises:
        TypeError, ValueError: an argument is no positive integer; or, when called, the image has not four
            axes or not `in_channels` channels.
    """
    return _U2Net(_FULL, in_channels, out_channels)


def u2netp(in_channels: int = 3, out_channels: int = 1) -> mindspore.nn.Cell:
    """The small U^2-Net: 16 inner and 64 outer channels a stage; 1,136,877 values, 1,131,181 of them trained.

    Arguments, shapes, ranges and errors are those of `u2net`.
    """
    return _U2Net(_SMALL, in_channels, out_channels)


class _ConvBnRelu(nn.Cell):  # type: ignore[misc]
    """A 3 x 3 convolution that keeps the size, batch norm, ReLU."""

    def __init__(self, in_channels: int, out_channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.conv_s1 = nn.Conv2d(in_channels, out_channels, 3, pad_mode="same", dilation=dilation, has_bias=True)
        self.bn_s1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()

    def construct(self, x: mindspore.Tensor) -> mindspore.Tensor:
        return self.relu(self.bn_s1(self.conv_s1(x)))


class _Upsample(nn.Cell):  # type: ignore[misc]
    """Bilinear resize to the height and width of another tensor.

    Output row i reads input row i * (in / out): neither corners nor pixel centres are aligned, as the
    published weights were trained. `mindspore.ops.interpolate` aligns pixel centres and is another function.
    """

    def __init__(self) -> None:
        super().__init__()
        self.resize = ops.ResizeBilinearV2(align_corners=False, half_pixel_centers=False)

    def construct(self, x: mindspore.Tensor, like: mindspore.Tensor) -> mindspore.Tensor:
        return self.resize(x, like.shape[2:])


class _ResidualUBlock(nn.Cell):  # type: ignore[misc]
    """RSU-L, or RSU-4F where dilated: a small U-Net whose output is added to its own first convolution."""

    def __init__(self, stage: _Stage) -> None:
        super().__init__()
        height, mid = stage.height, stage.mid_channels
        self.rebnconvin = _ConvBnRelu(stage.in_channels, stage.out_channels)
        down = []
        for level in range(1, height + 1):
            dilation = 2 ** (level - 1) if stage.dilated else 2 if level == height else 1
            cell = _ConvBnRelu(stage.out_channels if level == 1 else mid, mid, dilation)
            setattr(self, f"rebnconv{level}", cell)
            down.append(cell)
        up = []
        for level in range(height - 1, 0, -1):
            dilation = 2 ** (level - 1) if stage.dilated else 1
            cell = _ConvBnRelu(2 * mid, stage.out_channels if level == 1 else mid, dilation)
            setattr(self, f"rebnconv{level}d", cell)
            up.append(cell)
        self.down = tuple(down)
        self.up = tuple(up)
        self.dilated = stage.dilated
        self.pool = nn.MaxPool2d(2, 2, pad_mode="same")
        self.upsample = _Upsample()

    def construct(self, x: mindspore.Tensor) -> mindspore.Tensor:
        first = self.rebnconvin(x)
        skips: _Tensors = (self.down[0](first),)
        for convolve in self.down[1:-1]:
            skips += (convolve(skips[-1] if self.dilated else self.pool(skips[-1])),)
        y = self.down[-1](skips[-1])
        for index, convolve in enumerate(self.up):
            skip = skips[-1 - index]
            if index > 0 and not self.dilated:
                y = self.upsample(y, skip)
            y = convolve(ops.concat((y, skip), 1))
        return y + first


class _U2Net(nn.Cell):  # type: ignore[misc]
    """Six encoder and five decoder stages, six side maps, and the fused map."""

    def __init__(self, stages: tuple[_Stage, ...], in_channels: int, out_channels: int) -> None:
        super().__init__()
        stages = (stages[0]._replace(in_channels=in_channels), *stages[1:])
        blocks = []
        for name, stage in zip(_NAMES + _DECODER_NAMES, stages, strict=True):
            block = _ResidualUBlock(stage)
            setattr(self, name, block)
            blocks.append(block)
        sides = []
        # Side maps read decoder 1 to 5 and encoder 6, the finest first.
        for number, stage in enumerate((*reversed(stages[6:]), stages[5]), start=1):
            side = nn.Conv2d(stage.out_channels, out_channels, 3, pad_mode="same", has_bias=True)
            setattr(self, f"side{number}", side)
            sides.append(side)
        self.outconv = nn.Conv2d(6 * out_channels, out_channels, 1, pad_mode="same", has_bias=True)
        self.encoders = tuple(blocks[:6])
        self.decoders = tuple(blocks[6:])
        self.sides = tuple(sides)
        self.in_channels = in_channels
        self.pool = nn.MaxPool2d(2, 2, pad_mode="same")
        self.upsample = _Upsample()
        self.sigmoid = nn.Sigmoid()

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        if image.ndim != 4 or image.shape[1] != self.in_channels:
            raise ValueError(f"U^2-Net takes (N, {self.in_channels}, H, W), not {image.shape}")
        encoded: _Tensors = (self.encoders[0](image),)
        for encode in self.encoders[1:]:
            encoded += (encode(self.pool(encoded[-1])),)
        decoded: _Tensors = (encoded[5],)
        for index, decode in enumerate(self.decoders):
            skip = encoded[4 - index]
            decoded += (decode(ops.concat((self.upsample(decoded[-1], skip), skip), 1)),)
        maps: _Tensors = (self.sides[0](decoded[5]),)
        for index in range(1, 6):
            maps += (self.upsample(self.sides[index](decoded[5 - index]), maps[0]),)
        fused = self.outconv(ops.concat(maps, 1))
        return self.sigmoid(ops.concat((fused, *maps), 1))
