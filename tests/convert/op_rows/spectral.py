"""Fourier transforms and complex numbers."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, Case, Input, call, f

_SUMS = {"atol": 1e-4, "reason": "sums over all points, which MindSpore adds up in another order"}
_LINE = f(2, 12)
_PLANE = f(2, 6, 5)
_PARTS = "z.real(), z.imag()"


def _of(op: str, text: str, *inputs: Input) -> Case:
    """A row that gives both parts of the complex z."""
    return call(op, _PARTS, *inputs, steps=(f"z = {text}",), **_SUMS)


def _sized(options: str, text: str) -> str:
    return f"ops.operations.math_ops.FFTWithSize({options})({text})"


_LEFT, _RIGHT = "ops.Complex()(x, y)", "ops.Complex()(y + 3, x)"
ROWS = [
    *(call(op, f"ops.{op.lower()}(x)", IMAGE) for op in ("Conj", "Real", "Imag")),
    _of("RFFT", "ops.rfft(x)", _LINE),
    _of("RFFT", "ops.rfft(x, 7)", _LINE),
    _of("RFFT", "ops.rfft(x, 15, 1, 'ortho')", _PLANE),
    _of("RFFT2", "ops.rfft2(x)", _PLANE),
    _of("RFFTN", "ops.rfftn(x, dim=(1, 2))", _PLANE),
    _of("FFT", "ops.fft(x)", _LINE),
    _of("FFT", "ops.fft(x, dim=1, norm='forward')", _PLANE),
    _of("FFT2", "ops.fft2(x)", _PLANE),
    _of("FFTN", "ops.fftn(x, dim=(1,))", _PLANE),
    _of("IFFT", "ops.ifft(ops.fft(x) * 2)", _LINE),
    _of("IFFT2", "ops.ifft2(ops.fft2(x), norm='ortho')", _PLANE),
    _of("IFFTN", "ops.ifftn(ops.Complex()(x, y), dim=(1, 2))", _PLANE, _PLANE),
    _of("Complex", "ops.Complex()(x, y) * ops.Complex()(y, x)", _LINE, _LINE),
    _of("Complex", "ops.conj(ops.Complex()(x, y) - ops.Complex()(y, y)) + ops.Complex()(x, x)", _LINE, _LINE),
    call("IRFFT", "ops.irfft(ops.rfft(x))", _LINE, **_SUMS),
    call("IRFFT", "ops.irfft(ops.rfft(x), 11)", f(2, 11), **_SUMS),
    call("IRFFT", "ops.irfft(ops.Complex()(x, y), norm='ortho')", f(2, 7), f(2, 7), **_SUMS),
    call("IRFFT2", "ops.irfft2(ops.rfft2(x) * 3)", f(2, 6, 4), **_SUMS),
    call("IRFFTN", "ops.irfftn(ops.rfftn(x, dim=(1, 2)), dim=(1, 2))", f(2, 6, 4), **_SUMS),
    _of("FFTWithSize", _sized("1, False, True", "x"), _PLANE),
    _of("FFTWithSize", _sized("2, False, True, onesided=False", "x"), _PLANE),
    _of("FFTWithSize", _sized("2, False, False, 'ortho'", "ops.Complex()(x, y)"), _PLANE, _PLANE),
    _of("FFTWithSize", _sized("3, True, False", "ops.Complex()(x, y)"), f(2, 4, 3, 5), f(2, 4, 3, 5)),
    call("FFTWithSize", _sized("2, True, True, 'forward', True, (6, 5)", "ops.rfft2(x)"), _PLANE, **_SUMS),
    call("FFTWithSize", _sized("1, True, True, onesided=False", "ops.Complex()(x, y)"), _LINE, _LINE, **_SUMS),
    *(call("STFT", f"ops.stft(x, {options}, return_complex=False)", f(2, 64), **_SUMS) for options in (
        "16, 4, window=ops.hann_window(16)", "16, center=False", "20, 5, 12, normalized=True", "16, 8, onesided=False",
    )),
    call("FFTShift", "ops.fftshift(x, 1)", _PLANE),
    call("FFTShift", "ops.fftshift(x, (1, 2))", _PLANE),
    call("IFFTShift", "ops.ifftshift(x, (1, 2))", _PLANE),
    _of("Polar", "ops.polar(x, y)", f(2, 5), f(2, 5)),
    *(_of(op, text, _PLANE, _PLANE) for op, text in (
        ("Abs", f"ops.abs({_LEFT})"),
        ("Div", f"{_LEFT} / {_RIGHT}"),
        ("Divs", f"{_LEFT} / 4.0"),
        ("Reciprocal", f"1.0 / {_RIGHT}"),
        ("Square", f"ops.square({_LEFT})"),
        ("Exp", f"ops.exp({_LEFT})"),
        ("AddExt", f"mint.add({_LEFT}, {_RIGHT})"),
        ("SubExt", f"mint.sub({_LEFT}, {_RIGHT})"),
        ("MatMulExt", f"ops.matmul({_LEFT}, {_RIGHT}.swapaxes(1, 2))"),
        ("BatchMatMul", f"ops.BatchMatMul()({_LEFT}, {_RIGHT}.swapaxes(1, 2))"),
        ("Cast", f"x.astype(ms.complex64) * {_LEFT}"),
        ("Cast", "ops.cast(x, ms.complex64) + y"),
        ("Reshape", f"{_LEFT}.reshape(x.shape[0], -1)"),
        ("Flatten", f"ops.flatten({_LEFT})"),
        ("FlattenExt", f"mint.flatten({_LEFT}, 1)"),
        ("StridedSlice", f"{_LEFT}[:, 1:, ::2]"),
        ("StridedSlice", f"{_LEFT}[:, -1]"),
        ("Concat", f"ops.concat(({_LEFT}, {_RIGHT}), -1)"),
        ("Stack", f"ops.stack(({_LEFT}, {_RIGHT}), 1)"),
        ("Split", f"ops.split({_LEFT}, 3, 1)[1]"),
        ("SplitTensorView", f"mint.split({_LEFT}, 2, 2)[2]"),
        ("Unstack", f"ops.unstack({_LEFT}, 1)[2]"),
        ("Tile", f"ops.tile({_LEFT}, (1, 2, 1))"),
        ("BroadcastTo", f"ops.broadcast_to({_LEFT}[:, :1], (-1, 4, -1))"),
        ("ReverseV2", f"ops.flip({_LEFT}, (1, 2))"),
        ("Gather", f"ops.gather({_LEFT}, ms.Tensor([4, 0]), 2)"),
        ("Select", f"ops.where(x > y, {_LEFT}, {_RIGHT})"),
        ("SumExt", f"{_LEFT}.sum(1)"),
        ("ReduceMean", f"{_LEFT}.mean(-1)"),
        ("MeanExt", f"mint.mean({_LEFT}, 1)"),
        ("CumSum", f"ops.cumsum({_LEFT}, 1)"),
        ("FFTShift", f"ops.fftshift({_LEFT}, (1, 2))"),
        ("IFFTShift", f"ops.ifftshift({_LEFT}, (1,))"),
        ("TransposeView", f"mint.permute({_LEFT}, (0, 2, 1))"),
        ("TransposeExtView", f"mint.transpose({_LEFT}, 1, 2)"),
        ("ExpandDimsView", f"mint.unsqueeze({_LEFT}, 1)"),
        ("SelectExtView", f"mint.select({_LEFT}, 1, 1)"),
    )),
    call("Cast", f"{_LEFT}.astype(ms.float32), ops.abs({_LEFT}).astype(ms.float32)", _PLANE, _PLANE),
    call("Angle", f"ops.angle({_LEFT}), ops.angle(ops.Complex()(ops.relu(x), ops.relu(y) * 0))", _PLANE, _PLANE),
    call("ComplexAbs", "ops.operations.math_ops.ComplexAbs()(ops.Complex()(x, y))", f(2, 5), f(2, 5)),
]  # fmt: skip
