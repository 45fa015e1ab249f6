"""Operators of MindSpore 1.x that are gone: what stands for them computes what they did, also compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.compat.networks import X
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore


def _run(operator: Any, *inputs: np.ndarray) -> list[np.ndarray]:
    import mindspore

    class Net(mindspore.nn.Cell):  # type: ignore[misc]
        def construct(self, *given: Any) -> Any:
            return operator(*given)

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    found = Net()(*map(mindspore.Tensor, inputs))
    return [item.asnumpy() for item in (found if isinstance(found, tuple) else (found,))]


@pytest.mark.parametrize("mode", [0, 1])
def test_a_batch_norm(mode: int) -> None:
    from hubkit.compat.gone_operators import FusedBatchNorm

    rng = np.random.default_rng(5)
    x = rng.normal(size=(3, 2, 4, 4)).astype(np.float32)
    scale, bias, mean, variance = rng.uniform(1, 2, size=(4, 2)).astype(np.float32)
    found = _run(FusedBatchNorm(mode=mode, epsilon=0.1), x, scale, bias, mean, variance)[0]
    if mode:
        mean, variance = x.mean((0, 2, 3)), x.var((0, 2, 3))
    mean, variance, scale, bias = (item[:, None, None] for item in (mean, variance, scale, bias))
    np.testing.assert_allclose(found, (x - mean) / np.sqrt(variance + 0.1) * scale + bias, rtol=1e-4, atol=1e-5)


def test_a_relu_and_its_mask() -> None:
    from hubkit.compat.gone_operators import ReLUV2

    kept, mask = _run(ReLUV2(), X)
    np.testing.assert_array_equal(kept, np.maximum(X, 0))
    np.testing.assert_array_equal(mask, (X > 0).astype(np.uint8))


def test_an_order_is_the_first_of_its_operators() -> None:
    from hubkit.compat.gone_operators import ControlDepend

    (found,) = _run(ControlDepend(depend_mode=1), X, X + 1)
    np.testing.assert_array_equal(found, X)
