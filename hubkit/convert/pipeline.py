"""Convert a network, or smoke-test files made before, in a worker process of its own.

Files come under their final names only when all of them are finished and proven; whatever happens to the worker or to
this process, none appears there half done.
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.failure import MachineError
from hubkit.convert.forecast import Forecast
from hubkit.convert.foreign.sandbox import hide_environment, without_secrets
from hubkit.convert.limits import NO_LIMITS, Limits
from hubkit.convert.machine import machine, versions
from hubkit.convert.mismatch import proof as mismatch
from hubkit.convert.process import Ending, work, worker_environment
from hubkit.convert.publish import publish
from hubkit.convert.records import RUNNABLE, SUFFIXES, ConvertJob, ConvertResult, from_json, to_json
from hubkit.convert.scratch import scratch_folder
from hubkit.errors import ConvertError

__all__ = ["ConvertJob", "ConvertResult", "Limits", "from_json", "run", "smoke", "to_json"]

_NEEDED = ("mindspore", "numpy", "onnx", "onnxruntime")


def run(
    job: ConvertJob,
    *,
    progress: Callable[[str], None] = lambda _: None,
    limits: Limits = NO_LIMITS,
    environment: Mapping[str, str] | None = None,
    evidence: Path | None = None,
    stop: threading.Event | None = None,
) -> ConvertResult:
    """Do ``job``: make its files, prove them, and put them into its target folder; all of them or none.

    ``progress`` is called with a line of text as each step begins. ``environment`` is the worker's in place of this
    process's own. Where outputs differ, what proves it is kept in the folder ``<stem>.mismatch``, in ``evidence`` or
    else in the target folder; that of an earlier run is removed where they agree. A job that fails, and a worker that
    crashes or takes more than ``limits`` allow, give a result that says so.
    Raises ConvertError where the job itself is wrong or another thread has set ``stop``, which ends the worker; a
    MachineError where the target folder cannot be written.
    """
    _check(job)
    kept = _mismatch_folder(job, evidence or job.target_dir)
    try:
        with scratch_folder(job.target_dir) as scratch:
            result = _work(job, {}, scratch, progress, limits, environment, stop)
            if result.status is not ConversionStatus.PASSED:
                return replace(_with_evidence(result, scratch, kept), files=())
            mismatch.discard(kept)  # of an earlier run
            return replace(result, files=publish(result.files, job.target_dir))
    except OSError as error:
        where = error.filename or job.target_dir
        raise MachineError(f"{where} cannot be written: {error.strerror}", hint="Choose another folder.") from None


def smoke(
    job: ConvertJob,
    files: Mapping[str, Path],
    *,
    progress: Callable[[str], None] = lambda _: None,
    limits: Limits = NO_LIMITS,
    environment: Mapping[str, str] | None = None,
    evidence: Path | None = None,
) -> ConvertResult:
    """Compare existing ``files`` (format -> path) with the network that ``job`` describes.

    Nothing is written but what proves a difference, in the folder ``<stem>.mismatch``, in ``evidence`` or else beside
    the files. The job's `target_dir` and `formats` are not used; otherwise as `run`.
    """
    if not files:
        raise ConvertError("no file was given to compare", hint="Give a .mindir or an .onnx file.")
    for kind, path in files.items():
        if kind not in RUNNABLE:
            raise ConvertError(f"{path}: no format {kind!r} can be run", hint=f"Formats are {', '.join(RUNNABLE)}.")
        if not path.is_file():
            raise ConvertError(f"there is no file {path}", hint="Check the path.")
    _check(job)
    with tempfile.TemporaryDirectory(prefix="hubkit-", ignore_cleanup_errors=True) as scratch:
        found = {kind: path.resolve() for kind, path in files.items()}
        result = _work(job, found, Path(scratch), progress, limits, environment)
        beside = next(iter(files.values())).parent
        return _with_evidence(result, Path(scratch), _mismatch_folder(job, evidence or beside))


def forecast(
    job: ConvertJob,
    name: str,
    *,
    progress: Callable[[str], None] = lambda _: None,
    limits: Limits = NO_LIMITS,
    environment: Mapping[str, str] | None = None,
    stop: threading.Event | None = None,
) -> Forecast:
    """What ``job`` would give, called ``name``: its network is built and exported, and nothing of it is kept.

    The job's weights, `target_dir`, `stem` and `formats` are not used; otherwise as `run`.
    """
    _check(job)
    with tempfile.TemporaryDirectory(prefix="hubkit-", ignore_cleanup_errors=True) as scratch:
        request = {"job": to_json(replace(job, checkpoint=None)), "forecast": name}
        own = worker_environment(_environment(job, environment), limits.threads)
        found = work(request, Path(scratch), progress=progress, limits=limits, environment=own, stop=stop)
    return Forecast(name, found.status, found.text) if isinstance(found, Ending) else from_json(Forecast, found)


def _check(job: ConvertJob) -> None:
    if missing := [name for name in _NEEDED if importlib.util.find_spec(name) is None]:
        raise ConvertError(
            f"converting needs {', '.join(missing)}, which this installation lacks",
            hint='Install hubkit with its extra named convert: pip install ".[convert]" in its folder.',
        )
    unknown = [name for name in job.formats if name not in SUFFIXES]
    if unknown or not job.formats:
        raise ConvertError(
            f"{', '.join(unknown) or 'nothing'} cannot be made", hint=f"Formats are {', '.join(SUFFIXES)}."
        )
    if job.seed < 0:
        raise ConvertError(f"the seed is {job.seed}", hint="Give a seed of at least 0.")
    if Path(job.stem).name != job.stem or not job.stem:
        raise ConvertError(f"{job.stem!r} is no file name", hint="Give a name without folders and without suffix.")


def _work(
    job: ConvertJob,
    files: Mapping[str, Path],
    scratch: Path,
    progress: Callable[[str], None],
    limits: Limits,
    environment: Mapping[str, str] | None,
    stop: threading.Event | None = None,
) -> ConvertResult:
    checkpoint = job.checkpoint.resolve() if job.checkpoint else None
    calibration = job.onnx.calibration.resolve() if job.onnx.calibration else None
    onnx = replace(job.onnx, calibration=calibration)
    sent = replace(job, checkpoint=checkpoint, target_dir=job.target_dir.resolve(), onnx=onnx)
    own = worker_environment(_environment(job, environment), limits.threads)
    request = {"job": to_json(sent), "files": {kind: str(path) for kind, path in files.items()}}
    found = work(request, scratch, progress=progress, limits=limits, environment=own, stop=stop)
    return _without_result(job, found, own) if isinstance(found, Ending) else from_json(ConvertResult, found)


def _environment(job: ConvertJob, given: Mapping[str, str] | None) -> Mapping[str, str]:
    """What the worker is to know; where it runs a repository's code, no secret of this process's environment."""
    base = os.environ if given is None else given
    if job.repository is None:
        return base
    hide_environment()
    return without_secrets(base)


def _mismatch_folder(job: ConvertJob, parent: Path) -> Path:
    return parent / f"{job.stem}.{mismatch.FOLDER}"


def _with_evidence(result: ConvertResult, scratch: Path, target: Path) -> ConvertResult:
    """``result`` with its evidence, if it has any, moved from ``scratch`` to ``target``."""
    if result.mismatch is None:
        return result
    try:
        folder = mismatch.publish(scratch / mismatch.FOLDER, target)
    except OSError as error:
        folder, why = None, error.strerror
    else:
        why = "something else lies there"
    told = f"The evidence is in {folder}" if folder else f"The evidence cannot be kept in {target}: {why}"
    return replace(result, mismatch=replace(result.mismatch, folder=folder), error=f"{result.error}\n{told}")


def _without_result(job: ConvertJob, ending: Ending, environment: Mapping[str, str]) -> ConvertResult:
    """The result for a worker that gave none."""
    return ConvertResult(
        status=ending.status,
        failed_step="crash",
        error=f"the worker process for {job.network} gave no result: {ending.text}",
        network=job.network,
        weights="",
        passed_over=0,
        input_seed=job.seed,
        parameters=0,
        values=0,
        files=(),
        parity=(),
        sensitivity=(),
        unsupported=(),
        misfits=(),
        mismatch=None,
        seconds={"crash": ending.seconds},
        inference_seconds={},
        versions=versions(),
        machine=machine(environment),
    )
