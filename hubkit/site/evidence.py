"""Receipts laid out for a page: steps, comparisons, times, and the files that were made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from hubkit.card.model import Card
from hubkit.receipts import AssetCheck, ModelFile, Parity, Receipt, Repository, Status, Tensor
from hubkit.site import text
from hubkit.site.badges import FORMATS, MARKS, comparisons, day, error_bar, runtime, standing, what_was_compared
from hubkit.site.claims import (
    AssetRow,
    Figure,
    FileRow,
    Mark,
    OperatorRow,
    ParityRow,
    PortRow,
    StepRow,
    TimingRow,
    Verification,
)
from hubkit.site.gather import Entry
from hubkit.site.i18n import N_, _, ngettext
from hubkit.site.paths import last_part, url, web_link
from hubkit.site.reasons import translated

_STEPS: dict[str, str] = {
    "lint": N_("Check the card"),
    "fetch": N_("Fetch the files and verify their digests"),
    "mindir": N_("Build the network, load the weights, export MINDIR"),
    "onnx": N_("Lower MINDIR to ONNX and check the model"),
    "smoke": N_("Run all runtimes and compare their outputs"),
}

_WEIGHTS: dict[str, str] = {
    "published": N_("published checkpoint"),
    "seeded": N_("untrained, made from the seed"),
    "none": N_("none"),
}


def verification(entry: Entry) -> Verification | None:
    """The receipt of a card, laid out; None without one."""
    receipt = entry.receipt
    if receipt is None:
        return None
    facts = (
        Figure(_("Network"), receipt.network),
        Figure(_("Code of the network"), _code(receipt.repository)),
        Figure(_("Names of MindSpore 1.x that it used"), ", ".join(receipt.compat)),
        *(
            Figure(runtime(name), _("not run: %(reason)s") % {"reason": reason})
            for name, reason in receipt.skipped.items()
        ),
        Figure(_("Weights"), _(_WEIGHTS[receipt.weights]) if receipt.weights in _WEIGHTS else receipt.weights),
        Figure(_("Parameters"), text.number(receipt.parameters) if receipt.parameters else ""),
        Figure(_("Seed of the inputs"), str(receipt.seed)),
        Figure(_("Digest of the card"), f"{receipt.card_sha256[:16]}…"),
    )
    sensitivity = receipt.sensitivity
    return Verification(
        date=day(receipt),
        time=receipt.created[11:16],
        created=receipt.created,
        standing=standing(entry),
        steps=tuple(
            StepRow(
                _(_STEPS[step.name]) if step.name in _STEPS else step.name,
                MARKS[step.status],
                translated(step.reason),
                "" if step.status is Status.SKIPPED or step.seconds == 0 else text.seconds(step.seconds),
            )
            for step in receipt.steps
        ),
        parity=tuple(_parity_row(pair, inputs) for pair, inputs in comparisons(receipt.parity)),
        sensitivity=(
            Figure(_("Share of the output that moves"), text.percent(sensitivity.changed)),
            Figure(_("Largest change"), f"{sensitivity.max_change:.3g}"),
            Figure(_("Standard deviation of the output"), f"{sensitivity.deviation:.3g}"),
        )
        if sensitivity
        else (),
        sensitivity_mark=Mark.PASSED if sensitivity and sensitivity.passed else Mark.FAILED,
        inference=_timings({runtime(name): value for name, value in receipt.inference_seconds.items()}),
        parts=_timings(receipt.step_seconds),
        facts=tuple(fact for fact in facts if fact.value),
        versions=tuple(Figure(name, version) for name, version in sorted(receipt.versions.items())),
        machine=tuple(Figure(name, value) for name, value in sorted(receipt.machine.items())),
    )


def _code(repository: Repository | None) -> str:
    if repository is None:
        return ""
    return f"{' '.join(filter(None, (repository.url, repository.folder)))} @ {repository.commit[:12]}"


def asset_rows(card: Card, receipt: Receipt | None) -> tuple[AssetRow, ...]:
    """The files that a card names, and what became of each."""
    checks = {(check.link, check.sha256): check for check in receipt.assets} if receipt else {}
    rows = []
    for asset in card.assets:
        check: AssetCheck | None = checks.get((asset.link, asset.sha256))
        link = web_link(asset.link)
        rows.append(
            AssetRow(
                file_format=asset.file_format,
                name=last_part(asset.link) or asset.link or _("a file without a link"),
                url=link,
                sha256=asset.sha256,
                size=text.size(check.size) if check and check.size else "",
                mark=MARKS[check.status] if check else Mark.NONE,
                reason=translated(check.reason) if check else "",
            )
        )
    return tuple(rows)


def file_rows(root: str, receipt: Receipt | None, downloads: Mapping[str, str]) -> tuple[FileRow, ...]:
    """The files that were made. ``downloads`` tells where the site has them, by their path in the receipt; ``root`` is
    the link to the site's root."""
    return tuple(_file_row(root, model, downloads) for model in receipt.models) if receipt else ()


def _file_row(root: str, model: ModelFile, downloads: Mapping[str, str]) -> FileRow:
    most = max(model.operators.values(), default=0)
    total = sum(model.operators.values())
    facts = (
        Figure(_("Opset"), str(model.opset) if model.opset is not None else ""),
        Figure(_("Operators"), _operator_count(total, len(model.operators)) if total else ""),
    )
    return FileRow(
        label=FORMATS[model.format][0] if model.format in FORMATS else model.format,
        name=PurePosixPath(model.path).name,
        url=root + url(downloads[model.path]) if model.path in downloads else "",
        sha256=model.sha256,
        size=text.size(model.size),
        note=translated(model.note),
        facts=tuple(fact for fact in facts if fact.value),
        ports=(
            *(_port(_("input"), tensor) for tensor in model.inputs),
            *(_port(_("output"), tensor) for tensor in model.outputs),
        ),
        operators=tuple(
            OperatorRow(name, text.number(count), round(100 * count / most, 1) if most else 0.0)
            for name, count in sorted(model.operators.items(), key=lambda item: (-item[1], item[0]))
        ),
    )


def _operator_count(count: int, kinds: int) -> str:
    words = ngettext("%(count)s of %(kinds)s kind", "%(count)s of %(kinds)s kinds", kinds)
    return words % {"count": text.number(count), "kinds": text.number(kinds)}


def _port(kind: str, tensor: Tensor) -> PortRow:
    return PortRow(kind, tensor.name, " × ".join(str(axis) for axis in tensor.shape) or _("scalar"), tensor.dtype)


def _parity_row(pair: Parity, inputs: int) -> ParityRow:
    return ParityRow(
        reference=runtime(pair.reference),
        candidate=runtime(pair.candidate),
        compared=what_was_compared(pair, inputs),
        max_abs=text.error(pair.max_abs),
        max_abs_limit=text.error(pair.atol),
        max_rel=text.error(pair.max_rel),
        over=text.per_million(pair.ppm_over_rtol),
        over_limit=text.per_million(pair.ppm),
        rtol=text.error(pair.rtol),
        bit_equal=pair.bit_equal,
        exact=pair.atol == 0 and pair.rtol == 0,
        mark=Mark.PASSED if pair.passed else Mark.FAILED,
        bar=error_bar(pair),
    )


def _timings(measured: Mapping[str, float]) -> tuple[TimingRow, ...]:
    longest = max(measured.values(), default=0.0)
    return tuple(
        TimingRow(label, text.seconds(value), round(100 * value / longest, 1) if longest else 0.0)
        for label, value in measured.items()
    )
