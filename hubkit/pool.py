"""Do several things at a time; an interrupt ends those under way and keeps what was finished."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def run_all(
    items: Iterable[_Item],
    one: Callable[[_Item, threading.Event], _Result],
    *,
    jobs: int,
    finished: Callable[[_Result], None] = lambda _: None,
) -> list[_Result]:
    """Call ``one`` for each item, ``jobs`` of them at a time, each in a thread; the results as they come.

    ``one`` is also given an event: where it is set, it must end soon. That happens on an interrupt, or where a call
    raises; what was raised is raised again when all calls have ended. ``finished`` is called with each result.
    """
    stop = threading.Event()
    results: list[_Result] = []
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        waiting: set[Future[_Result]] = {pool.submit(one, item, stop) for item in items}
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    results.append(future.result())
                    finished(results[-1])
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return results
