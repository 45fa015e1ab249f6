"""Operators that took Python's numbers: they take them again, compiled and line by line."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
import pytest

from hubkit import compat
from tests.compat.arrays import image
from tests.compat.networks import module_of
from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("all_installed")]

SOURCE = """
import mindspore
from mindspore import nn, ops
from mindspore.ops import functional as F
from mindspore.ops import operations as P


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.less, self.equal, self.gather = P.Less().shard(((1,),)), P.Equal(), P.GatherV2()
        self.count = P.ScalarCast()(2.7, mindspore.int32)

    def construct(self, x, places):
        found = ()
        for _ in range(self.count):
            {body}
        return found
"""


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize(
    ("body", "expected", "told"),
    [
        (
            "found = self.less(0, x), F.less(0.5, x), F.tensor_lt(0, x), ops.less(x, 0)",
            lambda x: (x > 0, x > 0.5, x > 0, x < 0),
            "Less(of numbers)",
        ),
        (
            "found = self.equal(0, x), F.equal(0.5, x), self.equal(x, x)",
            lambda x: (x == 0, x == 0.5, x == x),
            "Equal(of numbers)",
        ),
        (
            "found = x / F.scalar_to_array(2.0), P.ScalarToArray()(3) + places",
            lambda x: (x / 2, np.int64([4, 3])),
            "ScalarToArray(on the CPU)",
        ),
        ("found = self.gather(x, places, 0)", lambda x: (x[[1, 0]],), "GatherV2(on the CPU)"),
        (
            "found = x * F.scalar_cast(2.7, mindspore.int32), x * F.scalar_cast(2, mindspore.float32)",
            lambda x: (x * 2, x * 2),
            "ScalarCast(of numbers)",
        ),
        (
            "found = x * F.scalar_cast(2.7, mindspore.int64), x * F.scalar_cast(2, mindspore.float64)",
            lambda x: (x * 2, x * 2),
            "ScalarCast(of numbers)",  # that of the constructor
        ),
        ("found = F.neg_tensor(x), F.pack((x, x))", lambda x: (-x, np.stack((x, x))), "mindspore.ops.functional.pack"),
    ],
)
def test_numbers_stand_for_tensors(
    body: str, expected: object, told: str, mode: int, marks: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mindspore

    net = module_of(textwrap.dedent(SOURCE).replace("{body}", body), tmp_path, monkeypatch).Net()
    assert net.count == 2
    mindspore.set_context(mode=mode)
    x = np.round(image(2, 3), 1)
    x[0, 0] = 0
    given = net(mindspore.Tensor(x), mindspore.Tensor([1, 0], mindspore.int32))
    wanted = expected(x)  # type: ignore[operator]
    for one, right in zip(given if isinstance(given, tuple) else (given,), wanted, strict=True):
        assert one.asnumpy().dtype == right.dtype
        np.testing.assert_allclose(one.asnumpy(), right, rtol=1e-6)
    assert told in {name.removeprefix("mindspore.ops.") for name in compat.used()} | set(compat.used())
