"""Data classes and named tuples that networks make of tensors: they are compiled as dictionaries and tuples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hubkit import compat
from tests.compat.networks import X, compiled, module_of
from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("compiler", "marks")]

SOURCE = """
import dataclasses
from collections import namedtuple
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mindspore import nn

Pair = namedtuple("Pair", "first second")


class State(NamedTuple):
    hidden: Any
    step: int = 2
    mean: Any = None


@dataclass
class Settings:
    features: int = 4


@dataclass(frozen=True)
class Output:
    hidden: Any
    loss: Any = None
    scale: float = 3.0
    more: list = field(default_factory=list)


@dataclass
class Counted:
    count: int = 0

    def __post_init__(self):
        self.count += 1


class Encoder(nn.Cell):
    def __init__(self, settings):
        super().__init__()
        self.settings = settings

    def construct(self, x):
        return Output(x * self.settings.features, more=[x])


class Stepped(nn.Cell):
    def construct(self, state):
        return State(state.hidden + 1, step=state.step * 2, mean=state.mean)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.encoder, self.stepped = Encoder(Settings()), Stepped()

    def construct(self, x):
        {body}
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return self.encoder(x).hidden", 4 * X),
        ("y = self.encoder(x)\n        return y.hidden * y.scale + y.more[0] + len(y.more)", 13 * X + 1),
        ("y = self.encoder(x)\n        return x if y.loss is None and isinstance(y, Output) else x + 1", X),
        ("y = Output(x)\n        y.loss = x + 1\n        return y.loss", X + 1),
        ("a, b = Pair(second=x, first=2)\n        return a * b", 2 * X),
        ("y = Pair(x + 1, x)\n        return y.first + y[1]", 2 * X + 1),
        ("y = self.stepped(self.stepped(State(x)))\n        return y.hidden * y.step", 8 * (X + 2)),
        ("y = State(x)\n        return x.mean() + y.hidden if isinstance(y, State) else x", X.mean() + X),
        ("return [State(x + 2)][-1].hidden", X + 2),
        ("y = State(x)._replace(step=3, hidden=x + 1)\n        return y._replace(step=4).hidden * y.step", 3 * X + 3),
        ("y = Pair(x, x + 1)._asdict()\n        return y['second'] + len(Pair._fields)", X + 3),
        ("y = dataclasses.replace(self.encoder(x), scale=2.0)\n        return y.hidden * y.scale", 8 * X),
        ("return dataclasses.asdict(Output(x))['hidden'] + len(dataclasses.asdict(Output(x)))", X + 4),
        (
            "y = Output(x)\n        y.hidden += 1\n        y.more.append(x)\n        return y.hidden + len(y.more)",
            X + 2,
        ),
        ("y = {'loss': x + 1}\n        z = Output(x, **y)\n        return z.loss + z.scale", X + 4),
        (
            "y = Output(x)\n        return getattr(y, 'hidden') + getattr(y, 'scale', 1) if hasattr(y, 'loss') else x",
            X + 3,
        ),
    ],
)
def test_what_it_has(body: str, expected: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = SOURCE.replace("{body}", body)
    np.testing.assert_allclose(compiled(source, tmp_path, monkeypatch), expected, rtol=1e-5, atol=1e-6)
    assert any("compiled as a" in item for item in compat.used())


def test_settings_and_what_does_more_stay_objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hubkit.compat.records import record_of, records

    module = module_of(SOURCE.replace("{body}", "return Counted(3)"), tmp_path, monkeypatch)
    assert record_of(module.Settings) is not None
    assert record_of(module.Counted) is None
    assert module.Settings not in records()
    assert module.Output in records()


def test_a_data_class_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hubkit.smoke.runners import MindSporeRunner, PyNativeRunner

    network = module_of(SOURCE.replace("{body}", "return self.encoder(x)"), tmp_path, monkeypatch).Net()
    for runner in (PyNativeRunner(network), MindSporeRunner(network)):
        given = runner.run({"x": X})
        assert len(given) == 2
        np.testing.assert_allclose(given[0], 4 * X, rtol=1e-6)
        np.testing.assert_allclose(given[1], X)
