"""Compare a .mindir file in MindSpore with the .onnx file that was made of it.

MindSpore's context is global to a process, it prints freely and it can crash, so it runs in a process of its own:
``python -m hubkit.convert.mindir_parity FOLDER``, where FOLDER holds `request.json` and gets `answer.json`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hubkit
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.machine import ONEDNN_ISA, ONEDNN_ISA_DEFAULT
from hubkit.convert.mismatch.verdicts import differing, not_finite_outputs
from hubkit.convert.records import (
    ModelFile,
    OnnxOptions,
    ParityRecord,
    SecondTry,
    SensitivityRecord,
    from_json,
    to_json,
)
from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec

if TYPE_CHECKING:
    from hubkit.convert.mismatch.disagreement import Disagreement

_REQUEST = "request.json"
_ANSWER = "answer.json"


@dataclass(frozen=True, slots=True)
class MindirParity:
    """How far an ONNX file is from the MINDIR that it was made of."""

    skipped: str = ""
    """Why nothing was compared; empty where it was."""
    parity: tuple[ParityRecord, ...] = ()
    """Every comparison that was made."""
    sensitivity: tuple[SensitivityRecord, ...] = ()
    """How much each output moves between two inputs; where it does not, the parity proves nothing."""
    inference_seconds: Mapping[str, float] = field(default_factory=dict)
    """Seconds of one run, by runtime."""
    again: SecondTry | None = None
    """Another way to make the ONNX files, where these differ and such may not."""
    error: str = ""
    """Why the comparison ended early, where the ONNX file is at fault; else empty."""
    cause: str = ""
    """The first layer that differs, or that gives what is no number, in words; empty where nothing does."""

    @property
    def failures(self) -> tuple[str, ...]:
        """What differs, in words."""
        told = [differing(record) for record in self.parity if not record.passed and not record.not_finite]
        told += [self.error] if self.error else []
        return (*told, *not_finite_outputs(self.parity).values(), *([self.cause] if self.cause else ()))

    @property
    def status(self) -> ConversionStatus:
        """What the `failures` are: a difference, or a network that itself gives what is no number."""
        wrong = self.error or any(not record.passed and not record.not_finite for record in self.parity)
        if not wrong and any(record.not_finite for record in self.parity):
            return ConversionStatus.NOT_FINITE
        return ConversionStatus.DIFFERS if wrong else ConversionStatus.PASSED

    @property
    def proves_nothing(self) -> tuple[str, ...]:
        """Why the parity of an output proves nothing, in words."""
        return tuple(f"output {moved.output}: {moved.reason}" for moved in self.sensitivity if not moved.passed)


def compare_in_process(
    mindir: Path,
    onnx: Sequence[ModelFile],
    inputs: tuple[InputSpec, ...],
    outputs: tuple[str, ...],
    seed: int,
    folder: Path,
    options: OnnxOptions,
) -> MindirParity:
    """Run all of the files on the same seeded inputs, in a process that works in ``folder``.

    Where MindSpore cannot run the MINDIR (it lacks some operators on a CPU), nothing was compared, and the result
    says so.
    """
    request = {
        "mindir": str(mindir),
        "onnx": [to_json(file) for file in onnx],
        "inputs": [to_json(item) for item in inputs],
        "options": to_json(options),
    }
    (folder / _REQUEST).write_text(json.dumps({**request, "outputs": outputs, "seed": seed}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "hubkit.convert.mindir_parity", str(folder)],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    answer = folder / _ANSWER
    if not answer.is_file():
        return MindirParity(skipped=f"MindSpore's process ended with exit code {done.returncode} and no result")
    return from_json(MindirParity, json.loads(answer.read_text(encoding="utf-8")))


def _environment() -> dict[str, str]:
    root = str(Path(hubkit.__file__).resolve().parent.parent)
    paths = os.pathsep.join(path for path in (root, os.environ.get("PYTHONPATH", "")) if path)
    return {ONEDNN_ISA: ONEDNN_ISA_DEFAULT, **os.environ, "PYTHONPATH": paths}


def main(folder: Path) -> None:
    """Answer the request in ``folder``."""
    request = json.loads((folder / _REQUEST).read_text(encoding="utf-8"))
    beside = folder / f"{_ANSWER}.part"
    beside.write_text(json.dumps(to_json(_compare(request))), encoding="utf-8")
    beside.replace(folder / _ANSWER)


def _compare(request: Mapping[str, Any]) -> MindirParity:
    from hubkit.convert.evidence import Evidence
    from hubkit.convert.second_tries import second_try
    from hubkit.smoke.runners import MindirRunner

    inputs = tuple(from_json(InputSpec, item) for item in request["inputs"])
    evidence = Evidence(inputs, request["outputs"], request["seed"])
    try:
        evidence.run_reference(MindirRunner(Path(request["mindir"])))
    except ConvertError as error:
        return MindirParity(skipped=f"MindSpore cannot run the MINDIR: {error.message}")
    problem = ""
    try:
        for file in request["onnx"]:
            evidence.run_onnx(from_json(ModelFile, file))
    except ConvertError as error:
        problem = str(error)
    options = from_json(OnnxOptions, request["options"])
    again = None if problem else second_try(evidence, Path(request["mindir"]), options)
    parity = MindirParity("", evidence.parity, evidence.moves, evidence.inference_seconds, again, problem)
    if evidence.disagreement is None or problem or again:
        return parity
    return replace(parity, cause=_cause(evidence.disagreement, request, inputs, options))


def _cause(kept: Disagreement, request: Mapping[str, Any], inputs: Sequence[InputSpec], options: OnnxOptions) -> str:
    """The first layer that differs, or that gives what is no number, in words."""
    from hubkit.convert.mismatch.cause import find_cause
    from hubkit.convert.mismatch.divergence import Files
    from hubkit.convert.mismatch.proof import describe, in_words

    made = [from_json(ModelFile, file) for file in request["onnx"]]
    paths = {file.format: file.path for file in made}
    folder, mindir = Path.cwd(), Path(request["mindir"])
    names = tuple(item.name for item in inputs)
    files = Files(mindir, paths.get("onnx", folder / "none.onnx"), True, options, names, tuple(request["outputs"]))
    cause = find_cause(kept, lambda: files, paths, folder)
    if kept.record.not_finite:
        return cause.not_finite
    if cause.divergence is None:
        return f"The first layer is not known: {cause.note}."
    return in_words(describe(kept, cause.divergence, ""))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
