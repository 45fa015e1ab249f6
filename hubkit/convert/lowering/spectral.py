"""Fourier transforms: products with constant matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, Complex, axis_of, counted
from hubkit.convert.lowering.complex_numbers import as_complex, given_complex
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.padding import fitted
from hubkit.convert.lowering.rearrange import cut
from hubkit.convert.lowering.registry import lowering

_MAX_POINTS = 2048  # a matrix of as many rows and columns
_TO_THE_END = 2**31 - 1
_Axis = tuple[int, int | None]  # an axis, and its size where that is given
# MindSpore's numbers of how transforms are scaled -> the share of the whole scale that the forward one takes.
_FORWARD_SHARE = {None: 0.0, 0: 0.0, 1: 1.0, 2: 0.5}


@lowering("FFT", "FFT2", "FFTN", "IFFT", "IFFT2", "IFFTN")
def fft(g: Builder, call: Call) -> Argument:
    """FFT(x, n, dim, norm), FFT2(x, s, dim, norm), FFTN, IFFT, IFFT2, IFFTN: complex -> MatMul with constants an axis.

    Up to 2048 points an axis.
    """
    value: Value | Complex = given_complex(g, call)
    inverse = call.node.op.startswith("I")
    for axis, size in _axes(call, _rank(value)):
        value = _transformed(g, value, axis, size, inverse=inverse, share=_share(call, inverse=inverse))
    return value


@lowering("RFFT", "RFFT2", "RFFTN")
def rfft(g: Builder, call: Call) -> Argument:
    """RFFT(x, n, dim, norm), RFFT2(x, s, dim, norm), RFFTN: of real numbers, the first half and the middle, complex
    -> MatMul with constants an axis. Up to 2048 points an axis.
    """
    value: Value | Complex = given_complex(g, call)
    if isinstance(value, Complex):
        raise CannotLowerError("it is given complex numbers")
    return _first_half(g, value, _axes(call, value.rank), _share(call, inverse=False))


@lowering("IRFFT", "IRFFT2", "IRFFTN")
def irfft(g: Builder, call: Call) -> Value:
    """IRFFT(x, n, dim, norm), IRFFT2(x, s, dim, norm), IRFFTN: of the first half and the middle, real -> MatMul with
    constants an axis. Up to 2048 points an axis.
    """
    value: Value | Complex = given_complex(g, call)
    return _of_first_half(g, value, _axes(call, _rank(value)), _share(call, inverse=True))


@lowering("FFTWithSize")
def fft_with_size(g: Builder, call: Call) -> Argument:
    """FFTWithSize(x; signal_ndim, inverse, real, norm="backward", onesided=True, signal_sizes=()): one of the other
    transforms, along the last axes -> MatMul with constants an axis. Up to 2048 points an axis.
    """
    value: Value | Complex = given_complex(g, call)
    if isinstance(value, Value) and not value.dtype.is_float:
        value = cast_to(g, value, BY_NAME["float32"])
    inverse, real = bool(call.constant("inverse", 2)), bool(call.constant("real", 3))
    share = _share(call, 4, inverse=inverse)
    rank, sizes = _rank(value), call.ints("signal_sizes", 6)
    first = rank - counted(call.constant("signal_ndim", 1))
    axes: list[_Axis] = [(axis, sizes[axis - first] if sizes else None) for axis in range(first, rank)]
    if real and call.constant("onesided", 5, default=True):
        if inverse:
            return _of_first_half(g, value, axes, share)
        if isinstance(value, Value):
            return _first_half(g, value, axes, share)
    for axis, size in axes:
        value = _transformed(g, value, axis, size, inverse=inverse, share=share)
    return value.real if real and inverse and isinstance(value, Complex) else value


@lowering("STFT")
def stft(g: Builder, call: Call) -> Value:
    """STFT(x, window; n_fft, hop_length, win_length, normalized, onesided, return_complex): frames of a signal, real
    and imaginary parts in the last axis -> Gather, MatMul with constants, Concat. Up to 2048 points.
    """
    if call.constant("return_complex", default=False):
        raise CannotLowerError("it returns complex numbers")
    x, window = call.tensor(g, 0), np.asarray(call.constant("window", 1), np.float64)
    points, hop = counted(call.constant("n_fft")), counted(call.constant("hop_length"))
    if points > _MAX_POINTS or len(window) > points:
        raise CannotLowerError(f"it is of {points} points, its window of {len(window)}")
    before = (points - len(window)) // 2
    window = np.pad(window, (before, points - len(window) - before))
    frames = counted((whole(x, x.rank - 1) - points) // hop + 1)
    places = np.arange(frames)[:, None] * hop + np.arange(points)
    taken = g.node("Gather", x, g.constant(places, "int64"), axis=x.rank - 1)
    bins = points // 2 + 1 if call.constant("onesided", default=True) else points
    angle = 2 * np.pi * np.outer(np.arange(points), np.arange(bins)) / points
    scale = points**-0.5 if call.constant("normalized", default=False) else 1.0
    parts = [
        g.node("MatMul", taken, g.constant(window[:, None] * wave * scale, x.dtype))
        for wave in (np.cos(angle), -np.sin(angle))
    ]
    order = [*range(x.rank - 1), x.rank, x.rank - 1]
    parts = [g.node("Unsqueeze", g.node("Transpose", part, perm=order), g.ints(x.rank + 1)) for part in parts]
    return cast_to(g, g.node("Concat", *parts, axis=x.rank + 1), call.result.dtype)


@lowering("FFTShift", "IFFTShift")
def fft_shift(g: Builder, call: Call) -> Value:
    """FFTShift(x, dim=None), IFFTShift: the first half of each axis behind the second -> Slice, Concat."""
    x, given = call.tensor(g, 0), call.constant("dim", 1, None)
    axes = range(x.rank) if given is None else [axis_of(axis, x.rank) for axis in call.ints("dim", 1)]
    for axis in axes:
        size = whole(x, axis)
        middle = size // 2 if call.node.op == "IFFTShift" else -(-size // 2)
        if 0 < middle < size:
            x = g.node("Concat", cut(g, x, axis, middle, _TO_THE_END), cut(g, x, axis, 0, middle), axis=axis)
    return x


def _first_half(g: Builder, value: Value, axes: list[_Axis], share: float) -> Complex:
    """The transform of reals along ``axes``: of the last one the first half and the middle."""
    (last, size), others = axes[-1], axes[:-1]
    found = _transformed(g, value, last, size, inverse=False, share=share)
    kept = found.real.shape[last] // 2 + 1
    found = Complex(*(cut(g, part, last, 0, kept) for part in (found.real, found.imag)))
    for axis, count in others:
        found = _transformed(g, found, axis, count, inverse=False, share=share)
    return found


def _of_first_half(g: Builder, value: Value | Complex, axes: list[_Axis], share: float) -> Value:
    """The reals whose transform along ``axes`` has ``value`` as first half and middle of the last one."""
    (last, size), others = axes[-1], axes[:-1]
    for axis, count in others:
        value = _transformed(g, value, axis, count, inverse=True, share=share)
    value = as_complex(g, value)
    size = size if size is not None else 2 * (whole(value.real, last) - 1)
    kept = counted(size) // 2 + 1
    angle = 2 * np.pi * np.outer(np.arange(kept), np.arange(size)) / size
    twice = np.full((kept, 1), 2.0)
    twice[0] = 1
    twice[size // 2 :] = 1 if size % 2 == 0 else 2
    scale = float(size) ** -share
    real = _product(g, fitted(g, value.real, last, kept), last, twice * np.cos(angle) * scale)
    imag = _product(g, fitted(g, value.imag, last, kept), last, twice * np.sin(angle) * scale)
    return g.node("Sub", real, imag)


def _rank(value: Value | Complex) -> int:
    return value.real.rank if isinstance(value, Complex) else value.rank


def _axes(call: Call, rank: int) -> list[_Axis]:
    """The axes that a transform is along, and their sizes where they are given."""
    sizes = call.ints("n", 1) if call.constant("n", 1, None) is not None else ()
    if call.constant("dim", 2, None) is not None:
        axes = [axis_of(axis, rank) for axis in call.ints("dim", 2)]
    else:
        axes = list(range(rank - len(sizes) if sizes else 0, rank))
    return list(zip(axes, sizes or [None] * len(axes), strict=True))


def _share(call: Call, place: int = 3, *, inverse: bool) -> float:
    """The power of the number of points that the result is divided by; ``norm`` is the argument at ``place``."""
    forward = _FORWARD_SHARE[call.constant("norm", place, None)]
    return 1 - forward if inverse else forward


def _transformed(
    g: Builder, value: Value | Complex, axis: int, size: int | None, *, inverse: bool, share: float
) -> Complex:
    parts = [value.real, value.imag] if isinstance(value, Complex) else [value]
    size = counted(size if size is not None else whole(parts[0], axis))
    if size > _MAX_POINTS:
        raise CannotLowerError(f"it is of {size} points")
    angle = 2 * np.pi * np.outer(np.arange(size), np.arange(size)) / size
    scale = float(size) ** -share
    cosine, sine = np.cos(angle) * scale, np.sin(angle) * scale * (1 if inverse else -1)
    parts = [fitted(g, part, axis, size) for part in parts]
    real, imag = _product(g, parts[0], axis, cosine), _product(g, parts[0], axis, sine)
    if len(parts) > 1:
        real = g.node("Sub", real, _product(g, parts[1], axis, sine))
        imag = g.node("Add", imag, _product(g, parts[1], axis, cosine))
    return Complex(real, imag)


def _product(g: Builder, x: Value, axis: int, matrix: NDArray[Any]) -> Value:
    """``x`` times ``matrix`` along ``axis``."""
    order = [place for place in range(x.rank) if place != axis] + [axis]
    back = [order.index(place) for place in range(x.rank)]
    moved = x if axis == x.rank - 1 else g.node("Transpose", x, perm=order)
    found = g.node("MatMul", moved, g.constant(matrix, x.dtype))
    return found if axis == x.rank - 1 else g.node("Transpose", found, perm=back)
