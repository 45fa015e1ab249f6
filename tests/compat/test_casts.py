"""Casts of an argument that is not given: None, compiled and not, where nothing needs what they give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hubkit import compat
from hubkit.compat.compiled import casts
from tests.compat.networks import HEAD, X, compiled, module_of
from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("compiler", "marks")]

DETECTOR = (
    HEAD
    + """
class Detector(nn.Cell):
    def __init__(self):
        super().__init__()
        self.cast = ops.Cast()

    def construct(self, x, labels, valid=None):
        labels = self.cast(labels, mindspore.int32)
        valid = ops.Cast()(valid, mindspore.float32)
        x = self.cast(x, mindspore.float32)
        if self.training:
            return x + labels * valid
        return x * 2


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.detector = Detector().set_train(False)

    def construct(self, x):
        return self.detector(x, None)
"""
)
OF_ITS_OWN = (
    HEAD
    + """
class Net(nn.Cell):
    def cast(self, x, kind):
        return 3 if x is None else ops.cast(x, kind)

    def construct(self, x, scale=None):
        return self.cast(x, mindspore.float32) * self.cast(scale, mindspore.float32)
"""
)


@pytest.fixture(autouse=True)
def operator(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator takes None, for one test alone."""
    from mindspore.ops import operations

    monkeypatch.setattr(operations.Cast, "__call__", operations.Cast.__call__)
    casts.install()


@pytest.mark.parametrize(("source", "expected"), [(DETECTOR, 2 * X), (OF_ITS_OWN, 3 * X)], ids=["operator", "method"])
def test_a_cast_of_nothing_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, expected: np.ndarray
) -> None:
    np.testing.assert_allclose(compiled(source, tmp_path, monkeypatch), expected, rtol=1e-6)


def test_a_cast_of_nothing_runs_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mindspore

    net = module_of(DETECTOR, tmp_path, monkeypatch).Net()
    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    try:
        np.testing.assert_array_equal(net(mindspore.Tensor(X)).asnumpy(), 2 * X)
    finally:
        mindspore.set_context(mode=mindspore.GRAPH_MODE)
    assert compat.used() == ("mindspore.ops.Cast(None)",)


def test_what_needs_such_a_cast_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = DETECTOR.replace("return x * 2", "return x * labels")
    with pytest.raises(Exception, match="None"):
        compiled(source, tmp_path, monkeypatch)
