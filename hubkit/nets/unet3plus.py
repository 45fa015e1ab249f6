"""UNet 3+, a U-Net whose decoder levels each read all scales.

Source: Huang et al., "UNet 3+: A Full-Scale Connected UNet for Medical Image Segmentation",
arXiv 2004.08790: figures 1 and 2. Narrower than the paper's (64 to 1024 encoder channels, 64 a
skip), as the published MindSpore checkpoint is, with the last convolution 3 x 3 and without the deep
supervision and the classification-guided module. Parameter names are that checkpoint's.
"""

from __future__ import annotations

import mindspore
from mindspore import nn, ops

_Tensors = tuple[mindspore.Tensor, ...]

_ENCODER_CHANNELS = (16, 32, 64, 128, 256)
_LEVELS = len(_ENCODER_CHANNELS)
_SKIP_CHANNELS = 16
_DECODER_CHANNELS = _SKIP_CHANNELS * _LEVELS
_SMALLEST = 2 ** (_LEVELS - 1)


def unet3plus(in_channels: int = 3, out_channels: int = 1) -> mindspore.nn.Cell:
    """UNet 3+ with 16, 32, 64, 128, 256 encoder channels and 16 channels a skip: 1,691,904 values.

    Args:
        in_channels: channels of the image, at least 1.
        out_channels: classes, at least 1.

    Returns:
        A cell from a float32 image (N, in_channels, H, W) to logits (N, out_channels, H, W), any real
        value: 0 is a probability of one half. H and W are at least 16, for four halvings; in multiples
        of 16 every scale is an exact power of two, other sizes are rounded down on the way in. The
        published weights are used at 512 x 512.

    Raises:
        TypeError, ValueError: an argument is no positive integer; or, when called, the image has not four
            axes, not `in_channels` channels, or a side below 16.
    """
    return _UNet3Plus(in_channels, out_channels)


def _conv(in_channels: int, out_channels: int) -> nn.Cell:
    return nn.Conv2d(in_channels, out_channels, 3, pad_mode="pad", padding=1, has_bias=False)


class _DoubleConv(nn.Cell):  # type: ignore[misc]
    """Twice: convolution, batch norm, ReLU."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv = nn.SequentialCell(
            _conv(in_channels, out_channels),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            _conv(out_channels, out_channels),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )

    def construct(self, x: mindspore.Tensor) -> mindspore.Tensor:
        return self.conv(x)


class _UNet3Plus(nn.Cell):  # type: ignore[misc]
    """Five encoder levels; each of the four decoder levels reads one feature map of every scale."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        encoders = []
        for level, channels in enumerate(_ENCODER_CHANNELS, start=1):
            encoder = _DoubleConv(in_channels if level == 1 else _ENCODER_CHANNELS[level - 2], channels)
            setattr(self, f"conv{level}", encoder)
            encoders.append(encoder)
        decoders = []
        for level in range(_LEVELS - 1, 0, -1):
            skips = tuple(self._add_skip(source, level) for source in range(1, _LEVELS + 1))
            fuse = self._add_conv_bn(f"conv{level}d_1", f"bn{level}d_1", _DECODER_CHANNELS, _DECODER_CHANNELS)
            decoders.append((skips, fuse))
        self.outconv1 = _conv(_DECODER_CHANNELS, out_channels)
        self.encoders = tuple(encoders)
        self.decoders = tuple(decoders)
        self.in_channels = in_channels
        self.smallest = _SMALLEST
        self.pools = (nn.MaxPool2d(2, 2), nn.MaxPool2d(4, 4), nn.MaxPool2d(8, 8))
        self.upsample = ops.ResizeBilinearV2(align_corners=True, half_pixel_centers=False)
        self.relu = nn.ReLU()

    def _add_conv_bn(
        self, conv_name: str, bn_name: str, in_channels: int, out_channels: int
    ) -> tuple[nn.Cell, nn.Cell]:
        conv, bn = _conv(in_channels, out_channels), nn.BatchNorm2d(out_channels)
        setattr(self, conv_name, conv)
        setattr(self, bn_name, bn)
        return conv, bn

    def _add_skip(self, source: int, level: int) -> tuple[nn.Cell, nn.Cell]:
        """The skip from scale `source` into decoder `level`: pooled (PT), as is (Cat) or upsampled (UT)."""
        way = "PT" if source < level else "Cat" if source == level else "UT"
        prefix = f"{'hd' if source > level else 'h'}{source}_{way}_hd{level}"
        decoded = level < source < _LEVELS
        channels = _DECODER_CHANNELS if decoded else _ENCODER_CHANNELS[source - 1]
        return self._add_conv_bn(f"{prefix}_conv", f"{prefix}_bn", channels, _SKIP_CHANNELS)

    def construct(self, image: mindspore.Tensor) -> mindspore.Tensor:
        if image.ndim != 4 or image.shape[1] != self.in_channels:
            raise ValueError(f"UNet 3+ takes (N, {self.in_channels}, H, W), not {image.shape}")
        if image.shape[2] < self.smallest or image.shape[3] < self.smallest:
            raise ValueError(f"UNet 3+ takes images of at least {self.smallest} x {self.smallest}, not {image.shape}")
        # Scale by scale, the finest first: encoder output, replaced by decoder output once that is known.
        scales: _Tensors = (self.encoders[0](image),)
        for encode in self.encoders[1:]:
            scales += (encode(self.pools[0](scales[-1])),)
        for index, (skips, fuse) in enumerate(self.decoders):
            level = len(scales) - 2 - index
            size = scales[level].shape[2:]
            features: _Tensors = ()
            for source, (conv, bn) in enumerate(skips):
                x = scales[source]
                if source < level:
                    x = self.pools[level - source - 1](x)
                elif source > level:
                    x = self.upsample(x, size)
                features += (self.relu(bn(conv(x))),)
            conv, bn = fuse
            y = self.relu(bn(conv(ops.concat(features, 1))))
            scales = (*scales[:level], y, *scales[level + 1 :])
        return self.outconv1(scales[0])
