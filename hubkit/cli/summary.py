"""What verbs print of receipts: one style for all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import click

from hubkit.conversion_status import ConversionStatus
from hubkit.receipts import Receipt, Status

_COLOURS = {Status.PASSED: "green", Status.FAILED: "red", Status.SKIPPED: "yellow"}


def status_word(status: Status) -> str:
    """The status in its colour, padded to one width."""
    return click.style(f"{status.value:<7}", fg=_COLOURS[status])


def conversion_word(status: ConversionStatus) -> str:
    """A conversion's status in words and in its colour."""
    colour = {ConversionStatus.PASSED: "green", ConversionStatus.SKIPPED: "yellow"}.get(status, "red")
    return click.style(status.phrase, fg=colour)


def overall_word(receipt: Receipt | None) -> str:
    """How a card did as a whole; "partly" where a step passed and another was skipped."""
    if receipt is None:
        return status_word(Status.FAILED)
    if receipt.status is Status.SKIPPED and any(pair.passed for pair in receipt.parity):
        return click.style(f"{'partly':<7}", fg=_COLOURS[Status.SKIPPED])
    return status_word(receipt.status)


def receipt_lines(receipt: Receipt) -> Iterator[str]:
    """A receipt as a few lines for a terminal: each step, and the figures behind it."""
    for step in receipt.steps:
        seconds = f" ({step.seconds:.1f} s)" if step.seconds >= 0.05 else ""
        reason = f": {step.reason}" if step.reason else ""
        yield f"  {status_word(step.status)} {step.name}{seconds}{reason}"
    if receipt.conversion not in (None, ConversionStatus.PASSED, ConversionStatus.SKIPPED):
        yield f"  conversion: {conversion_word(receipt.conversion)}. {receipt.conversion.sentence}"
    yield from (f"  {line}" for line in parity_lines(receipt.parity))
    yield from (f"  {line}" for line in skipped_lines(receipt.skipped))
    for model in receipt.models:
        yield f"  {model.path} ({model.size / 1e6:.1f} MB){f': {model.note}' if model.note else ''}"
    if receipt.repository is not None and receipt.repository.trusted_by:
        where = receipt.repository
        yield f"  built by {where.url} at {where.commit[:12]}, {where.folder or 'its root'} ({where.trusted_by})"
    if receipt.compat:
        yield f"  built through compat: {', '.join(receipt.compat)}"
    if receipt.note:
        yield click.style(f"  note: {receipt.note}", fg="yellow")


class Compared(Protocol):
    """What is told of one comparison, of a receipt or of a result."""

    @property
    def candidate(self) -> str:
        """The runtime that was compared."""

    @property
    def reference(self) -> str:
        """The runtime that it was compared with."""

    @property
    def batch(self) -> int:
        """The size of the batch."""

    @property
    def bit_equal(self) -> bool:
        """Whether both gave the same bits."""

    @property
    def max_abs(self) -> float | None:
        """The greatest absolute difference; None where there is none that is finite."""


def parity_lines(compared: Iterable[Compared]) -> Iterator[str]:
    """How far two runtimes differ at the most, over all inputs and outputs: a line for each two and each batch."""
    together: dict[str, list[Compared]] = {}
    for pair in compared:
        batch = f", batch {pair.batch}" if pair.batch != 1 else ""
        together.setdefault(f"{pair.candidate} against {pair.reference}{batch}", []).append(pair)
    for name, pairs in together.items():
        worst = max(pairs, key=_distance)
        yield f"{name}: {difference(all(pair.bit_equal for pair in pairs), worst.max_abs)}"


def _distance(pair: Compared) -> float:
    return math.inf if pair.max_abs is None or math.isnan(pair.max_abs) else pair.max_abs


def skipped_lines(skipped: Mapping[str, str]) -> Iterator[str]:
    """What runtimes could have been compared and were not, and why: a line each."""
    yield from (f"{name} was not run: {reason}" for name, reason in skipped.items())


def difference(bit_equal: bool, max_abs: float | None) -> str:
    """How far two outputs differ, in words."""
    if bit_equal:
        return "bit-equal"
    return "not finite" if max_abs is None else f"differs by at most {max_abs:.2g}"
