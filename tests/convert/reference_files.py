"""Checkpoints and MINDIR files of every kind that MindSpore writes."""

from __future__ import annotations

import json
from pathlib import Path

import mindspore as ms
import numpy as np
from mindspore import nn, ops
from mindspore.train import serialization

KEY = b"0123456789ABCDEF"


class Net(nn.Cell):
    """Two layers, a pool, two outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 3, has_bias=True)
        self.dense = nn.Dense(32, 5)

    def construct(self, image: ms.Tensor) -> tuple[ms.Tensor, ms.Tensor]:
        features = ops.relu(self.conv(image))
        return self.dense(ops.mean(features, (2, 3))), features


class Unsupported(nn.Cell):
    """Two operators that have no lowering, one of them twice."""

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        return ops.bessel_j0(ops.bessel_y0(ops.bessel_j0(x)))


class TwoBiases(nn.Cell):
    """An LSTM whose weights are as a GPU takes them: with two biases of each gate."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = ops.LSTM(3, 4, 1, True, False, 0.0)
        self.weights = ms.Parameter(
            ms.Tensor(np.linspace(-1, 1, 144, dtype=np.float32).reshape(144, 1, 1)), name="weights"
        )

    def construct(self, x: ms.Tensor, state: ms.Tensor) -> ms.Tensor:
        return self.lstm(x, state, state, self.weights)[0]


class Unchanged(nn.Cell):
    """An input, a constant and one value twice as outputs."""

    def construct(self, x: ms.Tensor) -> tuple[ms.Tensor, ms.Tensor, ms.Tensor]:
        y = ops.relu(x)
        return x, y, y


class Flat(nn.Cell):
    """A dense layer over all of an image: its height and width are those of the weights."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 2, 3)
        self.dense = nn.Dense(2 * 8 * 8, 5)

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        return self.dense(ops.flatten(self.conv(x)))


class Dividing(nn.Cell):
    """Half of what it gives is infinite."""

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        return ops.exp(x) / ms.Tensor([[0.0, 1.0] * 8])


class Masked(nn.Cell):
    """Scores in float16, of which some rows are masked whole by -10000: nothing is left of them but the mask."""

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        x = (x * 4 - 2).astype(ms.float16)
        mask = ms.Tensor([[[0.0] * 4] * 2 + [[-10000.0] * 4] * 2], ms.float16)
        shares = ops.softmax(ops.matmul(x, x.swapaxes(1, 2)) / 4 + mask, -1)
        return ops.matmul(shares, x).astype(ms.float32)


class Peaks(nn.Cell):
    """Scores of an image, and what stands at the greatest peaks among them, for all of a batch together."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = nn.MaxPool2d(3, 1, "same")

    def construct(self, x: ms.Tensor) -> tuple[ms.Tensor, ms.Tensor]:
        scores = x[:, :1] * 2
        peaks = scores * ops.equal(scores, self.pool(scores)).astype(ms.float32)
        best, places = ops.topk(peaks.reshape(1, -1), 50)
        return best, ops.gather(x[:, 1].reshape(-1), places, 0)


class Waves(nn.Cell):
    """What it gives is complex."""

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        return ops.fft(x)


class Picked(nn.Cell):
    """A layer behind a size that depends on the data."""

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        return ops.relu(ops.masked_select(x, x > 0.5) - 0.7) * 2


class Nearest(nn.Cell):
    """Samples an image of any size at places that are always the same."""

    def __init__(self, grid: np.ndarray) -> None:  # type: ignore[type-arg]
        super().__init__()
        self.grid = ms.Tensor(grid)

    def construct(self, image: ms.Tensor) -> ms.Tensor:
        return ops.grid_sample(image, self.grid, mode="nearest", padding_mode="border", align_corners=False)


class Cutting(nn.Cell):
    """Padded by a negative number, which MindSpore 2.10 on a CPU gets right on its first run only."""

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        return ops.pad(ops.relu(x), (-1, 2))


class BatchBound(nn.Cell):
    """What it computes holds for one batch only: it adds rows made for the exported batch of two."""

    def construct(self, x: ms.Tensor) -> ms.Tensor:
        return x + ms.Tensor([[1.0], [2.0]])


def make(folder: Path) -> None:
    """Write them all."""
    net = Net()
    image = ms.Tensor(np.zeros((1, 3, 8, 8), np.float32))
    _export(net, image, folder / "net")
    _export(Unsupported(), ms.Tensor(np.zeros((1, 4), np.float32)), folder / "unsupported")
    sequence, state = (ms.Tensor(np.zeros(shape, np.float32)) for shape in ((5, 2, 3), (1, 2, 4)))
    _export(TwoBiases(), (sequence, state), folder / "two_biases")
    _export(Unchanged(), ms.Tensor(np.zeros((1, 4), np.float32)), folder / "unchanged")
    _export(Flat(), image, folder / "flat")
    _export(Dividing(), ms.Tensor(np.zeros((1, 16), np.float32)), folder / "dividing")
    _export(Masked(), ms.Tensor(np.zeros((1, 4, 8), np.float32)), folder / "masked")
    _export(Peaks(), ms.Tensor(np.zeros((1, 2, 64, 64), np.float32)), folder / "peaks")
    _export(Waves(), ms.Tensor(np.zeros((1, 8), np.float32)), folder / "waves")
    _export(Picked(), ms.Tensor(np.zeros((1, 32), np.float32)), folder / "picked")
    grid = np.random.default_rng(0).uniform(-1.2, 1.2, (1, 6, 5, 2)).astype(np.float32)
    grid[0, 0] = [[-0.5, 0.0], [0.5, 0.25], [0.0, 0.5], [0.25, -0.5], [-0.25, 0.75]]  # halfway between elements
    sampled = {}
    for height, width in ((8, 8), (16, 4)):
        given = np.random.default_rng(1).normal(size=(1, 2, height, width)).astype(np.float32)
        sampled[f"{height}x{width}"] = Nearest(grid)(ms.Tensor(given)).asnumpy()
    np.savez(folder / "nearest.npz", **sampled)
    _export(Nearest(grid), ms.Tensor(np.zeros((1, 2, 8, 8), np.float32)), folder / "nearest")
    _export(Cutting(), ms.Tensor(np.zeros((1, 4, 6), np.float32)), folder / "cutting")
    _export(BatchBound(), ms.Tensor(np.zeros((2, 3), np.float32)), folder / "batch_bound")
    for mode in ("AES-GCM", "AES-CBC", "SM4-CBC"):
        _export(net, image, folder / mode, enc_key=KEY, enc_mode=mode)
        ms.save_checkpoint(net, str(folder / f"{mode}.ckpt"), enc_key=KEY, enc_mode=mode)
    # Over 1 GB MindSpore writes the parameters beside; here from the first byte.
    limit, serialization.TOTAL_SAVE = serialization.TOTAL_SAVE, 0
    _export(net, image, folder / "beside")
    serialization.TOTAL_SAVE = limit

    ms.save_checkpoint(net, str(folder / "net.ckpt"))
    np.savez(folder / "net.npz", **{item.name: item.asnumpy() for item in net.get_parameters()})
    (folder / "net.names.json").write_text(json.dumps([item.name for item in net.get_parameters()]))
    ms.save_checkpoint(net, str(folder / "checked.ckpt"), crc_check=True)
    limit, serialization.SLICE_SIZE = serialization.SLICE_SIZE, 1  # in KiB
    ms.save_checkpoint(net, str(folder / "split.ckpt"))
    serialization.SLICE_SIZE = limit
    kinds = {
        kind: np.arange(6).reshape(2, 3).astype(kind)
        for kind in ("float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool")
    }
    named = [{"name": kind, "data": ms.Tensor(array)} for kind, array in kinds.items()]
    named.append({"name": "scalar", "data": ms.Tensor(np.float32(3.5))})
    ms.save_checkpoint(named, str(folder / "kinds.ckpt"), append_dict={"epoch": 3, "note": "text"})


def _export(cell: nn.Cell, example: ms.Tensor | tuple[ms.Tensor, ...], stem: Path, **options: object) -> None:
    cell.set_train(False)
    given = example if isinstance(example, tuple) else (example,)
    ms.export(cell, *given, file_name=str(stem), file_format="MINDIR", **options)
