"""What MindSpore's compiler is given of a repository's code: it compiles, and computes what Python computes."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import numpy as np
import pytest

from hubkit.compat.compiled.definitions import define_first
from tests.compat.networks import CELL, HEAD, X, compiled, module_of
from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("compiler")]

OUTPUTS = """
from collections import OrderedDict
from dataclasses import dataclass, fields
from typing import Any, Optional

import mindspore
from mindspore import Tensor, nn, ops


class ModelOutput(OrderedDict):
    def __post_init__(self):
        for item in fields(self):
            value = getattr(self, item.name)
            if value is not None:
                self[item.name] = value

    def __getitem__(self, key):
        return dict(self.items())[key] if isinstance(key, str) else self.to_tuple()[key]

    def to_tuple(self):
        return tuple(self[key] for key in self.keys())


@dataclass
class EncoderOutput(ModelOutput):
    loss: Optional[Any] = None
    hidden: Any = None
    pooled: Optional[Any] = None
    scale: float = 3.0


def pick(by_number):
    return by_number[0]


class Encoder(nn.Cell):
    def construct(self, x, pool):
        pooled = x.sum(1, keepdims=True) if pool else None
        return EncoderOutput(pooled=pooled, hidden=x + 1)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()

    def construct(self, x):
        outputs = self.encoder(x, {pool})
        return {result}
"""
_SUM = X.sum(1, keepdims=True)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("outputs.hidden * outputs.scale", (X + 1) * 3),
        ("outputs[0]", X + 1),
        ("outputs[-1] * outputs[1]", 3 * _SUM),
        ("outputs[1:][0]", _SUM),
        ("outputs['hidden']", X + 1),
        ("outputs.to_tuple()[0]", X + 1),
        ("self.encoder(x, True).pooled", _SUM),
        ("x if outputs.loss is None else x + 1", X),
        ("x if isinstance(outputs, EncoderOutput) else x + 1", X),
        ("x if isinstance(x, EncoderOutput) else x + 1", X + 1),
        ("x.shape[0] * (x, x + 1)[1]", 2 * (X + 1)),
        ("pick({1: x, 0: x + 1})", X + 1),
    ],
)
def test_an_output_with_fields(
    result: str, expected: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = OUTPUTS.replace("{pool}", "True").replace("{result}", result)
    np.testing.assert_allclose(compiled(source, tmp_path, monkeypatch), expected, rtol=1e-5)


def test_its_places_are_those_of_fields_that_are_not_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = OUTPUTS.replace("{pool}", "False").replace("{result}", "outputs[0] * outputs[1]")
    np.testing.assert_allclose(compiled(source, tmp_path, monkeypatch), (X + 1) * 3, rtol=1e-5)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if (x is None) ^ (mask is not None):\n    raise ValueError('either')\nreturn x + 1", X + 1),
        ("return mindspore.tensor(x) + Tensor(x, mindspore.float32)", 2 * X),
        (
            "half = x.shape[1] / 2\nrows, columns = x.shape[0] / 2, half * 2\n"
            "y = ops.Reshape()(x, (rows, 2, half, -1))[:, :, : half / 2]\n"
            "return ops.tile(y, (rows, 1, 1, 1)).view(columns / 2, -1) + ops.Zeros()((half, 1), x.dtype) + half / 4",
            X.reshape(1, 2, 2, 2)[:, :, :1].reshape(2, 2) + 0.5,
        ),
        (
            "half = x.shape[1] / 2\nfirst, *_ = ops.Split(1, half)(x)\n"
            "hot = ops.one_hot(Tensor([1, 0]), half, Tensor(1.0), Tensor(0.0))\n"
            "return ops.TopK()(first, x.shape[0] / 2)[0] + ops.split(x, half, axis=1)[1] + hot * 9",
            X[:, :2].max(1, keepdims=True) + X[:, 2:] + np.float32([[0, 9], [9, 0]]),
        ),
        ("half = x.shape[1] / 2\nreturn x.reshape(-1) if isinstance(half, float) else x", X.reshape(-1)),
        ("return mindspore.tensor(2.0, dtype=x.dtype) * x", 2 * X),
        (
            "skip = mask is not None\nif not skip:\n    y = (x, x)\nif skip:\n    y = (x, x + 1)\nreturn y[0]",
            X,
        ),
        ("y = (x, x + 1)\nreturn y[1] if type(y) is tuple and type(y) != list else x", X + 1),
        (
            "try:\n    y = x[:, 1]\nexcept IndexError as error:\n    raise IndexError('few') from error\nreturn y",
            X[:, 1],
        ),
        ("if (n := x.shape[0] - 1) > 0 and n < 5:\n    return x * n\nreturn x", X),
        ("for i in range(3):\n    y = x * i\nreturn y", 2 * X),
        ("if x.sum() > 9:\n    logger.warning(x)\nlogger.warning_once('text')\nreturn x", X),
        (
            "def scaled(x, **more):\n    by = more.pop('by', 2.0)\n    if more.pop('a', 0) is None or len(more) > 1:\n"
            "        by = 0\n    return x * by, more\n"
            "y, more = scaled(x, a=1, by=3.0, b=4)\nreturn scaled(x)[0] + y * more['b'] * len(more)",
            14 * X,
        ),
        (
            "made = {'a': None, 'b': x}\nmade['c'] = mask\nmade['a'] = x * 2\nmade['b'] = None\nmade.pop('d', None)\n"
            "return made['a'] + len(made) if made['b'] is None and made['c'] is None else x",
            2 * X + 3,
        ),
        (
            "y = [(a * n, n) for a in (x, x + 1) if mask is None for n in range(3) if n != 1]\n"
            "return len(y) + sum(a * b for a, n in y for b in range(n + 1))",
            4 + 3 * (2 * X + 2 * X + 2),
        ),
        (
            "y = {'a': x}\nz = {'c': x, **y, 'b': x + 1, 'a': 2 * x, **{'b': 3 * x}}\nz.update(d=x)\n"
            "return z['a'] + z['b'] * len(y) + len({**z})",
            5 * X + 4,
        ),
        (
            "y = {'a': x, 'b': x + 1, 'c': x}\nz = y.pop('a')\ndel y['b']\ny.pop('c')\nreturn z * (len(y) + 1)",
            X,
        ),
        (
            "y = {'a': x, 'b': 2 * x}\nz = {**y, 'a': 3 * x}\nreturn list(z.values())[0] + 10 * list(z.values())[1]",
            23 * X,
        ),
        (
            "y = {'a': x, 'b': x, 'c': 3, 'e': x}\nz = y.pop('a') + y.pop('b') * y.pop('c') + len(y)\n"
            "if (n := y.pop('d', 2)) > 1 and n < 3:\n    z = ops.abs(y.pop('e')).reshape(-1)[0] + z\n"
            "return y.pop('d', z * (1 + len(y)))",
            4 * X + 1 + abs(X[0, 0]),
        ),
        (
            "y = [part for part in reversed((x, x + 1))]\nfor i in reversed(range(3)):\n    y[0] *= i + 1\nreturn y[0]",
            6 * X + 6,
        ),
        (
            "n = x.shape[0]\nm = -1\nreturn x * (n ** m + 4 ** -0.5 + n**2 + (x * 0 + 2.0) ** -n)",
            X * (1 / len(X) + 0.5 + len(X) ** 2 + 2.0 ** -len(X)),
        ),
        ("y = x\ny += 1\nz = [y]\nz += [x]\nreturn z[1] + 2 * z[0] + x", 4 * X + 2),
        ("for i in range(2):\n    x = x + i\nelse:\n    x = 2 * x\nreturn x", 2 * X + 2),
        (
            "for i in range(2):\n    k = 0\n    while k < 9:\n        k += 1\n        if k > i:\n            break\n"
            "        x = x + k\nelse:\n    x = 2 * x\nreturn x",
            2 * X + 2,
        ),
        ("self.training = self.training\ny, z = x, x + 1\ndel y, z\nreturn x", X),
        (
            "y = Tensor.from_numpy(np.ones(4, np.float32))\nreturn Tensor.add(Tensor.reshape(x, (4, 2)), y[0])",
            X.reshape(4, 2) + 1,
        ),
    ],
    ids=[
        "either-or",
        "tensor-of-a-tensor",
        "size-of-a-quotient",
        "count-of-a-quotient",
        "quotient",
        "tensor-of-a-number",
        "set-in-a-branch",
        "type",
        "try",
        "named",
        "set-in-a-loop",
        "warning",
        "nothing-to-pop",
        "set-to-none",
        "two-loops",
        "dictionary-of-dictionaries",
        "dictionary-in-order",
        "taken-out",
        "taken-out-within",
        "reversed",
        "power",
        "added-to",
        "for-else",
        "for-else-and-break-within",
        "set-to-itself-and-deleted",
        "method-of-the-class",
    ],
)
def test_what_the_compiler_refuses(
    body: str, expected: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    found = compiled(HEAD + CELL.replace("{body}", lines), tmp_path, monkeypatch)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("y = x * 1\ny.view(-1).add_(1)\nreturn y", r"view\(...\)\.add_\(...\) changes the tensor itself only where"),
        ("y = x * 1\nz = y[:, 0]\nz.add_(1)\nreturn y", r"z\.add_\(...\), where z shows y, changes the tensor itself"),
        ("y = x * 1\nz = y.reshape(-1)\nw = z.mul_(2)\nreturn y + w.sum()", "where z shows y"),
    ],
    ids=["at-once", "part", "reshaped"],
)
def test_a_change_of_a_view_is_refused(body: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    with pytest.raises(ValueError, match=told):
        compiled(HEAD + CELL.replace("{body}", lines), tmp_path, monkeypatch)


def test_a_view_may_be_changed_that_nothing_else_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "        y = x * 1\n        z = y[:, 1:]\n        z.add_(1)\n        return z"
    found = compiled(HEAD + CELL.replace("{body}", body), tmp_path, monkeypatch)
    np.testing.assert_allclose(found, X[:, 1:] + 1)


def test_a_variable_that_a_branch_sets_keeps_its_value() -> None:
    text = """
def first(items):
    \"\"\"Text.\"\"\"
    for item in items:
        if item > 2:
            seen = item
        else:
            other = item
        last = item
    if items[0] == 1:
        if items[-1] == 1:
            only = 1
        elif items[-1] == 2:
            only = 2
        return seen, other, last, only
    return seen, other, last
"""
    tree = define_first(ast.parse(text))
    names: dict[str, object] = {}
    exec(compile(ast.fix_missing_locations(tree), "text", "exec"), names)
    first = names["first"]
    assert callable(first)
    assert first([4, 5, 2]) == (5, 2, 2)
    assert first([1, 3]) == (3, 1, 3, None)
    assert first([1]) == (None, 1, 1, 1)
    assert first.__doc__ == "Text."


def test_a_partial_function_of_a_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mindspore
    from mindspore import ops

    from hubkit import compat
    from hubkit.compat.partials import bind_partials

    body = "        return self.act(x)"
    cell = module_of(HEAD + CELL.replace("{body}", body), tmp_path, monkeypatch).Net()
    cell.act = functools.partial(ops.clamp, min=-0.5, max=0.5)
    bind_partials(cell)
    np.testing.assert_allclose(cell(mindspore.Tensor(X)).asnumpy(), X.clip(-0.5, 0.5))
    assert "functools.partial (Net.act)" in compat.used()
