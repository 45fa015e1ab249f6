"""A conversion of a network of another package: what MindSpore compiles of it is held against its own code too."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from hubkit.convert.conversion import Conversion
from hubkit.convert.evidence import Evidence
from hubkit.convert.records import ConvertJob, ConvertResult
from hubkit.convert.uncompiled import find_otherwise, run_uncompiled
from hubkit.smoke.modes import PYNATIVE


class PeerConversion(Conversion):
    """A conversion whose network is none of hubkit's, whose code is held against outputs that are known."""

    def __init__(
        self,
        job: ConvertJob,
        progress: Callable[[str], None],
        verdict: Callable[[ConvertResult], None],
        *,
        may_fork: bool,
    ) -> None:
        super().__init__(job, progress, verdict, may_fork=may_fork)
        self._skipped: dict[str, str] = {}

    def convert(self, folder: Path) -> ConvertResult:
        super().convert(folder)
        return self._with_uncompiled()

    def smoke(self, files: Mapping[str, Path], folder: Path) -> ConvertResult:
        super().smoke(files, folder)
        return self._with_uncompiled()

    def result(self) -> ConvertResult:
        return replace(super().result(), skipped=dict(self._skipped))

    def _with_uncompiled(self) -> ConvertResult:
        """The result with the run in PyNative mode, which comes last: it may take long, crash, or not be possible."""
        if self._evidence is not None and not self._steps.failures:
            self._skipped[PYNATIVE] = "its process ended"
            self._verdict(self.result())  # it stands, whatever becomes of the run
            self._progress("running its code line by line (PyNative mode)")
            try:
                self._run_uncompiled(self._evidence)
            except BaseException as error:  # the code raises anything, SystemExit among it
                traceback.print_exc()  # into the log
                self._skipped[PYNATIVE] = str(error) or type(error).__name__
            else:
                del self._skipped[PYNATIVE]
            self._steps.clock.lap(f"run {PYNATIVE}")
        return self.result()

    def _run_uncompiled(self, evidence: Evidence) -> None:
        def in_half() -> bool:
            return any(file.computes_in_half for file in self._files)

        inputs, compiled = evidence.first
        found = run_uncompiled(self._network.cell, inputs)
        otherwise = find_otherwise(self._network.cell, inputs, compiled, found, in_half=in_half)
        evidence.run_pynative(found, in_half=in_half(), otherwise=otherwise)
