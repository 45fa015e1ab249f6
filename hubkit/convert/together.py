"""Batches of two: running a file on one, and what each input gives alone put together as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.failure import status_of
from hubkit.convert.records import ModelFile, Port
from hubkit.errors import ConvertError
from hubkit.smoke.runners import Runner

_Inputs = Mapping[str, NDArray[np.generic]]
_Outputs = tuple[NDArray[Any], ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """What two inputs give alone, as one batch."""

    outputs: _Outputs
    """Each output, put together as the batch is; empty where one cannot be."""
    mixed: str
    """The first output that has no batch and yet is another for each input; empty where there is none."""


def run_together(runner: Runner, first: _Inputs, second: _Inputs) -> tuple[_Outputs | None, str]:
    """What both inputs give in one batch; None where a file cannot take two, as it can each alone, and why.

    So it is where a network's code has made something for the batch that it was exported with. Raises ConvertError
    where the machine does not do for two.
    """
    try:
        return runner.run({name: np.concatenate([first[name], second[name]]) for name in first}), ""
    except ConvertError as error:
        if status_of("run", error) is not ConversionStatus.COULD_NOT_RUN:
            raise
        return None, f"a batch of two cannot be run: {error.message}"


def joined(file: ModelFile, alone: tuple[_Outputs, _Outputs]) -> Joined:
    """What each of two inputs gives ``alone`` as one batch, which lies along the first open axis of each output."""
    outputs: list[NDArray[Any]] = []
    for port, first, second in zip(file.outputs, *alone, strict=True):
        axis = open_axis(port)
        if axis is not None and first.shape[:axis] + first.shape[axis + 1 :] == (
            second.shape[:axis] + second.shape[axis + 1 :]
        ):
            outputs.append(np.concatenate([first, second], axis))
        elif np.array_equal(first, second):
            outputs.append(first)
        else:
            return Joined((), port.name)
    return Joined(tuple(outputs), "")


def open_axis(port: Port) -> int | None:
    """The first axis of ``port`` that has any size; None where there is none."""
    return next((place for place, size in enumerate(port.shape) if isinstance(size, str)), None)
