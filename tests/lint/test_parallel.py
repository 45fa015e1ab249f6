"""Spreading cards over processes: every answer once, in order; errors and dead processes are told."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from hubkit.errors import CardError, HubkitError
from hubkit.lint.parallel import spread

PATHS = [Path(f"hub{number % 7}/card{number:04}.md") for number in range(1000)]


@pytest.mark.parametrize("jobs", [1, 2, 3, 6])
def test_answers_come_in_the_order_of_the_paths(jobs: int) -> None:
    assert list(spread(lambda path: path.as_posix() * 20, PATHS, jobs)) == [path.as_posix() * 20 for path in PATHS]


def test_other_processes_work_along() -> None:
    def check(_: Path) -> int:
        time.sleep(0.0005)  # so that no process has taken all before another began
        return os.getpid()

    workers = set(spread(check, PATHS, 3))
    assert os.getpid() in workers
    assert len(workers) == 3


def test_few_cards_are_checked_by_one_process() -> None:
    assert set(spread(lambda _: os.getpid(), PATHS[:100], 4)) == {os.getpid()}


def test_an_answer_may_be_larger_than_a_pipe() -> None:
    found = list(spread(lambda path: path.name * 20_000, PATHS[:400], 2))
    assert found == [path.name * 20_000 for path in PATHS[:400]]


@pytest.mark.parametrize("where", ["here", "there"])
def test_what_a_check_raises_is_raised(where: str) -> None:
    own = os.getpid()

    def check(path: Path) -> str:
        if (os.getpid() == own) == (where == "here"):
            raise CardError(f"{path}: cannot be read", hint="Look at it.")
        time.sleep(0.0005)
        return ""

    with pytest.raises(CardError, match="cannot be read") as caught:
        list(spread(check, PATHS, 2))
    assert caught.value.hint == "Look at it."


def test_a_process_that_is_killed_is_told() -> None:
    own = os.getpid()

    def check(_: Path) -> str:
        if os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.0005)
        return ""

    with pytest.raises(HubkitError, match="ended before its work was done"):
        list(spread(check, PATHS, 2))


def test_no_process_is_left() -> None:
    before = _children()
    list(spread(lambda path: path.name, PATHS, 4))
    assert _children() <= before


def _children() -> set[str]:
    """The processes that this one has started and that are still there, zombies too."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="utf-8").split())
