"""Functions whose arguments changed: calls of MindSpore 1.x give what they gave, those of MindSpore 2 stay."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hubkit import compat
from hubkit.compat import use
from hubkit.compat.changed import CHANGED
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

MADE_BY = ("hubkit.compat.arguments:", "hubkit.compat.renamed:")
ROWS = [row for row in CHANGED if row.made_by.startswith(MADE_BY) and row.module == "mindspore.ops"]

# A call of 1.x, the same of MindSpore 2, and what the first one uses. Of x (2, 4, 6, 8), w (6, 2, 3, 3), s (2, 4, 8),
# v (1, 2, 4, 5, 6), k (3, 2, 3, 3, 3) and g (2, 3, 5, 2).
CALLS = [
    ("f.conv2d(x, w, 'same', 0, 2, 1, 2)", "f.conv2d(x, w, None, 2, 'same', 0, 1, 2)", "conv2d"),
    ("f.conv2d(x, w, pad_mode='pad', padding=1, group=2)", "f.conv2d(x, w, None, 1, 'pad', 1, 1, 2)", "conv2d"),
    ("f.conv2d(x, w, 'valid', stride=2, group=2)", "f.conv2d(x, w, None, 2, 'valid', 0, 1, 2)", "conv2d"),
    ("f.conv2d(inputs=x, weight=w, group=2)", "f.conv2d(x, w, groups=2)", "conv2d"),
    ("f.conv3d(v, k, 'same', 0, 2)", "f.conv3d(v, k, None, 2, 'same')", "conv3d"),
    (
        "f.interpolate(x, sizes=(9, 5), coordinate_transformation_mode='half_pixel', mode='bilinear')",
        "f.interpolate(x, (9, 5), mode='bilinear')",
        "interpolate",
    ),
    (
        "f.interpolate(x, None, (1.0, 1.0, 1.5, 2.0), None, 'align_corners', 'bilinear')",
        "f.interpolate(x, (9, 16), mode='bilinear', align_corners=True)",
        "interpolate",
    ),
    (
        "f.interpolate(x, scales=(1.0, 1.0, 2.0, 2.0), coordinate_transformation_mode='asymmetric', mode='bilinear')",
        "f.ResizeBilinear((12, 16))(x)",
        "interpolate",
    ),
    ("f.interpolate(s, sizes=(5,))", "f.interpolate(s, 5, mode='linear', align_corners=True)", "interpolate"),
    ("f.pad(x, ((0, 0), (1, 0), (0, 2), (3, 1)))", "f.pad(x, (3, 1, 0, 2, 1, 0))", "pad"),
    ("f.pad(x, paddings=((0, 0), (0, 0), (0, 2), (3, 1)))", "f.pad(x, (3, 1, 0, 2))", "pad"),
    ("f.split(x, axis=1, output_num=2)", "f.split(x, 2, 1)", "split"),
    ("f.split(x, 3, output_num=4)", "f.split(x, 2, 3)", "split"),
    ("f.meshgrid((x[0, 0, 0], x[0, 0, :, 0]))", "f.meshgrid(x[0, 0, 0], x[0, 0, :, 0])", "meshgrid"),
    (
        "f.meshgrid((x[0, 0, 0], x[0, 0, :, 0]), 'ij')",
        "f.meshgrid(x[0, 0, 0], x[0, 0, :, 0], indexing='ij')",
        "meshgrid",
    ),
    (
        "f.grid_sample(x, g, interpolation_mode='nearest', padding_mode='border')",
        "f.grid_sample(x, g, 'nearest', 'border', False)",
        "grid_sample",
    ),
    (
        "f.grid_sample(x, g, interpolation_mode='bilinear', align_corners=True)",
        "f.grid_sample(x, g, align_corners=True)",
        "grid_sample",
    ),
    (
        "f.matmul(x.astype('float16'), f.ones((8, 2)))",
        "f.matmul(x.astype('float16').astype('float32'), f.ones((8, 2)))",
        "matmul",
    ),
    (
        "f.matmul((9 * s).astype('int32'), x[0, 0].T)",
        "f.matmul((9 * s).astype('int32').astype('float32'), x[0, 0].T)",
        "matmul",
    ),
    ("f.norm(x, axis=1, p=2, keep_dims=True)", "f.norm(x, 2, 1, True)", "norm"),
    ("f.norm(x, axis=[2, 3], p=1)", "f.sum(f.abs(x), (2, 3))", "norm"),
    ("f.max(x, 1, keep_dims=True)", "f.max(x, 1, True)[::-1]", "max"),
    ("f.min(x, axis=-1, keep_dims=False)", "f.min(x, -1)[::-1]", "min"),
    ("f.amax(x, 1, keep_dims=True)", "f.amax(x, 1, True)", "amax"),
    ("f.amin(x, axis=(2, 3), keep_dims=False)", "f.amin(x, (2, 3))", "amin"),
    ("f.argmax(x, axis=1)", "f.argmax(x, 1)", "argmax"),
    ("f.logsumexp(x, axis=1, keep_dims=True)", "f.logsumexp(x, 1, True)", "logsumexp"),
    ("f.ones((2, 8), type=x.dtype) * x[0, 0, 0]", "f.ones((2, 8), x.dtype) * x[0, 0, 0]", "ones"),
    ("f.zeros(shape=(2, 8)) + x[0, 0, 0]", "f.zeros((2, 8)) + x[0, 0, 0]", "zeros"),
    ("f.eye(n=8, m=8, t=x.dtype) * x[0, 0, 0]", "f.eye(8, 8, x.dtype) * x[0, 0, 0]", "eye"),
    (
        "f.gather_elements(x=s, dim=1, index=f.argmax(s, 1, True))",
        "f.gather_elements(s, 1, f.argmax(s, 1, True))",
        "gather_elements",
    ),
    ("f.where(x > 0, x=x, y=2.0)", "f.where(x > 0, x, 2.0)", "where"),
    ("f.select(cond=x > 0, x=x, y=-x)", "f.select(x > 0, x, -x)", "select"),
    ("f.linspace(start=0.0, stop=1.0, num=8) * x", "f.linspace(0.0, 1.0, 8) * x", "linspace"),
    ("f.transpose(x, input_perm=(0, 2, 3, 1))", "f.transpose(x, (0, 2, 3, 1))", "transpose"),
    ("f.transpose(input_perm=(1, 0, 2), input_x=s)", "f.transpose(s, (1, 0, 2))", "transpose"),
    ("f.tile(s, reps=(1, 2, 3))", "f.tile(s, (1, 2, 3))", "tile"),
    ("f.tile(input_x=s, multiples=(2, 1, 1))", "f.tile(s, (2, 1, 1))", "tile"),
    ("f.flip(x, axis=(1, 3))", "f.flip(x, (1, 3))", "flip"),
    ("f.broadcast_to(x=s[:, :1], shape=(2, 4, 8))", "f.broadcast_to(s[:, :1], (2, 4, 8))", "broadcast_to"),
]


@pytest.fixture(autouse=True)
def functions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The functions that take both, for this test alone."""
    import mindspore
    from mindspore import ops

    from hubkit.compat.resize import ResizeBilinear

    for row in ROWS:
        module, _, wrapper = row.made_by.partition(":")
        wrapped = getattr(importlib.import_module(module), wrapper)
        monkeypatch.setattr(ops, row.name, wrapped(getattr(ops, row.name)))
    monkeypatch.setattr(ops, "ResizeBilinear", ResizeBilinear, raising=False)
    monkeypatch.setattr(use, "_used", {})
    monkeypatch.syspath_prepend(tmp_path)
    mindspore.set_context(mode=mindspore.GRAPH_MODE)


def run(call: str, folder: Path) -> list[NDArray[Any]]:
    """What a network of the call gives. MindSpore compiles from a module's file."""
    import mindspore

    name = f"net_{abs(hash(call)):x}"
    (folder / f"{name}.py").write_text(
        "from mindspore import nn\nfrom mindspore import ops as f\n\nclass Net(nn.Cell):\n"
        f"    def construct(self, x, w, s, v, k, g):\n        return {call}\n"
    )
    importlib.invalidate_caches()
    module = importlib.import_module(name)
    random = np.random.default_rng(5)
    shapes = [(2, 4, 6, 8), (6, 2, 3, 3), (2, 4, 8), (1, 2, 4, 5, 6), (3, 2, 3, 3, 3), (2, 3, 5, 2)]
    given = [mindspore.Tensor(random.uniform(-1, 1, shape).astype(np.float32)) for shape in shapes]
    found = module.Net()(*given)
    return [item.asnumpy() for item in (found if isinstance(found, tuple | list) else (found,))]


@pytest.mark.parametrize(("old", "new", "name"), CALLS, ids=[old for old, _, _ in CALLS])
def test_a_call_of_1_gives_what_it_gave(old: str, new: str, name: str, tmp_path: Path) -> None:
    expected = run(new, tmp_path)
    assert compat.used() == ()
    for found, wanted in zip(run(old, tmp_path), expected, strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert compat.used() == (f"mindspore.ops.{name}(arguments of 1.x)",)


def test_every_function_has_a_call_that_it_takes_and_mindspore_2_refuses() -> None:
    assert {row.name for row in ROWS} == {name for *_, name in CALLS}


@pytest.mark.parametrize(
    "call", ["f.transpose(x, input_perm=(0, 2, 3, 1), no_such_argument=1)", "f.tile(s, s, reps=1)"]
)
def test_a_renamed_argument_beside_one_that_neither_takes_is_refused(call: str, tmp_path: Path) -> None:
    with pytest.raises((TypeError, RuntimeError), match="does not know"):
        run(call, tmp_path)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_arguments_that_neither_takes_are_refused(row: Any, tmp_path: Path) -> None:
    with pytest.raises((TypeError, RuntimeError), match="no_such_argument"):
        run(f"f.{row.name}(x, no_such_argument=1)", tmp_path)
