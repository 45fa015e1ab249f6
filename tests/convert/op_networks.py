"""Make every row's network in MindSpore, export it and run it.

Leaves ``<number>.mindir``, ``<number>.npz`` (two inputs and their outputs) and, where a row
fails, ``<number>.error``.
"""

from __future__ import annotations

import gc
import importlib
import sys
from pathlib import Path
from typing import Any

import mindspore as ms
import numpy as np
from mindspore import nn

from hubkit.nets.spec import InputSpec
from hubkit.smoke.inputs import seeded_inputs, seeded_parameters
from tests.convert.op_cases import CASES, Case

# MindSpore parses source text, so the networks are written into a file of their own.
_HEAD = """
import mindspore as ms
import numpy as np
from mindspore import mint, nn, ops
from mindspore.scipy import linalg


class Resize(nn.Cell):
    def __init__(self, resize, size):
        super().__init__()
        self.resize, self.size = resize, size

    def construct(self, x):
        return self.resize(x, self.size)


class ClassToken(nn.Cell):
    def __init__(self, copy):
        super().__init__()
        self.token = ms.Parameter(ms.Tensor(np.zeros((1, 1, 6), np.float32)), name="token")
        self.copy = copy

    def construct(self, x):
        return ops.concat((self.copy(self.token, (x.shape[0], 1, 1)), x), 1)


class Slope(nn.Cell):
    def __init__(self, layer):
        super().__init__()
        self.layer, self.slope = layer, ops.grad(layer)

    def construct(self, x):
        return self.slope(x)


class Broadcast(nn.Cell):
    def construct(self, x, sizes):
        return ops.broadcast_to(x, (sizes[0], -1, -1))
"""
_NETWORK = """

class Case{number}(nn.Cell):
    def __init__(self):
        super().__init__()
        self.f = {layer}

    def construct(self, {arguments}):
{steps}        return {call}
"""
_REFERENCE = """

class Reference{number}(Case{number}):
    def construct(self, {arguments}):
        return {call}
"""


def make(folder: Path, rows: list[int]) -> None:
    """Work through ``rows``, places in CASES."""
    source = folder / f"op_case_networks_{rows[0]}.py"
    source.write_text(_HEAD + "".join(_network(number, CASES[number]) for number in rows))
    sys.path.insert(0, str(folder))
    module = importlib.import_module(source.stem)
    ms.set_context(mode=ms.GRAPH_MODE)
    for place, number in enumerate(rows):
        if place % 20 == 0:  # MindSpore collects garbage at each compilation; what it imports and keeps is none
            gc.collect()
            gc.freeze()
        case = CASES[number]
        try:
            reference = getattr(module, f"Reference{number}", None)
            arrays = _run(getattr(module, f"Case{number}")(), reference, case, folder / str(number))
            np.savez(folder / f"{number}.npz", **arrays)
        except Exception as error:  # whatever MindSpore raises belongs to this row alone
            (folder / f"{number}.error").write_text(f"{type(error).__name__}: {error}")


def _network(number: int, case: Case) -> str:
    arguments = ", ".join("xyz"[: len(case.inputs)])
    steps = "".join(f"        {step}\n" for step in case.steps)
    network = _NETWORK.format(number=number, layer=case.layer or None, arguments=arguments, steps=steps, call=case.call)
    return network + (case.instead and _REFERENCE.format(number=number, arguments=arguments, call=case.instead))


def _run(cell: nn.Cell, reference: type[nn.Cell] | None, case: Case, stem: Path) -> dict[str, Any]:
    cell.set_train(False)
    _seed(cell)
    specs = [
        InputSpec("xyz"[index], item.shape, item.dtype, item.low, item.high) for index, item in enumerate(case.inputs)
    ]
    pair = [seeded_inputs(specs, seed) for seed in (0, 1)]
    ms.export(cell, *map(ms.Tensor, pair[0].values()), file_name=str(stem), file_format="MINDIR")
    # The exported graph runs on the same kernels as the cell, and is spared the parsing.
    exported = _seed(reference()) if reference else nn.GraphCell(ms.load(f"{stem}.mindir"))
    arrays: dict[str, Any] = {}
    for index, inputs in enumerate(pair):
        arrays |= {f"{index}.{name}": array for name, array in inputs.items()}
        outputs = _flat(exported(*map(ms.Tensor, inputs.values())))
        arrays |= {f"{index}.output{place}": tensor.asnumpy() for place, tensor in enumerate(outputs)}
    return arrays


def _seed(cell: nn.Cell) -> nn.Cell:
    shapes = {item.name: tuple(item.shape) for item in cell.get_parameters()}
    for name, array in seeded_parameters(shapes, seed=0).items():
        cell.parameters_dict()[name].set_data(ms.Tensor(array))
    return cell.set_train(False)


def _flat(result: Any) -> list[ms.Tensor]:
    return [leaf for item in result for leaf in _flat(item)] if isinstance(result, tuple | list) else [result]
