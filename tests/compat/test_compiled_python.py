"""Python that MindSpore's compiler refuses, in a repository's code: it compiles, and computes what Python computes."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from hubkit import compat
from hubkit.compat.absent_parameters import drop_absent_parameters
from hubkit.compat.compiled.definitions import define_first
from hubkit.compat.use import CHECK
from tests.compat.networks import CELL, HEAD, X, compiled, module_of
from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("compiler", "marks")]

CASES: dict[str, tuple[str, np.ndarray]] = {
    "texts": (
        "mode, names = 'a_bc', ['a', 'b']\n"
        "n = mode.find('c') + len(mode.split('_')) + mode.count('_') + names.index('b')\n"
        "if mode.startswith('a_') and not mode.endswith('x') and mode.replace('_', '') == 'abc':\n    n = n + 10\n"
        "return x * n if '-'.join([name + 'c' for name in names]) == 'ac-bc' else x",
        X * 17,
    ),
    "sets": (
        "n = len({1, 2, 2})\n"
        "return x * n if 'a' in {'a', 'b'} and 'c' not in {'a'} and set(['b', 'a']) == {'a', 'b'} else x",
        2 * X,
    ),
    "dictionaries": (
        "y = dict(a=x, b=2)\ny.setdefault('c', 3)\nz = y.setdefault('a', x + 1)\nw = y.copy()\nw['d'] = 4\n"
        "v = dict(zip(['e', 'a'], [5, 2 * x])) | {'e': 6}\n"
        "return z * y['c'] + v['e'] * v['a'] + len(y) + 10 * len(w) + dict(v)['e']",
        15 * X + 3 + 40 + 6,
    ),
    "dictionary-in-order": (
        "y = {'b': x, 'a': 2}\nfor name in sorted(y):\n    x = x * 2 + y[name]\n"
        "return x + next(iter(y.values())) + len(sorted(y.keys()))",
        (X * 2 + 2) * 2 + X + X + 2,
    ),
    "items-of-lists": (
        "y = [x, x + 1, x + 2, x + 3]\ndel y[0]\nz = y.pop() * y.pop(0)\nw = y.copy()\nw.append(x)\n"
        "def last(items):\n    return items.pop()\nreturn z + len(y) + last(w)",
        (X + 3) * (X + 1) + 1 + X,
    ),
    "named-within": (
        "y = (z := x + 1) * 2 + z\nreturn ops.abs(y + (w := z + 1) * w)",
        np.abs(3 * X + 3 + (X + 2) ** 2),
    ),
    "imports": (
        "import math as numbers\nimport os.path\nfrom math import pi, sqrt as root\n"
        "from mindspore import ops as functions\n"
        "return functions.abs(x) * numbers.ceil(pi) + root(4.0)",
        np.abs(X) * 4 + 2,
    ),
    "behind-the-loop": ("for i, (k, y) in enumerate([(1, x), (3, x)]):\n    pass\nreturn x * k + i", 3 * X + 1),
    "any-and-all": (
        "def whole(*given):\n    return any(isinstance(item, Tensor) and item.ndim > 2 for item in given)\n"
        "if all(item.ndim == 2 for item in (x, x)) and not whole(x, 2):\n    return x + 1\nreturn x",
        X + 1,
    ),
    "truth-of-items": (
        "y = [n * x for n in (2, 0, 3) if n]\nz = [text for text in ('a', '') if text]\n"
        "w = [item for item in ([x], []) if item and len(z)]\nv = [n for n in range(5) if n % 2 if n > 1]\n"
        "return y[1] + len(y) + 10 * len(z) + 100 * len(w) + v[0]",
        3 * X + 2 + 10 + 100 + 3,
    ),
    "errors-that-do-not-come": (
        "try:\n    y = x + 1\nexcept ValueError:\n    y = x\nelse:\n    y = y * 2\nfinally:\n    z = 3\nreturn y + z",
        (X + 1) * 2 + 3,
    ),
    "changed-in-their-places": (
        "y = [3, 1, 1, 2]\ny.remove(1)\nz = y.copy()\nz.sort()\ny.sort(reverse=True)\n"
        "return x * y[0] + 10 * z[0] + 100 * len(y)",
        3 * X + 10 + 300,
    ),
    "rounded": ("return x * round(2.6) + round(1.26, 1)", X * 3 + 1.3),
    "type-of-a-tensor": ("return x + 1 if type(x) == Tensor and type(x) is mindspore.Tensor else x", X + 1),
    "length-of-a-text": (
        "mode, layers = 'abc', [x, x]\nreturn x * len(mode) + len('xy') + 10 * len(layers) + 100 * len(x)",
        3 * X + 2 + 20 + 200,
    ),
    "deleted-part-of-a-list": (
        "y, z, w = [x, x + 1, x + 2], [1, 2, 3, 4, 5], [1, 2]\ndel y[1:]\ndel z[1:-2]\ndel z[-1:]\ndel w[:9]\n"
        "return y[0] * len(y) + z[1] * len(z) + len(w)",
        X + 8,
    ),
    "taken-by-a-name": (
        "def of(name, **more):\n    y = more.pop(name)\n    return y + len(more)\n"
        "n, items = 1, [x, x + 1, x + 2]\nz = items.pop(n)\nreturn of('a', a=x, b=2) + z + items[n] + len(items)",
        3 * X + 1 + 1 + 2 + 2,
    ),
    "matches": (
        "def of(value):\n    match value:\n        case 'a' | 'b':\n            return 1\n        case None:\n"
        "            return 2\n        case (3, n) if n > 4:\n            return n\n        case [_, n]:\n"
        "            return n + 10\n        case int() as n:\n            return n * 100\n        case _:\n"
        "            return 4\n"
        "n = of('b') + of(None) + of((3, 5)) + of([3, 1]) + of(6) + of('c')\n"
        "match x.shape:\n    case (rows, columns):\n        return x * rows + columns + n\nreturn x",
        2 * X + 4 + 1 + 2 + 5 + 11 + 600 + 4,
    ),
    "left-early-or-not": (
        "for i in range(3):\n    for j in range(2):\n        if j == 1:\n            break\n"
        "    else:\n        x = x * 9\n"
        "    if i == 5:\n        break\nelse:\n    x = x * 3\nwhile i > 0:\n    i -= 1\n    if i == 1:\n        break\n"
        "else:\n    x = x * 9\nreturn x",
        3 * X,
    ),
    "kinds-of-loops": (
        "y = {i % 2 for i in range(4)}\nfor a, b in zip((1, 2), (3, 4), strict=True):\n    x = x * a + b\n"
        "for k in filter(None, (0, 1, 2)):\n    x = x + k\n"
        "def product(a, b):\n    return a * b\n"
        "return x * len(y) + functools.reduce(product, x.shape, 2) + functools.reduce(ops.add, [x, x])",
        2 * (2 * (X + 3) + 4 + 3) + 16 + 2 * (2 * (X + 3) + 4 + 3),
    ),
    "how-a-text-is-written": (
        "y, n = {'k_007{}a': x, \"'b'\": x + 1}, 3\n"
        "assert x.ndim == 2, f'{x.sum():.2f} {x.shape[0]:d}'\n"
        "return y[f'k_{7:0{n}d}{{}}{\"a\":s}'] + y[f\"{'b'!r}\"]",
        2 * X + 1,
    ),
    "generators": (
        "def rest(n):\n    'a text'\n    if n == 0:\n        return\n    yield x * n\n    yield from rest(n - 1)\n"
        "y, z = rest(2)\nfor i, w in enumerate(rest(3)):\n    z = z + i * w\nreturn sum(rest(2)) + y + z",
        10 * X,
    ),
    "largest-by-a-key": (
        "pairs, sizes, names = [(1, x), (5, x + 1), (3, x + 2)], [], {'b': 3, 'a': 7}\n"
        "y = max(pairs, key=lambda pair: pair[0])[1] + min(pairs, key=operator.itemgetter(0))[1]\n"
        "y = y + sorted(pairs, key=lambda pair: -pair[0])[1][1] + names[max(names, key=names.get)]\n"
        "y = y * len(min((n for n in ('abc', 'ab')), key=len).replace('b', '')) + max([len(x)], default=3)\n"
        "return y + min(sizes, default=7) + max(sizes, key=lambda size: size, default=20)",
        3 * X + 3 + 7 + 2 + 7 + 20,
    ),
    "tensors-in-order-of-names": (
        "y = {'b': x, 'a': x * 2}\nfor name, value in sorted(y.items()):\n    x = x * 2 + value\n"
        "for name, value in sorted(y.items(), reverse=True):\n    x = x * 2 + value\nreturn x",
        ((X * 2 + 2 * X) * 2 + X) * 4 + 4 * X,
    ),
    "sets-of-sizes": (
        "assert len(set(y.shape[1] for y in (x, x))) == 1\n"
        "sizes = sorted({y.shape[1] for y in (ops.concat((x, x), 1), x, x)})\nreturn x * sizes[1] + len(sizes)",
        8 * X + 2,
    ),
    "places-from-the-end": (
        "i, j = Tensor([0, -1]), Tensor([[0, -1], [1, 2]])\ny = x.reshape(2, 2, 2)\n"
        "return x[:, i] + y[..., i, :].sum() + x[i, Tensor([-2, 1])] + x[:, j].sum()",
        X[:, [0, -1]] + X.sum() + X[[0, -1], [-2, 1]] + X[:, [0, 1]].sum() + X[:, [-1, 2]].sum(),
    ),
    "items-of-a-mask": (
        "y = x * 1\nm = y < 0\ny[~m] += 1\ny[m] = ops.exp(x[m]) * 2 - y[m]\ny[x > 1] *= x.max()\n"
        "z = x.reshape(2, 2, 2) * 1\nz[x[:, :2] > 0] = 2.0\nz[1] -= 1\ni = Tensor([0])\nz[i] = z[i] * 3\n"
        "n, w = 0, [1, 2]\nw[n] += 3\nreturn y + z.reshape(2, 4) * w[0]",
        np.where(X < 0, 2 * np.exp(X) - X, X + 1) * np.where(X > 1, X.max(), 1)
        + 4 * np.where(X[:, :2, None] > 0, 2, X.reshape(2, 2, 2)).reshape(2, 4) * [[3], [1]]
        - [[0], [4]],
    ),
    "attributes-by-name": ("return getattr(x, 'shape')[1] * getattr(ops, 'abs')(x)", 4 * np.abs(X)),
    "functions-made-in-loops": (
        "for i in range(2):\n    x = list(map(lambda y: y * 2, [x]))[0]\n    double = lambda y: y + i\n"
        "    if (lambda n: n > 0)(i):\n        x = double(x)\nreturn x",
        4 * X + 1,
    ),
    "functions-of-variables-mapped": (
        "n = 3\ny = list(map(lambda a: a * n, (x, x)))\nz, w = map(lambda a, b: a * b, [x, x], (n, 2))\n"
        "m = list(filter(lambda a: a > n, x.shape))\nfor i in range(2):\n    x = sum(map(lambda a: a + i, (x, x)))\n"
        "return x + y[0] + z + w + m[0] if any(map(lambda a: a > n, x.shape)) else x",
        4 * X + 2 + 3 * X + 3 * X + 2 * X + 4,
    ),
    "letters": (
        "order, n = 'cab', 0\nfor i, letter in enumerate('abca'):\n    if letter == 'a':\n        n += i\n"
        "for letter in order:\n    x = ops.abs(x) if letter == 'c' else x * 2\n"
        "for name in ('a', 'b'):\n    x = x + 1 if name != 'b' else x\nfor _ in 'ab':\n    x = x * 2\nreturn x + n",
        (4 * np.abs(X) + 1) * 4 + 3,
    ),
    "items-set-in-loops": (
        "y, z = [x, x + 1], {'a': x, 'b': x}\nfor i in range(2):\n    y[i] = y[i] * 2\n    y[i] += i\n"
        "for key in list(z.keys()):\n    z[key] = z[key] + 1\n"
        "return sum(y) + sum([value for name, value in z.items()])",
        4 * X + 2 + 1 + 2 * X + 2,
    ),
    "next-of-a-generator": (
        "def two(n):\n    yield x * n\n    yield x + n\ny = two(3)\nz = next(y)\nw = next(y) * 2\nreturn z + w",
        5 * X + 6,
    ),
    "no-gradients": ("with mindspore._no_grad():\n    y = x + 1\nreturn y", X + 1),
}


def _lines(body: str) -> str:
    return HEAD + CELL.replace("{body}", "\n".join(f"        {line}" for line in body.splitlines()))


@pytest.mark.parametrize("name", CASES)
def test_it_is_compiled(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body, expected = CASES[name]
    np.testing.assert_allclose(compiled(_lines(body), tmp_path, monkeypatch), expected, rtol=1e-5, atol=1e-6)


def test_a_method_calls_the_function_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = HEAD + (
        "def scaled(x, by):\n    return x * by\n\n\n"
        "def power(n):\n    return 1 if n == 0 else 2 * power(n - 1)\n\n\n"
        "class Net(nn.Cell):\n    def scaled(self, x, by):\n        return scaled(x, by + 1)\n\n"
        "    def construct(self, x):\n        return self.scaled(x, 2) + power(3)\n"
    )
    np.testing.assert_allclose(compiled(source, tmp_path, monkeypatch), 3 * X + 8, rtol=1e-6)


def test_parents_of_parents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = HEAD + (
        "class First(nn.Cell):\n    def construct(self, x):\n        return x * 2\n\n\n"
        "class Second(First):\n    def construct(self, x):\n        return super().construct(x) + 1\n\n\n"
        "class Third(Second):\n    def construct(self, x):\n        return super().construct(x) + 1\n\n\n"
        "class Mixed:\n    def moved(self, x):\n        return x + 5\n\n\n"
        "class Further(Mixed):\n    def moved(self, x):\n        return super().moved(x) * 2\n\n\n"
        "class Net(Further, Third):\n"
        "    def construct(self, x):\n        return self.moved(super().construct(x))\n"
    )
    np.testing.assert_allclose(compiled(source, tmp_path, monkeypatch), (2 * X + 2 + 5) * 2, rtol=1e-5, atol=1e-6)


def test_methods_of_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = HEAD + (
        "class Scale:\n    @classmethod\n    def of(cls, x, by=1):\n        return x * by\n\n\n"
        "class Net(nn.Cell):\n    factor = 3\n\n"
        "    def __init__(self):\n        super().__init__()\n        self.of = Scale.of\n\n"
        "    @classmethod\n    def scaled(cls, x):\n        return cls.moved(x * cls.factor)\n\n"
        "    @staticmethod\n    def moved(x):\n        return x + 1\n\n"
        "    def construct(self, x):\n        return Net.scaled(x) + self.scaled(x) + self.of(x, by=2)\n"
    )
    np.testing.assert_allclose(compiled(source, tmp_path, monkeypatch), 8 * X + 2, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "body",
    [
        "assert x.max().item() < 99\nassert x.min() > -99 and x.ndim == 2, 'a text'\nreturn x",
        "if x.max() > 99 or x.ndim != 2:\n    y = x.max()\n    raise ValueError(f'{x.shape} {y}')\nreturn x",
        "if x is None or x.max().item() > 99 and (x.min() > 9 or x.ndim == 2):\n    raise ValueError\n"
        "else:\n    y = x\nreturn y",
    ],
    ids=["assert", "raise", "raise-or-else"],
)
def test_checks_of_values_are_left_out_and_told(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hubkit.smoke.runners import MindirRunner

    np.testing.assert_array_equal(compiled(_lines(body), tmp_path, monkeypatch), X)
    assert CHECK in compat.used()
    (found,) = MindirRunner(tmp_path / "net.mindir").run({"x": X})
    np.testing.assert_array_equal(found, X)


@pytest.mark.parametrize(
    "body",
    ["assert x.ndim == 3, 'axes'\nreturn x", "if x.ndim != 3 or x.max() > 9:\n    raise ValueError('axes')\nreturn x"],
)
def test_checks_of_shapes_stay(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises((AssertionError, ValueError), match="axes"):
        compiled(_lines(body), tmp_path, monkeypatch)


def test_a_parameter_that_was_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mindspore

    source = HEAD + (
        "class Layer(nn.Cell):\n    def __init__(self):\n        super().__init__()\n"
        "        self.scale = mindspore.Parameter(Tensor(2.0), name='scale')\n"
        "        self.bias = mindspore.Parameter(Tensor(1.0), name='bias')\n\n"
        "    def construct(self, x):\n"
        "        return x * self.scale if self.bias is None else x * self.scale + self.bias\n\n\n"
        "class Net(nn.Cell):\n    def __init__(self):\n        super().__init__()\n        self.layer = Layer()\n"
        "        self.layer.bias = None\n\n    def construct(self, x):\n        return self.layer(x)\n"
    )
    cell = module_of(source, tmp_path, monkeypatch).Net()
    drop_absent_parameters(cell)
    mindspore.export(cell, mindspore.Tensor(X), file_name=str(tmp_path / "net"), file_format="MINDIR")
    np.testing.assert_allclose(cell(mindspore.Tensor(X)).asnumpy(), 2 * X)
    assert "a parameter that is None (Layer.bias)" in compat.used()


def test_a_method_that_the_code_gives_to_tensors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mindspore

    source = HEAD + (
        "kept = Tensor.sum\n\n\n"
        "def repeat(self, *sizes):\n    return ops.tile(self, sizes)\n\n\n"
        "def unfolded(input, size):\n    return input.repeat(size, 1) + size\n\n\n"
        "def sum_of_all(self):\n    return kept(self) + 1\n\n\n"
        "def mean_of_all(self):\n    return Tensor(np.mean(self.asnumpy()))\n\n\n"
        "class Net(nn.Cell):\n    def construct(self, x):\n"
        "        return x.unfolded(3) + x.repeat(3, 1) + x.sum() + x.mean()\n"
    )
    module = module_of(source, tmp_path, monkeypatch)
    own = {"repeat": module.repeat, "unfolded": module.unfolded, "sum": module.sum_of_all, "mean": module.mean_of_all}
    for name, method in own.items():
        monkeypatch.setattr(mindspore.Tensor, name, method, raising=False)
    found = module.Net()(mindspore.Tensor(X)).asnumpy()
    np.testing.assert_allclose(found, 2 * np.tile(X, (3, 1)) + 3 + X.sum() + X.mean(), rtol=1e-5)


def test_a_loop_variable_that_is_set_anew_is_not_defined_before() -> None:
    text = "def first(items):\n    for i in items:\n        pass\n    for i in items:\n        j = i\n    return j\n"
    tree = define_first(ast.parse(text))
    assert [ast.unparse(line) for line in ast.walk(tree) if isinstance(line, ast.Assign)] == ["j = None", "j = i"]


@pytest.mark.parametrize("line", ["import no_such_module", "from math import no_such_name", "import os as np"])
def test_an_import_that_cannot_be_made_is_refused(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match="Import"):
        compiled(_lines(f"{line}\nreturn x"), tmp_path, monkeypatch)
