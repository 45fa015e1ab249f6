"""Which status a failure is: by what was raised, else by the step that it was raised in."""

from __future__ import annotations

from dataclasses import dataclass

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.foreign.sandbox import CrashedError, TimedOutError, TooMuchMemoryError
from hubkit.convert.limits import tells_of_machine, tells_of_memory
from hubkit.convert.refusal import RefusedError
from hubkit.errors import ConvertError


class MachineError(ConvertError):
    """The machine is in the way, not the network: its disk is full, or a file cannot be read or written."""


_BY_ERROR: tuple[tuple[type[Exception], ConversionStatus], ...] = (
    (MemoryError, ConversionStatus.OUT_OF_MEMORY),
    (MachineError, ConversionStatus.MACHINE_FAILED),
    (TooMuchMemoryError, ConversionStatus.OUT_OF_MEMORY),
    (TimedOutError, ConversionStatus.TIMED_OUT),
    (CrashedError, ConversionStatus.CRASHED),
)
_BY_STEP: dict[str, ConversionStatus] = {
    "convert": ConversionStatus.COULD_NOT_BUILD,
    "smoke": ConversionStatus.COULD_NOT_BUILD,
    "import": ConversionStatus.COULD_NOT_BUILD,
    "build": ConversionStatus.COULD_NOT_BUILD,
    "load": ConversionStatus.COULD_NOT_LOAD_WEIGHTS,
    "fit": ConversionStatus.COULD_NOT_LOAD_WEIGHTS,
    "export": ConversionStatus.COULD_NOT_EXPORT,
    "save": ConversionStatus.COULD_NOT_EXPORT,
    "lower": ConversionStatus.COULD_NOT_LOWER,
    "quantize": ConversionStatus.COULD_NOT_LOWER,
    "sensitivity": ConversionStatus.PROVES_NOTHING,
    "parity": ConversionStatus.DIFFERS,
    "finite": ConversionStatus.NOT_FINITE,
}

HINTS: dict[ConversionStatus, str] = {
    ConversionStatus.MACHINE_FAILED: "Files are made in the output folder: make room there, or choose another folder.",
    ConversionStatus.OUT_OF_MEMORY: "End other programs, convert fewer networks at a time, or use a larger machine.",
}
"""How to mend what a library raised, where its status alone tells."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that went wrong."""

    step: str
    """The step that it went wrong in."""
    status: ConversionStatus
    """What kind of failure it is."""
    text: str
    """What went wrong and how to mend it."""


def status_of(step: str, error: Exception | None = None) -> ConversionStatus:
    """The status of a failure in ``step``; steps that are not known run something."""
    if isinstance(error, RefusedError):
        return error.status
    for kind, status in _BY_ERROR:
        if isinstance(error, kind):
            return status
    if error is not None and tells_of_memory(str(error)):
        return ConversionStatus.OUT_OF_MEMORY
    if error is not None and tells_of_machine(str(error)):
        return ConversionStatus.MACHINE_FAILED
    return _BY_STEP.get(step, ConversionStatus.COULD_NOT_RUN)
