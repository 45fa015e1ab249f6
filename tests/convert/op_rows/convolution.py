"""Convolutions and their biases."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, Case, call, f, layer

ROWS = [
    layer("Conv2D", "nn.Conv2d(3, 4, 3, pad_mode='same')", f(1, 3, 9, 7)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, pad_mode='same')", f(2, 3, 8, 8)),
    layer("Conv2D", "nn.Conv2d(3, 4, 4, pad_mode='same')", f(1, 3, 9, 7)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, stride=2, pad_mode='same')", f(1, 3, 9, 8)),
    layer("Conv2D", "nn.Conv2d(3, 4, (3, 5), stride=(2, 3), pad_mode='same')", f(1, 3, 10, 11)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, pad_mode='same', dilation=2)", f(1, 3, 9, 7)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, pad_mode='same', dilation=8)", f(1, 3, 5, 5)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, pad_mode='valid')", f(1, 3, 9, 7)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, stride=2, pad_mode='pad', padding=(0, 1, 2, 1))", f(1, 3, 9, 7)),
    layer("Conv2D", "nn.Conv2d(4, 6, 3, group=2)", IMAGE),
    layer("Conv2D", "nn.Conv2d(4, 4, 3, group=4, stride=2, has_bias=True)", IMAGE),
    layer("Conv2D", "nn.Conv2d(4, 2, 1)", f(1, 4, 1, 1)),
    layer("Conv2D", "nn.Conv1d(4, 3, 3, stride=2)", f(1, 4, 9)),
    layer("Conv3D", "nn.Conv3d(2, 3, 3, stride=2)", f(1, 2, 4, 5, 6)),
    layer("Conv3D", "nn.Conv3d(2, 3, 3, pad_mode='pad', padding=1, has_bias=True)", f(1, 2, 4, 5, 6)),
    layer("Conv2DTranspose", "nn.Conv2dTranspose(4, 3, 3, stride=2, pad_mode='same', has_bias=True)", IMAGE),
    layer("Conv2DTranspose", "nn.Conv2dTranspose(4, 3, 2, stride=2, pad_mode='valid')", IMAGE),
    layer("Conv2DTranspose", "nn.Conv2dTranspose(4, 3, 4, stride=2, pad_mode='pad', padding=1)", IMAGE),
    layer("Conv2DTranspose", "nn.Conv2dTranspose(4, 4, 3, pad_mode='same', group=2, dilation=2)", IMAGE),
    layer("BiasAdd", "nn.Conv2d(3, 4, 3, has_bias=True)", f(1, 3, 9, 7)),
    layer("BiasAdd", "nn.Dense(5, 3)", f(2, 5)),
    call("BiasAdd", "ops.bias_add(ops.relu(x), ms.Tensor([1.0, 2.0, 3.0, 4.0]))", IMAGE),
    Case("BiasAdd", "(self.f(x), ops.bias_add(self.f(x), ms.Tensor([1.0, 2.0])))", (f(1, 3, 5, 5),),
         layer="nn.Conv2d(3, 2, 3)"),
]  # fmt: skip
