"""The steps of a conversion: each is announced and timed, and what goes wrong in it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hubkit.convert.clock import Clock
from hubkit.convert.failure import HINTS, Failure, status_of
from hubkit.errors import ConvertError, HubkitError
from hubkit.smoke.messages import said


class Steps:
    """The steps of one job. ``progress`` hears of each as it begins."""

    def __init__(self, progress: Callable[[str], None]) -> None:
        self.clock = Clock()
        """How long each step took."""
        self.failures: list[Failure] = []
        """What went wrong, in order."""
        self._progress = progress

    @contextmanager
    def step(self, name: str, message: str) -> Iterator[None]:
        """Announce and time a step; whatever MindSpore raises in it becomes a ConvertError that names it."""
        self._progress(message)
        try:
            yield
        except HubkitError as error:
            self.failures.append(Failure(name, status_of(name, error), str(error)))
            raise
        except Exception as error:  # MindSpore and a network's code raise anything
            status = status_of(name, error)
            failure = ConvertError(f"{message}: {said(error)}", hint=HINTS.get(status, ""))
            self.failures.append(Failure(name, status, str(failure)))
            raise failure from error
        finally:
            self.clock.lap(name)

    @contextmanager
    def reporting(self, step: str) -> Iterator[None]:
        """Keep the error for the result instead of raising it."""
        before = len(self.failures)
        try:
            yield
        except HubkitError as error:
            if len(self.failures) == before:
                self.failures.append(Failure(step, status_of(step, error), str(error)))
