"""Names of MindSpore 1.x: each is there again, and means what it meant."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import numpy as np
import pytest

from hubkit import compat
from hubkit.compat.attributes import ATTRIBUTES
from hubkit.compat.table import METHODS, MODULES, NAMES
from tests.compat.arrays import image
from tests.requirements import needs_mindspore

pytestmark = [needs_mindspore, pytest.mark.usefixtures("all_installed")]


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


def test_nothing_is_told_that_was_not_used(marks: None) -> None:
    import mindspore

    compat.install()
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        _ = mindspore.nn.no_such_name
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("mindspore.nn.no_such_module")
    assert compat.used() == ()


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


def test_operators_of_layers_are_told_how_they_are_split(marks: None) -> None:
    import mindspore
    from mindspore import nn

    dropout, activation = nn.Dropout(p=0.5), nn.GELU()
    dropout.dropout_gen_mask.shard(((1, 1),))
    dropout.dropout_do_mask.shard(((1, 1),))
    activation.gelu.shard(((1, 1),))
    x = mindspore.Tensor(image(2, 3))
    np.testing.assert_array_equal(dropout.set_train(False)(x).asnumpy(), x.asnumpy())
    np.testing.assert_allclose(activation.gelu(x).asnumpy(), activation(x).asnumpy(), rtol=1e-5)
    told = {name.rpartition(".")[2] for name in compat.used()}
    assert told == {"gelu", "dropout_gen_mask", "dropout_do_mask"}


def test_layers_derived_of_others_read_what_those_had(marks: None) -> None:
    import mindspore
    from mindspore import nn

    class Absolute(nn.L1Loss):  # type: ignore[misc]
        def construct(self, x: Any, y: Any) -> Any:
            return self.get_loss(self.abs(x - y))

    class Squared(nn.MSELoss):  # type: ignore[misc]
        def construct(self, x: Any, y: Any) -> Any:
            return self.get_loss(self.square(x - y))

    class Entropy(nn.BCELoss):  # type: ignore[misc]
        def construct(self, x: Any, y: Any) -> Any:
            return self.binary_cross_entropy(x, y, x)

    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x, y = (np.random.default_rng(seed).uniform(0.1, 0.9, (2, 3)).astype(np.float32) for seed in (0, 1))
    entropy = -x * (y * np.log(x) + (1 - y) * np.log(1 - x))
    for layer, expected in (
        (Absolute("sum"), np.abs(x - y).sum()),
        (Squared(), ((x - y) ** 2).mean()),
        (Entropy(reduction="none"), entropy),
        (Entropy(reduction="sum"), entropy.sum()),
    ):
        np.testing.assert_allclose(layer(mindspore.Tensor(x), mindspore.Tensor(y)).asnumpy(), expected, rtol=1e-5)
    assert nn.Conv2d(1, 2, 3).format == nn.Conv1d(1, 2, 3).format == "NCHW"
    told = {name.rpartition(".")[2] for name in compat.used()}
    assert told == {"abs", "square", "binary_cross_entropy", "format"}


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


def test_the_oldest_checks_of_numbers_are_there() -> None:
    from mindspore._checkparam import check_int_non_negative, check_int_positive

    assert (check_int_positive(3), check_int_non_negative(0)) == (3, 0)
    with pytest.raises(ValueError, match="0"):
        check_int_positive(0)
    with pytest.raises(ValueError, match="-1"):
        check_int_non_negative(-1)


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
