"""The recurrent operators of MindSpore for Ascend, step by step: the CPU has no kernel of them.

Each is computed in the element type of its bias. Source: the formulas of the API documents of MindSpore 1.9 and 2.2;
the order of an LSTM's gates is that of MindSpore's own layers for Ascend.
"""

from __future__ import annotations

from typing import Any

import mindspore
from mindspore import ops

from hubkit.compat.use import mark

_RNN = {
    "cell_type": "LSTM",
    "direction": "UNIDIRECTIONAL",
    "cell_depth": 1,
    "use_peephole": False,
    "keep_prob": 1.0,
    "cell_clip": -1.0,
    "num_proj": 0,
    "time_major": True,
    "activation": "tanh",
}
"""What the documents say is all that is supported, or is not computed here otherwise."""


def _check(operator: str, arguments: dict[str, Any]) -> None:
    for name, value in arguments.items():
        if value != _RNN[name]:
            raise ValueError(f"{operator} runs on the CPU with {name}={_RNN[name]!r} only, not {value!r}")


@mindspore.jit_class
class DynamicRNN:
    """``ops.DynamicRNN``: an LSTM over a sequence, its gates in the order input, new, forget, output."""

    def __init__(
        self,
        cell_type: str = "LSTM",
        direction: str = "UNIDIRECTIONAL",
        cell_depth: int = 1,
        use_peephole: bool = False,
        keep_prob: float = 1.0,
        cell_clip: float = -1.0,
        num_proj: int = 0,
        time_major: bool = True,
        activation: str = "tanh",
        forget_bias: float = 0.0,
        is_training: bool = True,
    ) -> None:
        del is_training
        mark("mindspore.ops.DynamicRNN(on the CPU)")
        _check(
            "DynamicRNN",
            {
                "cell_type": cell_type,
                "direction": direction,
                "cell_depth": cell_depth,
                "use_peephole": use_peephole,
                "keep_prob": keep_prob,
                "cell_clip": cell_clip,
                "num_proj": num_proj,
                "time_major": time_major,
                "activation": activation,
            },
        )
        self.forget_bias = forget_bias

    def __call__(self, x: Any, w: Any, b: Any, seq_length: Any, init_h: Any, init_c: Any) -> Any:
        """``x`` (steps, batch, inputs) by ``w`` (inputs + hidden, 4 * hidden), ``b`` (4 * hidden), from ``init_h`` and
        ``init_c`` (1, batch, hidden): outputs, hidden and cell states, the four gates and tanh of the cells, each of
        (steps, batch, hidden).
        """
        if seq_length is not None:
            raise ValueError("DynamicRNN takes no seq_length but None")
        kind, (steps, batch, inputs), hidden = b.dtype, x.shape, b.shape[0] // 4
        flat = ops.reshape(ops.cast(x, kind), (steps * batch, inputs))
        given = ops.reshape(ops.matmul(flat, ops.cast(w[:inputs], kind)) + b, (steps, batch, 4 * hidden))
        again = ops.cast(w[inputs:], kind)
        h = ops.reshape(ops.cast(init_h, kind), (batch, hidden))
        c = ops.reshape(ops.cast(init_c, kind), (batch, hidden))
        found: Any = ()
        for step in range(steps):
            gates = given[step] + ops.matmul(h, again)
            i, j = ops.sigmoid(gates[:, :hidden]), ops.tanh(gates[:, hidden : 2 * hidden])
            f = ops.sigmoid(gates[:, 2 * hidden : 3 * hidden] + self.forget_bias)
            o = ops.sigmoid(gates[:, 3 * hidden :])
            c = f * c + i * j
            bounded = ops.tanh(c)
            h = o * bounded
            found += ((h, h, c, i, j, f, o, bounded),)
        return tuple(ops.stack([step[place] for step in found]) for place in range(8))


@mindspore.jit_class
class DynamicGRUV2:
    """``ops.DynamicGRUV2``: a gated recurrent unit over a sequence."""

    def __init__(
        self,
        direction: str = "UNIDIRECTIONAL",
        cell_depth: int = 1,
        keep_prob: float = 1.0,
        cell_clip: float = -1.0,
        num_proj: int = 0,
        time_major: bool = True,
        activation: str = "tanh",
        gate_order: str = "rzh",
        reset_after: bool = True,
        is_training: bool = True,
    ) -> None:
        del is_training
        mark("mindspore.ops.DynamicGRUV2(on the CPU)")
        _check(
            "DynamicGRUV2",
            {
                "direction": direction,
                "cell_depth": cell_depth,
                "keep_prob": keep_prob,
                "cell_clip": cell_clip,
                "num_proj": num_proj,
                "time_major": time_major,
                "activation": activation,
            },
        )
        self.reset, self.update = gate_order.index("r"), gate_order.index("z")
        self.reset_after = reset_after

    def __call__(
        self,
        x: Any,
        weight_input: Any,
        weight_hidden: Any,
        bias_input: Any = None,
        bias_hidden: Any = None,
        seq_length: Any = None,
        init_h: Any = None,
    ) -> Any:
        """``x`` (steps, batch, inputs) by ``weight_input`` (inputs, 3 * hidden), ``weight_hidden`` (hidden, 3 * hidden)
        and their biases (3 * hidden) or None, from ``init_h`` (batch, hidden): outputs, hidden states, the update,
        reset and new gates, and the hidden part of the new gate, each of (steps, batch, hidden).
        """
        if seq_length is not None:
            raise ValueError("DynamicGRUV2 takes no seq_length but None")
        kind = init_h.dtype
        if bias_hidden is not None:
            kind = bias_hidden.dtype
        if bias_input is not None:
            kind = bias_input.dtype
        (steps, batch, inputs), hidden = x.shape, weight_hidden.shape[0]
        given = ops.matmul(ops.reshape(ops.cast(x, kind), (steps * batch, inputs)), ops.cast(weight_input, kind))
        if bias_input is not None:
            given = given + bias_input
        given = ops.reshape(given, (steps, batch, 3 * hidden))
        again = ops.cast(weight_hidden, kind)
        h = ops.reshape(ops.cast(init_h, kind), (batch, hidden))
        at_reset, at_update, new = self.reset * hidden, self.update * hidden, 2 * hidden
        found: Any = ()
        for step in range(steps):
            own, back = given[step], ops.matmul(h, again)
            if bias_hidden is not None:
                back = back + ops.cast(bias_hidden, kind)
            gates = own + back
            r = ops.sigmoid(gates[:, at_reset : at_reset + hidden])
            z = ops.sigmoid(gates[:, at_update : at_update + hidden])
            part = back[:, new:]
            if self.reset_after:
                n = ops.tanh(own[:, new:] + r * part)
            else:
                part = ops.matmul(r * h, again[:, new:])
                if bias_hidden is not None:
                    part = part + ops.cast(bias_hidden[new:], kind)
                n = ops.tanh(own[:, new:] + part)
            h = (1 - z) * n + z * h
            found += ((h, h, z, r, n, part),)
        return tuple(ops.stack([step[place] for step in found]) for place in range(6))
