"""Complex numbers: pairs of tensors, until a part of them is read. What operators that reals have too do to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, Complex
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.registry import LOWERINGS, lowering
from hubkit.convert.lowering.special import angle_of
from hubkit.convert.mindir_graph import ComplexType, ValueType

# Operators that do the same to both parts.
_OF_EACH_PART = (
    "BroadcastTo", "Concat", "CumSum", "ExpandDims", "ExpandDimsView", "FFTShift", "Flatten", "FlattenExt", "Gather",
    "IFFTShift", "MeanExt", "Neg", "ReduceMean", "ReduceSum", "Reshape", "ReverseV2", "Select", "SelectExtView",
    "Split", "SplitTensorView", "Squeeze", "Stack", "StridedSlice", "SumExt", "Tile", "Transpose", "TransposeExtView",
    "TransposeView", "Unstack",
)  # fmt: skip


@lowering("Complex")
def complex_(g: Builder, call: Call) -> Argument:
    """Complex(real, imag): complex numbers -> nothing: two tensors, until a part of them is read."""
    return Complex(call.tensor(g, 0), call.tensor(g, 1))


@lowering("Polar")
def polar(g: Builder, call: Call) -> Argument:
    """Polar(size, angle): complex numbers -> Cos, Sin, Mul."""
    return _polar(g, call.tensor(g, 0), call.tensor(g, 1))


@lowering("ComplexAbs")
def complex_abs(g: Builder, call: Call) -> Value:
    """ComplexAbs(x): how far from 0 complex numbers are -> Mul, Add, Sqrt."""
    return g.node("Sqrt", _squared(g, _complex(call)))


@lowering("Angle")
def angle(g: Builder, call: Call) -> Value:
    """Angle(x): the angle of complex numbers -> as for Atan2."""
    x = _complex(call)
    return angle_of(g, x.imag, x.real)


@lowering("Conj", "Real", "Imag")
def part(g: Builder, call: Call) -> Argument:
    """Conj(x), Real, Imag -> nothing, Neg of the imaginary part; the imaginary part of real numbers: Mul by 0."""
    x = given_complex(g, call)
    if isinstance(x, Complex):
        if call.node.op == "Conj":
            return _conjugate(g, x)
        return x.real if call.node.op == "Real" else x.imag
    return g.node("Mul", x, g.constant(0, x.dtype)) if call.node.op == "Imag" else x


def of_complex(g: Builder, call: Call) -> Argument:
    """What one of `OF_REALS` does to complex numbers. Raises CannotLowerError as the operator of reals does."""
    return _OF_COMPLEX.get(call.node.op, _each_part)(g, call)


def as_complex(g: Builder, value: Value | Complex) -> Complex:
    """``value``, whose imaginary part is 0 where it is real."""
    return value if isinstance(value, Complex) else Complex(value, g.node("Mul", value, g.constant(0, value.dtype)))


def given_complex(g: Builder, call: Call) -> Value | Complex:
    """The first argument, real or complex."""
    given = call.arguments[0]
    return given if isinstance(given, Complex) else call.tensor(g, 0)


def _each_part(g: Builder, call: Call) -> Argument:
    """The operator of reals, once for each part."""
    node = replace(call.node, output_type=_type_of_part(call.node.output_type))
    parts = (Call(node, tuple(_part(given, name) for given in call.arguments), call.asked) for name in ("real", "imag"))
    return _pairs(*(LOWERINGS[node.op].function(g, each) for each in parts))


def _sum(g: Builder, call: Call) -> Argument:
    op = "Sub" if call.node.op.startswith("Sub") else "Add"
    if call.constant("alpha", 2, 1) != 1:
        raise CannotLowerError("it is given complex numbers and a factor")
    first, second = (as_complex(g, each) for each in _operands(g, call))
    return Complex(g.node(op, first.real, second.real), g.node(op, first.imag, second.imag))


def _product(g: Builder, call: Call) -> Argument:
    first, second = _operands(g, call)
    if isinstance(first, Value):
        first, second = second, first
    assert isinstance(first, Complex), "one of them is"
    return _times(g, "Mul", first, second)


def _quotient(g: Builder, call: Call) -> Argument:
    first, second = _operands(g, call)
    if isinstance(second, Complex):
        first, second = _times(g, "Mul", _conjugate(g, second), first), _squared(g, second)
    assert isinstance(first, Complex), "one of them is"
    return Complex(g.node("Div", first.real, second), g.node("Div", first.imag, second))


def _matrix_product(g: Builder, call: Call) -> Argument:
    if call.constant("transpose_a", 2, False) or call.constant("transpose_b", 3, False):
        raise CannotLowerError("it transposes complex numbers")
    first, second = _operands(g, call)
    return _times(g, "MatMul", as_complex(g, first), second)


def _absolute(g: Builder, call: Call) -> Argument:
    """MindSpore's Abs gives complex numbers again."""
    return as_complex(g, g.node("Sqrt", _squared(g, _complex(call))))


def _reciprocal(g: Builder, call: Call) -> Argument:
    x = _complex(call)
    size = _squared(g, x)
    return Complex(g.node("Div", x.real, size), g.node("Neg", g.node("Div", x.imag, size)))


def _square(g: Builder, call: Call) -> Argument:
    x = _complex(call)
    return _times(g, "Mul", x, x)


def _exponential(g: Builder, call: Call) -> Argument:
    x = _complex(call)
    return _polar(g, g.node("Exp", x.real), x.imag)


def _cast(g: Builder, call: Call) -> Argument:
    """To complex numbers, or to reals: then the real parts."""
    x, type_ = given_complex(g, call), call.node.output_type
    if not isinstance(type_, ComplexType):
        return cast_to(g, as_complex(g, x).real, call.result.dtype)
    if isinstance(x, Value):
        return as_complex(g, cast_to(g, x, type_.part.dtype))
    return Complex(cast_to(g, x.real, type_.part.dtype), cast_to(g, x.imag, type_.part.dtype))


_OF_COMPLEX: dict[str, Callable[[Builder, Call], Argument]] = {
    "Abs": _absolute,
    "Add": _sum,
    "AddExt": _sum,
    "BatchMatMul": _matrix_product,
    "Cast": _cast,
    "Div": _quotient,
    "Divs": _quotient,
    "Exp": _exponential,
    "MatMul": _matrix_product,
    "MatMulExt": _matrix_product,
    "Mul": _product,
    "Muls": _product,
    "RealDiv": _quotient,
    "Reciprocal": _reciprocal,
    "Square": _square,
    "Sub": _sum,
    "SubExt": _sum,
}

OF_REALS = frozenset({*_OF_EACH_PART, *_OF_COMPLEX})
"""Operators that reals have too, and that `of_complex` takes for complex numbers."""


def _complex(call: Call) -> Complex:
    x = call.arguments[0]
    if not isinstance(x, Complex):
        raise CannotLowerError("it is given no complex numbers")
    return x


def _operands(g: Builder, call: Call) -> tuple[Value | Complex, Value | Complex]:
    like = next((given.real for given in call.arguments if isinstance(given, Complex)), None)
    if like is None:
        raise CannotLowerError("it is given no complex numbers")
    first, second = (
        given if isinstance(given := call.arguments[place], Complex) else call.tensor(g, place, like)
        for place in (0, 1)
    )
    return first, second


def _times(g: Builder, op: str, first: Complex, second: Value | Complex) -> Complex:
    """The product ``op``, Mul or MatMul."""
    if isinstance(second, Value):
        return Complex(g.node(op, first.real, second), g.node(op, first.imag, second))
    real = g.node("Sub", g.node(op, first.real, second.real), g.node(op, first.imag, second.imag))
    imag = g.node("Add", g.node(op, first.real, second.imag), g.node(op, first.imag, second.real))
    return Complex(real, imag)


def _polar(g: Builder, size: Value, turned: Value) -> Complex:
    return Complex(*(g.node("Mul", size, g.node(word, turned)) for word in ("Cos", "Sin")))


def _conjugate(g: Builder, x: Complex) -> Complex:
    return Complex(x.real, g.node("Neg", x.imag))


def _squared(g: Builder, x: Complex) -> Value:
    """The squares of how far from 0 ``x`` is."""
    return g.node("Add", *(g.node("Mul", part, part) for part in (x.real, x.imag)))


def _part(given: Argument, name: str) -> Argument:
    """The part ``name`` of complex numbers; what is given beside them: masks, places, numbers."""
    if isinstance(given, tuple):
        return tuple(_part(each, name) for each in given)
    if isinstance(given, Value) and given.dtype.is_float:
        raise CannotLowerError("it is given complex and real numbers")
    return getattr(given, name) if isinstance(given, Complex) else given


def _pairs(real: Argument, imag: Argument) -> Argument:
    if isinstance(real, tuple) and isinstance(imag, tuple):
        return tuple(map(_pairs, real, imag))
    assert isinstance(real, Value), "what it does to tensors gives tensors"
    assert isinstance(imag, Value), "what it does to tensors gives tensors"
    return Complex(real, imag)


def _type_of_part(type_: ValueType) -> ValueType:
    if isinstance(type_, tuple):
        return tuple(map(_type_of_part, type_))
    return type_.part if isinstance(type_, ComplexType) else type_
