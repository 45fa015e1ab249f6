"""Convert a network, or smoke-test files made before, in a worker process of its own.

Files come under their final names only when all of them are finished and proven; whatever happens to the worker or to
this process, none appears there half done.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import hubkit
from hubkit.convert.machine import ONEDNN_ISA, ONEDNN_ISA_DEFAULT, machine, versions
from hubkit.convert.records import FORMATS, ConvertJob, ConvertResult, from_json, to_json
from hubkit.errors import ConvertError

__all__ = ["ConvertJob", "ConvertResult", "from_json", "run", "smoke", "to_json"]

_PACKAGE_ROOT = Path(hubkit.__file__).resolve().parent.parent
_NEEDED = ("mindspore", "numpy", "onnx", "onnxruntime")
_LOG_LINES = 15
_READ_BYTES = 65536
_POLL_SECONDS = 0.2


def run(
    job: ConvertJob,
    *,
    progress: Callable[[str], None] = lambda _: None,
    time_limit: float | None = None,
    stop: threading.Event | None = None,
) -> ConvertResult:
    """Do ``job``: make its files, prove them, and put them into its target folder; all of them or none.

    ``progress`` is called with a line of text as each step begins. ``time_limit`` is in seconds. A job that fails,
    and a worker that crashes or takes too long, give a result that says so.
    Raises ConvertError where the job itself is wrong, the target folder cannot be written, or another thread has
    set ``stop``, which ends the worker.
    """
    _check(job)
    try:
        job.target_dir.mkdir(parents=True, exist_ok=True)
        # On the target's own file system, so that a finished file is moved in one step.
        scratch = Path(tempfile.mkdtemp(prefix=".hubkit-", dir=job.target_dir)).resolve()
    except OSError as error:
        raise ConvertError(
            f"the folder {job.target_dir} cannot be written: {error.strerror}", hint="Choose another folder."
        ) from None
    try:
        result = _work(job, {}, scratch, progress, time_limit, stop)
        if result.status != "passed":
            return replace(result, files=())
        return replace(result, files=tuple(replace(file, path=_publish(file.path, job)) for file in result.files))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def smoke(
    job: ConvertJob,
    files: Mapping[str, Path],
    *,
    progress: Callable[[str], None] = lambda _: None,
    time_limit: float | None = None,
) -> ConvertResult:
    """Compare existing ``files`` (format -> path) with the network that ``job`` describes; nothing is written.

    The job's `target_dir`, `stem` and `formats` are not used; otherwise as `run`.
    """
    if not files:
        raise ConvertError("no file was given to compare", hint="Give a .mindir or an .onnx file.")
    for kind, path in files.items():
        if kind not in FORMATS:
            raise ConvertError(f"{path}: there is no format {kind!r}", hint=f"Formats are {', '.join(FORMATS)}.")
        if not path.is_file():
            raise ConvertError(f"there is no file {path}", hint="Check the path.")
    _check(job)
    with tempfile.TemporaryDirectory(prefix="hubkit-", ignore_cleanup_errors=True) as scratch:
        return _work(job, {kind: path.resolve() for kind, path in files.items()}, Path(scratch), progress, time_limit)


def _check(job: ConvertJob) -> None:
    if missing := [name for name in _NEEDED if importlib.util.find_spec(name) is None]:
        raise ConvertError(
            f"converting needs {', '.join(missing)}, which this installation lacks",
            hint='Install hubkit with its extra named convert: pip install ".[convert]" in its folder.',
        )
    unknown = [name for name in job.formats if name not in FORMATS]
    if unknown or not job.formats:
        raise ConvertError(
            f"{', '.join(unknown) or 'nothing'} cannot be made", hint=f"Formats are {', '.join(FORMATS)}."
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
    time_limit: float | None,
    stop: threading.Event | None = None,
) -> ConvertResult:
    checkpoint = job.checkpoint.resolve() if job.checkpoint else None
    sent = replace(job, checkpoint=checkpoint, target_dir=job.target_dir.resolve())
    request = scratch / "job.json"
    request.write_text(
        json.dumps({"job": to_json(sent), "files": {kind: str(path) for kind, path in files.items()}}),
        encoding="utf-8",
    )
    log = scratch / "worker.log"
    start = time.monotonic()
    with _worker(request, log) as (process, channel):
        result: dict[str, Any] | None = None
        try:
            for message in _messages(channel, None if time_limit is None else start + time_limit, stop):
                if "progress" in message:
                    progress(message["progress"])
                result = message.get("result", result)
        except TimeoutError:
            return _crashed(job, f"it was stopped: it took longer than {time_limit:g} s", log, start)
        code = process.wait()
    if result is None:
        return _crashed(job, _ending(code), log, start)
    return from_json(ConvertResult, result)


@contextlib.contextmanager
def _worker(request: Path, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The running worker and the descriptor that its messages come from; nothing of it is left afterwards."""
    receive, send = os.pipe()
    process = None
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "hubkit.convert.worker", str(request), str(send)],
                cwd=request.parent,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(send,),
                start_new_session=True,
            )
        os.close(send)
        send = -1
        yield process, receive
    finally:
        if process is not None:
            # The group, since MindSpore may have started processes of its own.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            assert process.stdin is not None
            process.stdin.close()
        os.close(receive)
        if send >= 0:
            os.close(send)


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    environment.setdefault(ONEDNN_ISA, ONEDNN_ISA_DEFAULT)
    paths = [str(_PACKAGE_ROOT), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return environment


def _messages(channel: int, deadline: float | None, stop: threading.Event | None) -> Iterator[dict[str, Any]]:
    """The worker's messages until it closes the channel; TimeoutError when the deadline passes."""
    pending = b""
    while True:
        if stop is not None and stop.is_set():
            raise ConvertError("the conversion was stopped")
        if deadline is not None and time.monotonic() >= deadline:
            raise TimeoutError
        if not select.select([channel], [], [], _POLL_SECONDS)[0]:
            continue
        chunk = os.read(channel, _READ_BYTES)
        if not chunk:
            return
        *lines, pending = (pending + chunk).split(b"\n")
        for line in lines:
            yield json.loads(line)


def _publish(made: Path, job: ConvertJob) -> Path:
    target = job.target_dir / made.name
    made.replace(target)
    return target


def _ending(code: int) -> str:
    match code:
        case -9:
            return "it was killed (SIGKILL): the machine may have run out of memory"
        case code if code < 0:
            return f"it crashed ({signal.Signals(-code).name})"
    return f"it ended with exit code {code}"


def _crashed(job: ConvertJob, what: str, log: Path, start: float) -> ConvertResult:
    """The result for a worker that gave none, with the end of what it printed."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
    tail = "".join(f"\n  {line}" for line in lines)
    return ConvertResult(
        status="failed",
        failed_step="crash",
        error=f"the worker process for {job.network} gave no result: {what}"
        + (f"\n  The end of its log:{tail}" if tail else ""),
        network=job.network,
        weights="",
        input_seed=job.seed,
        parameters=0,
        values=0,
        files=(),
        parity=(),
        sensitivity=(),
        unsupported=(),
        seconds={"crash": time.monotonic() - start},
        inference_seconds={},
        versions=versions(),
        machine=machine(_environment()),
    )
