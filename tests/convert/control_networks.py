"""Networks with functions, branches and loops, exported and run by MindSpore on several inputs each.

Leaves ``<name>.mindir`` and ``<name>.npz``.
"""

from __future__ import annotations

from pathlib import Path

import mindspore as ms
import numpy as np
from mindspore import nn, ops

from tests.convert.control_cases import CASES


class If(nn.Cell):
    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Dense(4, 4)

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        if x.sum() > 0:  # noqa: SIM108
            y = ops.relu(self.dense(x))
        else:
            y = ops.sigmoid(x)
        return y * 2


class IfInIf(nn.Cell):
    def construct(self, x: ms.Tensor) -> tuple[ms.Tensor, ms.Tensor]:
        z = x + 1
        if x.mean() > 0:
            y = x * 2
            if x.sum() > 6:
                y = y + 3
                z = y
        else:
            y = x - 1
        return y, z


class EarlyReturn(nn.Cell):
    def construct(self, x: ms.Tensor) -> ms.Tensor:
        if x.sum() > 0:
            return x * 2
        return x - 1


class Zeros(nn.Cell):
    """One branch gives a constant, which must follow the batch as the other does."""

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        if x.sum() > 0:  # noqa: SIM108
            y = x * 2
        else:
            y = ops.zeros((2, 4), ms.float32)
        return y


class Counted(nn.Cell):
    def construct(self, x: ms.Tensor) -> ms.Tensor:
        i = ms.Tensor(0, ms.int32)
        while i < 5:
            x = x * 1.5 + 1
            i = i + 1
        return x


class Layer(nn.Cell):
    """A loop over a layer whose weights do not change, until the result is large."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Dense(4, 4)

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        while ops.abs(x).sum() < 100:
            x = self.dense(x) * 2 + x
        return ops.relu(x)


class Accumulated(nn.Cell):
    """The state begins as a constant and follows the batch from the first round on."""

    def construct(self, x: ms.Tensor) -> tuple[ms.Tensor, ms.Tensor]:
        total = ops.zeros((2, 4), ms.float32)
        i = ms.Tensor(0, ms.int32)
        while i < 3:
            total = total + x * i
            i = i + 1
        return total, i


class IfInWhile(nn.Cell):
    def construct(self, x: ms.Tensor) -> ms.Tensor:
        i = ms.Tensor(0, ms.int32)
        while i < 6:
            if x.sum() > 10:  # noqa: SIM108
                x = x * 0.5
            else:
                x = x + 3
            i = i + 1
        return x


class Break(nn.Cell):
    def construct(self, x: ms.Tensor) -> tuple[ms.Tensor, ms.Tensor]:
        i = ms.Tensor(0, ms.int32)
        while i < 10:
            x = x * 1.5
            if x.sum() > 50:
                break
            i = i + 1
        return x, i


class Continue(nn.Cell):
    def construct(self, x: ms.Tensor) -> ms.Tensor:
        i = ms.Tensor(0, ms.int32)
        while i < 8:
            i = i + 1
            if x.sum() > 20:
                x = x - 2
                continue
            x = x * 1.5
        return x


class ReturnInWhile(nn.Cell):
    def construct(self, x: ms.Tensor) -> ms.Tensor:
        i = ms.Tensor(0, ms.int32)
        while i < 8:
            x = x * 1.5
            if x.sum() > 20:
                return x - 100
            i = i + 1
        return x


class WhileInWhile(nn.Cell):
    def construct(self, x: ms.Tensor) -> ms.Tensor:
        i = ms.Tensor(0, ms.int32)
        while i < 3:
            j = ms.Tensor(0, ms.int32)
            while j < 2:
                x = x * 1.1 + j
                j = j + 1
            x = x - 1
            i = i + 1
        return x


class WhileLoop(nn.Cell):
    def __init__(self) -> None:
        super().__init__()
        self.loop = ops.WhileLoop()

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        def holds(value: ms.Tensor) -> ms.Tensor:
            return value.sum() < 100

        def step(value: ms.Tensor) -> ms.Tensor:
            return value * 1.5 + 1

        return self.loop(holds, step, x)


class CountedInPlace(nn.Cell):
    """What counts the rounds is written over in each of them."""

    def construct(self, x: ms.Tensor) -> tuple[ms.Tensor, ms.Tensor, ms.Tensor]:
        i, total = ops.zeros((), ms.int32), ops.ones((2, 4), ms.float32)
        while i < 3 and x.max() < 100:
            x = x * 3
            total += x
            i += 1
        return x, total, i


class CountedByNumber(nn.Cell):
    """What counts the rounds is no tensor."""

    def construct(self, x: ms.Tensor, i: ms.Tensor) -> ms.Tensor:
        rounds, step = 0, 0.5
        while rounds < i:
            x = x * 1.5 + step
            rounds = rounds + 1
            step = step * 2
        return x


class SwitchLayer(nn.Cell):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.CellList([nn.ReLU(), nn.Sigmoid(), nn.Tanh()])

    def construct(self, x: ms.Tensor, i: ms.Tensor) -> ms.Tensor:
        return self.layers[i](x)


class _Block(nn.Cell):
    @ms.lazy_inline
    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Dense(4, 4)

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        return ops.relu(self.dense(x))


class Shared(nn.Cell):
    """Three layers that share one function, each with its weights."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.CellList([_Block() for _ in range(3)])

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        for block in self.blocks:
            x = block(x)
        return x


class Effects(nn.Cell):
    def construct(self, x: ms.Tensor) -> ms.Tensor:
        print("x", x)
        ops.Assert()(x.sum() > -1e9, [x])
        ops.ScalarSummary()("sum", x.sum())
        ops.TensorSummary()("x", x)
        ops.HistogramSummary()("x", x)
        ops.ImageSummary()("x", x[None, None])
        return x * 2


class InPlaceInBranch(nn.Cell):
    """One branch writes over a tensor that no other reads."""

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        y = x * 2
        if x.sum() > 0:
            y.add_(x)
        return y


class Counts(nn.Cell):
    def __init__(self):
        super().__init__()
        self.count = ms.Parameter(ms.Tensor([1.0], ms.float32), name="count")

    def construct(self, x):
        ops.assign_add(self.count, ms.Tensor([1.0], ms.float32))
        return x * self.count


class CountsInBranch(Counts):
    def construct(self, x):
        if x.sum() > 0:
            ops.assign(self.count, x[0, :1])
        return x * self.count


class CountsInConstant(nn.Cell):
    def construct(self, x):
        return ops.ScatterAdd()(ms.Tensor([[0.0, 0, 0, 0]]), ms.Tensor([0]), x[:1])


class InPlaceOutside(nn.Cell):
    """One branch writes over a tensor that is read after it."""

    def __init__(self) -> None:
        super().__init__()
        self.step = _Step()

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        y = x * 2
        z = self.step(x, y)
        return y + z


class _Step(nn.Cell):
    @ms.lazy_inline
    def __init__(self) -> None:
        super().__init__()

    def construct(self, x: ms.Tensor, y: ms.Tensor) -> ms.Tensor:
        if x.sum() > 0:
            y.add_(x)
        return y * 3


class AllOfNorm(nn.Cell):
    """Four of its results are not computed by MindSpore, and hold what was in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = ops.BatchNorm()

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        return self.norm(x, *[ops.ones(4, ms.float32)] * 4)


class PickedApart(nn.Cell):
    def construct(self, x: ms.Tensor) -> ms.Tensor:
        return ops.unstack(x[x[:, 0] > 0.75], 0)


class PickedPool(nn.Cell):
    def construct(self, x: ms.Tensor) -> ms.Tensor:
        return ops.adaptive_avg_pool2d(ops.masked_select(x, x > 0.5).reshape(1, 1, -1, 1), (2, 1))


class PickedInLoop(nn.Cell):
    def construct(self, x: ms.Tensor) -> ms.Tensor:
        picked = ops.masked_select(x, x > 0.5)
        total = ops.zeros((), ms.float32)
        place = 0
        while place < picked.shape[0]:
            total = total + picked[place]
            place = place + 1
        return total


class Growing(nn.Cell):
    """Each round makes the tensor longer: ONNX does not tell how long it is in the end."""

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        while x.sum() < 100:
            x = ops.concat((x, x + 1), 1)
        return x


class OtherSizes(nn.Cell):
    """Two branches that give tensors of other sizes; those of both results are the same two, and meet again."""

    def construct(self, x: ms.Tensor) -> tuple[ms.Tensor, ms.Tensor]:
        if x.sum() > 0:
            y, z = x[:, :3], ops.relu(x[:, 1:])
        else:
            y, z = ops.concat((x, x), 1), ops.concat((x, x + 1), 1)
        return y + z, ops.softmax(y, 1).sum(1)


class EndsEarly(nn.Cell):
    """A decoder's steps: how many it takes depends on the data, and each gives one more row."""

    def construct(self, x: ms.Tensor) -> tuple[ms.Tensor, ms.Tensor]:
        step, steps = x, ()
        while True:
            step = step * 2
            steps += (step,)
            if step.sum() > 20:
                break
            if len(steps) == 3:
                break
        rows = ops.stack(steps, 1)
        return rows, ops.relu(rows) + rows.mean(1, keep_dims=True)


class OtherRanks(nn.Cell):
    """Two branches of which one gives a tensor with an axis less."""

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        if x.sum() > 0:
            return x * 2
        return x.sum(1)


def make(folder: Path) -> None:
    """Export and run them all."""
    random = np.random.default_rng(0)
    for case in CASES:
        cell = globals()[case.name]()
        cell.set_train(False)
        for parameter in cell.get_parameters():
            parameter.set_data(ms.Tensor(random.normal(size=parameter.shape).astype(np.float32)))
        arrays: dict[str, np.ndarray] = {}
        for run, values in enumerate(case.inputs):
            inputs = [np.array(value, dtype) for value, dtype in zip(values, ("float32", "int32"), strict=False)]
            if run == 0:
                ms.export(cell, *map(ms.Tensor, inputs), file_name=str(folder / case.name), file_format="MINDIR")
                exported = nn.GraphCell(ms.load(str(folder / f"{case.name}.mindir")))
            arrays |= {f"{run}.input{place}": array for place, array in enumerate(inputs)}
            if case.refused:
                continue
            outputs = exported(*map(ms.Tensor, inputs))
            outputs = outputs if isinstance(outputs, tuple) else (outputs,)
            arrays |= {f"{run}.output{place}": tensor.asnumpy() for place, tensor in enumerate(outputs)}
        np.savez(folder / f"{case.name}.npz", **arrays)
