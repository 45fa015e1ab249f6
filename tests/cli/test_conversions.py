"""What ``hubkit convert`` prints of one conversion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.cli.conversions import result_lines
from hubkit.convert.records import ConvertJob
from tests.test_verification import passed

CHECKPOINT = "checkpoint sha256:ab"


@pytest.mark.parametrize(
    ("weights", "passed_over", "line"),
    [
        (CHECKPOINT, 0, ""),
        (CHECKPOINT, 2, f"weights: {CHECKPOINT}, 2 of its 5 parameters passed over: state of an optimiser"),
        ("seeded (seed 0), fitted", 0, "weights: seeded (seed 0), fitted, untrained"),
    ],
)
def test_what_must_be_known_of_the_weights_is_told(tmp_path: Path, weights: str, passed_over: int, line: str) -> None:
    result = replace(passed(ConvertJob("net", tmp_path, "net")), weights=weights, passed_over=passed_over)
    assert [told for told in result_lines(result) if "weights" in told] == ([line] if line else [])
