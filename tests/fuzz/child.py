"""``python -m tests.fuzz.child SEEDS SCRATCH FIRST END SEED``: one JSON line a file, until the end or a crash."""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unicodedata import category

from hubkit.errors import HubkitError
from tests.fuzz.campaign import MEMORY, SECONDS, case
from tests.fuzz.targets import TARGETS

HOSTILE = "HUBKIT_TEST_FUZZ_HOSTILE"
"""An environment variable with which files are not read: what happens instead must be told as faults."""

_LONGEST_MESSAGE = 20_000


def main(seeds: Path, scratch: Path, first: int, end: int, seed: int) -> None:
    """Run the files one after another."""
    if HOSTILE not in os.environ:
        _warm(seeds, scratch)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = _address_space() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for index in range(first, end):
        kind, name, data = case(seeds, seed, index)
        path = scratch / f"file.{kind}"
        path.write_bytes(data)
        del data
        faulthandler.dump_traceback_later(1 if HOSTILE in os.environ else SECONDS, exit=True)
        act = partial(misbehave, index) if HOSTILE in os.environ else partial(TARGETS[kind], path, scratch)
        start = time.perf_counter()
        outcome, what = _outcome(act)
        seconds = time.perf_counter() - start
        faulthandler.cancel_dump_traceback_later()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        found: dict[str, Any] = {"index": index, "kind": kind, "name": name, "outcome": outcome, "what": what}
        print(json.dumps({**found, "seconds": seconds, "memory": memory}), flush=True)


def _outcome(act: Callable[[], object]) -> tuple[str, str]:
    try:
        act()
    except HubkitError as error:
        said = str(error)
        if len(said) > _LONGEST_MESSAGE:
            return "fault", f"its message has {len(said)} characters: {said[:200]}"
        if any(category(letter) in ("Cc", "Cs") and letter != "\n" for letter in said):
            return "fault", f"its message has characters that act on a terminal: {said[:500]!r}"
        return "refused", ""
    except BaseException:
        return "fault", traceback.format_exc(limit=-8)
    return "read", ""


def misbehave(index: int) -> None:
    """Do one of the things that no reader may do, each in its turn."""
    match index % 4:
        case 0:
            faulthandler._sigsegv()  # type: ignore[attr-defined]
        case 1:
            time.sleep(60)
        case 2:
            bytearray(8 * MEMORY)
        case 3:
            raise ZeroDivisionError


def _warm(seeds: Path, scratch: Path) -> None:
    """Load what the readers need, before the limit on memory is set."""
    for kind in TARGETS:
        _outcome(partial(TARGETS[kind], seeds / f"hand.{kind}", scratch))
    for path in sorted(seeds.glob("files-net.*")):
        _outcome(partial(TARGETS[path.suffix.removeprefix(".")], path, scratch))


def _address_space() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:6]))
