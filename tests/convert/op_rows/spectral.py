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
    call("ComplexAbs", "ops.operations.math_ops.ComplexAbs()(ops.Complex()(x, y))", f(2, 5), f(2, 5)),
]  # fmt: skip
