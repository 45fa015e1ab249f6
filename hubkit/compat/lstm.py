"""``ops.LSTM`` whose weights lie as GPUs take them, which the CPU's kernel takes otherwise.

Such a row has the weights of the input and those of the state, layer by layer and in it direction by direction, and
behind them two biases of each in the same order, which are added. The CPU's has the weights of the input of all first,
then those of the states, and one bias of each: of two it leaves the second out, and says nothing. Several layers of two
directions it does not have. Source: the weights that ``nn.LSTM`` of MindSpore 1.1 to 2.2 makes for either, and cuDNN's
description of its own.
"""

from __future__ import annotations

from typing import Any

import mindspore
from mindspore import ops

from hubkit.compat.use import mark


@ops.constexpr  # type: ignore[untyped-decorator]
def _told(found: bool) -> bool:
    if found:
        mark("mindspore.ops.LSTM(weights of a GPU)")
    return found


def with_rows_of_gpus(operator: Any) -> Any:
    """What stands for ``operator``, ``ops.LSTM``: it takes the CPU's rows, and those of GPUs that surely are such."""

    @mindspore.jit_class
    class LSTM:
        """`mindspore.ops.LSTM`, which tells by the length of its weights how they lie."""

        def __init__(
            self,
            input_size: int,
            hidden_size: int,
            num_layers: int,
            has_bias: bool,
            bidirectional: bool,
            dropout: float,
            proj_size: int = 0,
        ) -> None:
            more = {"proj_size": proj_size} if proj_size else {}
            self.whole = operator(input_size, hidden_size, num_layers, has_bias, bidirectional, dropout, **more)
            self.layers, self.directions, self.has_bias = num_layers, 2 if bidirectional else 1, has_bias
            given = (input_size, *[hidden_size * self.directions] * (num_layers - 1))
            self.runs = tuple(operator(size, hidden_size, 1, has_bias, False, 0.0) for size in given)
            self.weights = tuple(4 * hidden_size * (size + hidden_size) for size in given)
            self.biases = 4 * hidden_size if has_bias else 0
            self.ends = tuple(self.directions * sum(self.weights[:layer]) for layer in range(num_layers + 1))
            length = self.ends[-1] + 2 * self.biases * num_layers * self.directions
            is_told = not proj_size and (has_bias or (num_layers > 1 and bidirectional))
            self.length = length if is_told else -1
            self.reverse = ops.ReverseV2([0])

        def __call__(self, x: Any, h: Any, c: Any, w: Any) -> Any:
            """The output, both last states, and two results that only training uses."""
            if not _told(w.size == self.length):
                return self.whole(x, h, c, w)
            row = ops.reshape(w, (-1,))
            states: Any = ()
            cells: Any = ()
            unused: Any = ()
            for layer in range(self.layers):
                found: Any = ()
                for direction in range(self.directions):
                    run = layer * self.directions + direction
                    begin = self.ends[layer] + direction * self.weights[layer]
                    part = row[begin : begin + self.weights[layer]]
                    if self.has_bias:
                        first = self.ends[-1] + 2 * run * self.biases
                        second = first + self.biases
                        bias = row[first:second] + row[second : second + self.biases]
                        part = ops.concat((part, bias))
                    given = self.reverse(x) if direction == 1 else x
                    part = ops.reshape(part, (-1, 1, 1))
                    output, state, cell, *unused = self.runs[layer](given, h[run : run + 1], c[run : run + 1], part)
                    found += (self.reverse(output) if direction == 1 else output,)
                    states += (state,)
                    cells += (cell,)
                x = ops.concat(found, 2) if self.directions == 2 else found[0]
            return (x, ops.concat(states), ops.concat(cells), unused[0], unused[1])

    return LSTM
