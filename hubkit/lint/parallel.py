"""Spreads the cards over processes; the answers come in the order of the cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

_Result = TypeVar("_Result")

# Below this many cards a second process costs more than it saves.
_WORTH_A_PROCESS = 150
_CHUNK = 100


def spread(check: Callable[[Path], _Result], paths: Sequence[Path], jobs: int) -> Iterator[_Result]:
    """``check`` of each path, in order, by up to ``jobs`` processes. What ``check`` raises is raised here."""
    jobs = min(jobs, len(paths) // _WORTH_A_PROCESS)
    if jobs < 2:
        yield from map(check, paths)
        return
    import multiprocessing  # not where the cards are few: loading it takes a while
    from concurrent.futures import ProcessPoolExecutor

    if "fork" not in multiprocessing.get_all_start_methods():
        yield from map(check, paths)
        return
    # Cards of one name share most of their text under all versions: what one process learnt of it serves the next card.
    order = sorted(range(len(paths)), key=lambda index: (paths[index].name, index))
    # Forked, so that nothing is imported or sent again; the linter runs no threads that a fork could cut off.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_inherit, initargs=(check,)) as pool:
        answers = dict(zip(order, pool.map(_run, [paths[index] for index in order], chunksize=_CHUNK), strict=True))
    yield from (answers[index] for index in range(len(paths)))


_inherited: list[Callable[[Path], Any]] = []


def _inherit(check: Callable[[Path], Any]) -> None:
    _inherited[:] = [check]


def _run(path: Path) -> Any:
    return _inherited[0](path)
