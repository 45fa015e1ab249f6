"""``ops.LSTM`` with the weights of a GPU: computed as a GPU does; those of the CPU as before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hubkit import compat
from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("marks")]

STEPS, BATCH, INPUTS, HIDDEN = 4, 3, 5, 2
ROUNDING = 3e-4  # MindSpore's tanh is off by 1e-4 near 1 and -1


def _sigmoid(x: NDArray[Any]) -> Any:
    return 1 / (1 + np.exp(-x))


def _direction(x: NDArray[Any], weights: Any, h: NDArray[Any], c: NDArray[Any]) -> tuple[Any, Any, Any]:
    by_input, by_state, *biases = weights
    outputs = []
    for step in x:
        gates = step @ by_input.T + h @ by_state.T + sum(biases)
        enter, forget, new, leave = np.split(gates, 4, 1)
        c = _sigmoid(forget) * c + _sigmoid(enter) * np.tanh(new)
        h = _sigmoid(leave) * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs), h, c


def _expected(x: NDArray[Any], runs: list[Any], h: NDArray[Any], c: NDArray[Any], directions: int) -> Iterator[Any]:
    states, cells = [], []
    for layer in range(len(runs) // directions):
        found = []
        for direction in range(directions):
            run, turn = layer * directions + direction, -1 if direction else 1
            output, state, cell = _direction(x[::turn], runs[run], h[run], c[run])
            found.append(output[::turn])
            states.append(state)
            cells.append(cell)
        x = np.concatenate(found, 2)
    yield from (x, np.stack(states), np.stack(cells))


@pytest.mark.parametrize(
    ("layers", "directions", "biases", "is_of_gpu"),
    [(1, 1, 2, True), (1, 2, 2, True), (2, 2, 2, True), (2, 2, 0, True), (1, 1, 1, False), (1, 1, 0, False)],
)
@pytest.mark.parametrize("compiled", [True, False], ids=["graph", "pynative"])
def test_it_computes_what_a_gpu_does(
    layers: int, directions: int, biases: int, is_of_gpu: bool, compiled: bool
) -> None:
    import mindspore
    from mindspore import Tensor, ops

    from hubkit.compat.lstm import with_rows_of_gpus

    rng = np.random.default_rng(7)
    runs = []
    for layer in range(layers):
        given = INPUTS if layer == 0 else HIDDEN * directions
        for _ in range(directions):
            sizes = [(4 * HIDDEN, given), (4 * HIDDEN, HIDDEN), *[(4 * HIDDEN,)] * biases]
            runs.append([rng.uniform(-1, 1, size).astype(np.float32) for size in sizes])
    row = np.concatenate(
        [part.ravel() for run in runs for part in run[:2]] + [part for run in runs for part in run[2:]]
    ).reshape(-1, 1, 1)
    x = rng.normal(size=(STEPS, BATCH, INPUTS)).astype(np.float32)
    h, c = rng.normal(size=(2, layers * directions, BATCH, HIDDEN)).astype(np.float32)

    class Net(mindspore.nn.Cell):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.lstm = with_rows_of_gpus(ops.LSTM)(INPUTS, HIDDEN, layers, biases > 0, directions == 2, 0.0)

        def construct(self, *given: Any) -> Any:
            return self.lstm(*given)[:3]

    mindspore.set_context(mode=mindspore.GRAPH_MODE if compiled else mindspore.PYNATIVE_MODE)
    found = Net()(*map(Tensor, (x, h, c, row)))
    for output, expected in zip(found, _expected(x, runs, h, c, directions), strict=True):
        np.testing.assert_allclose(output.asnumpy(), expected, rtol=1e-3, atol=ROUNDING)
    assert bool(compat.used()) is is_of_gpu
