"""The incomplete gamma and beta functions: a series and continued fractions, in float64."""

from __future__ import annotations

from collections.abc import Sequence

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.gamma import log_gamma
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.repetition import repeated

_FLOAT64 = BY_NAME["float64"]
_TERMS = 300  # enough for float32 up to parameters of some thousands: it grows with their square root
_TINY = 1e-300  # in place of a denominator of 0 (Lentz's method)


@lowering("Igamma", "Igammac")
def igamma(g: Builder, call: Call) -> Value:
    """Igamma(a, x), Igammac: the regularised incomplete gamma function, the lower and the upper -> in float64 a Loop of
    a series below x = a + 1 and of a continued fraction above: Mul, Div, Add; Exp, Log, Where.

    NaN where a is not above 0, or x is below 0. Of a up to some thousands.
    """
    dtype = call.result.dtype
    a, x = (cast_to(g, call.tensor(g, place), _FLOAT64) for place in (0, 1))
    zero, one = _number(g, 0), _number(g, 1)
    outside = g.node("Or", g.node("Less", x, zero), g.node("LessOrEqual", a, zero))
    positive = g.node("Greater", x, zero)
    safe_a, safe_x = (
        g.node("Where", outside, one, a),
        g.node("Where", g.node("And", positive, _is_finite(g, x)), x, one),
    )
    scale = g.node("Sub", g.node("Sub", g.node("Mul", safe_a, g.node("Log", safe_x)), safe_x), log_gamma(g, safe_a))
    scale = g.node("Exp", scale)
    low = g.node("Mul", scale, _series(g, safe_a, safe_x))
    high = g.node("Mul", scale, _gamma_fraction(g, safe_a, safe_x))
    near = g.node("Less", safe_x, g.node("Add", safe_a, one))
    upper = call.node.op == "Igammac"
    first, second = (g.node("Sub", one, low), high) if upper else (low, g.node("Sub", one, high))
    result = g.node("Where", near, first, second)
    ends = [_number(g, int(upper)), _number(g, int(not upper))]
    result = g.node("Where", positive, g.node("Where", _is_finite(g, x), result, ends[1]), ends[0])
    unknown = g.node("Or", outside, g.node("Or", g.node("IsNaN", a), g.node("IsNaN", x)))
    return cast_to(g, g.node("Where", unknown, _number(g, float("nan")), result), dtype)


@lowering("Betainc")
def betainc(g: Builder, call: Call) -> Value:
    """Betainc(a, b, x): the regularised incomplete beta function -> in float64 a Loop of a continued fraction: Mul,
    Div, Add; Exp, Log, Where. Of a and b above 0, and x from 0 to 1.
    """
    dtype = call.result.dtype
    a, b, x = (cast_to(g, call.tensor(g, place), _FLOAT64) for place in range(3))
    zero, one = _number(g, 0), _number(g, 1)
    both = g.node("Add", a, b)
    turned = g.node("Greater", x, g.node("Div", g.node("Add", a, one), g.node("Add", both, _number(g, 2))))
    p, q = (g.node("Where", turned, *pair) for pair in ((b, a), (a, b)))
    y = g.node("Where", turned, g.node("Sub", one, x), x)
    inner = g.node("And", g.node("Greater", x, zero), g.node("Less", x, one))
    safe = g.node("Where", inner, y, _number(g, 0.5))
    powers = g.node("Mul", p, g.node("Log", safe))
    powers = g.node("Add", powers, g.node("Mul", q, g.node("Log", g.node("Sub", one, safe))))
    gammas = g.node("Sub", log_gamma(g, both), g.node("Add", log_gamma(g, a), log_gamma(g, b)))
    scale = g.node("Div", g.node("Exp", g.node("Add", powers, gammas)), p)
    part = g.node("Mul", scale, _beta_fraction(g, p, q, safe))
    result = g.node("Where", turned, g.node("Sub", one, part), part)
    result = g.node("Where", inner, result, g.node("Where", g.node("Greater", x, zero), one, zero))
    return cast_to(g, result, dtype)


def _series(g: Builder, a: Value, x: Value) -> Value:
    """The sum of x^n / (a (a + 1) ... (a + n))."""
    first = g.node("Add", g.node("Mul", x, _number(g, 0)), g.node("Reciprocal", a))

    def longer(count: Value, state: Sequence[Value]) -> list[Value]:
        term, total = state
        step = g.node("Add", _next(g, count), a)
        term = g.node("Mul", term, g.node("Div", x, step))
        return [term, g.node("Add", total, term)]

    return repeated(g, _TERMS, (first, first), longer)[1]


def _gamma_fraction(g: Builder, a: Value, x: Value) -> Value:
    """1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - ...)))."""
    begin = g.node("Add", g.node("Sub", x, a), _number(g, 1))

    def deeper(count: Value, state: Sequence[Value]) -> list[Value]:
        number = _next(g, count)
        top = g.node("Mul", number, g.node("Sub", a, number))
        bottom = g.node("Add", begin, g.node("Add", number, number))
        return _lentz(g, top, bottom, state)

    inverse = g.node("Reciprocal", _not_zero(g, begin))
    start = g.node("Add", begin, _number(g, 1 / _TINY))
    return repeated(g, _TERMS, (start, inverse, inverse), deeper)[2]


def _beta_fraction(g: Builder, a: Value, b: Value, x: Value) -> Value:
    """1 / (1 + d1 / (1 + d2 / (1 + ...))) of the incomplete beta function."""
    one, both = _number(g, 1), g.node("Add", a, b)

    def deeper(count: Value, state: Sequence[Value]) -> list[Value]:
        number = _next(g, count)
        twice = g.node("Add", a, g.node("Add", number, number))
        even = g.node("Mul", g.node("Mul", number, g.node("Sub", b, number)), x)
        even = g.node("Div", even, g.node("Mul", g.node("Sub", twice, one), twice))
        odd = g.node("Mul", g.node("Mul", g.node("Add", a, number), g.node("Add", both, number)), x)
        odd = g.node("Neg", g.node("Div", odd, g.node("Mul", twice, g.node("Add", twice, one))))
        return _lentz(g, odd, one, _lentz(g, even, one, state))

    first = g.node("Div", g.node("Mul", both, x), g.node("Add", a, one))
    inverse = g.node("Reciprocal", _not_zero(g, g.node("Sub", one, first)))
    start = g.node("Add", g.node("Mul", inverse, _number(g, 0)), one)
    return repeated(g, _TERMS, (start, inverse, inverse), deeper)[2]


def _lentz(g: Builder, top: Value, bottom: Value, state: Sequence[Value]) -> list[Value]:
    """One more level of a continued fraction, by Lentz's method: both of its ratios, and what it comes to."""
    ratio, inverse, total = state
    inverse = g.node("Reciprocal", _not_zero(g, g.node("Add", bottom, g.node("Mul", top, inverse))))
    ratio = _not_zero(g, g.node("Add", bottom, g.node("Div", top, ratio)))
    return [ratio, inverse, g.node("Mul", total, g.node("Mul", ratio, inverse))]


def _not_zero(g: Builder, x: Value) -> Value:
    return g.node("Where", g.node("Equal", x, _number(g, 0)), _number(g, _TINY), x)


def _next(g: Builder, count: Value) -> Value:
    """1, 2, 3 and so on."""
    return g.node("Add", cast_to(g, count, _FLOAT64), _number(g, 1))


def _is_finite(g: Builder, x: Value) -> Value:
    return g.node("Not", g.node("Or", g.node("IsInf", x), g.node("IsNaN", x)))


def _number(g: Builder, value: float) -> Value:
    return g.constant(value, _FLOAT64)
