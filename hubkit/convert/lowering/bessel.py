"""Modified Bessel functions of the first kind, which ONNX has no operator for: sums of Chebyshev polynomials."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.registry import lowering

_EDGE = 8.0  # up to it a sum in x, beyond it one in 1 / x
_DEGREES = (24, 12)
_POINTS = 1 << 14
_Function: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float64]]
_FLOAT32 = BY_NAME["float32"]


@lowering("BesselI0", "BesselI0e", "BesselI1", "BesselI1e")
def bessel_i(g: Builder, call: Call) -> Value:
    """BesselI0(x), BesselI1(x), BesselI0e(x): exp(-|x|) I0(x), BesselI1e(x) -> Abs, Min, Max, Mul, Add, Sub, Sqrt, Div,
    Where; Exp, Sign. In float32.
    """
    given, order = call.tensor(g, 0), int("I1" in call.node.op)
    x = cast_to(g, given, _FLOAT32)
    size = g.node("Abs", x)
    inner, outer = (g.node(op, size, g.constant(_EDGE, _FLOAT32)) for op in ("Min", "Max"))
    low = _sum(g, g.node("Sub", g.node("Mul", inner, _number(g, 2 / _EDGE)), _number(g, 1)), _series(order)[0])
    low = g.node("Mul", low, inner) if order else low
    high = _sum(g, g.node("Sub", g.node("Div", _number(g, 2 * _EDGE), outer), _number(g, 1)), _series(order)[1])
    high = g.node("Div", high, g.node("Sqrt", outer))
    result = g.node("Where", g.node("Less", size, _number(g, _EDGE)), low, high)
    if order:
        result = g.node("Mul", result, g.node("Sign", x))
    if not call.node.op.endswith("e"):
        result = g.node("Mul", result, g.node("Exp", size))
    return cast_to(g, result, given.dtype)


def _number(g: Builder, value: float) -> Value:
    return g.constant(value, _FLOAT32)


def _sum(g: Builder, place: Value, coefficients: NDArray[np.float64]) -> Value:
    """The sum of Chebyshev polynomials at ``place``, -1 to 1, by Clenshaw's recurrence."""
    twice = g.node("Add", place, place)
    behind, last = _number(g, 0), _number(g, float(coefficients[-1]))
    for coefficient in coefficients[-2:0:-1]:
        ahead = g.node("Add", g.node("Mul", twice, last), _number(g, float(coefficient)))
        behind, last = last, g.node("Sub", ahead, behind)
    total = g.node("Add", g.node("Mul", place, last), _number(g, float(coefficients[0])))
    return g.node("Sub", total, behind)


@cache
def _series(order: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The coefficients of exp(-x) I(x), by x where the order is 1, up to the edge; and of that by sqrt(x) beyond it."""

    def low(place: NDArray[np.float64]) -> NDArray[np.float64]:
        x = (place + 1) * _EDGE / 2
        return _scaled(order, x) / x if order else _scaled(order, x)

    def high(place: NDArray[np.float64]) -> NDArray[np.float64]:
        x = 2 * _EDGE / (place + 1)
        found: NDArray[np.float64] = _scaled(order, x) * np.sqrt(x)
        return found

    return _interpolated(low, _DEGREES[0]), _interpolated(high, _DEGREES[1])


def _interpolated(function: _Function, degree: int) -> NDArray[np.float64]:
    """The coefficients of the polynomials up to ``degree`` whose sum is ``function`` at as many places."""
    angles = np.pi * (np.arange(degree + 1) + 0.5) / (degree + 1)
    waves = np.cos(np.multiply.outer(np.arange(degree + 1), angles))
    found: NDArray[np.float64] = 2 / (degree + 1) * waves @ function(np.cos(angles))
    found[0] /= 2
    return found


def _scaled(order: int, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """exp(-x) I(x), as the mean of exp(x (cos a - 1)) cos(order a) over all angles a."""
    angles = 2 * np.pi * np.arange(_POINTS) / _POINTS
    waves = np.exp(np.multiply.outer(x, np.cos(angles) - 1)) * np.cos(order * angles)
    mean: NDArray[np.float64] = waves.mean(axis=-1)
    return mean
