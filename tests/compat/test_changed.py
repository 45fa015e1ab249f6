"""Names that MindSpore 2 still has: they take the arguments that they took, and run on the CPU."""

from __future__ import annotations

import importlib
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hubkit import compat
from hubkit.compat.changed import CHANGED
from tests.compat.arrays import image
from tests.compat.networks import module_of
from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("all_installed")]


def test_nothing_is_put_in_the_place_of_what_was_just_put_there() -> None:
    changed = [(row.module, row.name) for row in CHANGED]
    assert sorted(set(changed)) == sorted(changed)


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


def test_a_backbone_trained_before_may_be_missing(marks: None, tmp_path: Path) -> None:
    import mindspore
    from mindspore import nn
    from mindspore.train.serialization import load_checkpoint, load_param_into_net

    net = nn.Dense(2, 3)
    before = net.weight.asnumpy().copy()
    load_param_into_net(net, mindspore.load_checkpoint(str(tmp_path / "backbone.ckpt")))
    assert load_checkpoint(tmp_path / "backbone.ckpt", net) == {}
    assert [load_checkpoint(settings) for settings in (None, "", str(tmp_path))] == [{}, {}, {}]
    np.testing.assert_array_equal(net.weight.asnumpy(), before)
    assert set(compat.used()) == {"mindspore.load_checkpoint(a file that is not there)"}
    mindspore.save_checkpoint(net, str(tmp_path / "backbone.ckpt"))
    assert set(load_checkpoint(str(tmp_path / "backbone.ckpt"))) == {"weight", "bias"}
    (tmp_path / "broken.ckpt").write_bytes(b"no checkpoint")
    with pytest.raises(ValueError, match="checkpoint"):
        load_checkpoint(str(tmp_path / "broken.ckpt"))
