"""How fast links are checked."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hubkit.links.check import check
from hubkit.links.options import Limits, LinkOptions
from hubkit.links.verdict import State
from tests.bench.figures import Figure
from tests.requirements import PROJECT

_LINKS = 5_000


def linking() -> Iterator[Figure]:
    """How fast links are checked, with a server of our own on the same machine and no limit a host."""
    limits = Limits(per_host=sys.maxsize, interval_seconds=0)
    options = LinkOptions(allowed_private_hosts=frozenset({"127.0.0.1"}), limits=limits)
    with _server() as url:
        links = [f"{url}/models/{number}.ckpt" for number in range(_LINKS)]
        best = min(_seconds(links, options) for _ in range(3))
    rate = _LINKS / best
    yield Figure(
        f"check {_LINKS:,} links on loopback, no limit a host",
        f"{best:.2f} s = {rate:,.0f} links/s",
        ">= 1,500 links/s",
        rate >= 1500,
    )


def _seconds(links: list[str], options: LinkOptions) -> float:
    start = time.perf_counter()
    verdicts = check(links, options)
    taken = time.perf_counter() - start
    if len(verdicts) != len(links) or any(verdict.state is not State.ALIVE for verdict in verdicts.values()):
        raise SystemExit("linking: not all links were found alive")
    return taken


@contextmanager
def _server() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.links.server"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()
