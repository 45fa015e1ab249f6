"""How far two outputs differ, and whether the comparison could have failed at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hubkit.errors import ConvertError

# A network's outputs are sums of terms of about their greatest value; runtimes that add them in another order, or that
# have a less exact tanh, differ by units in the last place of it, whatever the sum comes to. As shares of the greatest
# value: 64 units of float32, since against float64 MindSpore itself is off by up to 47 of them (a bidirectional LSTM)
# and 42 (maps of YOLO networks), where ONNX Runtime is nearer; 8 of the others: no network was seen to need more.
_ROUNDING = {np.dtype(np.float16): 2.0**-7, np.dtype(np.float32): 2.0**-17, np.dtype(np.float64): 2.0**-49}
_MARGIN = 10.0
_BELOW_CONSTANT = 0.9
_LEAST_MOVED = 0.1


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a candidate may be from its reference. With all three at 0 only the same bits will do."""

    atol: float
    """The greatest absolute difference of any element."""
    rtol: float
    """The relative difference that all but `ppm` of the elements keep."""
    ppm: float
    """How many elements in a million may exceed `rtol`."""
    share: float = 0.0
    """What is added to `atol`, as a share of the reference's greatest absolute value; never more than makes `atol` nine
    tenths of the reference's standard deviation, as no constant is that near to it. A single number has none: that it
    is no constant shows where the input changes; and so it does of elements that are all alike but for rounding."""

    def for_output(self, reference: NDArray[np.generic]) -> Tolerance:
        """The tolerance for the output ``reference``, with the share of its greatest value in `atol`.

        An `atol` below what rounding makes of large values, such as boxes in pixels, is raised to it. Of elements that
        are all alike no share is forgiven, and rounding is: `sensitivity` tells what they prove.
        """
        if not self.atol or not reference.size:
            return self
        finite = np.nan_to_num(reference.astype(np.float64), posinf=0.0, neginf=0.0)
        greatest, spread = float(np.abs(finite).max()), float(finite.std())
        asked = max(self.atol + self.share * greatest, _rounding(reference, greatest))
        if reference.size > 1 and spread <= max(self.atol, float(np.finfo(np.float32).eps) * greatest):
            asked = _rounding(reference, greatest)
        elif reference.size > 1:
            asked = min(asked, _BELOW_CONSTANT * spread)
        return Tolerance(max(self.atol, asked), self.rtol, self.ppm)


EXACT = Tolerance(atol=0.0, rtol=0.0, ppm=0.0)
CONVERTED = Tolerance(atol=1e-4, rtol=1e-3, ppm=100.0)
HALVED = Tolerance(atol=1e-4, rtol=1e-2, ppm=1e6, share=2**-6)
"""For float16. Each layer rounds its values by up to 2**-11 of them; over a thousand layers such errors add up, like
steps in random directions, to some 2**5 times that, 2**-6 of the greatest value. How small values fare is told and not
asked: rounding is relative to the terms that they are sums of."""
QUANTISED = Tolerance(atol=1e-4, rtol=1e-1, ppm=1e6, share=2**-2)
"""For int8. A value has 256 steps over its range, so a layer rounds by up to 2**-9 of it, and ranges that were seen
beforehand cut some values off; what is told apart here is a model that is coarse from one that is broken. What it means
for a task, only the task's own metric can say."""


@dataclass(frozen=True, slots=True)
class Parity:
    """The difference between two outputs. Every figure is finite: elements that are not are only counted."""

    passed: bool
    """Whether the candidate keeps the tolerance and every element of both outputs is finite."""
    reason: str
    """Why it did not pass; empty where it did."""
    max_abs: float
    """The greatest absolute difference."""
    max_rel: float
    """The greatest difference relative to the reference, over elements whose reference is not 0."""
    ppm_over_rtol: float
    """Elements in a million that differ by more than rtol times the reference and more than rounding, or are not
    finite."""
    worst_index: tuple[int, ...]
    """Where the greatest absolute difference of a finite element is; the first such place."""
    worst_reference: float
    """The reference's value there."""
    worst_candidate: float
    """The candidate's value there."""
    elements: int
    """How many elements were compared."""
    non_finite: int
    """How many elements are infinite or no number, in either output."""
    bit_equal: bool
    """Whether both outputs hold the same bits: 0.0 and -0.0 differ."""
    tolerance: Tolerance
    """What was asked."""
    not_finite: int = 0
    """How many elements of the reference are infinite or no number, where the candidate has the same at the same places
    and keeps the tolerance everywhere else: that alone is why it did not pass. Otherwise 0."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How much an output moves when its input does."""

    passed: bool
    """Whether the output moves enough for a parity to mean something."""
    reason: str
    """Why it did not pass; empty where it did."""
    max_abs: float
    """The greatest change of any element."""
    moved: float
    """The share of elements, 0 to 1, that change by at least ten times what a parity forgives them."""
    std: float
    """The standard deviation of the first output over its elements."""


def compare(
    reference: NDArray[np.generic], candidate: NDArray[np.generic], *, atol: float, rtol: float, ppm: float
) -> Parity:
    """Measure how far a candidate is from its reference, in float64.

    It passes when no element differs by more than `atol` and at most `ppm` elements in a million differ by
    more than rtol * |reference|. With atol, rtol and ppm all 0 it passes only bit for bit. An infinity or a
    NaN, on either side, never passes, not even against itself.

    A difference of at most 64 units in the last place of the greatest |reference| (8 for float16) is rounding and is
    not counted against rtol: where an output crosses zero its values are as small as you like, and the noise of
    adding in another order is not. Without this floor a correct conversion fails by the share of its output
    that lies near zero.

    Args:
        reference: floats, integers or booleans, any shape.
        candidate: the same shape and element type.
        atol: at least 0.
        rtol: at least 0.
        ppm: 0 to 1,000,000.

    Raises:
        ConvertError: the shapes or element types differ, the type is not numeric, or there is no element:
            then nothing was measured, and there are no figures to give.
    """
    tolerance = Tolerance(atol=atol, rtol=rtol, ppm=ppm)
    a, b = _as_float64(reference, candidate)
    finite = np.isfinite(a) & np.isfinite(b)
    non_finite = int(a.size - np.count_nonzero(finite))
    difference = _difference(a, b, finite)
    magnitude = np.where(finite, np.abs(a), 0.0)
    over = (difference > np.maximum(rtol * magnitude, _rounding(reference, float(magnitude.max())))) | ~finite
    nonzero = finite & (a != 0)
    with np.errstate(over="ignore"):
        relative = difference[nonzero] / np.abs(a[nonzero])
    worst = np.unravel_index(int(np.argmax(np.where(finite, difference, -1.0))), a.shape)
    max_abs = float(difference.max())
    ppm_over_rtol = float(np.count_nonzero(over)) * 1e6 / a.size
    # Values and not bytes would call 0.0 and -0.0 the same.
    bit_equal = np.ascontiguousarray(reference).tobytes() == np.ascontiguousarray(candidate).tobytes()
    in_reference = int(np.count_nonzero(~np.isfinite(a)))
    alike = np.array_equal(np.where(finite, 0.0, a), np.where(finite, 0.0, b), equal_nan=True)
    reason = ""
    if non_finite and not (in_reference and alike):
        where = tuple(int(i) for i in np.argwhere(~finite)[0])
        reason = f"{non_finite} of {a.size} elements are infinite or no number, the first at {where}"
        if in_reference:
            reason += f"; in the reference there are {in_reference}, not the same ones"
    elif tolerance == EXACT and not (non_finite and not max_abs):
        reason = "" if bit_equal else f"not the same bits: the greatest difference is {max_abs:.3g}"
    elif max_abs > atol:
        reason = f"the greatest absolute difference {max_abs:.3g} is over {atol:.3g}"
    elif float(np.count_nonzero(over & finite)) * 1e6 / a.size > ppm:
        reason = (
            f"{ppm_over_rtol:.4g} elements in a million are over rtol {rtol:.3g}, {ppm:.4g} may be; "
            f"the greatest absolute difference is {max_abs:.3g}"
        )
    not_finite = 0 if reason else non_finite
    if not_finite:
        where = tuple(int(i) for i in np.argwhere(~finite)[0])
        reason = f"{non_finite} of {a.size} elements are infinite or no number in both alike, the first at {where}"
    return Parity(
        passed=not reason,
        reason=reason,
        max_abs=max_abs,
        max_rel=_finite(relative.max()) if relative.size else 0.0,
        ppm_over_rtol=ppm_over_rtol,
        worst_index=tuple(int(i) for i in worst),
        worst_reference=_finite(a[worst]),
        worst_candidate=_finite(b[worst]),
        elements=a.size,
        non_finite=non_finite,
        bit_equal=bit_equal,
        tolerance=tolerance,
        not_finite=not_finite,
    )


def unlike(reference: NDArray[np.generic], candidate: NDArray[np.generic], tolerance: Tolerance) -> Parity | None:
    """What is to be said of two outputs that have no elements to be compared with each other; None where they have.

    Where sizes depend on the data, both may be empty, which is alike; or of different shapes, which differs.
    """
    if reference.shape == candidate.shape and reference.size:
        return None
    same = reference.shape == candidate.shape
    return Parity(
        passed=same,
        reason="" if same else f"it has the shape {list(candidate.shape)} where {list(reference.shape)} is due",
        max_abs=0.0,
        max_rel=0.0,
        ppm_over_rtol=0.0 if same else 1e6,
        worst_index=(),
        worst_reference=0.0,
        worst_candidate=0.0,
        elements=candidate.size,
        non_finite=0,
        bit_equal=same,
        tolerance=tolerance,
    )


def moved_in_size(output_a: NDArray[np.generic], output_b: NDArray[np.generic]) -> Sensitivity | None:
    """How much an output moves whose size does, as where elements are picked; None where `sensitivity` can tell.

    An output that is empty for both inputs does not depend on them as far as anybody can see.
    """
    if output_a.shape == output_b.shape:
        return None if output_a.size else Sensitivity(False, "it has no elements for either input", 0.0, 0.0, 0.0)
    finite = np.nan_to_num(output_a.astype(np.float64), posinf=0.0, neginf=0.0)
    return Sensitivity(True, "", 0.0, 1.0, _finite(finite.std()) if finite.size else 0.0)


def _rounding(reference: NDArray[np.generic], greatest: float) -> float:
    """What rounding makes of an output whose greatest absolute value is ``greatest``; 0 for integers."""
    return _ROUNDING.get(reference.dtype, 0.0) * greatest


def sensitivity(
    output_a: NDArray[np.generic], output_b: NDArray[np.generic], tolerance: Tolerance = CONVERTED
) -> Sensitivity:
    """Measure how much the output moves between two different inputs, in the same runtime.

    A parity says nothing about weights under which every input gives much the same output: a wrong
    conversion gives that output too. It therefore counts only where
    - the first output's standard deviation is above atol (of an output of a single element, such as a
      probability, that of both outputs together): else a constant would keep the absolute tolerance, as
      when weights vanish, or saturate everywhere; and
    - at least a tenth of the elements move by at least ten times what `tolerance` forgives an element, the
      lesser of atol and rtol * |value|, and ten times what rounding leaves, float32's epsilon times the
      greatest |value| of the output: else most of what is compared hardly depends on the input, as when a
      sigmoid saturates in a fixed pattern and only its last bits, or its values of 1e-25, still move. A
      tenth and not all, since an output may rightly be mostly zeros (ReLU).

    Args:
        output_a: the output for one input: floats, integers or booleans, any shape.
        output_b: the output for another input, the same shape and element type.
        tolerance: the tolerance of the parity that this is to support.

    Raises:
        ConvertError: as for `compare`.
    """
    a, b = _as_float64(output_a, output_b)
    finite = np.isfinite(a) & np.isfinite(b)
    change = _difference(a, b, finite)
    magnitude = np.where(finite, np.maximum(np.abs(a), np.abs(b)), 0.0)
    noise = np.finfo(np.float32).eps * magnitude.max()
    forgiven = np.maximum(np.minimum(tolerance.atol, tolerance.rtol * magnitude), noise)
    moved = float(np.count_nonzero((change > 0) & (change >= _MARGIN * forgiven))) / a.size
    spread = a if a.size > 1 else np.stack([a, b])
    std = _finite(np.std(np.where(finite, spread, 0.0)))
    reason = ""
    if not finite.all():
        reason = f"{a.size - np.count_nonzero(finite)} of {a.size} elements are infinite or no number"
    elif std <= tolerance.atol:
        reason = f"the output is all but constant: standard deviation {std:.3g}, no more than {tolerance.atol:.3g}"
    elif moved < _LEAST_MOVED:
        reason = f"the output hardly depends on the input: {moved:.2%} of it moves, below {_LEAST_MOVED:.0%}"
    return Sensitivity(passed=not reason, reason=reason, max_abs=float(change.max()), moved=moved, std=std)


def _as_float64(
    first: NDArray[np.generic], second: NDArray[np.generic]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if first.shape != second.shape:
        raise ConvertError(f"outputs of different shapes cannot be compared: {first.shape} and {second.shape}")
    if first.dtype != second.dtype:
        raise ConvertError(f"outputs of different types cannot be compared: {first.dtype} and {second.dtype}")
    if first.dtype.kind not in "fiub":
        raise ConvertError(f"outputs of the type {first.dtype} cannot be compared: not numeric")
    if first.size == 0:
        raise ConvertError(f"empty outputs cannot be compared: shape {first.shape}")
    return first.astype(np.float64), second.astype(np.float64)


def _difference(a: NDArray[np.float64], b: NDArray[np.float64], finite: NDArray[np.bool_]) -> NDArray[np.float64]:
    """|a - b|, 0 where an element is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        difference = np.where(finite, np.abs(a - b), 0.0)
    return np.minimum(difference, np.finfo(np.float64).max)


def _finite(value: np.float64) -> float:
    """The value, or the nearest float: a receipt is JSON, which has no infinity and no NaN."""
    return float(np.nan_to_num(value))
