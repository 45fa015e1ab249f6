"""What ``hubkit convert`` prints of one conversion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hubkit.cli.conversions import result_lines
from hubkit.convert.records import ConvertJob, ParityRecord
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


def test_all_that_two_runtimes_gave_is_one_line_a_batch(tmp_path: Path) -> None:
    """Outputs and inputs that differ by other amounts are not told apart: the most is told."""
    result = passed(ConvertJob("net", tmp_path, "net"))

    def record(**fields: Any) -> ParityRecord:
        return replace(result.parity[0], **fields)

    parity = (
        record(max_abs=1e-6),
        record(max_abs=3e-6, output="edges"),
        record(max_abs=0.0, bit_equal=True, input_seeds=(1,)),
        record(max_abs=2e-6, batch=2),
        record(candidate="mindir", max_abs=0.0, bit_equal=True),
    )
    assert [line for line in result_lines(replace(result, parity=parity)) if " against " in line] == [
        "onnxruntime against mindspore: differs by at most 3e-06",
        "onnxruntime against mindspore, batch 2: differs by at most 2e-06",
        "mindir against mindspore: bit-equal",
    ]
