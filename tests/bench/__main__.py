"""``make bench``: the figures of the project as a table. It measures on this machine, now; it asserts nothing.

``python -m tests.bench linting`` prints one part of it.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator

from tests.bench.building import building
from tests.bench.catalogue import catalogue
from tests.bench.converting import converting
from tests.bench.fetching import fetching
from tests.bench.figures import Figure
from tests.bench.inspecting import inspecting
from tests.bench.linking import linking
from tests.bench.linting import linting, start_up
from tests.bench.machine import loop_seconds, with_what_was_stolen
from tests.bench.one_conversion import one_conversion

PARTS: dict[str, Callable[[], Iterator[Figure]]] = {
    "start-up": start_up,
    "linting": linting,
    "linking": linking,
    "building": building,
    "catalogue": catalogue,
    "converting": converting,
    "one conversion": one_conversion,
    "fetching": fetching,
    "inspecting": inspecting,
}


def main() -> None:
    """Print the table, or the parts of it that the arguments name."""
    chosen = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in chosen if name not in PARTS]:
        sys.exit(f"No part of the table is called {', '.join(unknown)}. The parts: {', '.join(PARTS)}.")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()};", end=" ")
    print(f"a loop of five million additions in Python takes {loop_seconds():.2f} s\n")
    print(f"| {'figure':<48} | {'measured':<26} | {'target':<24} | met |")
    print(f"| {'-' * 48} | {'-' * 26} | {'-' * 24} | --- |")
    for name in chosen:
        for figure in with_what_was_stolen(name, PARTS[name]()):
            met = "" if figure.met is None else "yes" if figure.met else "NO"
            print(f"| {figure.name:<48} | {figure.value:<26} | {figure.target:<24} | {met:<3} |", flush=True)


if __name__ == "__main__":
    main()
