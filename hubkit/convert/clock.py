"""A stopwatch for the steps of a conversion."""

from __future__ import annotations

import time


class Clock:
    """Times steps one after another; `seconds` holds them by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        """End ``step``, which began where the step before it ended; laps of one name add up."""
        now = time.perf_counter()
        self.seconds[step] = self.seconds.get(step, 0.0) + now - self._last
        self._last = now

    def move(self, step: str, to: str, seconds: float) -> None:
        """Count ``seconds`` of ``step`` as the step ``to``."""
        self.seconds[step] -= seconds
        self.seconds[to] = self.seconds.get(to, 0.0) + seconds
