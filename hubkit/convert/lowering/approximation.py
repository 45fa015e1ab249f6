"""Functions that MindSpore approximates on a CPU: exact ones, or its own formulas where those differ too much.

The formulas are those of its kernels in float32, as their results tell: they give the same to 5e-7 (Tanh), and to 2e-6
of the value (Exp; Sigmoid and SiLU, which are made of it). The last few elements of a thread those compute exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.registry import lowering

APPROXIMATED_TYPE = "float32"
"""The element type in which MindSpore approximates them."""

OFF = {
    "Exp": "2.6e-5 of the value",
    "Sigmoid": "2.6e-5 of the value",
    "SiLU": "2.6e-5 of the value",
    "Tanh": "1.1e-4",
}
"""MindIR operator -> by how much MindSpore's is off at most."""

# The factors of 1, x^2, x^4, x^6 above and below the line, divided by a power of two, which rounds nothing: a float16
# file holds no larger ones.
_LAMBERT_ABOVE = tuple(factor / 2**17 for factor in (135135, 17325, 378, 1))
_LAMBERT_BELOW = tuple(factor / 2**17 for factor in (135135, 62370, 3150, 28))
# Twice Taylor's factors of exp, for half a power of two: of 16 a float16 file holds the half only.
_TAYLOR = (2, 2, 1, 1 / 3, 1 / 12, 1 / 60)
_LN_2 = np.float32(0.693147)  # as the kernel has it, which is what most of its error comes from
_LN_2_ABOVE = np.float32(2839 / 4096)  # so many bits of it that any multiple which is needed is exact, and the rest
_LN_2_BELOW = _LN_2 - _LN_2_ABOVE
_GREATEST = 104.0  # of the exponents; beyond, a float32 is infinite or 0


@lowering("Tanh")
def tanh(g: Builder, call: Call) -> Value:
    """Tanh(x) -> Tanh, or, where an exact one differs too much from MindSpore on a CPU, its formula -> Mul, Add, Div,
    Greater, Where: x / (1 + x^2 / (3 + x^2 / (5 + ... x^2 / 13))), which is off by up to 1.1e-4; 1 or -1 beyond 5.
    """
    return _either(g, call, "Tanh", _lambert_tanh)


@lowering("Exp")
def exp(g: Builder, call: Call) -> Value:
    """Exp(x) -> Exp, or, where an exact one differs too much from MindSpore on a CPU, its formula -> Clip, Div, Round,
    Mul, Sub, Add, Pow: 2^n times a polynomial of x - n ln 2, which is off by up to 2.6e-5 of the value.

    Integers are cast first where the result is not of their type.
    """
    return _either(g, call, "Exp", _taylor_exp)


@lowering("Sigmoid")
def sigmoid(g: Builder, call: Call) -> Value:
    """Sigmoid(x) -> Sigmoid, or, where an exact one differs too much from MindSpore on a CPU, 1 / (1 + exp(-x)) with
    its formula of Exp -> Neg, that of Exp, Add, Reciprocal, which is off by up to 2.6e-5 of the value.
    """
    return _either(g, call, "Sigmoid", _taylor_sigmoid)


@lowering("SiLU")
def silu(g: Builder, call: Call) -> Value:
    """SiLU(x) = x * sigmoid(x) -> Sigmoid, Mul, or, where an exact one differs too much from MindSpore on a CPU,
    x / (1 + exp(-x)) with its formula of Exp -> Neg, that of Exp, Add, Div, which is off by up to 2.6e-5 of the value.
    """
    x = call.tensor(g, 0)
    if _is_approximated(g, x):
        return g.node("Div", x, _one_and_taylor(g, x))
    return g.node("Mul", x, g.node("Sigmoid", x))


def _either(g: Builder, call: Call, op: str, formula: Callable[[Builder, Value], Value]) -> Value:
    x = call.tensor(g, 0)
    if not x.dtype.is_float and call.result.dtype.is_float:
        x = cast_to(g, x, call.result.dtype)
    return formula(g, x) if _is_approximated(g, x) else g.node(op, x)


def _is_approximated(g: Builder, x: Value) -> bool:
    return g.approximate and x.dtype.name == APPROXIMATED_TYPE


def _lambert_tanh(g: Builder, x: Value) -> Value:
    """Lambert's continued fraction to its seventh step: a quotient of two polynomials."""
    square = g.node("Mul", x, x)
    above, below = (_polynomial(g, square, factors) for factors in (_LAMBERT_ABOVE, _LAMBERT_BELOW))
    beyond = g.node("Greater", g.node("Abs", x), g.constant(5, x.dtype))
    return g.node("Where", beyond, g.node("Sign", x), g.node("Div", g.node("Mul", above, x), below))


def _taylor_exp(g: Builder, x: Value) -> Value:
    """Taylor's polynomial of the fifth degree, around the nearest power of two."""
    x = g.node("Clip", x, g.constant(-_GREATEST, x.dtype), g.constant(_GREATEST, x.dtype))
    power = g.node("Round", g.node("Div", x, g.constant(_LN_2, x.dtype)))
    rest = x  # less power times ln 2, which the kernel subtracts without rounding the product
    for part in (_LN_2_ABOVE, _LN_2_BELOW):
        rest = g.node("Sub", rest, g.node("Mul", power, g.constant(part, x.dtype)))
    half = g.node("Pow", g.constant(2, x.dtype), g.node("Sub", power, g.constant(1, x.dtype)))
    return g.node("Mul", _polynomial(g, rest, _TAYLOR), half)


def _taylor_sigmoid(g: Builder, x: Value) -> Value:
    return g.node("Reciprocal", _one_and_taylor(g, x))


def _one_and_taylor(g: Builder, x: Value) -> Value:
    """1 + exp(-x)"""
    return g.node("Add", g.constant(1, x.dtype), _taylor_exp(g, g.node("Neg", x)))


def _polynomial(g: Builder, x: Value, factors: Sequence[float]) -> Value:
    """factors[0] + factors[1] x + factors[2] x^2 + ..., by Horner's rule."""
    *others, value = (g.constant(factor, x.dtype) for factor in factors)
    for factor in reversed(others):
        value = g.node("Add", g.node("Mul", value, x), factor)
    return value
