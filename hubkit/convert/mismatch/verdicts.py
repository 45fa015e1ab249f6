"""What is said of comparisons that did not pass."""

from __future__ import annotations

from collections.abc import Sequence

from hubkit.convert.records import ParityRecord
from hubkit.smoke.modes import PYNATIVE


def differing(record: ParityRecord, otherwise: str = "") -> str:
    """What to say of a comparison that did not pass; ``otherwise`` says whose code is compiled in another sense."""
    if record.candidate == PYNATIVE:
        first = f"  The first that does is {otherwise}.\n" if otherwise else ""
        return (
            "compiled, which is how it is exported, the network gives something else than its code does where it is "
            f"run line by line (PyNative mode), in output {record.output}: {record.reason}\n"
            f"{first}"
            "  MindSpore compiles some Python in another sense. Look for a list, a dictionary or a tensor that has two "
            "names, or is handed to a function, and is then changed in its place; make a new one instead."
        )
    return (
        f"{record.candidate} differs from {record.reference} in output {record.output} "
        f"(batch {record.batch}): {record.reason}"
    )


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
