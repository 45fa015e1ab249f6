"""The worker process, one a network: ``python -m hubkit.convert.worker JOB CHANNEL``.

MindSpore's context is global to a process, it prints freely and it can crash, so it runs here and nowhere else. JOB
is a JSON file; CHANNEL is the number of an open file descriptor to which JSON lines are written: ``{"progress": text}``
any number of times, then ``{"result": record}``, of which the last one counts. Files are made in the working
directory, a scratch folder. Standard input is a lifeline: when it closes, the parent is gone, and the worker ends what
it has started, removes the folder and ends.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from hubkit.convert.descendants import adopt_orphans, end_descendants
from hubkit.convert.limits import Limits, limit_own_memory
from hubkit.convert.records import ConvertJob, ConvertResult, from_json, to_json

if TYPE_CHECKING:
    from hubkit.convert.conversion import Conversion
    from hubkit.convert.forecast import Forecast

_LIFELINE = 0  # standard input
_PARENT_GONE = 3


def main(job_file: str, channel: str) -> None:
    """Do the job in ``job_file`` and report on the file descriptor ``channel``."""
    folder = Path.cwd()
    adopt_orphans()
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    request = json.loads(Path(job_file).read_text(encoding="utf-8"))
    limits = Limits(**request["limits"])
    limit_own_memory(limits.memory)
    with os.fdopen(int(channel), "w", encoding="utf-8") as stream:

        def send(kind: str, content: Any) -> None:
            stream.write(json.dumps({kind: content}) + "\n")
            stream.flush()

        conversion = _conversion(
            from_json(ConvertJob, request["job"]),
            lambda text: send("progress", text),
            lambda result: send("result", to_json(result)),
            may_fork=limits.may_fork,
        )
        send("result", to_json(_answer(conversion, request, folder)))
    _end()


def _conversion(
    job: ConvertJob, progress: Callable[[str], None], verdict: Callable[[ConvertResult], None], *, may_fork: bool
) -> Conversion:
    """The conversion of the job: by whose network it is, hubkit's, a repository's, or another package's."""
    from hubkit import nets
    from hubkit.convert.conversion import Conversion
    from hubkit.convert.foreign.conversion import ForeignConversion
    from hubkit.convert.peer import PeerConversion

    if job.repository is not None:
        return ForeignConversion(job, job.repository, progress, verdict)
    kind = Conversion if nets.is_own(job.network) else PeerConversion
    return kind(job, progress, verdict, may_fork=may_fork)


def _answer(conversion: Conversion, request: dict[str, Any], folder: Path) -> ConvertResult | Forecast:
    if "forecast" in request:
        return conversion.forecast(request["forecast"], folder)
    files = {kind: Path(path) for kind, path in request["files"].items()}
    return conversion.smoke(files, folder) if files else conversion.convert(folder)


def _end() -> NoReturn:
    """End without what Python and MindSpore would take apart, which takes them a second: all is written."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _end_with_parent(folder: Path) -> None:
    # By its number: where a thread waits in the buffer of `sys.stdin`, Python cannot end but by a crash.
    while os.read(_LIFELINE, 1):
        pass
    end_descendants(os.getpid())
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(_PARENT_GONE)


if __name__ == "__main__":
    main(*sys.argv[1:])
