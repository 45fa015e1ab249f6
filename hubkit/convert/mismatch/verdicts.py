"""What comparisons come to, and what is said of those that did not pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from hubkit.convert.records import ParityRecord, SensitivityRecord
from hubkit.smoke.modes import PYNATIVE

_COMPILED = "compiled, which is how it is exported, the network gives"
_UNCOMPILED = "line by line (PyNative mode)"
_CAUSE = "  MindSpore compiles some Python in another sense."


def differing(record: ParityRecord, otherwise: str = "") -> str:
    """What to say of a comparison that did not pass; ``otherwise`` says whose code is compiled in another sense."""
    if record.candidate == PYNATIVE:
        return (
            f"{_COMPILED} something else than its code does where it is run {_UNCOMPILED}, in output {record.output}: "
            f"{record.reason}\n{_first(otherwise)}"
            f"{_CAUSE} Look for a list, a dictionary or a tensor that has two names, or is handed to a function, and "
            "is then changed in its place; make a new one instead."
        )
    return (
        f"{record.candidate} differs from {record.reference} in output {record.output} "
        f"(batch {record.batch}): {record.reason}"
    )


def miscounted(uncompiled: int, compiled: int, otherwise: str = "") -> str:
    """What to say of a network whose code gives another number of outputs where it is not compiled; ``otherwise`` as
    for `differing`.
    """
    return (
        f"{_COMPILED} {compiled} output{'s' * (compiled != 1)}, and its code, where it is run {_UNCOMPILED}, "
        f"{uncompiled}\n{_first(otherwise)}"
        f"{_CAUSE} Look for what decides how many tensors there are: an iterator, a list that is changed in its place, "
        "a condition on something other than a tensor."
    )


def _first(otherwise: str) -> str:
    return f"  The first that does is {otherwise}.\n" if otherwise else ""


def not_finite_outputs(records: Sequence[ParityRecord]) -> dict[str, str]:
    """The outputs of which elements are infinite or no number in the network itself, and what to say of each."""
    told: dict[str, str] = {}
    for record in records:
        if record.not_finite and record.output not in told:
            *others, last = dict.fromkeys(
                item.candidate for item in records if item.output == record.output and item.not_finite
            )
            alike, verb = (f"{', '.join(others)} and {last}", "give") if others else (last, "gives")
            told[record.output] = (
                f"{record.not_finite} of {record.elements} elements of output {record.output} are infinite or no "
                f"number in {record.reference} itself; {alike} {verb} the same at the same places, and "
                f"{verb.replace('give', 'agree')} elsewhere"
            )
    return told


def bound_batch(records: Iterable[ParityRecord], batch: int, shared: Collection[str]) -> str:
    """Why the batch of a file cannot be open, as its comparisons have it; empty where they do not say so.

    ``batch`` is the size of the inputs' own, ``shared`` the files that give other outputs for an input where there are
    more in its batch.
    """
    wrong: dict[str, list[ParityRecord]] = {}
    for record in records:
        if not record.passed:
            wrong.setdefault(record.candidate, []).append(record)
    for candidate, found in wrong.items():
        batches = [record for record in found if record.batch != batch]
        if batches and (candidate in shared or len(batches) == len(found)):
            worst = max(batches, key=lambda record: record.max_abs)
            if candidate in shared or all(record.max_abs > record.atol for record in batches):
                return f"in a batch of two, output {worst.output} is not that of each alone: {worst.reason}"
    return ""


def moves(sensitivity: Sequence[SensitivityRecord], records: Iterable[ParityRecord]) -> tuple[SensitivityRecord, ...]:
    """How much each output moves.

    One that hardly does passes too, where another one moves and every file gives its very bits: such are masks,
    classes, and the boxes that a detector begins from.
    """
    if not any(moved.passed for moved in sensitivity):
        return tuple(sensitivity)
    unequal = {record.output for record in records if record.candidate != PYNATIVE and not record.bit_equal}
    return tuple(
        moved if moved.passed or moved.output in unequal else replace(moved, passed=True, reason="")
        for moved in sensitivity
    )
