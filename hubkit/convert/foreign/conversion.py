"""A conversion of a network that a repository's code makes: the code runs in a process of its own, what it leaves is
judged here, where none of it runs.

That process exports the network and says what the network computed. Here the MINDIR is read, its weights are held
against the checkpoint, it is run again, lowered and compared, as for every other network.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.compat.use import LEFT_OUT
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.conversion import Conversion
from hubkit.convert.evidence import Evidence
from hubkit.convert.foreign.request import ForeignReport, ForeignRequest
from hubkit.convert.foreign.sandbox import (
    CrashedError,
    EndedError,
    SandboxLimits,
    hide_environment,
    run_confined,
    sandbox_environment,
)
from hubkit.convert.mindir import read_mindir
from hubkit.convert.mindir_export import FILE_MODE, variables_folder
from hubkit.convert.mindir_graph import Parameter
from hubkit.convert.records import ConvertJob, ConvertResult, OnnxOptions, RepositoryCode, from_json, to_json
from hubkit.convert.weights import origin, read_weights
from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec
from hubkit.smoke.runners import MindSporeRunner, PyNativeRunner, RecordedRunner

_MAX_REPORT = 1024 * 1024
_MAX_OUTPUTS = 4 << 30
_MAX_WORDS = 500
_DRAWN = (
    "\nWhile MindSpore compiles it, the network draws random numbers (of NumPy or Python), and each compilation draws"
    " others: make them in __init__ from a fixed seed, or give them to the network as an input."
)
_STEPS = ("import", "build", "load", "export", "run mindspore", "run pynative")


class ForeignConversion(Conversion):
    """A conversion whose network is made, exported and run by a repository's code."""

    def __init__(
        self,
        job: ConvertJob,
        repository: RepositoryCode,
        progress: Callable[[str], None],
        verdict: Callable[[ConvertResult], None],
    ) -> None:
        super().__init__(job, progress, verdict)
        self._repository = repository
        self._report = ForeignReport()
        self._exports = True
        self._out = Path()
        self._ended = ""
        self._skipped: dict[str, str] = {}

    def smoke(self, files: Mapping[str, Path], folder: Path) -> ConvertResult:
        self._exports = False
        return super().smoke(files, folder)

    def result(self) -> ConvertResult:
        report = self._report
        result = super().result()
        drawn = _DRAWN if report.draws and result.status is ConversionStatus.DIFFERS else ""
        return replace(
            result,
            error=f"{result.error}{drawn}",
            compat=report.compat,
            parameters=report.parameters,
            values=report.values,
            passed_over=report.passed_over,
            skipped=self._skipped,
        )

    def _prepare(self) -> tuple[tuple[InputSpec, ...], tuple[str, ...]]:
        where = self._repository
        with self._steps.step("build", f"running {self._job.network} of {where.repository} at {where.commit[:12]}"):
            ended = self._host(Path.cwd() / "foreign")
            self._report = _read_report(self._out / "report.json")
        for name, seconds in self._report.seconds.items():
            self._steps.clock.move("build", name, seconds)
        with self._steps.step(self._report.step, "reading what the repository's code reports"):
            if self._report.error:
                raise ConvertError(self._report.error)
            if ended is not None:
                raise ended
        if self._job.checkpoint is None:
            self._network.weights = f"seeded (seed {self._job.seed})"
        else:
            with self._steps.step("load", "holding the network's weights against the checkpoint"):
                self._network.weights = origin(self._job.checkpoint)
                if self._exports:
                    check_weights(self._exported(), self._job.checkpoint)
        return self._job.inputs, self._job.outputs or _numbered(len(self._outputs("0")))

    def _export(self, folder: Path, inputs: object) -> Path:
        with self._steps.step("export", "taking the MINDIR that it exported"):
            made = self._exported()
            data = self._out / variables_folder(self._job.stem)  # parameters of over 1 GB are written beside
            if made.name.endswith("_graph.mindir") and data.is_dir() and not data.is_symlink():
                for file in data.iterdir():
                    if not _is_plain(file):
                        raise ConvertError(
                            f"{file.name}, which the repository's code left beside its MINDIR, is no file"
                        )
                    file.chmod(FILE_MODE)
                data.rename(folder / data.name)
            made.chmod(FILE_MODE)
            return made.rename(folder / made.name)

    def _exported(self) -> Path:
        """The MINDIR that the code's process left. Raises ConvertError where it left none."""
        for name in (f"{self._job.stem}.mindir", f"{self._job.stem}_graph.mindir"):
            if _is_plain(self._out / name):
                return self._out / name
        raise ConvertError("the repository's code left no MINDIR file")

    def _holder(self, mindir: Path) -> Any:
        return _Exported(mindir)

    def _lower(
        self,
        mindir: Path,
        folder: Path,
        inputs: Sequence[InputSpec],
        outputs: Sequence[str],
        options: OnnxOptions,
        note: str = "",
    ) -> None:
        if options.dynamic:
            note = f"its {' and '.join(options.dynamic)} cannot be open: the repository's code was run at one size"
            options = replace(options, dynamic=())
        super()._lower(mindir, folder, inputs, outputs, options, note)

    def _run_reference(self, evidence: Evidence) -> None:
        outputs = (self._outputs("0"), self._outputs("1"))
        evidence.run_reference(RecordedRunner(MindSporeRunner.name, outputs, self._report.inference_seconds))
        left_out = [words for name, words in LEFT_OUT.items() if name in self._report.compat]
        if self._report.not_pynative and left_out:
            raise ConvertError(
                f"it is compiled without {' and '.join(left_out)}, and where it is run with them (PyNative mode) it "
                f"ends: {self._ended or self._report.not_pynative}"
            )
        try:
            if self._report.not_pynative:
                raise ConvertError(self._ended or self._report.not_pynative)
            in_half = any(file.computes_in_half for file in self._files)
            found = self._outputs(PyNativeRunner.name)
            evidence.run_pynative(found, in_half=in_half, otherwise=self._report.otherwise)
        except ConvertError as error:
            self._skipped[PyNativeRunner.name] = error.message

    def _host(self, folder: Path) -> EndedError | None:
        """Run the code to its end; how it ended, where that was not after its work was done."""
        hide_environment()
        self._out = folder / "out"
        for name in ("home", "tmp", "out"):
            (folder / name).mkdir(parents=True)
        code = folder / "code"
        shutil.copytree(self._repository.path, code, symlinks=True)
        limits = SandboxLimits()
        request = ForeignRequest(
            code=code,
            out=self._out,
            network=self._job.network,
            kwargs=self._job.kwargs,
            inputs=self._job.inputs,
            checkpoint=self._job.checkpoint,
            stem=self._job.stem,
            seed=self._job.seed,
            export=self._exports,
            limits=limits,
        )
        request_file = folder / "request.json"
        request_file.write_text(json.dumps(to_json(request)), encoding="utf-8")
        command = [sys.executable, "-P", "-m", "hubkit.convert.foreign.host", str(request_file)]
        environment = sandbox_environment(os.environ, folder)
        try:
            tail = run_confined(command, cwd=code, environment=environment, limits=limits)
        except EndedError as error:
            if _read_report(self._out / "report.json").done:  # it ended while it ran without being compiled
                self._ended = error.message
                return None
            return type(error)(f"the repository's code gave no network: {error.message}")
        if not _read_report(self._out / "report.json").done:
            return CrashedError(f"the repository's code gave no network: it left before it was done{tail}")
        return None

    def _outputs(self, run: str) -> tuple[NDArray[Any], ...]:
        """What the network computed in a run: "0" and "1" of the two inputs, or "pynative" of the first."""
        path = self._out / f"outputs-{run}.npz"
        try:
            if not _is_plain(path):
                raise FileNotFoundError
            with zipfile.ZipFile(path) as archive:
                if sum(item.file_size for item in archive.infolist()) > _MAX_OUTPUTS:
                    raise ConvertError(f"the network's outputs take over {_MAX_OUTPUTS / 1e9:.0f} GB")
            with np.load(path, allow_pickle=False) as arrays:
                return tuple(arrays[name] for name in arrays.files)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            raise ConvertError("the repository's code left no outputs of its network") from None


class _Exported:
    """The parameters of an exported network, as a cell has its own."""

    def __init__(self, mindir: Path) -> None:
        self._parameters = tuple(map(_Weight, read_mindir(mindir).parameters.values()))

    def get_parameters(self) -> tuple[_Weight, ...]:
        """All of them."""
        return self._parameters


class _Weight:
    """One of them."""

    def __init__(self, parameter: Parameter) -> None:
        self.name = parameter.name
        self.shape = parameter.type.shape
        self.asnumpy = parameter.array


def check_weights(mindir: Path, checkpoint: Path) -> None:
    """Hold the weights in an exported network against the checkpoint that it is said to have.

    Raises ConvertError where one has other values, or there is none of them.
    """
    published = read_weights(checkpoint)
    found = {parameter.name: parameter for parameter in read_mindir(mindir).parameters.values()}
    shared = [name for name in found if name in published]
    wrong = [name for name in shared if not _same(published[name], found[name].array())]
    if wrong or (found and not shared):
        what = f"{len(wrong)} of {len(shared)} weights, {wrong[0]} first," if wrong else "the weights"
        raise ConvertError(
            f"{what} of the network that the repository's code exported are not those of the checkpoint",
            hint="Its code changes the weights after they were loaded.",
        )


def _same(first: NDArray[Any], second: NDArray[Any]) -> bool:
    return first.shape == second.shape and first.dtype == second.dtype and first.tobytes() == second.tobytes()


def _numbered(count: int) -> tuple[str, ...]:
    """Names for outputs that have none."""
    return ("output",) if count == 1 else tuple(f"output_{number}" for number in range(count))


def _read_report(path: Path) -> ForeignReport:
    """The report, its values held to what they may be; an empty one where there is none that can be read."""
    try:
        if not _is_plain(path):
            return ForeignReport()
        with path.open("rb") as stream:
            report = from_json(ForeignReport, json.loads(stream.read(_MAX_REPORT)))
        return ForeignReport(
            step=report.step if report.step in _STEPS else "build",
            error=str(report.error),
            done=report.done is True,
            parameters=max(0, int(report.parameters)),
            values=max(0, int(report.values)),
            passed_over=max(0, int(report.passed_over)),
            not_pynative=str(report.not_pynative)[:_MAX_WORDS],
            otherwise=str(report.otherwise)[:_MAX_WORDS],
            draws=report.draws is True,
            compat=tuple(str(name)[:200] for name in report.compat[:200]),
            seconds={name: max(0.0, float(report.seconds[name])) for name in _STEPS if name in report.seconds},
            inference_seconds=max(0.0, float(report.inference_seconds)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return ForeignReport()


def _is_plain(path: Path) -> bool:
    """Whether it is a file: no link, no pipe that would be waited for."""
    return path.is_file() and not path.is_symlink()
