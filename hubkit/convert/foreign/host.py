"""The process that a repository's code runs in: ``python -m hubkit.convert.foreign.host REQUEST``.

It makes the network, loads its weights, exports it and runs it; that is all that needs the code. What it leaves in its
folder are files that another process reads and judges: nothing that it says of itself makes a conversion pass.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubkit.convert.foreign.errors import explain
from hubkit.convert.foreign.network import make_network
from hubkit.convert.foreign.request import ForeignReport, ForeignRequest
from hubkit.convert.foreign.sandbox import confine
from hubkit.convert.lasting import lasting_imports
from hubkit.convert.mindir_export import export_mindir
from hubkit.convert.records import from_json, to_json
from hubkit.errors import HubkitError

if TYPE_CHECKING:
    import mindspore
    import numpy as np
    from numpy.typing import NDArray

    _Outputs = tuple[NDArray[np.generic], ...]

FIT_SEED = 2  # after the seeds of the two inputs that are compared


class _Host:
    """One network under way."""

    def __init__(self, request: ForeignRequest) -> None:
        self._request = request
        self._seconds: dict[str, float] = {}
        self._report = ForeignReport()
        self._mindir: Path | None = None
        self._compiled: list[_Outputs] = []

    def work(self) -> None:
        """Do it all, step by step; each step is written down before it begins."""
        from hubkit import compat

        request = self._request
        with self._step("import"), lasting_imports():
            import mindspore

            mindspore.set_context(mode=mindspore.GRAPH_MODE)
        with self._step("build"):
            compat.install()
            cell = make_network(request.code, request.network, request.kwargs)
        with self._step("load"):
            self._load(cell)
        state = _random_state()
        if request.export:
            with self._step("export"):
                self._mindir = export_mindir(cell, request.inputs, request.out / request.stem)
        with self._step("run mindspore"):
            self._run(cell)
        self._told(done=True, draws=_random_state() != state)
        self._run_pynative(cell)

    def _load(self, cell: mindspore.nn.Cell) -> None:
        from hubkit.convert.checkpoint import load_strict
        from hubkit.convert.weights import read_weights
        from hubkit.smoke.fitting import fit_weights, seed_weights
        from hubkit.smoke.inputs import seeded_inputs

        parameters = list(cell.get_parameters())
        self._told(parameters=len(parameters), values=sum(item.size for item in parameters))
        if self._request.checkpoint is None:
            seed_weights(cell, self._request.seed)
            with suppress(Exception):  # not all networks can run in PyNative mode; what was passed before stays fitted
                fit_weights(cell, seeded_inputs(self._request.inputs, self._request.seed + FIT_SEED))
        else:
            self._told(passed_over=load_strict(cell, read_weights(self._request.checkpoint)))

    def _run(self, cell: mindspore.nn.Cell) -> None:
        import numpy as np

        from hubkit.smoke.inputs import seeded_inputs
        from hubkit.smoke.runners import MindSporeRunner

        runner = MindSporeRunner(cell)
        for number in (0, 1):
            start = time.perf_counter()
            found = runner.run(seeded_inputs(self._request.inputs, self._request.seed + number))
            self._told(inference_seconds=time.perf_counter() - start)
            np.savez(self._request.out / f"outputs-{number}.npz", *found)
            self._compiled.append(found)

    def _run_pynative(self, cell: mindspore.nn.Cell) -> None:
        """Run the network without compiling it, which may take long, crash, or not be possible at all."""
        import numpy as np

        from hubkit.convert.uncompiled import find_otherwise, run_uncompiled
        from hubkit.smoke.inputs import seeded_inputs

        self._told(not_pynative="its process ended")
        inputs = seeded_inputs(self._request.inputs, self._request.seed)
        start = time.perf_counter()
        try:
            found = run_uncompiled(cell, inputs)
        except BaseException as error:  # the code raises anything, SystemExit among it
            traceback.print_exc()  # into the log
            self._told(not_pynative=str(error) or type(error).__name__)
        else:
            np.savez(self._request.out / "outputs-pynative.npz", *found)
            seconds = self._seconds | {"run pynative": time.perf_counter() - start}
            self._told(not_pynative="", seconds=seconds)
            compiled, code = self._compiled[0], self._request.code
            self._told(otherwise=find_otherwise(cell, inputs, compiled, found, in_half=self._in_half, code=code))

    def _in_half(self) -> bool:
        """Whether the network that was exported computes in float16."""
        from hubkit.convert.describe import graph_in_half
        from hubkit.convert.mindir import read_mindir

        return self._mindir is not None and graph_in_half(read_mindir(self._mindir))

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        from hubkit import compat

        start = time.perf_counter()
        self._told(step=name)
        try:
            yield
        except HubkitError as error:
            self._told(error=str(error))
            raise
        except BaseException as error:  # the code raises anything, SystemExit among it
            traceback.print_exc()  # into the log
            self._told(error=explain(error, self._request.code, self._request.network, step=name) + _lacking(name))
            raise
        finally:
            self._seconds[name] = time.perf_counter() - start
            self._told(seconds=dict(self._seconds), compat=compat.used())

    def _told(self, **changes: Any) -> None:
        self._report = replace(self._report, **changes)
        path = self._request.out / "report.json"
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(to_json(self._report)), encoding="utf-8")
        beside.replace(path)


def _random_state() -> tuple[object, ...]:
    """Where the random numbers of Python and of NumPy are: elsewhere once some were drawn."""
    import numpy as np

    _, words, *rest = np.random.get_state()
    return (random.getstate(), np.asarray(words).tobytes(), *rest)


def _lacking(step: str) -> str:
    """What to say of what a network was made without, where it failed: packages, names, what a command line gives."""
    from hubkit.compat.absent import absent_packages, gone_names
    from hubkit.compat.command_line import not_given

    gone = gone_names()
    told = {
        "Not installed": absent_packages(),
        "Gone from MindSpore": [name for name in gone if name.startswith("mindspore.")],
        "Not in the version that is installed": [name for name in gone if not name.startswith("mindspore.")],
    }
    if step == "build":  # the error of what was asked for tells of these
        told.clear()
    told["Required on a command line, which a card does not have"] = not_given()
    return "".join(f"\n  {why}, and perhaps needed here: {', '.join(names)}." for why, names in told.items() if names)


def main(request_file: str) -> int:
    """Do the request in the file; 0 where it was done, 1 where the report says what went wrong."""
    request = from_json(ForeignRequest, json.loads(Path(request_file).read_text(encoding="utf-8")))
    confine(request.limits)
    try:
        _Host(request).work()
    except BaseException:  # told in the report
        return 1
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1])
    sys.stdout.flush()
    os._exit(status)  # without what the code has left to be done at the end
