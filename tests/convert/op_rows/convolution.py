"""Convolutions and their biases."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, Case, call, f, layer

_SIGNAL, _VOLUME = f(1, 4, 9), f(1, 2, 6, 5, 4)
_WEIGHT = "ms.Tensor(np.sin(np.arange(108)).reshape(3, 4, 3, 3), ms.float32)"
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
    layer("Conv2DBackpropInput", "nn.Conv1dTranspose(4, 3, 3, stride=2)", _SIGNAL),
    layer("Conv3DTranspose", "nn.Conv3dTranspose(2, 3, 3, stride=2)", _VOLUME),
    layer("Conv3DTranspose", "nn.Conv3dTranspose(2, 3, 3, 2, 'pad', 1, output_padding=1)", _VOLUME),
    layer("Conv1DExt", "mint.nn.Conv1d(4, 3, 3)", _SIGNAL, instead="ops.conv1d(x, self.f.weight, self.f.bias)"),
    layer("Conv2DExt", "mint.nn.Conv2d(4, 6, (3, 2), (2, 1), 1, groups=2)", IMAGE,
          instead="ops.conv2d(x, self.f.weight, self.f.bias, (2, 1), 'pad', 1, 1, 2)"),
    layer("Convolution", "mint.nn.Conv2d(4, 3, 3, padding='same', dilation=2, bias=False)", IMAGE,
          instead="ops.conv2d(x, self.f.weight, None, 1, 'same', 0, 2)"),
    layer("Conv3DExt", "mint.nn.Conv3d(2, 3, 3, padding=1)", _VOLUME,
          instead="ops.conv3d(x, self.f.weight, self.f.bias, 1, 'pad', 1)"),
    layer("ConvTranspose2D", "mint.nn.ConvTranspose2d(4, 3, 3, 2, 1, 1, bias=False)", IMAGE,
          instead="ops.Conv2DTranspose(3, 3, 'pad', (1, 1, 1, 1), stride=2)(x, self.f.weight, (1, 3, 18, 14))"),
    call("Convolution", f"mint.nn.functional.conv2d(x, {_WEIGHT}, padding='same')", IMAGE,
         instead=f"ops.conv2d(x, {_WEIGHT}, None, 1, 'same')"),
    call("Conv2D", "ops.conv2d(x, ms.Tensor(np.ones((3, 4, 3, 3), np.float32)), None, 2, 'pad', 1)", IMAGE),
    layer("Conv2D", "nn.Conv2d(4, 3, 3, dilation=(1, 2))", IMAGE),
    layer("Conv2D", "nn.Conv2d(4, 3, (1, 5), pad_mode='pad', padding=(0, 0, 2, 2))", IMAGE),
    layer("BiasAdd", "nn.Conv2d(3, 4, 3, has_bias=True)", f(1, 3, 9, 7)),
    layer("BiasAdd", "nn.Dense(5, 3)", f(2, 5)),
    call("BiasAdd", "ops.bias_add(ops.relu(x), ms.Tensor([1.0, 2.0, 3.0, 4.0]))", IMAGE),
    Case("BiasAdd", "(self.f(x), ops.bias_add(self.f(x), ms.Tensor([1.0, 2.0])))", (f(1, 3, 5, 5),),
         layer="nn.Conv2d(3, 2, 3)"),
]  # fmt: skip
