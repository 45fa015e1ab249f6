"""The logarithm of the gamma function, its derivative, and the inverse of the error function."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.special import is_infinite

# From here on Stirling's series gives all digits of float32; what is smaller is moved behind it.
_FAR = 8
# Coefficients of Stirling's series, of 1/x, 1/x^3, 1/x^5, and of its derivative, of 1/x^2, 1/x^4, 1/x^6.
_LOG_GAMMA = (1 / 12, -1 / 360, 1 / 1260)
_DIGAMMA = (-1 / 12, 1 / 120, -1 / 252)
# M. Giles, "Approximating the erfinv function" (2010), single precision: near the middle and near the ends.
_ERFINV_MIDDLE = (
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164,
    0.246640727, 1.50140941,
)  # fmt: skip
_ERFINV_ENDS = (
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
    1.00167406, 2.83297682,
)  # fmt: skip


@lowering("Lgamma")
def lgamma(g: Builder, call: Call) -> Value:
    """Lgamma(x): log |gamma(x)| -> Stirling's series behind 8; Log, Mul, Sin, Where. Near 1 and 2, where it is 0, and
    near the zeros below 0, it is exact to about 2e-6.
    """
    x = call.tensor(g, 0)
    low = g.node("Less", x, g.constant(0.5, x.dtype))
    above = log_gamma(g, g.node("Where", low, g.node("Sub", g.constant(1, x.dtype), x), x))
    sine = g.node("Abs", g.node("Sin", g.node("Mul", _from_whole(g, x), g.constant(math.pi, x.dtype))))
    mirrored = g.node("Sub", g.node("Log", g.node("Div", g.constant(math.pi, x.dtype), sine)), above)
    result = g.node("Where", low, mirrored, above)
    return g.node("Where", is_infinite(g, x), g.constant(math.inf, x.dtype), result)


@lowering("Digamma")
def digamma(g: Builder, call: Call) -> Value:
    """Digamma(x): the derivative of log gamma(x) -> Stirling's series behind 8; Reciprocal, Log, Tan, Where.

    At 0 and the negative whole numbers, its poles, it is what dividing by 0 gives.
    """
    x = call.tensor(g, 0)
    low, one = g.node("Less", x, g.constant(0.5, x.dtype)), g.constant(1, x.dtype)
    near, far, terms = _moved(g, g.node("Where", low, g.node("Sub", one, x), x))
    inverse = g.node("Reciprocal", far)
    square = g.node("Mul", inverse, inverse)
    series = g.node("Mul", square, _polynomial(g, square, _DIGAMMA[::-1]))
    value = g.node("Sub", g.node("Log", far), g.node("Mul", inverse, g.constant(0.5, x.dtype)))
    value = g.node("Add", value, series)
    steps = _sum(g, [g.node("Reciprocal", term) for term in terms])
    value = g.node("Where", near, g.node("Sub", value, steps), value)
    angle = g.node("Mul", _from_whole(g, x), g.constant(math.pi, x.dtype))
    return g.node(
        "Where", low, g.node("Sub", value, g.node("Div", g.constant(math.pi, x.dtype), _tan(g, angle))), value
    )


@lowering("Erfinv")
def erfinv(g: Builder, call: Call) -> Value:
    """Erfinv(x): the inverse of Erf, infinite at -1 and 1, NaN beyond -> two polynomials of log(1 - x^2): Log, Mul,
    Add, Sqrt, Where. Exact to about 4e-7 of the result; MindSpore 2.10 on a CPU is less so beyond 0.98: 0.02 % at
    0.995, 2 % at 0.999, where such files differ.
    """
    x = call.tensor(g, 0)
    one = g.constant(1, x.dtype)
    size = g.node("Neg", g.node("Log", g.node("Mul", g.node("Sub", one, x), g.node("Add", one, x))))
    middle = _polynomial(g, g.node("Sub", size, g.constant(2.5, x.dtype)), _ERFINV_MIDDLE)
    root = g.node("Sqrt", g.node("Max", size, g.constant(0, x.dtype)))
    ends = _polynomial(g, g.node("Sub", root, g.constant(3, x.dtype)), _ERFINV_ENDS)
    factor = g.node("Where", g.node("Less", size, g.constant(5, x.dtype)), middle, ends)
    at_end = g.node("Equal", g.node("Abs", x), one)
    return g.node("Mul", x, g.node("Where", at_end, g.constant(math.inf, x.dtype), factor))


def log_gamma(g: Builder, x: Value) -> Value:
    """log(gamma(x)) of x above 0, in its element type."""
    near, far, terms = _moved(g, x)
    inverse = g.node("Reciprocal", far)
    series = g.node("Mul", inverse, _polynomial(g, g.node("Mul", inverse, inverse), _LOG_GAMMA[::-1]))
    main = g.node("Mul", g.node("Sub", far, g.constant(0.5, x.dtype)), g.node("Log", far))
    main = g.node("Add", g.node("Sub", main, far), g.constant(0.5 * math.log(2 * math.pi), x.dtype))
    whole = g.node("Add", main, series)
    product = terms[0]
    for term in terms[1:]:
        product = g.node("Mul", product, term)
    safe = g.node("Where", near, product, g.constant(1, x.dtype))
    return g.node("Sub", whole, g.node("Log", safe))


def _moved(g: Builder, x: Value) -> tuple[Value, Value, list[Value]]:
    """Whether x lies before the range of Stirling's series, x or what lies so far behind it, and the steps between."""
    near = g.node("Less", x, g.constant(_FAR, x.dtype))
    far = g.node("Where", near, g.node("Add", x, g.constant(_FAR, x.dtype)), x)
    return near, far, [x if step == 0 else g.node("Add", x, g.constant(step, x.dtype)) for step in range(_FAR)]


def _from_whole(g: Builder, x: Value) -> Value:
    """How far ``x`` is from the nearest whole number."""
    return g.node("Sub", x, g.node("Round", x))


def _tan(g: Builder, x: Value) -> Value:
    return g.node("Div", g.node("Sin", x), g.node("Cos", x))


def _polynomial(g: Builder, x: Value, coefficients: Sequence[float]) -> Value:
    """The greatest power first."""
    total = g.constant(coefficients[0], x.dtype)
    for coefficient in coefficients[1:]:
        total = g.node("Add", g.node("Mul", total, x), g.constant(coefficient, x.dtype))
    return total


def _sum(g: Builder, terms: Sequence[Value]) -> Value:
    total = terms[0]
    for term in terms[1:]:
        total = g.node("Add", total, term)
    return total
