"""Tensors made from numbers: filled, counted, one-hot."""

from __future__ import annotations

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import filled, filled_like
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.slicing import as_number, elements_of, expanded_to, numbers_to

_INT64 = BY_NAME["int64"]


@lowering("FillV2", "FillScalar")
def fill(g: Builder, call: Call) -> Value:
    """FillV2(shape, value), FillScalar(shape, value, dtype=None) -> a constant, or Expand."""
    return _filled(g, call, call.arguments[0], call.tensor(g, 1))


@lowering("LogSpace")
def log_space(g: Builder, call: Call) -> Value:
    """LogSpace(start, end; steps, base) -> a constant. Its arguments must be known."""
    start, end = call.constant("start", 0), call.constant("end", 1)
    powers = np.linspace(start, end, counted(call.constant("steps")))
    return g.constant(np.power(float(call.constant("base")), powers), call.result.dtype)


@lowering("BartlettWindow", "BlackmanWindow")
def window(g: Builder, call: Call) -> Value:
    """BartlettWindow(length; periodic=True): a triangle, BlackmanWindow: a sum of cosines -> a constant."""
    length = counted(*call.ints("window_length", 0))
    longer = length + int(call.constant("periodic", default=True)) if length > 1 else 1
    made = np.bartlett(longer) if call.node.op == "BartlettWindow" else np.blackman(longer)
    return g.constant(made[:length], call.result.dtype)


@lowering("HammingWindow")
def hamming_window(g: Builder, call: Call) -> Value:
    """HammingWindow(length; periodic, alpha, beta): alpha - beta cos -> a constant."""
    length = counted(*call.ints("length", 0))
    steps = length if call.constant("periodic", default=True) else max(length - 1, 1)
    angle = 2 * np.pi * np.arange(length) / steps
    alpha, beta = (call.constant(name, default=usual) for name, usual in (("alpha", 0.54), ("beta", 0.46)))
    return g.constant(np.ones(1) if length == 1 else alpha - beta * np.cos(angle), call.result.dtype)


@lowering("ZerosLike", "OnesLike", "ZerosLikeExt", "OnesLikeExt")
def zeros_like(g: Builder, call: Call) -> Value:
    """ZerosLike(x), OnesLike(x), ZerosLikeExt(x, dtype=None), OnesLikeExt(x, dtype=None)
    -> a constant, or Shape, Expand.
    """
    dtype = call.result.dtype
    return filled_like(g, call.tensor(g, 0), g.constant(int("Ones" in call.node.op), dtype), dtype)


@lowering("NewZeros", "NewOnes", "Zeros", "Ones")
def new_zeros(g: Builder, call: Call) -> Value:
    """NewZeros(x, size, dtype=None), NewOnes, Zeros(size, dtype=None), Ones -> a constant, or Expand."""
    number = g.constant(int(call.node.op.endswith("Ones")), call.result.dtype)
    return _filled(g, call, call.arguments[int(call.node.op.startswith("New"))], number)


def _filled(g: Builder, call: Call, shape: Argument, number: Value) -> Value:
    """A tensor of ``shape``, of which some sizes may be computed, whose elements are all ``number``."""
    dtype = call.result.dtype
    if not call.is_open:
        return filled(g, call.sizes, number, dtype)
    return expanded_to(g, cast_to(g, g.node("Reshape", number, g.ints()), dtype), elements_of(shape))


@lowering("FullLike", "Fills")
def full_like(g: Builder, call: Call) -> Value:
    """FullLike(x, value, dtype=None), Fills(x, value) -> a constant, or Shape, Expand."""
    x = call.tensor(g, 0)
    return filled_like(g, x, call.tensor(g, 1, x), call.result.dtype)


@lowering("LinSpace", "LinSpaceExt")
def lin_space(g: Builder, call: Call) -> Value:
    """LinSpace(start, stop, num), LinSpaceExt(start, end, steps, dtype=None) -> a constant; Sub, Mul, Add where an end
    is computed.
    """
    dtype, count = call.result.dtype, counted(call.constant("num", 2))
    start, end = (as_number(g, call.arguments[place], dtype) for place in (0, 1))
    if start.array is not None and end.array is not None:
        return g.constant(np.linspace(start.array, end.array, count), dtype)
    shares = g.constant(np.linspace(0, 1, count), dtype)
    return g.node("Add", g.node("Mul", g.node("Sub", end, start), shares), start)


@lowering("Eye")
def eye(g: Builder, call: Call) -> Value:
    """Eye(n, m, dtype) -> a constant; Range, Equal, Cast where a size is computed."""
    dtype = call.result.dtype
    if not call.is_open:
        rows, columns = (counted(size) for size in call.sizes)
        return g.constant(np.eye(rows, columns), dtype)
    each = [numbers_to(g, as_number(g, call.arguments[place], _INT64)) for place in (0, 1)]
    return g.node("Cast", g.node("Equal", g.node("Unsqueeze", each[0], g.ints(1)), each[1]), to=dtype.onnx)


@lowering("TrilIndices", "TriuIndices")
def triangle_indices(g: Builder, call: Call) -> Value:
    """TrilIndices(; row, col, offset=0), TriuIndices: rows and columns of a triangle's places -> a constant."""
    places = np.tril_indices if call.node.op == "TrilIndices" else np.triu_indices
    row, column = counted(call.constant("row")), counted(call.constant("col"))
    return g.constant(np.stack(places(row, int(call.constant("offset", default=0)), column)), call.result.dtype)


@lowering("OneHot", "OneHotExt")
def one_hot(g: Builder, call: Call) -> Value:
    """OneHot(indices, depth, on_value, off_value; axis=-1), OneHotExt -> Equal, Where.

    Indices outside 0 .. depth - 1 give off_value only.
    """
    indices, dtype = call.tensor(g, 0), call.result.dtype
    axis = axis_of(call.constant("axis", 4, -1), indices.rank + 1)
    depth = counted(call.result.shape[axis])
    on, off = (cast_to(g, call.tensor(g, place), dtype) for place in (2, 3))
    numbers = g.constant(
        np.arange(depth).reshape([-1 if place == axis else 1 for place in range(indices.rank + 1)]), indices.dtype
    )
    here = g.node("Equal", g.node("Unsqueeze", indices, g.ints(axis)), numbers)
    return g.node("Where", here, on, off)
