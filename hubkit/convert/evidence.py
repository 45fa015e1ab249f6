"""Run a network and the files made of it on the same seeded inputs, and keep how far they differ."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.mismatch.disagreement import Disagreement
from hubkit.convert.mismatch.verdicts import bound_batch, differing, miscounted, moves, not_finite_outputs
from hubkit.convert.records import ModelFile, ParityRecord, SensitivityRecord
from hubkit.convert.together import joined, open_axis, run_together
from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec
from hubkit.smoke.compare import (
    CONVERTED,
    EXACT,
    HALVED,
    QUANTISED,
    Tolerance,
    compare,
    moved_in_size,
    sensitivity,
    unlike,
)
from hubkit.smoke.inputs import seeded_inputs
from hubkit.smoke.runners import MindirRunner, OnnxRunner, PyNativeRunner, RecordedRunner, Runner

_Outputs = tuple[NDArray[Any], ...]

# The format of an ONNX file -> what its runner is called, and how far it may be from the network.
ONNX_FORMATS = {
    "onnx": (OnnxRunner.name, CONVERTED),
    "onnx-fp16": (f"{OnnxRunner.name} float16", HALVED),
    "onnx-int8": (f"{OnnxRunner.name} int8", QUANTISED),
}
"""The formats of ONNX files -> what each is called as a runtime, and how far it may differ."""

_OF_MINDSPORE = (PyNativeRunner.name, MindirRunner.name)


class Evidence:
    """The comparisons of one network: first `run_mindspore`, then each file."""

    def __init__(self, inputs: Sequence[InputSpec], outputs: Sequence[str], seed: int) -> None:
        self._records: list[ParityRecord] = []
        self.sensitivity: list[SensitivityRecord] = []
        self.inference_seconds: dict[str, float] = {}
        self.disagreement: Disagreement | None = None
        self._mixed = ("", "")  # the step that shows that a batch is not its inputs alone, and what to say of it
        self._otherwise, self._miscounted = "", ""
        self._alone: tuple[_Outputs, _Outputs] = ((), ())  # what the file that was run last gives for each input
        self._shared: set[str] = set()  # files that give other outputs for an input where there are more in its batch
        self._names = tuple(outputs)
        self._seeds = (seed, seed + 1)
        self._pair = (seeded_inputs(inputs, seed), seeded_inputs(inputs, seed + 1))
        self._batch = next((item.shape[0] for item in inputs if item.shape), 1)
        self._reference: tuple[_Outputs, _Outputs] = ((), ())
        self._reference_name = ""

    @property
    def parity(self) -> tuple[ParityRecord, ...]:
        """Every comparison that was made, those of the MINDIR first: what is wrong there is wrong after it."""
        return tuple(sorted(self._records, key=lambda record: record.candidate != MindirRunner.name))

    @property
    def first(self) -> tuple[Mapping[str, NDArray[np.generic]], _Outputs]:
        """The first input, and what the reference gave for it."""
        return self._pair[0], self._reference[0]

    def run_reference(self, runner: Runner) -> None:
        """Run the reference on both inputs: what all else is compared with, and how much its output moves.

        Raises ConvertError where it fails, or returns other outputs than its entry names.
        """
        self._reference_name = runner.name
        self._reference = self._run_both(runner)
        first, second = self._reference
        if len(first) != len(self._names):
            raise ConvertError(
                f"the network returns {len(first)} outputs, but is known to have {len(self._names)}",
                hint=f"Name each of them in the table of networks; now {', '.join(self._names)}.",
            )
        for name, a, b in zip(self._names, first, second, strict=True):
            found = moved_in_size(a, b) or sensitivity(a, b)
            self.sensitivity.append(
                SensitivityRecord(name, found.max_abs, found.moved, found.std, found.passed, found.reason)
            )

    def run_pynative(self, found: _Outputs, *, in_half: bool, otherwise: str = "") -> None:
        """Hold what the network's code gives for the first input, where it is not compiled, against the reference.

        MindSpore compiles it to fewer roundings where it computes ``in_half``. ``otherwise`` says whose code is said to
        be compiled in another sense.
        """
        self._otherwise = otherwise
        if len(found) != len(self._reference[0]):
            self._miscounted = miscounted(len(found), len(self._reference[0]), otherwise)
            return
        runner = RecordedRunner(PyNativeRunner.name, (found,), 0.0)
        self._judge(runner, self._reference[0], found, (self._seeds[0],), HALVED if in_half else CONVERTED)

    def run_mindir(self, runner: Runner) -> None:
        """Run a MINDIR file on both inputs; it must give the network's own bits.

        Raises ConvertError where it cannot be run.
        """
        self._judge_each(runner, EXACT)

    def run_onnx(self, file: ModelFile) -> None:
        """Run an ONNX file on both inputs, one after the other and, where its batch is open, in one batch.

        Where an input has no batch, such as a number of steps, it is one for all of a batch: then there are two such
        batches, each with that of one seed, whose own part of the outputs is compared.

        Raises ConvertError where it cannot be run.
        """
        name, tolerance = ONNX_FORMATS[file.format]
        if tolerance is CONVERTED and file.computes_in_half:
            tolerance = HALVED  # where the network computes in float16 itself, two runtimes round different sums
        runner = OnnxRunner(file.path, name)
        self._judge_each(runner, tolerance)
        opened = [port.name for port in file.inputs if open_axis(port) == 0]
        if opened and len(opened) < len(file.inputs):
            self._judge_parts(runner, file, opened, tolerance)
        elif opened:
            self._judge_together(runner, file, tolerance)

    def batch_bound(self) -> str:
        """Why the batch of the ONNX files cannot be open: one gives each input alone right, and a batch of two not.

        Or it gives neither right, and in a batch of two not what it gives for each alone. A batch that only rounds
        otherwise, within the absolute tolerance, is a difference like any other.
        """
        return bound_batch(self.parity, self._batch, self._shared) or self._mixed[1]

    def forget_onnx(self) -> None:
        """Forget what was found of the ONNX files, which are made anew."""
        self._records = [record for record in self._records if record.candidate in _OF_MINDSPORE]
        self._shared.clear()
        self.disagreement = None
        self._mixed = ("", "")

    def failures(self) -> Iterator[tuple[str, str]]:
        """What did not pass: the step's name and what to say of it; a difference comes before what proves nothing."""
        if self._miscounted:
            yield "parity", self._miscounted
        for record in self.parity:
            if not record.passed and not record.not_finite:
                yield "parity", differing(record, self._otherwise)
        if self._mixed[1]:
            yield self._mixed
        not_finite = not_finite_outputs(self.parity)
        for told in not_finite.values():
            yield "finite", told
        for moved in self.moves:
            if not moved.passed and moved.output not in not_finite:
                yield (
                    "sensitivity",
                    f"output {moved.output} proves nothing: {moved.reason}\n"
                    "  With such weights any conversion would match: use weights and inputs that keep it in range.",
                )

    @property
    def moves(self) -> tuple[SensitivityRecord, ...]:
        """How much each output moves, judged by what the files give."""
        return moves(self.sensitivity, self.parity)

    def _judge_together(self, runner: Runner, file: ModelFile, tolerance: Tolerance) -> None:
        """Compare what both inputs give in one batch with what each gives alone."""
        first, second = self._pair
        expected = joined(file, self._reference)
        if expected.mixed:
            self._mixed = ("parity", f"output {expected.mixed} is one for the whole batch")
            return
        found, why = run_together(runner, first, second)
        if found is None:
            self._mixed = ("run", why)
            return
        self._tell_shared(runner, file, found, tolerance)
        self._judge(runner, expected.outputs, found, self._seeds, tolerance)

    def _tell_shared(self, runner: Runner, file: ModelFile, found: _Outputs, tolerance: Tolerance) -> None:
        """Note it where ``found``, of a batch of both inputs, is not what the same file gives for each alone."""
        alone = joined(file, self._alone)
        for a, b in zip(alone.outputs, found, strict=False):
            limits = tolerance.for_output(a)
            if a.shape != b.shape or not compare(a, b, atol=limits.atol, rtol=limits.rtol, ppm=limits.ppm).passed:
                self._shared.add(runner.name)

    def _judge_parts(self, runner: Runner, file: ModelFile, opened: Sequence[str], tolerance: Tolerance) -> None:
        """Compare what each input gives in a batch of two, of which it is the first, with what it gives alone."""
        for own, other in ((0, 1), (1, 0)):
            given = dict(self._pair[own])
            for name in opened:
                given[name] = np.concatenate([given[name], self._pair[other][name]])
            found = list(runner.run(given))
            for place, (port, alone) in enumerate(zip(file.outputs, self._reference[own], strict=True)):
                axis = open_axis(port)
                if axis is not None and axis < found[place].ndim:
                    found[place] = found[place][(*[slice(None)] * axis, slice(alone.shape[axis]))]
            self._judge(runner, self._reference[own], tuple(found), (self._seeds[own],), tolerance, 2 * self._batch)

    def _run_both(self, runner: Runner) -> tuple[_Outputs, _Outputs]:
        first = runner.run(self._pair[0])
        start = time.perf_counter()
        second = runner.run(self._pair[1])
        taken = time.perf_counter() - start
        self.inference_seconds[runner.name] = runner.seconds if isinstance(runner, RecordedRunner) else taken
        return first, second

    def _judge_each(self, runner: Runner, tolerance: Tolerance) -> None:
        self._alone = self._run_both(runner)
        for seed, reference, found in zip(self._seeds, self._reference, self._alone, strict=True):
            self._judge(runner, reference, found, (seed,), tolerance)

    def _judge(
        self,
        runner: Runner,
        reference: _Outputs,
        found: _Outputs,
        seeds: tuple[int, ...],
        tolerance: Tolerance,
        batch: int | None = None,
    ) -> None:
        if len(found) != len(reference):
            raise ConvertError(f"{runner.name} gives {len(found)} outputs, the network {len(reference)}")
        asked = tolerance
        for place, (name, a, b) in enumerate(zip(self._names, reference, found, strict=True)):
            if a.shape != b.shape and (batch is not None or len(seeds) > 1):
                words = f"in a batch of two, output {name} is {list(b.shape)} where {list(a.shape)} is due"
                self._mixed = ("parity", words)
                continue
            # Of a single number both inputs tell how large it is; for one of them it may be near zero.
            known = a if a.size > 1 else np.concatenate([other[place].ravel() for other in self._reference])
            tolerance = asked.for_output(known)
            figures = unlike(a, b, tolerance)
            figures = figures or compare(a, b, atol=tolerance.atol, rtol=tolerance.rtol, ppm=tolerance.ppm)
            record = ParityRecord(
                reference=self._reference_name,
                candidate=runner.name,
                output=name,
                input_seeds=seeds,
                batch=batch or self._batch * len(seeds),
                max_abs=figures.max_abs,
                max_rel=figures.max_rel,
                ppm_over_rtol=figures.ppm_over_rtol,
                bit_equal=figures.bit_equal,
                elements=figures.elements,
                atol=tolerance.atol,
                rtol=tolerance.rtol,
                ppm=tolerance.ppm,
                passed=figures.passed,
                reason=figures.reason,
                not_finite=figures.not_finite,
            )
            self._records.append(record)
            if not figures.passed and runner.name != PyNativeRunner.name:
                self._keep(Disagreement(record, figures, tolerance, self._names, self._given(seeds), reference, found))

    def _keep(self, disagreement: Disagreement) -> None:
        """Keep the first one; one of a converted file rather than one of the MINDIR, which says less.

        And a difference rather than what is infinite or no number in the network too.
        """
        ranks = [
            (item.record.not_finite > 0, item.record.candidate == MindirRunner.name)
            for item in (disagreement, self.disagreement)
            if item
        ]
        if len(ranks) == 1 or ranks[0] < ranks[1]:
            self.disagreement = disagreement

    def _given(self, seeds: tuple[int, ...]) -> tuple[Mapping[str, NDArray[np.generic]], ...]:
        return tuple(self._pair[self._seeds.index(seed)] for seed in seeds)
