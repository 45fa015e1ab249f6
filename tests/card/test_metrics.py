"""The numbers of ``evaluation``."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubkit.card.metrics import Metric, parts


def parse_metrics(text: str) -> tuple[Metric, ...]:
    return tuple(metric for _, _, metric in parts(text) if metric is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acc99.05", [("acc", 99.05)]),
        ("mAP40", [("mAP", 40.0)]),
        ("top1acc79 | top5acc94", [("top1acc", 79.0), ("top5acc", 94.0)]),
        ("pem91.88 | top1pem88.0 | jointf1acc71.5", [("pem", 91.88), ("top1pem", 88.0), ("jointf1acc", 71.5)]),
        ("recall20acc15.32", [("recall20acc", 15.32)]),
        ("mAP@.5IoU60.6", [("mAP@.5IoU", 60.6)]),
        ("TRP@FAR=0.1%:95.6", [("TRP@FAR=0.1%", 95.6)]),
        ("FAR0.1recall62", [("FAR0.1recall", 62.0)]),
        ("acc1.72e-05", [("acc", 1.72e-05)]),
        ("avgReward-9.11", [("avgReward", -9.11)]),
        ("image-level98.07", [("image-level", 98.07)]),
        ("acc: 98 %", [("acc", 98.0)]),
        ("3.2mos", [("mos", 3.2)]),
        ("2.2m | 3.44d", [("m", 2.2), ("d", 3.44)]),
        ("98.5", [("", 98.5)]),
        ("acc.5", [("acc", 0.5)]),
        ("acc90 ； mAP40", [("acc", 90.0), ("mAP", 40.0)]),
    ],
)
def test_names_and_values(text: str, expected: list[tuple[str, float]]) -> None:
    assert [(metric.name, metric.value) for metric in parse_metrics(text)] == expected


@pytest.mark.parametrize("text", ["", "-", "no", "good | better", " | ", "acc1e999", "9" * 5000, "x" + "9" * 5000])
def test_no_number_no_metric(text: str) -> None:
    assert parse_metrics(text) == ()


def test_places() -> None:
    text = "acc90 |  mAP40.5 "
    assert [text[metric.start : metric.end] for metric in parse_metrics(text)] == ["acc90", "mAP40.5"]


@given(st.text(alphabet=st.sampled_from("acmP019.|%-+eE :｜@"), max_size=60))
def test_any_text_gives_finite_numbers_at_their_places(text: str) -> None:
    for metric in parse_metrics(text):
        assert math.isfinite(metric.value)
        part = text[metric.start : metric.end]
        assert part
        assert part == part.strip()
        assert metric.name in part
