"""The table of operators: it says of every lowering what it takes and what it becomes."""

from __future__ import annotations

import pytest

from hubkit.convert.operators import Operator, operators
from hubkit.convert.rewrites import REWRITES
from tests.requirements import needs_mindspore

BY_NAME = {operator.name: operator for operator in operators()}


def test_operators_that_share_a_function_have_each_their_own_line() -> None:
    assert BY_NAME["ArgMinWithValue"].signature == "ArgMinWithValue(x, axis=0, keep_dims=False)"
    assert BY_NAME["LogicalNot"].onnx == "Not"
    assert BY_NAME["AddScalar"] == Operator(
        name="AddScalar",
        family="elementwise",
        signature="AddScalar(x, y, alpha=1)",
        meaning="x +- alpha * y",
        onnx="Add or Sub, and Mul by an alpha",
        limits="",
    )


@pytest.mark.parametrize("operator", operators(), ids=lambda operator: operator.name)
def test_every_line_is_whole(operator: Operator) -> None:
    assert operator.signature.startswith(f"{operator.name}(")
    assert operator.signature.endswith(")")
    assert operator.onnx
    assert "of that name" not in operator.onnx
    assert operator.name not in REWRITES


@needs_mindspore
def test_the_table_is_that_of_the_lowerings() -> None:
    from hubkit.convert.lowering import LOWERINGS

    assert set(BY_NAME) == set(LOWERINGS)
    for op, entry in LOWERINGS.items():
        assert BY_NAME[op].family == entry.function.__module__.rpartition(".")[2]


def test_every_rewrite_is_a_sentence() -> None:
    for rewrite in REWRITES.values():
        assert rewrite[0].isupper()
        assert rewrite.endswith(".")
