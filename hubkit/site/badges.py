"""Badges: the claims that a receipt supports, each with the figures behind it.

A step that did not run never looks like a pass; a parity that was measured on untrained weights says so; a receipt
that is older than its card is outdated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from hubkit.conversion_status import ConversionStatus
from hubkit.receipts import AssetCheck, Parity, Receipt, Status
from hubkit.site import text
from hubkit.site.claims import Badge, ErrorBar, Figure, Mark, Standing
from hubkit.site.gather import Entry
from hubkit.site.i18n import N_, _, ngettext, remembered
from hubkit.site.reasons import translated

MARKS: dict[Status, Mark] = {
    Status.PASSED: Mark.PASSED,
    Status.FAILED: Mark.FAILED,
    Status.SKIPPED: Mark.SKIPPED,
}

# The converted format -> how people write it, and the runtime that runs it.
FORMATS: dict[str, tuple[str, str]] = {
    "mindir": ("MINDIR", "mindir"),
    "onnx": ("ONNX", "onnxruntime"),
}

RUNTIMES: dict[str, str] = {
    "mindspore": "MindSpore",
    "pynative": N_("MindSpore without compiling"),
    "mindir": N_("MINDIR in MindSpore"),
    "onnxruntime": "ONNX Runtime",
}
"""A runtime's name in receipts -> what people call it."""

# An error bar spans six decades below its tolerance and two above.
_DECADES_BELOW = 6.0
_DECADES_ABOVE = 2.0


def stale_words() -> str:
    """What every reader must know of a receipt that is older than its card."""
    return _("The card was changed after this receipt was made.")


def standing(entry: Entry) -> Standing:
    """How a card stands as a whole."""
    return standing_of(entry.receipt, stale=entry.stale)


def standing_of(receipt: Receipt | None, *, stale: bool) -> Standing:
    """How a card with this receipt stands as a whole; ``stale`` where the card was changed since."""
    if receipt is None:
        return Standing.NOT_VERIFIED
    if stale:
        return Standing.STALE
    insensitive = receipt.sensitivity is not None and not receipt.sensitivity.passed
    checks = [step.status for step in receipt.steps] + [asset.status for asset in receipt.assets]
    if Status.FAILED in checks or insensitive or not all(pair.passed for pair in receipt.parity):
        return Standing.FAILED
    if not any(step.status is Status.PASSED for step in receipt.steps if step.name != "lint"):
        return Standing.NOT_VERIFIED
    complete = receipt.status is Status.PASSED and set(checks) == {Status.PASSED} and receipt.weights == "published"
    return Standing.VERIFIED if complete else Standing.PARTIAL


def badges(entry: Entry) -> tuple[Badge, ...]:
    """The claims of a card that its receipt supports: its files' digests, and the parity of each format."""
    if entry.receipt is None:
        return _without_receipt()
    return (_digest(entry, entry.receipt), *(_parity(entry, entry.receipt, file_format) for file_format in FORMATS))


@remembered(8)
def _without_receipt() -> tuple[Badge, ...]:
    """The same claims of a card without a receipt."""
    labels = {"digest": _("Digest")} | {slug: _parity_label(slug) for slug in FORMATS}
    return tuple(_unverified(slug, label) for slug, label in labels.items())


def tried_conversion(entry: Entry) -> bool:
    """Whether a conversion ran, whatever became of it."""
    receipt = entry.receipt
    return receipt is not None and any(
        step.name in ("mindir", "onnx", "smoke") and step.status is not Status.SKIPPED for step in receipt.steps
    )


def weights_note(receipt: Receipt | None) -> str:
    """What a receipt's reader must know of its weights, in the language that is being spoken; empty for nothing."""
    return translated(receipt.note) if receipt else ""


def day(receipt: Receipt | None) -> str:
    """The day of a receipt, as 2023-02-17; empty without one."""
    return receipt.created[:10] if receipt else ""


def runtime(name: str) -> str:
    """A runtime as people call it."""
    known = RUNTIMES.get(name)
    return _(known) if known else name


def what_was_compared(pair: Parity, inputs: int) -> str:
    """What a comparison was made on: "output maps, batch 1, 2 inputs"."""
    return ", ".join(
        part
        for part in (
            _("output %(name)s") % {"name": pair.output} if pair.output else "",
            _("batch %(size)s") % {"size": pair.batch},
            ngettext("%(count)s input", "%(count)s inputs", inputs) % {"count": inputs} if inputs > 1 else "",
        )
        if part
    )


def comparisons(pairs: Iterable[Parity]) -> tuple[tuple[Parity, int], ...]:
    """The worst measurement of each comparison, with how many inputs it was made on."""
    found: dict[tuple[str, str, str, int], list[Parity]] = {}
    for pair in pairs:
        found.setdefault((pair.candidate, pair.reference, pair.output, pair.batch), []).append(pair)
    return tuple((_worst(group), len(group)) for group in found.values())


def _worst(pairs: Sequence[Parity]) -> Parity:
    return max(pairs, key=lambda pair: (not pair.passed, pair.max_abs is None, pair.max_abs or 0.0))


def error_bar(pair: Parity) -> ErrorBar:
    """The largest absolute difference of a parity against its tolerance."""
    figures = {"error": text.error(pair.max_abs), "limit": text.error(pair.atol)}
    words = _("largest difference %(error)s, limit %(limit)s") % figures
    limit = 100 * _DECADES_BELOW / (_DECADES_BELOW + _DECADES_ABOVE)
    if pair.max_abs is None:
        length = 100.0
    elif pair.max_abs == 0:
        length = 0.0
    elif pair.atol == 0:  # only equal bits will do
        length = 100.0
    else:
        decades = math.log10(pair.max_abs / pair.atol)
        length = limit + decades * 100 / (_DECADES_BELOW + _DECADES_ABOVE)
        length = min(max(length, 2.0), 100.0)
    return ErrorBar(round(length, 1), limit, Mark.PASSED if pair.passed else Mark.FAILED, words)


def _digest(entry: Entry, receipt: Receipt) -> Badge:
    step = receipt.step("fetch")
    if step is None:
        return _unverified("digest", _("Digest"))
    failed = next((asset for asset in receipt.assets if asset.status is Status.FAILED), None)
    skipped = next((asset for asset in receipt.assets if asset.status is Status.SKIPPED), None)
    worst = failed or skipped
    status = worst.status if worst else step.status
    total = sum(asset.size for asset in receipt.assets if asset.status is Status.PASSED)
    count = len(receipt.assets)
    files = ngettext("%(count)s file", "%(count)s files", count) % {"count": text.number(count)}
    value = f"SHA-256, {files}, {text.size(total)}"
    return _badge(
        entry,
        slug="digest",
        label=_("Digest verified") if status is Status.PASSED and not entry.stale else _("Digest"),
        mark=MARKS[status],
        value=value if status is Status.PASSED else {Status.FAILED: _("not verified"), Status.SKIPPED: ""}[status],
        reason=translated(worst.reason if worst else step.reason),
        figures=tuple(_asset_figure(asset) for asset in receipt.assets),
    )


def _asset_figure(asset: AssetCheck) -> Figure:
    value = (
        f"{asset.sha256[:16]}…, {text.size(asset.size)}" if asset.status is Status.PASSED else translated(asset.reason)
    )
    return Figure(f"{asset.file_format}: {MARKS[asset.status].word}", value)


def _parity_label(file_format: str) -> str:
    return _("%(format)s parity") % {"format": FORMATS[file_format][0]}


def _parity(entry: Entry, receipt: Receipt, file_format: str) -> Badge:
    candidate = FORMATS[file_format][1]
    label = _parity_label(file_format)
    for step_name in (file_format, "smoke"):
        step = receipt.step(step_name)
        pairs = tuple(pair for pair in receipt.parity if pair.candidate == candidate)
        if step is not None and step.status is Status.SKIPPED:
            return _badge(entry, slug=file_format, label=label, mark=Mark.SKIPPED, reason=translated(step.reason))
        if step is not None and step.status is Status.FAILED and (step_name == file_format or not pairs):
            value = _failure(receipt) or (_("not converted") if step_name == file_format else _("not compared"))
            return _badge(
                entry, slug=file_format, label=label, mark=Mark.FAILED, value=value, reason=translated(step.reason)
            )
    if not pairs:
        return _unverified(file_format, label)
    return _measured(entry, receipt, file_format, label, pairs)


def _failure(receipt: Receipt) -> str:
    """How the conversion failed, in words; empty in receipts that do not tell."""
    told = receipt.conversion
    return "" if told is None or told is ConversionStatus.PASSED else _(told.phrase)


def _measured(entry: Entry, receipt: Receipt, slug: str, label: str, pairs: tuple[Parity, ...]) -> Badge:
    worst = _worst(pairs)
    insensitive = receipt.sensitivity is not None and not receipt.sensitivity.passed
    reason = ""
    if not worst.passed:
        reason = _("%(runtime)s differs by more than the tolerance.") % {"runtime": runtime(worst.candidate)}
    elif insensitive:
        reason = _("The output hardly moves with the input, so that the comparison means nothing.")
    return _badge(
        entry,
        slug=slug,
        label=label,
        mark=Mark.FAILED if reason else Mark.PASSED,
        value=_figure_that_matters(worst),
        qualifier=_("on untrained weights") if receipt.weights == "seeded" else "",
        reason=reason,
        figures=tuple(
            Figure(
                _("%(what)s, against %(runtime)s")
                % {"what": what_was_compared(pair, inputs), "runtime": runtime(pair.reference)},
                _in_words(pair),
            )
            for pair, inputs in comparisons(pairs)
        ),
        bar=error_bar(worst),
    )


def _figure_that_matters(pair: Parity) -> str:
    """The figure that decided: bits, elements over the relative tolerance, or the largest difference."""
    if pair.bit_equal and pair.passed:
        return _("bit-equal")
    over_ppm = pair.max_abs is not None and pair.max_abs <= pair.atol and pair.ppm_over_rtol > pair.ppm
    if over_ppm and not pair.passed:
        return _("%(count)s ppm over %(tolerance)s (limit %(limit)s)") % {
            "count": text.per_million(pair.ppm_over_rtol),
            "tolerance": text.error(pair.rtol),
            "limit": text.per_million(pair.ppm),
        }
    if pair.max_abs is None:
        return _("not finite")
    return _("max %(error)s (limit %(limit)s)") % {"error": text.error(pair.max_abs), "limit": text.error(pair.atol)}


def _in_words(pair: Parity) -> str:
    if pair.bit_equal and pair.passed:
        return _("bit-equal")
    return _("max %(error)s of %(limit)s; %(count)s of %(most)s ppm over %(tolerance)s relative") % {
        "error": text.error(pair.max_abs),
        "limit": text.error(pair.atol),
        "count": text.per_million(pair.ppm_over_rtol),
        "most": text.per_million(pair.ppm),
        "tolerance": text.error(pair.rtol),
    }


def _unverified(slug: str, label: str) -> Badge:
    return Badge(slug, label, "", Mark.NONE, "", "", _("No receipt"), "", (), None)


def _badge(
    entry: Entry,
    *,
    slug: str,
    label: str,
    mark: Mark,
    value: str = "",
    qualifier: str = "",
    reason: str = "",
    figures: tuple[Figure, ...] = (),
    bar: ErrorBar | None = None,
) -> Badge:
    if entry.stale:
        mark, reason = Mark.STALE, " ".join(part for part in (stale_words(), reason) if part)
        bar = replace(bar, mark=Mark.STALE) if bar else None
    return Badge(slug, label, value, mark, qualifier, reason, _("Receipt of"), day(entry.receipt), figures, bar)
