"""What became of a conversion: a closed table, so that no two ways to fail ever look alike."""

from __future__ import annotations

from enum import StrEnum


class ConversionStatus(StrEnum):
    """How a conversion ended. Only PASSED is a pass; each status has an exit code and a sentence."""

    PASSED = "passed"
    SKIPPED = "skipped"
    COULD_NOT_BUILD = "could-not-build"
    COULD_NOT_LOAD_WEIGHTS = "could-not-load-weights"
    COULD_NOT_EXPORT = "could-not-export"
    NO_LOWERING = "no-lowering"
    COULD_NOT_LOWER = "could-not-lower"
    CHECKER_REFUSED = "checker-refused"
    COULD_NOT_RUN = "could-not-run"
    DIFFERS = "ran-but-differs"
    NOT_FINITE = "ran-but-not-finite"
    PROVES_NOTHING = "ran-but-proves-nothing"
    CRASHED = "crashed"
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"
    MACHINE_FAILED = "machine-failed"

    @property
    def exit_code(self) -> int:
        """What a verb that converts one network exits with: 0 passed, 1 not converted, 2 no verdict was reached."""
        return _MEANINGS[self][0]

    @property
    def is_verdict(self) -> bool:
        """Whether trying again, with nothing changed, would end the same."""
        return self is not ConversionStatus.SKIPPED and self.exit_code < 2

    @property
    def sentence(self) -> str:
        """What it means, in one sentence for a reader."""
        return _MEANINGS[self][1]

    @property
    def phrase(self) -> str:
        """The status in words, such as "could not load weights"."""
        return self.value.replace("-", " ")


_MEANINGS: dict[ConversionStatus, tuple[int, str]] = {
    ConversionStatus.PASSED: (0, "Every file was made, and its outputs agree with the network's."),
    ConversionStatus.SKIPPED: (1, "The conversion was not tried."),
    ConversionStatus.COULD_NOT_BUILD: (1, "The network's code could not build it."),
    ConversionStatus.COULD_NOT_LOAD_WEIGHTS: (1, "The checkpoint cannot be read or does not fit the network."),
    ConversionStatus.COULD_NOT_EXPORT: (1, "MindSpore could not export the network as MINDIR."),
    ConversionStatus.NO_LOWERING: (1, "The network uses operators that hubkit has no ONNX form for."),
    ConversionStatus.COULD_NOT_LOWER: (1, "An operator is used in a way that has no ONNX form."),
    ConversionStatus.CHECKER_REFUSED: (1, "ONNX's checker refuses the model that was made."),
    ConversionStatus.COULD_NOT_RUN: (1, "A runtime could not run the network or a file made of it."),
    ConversionStatus.DIFFERS: (1, "The files were made and ran, but their outputs differ from the network's."),
    ConversionStatus.NOT_FINITE: (1, "The network itself gives infinities or NaN, and the files give the same."),
    ConversionStatus.PROVES_NOTHING: (1, "The output hardly depends on the input, so that any conversion would agree."),
    ConversionStatus.CRASHED: (2, "The worker process crashed or was killed."),
    ConversionStatus.TIMED_OUT: (2, "The worker process took longer than it may and was stopped."),
    ConversionStatus.OUT_OF_MEMORY: (2, "The worker process needed more memory than it may use."),
    ConversionStatus.MACHINE_FAILED: (2, "The machine failed: its disk is full, or files cannot be read or written."),
}
