"""The same seed gives the same bits."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec

np = pytest.importorskip("numpy")

from hubkit.smoke.inputs import draw_parameters, seeded_inputs, seeded_parameters  # noqa: E402

_IMAGE = InputSpec(name="image", shape=(1, 3, 8, 8), dtype="float32", low=0.0, high=1.0)
_SHAPES = {
    "conv.weight": (4, 3, 3, 3),
    "conv.bias": (4,),
    "bn.moving_mean": (4,),
    "bn.moving_variance": (4,),
    "bn.gamma": (4,),
    "bn.beta": (4,),
}


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def test_weights_follow_the_recipe_in_the_order_of_sorted_names() -> None:
    drawn = seeded_parameters(_SHAPES, 7)
    rng = _generator(7)
    wanted = {
        "bn.beta": rng.normal(0, 0.1, (4,)),
        "bn.gamma": rng.uniform(0.8, 1.2, (4,)),
        "bn.moving_mean": rng.normal(0, 0.1, (4,)),
        "bn.moving_variance": rng.uniform(0.5, 1.5, (4,)),
        "conv.bias": rng.normal(0, 0.1, (4,)),
        "conv.weight": rng.normal(0, math.sqrt(0.8 / 27), (4, 3, 3, 3)),
    }
    assert list(drawn) == list(wanted)
    for name, values in wanted.items():
        assert drawn[name].dtype == np.float32
        np.testing.assert_array_equal(drawn[name], values.astype(np.float32), strict=True)


def test_known_values_of_seed_0() -> None:
    drawn = seeded_parameters({"fc.weight": (2, 2), "fc.bias": (2,)}, 0)
    assert drawn["fc.bias"].tolist() == pytest.approx([0.01257302, -0.01321049], abs=1e-7)
    assert drawn["fc.weight"].ravel().tolist() == pytest.approx(
        [0.40503883, 0.06634466, -0.33878705, 0.2286928], abs=1e-7
    )


def test_the_order_of_the_given_names_does_not_matter() -> None:
    forward, backward = seeded_parameters(_SHAPES, 1), seeded_parameters(dict(reversed(_SHAPES.items())), 1)
    assert all(np.array_equal(forward[name], backward[name]) for name in _SHAPES)


def test_the_generator_goes_on_where_the_weights_ended() -> None:
    rng = _generator(3)
    draw_parameters({"a.gamma": (5,)}, rng)
    fresh = _generator(3)
    fresh.uniform(0.8, 1.2, 5)
    assert rng.random() == fresh.random()


@pytest.mark.parametrize(
    ("name", "deviation"), [("bias", 0.1), ("a.beta", 0.1), ("a.b.moving_mean", 0.1), ("a.kernel", math.sqrt(0.8))]
)
def test_only_the_last_part_of_a_name_chooses_the_rule(name: str, deviation: float) -> None:
    values = seeded_parameters({name: (20_000,)}, 0)[name]
    assert values.mean() == pytest.approx(0, abs=0.02)
    assert values.std() == pytest.approx(deviation, rel=0.03)


def test_a_scalar_and_an_empty_parameter_are_drawn() -> None:
    drawn = seeded_parameters({"scale": (), "none.weight": (0, 0)}, 0)
    assert drawn["scale"].shape == ()
    assert drawn["none.weight"].shape == (0, 0)


def test_inputs_repeat_for_a_seed_and_differ_between_seeds() -> None:
    first, again, other = (seeded_inputs([_IMAGE], seed)["image"] for seed in (0, 0, 1))
    assert first.shape == (1, 3, 8, 8)
    assert first.dtype == np.float32
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    np.testing.assert_array_equal(first, _generator(0).uniform(0, 1, (1, 3, 8, 8)).astype(np.float32))


def test_the_batch_replaces_the_first_dimension() -> None:
    assert seeded_inputs([_IMAGE], 0, batch=4)["image"].shape == (4, 3, 8, 8)


def test_several_inputs_keep_their_order_types_and_ranges() -> None:
    tokens = InputSpec(name="tokens", shape=(1, 5000), dtype="int32", low=2, high=5)
    mask = InputSpec(name="mask", shape=(1, 5000), dtype="float16", low=-3.0, high=-1.0)
    made = seeded_inputs([tokens, mask], 0)
    assert list(made) == ["tokens", "mask"]
    assert made["tokens"].dtype == np.int32
    assert set(made["tokens"].ravel().tolist()) == {2, 3, 4, 5}
    assert made["mask"].dtype == np.float16
    assert -3 <= made["mask"].min() < -2.9
    assert -1.1 < made["mask"].max() <= -1


def test_booleans_are_drawn_from_both_values_or_the_one_of_the_range() -> None:
    mask = InputSpec("mask", (2, 100), "bool", 0.0, 1.0)
    made = seeded_inputs([mask, replace(mask, name="all", low=1.0)], 0)
    assert made["mask"].dtype == made["all"].dtype == np.bool_
    assert 50 < np.count_nonzero(made["mask"]) < 150
    assert made["all"].all()


def test_a_single_number_has_no_batch() -> None:
    steps = InputSpec("steps", (), "int32", 1, 4)
    assert [seeded_inputs([steps], 0, batch)["steps"].shape for batch in (None, 4)] == [(), ()]


@pytest.mark.parametrize(
    ("spec", "batch", "message"),
    [
        (InputSpec("x", (1, 0), "float32", 0, 1), None, r"input x has no elements: shape \(1, 0\)"),
        (InputSpec("x", (1, -1), "float32", 0, 1), None, r"no elements: shape \(1, -1\)"),
        (InputSpec("x", (1, 2), "float32", 0, 1), 0, r"no elements: shape \(0, 2\)"),
        (InputSpec("x", (1, 2), "float32", 1, 0), None, r"no \w+ values to draw from: 1 to 0"),
        (InputSpec("x", (1, 2), "float32", 0, math.inf), None, r"no \w+ values to draw from: 0 to inf"),
        (InputSpec("x", (1, 2), "float32", math.nan, 1), None, r"no \w+ values to draw from: nan to 1"),
        (InputSpec("x", (1, 2), "int32", 0.2, 0.8), None, r"no \w+ values to draw from: 0.2 to 0.8"),
        (InputSpec("x", (1, 2), "int8", 0, 300), None, r"no \w+ values to draw from: 0 to 300"),
        (InputSpec("x", (1, 2), "float16", 0, 1e6), None, r"no float16 values to draw from"),
        (InputSpec("x", (1, 2), "bfloat17", 0, 1), None, "element type 'bfloat17'"),
        (InputSpec("x", (1, 2), "str", 0, 1), None, "element type 'str'"),
    ],
)
def test_a_spec_that_cannot_be_drawn_is_refused(spec: InputSpec, batch: int | None, message: str) -> None:
    with pytest.raises(ConvertError, match=message) as caught:
        seeded_inputs([spec], 0, batch)
    assert caught.value.hint


def test_an_input_that_no_memory_holds_is_refused() -> None:
    spec = InputSpec(name="image", shape=(1, 2**40, 2**40), dtype="float32", low=0.0, high=1.0)
    with pytest.raises(ConvertError, match="too large: image"):
        seeded_inputs([spec], 0)
