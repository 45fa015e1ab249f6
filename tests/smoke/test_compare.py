"""Parity and sensitivity, on arrays whose figures are known by hand."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from hubkit.errors import ConvertError

np = pytest.importorskip("numpy")

from hubkit.smoke.compare import (  # noqa: E402
    CONVERTED,
    EXACT,
    HALVED,
    QUANTISED,
    Parity,
    Tolerance,
    compare,
    moved_in_size,
    sensitivity,
    unlike,
)


def _compare(reference: object, candidate: object, tolerance: Tolerance = CONVERTED) -> Parity:
    a, b = (value if isinstance(value, np.ndarray) else np.array(value, np.float32) for value in (reference, candidate))
    return compare(a, b, atol=tolerance.atol, rtol=tolerance.rtol, ppm=tolerance.ppm)


def test_the_tolerances_are_those_promised() -> None:
    assert (CONVERTED.atol, CONVERTED.rtol, CONVERTED.ppm) == (1e-4, 1e-3, 100)
    assert (EXACT.atol, EXACT.rtol, EXACT.ppm) == (0, 0, 0)


def test_equal_arrays_pass_bit_for_bit() -> None:
    parity = _compare([[0.0, 1.5], [-2.0, 3.0]], [[0.0, 1.5], [-2.0, 3.0]], EXACT)
    assert parity == Parity(
        passed=True,
        reason="",
        max_abs=0.0,
        max_rel=0.0,
        ppm_over_rtol=0.0,
        worst_index=(0, 0),
        worst_reference=0.0,
        worst_candidate=0.0,
        elements=4,
        non_finite=0,
        bit_equal=True,
        tolerance=EXACT,
    )


def test_known_figures() -> None:
    reference = np.array([[1.0, -2.0, 0.0], [4.0, 8.0, 0.5]])
    candidate = np.array([[1.0, -2.5, 0.25], [4.0, 7.0, 0.0]])
    parity = compare(reference, candidate, atol=1.0, rtol=0.25, ppm=400_000)
    assert parity.passed
    assert parity.max_abs == 1.0
    assert parity.max_rel == 1.0  # 0.5 of 0.5; the element whose reference is 0 has none
    assert parity.worst_index == (1, 1)
    assert (parity.worst_reference, parity.worst_candidate) == (8.0, 7.0)
    # Over a quarter: 0.25 against 0 and 0.5 against 0.5. Exactly a quarter (0.5 of 2) is not over.
    assert parity.ppm_over_rtol == pytest.approx(2e6 / 6)
    assert parity.elements == 6
    assert not parity.bit_equal


@pytest.mark.parametrize(("atol", "passed"), [(1.0, True), (0.999, False)])
def test_the_absolute_tolerance_includes_its_bound(atol: float, passed: bool) -> None:
    parity = compare(np.array([10.0]), np.array([11.0]), atol=atol, rtol=1.0, ppm=0)
    assert parity.passed is passed
    assert parity.reason == ("" if passed else "the greatest absolute difference 1 is over 0.999")


@pytest.mark.parametrize(("over", "passed"), [(0, True), (1, True), (2, False)])
def test_100_in_a_million_may_exceed_the_relative_tolerance(over: int, passed: bool) -> None:
    reference = np.full(10_000, 0.01)
    candidate = reference.copy()
    candidate[:over] += 5e-5
    parity = _compare(reference, candidate)
    assert parity.ppm_over_rtol == 100.0 * over
    assert parity.passed is passed
    if not passed:
        assert parity.reason == (
            "200 elements in a million are over rtol 0.001, 100 may be; the greatest absolute difference is 5e-05"
        )


@pytest.mark.parametrize(("units", "passed"), [(63.9, True), (64.1, False)])
def test_rounding_of_the_greatest_value_is_not_counted_where_the_output_crosses_zero(
    units: float, passed: bool
) -> None:
    reference = np.array([8.0, *[1e-6] * 99], dtype=np.float32)
    noise = np.float32(units * np.finfo(np.float32).eps * 8.0)
    candidate = reference + np.array([0.0, *[noise] * 99], dtype=np.float32)
    parity = _compare(reference, candidate)
    assert parity.passed is passed
    assert parity.ppm_over_rtol == (0.0 if passed else 990_000.0)


def test_the_floor_is_as_small_as_the_output() -> None:
    assert not _compare([1e-9] * 100, [1.1e-9] * 100).passed
    assert not _compare([0.0] * 100, [1e-12] * 100).passed
    assert _compare([0.0] * 100, [0.0] * 100).passed


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("tolerance", [EXACT, CONVERTED, Tolerance(atol=1e9, rtol=1e9, ppm=1e6)])
@pytest.mark.parametrize("side", ["reference", "candidate", "both"])
def test_what_is_not_finite_never_passes(value: float, tolerance: Tolerance, side: str) -> None:
    reference, candidate = np.zeros((2, 3), np.float32), np.zeros((2, 3), np.float32)
    if side != "candidate":
        reference[1, 2] = value
    if side != "reference":
        candidate[1, 2] = value
    parity = _compare(reference, candidate, tolerance)
    assert not parity.passed
    told = {
        "reference": ", the first at (1, 2); in the reference there are 1, not the same ones",
        "candidate": ", the first at (1, 2)",
        "both": " in both alike, the first at (1, 2)",
    }
    assert parity.reason == f"1 of 6 elements are infinite or no number{told[side]}"
    assert parity.not_finite == (side == "both")
    assert parity.non_finite == 1
    assert parity.ppm_over_rtol == pytest.approx(1e6 / 6)
    assert parity.bit_equal is (side == "both")
    json.dumps(asdict(parity), allow_nan=False)


def test_figures_beside_a_nan_cover_the_finite_elements() -> None:
    parity = _compare([np.nan, 1.0, 2.0], [0.0, 1.0, 2.5])
    assert (parity.max_abs, parity.max_rel, parity.worst_index) == (0.5, 0.25, (2,))
    assert _compare([np.nan, 1.0], [np.nan, 1.0]).worst_index == (1,)


def test_nothing_finite_still_gives_finite_figures() -> None:
    parity = _compare([np.nan, np.inf], [np.nan, np.inf])
    assert not parity.passed
    json.dumps(asdict(parity), allow_nan=False)


def test_the_widest_differences_stay_finite() -> None:
    parity = _compare(np.array([1.7e308, 5e-324]), np.array([-1.7e308, 1.0]))
    assert not parity.passed
    json.dumps(asdict(parity), allow_nan=False)


def test_the_zeros_of_both_signs_are_equal_but_not_the_same_bits() -> None:
    assert _compare([0.0, 1.0], [-0.0, 1.0]).passed
    exact = _compare([0.0, 1.0], [-0.0, 1.0], EXACT)
    assert not exact.bit_equal
    assert not exact.passed
    assert exact.reason == "not the same bits: the greatest difference is 0"


def test_bits_are_compared_whatever_the_layout() -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert _compare(values, np.asfortranarray(values), EXACT).passed
    assert _compare(values[:, ::2], values[:, ::2].copy(), EXACT).passed


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.int64, np.uint8, np.bool_])
def test_every_numeric_type_is_compared(dtype: type) -> None:
    reference, candidate = np.array([0, 1, 1], dtype), np.array([0, 1, 0], dtype)
    assert _compare(reference, reference.copy(), EXACT).passed
    parity = _compare(reference, candidate)
    assert (parity.passed, parity.max_abs, parity.worst_index) == (False, 1.0, (2,))


def test_big_integers_that_a_float_cannot_tell_apart_are_not_the_same_bits() -> None:
    assert not _compare(np.array([2**60]), np.array([2**60 + 1]), EXACT).passed


def test_a_scalar_has_an_empty_index() -> None:
    parity = _compare(np.array(2.0), np.array(3.0))
    assert (parity.elements, parity.worst_index, parity.max_abs) == (1, (), 1.0)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2)), r"different shapes cannot be compared: \(2, 3\) and \(3, 2\)"),
        (np.zeros((1,)), np.zeros(()), r"different shapes cannot be compared: \(1,\) and \(\)"),
        (np.zeros(2, np.float32), np.zeros(2), "different types cannot be compared: float32 and float64"),
        (np.zeros((0, 3)), np.zeros((0, 3)), r"empty outputs cannot be compared: shape \(0, 3\)"),
        (np.array(["a"]), np.array(["a"]), "type <U1 cannot be compared: not numeric"),
        (np.zeros(1, complex), np.zeros(1, complex), "type complex128 cannot be compared: not numeric"),
    ],
)
def test_what_cannot_be_compared_is_an_error(first: object, second: object, message: str) -> None:
    with pytest.raises(ConvertError, match=message):
        _compare(first, second)
    with pytest.raises(ConvertError, match=message):
        sensitivity(first, second)


def _random(seed: int, shape: tuple[int, ...] = (1, 4, 16, 16)) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(seed)).normal(0, 1, shape)


def test_an_output_that_follows_its_input_passes() -> None:
    found = sensitivity(_random(0), _random(1))
    assert found.passed
    assert found.reason == ""
    assert found.moved > 0.99
    assert found.std == pytest.approx(1, rel=0.05)
    assert found.max_abs == np.abs(_random(0) - _random(1)).max()


@pytest.mark.parametrize(("second", "passed"), [(0.7, True), (0.50001, False), (0.5, False)])
def test_an_output_of_one_element_is_judged_over_both_inputs(second: float, passed: bool) -> None:
    found = sensitivity(np.array([[0.5]]), np.array([[second]]))
    assert found.std == pytest.approx((second - 0.5) / 2)
    assert found.passed is passed


def test_known_sensitivity_figures() -> None:
    a = np.array([0.0, 1.0, 2.0, 3.0])
    found = sensitivity(a, a + np.array([0.0, 0.5, 1e-4, 0.0]))
    assert (found.max_abs, found.moved) == (0.5, 0.25)
    assert found.std == pytest.approx(np.sqrt(1.25))


@pytest.mark.parametrize("value", [0.0, 1.0, -3.5e4])
def test_a_constant_output_fails(value: float) -> None:
    constant = np.full((1, 2, 8, 8), value, np.float32)
    found = sensitivity(constant, constant.copy())
    assert not found.passed
    assert found.reason.startswith("the output is all but constant")
    assert (found.max_abs, found.moved, found.std) == (0.0, 0.0, pytest.approx(0.0))


def test_a_vanishing_output_fails_though_all_of_it_moves() -> None:
    found = sensitivity(_random(0) * 1e-5, _random(1) * 1e-5)
    assert found.moved > 0.99
    assert not found.passed
    assert found.reason == "the output is all but constant: standard deviation 9.72e-06, no more than 0.0001"


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def test_an_output_saturated_everywhere_fails() -> None:
    assert not sensitivity(_sigmoid(30 + _random(0)), _sigmoid(30 + _random(1))).passed


@pytest.mark.parametrize("depth", [20.0, 60.0])
def test_an_output_saturated_in_a_fixed_pattern_fails(depth: float) -> None:
    # Beside 0 a sigmoid still moves in proportion to its tiny value: that is no movement.
    pattern = np.where(np.indices((1, 4, 16, 16)).sum(axis=0) % 2 == 0, depth, -depth)
    found = sensitivity(_sigmoid(pattern + _random(0)), _sigmoid(pattern + _random(1)))
    assert found.std == pytest.approx(0.5)
    assert not found.passed
    assert found.reason == "the output hardly depends on the input: 0.00% of it moves, below 10%"


@pytest.mark.parametrize(("moving", "passed"), [(99, False), (100, True)])
def test_a_tenth_of_the_output_must_move(moving: int, passed: bool) -> None:
    first = _random(0, (1000,))
    second = first.copy()
    second[:moving] += 1.0
    assert sensitivity(first, second).passed is passed


@pytest.mark.parametrize(("change", "passed"), [(0.9e-3, False), (1.1e-3, True)])
def test_a_move_is_ten_times_the_tolerance(change: float, passed: bool) -> None:
    first = np.linspace(1, 2, 100)
    assert sensitivity(first, first + change).passed is passed


def test_small_probabilities_are_measured_by_their_size() -> None:
    # A softmax over 1000 classes: values near 0.001 that move by a few tenths of themselves.
    first, second = np.exp(_random(0, (1, 1000)) / 4), np.exp(_random(1, (1, 1000)) / 4)
    assert sensitivity(first / first.sum(), second / second.sum()).passed


def test_an_output_of_mostly_zeros_passes() -> None:
    assert sensitivity(np.maximum(_random(0) - 1, 0), np.maximum(_random(1) - 1, 0)).passed


def test_an_output_that_is_not_finite_fails_with_finite_figures() -> None:
    first, second = _random(0), _random(1)
    first[0, 0, 0, 0] = np.nan
    second[0, 0, 0, 1] = np.inf
    found = sensitivity(first, second)
    assert not found.passed
    assert found.reason == "2 of 1024 elements are infinite or no number"
    json.dumps(asdict(found), allow_nan=False)


def test_a_share_of_the_greatest_value_is_forgiven_and_never_a_constant() -> None:
    wide = np.array([-4.0, 0.0, 0.0, 4.0], np.float32)
    assert HALVED.for_output(wide).atol == pytest.approx(1e-4 + 4 / 64)
    narrow = np.array([100.0, 101.0], np.float32)
    for tolerance in (HALVED, QUANTISED):
        asked = tolerance.for_output(narrow)
        assert asked.atol == pytest.approx(0.45)
        for constant in (100.0, 100.5, 101.0):
            found = compare(narrow, np.full(2, constant, np.float32), atol=asked.atol, rtol=asked.rtol, ppm=asked.ppm)
            assert not found.passed
    assert CONVERTED.for_output(wide) == CONVERTED


def test_a_single_number_is_forgiven_a_share_of_itself() -> None:
    score = np.array([[4.5]], np.float32)
    assert HALVED.for_output(score).atol == pytest.approx(1e-4 + 4.5 / 64)
    for value, passed in ((4.505, True), (4.6, False)):
        asked = HALVED.for_output(score)
        found = compare(score, np.float32([[value]]), atol=asked.atol, rtol=asked.rtol, ppm=asked.ppm)
        assert found.passed is passed
    assert CONVERTED.for_output(score) == CONVERTED


def test_large_values_are_asked_for_no_more_than_float32_has() -> None:
    boxes = np.linspace(64, 640, 1000, dtype=np.float32)
    assert CONVERTED.for_output(boxes).atol == pytest.approx(640 * 2**-17)
    assert CONVERTED.for_output(boxes.astype(np.int64)) == CONVERTED
    assert EXACT.for_output(boxes) == EXACT


def test_of_a_constant_rounding_is_forgiven_and_no_more() -> None:
    """That it proves nothing is for `sensitivity` to say: the files hold the network's own number."""
    constant = np.full((2, 3), -21202.3, np.float32)
    for tolerance in (CONVERTED, HALVED):
        asked = tolerance.for_output(constant)
        assert asked.atol == pytest.approx(21202.3 * 2**-17)
        for off, passed in ((0.02, True), (1.0, False)):
            found = compare(constant, constant + np.float32(off), atol=asked.atol, rtol=asked.rtol, ppm=asked.ppm)
            assert found.passed is passed
    assert not sensitivity(constant, constant).passed
    assert CONVERTED.for_output(np.zeros((2, 3), np.float32)) == CONVERTED


def test_outputs_of_other_shapes_differ_and_empty_ones_are_alike() -> None:
    asked = CONVERTED
    assert unlike(np.zeros((2, 3)), np.zeros((2, 3)), asked) is None
    empty = unlike(np.zeros((0, 3)), np.zeros((0, 3)), asked)
    assert empty is not None
    assert (empty.passed, empty.elements, empty.bit_equal) == (True, 0, True)
    fewer = unlike(np.zeros((2, 3)), np.zeros((1, 3)), asked)
    assert fewer is not None
    assert (fewer.passed, fewer.reason) == (False, "it has the shape [1, 3] where [2, 3] is due")


def test_an_output_whose_size_moves_depends_on_the_input() -> None:
    assert moved_in_size(np.zeros(3), np.ones(3)) is None
    longer = moved_in_size(np.array([1.0, 3.0]), np.zeros(3))
    assert longer is not None
    assert (longer.passed, longer.moved, longer.std) == (True, 1.0, 1.0)
    empty = moved_in_size(np.zeros((0, 2)), np.zeros((0, 2)))
    assert empty is not None
    assert (empty.passed, empty.reason) == (False, "it has no elements for either input")


def test_what_is_not_finite_alike_hides_no_difference() -> None:
    reference, candidate = np.array([np.nan, 1.0, np.inf]), np.array([np.nan, 2.0, np.inf])
    parity = _compare(reference, candidate, CONVERTED)
    assert (parity.passed, parity.not_finite) == (False, 0)
    assert parity.reason == "the greatest absolute difference 1 is over 0.0001"
    other = _compare(reference, np.array([np.nan, 1.0, -np.inf]), CONVERTED)
    assert other.reason.endswith("the first at (0,); in the reference there are 2, not the same ones")
