"""Reductions along axes."""

from __future__ import annotations

from hubkit.convert.dtypes import BY_NAME, DType
from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of
from hubkit.convert.lowering.registry import lowering

# MindIR reduction -> the ONNX operator. In operator set 18 all of them take their axes as an input.
_REDUCTIONS = {
    "ReduceMax": "ReduceMax",
    "ReduceMean": "ReduceMean",
    "ReduceMin": "ReduceMin",
    "ReduceProd": "ReduceProd",
    "ReduceSum": "ReduceSum",
}
_EXTENDED = {"MeanExt": "ReduceMean", "SumExt": "ReduceSum"}


@lowering(*_REDUCTIONS)
def reduce_axes(g: Builder, call: Call) -> Value:
    """ReduceMean(x, axis=(), keep_dims=False), ReduceSum, ReduceMax, ReduceMin, ReduceProd -> the one of that name.

    No axes means all, as does None.
    """
    return _reduce(g, call, _REDUCTIONS[call.node.op], call.constant("keep_dims", 2, False))


@lowering(*_EXTENDED)
def reduce_extended(g: Builder, call: Call) -> Value:
    """MeanExt(x, axis=None, keep_dims=False, dtype=None), SumExt -> ReduceMean, ReduceSum, with Cast for a dtype."""
    result = _reduce(g, call, _EXTENDED[call.node.op], call.constant("keep_dims", 2, False))
    return _cast(g, result, call.result.dtype)


@lowering("Argmax", "Argmin")
def arg_extreme(g: Builder, call: Call) -> Value:
    """Argmax(x, axis=-1, output_type), Argmin -> ArgMax, ArgMin, with Cast where the type is not int64."""
    x = call.tensor(g, 0)
    op = {"Argmax": "ArgMax", "Argmin": "ArgMin"}[call.node.op]
    found = g.node(op, x, axis=axis_of(call.constant("axis", 1, -1), x.rank), keepdims=0)
    return _cast(g, found, call.result.dtype)


@lowering("ArgMaxWithValue", "ArgMinWithValue")
def extreme_with_place(g: Builder, call: Call) -> Argument:
    """ArgMaxWithValue(x, axis=0, keep_dims=False), ArgMinWithValue -> ArgMax and ReduceMax, ArgMin and ReduceMin."""
    x = call.tensor(g, 0)
    word = {"ArgMaxWithValue": "Max", "ArgMinWithValue": "Min"}[call.node.op]
    axis, keep = axis_of(call.constant("axis", 1, 0), x.rank), int(call.constant("keep_dims", 2, False))
    place = g.node(f"Arg{word}", x, axis=axis, keepdims=keep)
    return _cast(g, place, call.result.dtype), g.node(f"Reduce{word}", x, g.ints(axis), keepdims=keep)


@lowering("CumSum")
def cum_sum(g: Builder, call: Call) -> Value:
    """CumSum(x, axis, exclusive=False, reverse=False) -> CumSum."""
    x = call.tensor(g, 0)
    axis = axis_of(call.constant("axis", 1), x.rank)
    return g.node(
        "CumSum",
        x,
        g.constant(axis, "int64"),
        exclusive=int(call.constant("exclusive", 2, False)),
        reverse=int(call.constant("reverse", 3, False)),
    )


@lowering("TopK")
def top_k(g: Builder, call: Call) -> Argument:
    """TopK(x, k; sorted) -> TopK of the last axis, largest first; positions cast to int32."""
    values, positions = g.nodes_of("TopK", (call.tensor(g, 0), g.ints(call.constant("k", 1))), 2, {"axis": -1})
    return values, _cast(g, positions, BY_NAME["int32"])


def _cast(g: Builder, value: Value, dtype: DType) -> Value:
    return value if value.dtype == dtype else g.node("Cast", value, to=dtype.onnx)


def _reduce(g: Builder, call: Call, op: str, keep_dims: bool) -> Value:
    x = call.tensor(g, 0)
    given = call.constant("axis", 1, ())
    axes = () if given is None else given if isinstance(given, tuple) else (given,)
    if not all(isinstance(axis, int) for axis in axes):
        raise CannotLowerError(f"its axes are {axes}")
    if x.rank == 0:
        return x
    wanted = axes or range(x.rank)
    return g.node(op, x, g.ints(*(axis_of(axis, x.rank) for axis in wanted)), keepdims=int(keep_dims))
