"""Functions that MindSpore has for other devices only: on the CPU they compute what their documents say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

X = np.random.default_rng(4).normal(size=(2, 3, 4)).astype(np.float32)
GAMMA = np.float32([1, 2, 3, 0.5])


def normed(x: NDArray[Any], epsilon: float) -> NDArray[Any]:
    return np.asarray(x / np.sqrt((x**2).mean(-1, keepdims=True) + epsilon) * GAMMA)


def gated(x: NDArray[Any], dim: int) -> NDArray[Any]:
    first, second = np.split(x, 2, dim)
    return np.asarray(first / (1 + np.exp(-first)) * second)


ROWS: list[tuple[Callable[[Any, Any], Any], NDArray[Any]]] = [
    (lambda module, x: module.roll(x, 1, 1), np.roll(X, 1, 1)),
    (lambda module, x: module.roll(x, (-1, 2), (1, 2)), np.roll(X, (-1, 2), (1, 2))),
    (lambda module, x: module.roll(x, 5), np.roll(X, 5)),
    (lambda module, x: module.Roll(shift=-1, axis=2)(x), np.roll(X, -1, 2)),
    (lambda module, x: module.Roll((1, 1), (0, 2))(x), np.roll(X, (1, 1), (0, 2))),
    (lambda module, x: module.rms_norm(x, gamma(), 0.1)[0], normed(X, 0.1)),
    (lambda module, x: module.RmsNorm(0.1)(x, gamma())[0], normed(X, 0.1)),
    (lambda module, x: module.RmsNorm()(x, gamma())[1], 1 / np.sqrt((X**2).mean(-1)[..., None] + 1e-6)),
    (lambda module, x: module.swiglu(x), gated(X, -1)),
    (lambda module, x: module.swiglu(x[:, :2], 1), gated(X[:, :2], 1)),
]


def gamma() -> Any:
    import mindspore

    return mindspore.Tensor(GAMMA)


@pytest.mark.parametrize(("call", "expected"), ROWS, ids=[str(number) for number in range(len(ROWS))])
def test_numbers(call: Callable[[Any, Any], Any], expected: NDArray[Any]) -> None:
    import mindspore

    from hubkit.compat import kernel_functions

    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    found = call(kernel_functions, mindspore.Tensor(X)).asnumpy()
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize(("dtype", "value"), [("float32", 0), ("float16", 2), ("float32", True), ("bool", 1)])
def test_a_whole_number_is_filled_in(dtype: str, value: int) -> None:
    import mindspore
    from mindspore import nn, ops

    from hubkit.compat.kernel_functions import masked_fill

    fill = masked_fill(ops.masked_fill)

    class Net(nn.Cell):
        def construct(self, x: Any, mask: Any) -> Any:
            return fill(x, mask, value), fill(x, mask, mindspore.Tensor(value))

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x, mask = (X * 2).astype(dtype), X > 0
    if dtype == "bool":

        class Net(nn.Cell):  # type: ignore[no-redef]  # tensors of other kinds are filled in into floats only
            def construct(self, x: Any, mask: Any) -> Any:
                return (fill(x, mask, value),)

    for found in Net()(mindspore.Tensor(x), mindspore.Tensor(mask)):
        np.testing.assert_array_equal(found.asnumpy(), np.where(mask, np.array(value, dtype), x))
        assert found.asnumpy().dtype == x.dtype


def test_they_compile_and_keep_float16() -> None:
    import mindspore
    from mindspore import nn

    from hubkit.compat.kernel_functions import RmsNorm, roll, swiglu

    class Net(nn.Cell):
        def __init__(self) -> None:
            super().__init__()
            self.norm = RmsNorm(0.1)
            self.gamma = mindspore.Parameter(mindspore.Tensor(GAMMA, mindspore.float16))

        def construct(self, x: Any) -> Any:
            return roll(self.norm(x, self.gamma)[0], (1, -1), (1, 2)), swiglu(x)

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    rolled, halves = Net()(mindspore.Tensor(X, mindspore.float16))
    assert str(rolled.dtype) == str(halves.dtype) == "Float16"
    np.testing.assert_allclose(rolled.asnumpy(), np.roll(normed(X, 0.1), (1, -1), (1, 2)), atol=1e-2)


@pytest.mark.parametrize("compiled", [True, False])
def test_an_instance_norm_takes_each_map_alone(compiled: bool) -> None:
    import mindspore
    from mindspore import nn

    from hubkit.compat.kernel_functions import InstanceNorm

    random = np.random.default_rng(5)
    given = [random.normal(size=shape).astype(np.float32) for shape in ((2, 3, 4, 5), 3, 3, 3, 3)]

    class Net(nn.Cell):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.norm = InstanceNorm(epsilon=0.1)

        def construct(self, *parts: Any) -> Any:
            return self.norm(*parts)[0]

    mindspore.set_context(mode=mindspore.GRAPH_MODE if compiled else mindspore.PYNATIVE_MODE)
    found = Net()(*map(mindspore.Tensor, given)).asnumpy()
    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x, gamma, beta = given[:3]
    spread = np.sqrt(x.var((2, 3), keepdims=True) + 0.1)
    expected = (x - x.mean((2, 3), keepdims=True)) / spread * gamma[:, None, None] + beta[:, None, None]
    np.testing.assert_allclose(found, expected, atol=1e-5)
