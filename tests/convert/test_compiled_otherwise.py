"""Finding whose code it is that MindSpore compiles in another sense."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hubkit.smoke.compare import CONVERTED
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

LAYERS = '''
import mindspore
from mindspore import nn, ops


class Plain(nn.Cell):
    def construct(self, x):
        return 2 * x


class Renamed(nn.Cell):
    def construct(self, x):
        y = x
        y[:, 0] = 1.0
        return x + y


class Decorated(nn.Cell):
    @mindspore.jit
    def construct(self, x):
        y = x
        y[:, 0] = 1.0
        return x + y


class Listed(nn.Cell):
    """Takes a list, and a number by name; gives a dictionary and a tuple."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def construct(self, maps, scale=1.0):
        return {"sum": self.inner(maps[0]) * scale, "rest": (maps[1], None)}


class Stack(nn.Cell):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.CellList(list(layers))

    def construct(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Around(nn.Cell):
    def __init__(self, inner):
        super().__init__()
        self.listed = Listed(inner)

    def construct(self, x):
        maps = [x, x]
        found = self.listed(maps, scale=3.0)
        maps.append(x)
        return found["sum"] + found["rest"][0]


class InPlace(nn.Cell):
    """Changes what its layers were given, after they used it."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def construct(self, x):
        found = self.inner(x)
        y = x
        y[:, 0] = 5.0
        return found + x


class Applied(nn.Cell):
    """Cannot be compiled by itself, for it is given a function."""

    def construct(self, x, function):
        return function(x)


class Given(nn.Cell):
    def __init__(self):
        super().__init__()
        self.one, self.two = Applied(), Applied()

    def construct(self, x):
        y = x
        y[:, 0] = 1.0
        return self.one(x, ops.relu) + self.two(y, lambda z: 2 * z)
'''


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    path = tmp_path_factory.mktemp("code") / "net.py"
    path.write_text(LAYERS, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("layers_compiled_otherwise", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # MindSpore looks for the source of what it compiles there
    spec.loader.exec_module(module)
    yield vars(module)
    del sys.modules[spec.name]


def line(name: str) -> int:
    """Where the code of the layer ``name`` begins."""
    before, _, rest = LAYERS.partition(f"class {name}(")
    head = rest.partition("    def construct")[0].removesuffix("    @mindspore.jit\n")
    return before.count("\n") + head.count("\n") + 1


@pytest.mark.parametrize(
    ("make", "layer", "code"),
    [
        (lambda of: of["Renamed"](), "the network's own code", "Renamed"),
        (lambda of: of["Stack"](of["Plain"](), of["Renamed"](), of["Renamed"]()), "layer layers.1", "Renamed"),
        (lambda of: of["Stack"](of["Plain"](), of["Decorated"]()), "layer layers.1", "Decorated"),
        (lambda of: of["Stack"](of["Plain"](), of["Stack"](of["Renamed"]())), "layer layers.1.layers.0", "Renamed"),
        (lambda of: of["Around"](of["Stack"](of["Renamed"]())), "layer listed.inner.layers.0", "Renamed"),
        (lambda of: of["InPlace"](of["Plain"]()), "the network's own code", "InPlace"),
        (lambda of: of["Stack"](of["InPlace"](of["Around"](of["Plain"]()))), "layer layers.0", "InPlace"),
    ],
)
def test_the_layer_whose_own_code_it_is(
    layers: dict[str, Any], make: Callable[[dict[str, Any]], Any], layer: str, code: str
) -> None:
    from hubkit.convert.mismatch.compiled_otherwise import compiled_otherwise

    inputs = {"x": np.arange(6, dtype=np.float32).reshape(2, 3)}
    found = compiled_otherwise(make(layers), inputs, CONVERTED, Path(layers["__file__"]).parent)
    assert found == f"{layer}, {code}.construct at net.py:{line(code)}"


def test_layers_that_cannot_be_compiled_alone_are_told(layers: dict[str, Any]) -> None:
    from hubkit.convert.mismatch.compiled_otherwise import compiled_otherwise

    inputs = {"x": np.arange(6, dtype=np.float32).reshape(2, 3)}
    found = compiled_otherwise(layers["Given"](), inputs, CONVERTED, Path(layers["__file__"]).parent)
    place = f"Given.construct at net.py:{line('Given')}"
    assert found == f"the network's own code, {place}, or what it calls that cannot be compiled alone: two"
