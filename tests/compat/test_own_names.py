"""Methods of a network that have the name of one of MindSpore's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hubkit import compat
from tests.compat.arrays import image
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore


def test_a_method_may_have_a_name_that_cells_have_for_themselves_now(marks: None) -> None:
    import mindspore
    from mindspore import nn

    from hubkit.compat.own_names import keep_own_methods

    class Net(nn.Cell):
        def construct(self, x: Any) -> Any:
            return self._predict(x, x)

        def _predict(self, x: Any, y: Any) -> Any:
            return x + y

    code = nn.Cell.__call__.__code__
    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x = mindspore.Tensor(image(2, 2))
    with pytest.raises(TypeError):
        Net()(x)
    try:
        keep_own_methods(nn.ReLU())
        assert nn.Cell.__call__.__code__ is code
        cell = Net()
        keep_own_methods(cell)
        np.testing.assert_array_equal(cell(x).asnumpy(), x.asnumpy() * 2)
        assert compat.used() == ("a method _predict of its own",)
    finally:
        nn.Cell.__call__.__code__ = code
