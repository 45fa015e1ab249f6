"""One interface to the runtimes that can run a model: MindSpore, MindSpore from a MINDIR file, ONNX Runtime."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hubkit.errors import ConvertError
from hubkit.smoke.messages import said
from hubkit.smoke.modes import PYNATIVE, pynative

if TYPE_CHECKING:
    import mindspore


class Runner(Protocol):
    """A model in a runtime, ready to run."""

    @property
    def name(self) -> str:
        """The runtime's name, as receipts give it."""

    @property
    def version(self) -> str:
        """The runtime's version."""

    def run(self, inputs: Mapping[str, NDArray[np.generic]]) -> tuple[NDArray[np.generic], ...]:
        """Run the model once.

        Args:
            inputs: an array for each input; the order is that of the model's inputs.

        Returns:
            Every output in order.

        Raises:
            ConvertError: the runtime refused the inputs or failed.
        """


class MindSporeRunner:
    """A cell in MindSpore. It sets the process to graph mode, the mode that exporting uses."""

    name = "mindspore"

    def __init__(self, cell: mindspore.nn.Cell) -> None:
        import mindspore

        mindspore.set_context(mode=mindspore.GRAPH_MODE)
        self.version: str = mindspore.__version__
        self._cell = cell

    def run(self, inputs: Mapping[str, NDArray[np.generic]]) -> tuple[NDArray[np.generic], ...]:
        return _run_cell(self._cell, inputs, self.name)


class PyNativeRunner:
    """A cell in MindSpore that is not compiled: each line of its code is run. The process is in graph mode after it."""

    name = PYNATIVE

    def __init__(self, cell: mindspore.nn.Cell) -> None:
        import mindspore

        self.version: str = mindspore.__version__
        self._cell = cell

    def run(self, inputs: Mapping[str, NDArray[np.generic]]) -> tuple[NDArray[np.generic], ...]:
        with pynative():
            return _run_cell(self._cell, inputs, self.name)


class MindirRunner:
    """A MINDIR file, loaded into MindSpore. It sets the process to graph mode."""

    name = "mindir"

    def __init__(self, path: Path) -> None:
        """Load the file.

        Raises:
            ConvertError: there is no such file, or MindSpore cannot read it.
        """
        import mindspore

        if not path.is_file():
            raise ConvertError(f"{path}: no such MINDIR file")
        mindspore.set_context(mode=mindspore.GRAPH_MODE)
        self.version: str = mindspore.__version__
        try:
            self._cell = mindspore.nn.GraphCell(mindspore.load(str(path)))
        except Exception as error:  # MindSpore raises many types here, bare RuntimeError among them
            raise ConvertError(f"{path}: MindSpore cannot load it: {said(error)}") from error

    def run(self, inputs: Mapping[str, NDArray[np.generic]]) -> tuple[NDArray[np.generic], ...]:
        return _run_cell(self._cell, inputs, self.name)


class OnnxRunner:
    """An ONNX file in ONNX Runtime on the CPU, with its default optimisations: what a user gets."""

    name = "onnxruntime"

    def __init__(self, path: Path, name: str = name) -> None:
        """Load the file; ``name`` tells files of one network apart.

        Raises:
            ConvertError: there is no such file, or ONNX Runtime refuses it.
        """
        import onnxruntime

        self.name = name

        if not path.is_file():
            raise ConvertError(f"{path}: no such ONNX file")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _threads()
        options.use_deterministic_compute = True
        options.log_severity_level = 3  # errors only: they are raised, and a warning would land on stderr
        self.version: str = onnxruntime.__version__
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its exceptions share no base class but Exception
            raise ConvertError(f"{path}: ONNX Runtime cannot load it: {said(error)}") from error

    def run(self, inputs: Mapping[str, NDArray[np.generic]]) -> tuple[NDArray[np.generic], ...]:
        wanted = [value.name for value in self._session.get_inputs()]
        if sorted(wanted) != sorted(inputs):
            raise ConvertError(
                f"the ONNX model's inputs are {', '.join(wanted)}, not {', '.join(inputs)}",
                hint="name the inputs as the model does",
            )
        try:
            return tuple(np.asarray(output) for output in self._session.run(None, dict(inputs)))
        except Exception as error:  # its exceptions share no base class but Exception
            raise ConvertError(f"{self.name} failed: {said(error)}") from error


class RecordedRunner:
    """What another process ran and wrote down, in the order of the inputs."""

    def __init__(self, name: str, outputs: Sequence[tuple[NDArray[Any], ...]], seconds: float) -> None:
        """Give the ``outputs`` of the runtime ``name`` one after another; its last run took ``seconds``."""
        import mindspore

        self.name = name
        self.version: str = mindspore.__version__
        self.seconds = seconds
        self._left = list(outputs)

    def run(self, inputs: Mapping[str, NDArray[np.generic]]) -> tuple[NDArray[np.generic], ...]:
        return self._left.pop(0)


def timed(
    runner: Runner, inputs: Mapping[str, NDArray[np.generic]], repeat: int = 1
) -> tuple[tuple[NDArray[np.generic], ...], tuple[float, ...]]:
    """Run a model several times on the same inputs.

    Args:
        runner: the model in its runtime.
        inputs: as for `Runner.run`.
        repeat: how many runs, at least 1.

    Returns:
        The last run's outputs, and the seconds of each run in order. A cell's first run in MindSpore
        compiles its graph, so the first figure is a figure of its own.

    Raises:
        ConvertError: the runtime refused the inputs or failed.
        ValueError: `repeat` is below 1.
    """
    if repeat < 1:
        raise ValueError(f"a model is run at least once, not {repeat} times")
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        outputs = runner.run(inputs)
        seconds.append(time.perf_counter() - start)
    return outputs, tuple(seconds)


def _run_cell(
    cell: mindspore.nn.Cell, inputs: Mapping[str, NDArray[np.generic]], name: str
) -> tuple[NDArray[np.generic], ...]:
    import mindspore

    try:
        result = cell(*(mindspore.Tensor(array) for array in inputs.values()))
        return tuple(tensor.asnumpy() for tensor in flat_outputs(result))
    except Exception as error:  # whatever the network's own code or a kernel raises
        raise ConvertError(f"{name} failed: {said(error)}") from error


def flat_outputs(result: Any) -> list[mindspore.Tensor]:
    """Outputs in order: a network may nest tuples, dictionaries and data classes, a converted model has one flat list.

    None and numbers that it returns beside them are no outputs.
    """
    if isinstance(result, dict):
        return flat_outputs(list(result.values()))
    if result is None or isinstance(result, bool | int | float):
        return []
    if isinstance(result, tuple | list):
        return [tensor for item in result for tensor in flat_outputs(item)]
    if dataclasses.is_dataclass(result):
        return flat_outputs([getattr(result, item.name) for item in dataclasses.fields(result)])
    return [result]


def _threads() -> int:
    """How many threads one operator may use: as many as the process has cores, or fewer where OpenMP is told so."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    cores = len(os.sched_getaffinity(0))
    return min(int(told), cores) if told.isdecimal() and int(told) else cores
