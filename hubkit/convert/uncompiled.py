"""A network's own code, run line by line (PyNative mode), beside what MindSpore compiles of it."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.mismatch.compiled_otherwise import agree, compiled_otherwise
from hubkit.smoke.compare import CONVERTED, HALVED
from hubkit.smoke.runners import PyNativeRunner

if TYPE_CHECKING:
    import mindspore

_SECONDS = 300.0

_Outputs = tuple[NDArray[Any], ...]


def run_uncompiled(cell: mindspore.nn.Cell, inputs: Mapping[str, NDArray[np.generic]]) -> _Outputs:
    """What ``cell`` gives for ``inputs`` where it is not compiled, which some networks cannot do, or not in time.

    Raises whatever the network's code raises, and TimeoutError where it takes more than five minutes.
    """
    with at_most(_SECONDS):
        return PyNativeRunner(cell).run(inputs)


def find_otherwise(
    cell: mindspore.nn.Cell,
    inputs: Mapping[str, NDArray[np.generic]],
    compiled: _Outputs,
    found: _Outputs,
    *,
    in_half: Callable[[], bool],
    code: Path | None = None,
) -> str:
    """Whose code is compiled in another sense, where ``found``, which it gave uncompiled, tells of it; else empty.

    ``in_half`` says whether the network computes in float16, and ``code`` is the folder that its places are told in.
    Empty too where it cannot be found, in five minutes or at all.
    """
    if agree(compiled, found, CONVERTED):
        return ""
    tolerance = HALVED if in_half() else CONVERTED
    if agree(compiled, found, tolerance):
        return ""
    try:
        with at_most(_SECONDS):
            return compiled_otherwise(cell, inputs, tolerance, code)
    except BaseException:  # the code raises anything; then it is not told where
        traceback.print_exc()  # into the log
        return ""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in what takes longer. For the main thread of a process alone."""

    def late(*_: object) -> None:
        raise TimeoutError(f"it takes more than {seconds:g} seconds")

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
