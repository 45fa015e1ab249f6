"""Decoding of what a recurrent network says of each step."""

from __future__ import annotations

import numpy as np

from hubkit.convert.dtypes import BY_NAME
from hubkit.convert.lowering.builder import Builder, CannotLowerError
from hubkit.convert.lowering.call import Argument, Call
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.filling import whole
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.sizes import with_sizes

_INT64, _BOOL = BY_NAME["int64"], BY_NAME["bool"]
_TO_THE_END = 2**31 - 1


@lowering("CTCGreedyDecoder")
def ctc_greedy_decoder(g: Builder, call: Call) -> Argument:
    """CTCGreedyDecoder(x, lengths; merge_repeated=True): of x (steps, batch, classes) the likeliest class of each step,
    without the last class and without repetitions: where each stands, which it is, the sizes of all, minus the sums of
    the greatest of x -> ArgMax, Equal, Less, And, Compress, NonZero, CumSum, ReduceMax, ReduceSum. How many depends on
    the data.
    """
    x, lengths = call.tensor(g, 0), cast_to(g, call.tensor(g, 1), _INT64)
    if x.rank != 3:
        raise CannotLowerError(f"it is given the shape {x.told}, not steps, batch and classes")
    steps, batch, classes = (whole(x, axis) for axis in range(3))
    best = g.node("Transpose", g.node("ArgMax", x, axis=2, keepdims=0), perm=[1, 0])
    said = g.node("Less", g.constant(np.arange(steps)[None], _INT64), g.node("Reshape", lengths, g.ints(-1, 1)))
    keep = g.node("And", said, g.node("Not", g.node("Equal", best, g.constant(classes - 1, _INT64))))
    if call.constant("merge_repeated", default=True):
        ends = ((g.ints(1), g.ints(_TO_THE_END)), (g.ints(0), g.ints(-1)))
        later, earlier = (g.node("Slice", best, first, last, g.ints(1)) for first, last in ends)
        other = g.node("Not", g.node("Equal", later, earlier))
        keep = g.node("And", keep, g.node("Concat", g.constant(np.ones((batch, 1)), _BOOL), other, axis=1))
    count = g.sizes.of(f"elements of {keep.name}")
    chosen = g.node("Reshape", keep, g.ints(-1))
    numbers = g.node("CumSum", cast_to(g, keep, _INT64), g.constant(1, "int64"))
    rows = np.repeat(np.arange(batch)[:, None], steps, 1)
    places = g.node("Sub", numbers, g.ints(1))
    like = with_sizes(_INT64, [count])
    row, place, value = (
        g.node_of_known("Compress", (g.node("Reshape", of, g.ints(-1)), chosen), [like], {"axis": 0})[0]
        for of in (g.constant(rows, _INT64), places, best)
    )
    indices = g.node("Concat", g.node("Unsqueeze", row, g.ints(1)), g.node("Unsqueeze", place, g.ints(1)), axis=1)
    longest = g.node("ReduceMax", numbers, g.ints(0, 1), keepdims=0)
    shape = g.node("Concat", g.ints(batch), g.node("Unsqueeze", longest, g.ints(0)), axis=0)
    greatest = g.node("Transpose", g.node("ReduceMax", x, g.ints(2), keepdims=0), perm=[1, 0])
    heard = g.node("Where", said, greatest, g.constant(0, x.dtype))
    return indices, value, shape, g.node("Neg", g.node("ReduceSum", heard, g.ints(1), keepdims=1))
