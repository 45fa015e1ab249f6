"""Spreads the cards over processes; the answers come in the order of the cards.

The processes are forked, and this one works too. A pool of the standard library would do the same, but it takes time to
load, and hands each answer through threads of a process that does nothing else.
"""

from __future__ import annotations

import contextlib
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

from hubkit.errors import HubkitError

_Result = TypeVar("_Result")

# Below this many cards a second process costs more than it saves.
_WORTH_A_PROCESS = 150
_CHUNK = 25
# A pipe holds 64 KiB at least on Linux, 16 KiB on other systems.
_TICKET_BYTES = 4
_MAX_TICKETS = 4096
_LENGTH_BYTES = 8
_READ_BYTES = 1 << 20


def spread(check: Callable[[Path], _Result], paths: Sequence[Path], jobs: int) -> Iterator[_Result]:
    """``check`` of each path, in order, by up to ``jobs`` processes. What ``check`` raises is raised here.

    Raises HubkitError where a process ended before its work was done.
    """
    jobs = min(jobs, len(paths) // _WORTH_A_PROCESS)
    if jobs < 2 or not hasattr(os, "fork"):
        yield from map(check, paths)
        return
    # Cards of one name share most of their text under all versions: what one process learnt of it serves the next card.
    order = sorted(range(len(paths)), key=lambda index: (paths[index].name, index))
    size = max(_CHUNK, -(-len(order) // _MAX_TICKETS))
    chunks = [order[start : start + size] for start in range(0, len(order), size)]
    tickets = _tickets(len(chunks))

    def work() -> Iterator[dict[int, _Result]]:
        """The answers for each chunk that no other process has taken."""
        while ticket := os.read(tickets, _TICKET_BYTES):
            yield {index: check(paths[index]) for index in chunks[int.from_bytes(ticket, "big")]}

    answers: dict[int, _Result] = {}
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, tickets)
        helpers = [stack.enter_context(_Helper(work)) for _ in range(jobs - 1)]
        try:
            for own in work():
                answers.update(own)
                for helper in helpers:
                    answers.update(helper.answers(wait=False))
        finally:  # where a card cannot be read, the others need not be looked at
            while os.read(tickets, _MAX_TICKETS):
                pass
        for helper in helpers:
            answers.update(helper.answers(wait=True))
    yield from (answers[index] for index in range(len(paths)))


def _tickets(count: int) -> int:
    """The reading end of a pipe that holds a ticket for each chunk: whoever reads one takes the chunk."""
    read_end, write_end = os.pipe()
    os.write(write_end, b"".join(number.to_bytes(_TICKET_BYTES, "big") for number in range(count)))
    os.close(write_end)
    return read_end


class _Helper(Generic[_Result]):
    """A forked process that works along; leaving the context waits for its end.

    Nothing is imported or sent again for it. The linter runs no threads that a fork could cut off.
    """

    def __init__(self, work: Callable[[], Iterator[dict[int, _Result]]]) -> None:
        read_end, write_end = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            _answer(work, write_end)
        os.close(write_end)
        self._stream = read_end
        self._received = bytearray()
        self._ended = False

    def __enter__(self) -> _Helper[_Result]:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._stream)
        os.waitpid(self._process, 0)

    def answers(self, *, wait: bool) -> dict[int, _Result]:
        """What the process has found since it was asked last; until its end with ``wait``. What it raised is raised."""
        os.set_blocking(self._stream, wait)
        with contextlib.suppress(BlockingIOError):
            while more := os.read(self._stream, _READ_BYTES):
                self._received += more
        answers: dict[int, _Result] = {}
        for message in self._messages():
            if isinstance(message, Exception):
                raise message
            self._ended = message is None
            answers.update(message or {})
        if wait and not self._ended:
            raise HubkitError(
                "a process of the linter ended before its work was done",
                hint="The machine may have run out of memory: try again with --jobs 1.",
            )
        return answers

    def _messages(self) -> Iterator[Any]:
        """What has come whole: answers, an error, and None at the end."""
        start = 0
        while len(self._received) >= (begin := start + _LENGTH_BYTES):
            end = begin + int.from_bytes(self._received[start:begin], "big")
            if end > len(self._received):
                break
            yield pickle.loads(self._received[begin:end])  # noqa: S301  (from a fork of this very process)
            start = end
        del self._received[:start]


def _answer(work: Callable[[], Iterator[object]], write_end: int) -> None:
    """Work, send the answers or the error, and end the process without running what its parent has still to do."""
    status = 1
    try:
        with os.fdopen(write_end, "wb") as stream:
            try:
                for answers in work():
                    _send(stream, answers)
                _send(stream, None)
            except Exception as error:  # raised again by the parent
                _send(stream, error)
        status = 0
    finally:
        os._exit(status)


def _send(stream: BinaryIO, message: object) -> None:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    stream.flush()
