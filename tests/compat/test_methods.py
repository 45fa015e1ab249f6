"""Methods of tensors: compiled, run and converted they give what their documents say."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.compat.networks import module_of
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

Array = NDArray[Any]
_DRAWN = np.random.default_rng(7)
X = _DRAWN.normal(size=(2, 3, 4)).astype(np.float32)
Y = _DRAWN.normal(size=(2, 3, 4)).astype(np.float32)
SQUARE = _DRAWN.normal(size=(4, 4)).astype(np.float32)
PLACES = np.array([2, 0, 1], np.int64)
PICKS = _DRAWN.integers(0, 3, size=(2, 2, 4)).astype(np.int64)
WHOLE = _DRAWN.integers(0, 9, size=(2, 6)).astype(np.int64)
GIVEN = {"x": X, "y": Y, "s": SQUARE, "i": PLACES, "g": PICKS, "n": WHOLE}


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The methods and what the compiler is given, for one test alone."""
    import mindspore
    from mindspore.graph._parse import parser

    from hubkit.compat.compiled import code as compiled_code
    from hubkit.compat.tensors import methods

    for name, method in methods.replacements():
        monkeypatch.setattr(mindspore.Tensor, name, method)
    for name in ("parse", "get_namespace_symbol"):
        monkeypatch.setattr(parser.Parser, name, getattr(parser.Parser, name))
    compiled_code.install()
    mindspore.set_context(mode=mindspore.GRAPH_MODE)


def added(x: Array, places: Array, more: Array) -> Array:
    """``more``, line by line along the second axis, at ``places``."""
    found = x.copy()
    np.add.at(found, (slice(None), places), more)
    return found


def scattered(x: Array, picks: Array, more: Array | float, *, add: bool = False) -> Array:
    """``more`` at ``picks`` of the second axis."""
    found = x.copy()
    first, _, last = np.indices(picks.shape)
    if add:
        np.add.at(found, (first, picks, last), more)
    else:
        found[first, picks, last] = more
    return found


def changed(x: Array, part: Any, values: Any) -> Array:
    found = x.copy()
    found[part] = values
    return found


Row = tuple[str, Any]
METHODS: list[Row] = [
    ("x.clone()", X),
    ("x[:, :1].expand(2, 5, -1)", np.broadcast_to(X[:, :1], (2, 5, 4))),
    ("x.expand((3, -1, -1, -1))", np.broadcast_to(X, (3, 2, 3, 4))),
    ("x.repeat(1, 2, 1)", np.tile(X, (1, 2, 1))),
    ("x.repeat((2, 1, 1, 1))", np.tile(X, (2, 1, 1, 1))),
    ("x.repeat_interleave(2, dim=1, output_size=6)", X.repeat(2, 1)),
    ("mindspore.Tensor(x[:, 0], mindspore.int32)", X[:, 0].astype(np.int32)),
    ("mindspore.Tensor(x.shape[1], dtype=mindspore.float32) * x", 3 * X),
    ("mindspore.Tensor([1.0, 2, 3, 4]) * mindspore.Tensor(x)", np.float32([1, 2, 3, 4]) * X),
    ("x.split(axis=1, output_num=3)[1]", X[:, 1:2]),
    ("x.prod(axis=1, keep_dims=True)", X.prod(1, keepdims=True)),
    ("x.prod(keep_dims=False)", X.prod()),
    ("x.clip(xmin=-0.5, xmax=0.5)", X.clip(-0.5, 0.5)),
    ("x.clip(-0.5, xmax=0.5)", X.clip(-0.5, 0.5)),
    ("x.norm(axis=1, p=2)", np.sqrt((X**2).sum(1))),
    ("x.logsumexp(axis=1, keep_dims=True)", np.log(np.exp(X).sum(1, keepdims=True))),
    ("x.amax(axis=1, keepdims=True)", X.max(1, keepdims=True)),
    ("x.amin((0, 2), keepdims=True)", X.min((0, 2), keepdims=True)),
    ("x.item((1, 0, 2)) * x", X[1, 0, 2] * X),
    ("x.item(5) * x", X.ravel()[5] * X),
    ("x.fills(2.5)", np.full_like(X, 2.5)),
    ("x.roll(1, 1)", np.roll(X, 1, 1)),
    ("x.roll(-1)", np.roll(X, -1)),
    ("x.roll(shifts=(1, -1), dims=(1, 2))", np.roll(X, (1, -1), (1, 2))),
    ("x.transpose(1, 2)", X.swapaxes(1, 2)),
    ("x.transpose(-2, -1)", X.swapaxes(1, 2)),
    ("x.transpose(dim0=0, dim1=2)", X.swapaxes(0, 2)),
    ("x.transpose(0, 2, 1)", X.transpose(0, 2, 1)),
    ("s.transpose(0, 1)", SQUARE.T),
    ("x.new_full((2, 3), 1.5) * x[0, 0, 0]", np.full((2, 3), 1.5, np.float32) * X[0, 0, 0]),
    ("x.new_full((4,), 2, dtype=mindspore.int64) * x", 2 * X),
    ("x.chunk(2, dim=-1)[1]", X[..., 2:]),
    ("x.split(2, dim=1)[1]", X[:, 2:]),
    ("x.split([1, 3], dim=-1)[1]", X[..., 1:]),
    ("x.split([1, 3], -1)[1]", X[..., 1:]),  # of this one and the next, MindSpore's own
    ("x.split(1)[1]", X[1:]),
    ("x.sort(dim=1, descending=True)[0]", -np.sort(-X, 1)),
    ("x.sort(dim=1)[1]", np.argsort(X, 1)),
    ("x.argsort(dim=1, descending=True)", np.argsort(-X, 1)),
    ("x.cumsum(dim=1)", X.cumsum(1)),
    ("n.cumsum(dim=-1)", WHOLE.cumsum(-1)),
    ("x.argmax()", X.argmax()),
    ("x.argmax(dim=1)", X.argmax(1)),
    ("x.argmin(dim=1, keepdim=True)", X.argmin(1)[:, None]),
    ("x.max(1)[0]", X.max(1)),
    ("x.min(-1)[1]", X.argmin(-1)),
    ("x.max(axis=1)", X.max(1)),
    ("x.max()", X.max()),
    ("x.median(dim=1)[0]", np.sort(X, 1)[:, 1]),
    ("x.var(dim=-1, keepdim=True)", X.var(-1, ddof=1, keepdims=True)),
    ("x.var(-1, correction=0)", X.var(-1)),
    ("x.std(dim=(1, 2), keepdim=True)", X.std((1, 2), ddof=1, keepdims=True)),
    ("(x > 0).count_nonzero(dim=1)", (X > 0).sum(1)),
    ("x.index_select(dim=1, index=i)", X[:, PLACES]),
    ("x.scatter_add(1, g, y[:, :2])", scattered(X, PICKS, Y[:, :2], add=True)),
    ("x.index_add(1, i[:2], y[:, :2], alpha=2)", added(X, PLACES[:2], 2 * Y[:, :2])),
    ("x.index_fill(1, i[:2], 9.0)", changed(X, (slice(None), PLACES[:2]), 9.0)),
    ("x.floor_divide(0.5)", np.floor(X / 0.5)),
    ("x.addcdiv(y, y, value=0.5)", X + 0.5),
    ("n.bitwise_and(3)", WHOLE & 3),
    ("n.bitwise_or(3)", WHOLE | 3),
    ("n.bitwise_xor(3)", WHOLE ^ 3),
    ("n.bitwise_not()", ~WHOLE),
    ("s[0].dot(s[1])", SQUARE[0] @ SQUARE[1]),
]
"""A method, and what it gives."""

IN_PLACE: list[Row] = [
    ("t.add_(y, alpha=2)", X + 2 * Y),
    ("t.sub_(y)", X - Y),
    ("t.mul_(2.0)", X * 2),
    ("t.div_(y)", X / Y),
    ("t.floor_divide_(0.5)", np.floor(X / 0.5)),
    ("t.remainder_(0.7)", np.mod(X, np.float32(0.7))),
    ("t.copy_(y)", Y),
    ("t.fill_(2.0)", np.full_like(X, 2)),
    ("t.zero_()", np.zeros_like(X)),
    ("t.clamp_(-0.5, 0.3)", X.clip(-0.5, 0.3)),
    ("t.clamp_(min=0)", X.clip(0)),
    ("t.masked_fill_(y > 0, -1.0)", np.where(Y > 0, -1, X)),
    ("t.masked_scatter_(y > 0, x)", changed(X, Y > 0, X.ravel()[: (Y > 0).sum()])),
    ("t.exp_()", np.exp(X)),
    ("t.exp_().log_()", X),
    ("t.sigmoid_()", 1 / (1 + np.exp(-X))),
    ("t.tanh_()", np.tanh(X)),
    ("t.floor_()", np.floor(X)),
    ("t.scatter_(1, g, 1.5)", scattered(X, PICKS, 1.5)),
    ("t.scatter_add_(1, g, y[:, :2])", scattered(X, PICKS, Y[:, :2], add=True)),
    ("t.index_add_(1, i, y)", added(X, PLACES, Y)),
    ("t.index_copy_(1, i, y)", changed(X, (slice(None), PLACES), Y)),
    ("t.index_fill_(1, i[:1], 9.0)", changed(X, (slice(None), 2), 9.0)),
]
"""A method that changes ``t``, which is as ``x``, and what it has then."""

COMPILED: list[Row] = [
    ("t[:, 0].add_(1.0)", changed(X, (slice(None), 0), X[:, 0] + 1)),
    ("t[:, :, 1:3].copy_(y[:, :, :2])", changed(X, (slice(None), slice(None), slice(1, 3)), Y[:, :, :2])),
    ("t[0].zero_()", changed(X, 0, 0)),
    ("t[0].fill_diagonal_(2.0)", changed(X, (0, [0, 1, 2], [0, 1, 2]), 2)),
    ("t[1].masked_fill_(y[1] > 0, 2.0)", changed(X, 1, np.where(Y[1] > 0, 2, X[1]))),
]
"""The same of a part of it, where it is compiled."""

SOURCE = """
import mindspore
from mindspore import Tensor, mint, nn, ops


class Net(nn.Cell):
    def construct(self, x, y, s, i, g, n):
        return ({calls})

{functions}
"""
FUNCTION = """
    def f{number}(self, x, y, s, i, g, n):
        {text}
"""


def network(texts: list[str], place: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A network whose outputs are what ``texts``, bodies of functions, return; the compiler reads its source."""
    calls = "".join(f"self.f{number}(x, y, s, i, g, n), " for number in range(len(texts)))
    functions = "".join(FUNCTION.format(number=number, text=text) for number, text in enumerate(texts))
    source = SOURCE.format(calls=calls, functions=functions)
    return module_of(source, place, monkeypatch).Net()


def bodies(rows: list[Row], *, in_place: bool) -> list[str]:
    if in_place:
        return [f"t = x * 1\n        {text}\n        return t + 0" for text, _ in rows]
    return [f"return {text}" for text, _ in rows]


def replaced(rows: list[Row]) -> set[str]:
    """The methods that stand-ins are called for in ``rows``."""
    from hubkit.compat.tensors import methods

    names = {*methods.METHODS, *methods.PAIRS, *methods.IN_PLACE}
    return {name for text, _ in rows for name in re.findall(r"\.(\w+)\(", text)} & names


def test_each_has_a_row() -> None:
    from hubkit.compat.tensors import methods

    assert replaced([*METHODS, *OLD_REPEAT]) == {*methods.METHODS, *methods.PAIRS}
    assert replaced([*IN_PLACE, *COMPILED]) == {*methods.IN_PLACE}


def check(rows: list[Row], found: Any) -> None:
    for (text, expected), array in zip(rows, found, strict=True):
        np.testing.assert_allclose(array, expected, rtol=1e-4, atol=1e-5, err_msg=text)


@pytest.mark.parametrize(
    ("rows", "in_place"),
    [(METHODS, False), (IN_PLACE, True), (COMPILED, True)],
    ids=["methods", "in-place", "in-place-parts"],
)
def test_numbers_compiled_and_converted(
    rows: list[Row], in_place: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marks: None
) -> None:
    import mindspore
    import onnxruntime

    from hubkit import compat
    from hubkit.convert.onnx_export import mindir_to_onnx

    cell = network(bodies(rows, in_place=in_place), tmp_path, monkeypatch)
    tensors = [mindspore.Tensor(array) for array in GIVEN.values()]
    check(rows, [item.asnumpy() for item in cell(*tensors)])
    told = {name.removeprefix("mindspore.Tensor.").partition("(")[0] for name in compat.used()}
    assert replaced(rows) <= told  # some stand-ins call others, which are told too
    mindspore.export(cell, *tensors, file_name=str(tmp_path / "net"), file_format="MINDIR")
    names = [f"found{number}" for number in range(len(rows))]
    mindir_to_onnx(tmp_path / "net.mindir", tmp_path / "net.onnx", input_names=list(GIVEN), output_names=names)
    session = onnxruntime.InferenceSession(str(tmp_path / "net.onnx"), providers=["CPUExecutionProvider"])
    taken = {item.name for item in session.get_inputs()}
    check(rows, session.run(None, {name: array for name, array in GIVEN.items() if name in taken}))


@pytest.mark.parametrize(("rows", "in_place"), [(METHODS, False), (IN_PLACE, True)], ids=["methods", "in-place"])
def test_numbers_where_code_runs(
    rows: list[Row], in_place: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mindspore

    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    cell = network(bodies(rows, in_place=in_place), tmp_path, monkeypatch)
    found = cell(*(mindspore.Tensor(array) for array in GIVEN.values()))
    check(rows, [item.asnumpy() for item in found])


def test_a_parameter_is_changed_in_its_place() -> None:
    import mindspore

    weight = mindspore.Parameter(mindspore.Tensor(X), name="weight")
    assert weight.fill_(2.0) is weight
    weight.mul_(3)
    np.testing.assert_array_equal(weight.asnumpy(), np.full_like(X, 6))


def test_they_are_told(marks: None) -> None:
    import mindspore

    from hubkit import compat

    mindspore.Tensor(X).clone()
    assert compat.used() == ("mindspore.Tensor.clone(on the CPU)",)


OLD_REPEAT: list[Row] = [
    ("x.repeat(3, 1)", X.repeat(3, 1)),
    ("x.repeat(2, axis=-1)", X.repeat(2, -1)),
    ("x.repeat([2, 0, 1], 1)", X.repeat([2, 0, 1], 1)),
    ("s.repeat(2)", SQUARE.repeat(2)),
    ("s.repeat(2, 0)", SQUARE.repeat(2, 0)),
    ("x.repeat(1, 2, 1)", np.tile(X, (1, 2, 1))),
]
"""What code means that was written before MindSpore 2.5."""


@pytest.mark.parametrize("compiled", [True, False])
def test_code_written_before_mint_repeats_elements(
    compiled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mindspore

    monkeypatch.setattr(sys.modules[__name__], "SOURCE", SOURCE.replace("Tensor, mint, nn, ops", "nn"))
    mindspore.set_context(mode=mindspore.GRAPH_MODE if compiled else mindspore.PYNATIVE_MODE)
    cell = network(bodies(OLD_REPEAT, in_place=False), tmp_path, monkeypatch)
    check(OLD_REPEAT, [item.asnumpy() for item in cell(*(mindspore.Tensor(array) for array in GIVEN.values()))])


@pytest.mark.parametrize(
    ("imported", "expected"), [("mint, nn", X.max(1)), ("nn", X.max(1)[0])], ids=["mint", "before"]
)
def test_code_written_before_mint_means_the_values_alone(
    imported: str, expected: Array, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mindspore

    monkeypatch.setattr(sys.modules[__name__], "SOURCE", SOURCE.replace("Tensor, mint, nn, ops", imported))
    cell = network(["return x.max(1)[0]"], tmp_path, monkeypatch)
    (found,) = cell(*(mindspore.Tensor(array) for array in GIVEN.values()))
    np.testing.assert_array_equal(found.asnumpy(), expected)
