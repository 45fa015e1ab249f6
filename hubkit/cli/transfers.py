"""The progress of long work, on a terminal; nothing is shown elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:  # verbs that fetch nothing show their progress too, and do not load what fetches
    from hubkit.store.receive import Progress

# Makes what is told of one piece of work, which has this name.
Watch: TypeAlias = "Callable[[str], Progress]"


def on_terminal() -> bool:
    """Whether progress is shown."""
    return sys.stderr.isatty()


@contextmanager
def transfers() -> Iterator[Watch]:
    """A display on standard error of all that is watched in the block."""
    if not on_terminal():
        yield lambda _name: lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    # Standard output is the results': it goes where the caller sends it.
    display = Progress(*columns, console=Console(stderr=True), redirect_stdout=False, transient=True)

    def watch(name: str) -> Callable[[int, int | None], None]:
        task = display.add_task(name[-40:], total=None)

        def tell(done: int, total: int | None) -> None:
            display.update(task, completed=done, total=total, visible=done != total)

        return tell

    with display:
        yield watch
