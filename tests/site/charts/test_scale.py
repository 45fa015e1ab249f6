"""Axes: round ticks around the values, and where values lie."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubkit.site.charts.scale import Scale, decade_ticks, linear_ticks, tick_texts


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([76.9, 78.1], ("76.5", "77.0", "77.5", "78.0", "78.5")),
        ([0.0, 100.0], ("0", "50", "100")),
        ([0.241, 0.241], ("0.235", "0.240", "0.245", "0.250")),
        ([0.0], ("0", "1")),
        ([99.05, 99.05], ("96", "98", "100")),
        ([100.0], ("98", "100")),
        ([101.0], ("98", "100", "102", "104")),
        ([-0.5, 0.5], ("-0.5", "0.0", "0.5")),
        ([-3.0, 2.0], ("-4", "-2", "0", "2")),
        ([1e8, 3e8], ("1e+08", "2e+08", "3e+08")),
    ],
)
def test_ticks_are_round_and_as_precise_as_they_need_to_be(values: list[float], texts: tuple[str, ...]) -> None:
    assert tick_texts(linear_ticks(values)) == texts


FINITE = st.floats(-1e12, 1e12).map(lambda value: 0.0 if abs(value) < 1e-9 else value)


@given(st.lists(FINITE, min_size=1, max_size=9))
def test_ticks_lie_around_all_values_and_are_few(values: list[float]) -> None:
    ticks = linear_ticks(values)
    slack = (ticks[-1] - ticks[0]) * 1e-6
    assert ticks[0] <= min(values) + slack
    assert ticks[-1] >= max(values) - slack
    assert 2 <= len(ticks) <= 6
    assert list(ticks) == sorted(set(ticks))
    assert len(tick_texts(ticks)) == len(ticks)


def test_a_value_lies_between_the_ends_by_its_share() -> None:
    scale = Scale(0.0, 10.0, 100.0, 20.0)
    assert [scale.at(value) for value in (0, 5, 10, 99, -1)] == [100, 60, 20, 20, 100]


def test_on_a_logarithmic_scale_by_its_decades() -> None:
    scale = Scale(1e-6, 1e-2, 0.0, 40.0, logarithmic=True)
    assert [scale.at(value) for value in (1e-6, 1e-4, 1.0, 0.0)] == pytest.approx([0, 20, 40, 0])
    assert math.isfinite(scale.at(5e-324))


def test_decades_are_thinned_out() -> None:
    assert decade_ticks(-4, 0) == (-4, -3, -2, -1, 0)
    assert decade_ticks(-12, 2) == (-10, -7, -4, -1, 2)
