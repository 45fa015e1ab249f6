"""The steps of one conversion, as the worker process takes them: build, load, export, lower, run, compare.

Whatever stops it, the result says what was found until then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from hubkit import nets
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.describe import describe_mindir, describe_onnx
from hubkit.convert.evidence import Evidence
from hubkit.convert.failure import Failure, status_of
from hubkit.convert.forecast import Forecast
from hubkit.convert.foresee import forecast_mindir
from hubkit.convert.forked_runs import ForkedRuns, threads
from hubkit.convert.machine import machine, versions
from hubkit.convert.mindir_export import compile_time, export_mindir
from hubkit.convert.mismatch.cause import find_cause
from hubkit.convert.mismatch.divergence import Files
from hubkit.convert.mismatch.proof import FOLDER, describe, in_words, write
from hubkit.convert.mismatch.record import Mismatch
from hubkit.convert.network import Network
from hubkit.convert.onnx_files import OnnxFiles
from hubkit.convert.preflight import UnsupportedOperatorsError
from hubkit.convert.records import (
    RUNNABLE,
    ConvertJob,
    ConvertResult,
    ModelFile,
    OnnxOptions,
    ParityRecord,
    UnsupportedOperator,
)
from hubkit.convert.second_tries import second_try
from hubkit.convert.sizes import prove_sizes
from hubkit.convert.steps import Steps
from hubkit.convert.weights import save_weights
from hubkit.nets.spec import InputSpec, at_shapes
from hubkit.smoke.runners import MindirRunner, MindSporeRunner

_ONE_SIZE = "because the repository's code is run at one size"


class Conversion:
    """One job under way; `result` may be asked for at any time.

    Raises nothing from `convert` and `smoke`: what stops them is in the result.
    """

    def __init__(
        self,
        job: ConvertJob,
        progress: Callable[[str], None],
        verdict: Callable[[ConvertResult], None] = lambda _: None,
        *,
        may_fork: bool = False,
    ) -> None:
        """Begin ``job``; ``progress`` hears of each step, ``verdict`` a result that only its cause may be added to.

        Where it ``may_fork``, MindSpore's runs are in a second process beside the other steps.
        """
        self._job = job
        self._may_fork = may_fork
        self._runs: ForkedRuns | None = None
        self._threads = threads()
        self._progress = progress
        self._verdict = verdict
        self._steps = Steps(progress)
        self._network = Network(self._steps, progress)
        self._files: list[ModelFile] = []
        self._unsupported: tuple[UnsupportedOperator, ...] = ()
        self._evidence: Evidence | None = None
        self._mismatch: Mismatch | None = None
        self._not_finite = ""
        self._sizes: tuple[ParityRecord, ...] = ()
        self._weighs = True
        self._onnx = job.onnx

    def convert(self, folder: Path) -> ConvertResult:
        """Make the job's files in ``folder`` and prove them."""
        with self._steps.reporting("convert"), ExitStack() as beside:
            inputs, outputs = self._prepare()
            self._fork(beside, inputs)
            mindir = self._export(folder, inputs)
            if "mindir" in self._job.formats:
                if self._runs:
                    self._runs.give(mindir)
                self._files.append(describe_mindir(mindir, [item.name for item in inputs], outputs))
            if "safetensors" in self._job.formats:
                with self._steps.step("save", "writing the weights"):
                    self._files.append(save_weights(self._holder(mindir), folder / f"{self._job.stem}.safetensors"))
            if any(kind.startswith("onnx") for kind in self._job.formats):
                with self._steps.reporting("lower"):
                    self._lower(mindir, folder, inputs, outputs, self._job.onnx)
            if self._files:
                self._compare(inputs, outputs)
                self._try_again(mindir, folder, inputs, outputs)
                self._explain(folder, inputs, outputs, mindir)
        return self.result()

    def smoke(self, files: Mapping[str, Path], folder: Path) -> ConvertResult:
        """Compare the existing ``files`` (format -> path) with the network; evidence goes into ``folder``."""
        with self._steps.reporting("smoke"), ExitStack() as beside:
            inputs, outputs = self._prepare()
            self._fork(beside, inputs)
            if self._runs and "mindir" in files:
                self._runs.give(files["mindir"])
            with self._steps.step("read", "reading the files"):
                for kind, path in files.items():
                    if kind == "mindir":
                        self._files.append(describe_mindir(path, [item.name for item in inputs], outputs))
                    else:
                        self._files.append(replace(describe_onnx(path), format=kind))
            self._compare(inputs, outputs)
            self._explain(folder, inputs, outputs)
        return self.result()

    def forecast(self, name: str, folder: Path) -> Forecast:
        """What converting would give, called ``name``; the network keeps the weights that it is built with."""
        self._weighs = False
        with self._steps.reporting("convert"):
            inputs, outputs = self._prepare()
            mindir = self._export(folder, inputs)
            with self._steps.step("lower", "looking at its operators"):
                own = self._job.repository is None
                found = forecast_mindir(
                    mindir,
                    name,
                    tuple(item.name for item in inputs),
                    outputs,
                    formats=self._job.formats,
                    options=self._job.onnx if own else replace(self._job.onnx, dynamic=()),
                )
                bound = () if own else (f"the {axis}: fixed, {_ONE_SIZE}" for axis in self._job.onnx.dynamic)
                return replace(found, fixed=(*bound, *found.fixed))
        failure = self._steps.failures[0]
        return Forecast(
            name, failure.status, failure.text, parameters=self._network.parameters, values=self._network.values
        )

    def result(self) -> ConvertResult:
        """What is known so far."""
        evidence = self._evidence
        failures = [*self._steps.failures]
        if evidence and not failures:
            failures += [Failure(step, status_of(step), text) for step, text in evidence.failures()]
        if self._not_finite:
            failures.append(Failure("explain", ConversionStatus.NOT_FINITE, self._not_finite))
        if self._mismatch:
            failures.append(Failure("explain", ConversionStatus.DIFFERS, in_words(self._mismatch)))
        return ConvertResult(
            status=failures[0].status if failures else ConversionStatus.PASSED,
            failed_step=failures[0].step if failures else "",
            error="\n".join(failure.text for failure in failures),
            network=self._job.network,
            weights=self._network.weights,
            passed_over=self._network.passed_over,
            input_seed=self._job.seed,
            parameters=self._network.parameters,
            values=self._network.values,
            files=tuple(self._files),
            parity=(*evidence.parity, *self._sizes) if evidence else (),
            sensitivity=evidence.moves if evidence else (),
            unsupported=self._unsupported,
            misfits=self._network.misfits,
            mismatch=self._mismatch,
            seconds=self._steps.clock.seconds,
            inference_seconds=evidence.inference_seconds if evidence else {},
            versions=versions(),
            machine=machine(),
        )

    def _prepare(self) -> tuple[tuple[InputSpec, ...], tuple[str, ...]]:
        """Build the network and give it its weights; its inputs at the job's shapes, and its outputs' names."""
        spec = nets.find(self._job.network)
        inputs = at_shapes(self._job.inputs or spec.inputs, self._job.input_shapes)
        self._network.build(spec.name, self._job.kwargs)
        if self._weighs:
            self._network.load(self._job.checkpoint, inputs, self._job.seed, fitted=spec.fitted)
        return inputs, self._job.outputs or spec.outputs

    def _fork(self, beside: ExitStack, inputs: Sequence[InputSpec]) -> None:
        """Begin to run the network beside, until ``beside`` ends; not where MindSpore has computed here already."""
        if self._may_fork and self._threads is not None and threads() == self._threads:
            self._runs = beside.enter_context(ForkedRuns(self._network.cell, inputs, self._job.seed))

    def _export(self, folder: Path, inputs: Sequence[InputSpec]) -> Path:
        with self._steps.step("export", f"exporting MINDIR ({compile_time(self._network.parameters)})"):
            return export_mindir(self._network.cell, inputs, folder / self._job.stem)

    def _holder(self, _mindir: Path) -> Any:
        """What has the network's parameters, as a cell has them."""
        return self._network.cell

    def _lower(
        self,
        mindir: Path,
        folder: Path,
        inputs: Sequence[InputSpec],
        outputs: Sequence[str],
        options: OnnxOptions,
        note: str = "",
    ) -> None:
        made = OnnxFiles(mindir, folder / self._job.stem, inputs, outputs, options, self._job.seed)
        with self._steps.step("lower", "lowering to ONNX and checking it"):
            try:
                files, seconds = made.lowered(self._job.formats)
            except UnsupportedOperatorsError as error:
                self._unsupported = tuple(UnsupportedOperator(item.op, item.layers) for item in error.operators)
                raise
        self._steps.clock.move("lower", "check", seconds)
        opened = tuple(axis for axis in options.dynamic if any(axis in port.shape for port in files[0].inputs))
        if opened:
            with self._steps.step("run sizes", "running the network and the ONNX file at another size"):
                self._sizes, reason = prove_sizes(self._network.cell, files[0], inputs, outputs, self._job.seed, opened)
            if reason:
                self._sizes = ()
                fixed = f"its {' and '.join(opened)} cannot be open: {reason}"
                self._lower(mindir, folder, inputs, outputs, replace(options, dynamic=()), fixed)
                return
        self._files += [
            replace(file, note="; ".join(filter(None, (file.note, note))))
            for file in files
            if file.format in self._job.formats
        ]
        if "onnx-int8" in self._job.formats:
            with self._steps.step("quantize", "quantising to int8"):
                self._files.append(made.quantized())

    def _compare(self, inputs: Sequence[InputSpec], outputs: Sequence[str]) -> None:
        evidence = self._evidence = Evidence(inputs, outputs, self._job.seed)
        with self._steps.step(
            "run mindspore", f"compiling and running it in MindSpore ({compile_time(self._network.parameters)})"
        ):
            self._run_reference(evidence)
        # What was read back when it was written holds nothing to run; the MINDIR may be run beside the others.
        runnable = [file for file in self._files if file.format in RUNNABLE]
        for file in sorted(runnable, key=lambda file: file.format == "mindir"):
            with self._steps.step(f"run {file.format}", f"running the {file.format.upper()} file and comparing"):
                if file.format == "mindir":
                    evidence.run_mindir(self._runs.mindir() if self._runs else MindirRunner(file.path))
                else:
                    evidence.run_onnx(file)

    def _try_again(self, mindir: Path, folder: Path, inputs: Sequence[InputSpec], outputs: Sequence[str]) -> None:
        """Make the ONNX files anew, with other options, as long as those there are differ and others may not."""
        evidence = self._evidence
        if evidence is None:
            return
        notes = []
        while not self._steps.failures and (attempt := second_try(evidence, mindir, self._onnx)):
            self._onnx = attempt.options
            notes.append(attempt.note)
            self._files = [file for file in self._files if not file.format.startswith("onnx")]
            evidence.forget_onnx()
            with self._steps.reporting("lower"):
                self._lower(mindir, folder, inputs, outputs, attempt.options, "; ".join(notes))
                for file in self._files:
                    if file.format.startswith("onnx"):
                        with self._steps.step(f"run {file.format}", f"running the {file.format.upper()} file again"):
                            evidence.run_onnx(file)

    def _run_reference(self, evidence: Evidence) -> None:
        evidence.run_reference(self._runs.mindspore() if self._runs else MindSporeRunner(self._network.cell))

    def _explain(
        self, folder: Path, inputs: Sequence[InputSpec], outputs: Sequence[str], mindir: Path | None = None
    ) -> None:
        """Keep the evidence of a comparison that did not pass in ``folder``, and find the first layer that differs."""
        kept = self._evidence.disagreement if self._evidence else None
        if kept is None:
            return
        self._verdict(self.result())  # it stands, whatever becomes of the search
        self._progress(f"looking for the first layer that {'gives no number' if kept.record.not_finite else 'differs'}")
        before = len(self._steps.failures)
        paths = {file.format: file.path for file in self._files}

        def files() -> Files:
            return Files(
                mindir or self._export(folder, inputs),
                paths.get("onnx", folder / "none.onnx"),
                mindir is not None,
                self._onnx,
                tuple(item.name for item in inputs),
                tuple(outputs),
            )

        cause = find_cause(kept, files, paths, folder)
        del self._steps.failures[before:]
        if kept.record.not_finite:
            self._not_finite = cause.not_finite
            return
        self._mismatch = describe(kept, cause.divergence, cause.note)
        write(folder / FOLDER, self._job, kept, self._mismatch)
        self._steps.clock.lap("explain")
