"""Names of MindSpore 1.x: each is there again, and computes what it computed."""

from __future__ import annotations

import importlib
import io
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hubkit import compat
from hubkit.compat import mint
from hubkit.compat.modules import RenamedModules
from hubkit.compat.table import ATTRIBUTES, CHANGED, METHODS, MODULES, NAMES
from tests.compat.networks import module_of
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

SMALL = np.array([[[[1, 2, 3, 4], [5, 6, 7, 8]]]], np.float32)
# From the example of nn.ResizeBilinear()(x, size=(5, 5)) in MindSpore's documents (1.7 to 2.2).
DOCUMENTED = [
    [1.0, 1.8, 2.6, 3.4, 4.0],
    [2.6, 3.4, 4.2, 5.0, 5.6],
    [4.2, 5.0, 5.8, 6.6, 7.2],
    [5.0, 5.8, 6.6, 7.4, 8.0],
    [5.0, 5.8, 6.6, 7.4, 8.0],
]


@pytest.fixture(scope="module", autouse=True)
def installed() -> Iterator[None]:
    """For these tests alone: other tests are of MindSpore as it is."""
    import mindspore

    from hubkit.compat import methods

    names = {row.module: importlib.import_module(row.module) for row in (*NAMES, *CHANGED)}
    from mindspore.graph._parse.namespace import ModuleNamespace

    lookup = ModuleNamespace.__getitem__, ModuleNamespace.__contains__
    before = {name: module.__dict__.get("__getattr__") for name, module in names.items()}
    changed = {(row.module, row.name): getattr(names[row.module], row.name) for row in CHANGED}
    owners = {
        row: getattr(importlib.import_module(row.module.partition(":")[0]), row.module.partition(":")[2])
        for row in (*METHODS, *ATTRIBUTES)
    }
    tensors = mindspore.Tensor
    methods_before = {name: vars(tensors).get(name) for name, _ in methods.replacements()}
    parsing = importlib.import_module("mindspore.graph._parse.parser").Parser
    parsing_before = {name: getattr(parsing, name) for name in ("parse", "get_namespace_symbol")}
    of_mint = [(module, name, getattr(module, name)) for module, name, _ in mint.replacements()]
    compat.install()
    yield
    for name, method in methods_before.items():
        if method is None:
            delattr(tensors, name)
        else:
            setattr(tensors, name, method)
    for name, function in parsing_before.items():
        setattr(parsing, name, function)
    for module, name, value in of_mint:
        setattr(module, name, value)
    for name, module in names.items():
        module.__dict__.pop("__getattr__", None)
        if before[name] is not None:
            module.__dict__["__getattr__"] = before[name]
    for (name, attribute), value in changed.items():
        setattr(names[name], attribute, value)
    for row, owner in owners.items():
        delattr(owner, row.name)
    ModuleNamespace.__getitem__, ModuleNamespace.__contains__ = lookup
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, RenamedModules)]
    for name in MODULES:
        sys.modules.pop(name, None)


def asymmetric(x: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """Output pixel i takes its value from i * input / output."""
    height, width = x.shape[2:]
    y, z = np.arange(size[0]) * (height / size[0]), np.arange(size[1]) * (width / size[1])
    top, left = np.floor(y).astype(int), np.floor(z).astype(int)
    bottom, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    v, h = (y - top)[:, None], z - left
    rows = x[:, :, top] * (1 - v) + x[:, :, bottom] * v
    return np.asarray(rows[:, :, :, left] * (1 - h) + rows[:, :, :, right] * h)


def image(*shape: int) -> NDArray[Any]:
    return np.random.default_rng(3).normal(size=shape).astype(np.float32)


def test_nothing_is_put_in_the_place_of_what_was_just_put_there() -> None:
    changed = [(row.module, row.name) for row in CHANGED]
    assert sorted(set(changed)) == sorted(changed)


@pytest.mark.parametrize("row", NAMES, ids=lambda row: f"{row.module}.{row.name}")
def test_each_name_is_there_and_its_use_is_told(row: Any, marks: None) -> None:
    module = importlib.import_module(row.module)
    assert row.name not in vars(module)  # it is gone; else the row has no use
    scope: dict[str, Any] = {}
    exec(f"from {row.module} import {row.name}", scope)
    assert scope[row.name] is getattr(module, row.name)
    assert compat.used() == (f"{row.module}.{row.name}",)
    assert len(row.why) > 10


@pytest.mark.parametrize("name", MODULES)
def test_each_module_can_be_imported_and_its_use_is_told(name: str, marks: None) -> None:
    for other in MODULES:
        sys.modules.pop(other, None)
    module = importlib.import_module(name)
    assert name in compat.used()
    source = importlib.import_module(MODULES[name])
    for found in [found for found in dir(source) if not found.startswith("_")][:5]:
        assert getattr(module, found) is getattr(source, found)
    with pytest.raises(AttributeError, match=f"module '{name}' has no attribute 'no_such_name'"):
        _ = module.no_such_name


def test_what_tells_types_can_be_compiled(marks: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import mindspore

    source = """
        import numpy as np
        import mindspore
        from mindspore import nn
        from mindspore.common.dtype import dtype_to_pytype

        class Net(nn.Cell):
            def construct(self, x):
                least = mindspore.Tensor(np.finfo(mindspore.dtype_to_nptype(x.dtype)).min)
                kind = mindspore.pytype_to_dtype(float)
                return (x - x) * least + dtype_to_pytype(x.dtype)(3) + (kind == mindspore.float64)
    """
    net = module_of(textwrap.dedent(source), tmp_path, monkeypatch).Net()
    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x = mindspore.Tensor(image(2, 3))
    mindspore.export(net, x, file_name=str(tmp_path / "net"), file_format="MINDIR")
    assert (net(x).asnumpy() == 4).all()
    assert mindspore.dtype_to_nptype(mindspore.float16) is np.float16
    assert set(compat.used()) == {
        f"mindspore.{name}" for name in ("dtype_to_nptype", "dtype_to_pytype", "pytype_to_dtype")
    }


def test_nothing_is_told_that_was_not_used(marks: None) -> None:
    import mindspore

    compat.install()
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        _ = mindspore.nn.no_such_name
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("mindspore.nn.no_such_module")
    assert compat.used() == ()


@pytest.mark.parametrize("mode", ["graph", "pynative"])
def test_resizing_by_the_layer_is_asymmetric(mode: str) -> None:
    import mindspore
    from mindspore import nn

    class Net(nn.Cell):
        def __init__(self) -> None:
            super().__init__()
            self.resize = nn.ResizeBilinear()

        def construct(self, x: Any) -> Any:
            return self.resize(x, size=(5, 5)), self.resize(x, scale_factor=3)

    mindspore.set_context(mode=mindspore.GRAPH_MODE if mode == "graph" else mindspore.PYNATIVE_MODE)
    to_size, by_factor = Net()(mindspore.Tensor(SMALL))
    np.testing.assert_allclose(to_size.asnumpy()[0, 0], DOCUMENTED, atol=1e-6)
    np.testing.assert_allclose(by_factor.asnumpy(), asymmetric(SMALL, (6, 12)), atol=1e-6)


@pytest.mark.parametrize("size", [(5, 7), (9, 3), (1, 1), (12, 16), (6, 8)])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_resizing_by_the_operator_is_asymmetric(size: tuple[int, int], dtype: str) -> None:
    import mindspore
    from mindspore import nn, ops
    from mindspore.ops import operations as P  # noqa: N812 (as code of MindSpore 1.x has it)

    class Net(nn.Cell):
        def __init__(self) -> None:
            super().__init__()
            self.resize = P.ResizeBilinear(list(size))

        def construct(self, x: Any) -> Any:
            return self.resize(x), ops.ResizeBilinear(size)(x)

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x = image(2, 3, 6, 8).astype(dtype)
    for found in Net()(mindspore.Tensor(x)):
        assert found.asnumpy().dtype == dtype
        expected = asymmetric(x.astype(np.float32), size)
        np.testing.assert_allclose(found.asnumpy(), expected, atol=1e-5 if dtype == "float32" else 5e-3)


@pytest.mark.parametrize("align_corners", [True, False])
def test_resizing_otherwise_is_that_of_interpolate(align_corners: bool) -> None:
    import mindspore
    from mindspore import nn, ops

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x = mindspore.Tensor(image(1, 2, 5, 6))
    by_operator = ops.ResizeBilinear((7, 9), align_corners, not align_corners)(x)
    by_layer = nn.ResizeBilinear(half_pixel_centers=not align_corners)(x, (7, 9), None, align_corners)

    class Net(nn.Cell):
        def construct(self, x: Any) -> Any:
            return ops.interpolate(x, size=(7, 9), mode="bilinear", align_corners=align_corners)

    expected = Net()(x).asnumpy()
    np.testing.assert_allclose(by_operator.asnumpy(), expected, atol=1e-5)
    np.testing.assert_allclose(by_layer.asnumpy(), expected, atol=1e-5)


@pytest.mark.parametrize("row", METHODS, ids=lambda row: f"{row.module}.{row.name}")
def test_each_method_is_there_and_its_use_is_told(row: Any, marks: None) -> None:
    import mindspore
    from mindspore.common.initializer import initializer

    place, _, owner = row.module.partition(":")
    kind = getattr(importlib.import_module(place), owner)
    assert row.name in vars(kind)
    if row.name == "set_data":
        zeros = mindspore.Tensor(np.zeros((2, 3), np.float32))
        zeros.set_data(initializer("ones", [2, 3], mindspore.float32))
        assert zeros.asnumpy().tolist() == [[1, 1, 1], [1, 1, 1]]
    elif owner == "Tensor":
        made = initializer("ones", [2, 3], mindspore.float32).to_tensor()
        assert made.asnumpy().tolist() == [[1, 1, 1], [1, 1, 1]]
    elif owner == "TensorType":
        getattr(mindspore.dtype.tensor_type, row.name)(mindspore.float32)
    else:
        assert getattr(kind, row.name)(object()) is None
    assert compat.used() == (f"{place}.{owner}.{row.name}",)


def test_the_type_of_tensors_is_asked_for_as_it_was(marks: None) -> None:
    import mindspore
    from mindspore import nn, ops
    from mindspore.common import dtype as mstype

    made = mstype.tensor_type(mstype.float32)
    assert isinstance(made, mstype.tensor_type)
    assert isinstance(made, (mstype.List, mstype.tensor_type))
    assert mstype.issubclass_(made, mstype.tensor)
    for other in (mstype.float32, mindspore.Tensor([1.0]), 1):
        assert not isinstance(other, mstype.tensor_type)
    assert not isinstance(mstype.float32, type(mstype.tensor_type))

    @ops.constexpr  # type: ignore[untyped-decorator]
    def checked(kind: Any) -> int:
        return 1 if isinstance(kind, mstype.tensor_type) else 2

    class Net(nn.Cell):  # type: ignore[misc]
        def construct(self, x: Any) -> Any:
            return x * checked(ops.typeof(x)) + checked(ops.typeof(x.shape))

    assert Net()(mindspore.Tensor([1.0, 2.0])).asnumpy().tolist() == [3, 4]


@pytest.mark.parametrize("own", [False, True])
def test_a_layer_made_of_a_group_norm_uses_what_that_had(own: bool, marks: None) -> None:
    import mindspore
    from mindspore import nn, ops

    class Norm(nn.GroupNorm):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(2, 4)
            if own:
                self.square = ops.ReLU()
                self.reduce_mean = ops.ReduceMax(keep_dims=True)

        def construct(self, x: Any) -> Any:
            batch, channels, height, width = self.shape(x)
            x = self.reshape(x, (batch, self.num_groups, -1))
            centred = x - self.reduce_mean(x, 2)
            spread = self.sqrt(self.reduce_sum(self.square(centred), 2) + self.eps)
            return self.reshape(centred / spread, (batch, channels, height, width))

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x = image(2, 4, 3, 5)
    flat = x.reshape(2, 2, -1)
    flat = flat - (flat.max(2, keepdims=True) if own else flat.mean(2, keepdims=True))
    squared = np.maximum(flat, 0) if own else flat**2
    expected = (flat / np.sqrt(squared.sum(2, keepdims=True) + 1e-5)).reshape(x.shape)
    np.testing.assert_allclose(Norm()(mindspore.Tensor(x)).asnumpy(), expected, rtol=1e-3)
    told = {name.rpartition(".")[2] for name in compat.used()}
    assert told == {"shape", "reshape", "reduce_sum", "sqrt"} | (set() if own else {"square", "reduce_mean"})
    assert told <= {row.name for row in ATTRIBUTES}


def test_names_of_the_time_stand_for_what_they_stood_for(marks: None) -> None:
    import collections
    import inspect

    import PIL.Image

    assert np.zeros(2, np.int).dtype == np.int64  # type: ignore[attr-defined]
    assert np.array([0, 2]).astype(np.bool).tolist() == [False, True]  # type: ignore[attr-defined]
    assert np.array(1).astype(np.float).dtype == np.float64  # type: ignore[attr-defined]
    assert isinstance([], collections.Iterable)  # type: ignore[attr-defined]
    assert PIL.Image.ANTIALIAS == PIL.Image.LANCZOS  # type: ignore[attr-defined]
    told = inspect.getargspec(lambda a, b=1, *c, **d: None)  # type: ignore[attr-defined]
    assert tuple(told) == (["a", "b"], "c", "d", (1,))
    with pytest.raises(ValueError, match="keyword-only parameters"):
        inspect.getargspec(lambda *, a: None)  # type: ignore[attr-defined]
    assert {"numpy.int", "numpy.bool", "collections.Iterable", "PIL.Image.ANTIALIAS"} <= set(compat.used())
    assert not hasattr(np, "no_such_name")


def test_layers_take_arguments_in_the_order_that_they_had(marks: None) -> None:
    import mindspore
    from mindspore import nn
    from mindspore.nn.layer import conv

    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    x = image(1, 2, 6, 6)
    given = mindspore.Tensor(x)
    windows = x.reshape(1, 2, 3, 2, 3, 2)
    np.testing.assert_allclose(nn.MaxPool2d(2, 2, "valid", "NCHW")(given).asnumpy(), windows.max((3, 5)))
    np.testing.assert_allclose(nn.AvgPool2d(2, 2, "same", "NCHW")(given).asnumpy(), windows.mean((3, 5)), atol=1e-6)
    np.testing.assert_allclose(nn.MaxPool2d(2, 2, "pad", 1)(given).asnumpy().shape, (1, 2, 4, 4))
    old = nn.Conv2dTranspose(2, 3, 3, 2, "same", 0, 1, 1, True)
    assert old.has_bias
    assert old(given).shape == (1, 3, 12, 12)
    now = nn.Conv2dTranspose(2, 3, 3, 2, "pad", 1, 1, 1, 1, True)
    assert now.has_bias
    assert now(given).shape == (1, 3, 12, 12)
    assert isinstance(now, conv.Conv2dTranspose)
    told = {f"mindspore.nn.{name}(arguments of 1.x)" for name in ("AvgPool2d", "Conv2dTranspose", "MaxPool2d")}
    assert told <= set(compat.used())


def test_ms_function_compiles_with_and_without_arguments() -> None:
    import mindspore
    from mindspore import ms_function

    @ms_function
    def plain(x: Any) -> Any:
        return x * 2 + 1

    @ms_function(input_signature=(mindspore.Tensor([1.0]),))
    def signed(x: Any) -> Any:
        return x * 3

    x = mindspore.Tensor(np.float32([1, 2]))
    np.testing.assert_array_equal(plain(x).asnumpy(), [3, 5])
    np.testing.assert_array_equal(signed(x).asnumpy(), [3, 6])


def test_ms_class_is_used_inside_a_network() -> None:
    import mindspore
    from mindspore import ms_class, nn

    @ms_class
    class Scale:
        def __init__(self, by: float) -> None:
            self.by = by

        def __call__(self, x: Any) -> Any:
            return x * self.by

    class Net(nn.Cell):
        def __init__(self) -> None:
            super().__init__()
            self.scale = Scale(3.0)

        def construct(self, x: Any) -> Any:
            return self.scale(x)

    np.testing.assert_array_equal(Net()(mindspore.Tensor(np.float32([2]))).asnumpy(), [6])


def test_global_batch_norm_is_batch_norm_on_one_device() -> None:
    import mindspore
    from mindspore import nn

    x = image(2, 3, 4, 4)
    layer = nn.GlobalBatchNorm(num_features=3, device_num_each_group=4)
    assert [item.name for item in layer.get_parameters()] == [item.name for item in nn.BatchNorm2d(3).get_parameters()]
    layer.moving_mean.set_data(mindspore.Tensor(np.float32([1, 2, 3])))
    layer.moving_variance.set_data(mindspore.Tensor(np.float32([4, 9, 16])))
    layer.set_train(False)
    expected = (x - np.float32([1, 2, 3])[:, None, None]) / np.sqrt(np.float32([4, 9, 16])[:, None, None] + 1e-5)
    np.testing.assert_allclose(layer(mindspore.Tensor(x)).asnumpy(), expected, atol=1e-5)


@pytest.mark.parametrize(("axes", "shape"), [(1, (2, 3, 7)), (2, (2, 3, 4, 5)), (3, (1, 3, 2, 4, 3))])
def test_instance_norm_runs_on_the_cpu(axes: int, shape: tuple[int, ...], marks: None) -> None:
    import mindspore
    from mindspore import nn

    layer = getattr(nn, f"InstanceNorm{axes}d")(3, eps=1e-3)
    assert compat.used() == (f"mindspore.nn.InstanceNorm{axes}d(on the CPU)",)
    names = ["gamma", "beta"]
    assert [item.name for item in layer.get_parameters() if item.requires_grad] == names
    gamma, beta = np.float32([1, 2, 3]), np.float32([0, 1, -1])
    layer.gamma.set_data(mindspore.Tensor(gamma))
    layer.beta.set_data(mindspore.Tensor(beta))
    layer.set_train(False)
    x = image(*shape)
    inner = tuple(range(2, x.ndim))
    expected = (x - x.mean(inner, keepdims=True)) / np.sqrt(x.var(inner, keepdims=True) + 1e-3)
    wide = (-1, *(1 for _ in inner))
    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    found = layer(mindspore.Tensor(x)).asnumpy()
    np.testing.assert_allclose(found, expected * gamma.reshape(wide) + beta.reshape(wide), atol=1e-4)


@pytest.mark.parametrize("name", ["ops.einsum", "ops.function.math_func.einsum", "ops.Einsum", "ops.operations.Einsum"])
def test_einsum_runs_on_the_cpu(name: str, marks: None) -> None:
    import mindspore
    from mindspore import nn

    place, _, attribute = f"mindspore.{name}".rpartition(".")
    einsum = getattr(importlib.import_module(place), attribute)

    class Net(nn.Cell):
        def construct(self, x: Any, y: Any) -> Any:
            return einsum("bi,bj->bij")((x, y)) if attribute == "Einsum" else einsum("bi,bj->bij", x, y)

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x, y = image(2, 3), image(2, 4)
    found = Net()(mindspore.Tensor(x), mindspore.Tensor(y)).asnumpy()
    np.testing.assert_allclose(found, np.einsum("bi,bj->bij", x, y), atol=1e-6)
    assert compat.used() == ("mindspore.ops.einsum(on the CPU)",)


@pytest.mark.parametrize("name", ["ops.roll", "ops.Roll", "ops.rms_norm", "ops.RmsNorm", "ops.swiglu", "mint.roll"])
def test_functions_of_other_devices_run_on_the_cpu(name: str, marks: None) -> None:
    import mindspore

    place, _, attribute = f"mindspore.{name}".rpartition(".")
    now = getattr(importlib.import_module(place), attribute)
    x = mindspore.Tensor(image(2, 4))
    if attribute[0].isupper():
        now = now(1) if attribute == "Roll" else now(1e-5)
    more = {"roll": (1,), "rms_norm": (x[0],), "RmsNorm": (x[0],)}.get(attribute, ())
    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    now(x, *more)
    told = {"Roll": "roll", "RmsNorm": "rms_norm"}.get(attribute, attribute)
    assert compat.used() == (f"mindspore.ops.{told}(on the CPU)",)


def test_embedding_lookup_takes_its_old_argument(marks: None) -> None:
    import mindspore
    from mindspore import nn

    layer = nn.EmbeddingLookup(vocab_size=5, embedding_size=3, vocab_cache_size=0)
    assert "mindspore.nn.EmbeddingLookup(vocab_cache_size)" in compat.used()
    found = layer(mindspore.Tensor(np.int32([[4, 0], [1, 1]]))).asnumpy()
    np.testing.assert_array_equal(found, layer.embedding_table.asnumpy()[[[4, 0], [1, 1]]])
    # What MindSpore 2 takes at the same place still goes.
    half = nn.EmbeddingLookup(5, 3, "normal", "CPU", "batch_slice", None, None, True, mindspore.float16)
    assert half.embedding_table.dtype == mindspore.float16
    half = nn.EmbeddingLookup(5, 3, dtype=mindspore.float16)
    assert half.embedding_table.dtype == mindspore.float16


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("directions", [1, 2])
def test_an_lstm_cell_of_before_is_a_layer(batch_first: bool, directions: int, marks: None) -> None:
    import mindspore
    from mindspore import nn, ops

    random = np.random.default_rng(3)
    layer = nn.LSTM(3, 2, bidirectional=directions == 2, batch_first=batch_first)
    weights = {item.name: item.asnumpy() for item in layer.get_parameters()}
    ends = ("", "_reverse")[:directions]
    flat = [weights[f"weight_{kind}_l0{end}"] for kind in ("ih", "hh") for end in ends]
    flat += [weights[f"bias_ih_l0{end}"] + weights[f"bias_hh_l0{end}"] for end in ends]
    w = mindspore.Tensor(np.concatenate([item.ravel() for item in flat]).reshape(-1, 1, 1))
    x = mindspore.Tensor(random.normal(size=(4, 5, 3)).astype(np.float32))
    batch = 4 if batch_first else 5
    h, c = (mindspore.Tensor(random.normal(size=(directions, batch, 2)).astype(np.float32)) for _ in range(2))
    old = nn.LSTMCell(3, 2, True, batch_first, 0, directions == 2)
    assert compat.used() == ("mindspore.nn.LSTMCell(a layer)",)
    assert not list(old.get_parameters())
    output, (last, state) = layer(x, (h, c))
    for mode in (mindspore.PYNATIVE_MODE, mindspore.GRAPH_MODE):
        mindspore.set_context(mode=mode)
        for found, expected in zip(old(x, h, c, w)[:3], (output, last, state), strict=True):
            np.testing.assert_allclose(found.asnumpy(), expected.asnumpy(), atol=3e-4)
    cell = nn.LSTMCell(3, 2)
    assert len(list(cell.get_parameters())) == 4
    assert cell(ops.ones((5, 3)), (ops.ones((5, 2)), ops.ones((5, 2))))[0].shape == (5, 2)


def test_settings_that_are_gone_are_passed_over_and_told(marks: None) -> None:
    import mindspore
    from mindspore import context

    context.set_context(mode=context.PYNATIVE_MODE, device_target="Ascend", device_id=3, enable_task_sink=True)
    assert mindspore.get_context("mode") == mindspore.PYNATIVE_MODE
    assert mindspore.get_context("device_target") == "CPU"
    mindspore.set_context(mode=mindspore.GRAPH_MODE, save_ms_model=False)
    assert mindspore.get_context("mode") == mindspore.GRAPH_MODE
    context.set_context(enable_hccl=True)
    with pytest.raises(ValueError, match="no_such_setting"):
        context.set_context(no_such_setting=True)
    told = {"device_target", "device_id", "enable_task_sink", "save_ms_model", "enable_hccl"}
    assert set(compat.used()) == {f"mindspore.set_context({name})" for name in told}


def test_checks_of_arguments_pass_and_refuse() -> None:
    from mindspore._checkparam import Rel
    from mindspore._checkparam import Validator as validator  # noqa: N813 (as code of MindSpore 1.x has it)

    assert validator.check_positive_int(3, "width", "Net") == 3
    assert validator.check_int(3, 3, Rel.GE, "width", "Net") == 3
    assert validator.check_int_range(3, 0, 3, Rel.INC_BOTH, "width", "Net") == 3
    assert validator.check_bool(True, "flag", "Net") is True
    assert validator.check_string("same", ["same", "pad"], "mode", "Net") == "same"
    validator.check_value_type("width", 3, [int], "Net")
    with pytest.raises(ValueError, match="width"):
        validator.check_positive_int(0, "width", "Net")
    with pytest.raises(ValueError, match="width"):
        validator.check_int_range(3, 0, 3, Rel.INC_LEFT, "width", "Net")
    with pytest.raises(TypeError, match="width"):
        validator.check_value_type("width", "3", [int], "Net")
    with pytest.raises(AttributeError, match="Validator has no attribute 'check_no_such'"):
        validator.check_no_such(1)
    for name in ("EQ", "NE", "LT", "LE", "GT", "GE"):
        compare = {"EQ": 3 == 4, "NE": 3 != 4, "LT": 3 < 4, "LE": 3 <= 4, "GT": 3 > 4, "GE": 3 >= 4}[name]
        if compare:
            validator.check_int(3, 4, getattr(Rel, name), "n", "Net")
        else:
            with pytest.raises(ValueError, match="n"):
                validator.check_int(3, 4, getattr(Rel, name), "n", "Net")


def picture() -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    pixels = np.random.default_rng(1).integers(0, 256, (6, 5, 3), np.uint8)
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def test_transforms_of_images_keep_their_layouts() -> None:
    import mindspore.dataset.vision.c_transforms as C  # noqa: N812 (as code of MindSpore 1.x has it)
    import mindspore.dataset.vision.py_transforms as P  # noqa: N812
    from PIL import Image

    encoded = picture()
    pixels = np.asarray(Image.open(io.BytesIO(encoded)))
    raw = np.frombuffer(encoded, np.uint8)
    np.testing.assert_array_equal(C.Decode()(raw), pixels)
    np.testing.assert_array_equal(C.Decode(True)(raw), pixels)
    np.testing.assert_array_equal(C.Decode(rgb=True)(raw), pixels)
    with pytest.raises(ValueError, match="RGB only"):
        C.Decode(False)
    decoded = P.Decode()(raw)
    assert isinstance(decoded, Image.Image)
    chw = P.ToTensor()(decoded)
    np.testing.assert_allclose(chw, pixels.transpose(2, 0, 1) / 255, atol=1e-6)
    mean, std = [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]
    expected = (chw - np.float32(mean)[:, None, None]) / np.float32(std)[:, None, None]
    np.testing.assert_allclose(P.Normalize(mean, std)(chw), expected, atol=1e-6)
    padded = P.NormalizePad(mean, std)(chw)
    assert padded.shape == (4, 6, 5)
    np.testing.assert_allclose(padded[:3], expected, atol=1e-6)
    np.testing.assert_allclose(C.Normalize(mean, std)(chw.transpose(1, 2, 0)), expected.transpose(1, 2, 0), atol=1e-6)
    np.testing.assert_array_equal(C.HWC2CHW()(pixels), pixels.transpose(2, 0, 1))
    cut = P.Cutout(4)(np.ones((3, 6, 6), np.float32)) == 0
    assert cut.shape == (3, 6, 6)
    assert (cut == cut[0]).all()  # the same patch in each channel


def test_transforms_of_data_keep_their_numbers() -> None:
    import mindspore.dataset.transforms.c_transforms as C  # noqa: N812 (as code of MindSpore 1.x has it)
    import mindspore.dataset.transforms.py_transforms as P  # noqa: N812

    np.testing.assert_array_equal(C.OneHot(4)(np.array(2)), [0, 0, 1, 0])
    np.testing.assert_allclose(P.OneHotOp(4, smoothing_rate=0.2)(np.array(2)), [0.05, 0.05, 0.85, 0.05], atol=1e-6)
    np.testing.assert_array_equal(P.Compose([lambda x: x + 1, lambda x: x * 2])(np.array([1])), [4])


def test_metrics_lie_where_they_were() -> None:
    from mindspore.nn.metrics.metric import Metric, rearrange_inputs
    from mindspore.train import metrics

    assert Metric is metrics.Metric
    assert callable(rearrange_inputs)


@pytest.mark.parametrize(
    "name",
    [
        "mindspore.train.serialization.load_checkpoint",
        "mindspore.common.initializer.TruncatedNormal",
        "mindspore.common.dtype.float32",
        "mindspore.common.tensor.Tensor.asnumpy",
        "mindspore.common.parameter.Parameter",
        "mindspore.ops.operations.TensorAdd",
        "mindspore.ops.functional.tensor_add",
        "mindspore.ops.composite.GradOperation",
        "mindspore.nn.loss.loss._Loss",
        "mindspore.nn.layer.activation.get_activation",
        "mindspore.context.ParallelMode",
    ],
)
def test_names_that_need_no_row_are_still_there(name: str, marks: None) -> None:
    module, _, rest = name.rpartition(".")
    try:
        owner: Any = importlib.import_module(module)
    except ModuleNotFoundError:
        outer, _, middle = module.rpartition(".")
        owner = getattr(importlib.import_module(outer), middle)
    assert hasattr(owner, rest)
    assert compat.used() == ()
