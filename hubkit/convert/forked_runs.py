"""MindSpore's runs of a network, and of the MINDIR file made of it, in a fork of the worker process.

Compiling a network keeps one core busy and takes most of a conversion. While the worker exports the network and lowers
it, the fork, which has the same cell with the same weights, compiles and runs it, and then the MINDIR file. It only
leaves what came out: judging that is the worker's.

A process may be forked while it has no threads but such as expect it; MindSpore starts its own when it first computes.
The fork ends with the worker, and where something ends the fork, the worker ends in the same way.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from hubkit.convert.clock import Clock
from hubkit.convert.foreign.sandbox import end_with_parent
from hubkit.errors import ConvertError, HubkitError
from hubkit.nets.spec import InputSpec
from hubkit.smoke.inputs import seeded_inputs
from hubkit.smoke.messages import said
from hubkit.smoke.runners import MindirRunner, MindSporeRunner, RecordedRunner, Runner

if TYPE_CHECKING:
    import mindspore

_THREADS = Path("/proc/self/task")
_LIFELINE = 0  # standard input, which closes when the parent of the worker is gone: see `hubkit.convert.worker`
_KINDS = (MindSporeRunner.name, MindirRunner.name)


def threads() -> int | None:
    """How many threads this process has; None where the system does not say."""
    try:
        return len(list(_THREADS.iterdir()))
    except OSError:
        return None


class ForkedRuns:
    """The runs under way, from ``with`` until its end; to be made in a process that nobody has computed in yet.

    First `mindspore` may be asked for, then, once `give` has told where the file lies, `mindir`.
    """

    def __init__(self, cell: mindspore.nn.Cell, inputs: Sequence[InputSpec], seed: int) -> None:
        """Run ``cell`` on the two inputs that ``seed`` and the number after it give."""
        self._cell = cell
        self._inputs = inputs
        self._seed = seed
        self._kept = contextlib.ExitStack()

    def __enter__(self) -> ForkedRuns:
        # Files without a name: whatever ends this process, nothing of them is left.
        self._arrays: dict[str, IO[bytes]] = {}
        for kind in _KINDS:
            self._arrays[kind] = self._kept.enter_context(tempfile.TemporaryFile(dir=Path.cwd()))
        told, tell = os.pipe()
        heard, answer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(tell)
            os.close(heard)
            self._work(parent, told, answer)
        os.close(told)
        os.close(answer)
        self._tell, self._heard = tell, os.fdopen(heard, encoding="utf-8")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        self._heard.close()
        os.close(self._tell)
        self._kept.close()

    def give(self, mindir: Path) -> None:
        """Have the file ``mindir`` run as well, after the network. To be called once."""
        with contextlib.suppress(BrokenPipeError):  # it has ended; who waits for its answer finds out how
            os.write(self._tell, f"{json.dumps(str(mindir))}\n".encode())

    def mindspore(self) -> RecordedRunner:
        """Wait for the network's outputs. Raises ConvertError where it cannot be run."""
        return self._answer(MindSporeRunner.name)

    def mindir(self) -> RecordedRunner:
        """Wait for the outputs of the file that was given. Raises ConvertError where it cannot be run."""
        return self._answer(MindirRunner.name)

    def _answer(self, kind: str) -> RecordedRunner:
        line = self._heard.readline()
        if not line:
            self._end_likewise()
        answer = json.loads(line)
        if answer["error"]:
            raise ConvertError(answer["error"], hint=answer["hint"])
        file = self._arrays[kind]
        file.seek(0)
        with np.load(file, allow_pickle=False) as arrays:
            outputs = tuple(
                tuple(arrays[f"{run}_{number}"] for number in range(count))
                for run, count in enumerate(answer["counts"])
            )
        return RecordedRunner(kind, outputs, answer["seconds"])

    def _end_likewise(self) -> NoReturn:
        """End this process in the way the fork ended, which is told as the worker's end: it is of the same network."""
        if select.select([_LIFELINE], [], [], 0)[0]:
            threading.Event().wait()  # the worker's own end is under way, which ended the fork
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        sys.stdout.flush()
        sys.stderr.flush()
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            with contextlib.suppress(OSError):  # SIGKILL cannot be handled in any way
                signal.signal(-code, signal.SIG_DFL)
            os.kill(os.getpid(), -code)
        os._exit(code)

    def _work(self, parent: int, told: int, answer: int) -> NoReturn:
        """What the fork does; it never comes back."""
        code = 1
        try:
            end_with_parent()
            if os.getppid() == parent:
                with os.fdopen(answer, "w", encoding="utf-8") as say, os.fdopen(told, encoding="utf-8") as hear:
                    self._run(MindSporeRunner.name, lambda: MindSporeRunner(self._cell), say)
                    if line := hear.readline():
                        mindir = Path(json.loads(line))
                        self._run(MindirRunner.name, lambda: MindirRunner(mindir), say)
            code = 0
        except BaseException:  # a network's code raises anything
            traceback.print_exc()  # into the log
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _run(self, kind: str, load: Callable[[], Runner], say: IO[str]) -> None:
        """Run on both inputs what ``load`` gives, and say how that went."""
        found: list[tuple[NDArray[Any], ...]] = []
        error = hint = ""
        clock = Clock()
        try:
            runner = load()
            for number in (0, 1):
                inputs: Mapping[str, NDArray[Any]] = seeded_inputs(self._inputs, self._seed + number)
                clock.lap("before")
                found.append(runner.run(inputs))
                clock.lap(str(number))
            arrays = {f"{run}_{number}": array for run, each in enumerate(found) for number, array in enumerate(each)}
            np.savez(self._arrays[kind], **arrays)
            self._arrays[kind].flush()
        except HubkitError as raised:
            error, hint = raised.message, raised.hint
        except Exception as raised:  # MindSpore and a network's code raise anything
            error = said(raised)
        seconds = clock.seconds.get("1", 0.0)  # the first one compiles
        counts = [len(each) for each in found]
        say.write(json.dumps({"error": error, "hint": hint, "seconds": seconds, "counts": counts}) + "\n")
        say.flush()
