"""Axes: which figures stand at them, and where a value lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Steps between two ticks, times a power of ten.
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
# Most figures are shares in percent: no axis goes beyond these unless a value does.
_LEAST, _MOST = 0.0, 100.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high``, drawn from ``start`` to ``end``; on a logarithmic one all are positive."""

    low: float
    """The least value."""
    high: float
    """The greatest value; more than ``low``."""
    start: float
    """Where ``low`` is drawn."""
    end: float
    """Where ``high`` is drawn."""
    logarithmic: bool = False
    """Whether equal ratios are equally far apart."""

    def at(self, value: float) -> float:
        """Where ``value`` is drawn; one beyond an end is drawn at that end."""
        low, high = self.low, self.high
        if self.logarithmic:
            low, high = math.log10(low), math.log10(high)
            value = math.log10(value) if value > 0 else low
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return self.start + share * (self.end - self.start)


def linear_ticks(values: Sequence[float], most: int = 4) -> tuple[float, ...]:
    """Round figures, at most about ``most`` of them, the first below and the last above all ``values``.

    Where all values are the same, that value lies about in their middle. They end at 0 and at 100 where no value lies
    beyond.
    """
    low, high = min(values), max(values)
    if high - low <= abs(high) * 1e-9:
        margin = abs(high) * 0.02 or 1.0
        low, high = low - margin, high + margin
    raw = (high - low) / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in _STEPS if factor * power >= raw * (1 - 1e-9))
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return _within(tuple(index * step for index in range(first, last + 1)), values)


def _within(ticks: tuple[float, ...], values: Sequence[float]) -> tuple[float, ...]:
    """The ticks that are shares, where they lie around all values; else all ticks."""
    kept = tuple(tick for tick in ticks if _LEAST <= tick <= _MOST)
    fits = len(kept) > 1 and kept[0] <= min(values) and kept[-1] >= max(values)
    return kept if fits else ticks


def tick_texts(ticks: Sequence[float]) -> tuple[str, ...]:
    """The ticks as texts, with as many decimals as their distance needs."""
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    decimals = min(max(-math.floor(math.log10(step) + 1e-9), 0), 9)
    if decimals < 9 and abs(round(step, decimals) - step) > step * 1e-6:  # 2.5 and its kind
        decimals += 1
    if max(abs(tick) for tick in ticks) >= 1e6:
        return tuple(f"{tick:.3g}" for tick in ticks)
    return tuple(f"{tick + 0.0:.{decimals}f}" for tick in ticks)


def decade_ticks(low: int, high: int, most: int = 6) -> tuple[int, ...]:
    """Powers of ten from ``low`` to ``high``, both included and at most about ``most`` of them, as exponents."""
    stride = max(math.ceil((high - low) / max(most - 1, 1)), 1)
    return tuple(range(high, low - 1, -stride))[::-1]
