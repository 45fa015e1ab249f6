"""Pools."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, f, layer

ROWS = [
    layer("MaxPool", "nn.MaxPool2d(2, 2)", IMAGE),
    layer("MaxPool", "nn.MaxPool2d(2, 2, pad_mode='same')", IMAGE),
    layer("MaxPool", "nn.MaxPool2d(3, 2, pad_mode='same')", f(1, 2, 8, 9, low=-3, high=-1)),
    layer("MaxPool", "nn.MaxPool2d(8, 8)", f(1, 2, 16, 17)),
    layer("MaxPool", "nn.MaxPool2d((3, 1), (2, 1))", IMAGE),
    layer("AvgPool", "nn.AvgPool2d(3, 2, pad_mode='same')", f(1, 4, 8, 7)),
    layer("AvgPool", "nn.AvgPool2d(3, 1, pad_mode='same')", IMAGE),
    layer("AvgPool", "nn.AvgPool2d(2, 2)", IMAGE),
    layer("MaxPool3DWithArgmax", "nn.MaxPool2d(3, 2, pad_mode='pad', padding=1)", IMAGE),
    layer("MaxPool3DWithArgmax", "nn.MaxPool2d(3, 2, pad_mode='pad', padding=1, ceil_mode=True)", f(1, 2, 8, 8)),
    layer("AvgPool3D", "nn.AvgPool2d(3, 2, pad_mode='pad', padding=1)", IMAGE),
    layer("AvgPool3D", "nn.AvgPool2d(3, 2, pad_mode='pad', padding=1, count_include_pad=False)", IMAGE),
    layer("AdaptiveAvgPool2D", "nn.AdaptiveAvgPool2d(1)", IMAGE),
    layer("AdaptiveAvgPool2D", "nn.AdaptiveAvgPool2d((3, 7))", IMAGE),
    layer("AdaptiveAvgPool2D", "nn.AdaptiveAvgPool2d((4, 5))", IMAGE),
]
