"""Operators that move values about and compute nothing: loads, tuples, ordering of side effects."""

from __future__ import annotations

from dataclasses import replace

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.mindir_graph import Marker


@lowering("Load", "Depend", "Identity", "StopGradient", "Contiguous")
def first_argument(_g: Builder, call: Call) -> Argument:
    """Load(parameter, monad), Depend(value, effect), Identity(x), StopGradient(x), Contiguous(x)
    -> nothing: their first argument."""
    return call.arguments[0]


@lowering("TensorMove", "Clone")
def tensor_move(_g: Builder, call: Call) -> Argument:
    """TensorMove(x), Clone: a copy, which operators that work in place on x leave alone -> nothing."""
    (value,) = call.arguments
    return replace(value) if isinstance(value, Value) else value


@lowering("UpdateState")
def update_state(_g: Builder, _call: Call) -> Argument:
    """UpdateState(monad, *effects): orders side effects -> nothing."""
    return Marker.MONAD


@lowering("Print", "Assert", "HistogramSummary", "ImageSummary", "ScalarSummary", "TensorSummary")
def effect(_g: Builder, _call: Call) -> Argument:
    """Print(*values, monad), Assert(condition, values, monad), HistogramSummary(name, value), ImageSummary,
    ScalarSummary, TensorSummary: act beside the network's results -> nothing.
    """
    return Marker.MONAD


@lowering("MakeTuple", "make_list")
def make_tuple(_g: Builder, call: Call) -> Argument:
    """MakeTuple(*values), make_list(*values): the values together -> nothing."""
    return call.arguments


@lowering("IdentityN")
def identities(g: Builder, call: Call) -> Argument:
    """IdentityN(tensors): the same -> nothing."""
    return call.tensors(g)


@lowering("TupleGetItem", "list_getitem")
def tuple_get_item(_g: Builder, call: Call) -> Argument:
    """TupleGetItem(values, index), list_getitem: one of them -> nothing."""
    values, index = call.arguments[0], call.constant("index", 1)
    if not isinstance(values, tuple) or not -len(values) <= index < len(values):
        raise CannotLowerError(f"output {index} of {call.node.inputs[0]} has no form in ONNX")
    chosen: Argument = values[index]
    return chosen
