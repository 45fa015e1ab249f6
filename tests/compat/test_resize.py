"""``ResizeBilinear`` of MindSpore 1.x, the layer and the operator: each gives the numbers that it gave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.compat.arrays import image
from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("all_installed")]

SMALL = np.array([[[[1, 2, 3, 4], [5, 6, 7, 8]]]], np.float32)
# From the example of nn.ResizeBilinear()(x, size=(5, 5)) in MindSpore's documents (1.7 to 2.2).
DOCUMENTED = [
    [1.0, 1.8, 2.6, 3.4, 4.0],
    [2.6, 3.4, 4.2, 5.0, 5.6],
    [4.2, 5.0, 5.8, 6.6, 7.2],
    [5.0, 5.8, 6.6, 7.4, 8.0],
    [5.0, 5.8, 6.6, 7.4, 8.0],
]


def asymmetric(x: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """Output pixel i takes its value from i * input / output."""
    height, width = x.shape[2:]
    y, z = np.arange(size[0]) * (height / size[0]), np.arange(size[1]) * (width / size[1])
    top, left = np.floor(y).astype(int), np.floor(z).astype(int)
    bottom, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    v, h = (y - top)[:, None], z - left
    rows = x[:, :, top] * (1 - v) + x[:, :, bottom] * v
    return np.asarray(rows[:, :, :, left] * (1 - h) + rows[:, :, :, right] * h)


@pytest.mark.parametrize("mode", ["graph", "pynative"])
def test_resizing_by_the_layer_is_asymmetric(mode: str) -> None:
    import mindspore
    from mindspore import nn

    class Net(nn.Cell):
        def __init__(self) -> None:
            super().__init__()
            self.resize = nn.ResizeBilinear()

        def construct(self, x: Any) -> Any:
            return self.resize(x, size=(5, 5)), self.resize(x, scale_factor=3)

    mindspore.set_context(mode=mindspore.GRAPH_MODE if mode == "graph" else mindspore.PYNATIVE_MODE)
    to_size, by_factor = Net()(mindspore.Tensor(SMALL))
    np.testing.assert_allclose(to_size.asnumpy()[0, 0], DOCUMENTED, atol=1e-6)
    np.testing.assert_allclose(by_factor.asnumpy(), asymmetric(SMALL, (6, 12)), atol=1e-6)


@pytest.mark.parametrize("size", [(5, 7), (9, 3), (1, 1), (12, 16), (6, 8)])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_resizing_by_the_operator_is_asymmetric(size: tuple[int, int], dtype: str) -> None:
    import mindspore
    from mindspore import nn, ops
    from mindspore.ops import operations as P  # noqa: N812 (as code of MindSpore 1.x has it)

    class Net(nn.Cell):
        def __init__(self) -> None:
            super().__init__()
            self.resize = P.ResizeBilinear(list(size))

        def construct(self, x: Any) -> Any:
            return self.resize(x), ops.ResizeBilinear(size)(x)

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x = image(2, 3, 6, 8).astype(dtype)
    for found in Net()(mindspore.Tensor(x)):
        assert found.asnumpy().dtype == dtype
        expected = asymmetric(x.astype(np.float32), size)
        np.testing.assert_allclose(found.asnumpy(), expected, atol=1e-5 if dtype == "float32" else 5e-3)


@pytest.mark.parametrize("align_corners", [True, False])
def test_resizing_otherwise_is_that_of_interpolate(align_corners: bool) -> None:
    import mindspore
    from mindspore import nn, ops

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x = mindspore.Tensor(image(1, 2, 5, 6))
    by_operator = ops.ResizeBilinear((7, 9), align_corners, not align_corners)(x)
    by_layer = nn.ResizeBilinear(half_pixel_centers=not align_corners)(x, (7, 9), None, align_corners)

    class Net(nn.Cell):
        def construct(self, x: Any) -> Any:
            return ops.interpolate(x, size=(7, 9), mode="bilinear", align_corners=align_corners)

    expected = Net()(x).asnumpy()
    np.testing.assert_allclose(by_operator.asnumpy(), expected, atol=1e-5)
    np.testing.assert_allclose(by_layer.asnumpy(), expected, atol=1e-5)
