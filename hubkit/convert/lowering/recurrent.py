"""Recurrent layers."""

from __future__ import annotations

import math

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.registry import lowering

# ONNX's order of the gates (input, output, forget, cell) by places in MindIR's (input, forget, cell, output).
_GATES = (0, 3, 1, 2)


@lowering("LSTM")
def lstm(g: Builder, call: Call) -> Argument:
    """LSTM(x, h, c, weights; input_size, hidden_size, num_layers=1, has_bias, bidirectional=False, dropout) -> LSTMs.

    x is (length, batch, input), the states are (layers * directions, batch, hidden). The weights lie in one row: those
    of the input, of all layers and both directions, then those of the states, then the biases, one of each: of two
    MindSpore leaves the second out on a CPU. So layers above the first are given as much as the first is, which two
    directions are not. Of the results the first three are given.
    """
    layers = counted(call.constant("num_layers", default=1))
    directions = 2 if call.constant("bidirectional", default=False) else 1
    if layers > 1 and directions > 1:
        raise CannotLowerError("it has several layers of two directions")
    if call.constant("proj_size", default=0):
        raise CannotLowerError("it has a projection")
    x, hidden = call.tensor(g, 0), counted(call.constant("hidden_size"))
    if layers > 1 and x.shape[2] != hidden:
        raise CannotLowerError(f"its layers are given {hidden} values each, the first {x.shape[2]}")
    states = [_like_the_batch(g, x, call.tensor(g, place)) for place in (1, 2)]
    row = g.node("Reshape", call.tensor(g, 3), g.ints(-1))
    runs, gates = layers * directions, 4 * hidden
    sizes = [runs * gates * x.shape[2], runs * gates * hidden]
    by_input = _gates(g, row, 0, (runs, 4, hidden, x.shape[2]))
    by_state = _gates(g, row, sizes[0], (runs, 4, hidden, hidden))
    bias, end, step = None, sum(sizes), runs * gates
    if row.shape[0] == end + step:
        part = _gates(g, row, end, (runs, 4, hidden))
        bias = g.node("Concat", part, g.constant([[0.0] * gates] * runs, row.dtype), axis=1)
    elif row.shape[0] == end + 2 * step:
        raise CannotLowerError(
            "its weights hold two biases of each gate, as for a GPU, which adds both, and MindSpore leaves the second"
            " out on a CPU: give it one, the sum of both"
        )
    elif row.shape[0] != end:
        raise CannotLowerError(f"its weights are {row.shape[0]} numbers, not {end}, or {end + step} with a bias")
    attributes = {"hidden_size": hidden, "direction": "bidirectional" if directions > 1 else "forward"}
    lasts = []
    for layer in range(layers):
        weights = [_of_layer(g, given, layer, layers) for given in (by_input, by_state, bias, *states)]
        results, *last = g.nodes_of("LSTM", (x, *weights[:3], None, *weights[3:]), 3, attributes)
        lasts.append(last)
        if directions > 1:
            x = g.node("Reshape", g.node("Transpose", results, perm=[0, 2, 1, 3]), g.ints(0, 0, -1))
        else:
            x = g.node("Squeeze", results, g.ints(1))
    state, cell = (g.node("Concat", *of, axis=0) if layers > 1 else of[0] for of in zip(*lasts, strict=True))
    return x, state, cell


@lowering("ReverseSequence")
def reverse_sequence(g: Builder, call: Call) -> Value:
    """ReverseSequence(x, seq_lengths; seq_dim, batch_dim=0): each row turned round up to its length -> ReverseSequence.

    ONNX has both axes in front: others are moved there and back, by Transpose.
    """
    x, lengths = call.tensor(g, 0), cast_to(g, call.tensor(g, 1), BY_NAME["int64"])
    time, batch = (axis_of(call.constant(name, default=0), x.rank) for name in ("seq_dim", "batch_dim"))
    if time == batch:
        raise CannotLowerError(f"its sequences and its batch both lie along axis {time}")
    if batch in x.dynamic and 0 not in lengths.dynamic:
        raise BatchBoundError("its batch cannot be kept open: its lengths are those of the exported batch")
    if {time, batch} == {0, 1}:
        return g.node("ReverseSequence", x, lengths, time_axis=time, batch_axis=batch)
    order = [batch, time, *(axis for axis in range(x.rank) if axis not in (batch, time))]
    turned = g.node("ReverseSequence", g.node("Transpose", x, perm=order), lengths, time_axis=1, batch_axis=0)
    return g.node("Transpose", turned, perm=[order.index(axis) for axis in range(x.rank)])


def _gates(g: Builder, row: Value, start: int, shape: tuple[int, ...]) -> Value:
    """What lies in ``row`` from ``start`` on, of each run four gates, in ONNX's order."""
    ends = g.ints(start), g.ints(start + math.prod(shape)), g.ints(0)
    part = g.node("Reshape", g.node("Slice", row, *ends), g.ints(*shape))
    ordered = g.node("Gather", part, g.ints(*_GATES), axis=1)
    return g.node("Reshape", ordered, g.ints(shape[0], 4 * shape[2], *shape[3:]))


def _of_layer(g: Builder, given: Value | None, layer: int, layers: int) -> Value | None:
    """Of what all layers have along the first axis, what ``layer`` has."""
    if given is None or layers == 1:
        return given
    return g.node("Slice", given, g.ints(layer), g.ints(layer + 1), g.ints(0))


def _like_the_batch(g: Builder, x: Value, state: Value) -> Value:
    if 1 not in x.dynamic or 1 in state.dynamic:
        return state
    followed = g.follow(state, (1,))
    if 1 not in followed.dynamic:
        raise BatchBoundError("its batch cannot be kept open: its first state differs within the exported batch")
    return followed
