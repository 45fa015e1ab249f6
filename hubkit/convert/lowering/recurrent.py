"""Recurrent layers."""

from __future__ import annotations

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, axis_of, counted
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.registry import lowering

# ONNX's order of the gates (input, output, forget, cell) by places in MindIR's (input, forget, cell, output).
_GATES = (0, 3, 1, 2)


@lowering("LSTM")
def lstm(g: Builder, call: Call) -> Argument:
    """LSTM(x, h, c, weights; input_size, hidden_size, num_layers=1, has_bias, bidirectional=False, dropout) -> LSTM.

    One layer in one direction, as the exporter writes them; x is (length, batch, input). The weights lie in one row:
    those of the input, of the state, then the bias, or two. Of its results the first three are given.
    """
    if call.constant("num_layers", default=1) != 1 or call.constant("bidirectional", default=False):
        raise CannotLowerError("it has several layers or two directions")
    if call.constant("proj_size", default=0):
        raise CannotLowerError("it has a projection")
    x, hidden = call.tensor(g, 0), counted(call.constant("hidden_size"))
    state, cell = (_like_the_batch(g, x, call.tensor(g, place)) for place in (1, 2))
    row = g.node("Reshape", call.tensor(g, 3), g.ints(-1))
    sizes = [4 * hidden * x.shape[2], 4 * hidden * hidden]
    ends = [0, sizes[0], sum(sizes)]
    by_input = _gates(g, row, ends[0], ends[1], (4, hidden, x.shape[2]))
    by_state = _gates(g, row, ends[1], ends[2], (4, hidden, hidden))
    bias, rest = None, row.shape[0] - ends[2]
    if rest:  # one bias, or one of the input and one of the state
        parts = [
            _gates(g, row, ends[2] + 4 * hidden * place, ends[2] + 4 * hidden * (place + 1), (4, hidden))
            for place in range(rest // (4 * hidden))
        ]
        none = g.constant([[0.0] * (4 * hidden)], row.dtype)
        bias = g.node("Concat", *parts, *[none] * (2 - len(parts)), axis=1)
    inputs = (x, by_input, by_state, bias, None, state, cell)
    results, last, last_cell = g.nodes_of("LSTM", inputs, 3, {"hidden_size": hidden})
    return g.node("Squeeze", results, g.ints(1)), last, last_cell


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


def _gates(g: Builder, row: Value, start: int, end: int, shape: tuple[int, ...]) -> Value:
    """The part of ``row``, four gates of ``shape``, in ONNX's order."""
    part = g.node("Reshape", g.node("Slice", row, g.ints(start), g.ints(end), g.ints(0)), g.ints(*shape))
    return g.node("Reshape", g.node("Gather", part, g.ints(*_GATES), axis=0), g.ints(1, 4 * shape[1], *shape[2:]))


def _like_the_batch(g: Builder, x: Value, state: Value) -> Value:
    if 1 not in x.dynamic or 1 in state.dynamic:
        return state
    followed = g.follow(state, (1,))
    if 1 not in followed.dynamic:
        raise BatchBoundError("its batch cannot be kept open: its first state differs within the exported batch")
    return followed
