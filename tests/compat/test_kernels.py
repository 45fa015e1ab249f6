"""Operators that only other devices have a kernel of: what stands for them on the CPU computes their formulas."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hubkit import compat
from hubkit.compat import use
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

Array = NDArray[Any]
STEPS, BATCH, INPUTS, HIDDEN = 4, 3, 5, 2
ROUNDING = 3e-4  # MindSpore's tanh is off by 1e-4 near 1 and -1


@pytest.fixture(autouse=True)
def operators(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of operators, with what stands for those that have no kernel, for this test alone."""
    import mindspore
    from mindspore.ops import operations

    from hubkit.compat.changed import CHANGED
    from hubkit.compat.kernels import on_the_cpu

    for row in CHANGED:
        if row.made_by == "hubkit.compat.kernels:on_the_cpu":
            module = importlib.import_module(row.module)
            monkeypatch.setattr(module, row.name, on_the_cpu(getattr(module, row.name)))
    monkeypatch.setattr(use, "_used", {})
    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    return operations


def sample(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def run(operator: Callable[..., Any], *arguments: Array | int | None) -> list[Array]:
    """What a network of ``operator`` gives for ``arguments``; the numbers and None are written in it."""
    import mindspore
    from mindspore import nn

    class Net(nn.Cell):
        def __init__(self) -> None:
            super().__init__()
            self.operator = operator

        def construct(self, *given: Any) -> Any:
            return self.operator(*given)

    given = [mindspore.Tensor(item) if isinstance(item, np.ndarray) else item for item in arguments]
    found = Net()(*given)
    return [item.asnumpy() for item in (found if isinstance(found, tuple) else (found,))]


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_dynamic_rnn_is_an_lstm(operators: Any, dtype: str) -> None:
    x, w, b = sample(0, STEPS, BATCH, INPUTS), sample(1, INPUTS + HIDDEN, 4 * HIDDEN), sample(2, 4 * HIDDEN)
    h, c = sample(3, 1, BATCH, HIDDEN), sample(4, 1, BATCH, HIDDEN)
    found = run(operators.DynamicRNN(forget_bias=1.0), *(v.astype(dtype) for v in (x, w, b)), None, h, c)
    assert {item.shape for item in found} == {(STEPS, BATCH, HIDDEN)}
    assert {str(item.dtype) for item in found} == {dtype}
    h, c = h[0], c[0]
    for step in range(STEPS):
        i, j, f, o = np.split(np.concatenate([x[step], h], 1) @ w + b, 4, axis=1)
        i, j, f, o = sigmoid(i), np.tanh(j), sigmoid(f + 1), sigmoid(o)
        c = f * c + i * j
        h = o * np.tanh(c)
        for value, expected in zip(found, (h, h, c, i, j, f, o, np.tanh(c)), strict=True):
            np.testing.assert_allclose(value[step], expected, atol=ROUNDING if dtype == "float32" else 2e-2)
    assert compat.used() == ("mindspore.ops.DynamicRNN(on the CPU)",)


@pytest.mark.parametrize("order", ["rzh", "zrh"])
@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("biased", [True, False])
def test_a_dynamic_gru_is_a_gated_recurrent_unit(operators: Any, order: str, after: bool, biased: bool) -> None:
    x, own, back = sample(0, STEPS, BATCH, INPUTS), sample(1, INPUTS, 3 * HIDDEN), sample(2, HIDDEN, 3 * HIDDEN)
    to_own, to_back, h = sample(3, 3 * HIDDEN), sample(4, 3 * HIDDEN), sample(5, BATCH, HIDDEN)
    operator = operators.DynamicGRUV2(gate_order=order, reset_after=after)
    biases: tuple[Array | None, ...] = (to_own, to_back) if biased else (None, None)
    found = run(operator, x, own, back, *biases, None, h)
    if not biased:
        to_own, to_back = np.zeros_like(to_own), np.zeros_like(to_back)
    for step in range(STEPS):
        left, right = (x[step] @ own + to_own), (h @ back + to_back)
        at = {gate: slice(place * HIDDEN, (place + 1) * HIDDEN) for place, gate in enumerate(order)}
        r, z = (sigmoid(left[:, at[gate]] + right[:, at[gate]]) for gate in "rz")
        part = right[:, at["h"]] if after else (r * h) @ back[:, at["h"]] + to_back[at["h"]]
        n = np.tanh(left[:, at["h"]] + (r * part if after else part))
        h = (1 - z) * n + z * h
        for value, expected in zip(found, (h, h, z, r, n, part), strict=True):
            np.testing.assert_allclose(value[step], expected, atol=ROUNDING)


@pytest.mark.parametrize(("name", "argument"), [("DynamicRNN", {"cell_clip": 2.0}), ("DynamicGRUV2", {"num_proj": 3})])
def test_what_no_formula_is_written_for_is_refused(operators: Any, name: str, argument: dict[str, Any]) -> None:
    (word,) = argument
    with pytest.raises(ValueError, match=f"{name} runs on the CPU with {word}="):
        getattr(operators, name)(**argument)


@pytest.mark.parametrize("name", ["DynamicRNN", "DynamicGRUV2"])
def test_lengths_of_sequences_are_refused(operators: Any, name: str) -> None:
    gates, lengths = {"DynamicRNN": 4, "DynamicGRUV2": 3}[name], np.int32([4, 2, 1])
    x, b = sample(0, STEPS, BATCH, INPUTS), sample(2, gates * HIDDEN)
    h = sample(5, 1, BATCH, HIDDEN)
    if name == "DynamicRNN":
        arguments = [x, sample(1, INPUTS + HIDDEN, gates * HIDDEN), b, lengths, h, h]
    else:
        arguments = [x, sample(1, INPUTS, gates * HIDDEN), sample(2, HIDDEN, gates * HIDDEN), b, b, lengths, h[0]]
    with pytest.raises(ValueError, match=f"{name} takes no seq_length but None"):
        run(getattr(operators, name)(), *arguments)


def test_a_depthwise_convolution_is_one_of_each_channel(operators: Any) -> None:
    from mindspore import ops

    x, weight = sample(0, 2, 3, 7, 6), sample(1, 1, 3, 3, 3)
    (found,) = run(operators.DepthwiseConv2dNative(1, 3, pad_mode="same", stride=2), x, weight)
    (expected,) = run(ops.Conv2D(3, 3, pad_mode="same", stride=2, group=3), x, weight.transpose(1, 0, 2, 3))
    np.testing.assert_allclose(found, expected, atol=1e-5)
    with pytest.raises(ValueError, match="channel_multiplier of 1 only"):
        operators.DepthwiseConv2dNative(2, 3)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_unfolding_gives_windows_as_channels(padding: str) -> None:
    from mindspore import nn

    x, (rows, columns), (down, across), (gap, wide) = sample(0, 2, 3, 8, 7), (3, 2), (2, 1), (1, 2)
    layer = nn.Unfold([1, rows, columns, 1], [1, down, across, 1], [1, gap, wide, 1], padding)
    (found,) = run(layer, x)
    assert compat.used() == ("mindspore.nn.Unfold(on the CPU)",)
    if padding == "same":  # 8 rows in steps of 2 take 4 windows of 3, one row more; 7 columns 7 windows of 3
        x = np.pad(x, ((0, 0), (0, 0), (0, 1), (1, 1)))
    height, width = (
        (x.shape[2] - gap * (rows - 1) - 1) // down + 1,
        (x.shape[3] - wide * (columns - 1) - 1) // across + 1,
    )
    expected = np.zeros((2, rows * columns * 3, height, width), np.float32)
    for row in range(height):
        for column in range(width):
            places = [(row * down + k * gap, column * across + m * wide) for k in range(rows) for m in range(columns)]
            expected[:, :, row, column] = np.concatenate([x[:, :, top, left] for top, left in places], axis=1)
    np.testing.assert_array_equal(found, expected)


def test_blocks_go_to_the_batch_and_back(operators: Any) -> None:
    x = sample(0, 2, 3, 4, 6)
    (blocks,) = run(operators.SpaceToBatch(2, [[0, 0], [0, 0]]), x)
    np.testing.assert_array_equal(blocks.reshape(2, 2, 2, 3, 2, 3)[1, 0], x[:, :, 1::2, ::2])
    (back,) = run(operators.BatchToSpace(2, [[0, 0], [0, 0]]), blocks)
    np.testing.assert_array_equal(back, x)


def test_parts_have_the_sizes_that_are_given(operators: Any) -> None:
    x = sample(0, 2, 9, 3)
    for sizes, ends in (((2, 4, 3), (2, 6)), ((2, -1, 3), (2, 6))):
        for found, expected in zip(run(operators.SplitV(sizes, 1, 3), x), np.split(x, ends, axis=1), strict=True):
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["AllGather", "AllReduce"])
def test_one_device_has_what_all_have(operators: Any, name: str) -> None:
    x = sample(0, 2, 3)
    np.testing.assert_array_equal(run(getattr(operators, name)(group="hccl_world_group"), x)[0], x)
    assert compat.used() == (f"mindspore.ops.{name}(on one device)",)


def test_one_device_is_sent_its_own(operators: Any) -> None:
    given = (1, 2)
    assert operators.Broadcast(0)(given) is given


def test_several_tensors_are_added(operators: Any) -> None:
    import mindspore

    x, y = (mindspore.Tensor(sample(seed, 2, 3)) for seed in (0, 1))
    np.testing.assert_allclose(operators.AccumulateNV2()([x, y, x]).asnumpy(), (x + y + x).asnumpy(), atol=1e-6)


@pytest.mark.parametrize(("shifts", "dims"), [((1, -2), (1, 2)), (3, -1), (1, 0)])
def test_elements_move_round(operators: Any, monkeypatch: pytest.MonkeyPatch, shifts: Any, dims: Any) -> None:
    from mindspore import nn, ops

    from hubkit.compat.kernel_functions import Roll, roll

    x = sample(0, 2, 4, 5)
    monkeypatch.setattr(ops, "roll", roll)
    monkeypatch.setattr(ops, "Roll", Roll)
    expected = np.roll(x, shifts, dims)
    layer = nn.Roll(list(shifts), list(dims)) if isinstance(shifts, tuple) else nn.Roll(shifts, dims)
    for network in (Roll(shifts, dims), ops_roll(shifts, dims), layer):
        np.testing.assert_array_equal(run(network, x)[0], expected)
    assert compat.used() == ("mindspore.ops.roll(on the CPU)",)


def ops_roll(shifts: Any, dims: Any) -> Any:
    """A network of the function."""
    from mindspore import nn, ops

    class Net(nn.Cell):
        def construct(self, x: Any) -> Any:
            return ops.roll(x, shifts, dims)

    return Net()


def test_a_sparse_gather_is_a_gather(operators: Any) -> None:
    x, places = sample(0, 5, 3), np.int32([[4, 0], [1, 1]])
    np.testing.assert_array_equal(run(operators.SparseGatherV2(), x, places, 0)[0], x[places])
