"""Tensors whose values are still to be drawn, and what draws them."""

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


def test_an_initializer_of_code_s_own_draws_with_the_function_that_is_gone() -> None:
    import mindspore as ms
    import numpy as np
    from mindspore.common.initializer import Initializer, initializer, random_normal

    class Around(Initializer):  # type: ignore[misc]
        def _initialize(self, arr: Any) -> None:
            seed, seed2 = self.seed
            drawn = ms.Tensor(np.zeros(arr.shape, np.float32))
            random_normal(arr.shape, seed, seed2, drawn)
            arr[:] = drawn.asnumpy() * 0.1 + 1

    values = initializer(Around(), [40, 50]).init_data().asnumpy()
    assert abs(values.mean() - 1) < 0.01
    assert 0.09 < values.std() < 0.11
