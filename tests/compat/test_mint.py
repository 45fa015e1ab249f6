"""Functions and layers of ``mindspore.mint``: on the CPU they compute what their documents say, and are converted."""

from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

Array = NDArray[Any]
_DRAWN = np.random.default_rng(7)
X = _DRAWN.normal(size=(2, 3, 4)).astype(np.float32)
IMAGE = _DRAWN.normal(size=(2, 4, 7, 6)).astype(np.float32)
SQUARE = _DRAWN.normal(size=(4, 4)).astype(np.float32)
KERNEL = _DRAWN.normal(size=(6, 2, 3, 3)).astype(np.float32)
MIDDLE = KERNEL * np.array([[0], [1], [0]], np.float32)  # of its rows, the middle one alone
BIAS = _DRAWN.normal(size=6).astype(np.float32)
GAMMA = np.array([1, 2, 3, 0.5], np.float32)
ERF = np.vectorize(math.erf)


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands for the functions, for one test alone."""
    import mindspore

    from hubkit.compat import mint

    for module, name, stand_in in list(mint.replacements()):
        monkeypatch.setattr(module, name, stand_in)
    mindspore.set_context(mode=mindspore.GRAPH_MODE)


def convolved(x: Array, weight: Array, step: int, pad: tuple[int, int], gap: int, groups: int) -> Array:
    """A convolution of images, element by element; ``pad`` is before and behind each axis."""
    x = np.pad(x, ((0, 0), (0, 0), pad, pad)).astype(np.float64)
    rows, columns = weight.shape[2:]
    height = (x.shape[2] - gap * (rows - 1) - 1) // step + 1
    width = (x.shape[3] - gap * (columns - 1) - 1) // step + 1
    found = np.zeros((x.shape[0], weight.shape[0], height, width))
    share, own = weight.shape[0] // groups, weight.shape[1]
    for channel in range(weight.shape[0]):
        part = x[:, channel // share * own : (channel // share + 1) * own]
        for row in range(height):
            for column in range(width):
                window = part[:, :, row * step :: gap, column * step :: gap][:, :, :rows, :columns]
                found[:, channel, row, column] = (window * weight[channel]).sum((1, 2, 3))
    return found


def pooled(x: Array, size: int, step: int) -> Array:
    """The windows of an image, as two last axes."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), (2, 3))  # type: ignore[call-overload]
    return np.asarray(windows[:, :, ::step, ::step])


def normed(x: Array, axes: tuple[int, ...]) -> Array:
    return np.asarray((x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + 1e-5))


def softplus(x: Array) -> Array:
    return np.asarray(np.log1p(np.exp(x)))


RIMS = (0, 0), (0, 0), (0, 3), (2, 1)


def unfolded(x: Array) -> Array:
    """Windows of 3 by 2 elements, 2 apart, in steps of 2, of an image with a rim of 1."""
    x = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = [
        x[:, :, top : top + 5 : 2, left : left + 3 : 2].reshape(2, -1)
        for top in range(0, x.shape[2] - 4, 2)
        for left in range(0, x.shape[3] - 2, 2)
    ]
    return np.stack(windows, -1)


def folded(x: Array) -> Array:
    """What those windows add up to: each element as often as there are windows that hold it."""
    often = np.zeros((x.shape[2] + 2, x.shape[3] + 2), np.float32)
    for top in range(0, x.shape[2] - 2, 2):
        for left in range(0, x.shape[3], 2):
            often[top : top + 5 : 2, left : left + 3 : 2] += 1
    return x * often[1:-1, 1:-1]


def resized(x: Array, size: tuple[int, int], steps: tuple[float, float], order: int, corners: bool = False) -> Array:
    """The polynomial of the near elements, a line or the cubic convolution with -0.75, at each place."""

    def cubic(t: float) -> float:
        t = abs(t)
        if t <= 1:
            return 1.25 * t**3 - 2.25 * t**2 + 1
        return -0.75 * t**3 + 3.75 * t**2 - 6 * t + 3 if t < 2 else 0.0

    for axis, (new, step) in enumerate(zip(size, steps, strict=True), start=2):
        lines = []
        for place in range(new):
            source = place * step if corners else (place + 0.5) * step - 0.5
            if order == 1:
                source = min(max(source, 0.0), x.shape[axis] - 1)
            line = 0
            for near in range(math.floor(source) - 1, math.floor(source) + 3):
                share = max(0.0, 1 - abs(source - near)) if order == 1 else cubic(source - near)
                line = line + share * x.take(min(max(near, 0), x.shape[axis] - 1), axis)
            lines.append(line)
        x = np.stack(lines, axis)
    return x


# Name: what is called (with mint, its functional module and the tensor), of what, and what it gives.
Row = tuple[str, str, tuple[Array, ...], Any]
_T = np.tanh
_G = 0.5 * X * (1 + ERF(X / math.sqrt(2)))
_TANH = 0.5 * X * (1 + _T(math.sqrt(2 / math.pi) * (X + 0.044715 * X**3)))
_E = np.exp(np.minimum(X, 0)) - 1
_PAD = np.pad(IMAGE, ((0, 0), (0, 0), (1, 1), (1, 1)))
ROWS: list[Row] = [
    ("clone", "mint.clone(x)", (X,), X),
    ("stack", "mint.stack((x, x + 1), dim=-1)", (X,), np.stack([X, X + 1], -1)),
    ("stack-list", "mint.stack([x, x + 1])", (X,), np.stack([X, X + 1])),
    ("full_like", "mint.full_like(x, 2.5) + x", (X,), X + 2.5),
    ("linspace", "mint.linspace(0, 1, 4) + x", (X,), X + np.linspace(0, 1, 4)),
    ("tril", "mint.tril(x, 1)", (X,), np.tril(X, 1)),
    ("repeat_interleave", "mint.repeat_interleave(x, 2, dim=1)", (X,), X.repeat(2, 1)),
    ("repeat_interleave-flat", "mint.repeat_interleave(x, 3)", (X,), X.repeat(3)),
    ("topk", "mint.topk(x, 2, dim=1)[0]", (X,), -np.sort(-X, 1)[:, :2]),
    ("topk-smallest", "mint.topk(x, 2, largest=False)[0]", (X,), np.sort(X, -1)[..., :2]),
    ("topk-places", "mint.topk(x, 2)[1]", (X,), np.argsort(-X, -1)[..., :2]),
    ("sort", "mint.sort(x, dim=1, descending=True)[0]", (X,), -np.sort(-X, 1)),
    ("argsort", "mint.argsort(x, dim=1)", (X,), np.argsort(X, 1)),
    ("argmin", "mint.argmin(x, dim=1, keepdim=True)", (X,), X.argmin(1)[:, None]),
    ("cumsum", "mint.cumsum(x, dim=1)", (X,), X.cumsum(1)),
    ("logsumexp", "mint.logsumexp(x, 1)", (X,), np.log(np.exp(X).sum(1))),
    ("var", "mint.var(x, dim=-1, keepdim=True)", (X,), X.var(-1, ddof=1, keepdims=True)),
    ("var-all", "mint.var(x, correction=0)", (X,), X.var()),
    ("std", "mint.std(x, dim=(0, 2))", (X,), X.std((0, 2), ddof=1)),
    ("norm", "mint.norm(x, 2, -1, True)", (X,), np.sqrt((X**2).sum(-1, keepdims=True))),
    ("norm-max", "mint.norm(x, float('inf'), 1)", (X,), np.abs(X).max(1)),
    ("norm-min", "mint.norm(x, float('-inf'), 1)", (X,), np.abs(X).min(1)),
    ("norm-all-max", "mint.linalg.vector_norm(x, float('inf'))", (X,), np.abs(X).max()),
    ("normalize", "F.normalize(x, dim=1)", (X,), X / np.sqrt((X**2).sum(1, keepdims=True))),
    ("mm", "mint.mm(x, x)", (SQUARE,), SQUARE @ SQUARE),
    ("outer", "mint.outer(x[0], x[1])", (SQUARE,), np.outer(SQUARE[0], SQUARE[1])),
    ("dot", "mint.dot(x[0], x[1])", (SQUARE,), SQUARE[0] @ SQUARE[1]),
    ("log2", "mint.log2(mint.exp2(x))", (X,), X),
    ("gelu", "F.gelu(x)", (X,), _G),
    ("gelu-tanh", "F.gelu(x, approximate='tanh')", (X,), _TANH),
    ("leaky_relu", "F.leaky_relu(x, 0.1)", (X,), np.where(X > 0, X, 0.1 * X)),
    ("elu", "F.elu(x, 0.5)", (X,), np.where(X > 0, X, 0.5 * _E)),
    ("selu", "F.selu(x)", (X,), 1.0507009873554805 * np.where(X > 0, X, 1.6732632423543772 * _E)),
    ("mish", "F.mish(x)", (X,), X * _T(softplus(X))),
    ("hardtanh", "F.hardtanh(x, -0.5, 0.3)", (X,), X.clip(-0.5, 0.3)),
    ("relu6", "F.relu6(x * 9)", (X,), (X * 9).clip(0, 6)),
    ("relu_", "F.relu_(x * 1)", (X,), np.maximum(X, 0)),
    ("silu-in-place", "F.silu(x * 1, inplace=True)", (X,), X / (1 + np.exp(-X))),
    ("sigmoid_", "F.sigmoid_(x * 1)", (X,), 1 / (1 + np.exp(-X))),
    ("elu_", "F.elu_(x * 1, 0.5)", (X,), np.where(X > 0, X, 0.5 * _E)),
    ("hardtanh_", "F.hardtanh_(x * 1, -0.5, 0.3)", (X,), X.clip(-0.5, 0.3)),
    ("threshold_", "F.threshold_(x * 1, 0.1, 7.0)", (X,), np.where(X > 0.1, X, 7)),
    ("dropout", "F.dropout(x, 0.5, training=False)", (X,), X),
    ("logsigmoid", "F.logsigmoid(x)", (X,), -softplus(-X)),
    ("layer_norm", "F.layer_norm(x, (4,), y, y)", (X, GAMMA), normed(X, (-1,)) * GAMMA + GAMMA),
    ("layer_norm-plain", "F.layer_norm(x, (3, 4))", (X,), normed(X, (1, 2))),
    (
        "batch_norm",
        "F.batch_norm(x, y, y, y, y)",
        (IMAGE, GAMMA),
        ((IMAGE.swapaxes(1, 3) - GAMMA) / np.sqrt(GAMMA + 1e-5) * GAMMA + GAMMA).swapaxes(1, 3),
    ),
    ("batch_norm-own", "F.batch_norm(x, y, y, training=True)", (IMAGE, GAMMA), normed(IMAGE, (0, 2, 3))),
    (
        "conv2d",
        "F.conv2d(x, y, z, stride=2, padding=1, groups=2)",
        (IMAGE, KERNEL, BIAS),
        convolved(IMAGE, KERNEL, 2, (1, 1), 1, 2) + BIAS[:, None, None],
    ),
    (
        "conv2d-same",
        "F.conv2d(x, y, padding='same', dilation=2, groups=2)",
        (IMAGE, KERNEL),
        convolved(IMAGE, KERNEL, 1, (2, 2), 2, 2),
    ),
    (
        "conv1d",
        "F.conv1d(x[:, :, 0], y[:, :, 1], stride=2, padding=1, groups=2)",
        (IMAGE, KERNEL),
        convolved(np.pad(IMAGE[:, :, :1], ((0, 0), (0, 0), (1, 1), (1, 1))), MIDDLE, 2, (0, 0), 1, 2)[:, :, 0],
    ),
    ("addmm", "mint.addmm(x, x, x, beta=0.5, alpha=2)", (SQUARE,), 0.5 * SQUARE + 2 * SQUARE @ SQUARE),
    ("addmv", "mint.addmv(x[0], x, x[1])", (SQUARE,), SQUARE[0] + SQUARE @ SQUARE[1]),
    ("addbmm", "mint.addbmm(x[0], x, x)", (SQUARE + np.zeros((3, 1, 1), np.float32),), SQUARE + 3 * SQUARE @ SQUARE),
    ("addcmul", "mint.addcmul(x, x, x, value=0.5)", (X,), X + 0.5 * X * X),
    ("addcdiv", "mint.addcdiv(x, x * x, x, value=0.5)", (X,), 1.5 * X),
    ("diff", "mint.diff(x)", (X,), np.diff(X)),
    ("frac", "mint.frac(x * 3)", (X,), np.modf(X * 3)[0]),
    ("count_nonzero", "mint.count_nonzero(F.relu(x), 1) + 0 * x[:, 0]", (X,), (X > 0).sum(1)),
    ("mse_loss", "F.mse_loss(x, 2 * x)", (X,), (X**2).mean()),
    ("l1_loss", "F.l1_loss(x, 2 * x, reduction='sum')", (X,), np.abs(X).sum()),
    ("asin", "mint.asin(mint.sin(x * 0.3))", (X,), X * 0.3),
    ("acos", "mint.acos(mint.tanh(x) * 0.9)", (X,), np.arccos(np.tanh(X) * 0.9)),
    ("atan", "mint.atan(x)", (X,), np.arctan(X)),
    ("unfold", "F.unfold(x, (3, 2), dilation=2, padding=1, stride=2)", (IMAGE,), unfolded(IMAGE)),
    (
        "fold",
        f"F.fold(F.unfold(x, (3, 2), 2, 1, 2), {IMAGE.shape[2:]}, (3, 2), dilation=2, padding=1, stride=2)",
        (IMAGE,),
        folded(IMAGE),
    ),
    ("fold-one", "F.fold(x[0], 4, 2, stride=2)", (np.float32([[[5.0] * 4] * 4] * 2),), np.full((1, 4, 4), 5.0)),
    ("embedding", "F.embedding(y, x)", (SQUARE, np.array([[3, 0], [1, 1]])), SQUARE[[[3, 0], [1, 1]]]),
    ("pad-constant", "F.pad(x, (2, 1), value=0.5)", (X,), np.pad(X, ((0, 0), (0, 0), (2, 1)), constant_values=0.5)),
    ("pad-less", "F.pad(x, (-1, 1, 1, -1))", (X,), np.pad(X[:, :-1, 1:], ((0, 0), (1, 0), (0, 1)))),
    ("pad-reflect", "F.pad(x, (2, 1), mode='reflect')", (X,), np.pad(X, ((0, 0), (0, 0), (2, 1)), "reflect")),
    ("pad-replicate", "F.pad(x, (2, 1, 0, 3), mode='replicate')", (IMAGE,), np.pad(IMAGE, RIMS, "edge")),
    ("bilinear", "F.interpolate(x, size=(4, 9), mode='bilinear')", (IMAGE,), resized(IMAGE, (4, 9), (7 / 4, 6 / 9), 1)),
    (
        "bilinear-scale",
        "F.interpolate(x, scale_factor=1.3, mode='bilinear')",
        (IMAGE,),
        resized(IMAGE, (9, 7), (1 / 1.3, 1 / 1.3), 1),
    ),
    (
        "bilinear-corners",
        "F.interpolate(x, size=(4, 9), mode='bilinear', align_corners=True)",
        (IMAGE,),
        resized(IMAGE, (4, 9), (2, 5 / 8), 1, corners=True),
    ),
    ("bicubic", "F.interpolate(x, size=(4, 9), mode='bicubic')", (IMAGE,), resized(IMAGE, (4, 9), (7 / 4, 6 / 9), 3)),
    ("linear", "F.interpolate(x, size=9, mode='linear')", (X,), resized(X[:, :, None], (1, 9), (1, 4 / 9), 1)[:, :, 0]),
    ("arange", "mint.arange(4) + x", (X,), np.arange(4) + X),
    ("arange-step", "mint.arange(1, 9, 2, dtype=mindspore.float32) * x", (X,), np.arange(1, 9, 2) * X),
    ("full", "mint.full((3, 4), 2.5) + x", (X,), X + 2.5),
    ("zeros_like", "mint.zeros_like(x, dtype=mindspore.int32) + x", (X,), X),
    ("ones_like", "mint.ones_like(x) + x", (X,), X + 1),
    ("argmax", "mint.argmax(x, dim=1, keepdim=True)", (X,), X.argmax(1)[:, None]),
    (
        "baddbmm",
        "mint.baddbmm(x, x, x, beta=0.5, alpha=2)",
        (SQUARE[None],),
        (0.5 * SQUARE + 2 * SQUARE @ SQUARE)[None],
    ),
    ("log_softmax", "F.log_softmax(x, dim=1)", (X,), X - np.log(np.exp(X).sum(1, keepdims=True))),
    ("einsum", "mint.einsum('bij,bkj->bik', x, x)", (X,), np.einsum("bij,bkj->bik", X, X)),
    ("avg_pool2d", "F.avg_pool2d(x, 3, 2, 1)", (IMAGE,), pooled(_PAD, 3, 2).mean((-2, -1))),
    ("max_pool2d", "F.max_pool2d(x, 3, 2)", (IMAGE,), pooled(IMAGE, 3, 2).max((-2, -1))),
    ("adaptive_avg_pool2d", "F.adaptive_avg_pool2d(x, (1, 1))", (IMAGE,), IMAGE.mean((-2, -1), keepdims=True)),
    ("adaptive_avg_pool1d", "F.adaptive_avg_pool1d(x, 2)", (X,), X.reshape(2, 3, 2, 2).mean(-1)),
]


NETWORK = """
import mindspore
from mindspore import mint, nn

F = mint.nn.functional


class Net(nn.Cell):
    def construct(self, x{more}):
        return {text}
"""


def network(text: str, count: int, place: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A network of ``text``; MindSpore's compiler reads its source."""
    source = place / "network.py"
    source.write_text(NETWORK.format(text=text, more="".join(f", {name}" for name in "yz"[: count - 1])), "utf-8")
    spec = importlib.util.spec_from_file_location(f"mint_{place.name}", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module.Net()


@pytest.mark.parametrize(("name", "text", "given", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_numbers_and_the_onnx_file(
    name: str, text: str, given: tuple[Array, ...], expected: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mindspore
    import onnxruntime

    from hubkit.convert.onnx_export import mindir_to_onnx

    cell = network(text, len(given), tmp_path, monkeypatch)
    tensors = [mindspore.Tensor(item) for item in given]
    found = cell(*tensors).asnumpy()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=3e-4)
    mindspore.export(cell, *tensors, file_name=str(tmp_path / "net"), file_format="MINDIR")
    names = ["x", "y", "z"][: len(given)]
    mindir_to_onnx(tmp_path / "net.mindir", tmp_path / "net.onnx", input_names=names, output_names=["found"])
    session = onnxruntime.InferenceSession(str(tmp_path / "net.onnx"), providers=["CPUExecutionProvider"])
    (computed,) = session.run(None, dict(zip(names, given, strict=True)))
    np.testing.assert_allclose(computed, found, rtol=1e-3, atol=3e-4)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        ("LayerNorm(6)", (2, 4, 6)),
        ("BatchNorm2d(4)", (2, 4, 7, 6)),
        ("BatchNorm1d(4)", (2, 4, 7)),
        ("Conv1d(4, 6, 3, padding=1)", (2, 4, 7)),
        ("Conv2d(4, 6, 3, stride=2, padding=1, groups=2)", (2, 4, 7, 6)),
        ("Conv2d(4, 6, 3, padding='same', bias=False)", (2, 4, 7, 6)),
        ("Conv3d(2, 3, 2, stride=2)", (2, 2, 4, 4, 4)),
        ("ConvTranspose2d(4, 6, 4, stride=2, padding=1)", (2, 4, 5, 6)),
        ("GELU()", (2, 4, 6)),
        ("MaxPool2d(3, 2, 1)", (2, 4, 7, 6)),
        ("AvgPool2d(2, 2)", (2, 4, 8, 6)),
        ("AdaptiveAvgPool2d(1)", (2, 4, 8, 6)),
        ("Upsample(scale_factor=2.0, mode='bilinear')", (2, 4, 5, 6)),
    ],
)
def test_layers_are_built_and_converted(layer: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    import mindspore
    import onnxruntime
    from mindspore import mint

    from hubkit.convert.onnx_export import mindir_to_onnx

    name, _, arguments = layer.partition("(")
    cell = eval(f"kind({arguments}", {"kind": getattr(mint.nn, name)}).set_train(False)
    drawn = np.random.default_rng(3).normal(size=shape).astype(np.float32)
    found = cell(mindspore.Tensor(drawn)).asnumpy()
    assert np.ptp(found) > 0
    mindspore.export(cell, mindspore.Tensor(drawn), file_name=str(tmp_path / "net"), file_format="MINDIR")
    mindir_to_onnx(tmp_path / "net.mindir", tmp_path / "net.onnx", input_names=["x"], output_names=["found"])
    session = onnxruntime.InferenceSession(str(tmp_path / "net.onnx"), providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(session.run(None, {"x": drawn})[0], found, rtol=1e-3, atol=3e-4)


def test_code_that_builds_a_network_calls_them() -> None:
    import mindspore
    from mindspore import mint

    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    x = mindspore.Tensor(X)
    np.testing.assert_array_equal(mint.arange(0, 8, 2, dtype=mindspore.float32).asnumpy(), [0, 2, 4, 6])
    assert str(mint.arange(3).dtype) == "Int64"
    np.testing.assert_array_equal(mint.full((2, 3), -1.5).asnumpy(), np.full((2, 3), -1.5, np.float32))
    np.testing.assert_array_equal(mint.zeros_like(x).asnumpy() + mint.ones_like(x).asnumpy(), np.ones_like(X))
    np.testing.assert_allclose(mint.einsum("bij->bj", x).asnumpy(), X.sum(1), atol=1e-5)
    normal, even = mint.randn(40, 50).asnumpy(), mint.rand((40, 50), dtype=mindspore.float16).asnumpy()
    assert 0.9 < normal.std() < 1.1
    assert 0 <= even.min() < 0.1 < 0.9 < even.max() <= 1
    weight = mindspore.Parameter(mindspore.Tensor(np.zeros((50, 40), np.float32)))
    assert weight.normal_(1.0, 0.5) is weight
    assert 0.9 < weight.asnumpy().mean() < 1.1
    assert 0.4 < weight.asnumpy().std() < 0.6
    weight.uniform_(2, 3)
    assert 2 <= weight.asnumpy().min() < 2.1 < 2.9 < weight.asnumpy().max() <= 3


def test_they_are_told() -> None:
    import mindspore
    from mindspore import mint

    from hubkit import compat

    mint.nn.GELU()(mindspore.Tensor(X))
    assert "mindspore.mint gelu(on the CPU)" in compat.used()
