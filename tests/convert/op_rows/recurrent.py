"""Recurrent layers, and attention as whole layers: what follows the batch through them."""

from __future__ import annotations

from tests.convert.op_case import Case, call, f, i, layer

_WORDS = f(2, 5, 3)
_STATE = f(2, 4)
_FAST = {"atol": 1e-4, "reason": "MindSpore's sigmoid and tanh are approximations, and errors add up over the steps"}


def _stacked(inputs: int, layers: int, runs: int, bias: bool, part: str) -> Case:
    """The operator itself, whose weights lie in one row: ``runs`` of ``layers`` layers in one direction or two."""
    steps = (
        f"w = ops.sin(ops.arange(0, {runs * 16 * (inputs + 4 + bias)}).astype(ms.float32)).reshape(-1, 1, 1)",
        f"s = ops.zeros(({runs}, x.shape[0], 4))",
        "y, h, c, _, _ = self.f(x.transpose(1, 0, 2), s, s, w)",
    )
    operator = f"ops.operations.LSTM({inputs}, 4, {layers}, {bias}, {runs > layers}, 0.0)"
    return Case("LSTM", f"{part}.transpose(1, 0, 2)", (f(2, 5, inputs),), steps, operator, **_FAST)  # type: ignore[arg-type]


ROWS = [
    Case("LSTM", "self.f(x)[0]", (_WORDS,), layer="nn.LSTM(3, 4, batch_first=True)", **_FAST),
    Case("LSTM", "self.f(x)[0]", (_WORDS,), layer="nn.LSTM(3, 4, batch_first=True, has_bias=False)", **_FAST),
    Case("LSTM", "self.f(x)[0]", (_WORDS,), layer="nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True)", **_FAST),
    Case("Sigmoid", "self.f(x)[0]", (_WORDS,), layer="nn.GRU(3, 4, batch_first=True)", **_FAST),
    Case("ReverseV2", "self.f(x)[0]", (_WORDS,), layer="nn.GRU(3, 4, 2, True, True, 0.0, True)", **_FAST),
    Case("Tanh", "self.f(x)[0]", (_WORDS,), layer="nn.RNN(3, 4, batch_first=True)", **_FAST),
    Case("ReLU", "self.f(x)[0]", (_WORDS,), layer="nn.RNN(3, 4, batch_first=True, nonlinearity='relu')", **_FAST),
    Case("LSTM", "self.f(x)[1][1].transpose(1, 0, 2)", (_WORDS,), layer="nn.LSTM(3, 4, batch_first=True)", **_FAST),
    *(Case("Tanh", "self.f(x)[1].transpose(1, 0, 2)", (f(size, 5, 3),), layer="nn.RNN(3, 4, 2, batch_first=True)",
           **_FAST) for size in (1, 2)),
    Case("Sigmoid", "self.f(x, None, y)[1].transpose(1, 0, 2)", (_WORDS, i(2, low=1, high=5)),
         layer="nn.GRU(3, 4, 2, True, True, 0.0, True)", **_FAST),
    Case("ReverseSequence", "self.f(x, None, y)[1][1].transpose(1, 0, 2)", (_WORDS, i(2, low=1, high=5)),
         layer="nn.LSTM(3, 4, 1, True, True, 0.0, True)", **_FAST),
    *(_stacked(inputs, layers, runs, bias, part) for part in ("y", "ops.concat((h, c))")
      for inputs, layers, runs, bias in ((3, 1, 2, True), (3, 1, 2, False), (4, 3, 3, True), (4, 2, 2, False))),
    Case("Tanh", "self.f(x, (y, z))", (f(2, 3), _STATE, _STATE), layer="nn.LSTMCell(3, 4)", **_FAST),
    Case("Tanh", "self.f(x, y)", (f(2, 3), _STATE), layer="nn.GRUCell(3, 4)", **_FAST),
    Case("Tanh", "self.f(x, y)", (f(2, 3), _STATE), layer="nn.RNNCell(3, 4)", **_FAST),
    *(Case("Softmax", "self.f(x, x, x)[0]", (f(size, 5, 8),), layer="nn.MultiheadAttention(8, 2, batch_first=True)")
      for size in (1, 2)),
    *(layer("Softmax", "nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)", f(size, 5, 8)) for size in (1, 2)),
    *(layer("Softmax", "nn.TransformerDecoderLayer(8, 2, 16, batch_first=True)", f(size, 5, 8), f(size, 3, 8))
      for size in (1, 2)),
    Case("TensorScatterUpdate", "a", (f(2, 4, 3),), ("a = x * 2", "a[:, 0] = 1.0")),
    Case("TensorScatterUpdate", "a", (f(1, 4, 3), f(1, 4, 3)), ("a = x * 2", "a[:, 1:3] = y[:, :2]")),
    Case("TensorScatterUpdate", "a", (f(2, 4, 3), f(2, 4, 3)), ("a = x * 2", "a[..., 2] = y[..., 0]")),
    call("ReverseSequence", "ops.reverse_sequence(x, y, 1)", f(2, 6, 3), i(2, low=1, high=6)),
    call("ReverseSequence", "ops.reverse_sequence(x, y, 0, 1)", f(6, 2, 3), i(2, low=1, high=6),
         batched=False, reason="the batch is not the first axis"),
    call("ReverseSequence", "ops.reverse_sequence(x, y, 2)", f(2, 3, 6), i(2, low=1, high=6)),
]  # fmt: skip
