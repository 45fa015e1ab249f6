"""Start a worker process, hear what it says, hold it to its limits, and tell how it ended."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import hubkit
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.descendants import end_at_home, end_with_descendants
from hubkit.convert.limits import (
    Limits,
    kills_for_memory,
    memory_held,
    memory_words,
    tells_of_machine,
    tells_of_memory,
)
from hubkit.convert.machine import ONEDNN_ISA, ONEDNN_ISA_DEFAULT, PROTOBUF_KIND, PROTOBUF_KIND_DEFAULT
from hubkit.errors import ConvertError

_PACKAGE_ROOT = Path(hubkit.__file__).resolve().parent.parent
_LOG = "worker.log"
_LOG_LINES = 15
_READ_BYTES = 65536
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Ending:
    """How a worker that gave no result ended."""

    status: ConversionStatus
    """CRASHED, TIMED_OUT, OUT_OF_MEMORY or MACHINE_FAILED."""
    text: str
    """What happened, with the end of what it printed."""
    seconds: float
    """How long it ran."""


class _StoppedError(Exception):
    """The worker was stopped for what it took; the arguments are the status and what to say."""


def work(
    request: Mapping[str, Any],
    scratch: Path,
    *,
    progress: Callable[[str], None],
    limits: Limits,
    environment: Mapping[str, str],
    stop: threading.Event | None,
) -> dict[str, Any] | Ending:
    """Have a worker do ``request`` in the folder ``scratch``: its result as JSON values, or how it ended without one.

    Raises ConvertError where another thread has set ``stop``, which ends the worker.
    """
    message = scratch / "job.json"
    message.write_text(json.dumps({**request, "limits": asdict(limits)}), encoding="utf-8")
    log = scratch / _LOG
    start = time.monotonic()
    killed_before = kills_for_memory()
    result: dict[str, Any] | None = None
    try:
        with _worker(message, log, environment) as (process, channel):
            for said in _messages(process.pid, channel, start, limits, stop):
                if "progress" in said:
                    progress(said["progress"])
                result = said.get("result", result)
            code = process.wait()
    except _StoppedError as stopped:
        if result is not None:  # it was looking for the cause only
            return result
        status, what = stopped.args
        return Ending(status, f"{what}{_tail(log)}", time.monotonic() - start)
    if result is None:
        tail = _tail(log)
        status, what = _ending(code, tail, killed=kills_for_memory() > killed_before)
        return Ending(status, f"{what}{tail}", time.monotonic() - start)
    return result


def worker_environment(base: Mapping[str, str], threads: int | None = None) -> dict[str, str]:
    """The environment of a worker: ``base`` with what MindSpore and hubkit itself need in it."""
    environment = dict(base)
    environment.setdefault(ONEDNN_ISA, ONEDNN_ISA_DEFAULT)
    environment.setdefault(PROTOBUF_KIND, PROTOBUF_KIND_DEFAULT)
    if threads is not None:
        environment["OMP_NUM_THREADS"] = str(threads)
    paths = [str(_PACKAGE_ROOT), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return environment


@contextlib.contextmanager
def _worker(request: Path, log: Path, environment: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The running worker and the descriptor that its messages come from; nothing of it is left afterwards."""
    receive, send = os.pipe()
    process = None
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "hubkit.convert.worker", str(request), str(send)],
                cwd=request.parent,
                env=environment,
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
            if process.poll() is None:
                end_with_descendants(process.pid)
            # Where it ended by itself, what it has started is no longer below it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            end_at_home(request.parent)
            process.wait()
            assert process.stdin is not None
            process.stdin.close()
        os.close(receive)
        if send >= 0:
            os.close(send)


def _messages(
    pid: int, channel: int, start: float, limits: Limits, stop: threading.Event | None
) -> Iterator[dict[str, Any]]:
    """The worker's messages until it closes the channel; _StoppedError where it takes more than it may."""
    pending = b""
    while True:
        if stop is not None and stop.is_set():
            raise ConvertError("the conversion was stopped")
        _hold(pid, start, limits)
        if not select.select([channel], [], [], _POLL_SECONDS)[0]:
            continue
        chunk = os.read(channel, _READ_BYTES)
        if not chunk:
            return
        *lines, pending = (pending + chunk).split(b"\n")
        for line in lines:
            yield json.loads(line)


def _hold(pid: int, start: float, limits: Limits) -> None:
    if limits.seconds is not None and time.monotonic() - start >= limits.seconds:
        raise _StoppedError(ConversionStatus.TIMED_OUT, f"it was stopped: it took longer than {limits.seconds:g} s")
    if limits.memory is not None and (held := memory_held(pid)) > limits.memory:
        raise _StoppedError(
            ConversionStatus.OUT_OF_MEMORY,
            f"it was stopped: it held {memory_words(held)} of memory, more than {memory_words(limits.memory)}",
        )


def _ending(code: int, tail: str, *, killed: bool) -> tuple[ConversionStatus, str]:
    """What a worker's exit code says; ``killed`` where the kernel killed a process for memory meanwhile."""
    if code == -signal.SIGKILL:
        if killed:
            return ConversionStatus.OUT_OF_MEMORY, "the machine ran out of memory and killed it (SIGKILL)"
        return ConversionStatus.CRASHED, "it was killed (SIGKILL), not by hubkit and not for want of memory"
    what = f"it crashed ({signal.Signals(-code).name})" if code < 0 else f"it ended with exit code {code}"
    if tells_of_memory(tail):
        return ConversionStatus.OUT_OF_MEMORY, f"{what} when it got no more memory"
    if tells_of_machine(tail):
        return ConversionStatus.MACHINE_FAILED, f"{what} when a file could not be written or read"
    return ConversionStatus.CRASHED, what


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
    return "\n  The end of its log:" + "".join(f"\n  {line}" for line in lines) if lines else ""
