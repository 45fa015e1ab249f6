"""Weights made from a seed, fitted to a network so that its output depends on its input."""

from __future__ import annotations

from typing import Any

import pytest

from hubkit.nets.spec import image
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore


@pytest.fixture
def mindspore() -> Any:
    import mindspore

    return mindspore


def _moved(cell: Any, size: int = 16) -> bool:
    import mindspore

    from hubkit.smoke.compare import sensitivity
    from hubkit.smoke.inputs import seeded_inputs

    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    first, second = (cell(mindspore.Tensor(seeded_inputs(image(size), seed)["image"])).asnumpy() for seed in (0, 1))
    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    return sensitivity(first, second).passed


def _fit(cell: Any, size: int = 16, seed: int = 0) -> int:
    from hubkit.smoke.fitting import fit_weights, seed_weights
    from hubkit.smoke.inputs import seeded_inputs

    cell.set_train(False)
    seed_weights(cell, seed)
    return fit_weights(cell, seeded_inputs(image(size), 2))


@pytest.mark.parametrize("with_norm", [False, True])
def test_a_deep_network_that_fades_depends_on_its_input_when_fitted(mindspore: Any, with_norm: bool) -> None:
    from hubkit.smoke.fitting import seed_weights

    nn = mindspore.nn
    layers: list[Any] = []
    for channels in (3, *[8] * 14):
        layers += [nn.Conv2d(channels, 8, 3), *([nn.BatchNorm2d(8)] if with_norm else []), nn.ReLU()]
    cell = nn.SequentialCell(*layers, nn.AvgPool2d(16), nn.Flatten(), nn.Dense(8, 50))
    cell.set_train(False)
    seed_weights(cell, 0)
    assert not _moved(cell)
    assert _fit(cell) == (31 if with_norm else 16)
    assert _moved(cell)


def test_a_norm_gets_the_statistics_of_what_it_is_given(mindspore: Any) -> None:
    import numpy as np

    from hubkit.smoke.inputs import seeded_inputs

    norm = mindspore.nn.BatchNorm2d(3)
    _fit(norm)
    given = seeded_inputs(image(16), 2)["image"].astype(np.float64)
    variance = given.var((0, 2, 3))
    np.testing.assert_allclose(norm.moving_variance.asnumpy(), variance, rtol=1e-5)
    np.testing.assert_allclose(norm.moving_mean.asnumpy(), given.mean((0, 2, 3)) - np.sqrt(variance), rtol=1e-5)


def test_a_constant_channel_is_not_blown_up(mindspore: Any) -> None:
    import numpy as np

    from hubkit.smoke.fitting import fit_weights

    norm = mindspore.nn.BatchNorm2d(2)
    norm.set_train(False)
    given = np.stack([np.full((1, 4, 4), 2.0), np.random.default_rng(0).normal(size=(1, 4, 4))], axis=1)
    fit_weights(norm, {"x": given.astype(np.float32)})
    assert norm.moving_variance.asnumpy()[0] == pytest.approx(0.1 * np.mean(given**2), rel=1e-5)


def test_a_channel_of_one_value_is_not_blown_up(mindspore: Any) -> None:
    import numpy as np

    from hubkit.smoke.fitting import fit_weights

    norm = mindspore.nn.BatchNorm2d(3)
    norm.set_train(False)
    fit_weights(norm, {"x": np.float32([1, 2, 3]).reshape(1, 3, 1, 1)})
    np.testing.assert_allclose(norm.moving_variance.asnumpy(), np.full(3, 14 / 3), rtol=1e-5)


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_a_deep_recurrent_network_hears_a_faint_input(mindspore: Any, kind: str) -> None:
    import numpy as np

    from hubkit.smoke.compare import sensitivity
    from hubkit.smoke.fitting import fit_weights, seed_weights

    nn = mindspore.nn

    class Net(nn.Cell):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.rnn = getattr(nn, kind)(8, 24, num_layers=5, batch_first=True)
            self.head = nn.Dense(24, 1)

        def construct(self, x: Any) -> Any:
            return self.head(self.rnn(x)[0][:, -1])

    cell = Net()
    seed_weights(cell, 0)
    assert max(abs(item.asnumpy()).max() for item in cell.get_parameters() if "bias" in item.name) < 1
    rng = np.random.default_rng(3)
    faint = [(rng.normal(size=(4, 30, 8)) * 1e-2).astype(np.float32) for _ in range(3)]
    assert fit_weights(cell, {"x": faint[0]}) == 2
    first, second = (cell(mindspore.Tensor(x)).asnumpy() for x in faint[1:])
    assert sensitivity(first, second).passed


def test_a_cell_with_a_method_that_is_compiled_stays_what_it_is(
    mindspore: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MindSpore takes such a cell for its method alone, once that was compiled by itself."""
    import os

    import numpy as np

    from hubkit.smoke.fitting import fit_weights

    nn = mindspore.nn

    class Inner(nn.Cell):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.dense = nn.Dense(3, 3)

        @mindspore.jit  # type: ignore[untyped-decorator]
        def both(self, x: Any) -> Any:
            return self.dense(x), x * 2

        def construct(self, x: Any) -> Any:
            first, second = self.both(x)
            return first + second * 100

    class Net(nn.Cell):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.inner = Inner()

        def construct(self, x: Any) -> Any:
            return self.inner(x) * 3

    monkeypatch.delenv("MS_JIT", raising=False)
    cell = Net()
    cell.set_train(False)
    x = np.float32([[1, -2, 3]])
    assert fit_weights(cell, {"x": x}) == 1
    assert "MS_JIT" not in os.environ
    dense = cell.inner.dense
    expected = 3 * (x @ dense.weight.asnumpy().T + dense.bias.asnumpy() + 200 * x)
    np.testing.assert_allclose(cell(mindspore.Tensor(x)).asnumpy(), expected, rtol=1e-4)


def test_a_table_of_zeros_that_is_not_trained_is_drawn(mindspore: Any) -> None:
    import numpy as np

    from hubkit.smoke.fitting import seed_weights

    cell = mindspore.nn.Embedding(5, 3, embedding_table=mindspore.Tensor(np.zeros((5, 3), np.float32)))
    cell.embedding_table.requires_grad = False
    seed_weights(cell, 0)
    assert np.unique(cell.embedding_table.asnumpy()).size == 15


def test_what_is_no_weight_keeps_its_value(mindspore: Any) -> None:
    import numpy as np

    from hubkit.smoke.fitting import seed_weights

    class Net(mindspore.nn.Cell):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.table = mindspore.Parameter(mindspore.Tensor(np.arange(4), mindspore.int32), requires_grad=False)
            self.fixed = mindspore.Parameter(mindspore.Tensor(np.ones(4), mindspore.float32), requires_grad=False)
            self.free = mindspore.Parameter(mindspore.Tensor(np.ones(4), mindspore.float32))

    net = Net()
    seed_weights(net, 0)
    assert net.table.asnumpy().tolist() == [0, 1, 2, 3]
    assert net.fixed.asnumpy().tolist() == [1.0] * 4
    assert net.free.asnumpy().tolist() != [1.0] * 4


def test_what_starts_from_one_is_drawn_as_a_scale_and_from_zero_as_an_offset(mindspore: Any) -> None:
    from hubkit.smoke.fitting import seed_weights

    class Net(mindspore.nn.Cell):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.temperature = mindspore.Parameter(mindspore.ops.ones((1000, 1)))
            self.token = mindspore.Parameter(mindspore.ops.zeros((1000, 1)))
            self.free = mindspore.Parameter(mindspore.ops.arange(1000).reshape((1000, 1)).float())

    net = Net()
    seed_weights(net, 0)
    assert 0.8 <= net.temperature.asnumpy().min() <= net.temperature.asnumpy().max() <= 1.2
    assert net.token.asnumpy().std() == pytest.approx(0.1, rel=0.1)
    assert net.free.asnumpy().std() == pytest.approx(0.8**0.5, rel=0.1)


def test_a_layer_is_not_fitted_to_a_first_state_of_zeros(mindspore: Any) -> None:
    """Of which it makes its bias alone, a tenth of what is wanted: ten times the weight makes the states chaotic."""
    import numpy as np

    nn = mindspore.nn

    class Steps(nn.Cell):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.hear, self.recall = nn.Conv2d(3, 8, 1, has_bias=True), nn.Conv2d(8, 8, 1, has_bias=True)
            self.tell = nn.Conv2d(8, 40, 1, has_bias=True)

        def construct(self, x: Any) -> Any:
            state = mindspore.ops.zeros((x.shape[0], 8, *x.shape[2:]))
            told = []
            for _ in range(3):
                state = mindspore.ops.tanh(self.hear(x) + self.recall(state))
                told.append(self.tell(state))
            return mindspore.ops.stack(told, 1)

    cell = Steps()
    assert _fit(cell) == 3
    assert np.sqrt(np.mean(cell.recall.weight.asnumpy() ** 2)) < 1
    assert np.abs(cell.recall.bias.asnumpy()).max() < 1
    assert cell.tell.bias.asnumpy().std() == pytest.approx(5, rel=0.3)


def test_the_bias_of_the_last_layer_keeps_the_output_from_zero(mindspore: Any) -> None:
    import numpy as np

    dense = mindspore.nn.Dense(16, 400)
    _fit(mindspore.nn.SequentialCell(mindspore.nn.Dense(16, 16), dense))
    assert dense.bias.asnumpy().std() == pytest.approx(5, rel=0.2)
    assert np.sqrt(np.mean(dense.weight.asnumpy() ** 2)) < 1


@pytest.mark.parametrize("squash", ["Sigmoid", "Tanh", "Softmax"])
@pytest.mark.parametrize("seed", [2, 3, 13])
def test_a_mask_or_shares_of_classes_depend_on_the_input_whatever_their_bias(
    mindspore: Any, squash: str, seed: int
) -> None:
    """Biases of ten make a mask all 0 or all 1, and leave most of many classes a share of nothing."""
    nn = mindspore.nn
    channels = 5000 if squash == "Softmax" else 1
    last = getattr(nn, squash)(axis=1) if squash == "Softmax" else getattr(nn, squash)()
    cell = nn.SequentialCell(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, channels, 3, has_bias=True), last)
    _fit(cell, seed=seed)
    assert _moved(cell)


def test_what_is_picked_depends_on_the_input_where_nothing_else_is_given_on(mindspore: Any) -> None:
    """Biases of five would have the same class picked whatever the input is."""
    nn = mindspore.nn

    class Classes(nn.Cell):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.network = nn.SequentialCell(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 20, 3, has_bias=True))

        def construct(self, x: Any) -> Any:
            return self.network(x).argmax(1)

    cell = Classes()
    _fit(cell)
    assert _moved(cell)


def test_an_offset_that_is_given_is_not_drawn_larger_than_what_it_is_added_to(mindspore: Any) -> None:
    """As the mean colour of 0 to 255 is, which networks for super-resolution take away at first and add at last."""
    import numpy as np

    nn = mindspore.nn

    class Shift(nn.Conv2d):  # type: ignore[misc, name-defined]
        def __init__(self, sign: int) -> None:
            super().__init__(3, 3, 1)
            self.weight.set_data(mindspore.Tensor(np.eye(3, dtype=np.float32).reshape(3, 3, 1, 1)))
            self.weight.requires_grad = False
            self.bias = mindspore.Parameter(np.full(3, sign * 110, np.float32), name="bias", requires_grad=False)
            self.has_bias = True

    cell = nn.SequentialCell(Shift(-1), nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 3, 3), Shift(1))
    assert _fit(cell) == 4
    assert cell[4].bias.asnumpy().tolist() == [110, 110, 110]
    assert _moved(cell)


def test_the_same_seed_gives_the_same_bits(mindspore: Any) -> None:
    made = []
    for _ in range(2):
        cell = mindspore.nn.SequentialCell(mindspore.nn.Conv2d(3, 4, 3), mindspore.nn.BatchNorm2d(4))
        _fit(cell)
        made.append(b"".join(parameter.asnumpy().tobytes() for parameter in cell.get_parameters()))
    assert made[0] == made[1]


def test_layers_of_mint_are_fitted_too(mindspore: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from hubkit.compat import mint as stand_ins

    for module, name, stand_in in list(stand_ins.replacements()):  # its layers have kernels for other devices only
        monkeypatch.setattr(module, name, stand_in)
    mint, nn = mindspore.mint, mindspore.nn
    layers = [mint.nn.Conv2d(3, 8, 3, padding=1, bias=False), mint.nn.BatchNorm2d(8), mint.nn.ReLU()]
    for _ in range(5):
        layers += [mint.nn.Conv2d(8, 8, 3, padding=1, bias=False), mint.nn.BatchNorm2d(8), mint.nn.ReLU()]
    cell = nn.SequentialCell(*layers, mint.nn.Flatten(), mint.nn.Linear(128, 4))
    assert _fit(cell, 4) == 13
    assert _moved(cell, 4)
    assert cell[1].running_var.asnumpy().std() > 0


def _products(mindspore: Any) -> Any:
    """A network that multiplies in float16 by weights of its own."""

    class Products(mindspore.nn.Cell):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            drawn = mindspore.common.initializer.initializer("normal", (48, 48), mindspore.float32)
            self.first = mindspore.Parameter(drawn, name="first")
            self.second = mindspore.Parameter(drawn.copy(), name="second")
            self.dense = mindspore.nn.Dense(48, 2)

        def construct(self, x: Any) -> Any:
            x = x.reshape(-1, 48).astype(mindspore.float16) * 400
            for weight in (self.first, self.second):
                x = mindspore.ops.matmul(x, weight.astype(mindspore.float16)) * 90
            return self.dense(x.astype(mindspore.float32))

    return Products()


def test_weights_are_made_smaller_where_the_network_gives_infinite_numbers(mindspore: Any) -> None:
    import numpy as np

    from hubkit.smoke.inputs import seeded_inputs

    cell = _products(mindspore)
    _fit(cell, 4)
    given = mindspore.Tensor(seeded_inputs(image(4), 3)["image"])
    assert np.isfinite(cell(given).asnumpy()).all()


def test_weights_stay_as_they_were_drawn_where_smaller_ones_give_infinite_numbers_too(mindspore: Any) -> None:
    import numpy as np

    from hubkit.smoke.fitting import seed_weights

    class Masked(mindspore.nn.Cell):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.table = mindspore.Parameter(mindspore.ops.ones((48, 2)), name="table")

        def construct(self, x: Any) -> Any:
            return mindspore.ops.log(0 * mindspore.ops.matmul(x.reshape(-1, 48), self.table))

    cell, other = Masked(), Masked()
    _fit(cell, 4)
    seed_weights(other, 0)
    np.testing.assert_array_equal(cell.table.asnumpy(), other.table.asnumpy())
