"""Tensors whose values are still to be drawn."""

from __future__ import annotations

from typing import Any

import pytest

from tests.requirements import needs_mindspore

pytestmark = needs_mindspore


@pytest.fixture(autouse=True, scope="module")
def installed() -> None:
    from hubkit import compat

    compat.install()


def test_their_operators_draw_the_values() -> None:
    from mindspore.common.initializer import initializer

    def ones() -> Any:
        return initializer("ones", [2, 3])

    made = (2 * ones() + 1)[:, :2].reshape(1, 4) / initializer("ones", [1, 4]) - ones()[0, 0]
    assert made.asnumpy().tolist() == [[2.0] * 4]
    changed = ones()
    changed[:, 1:] = initializer("zeros", [2, 2])
    assert changed.asnumpy().tolist() == [[1.0, 0.0, 0.0]] * 2
