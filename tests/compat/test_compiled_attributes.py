"""``self.name = value`` within ``construct``: a variable where that is all it is, and refused where it is more."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
import pytest

from tests.compat.networks import HEAD, X, compiled
from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("compiler", "marks")]

CASES: dict[str, tuple[str, np.ndarray]] = {
    "in-one-method": (
        "def construct(self, x):\n    self.rows, self.columns = x.shape\n    self.kept = x + self.rows\n"
        "    if self.columns == 4:\n        self.kept += 1\n    self.kept = self.kept * 2\n    return self.kept",
        (X + 3) * 2,
    ),
    "of-a-list": (
        "def construct(self, x):\n    self.found = []\n    for n in range(3):\n        self.found.append(x * n)\n"
        "    return self.found[1] + self.found[2]",
        3 * X,
    ),
    "given-to-methods": (
        "def __init__(self):\n    super().__init__()\n    self.scale = None\n    self.rows = 0\n\n"
        "def construct(self, x):\n    self.scale, self.rows = x + 1, x.shape[0]\n"
        "    y = self.outer(x, 1)\n    self.scale = y\n    return self.inner(x)\n\n"
        "def outer(self, x, more, *others):\n    return self.inner(x) + more\n\n"
        "def inner(self, x):\n    return x * self.scale + self.rows",
        X * (X * (X + 1) + 3) + 2,
    ),
    "in-a-dictionary": (
        "def __init__(self):\n    super().__init__()\n    self.kept = {}\n    self.grids: dict = {}\n\n"
        "def construct(self, x):\n    for n in range(3):\n        self.kept[f'c{n}'] = x * n\n"
        "    return self.kept['c1'] + self.kept['c2'] + self.grid(*x.shape) + self.grid(2, 4)\n\n"
        "def grid(self, *size):\n    if size not in self.grids:\n"
        "        self.grids[size] = ops.ones(size, mindspore.float32)\n    return self.grids[size]",
        3 * X + 2,
    ),
    "never-read": (
        "def construct(self, x):\n    for n in range(2):\n        self.last = x * n\n    return x + 1",
        X + 1,
    ),
}
REFUSED = {
    "of-the-run-before": (
        "def __init__(self):\n    super().__init__()\n    self.steps = 0\n\n"
        "def construct(self, x):\n    self.steps = self.steps + 1\n    return x * self.steps"
    ),
    "read-before": (
        "def __init__(self):\n    super().__init__()\n    self.kept = None\n\n"
        "def construct(self, x):\n    y = self.chosen(x)\n    self.kept = x\n    return y\n\n"
        "def chosen(self, x):\n    return x if self.kept is None else self.kept"
    ),
    "of-a-dictionary-of-the-run-before": (
        "def __init__(self):\n    super().__init__()\n    self.kept = {}\n\n"
        "def construct(self, x):\n    if 'key' in self.kept:\n        x = x + self.kept['key']\n"
        "    self.kept['key'] = x\n    return x"
    ),
    "set-by-a-method": (
        "def __init__(self):\n    super().__init__()\n    self.kept = 0\n\n"
        "def construct(self, x):\n    self.keep(x)\n    return x * self.kept\n\n"
        "def keep(self, x):\n    self.kept = x.shape[0]"
    ),
}


def _net(methods: str) -> str:
    return f"{HEAD}class Net(nn.Cell):\n{textwrap.indent(methods, '    ')}\n"


@pytest.mark.parametrize("name", CASES)
def test_it_is_carried(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    methods, expected = CASES[name]
    np.testing.assert_allclose(compiled(_net(methods), tmp_path, monkeypatch), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TypeError, match=r"must be of the Parameter type|should be initialized as a 'Parameter'"):
        compiled(_net(REFUSED[name]), tmp_path, monkeypatch)


def test_a_parameter_is_changed_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    methods = (
        "def __init__(self):\n    super().__init__()\n"
        "    self.state = mindspore.Parameter(Tensor(np.zeros((2, 4), np.float32)), name='state')\n\n"
        "def construct(self, x):\n    self.state = x + 1\n    return self.state * 2"
    )
    np.testing.assert_allclose(compiled(_net(methods), tmp_path, monkeypatch), 2 * X + 2, rtol=1e-6)
