"""Running a file on a batch of two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.failure import status_of
from hubkit.errors import ConvertError
from hubkit.smoke.runners import Runner

_Inputs = Mapping[str, NDArray[np.generic]]


def run_together(runner: Runner, first: _Inputs, second: _Inputs) -> tuple[tuple[NDArray[Any], ...] | None, str]:
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
