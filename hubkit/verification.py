"""One card from its asset to its receipt: fetch, verify, convert, compare. A step that fails is a result, no error."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from hubkit.card.model import Card
from hubkit.conversion_receipt import CONVERSION_STEPS, with_conversion, with_layers, with_result
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.failure import MachineError
from hubkit.convert.limits import NO_LIMITS, Limits
from hubkit.convert.pipeline import run
from hubkit.convert.records import ONNX_DEFAULTS, ConvertJob, OnnxOptions
from hubkit.errors import CardError, ConvertError, FetchError
from hubkit.fingerprint import fingerprint
from hubkit.network_choice import NetworkChoice, choose_network, code_of, kept_commit
from hubkit.receipts import (
    AssetCheck,
    Receipt,
    ReceiptError,
    Repository,
    Status,
    Step,
    read_receipt,
    receipt_path,
    write_receipt,
)
from hubkit.repos.checkout import PinnedCode
from hubkit.repos.errors import RepositoryError, UnreachableError, UntrustedError
from hubkit.repository_network import CodeOptions
from hubkit.store.blobs import BlobStore, DigestMismatchError
from hubkit.store.content import ContentError, Kind, check_file
from hubkit.store.digest import DigestCache
from hubkit.store.fetch import Blob, FetchOptions, fetch

Say = Callable[[str], None]


@dataclass(frozen=True)
class VerifyOptions:
    """How cards are verified."""

    out: Path
    """The output folder: models, receipts and site go below it."""
    store: BlobStore
    """Where fetched files are kept."""
    fetch: FetchOptions
    """How files are fetched."""
    formats: tuple[str, ...]
    """What checkpoints are converted to."""
    seed: int
    """Makes the inputs, and the weights where there are no published ones."""
    strict: bool
    """Whether a file that cannot be fetched, or a lint warning, is a failure."""
    code: CodeOptions = field(default_factory=CodeOptions)
    """How the code of networks is come by, and whose may run."""
    resume: bool = False
    """Whether a conversion that failed is left as it is too while nothing has changed; else it is tried again."""
    limits: Limits = NO_LIMITS
    """What each worker may take."""
    onnx: OnnxOptions = ONNX_DEFAULTS
    """How ONNX files are made."""
    evidence: Path | None = None
    """Where what proves a mismatch is kept; None for beside the models."""

    def make_out(self) -> None:
        """Make the output folder, before any work is done for it. Raises MachineError where it cannot be written."""
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.out):
                pass
        except OSError as error:
            raise MachineError(
                f"the folder {self.out} cannot be written: {error.strerror}", hint="Choose another folder with --out."
            ) from None


@dataclass(frozen=True)
class _Weights:
    """What the asset step found."""

    assets: tuple[AssetCheck, ...]
    """One a file of the card."""
    step: Step
    """How the step ended."""
    checkpoint: Blob | None
    """The verified checkpoint, where there is one."""
    note: str
    """What readers must know where there is none."""


def verify(
    card: Card,
    card_sha256: str,
    lint_step: Step | None,
    options: VerifyOptions,
    digests: DigestCache,
    say: Say,
    stop: threading.Event,
) -> Receipt:
    """Verify one card and write its receipt, and its models below ``options.out``.

    Where ``lint_step`` is None the card was not linted now; what the last receipt says of the same text holds on.
    Where nothing that the conversion depends on has changed since the last receipt, it is not done again. Setting
    ``stop`` ends a running conversion. Raises HubkitError where the receipt cannot be written.
    """
    weights = _fetch_weights(card, options, say)
    previous = previous_receipt(options.out, card.uid)
    code, choice, skip, wrong = _network(card, weights, previous, options)
    if kept := kept_commit(card, code, code_before(previous), options.code):
        say(kept)
    fresh = Receipt(
        uid=card.uid,
        card_sha256=card_sha256,
        created=_now(),
        network=choice.network if choice else card.network.repo if card.network and code else "",
        weights="none" if skip or wrong else "published" if weights.checkpoint else "seeded",
        note="" if skip or wrong else weights.note,
        steps=(lint_step or _linted_before(previous, card_sha256), weights.step),
        assets=weights.assets,
        seed=options.seed,
        repository=_repository(code, choice),
    )
    if choice is None and skip and previous and _still_holds(previous, fresh, options, digests):
        say(f"not run again, and what passed before still holds: {skip}")
        fresh = replace(
            with_conversion(fresh, previous),
            network=previous.network,
            weights=previous.weights,
            note=previous.note,
            repository=previous.repository,
        )
    elif choice is None or skip:
        steps, ended = (
            (_failed(wrong), ConversionStatus.COULD_NOT_BUILD) if wrong else (_skipped(skip), ConversionStatus.SKIPPED)
        )
        fresh = replace(fresh, steps=(*fresh.steps, *steps), conversion=ended)
    else:
        job = _job(card, choice, weights.checkpoint, options)
        own = fingerprint(job, weights.checkpoint.sha256 if weights.checkpoint else "")
        if previous and previous.fingerprint == own and _complete(previous, options, digests):
            fresh = with_conversion(fresh, previous)
        else:
            for line in choice.about():
                say(line)
            result = run(job, progress=say, limits=options.limits, evidence=options.evidence, stop=stop)
            fresh = with_result(fresh, result, out=options.out, formats=options.formats, fingerprint=own)
            for model in fresh.models:  # remembered now, so that the next build need not read them
                digests.sha256(options.out / model.path)
    fresh = with_layers(fresh, options.out)
    if previous and _same(previous, fresh):
        return previous
    write_receipt(options.out, fresh)
    return fresh


def _fetch_weights(card: Card, options: VerifyOptions, say: Say) -> _Weights:
    start = time.perf_counter()
    checks: list[AssetCheck] = []
    checkpoint: Blob | None = None
    for asset in card.assets:
        try:
            blob = fetch(asset.link, asset.sha256, options.store, options.fetch, _percent(say, asset.file_name))
            if asset.file_format == Kind.CKPT:  # this is what the conversion opens
                check_file(blob.path, Kind.CKPT)
        except FetchError as error:
            wrong = isinstance(error, DigestMismatchError | ContentError) or options.strict
            status = Status.FAILED if wrong else Status.SKIPPED
            checks.append(AssetCheck(asset.link, asset.file_format, asset.sha256, status, error.reason))
            continue
        checks.append(AssetCheck(asset.link, asset.file_format, asset.sha256, Status.PASSED, size=blob.size))
        if asset.file_format == "ckpt" and checkpoint is None:
            checkpoint = blob
    seconds = time.perf_counter() - start
    missed = next((check for check in checks if check.status is not Status.PASSED), None)
    failed = next((check for check in checks if check.status is Status.FAILED), None)
    worst = failed or missed
    if worst:
        step = Step("fetch", worst.status, worst.reason, seconds)
    elif checks:
        step = Step("fetch", Status.PASSED, "", seconds)
    else:
        step = Step("fetch", Status.SKIPPED, "the card names no file", seconds)
    why = f"the asset could not be fetched: {worst.reason}" if worst else "the card names no checkpoint"
    note = "" if checkpoint else f"untrained weights (seed {options.seed}): {why}"
    return _Weights(tuple(checks), step, checkpoint, note)


def _percent(say: Say, name: str) -> Callable[[int, int | None], None]:
    """Tells every tenth of a download."""
    told = 0

    def progress(received: int, announced: int | None) -> None:
        nonlocal told
        if announced and received * 10 // announced > told:
            told = received * 10 // announced
            say(f"fetching {name}: {told * 10} % of {announced / 1e6:.1f} MB")

    return progress


def _network(
    card: Card, weights: _Weights, previous: Receipt | None, options: VerifyOptions
) -> tuple[PinnedCode | None, NetworkChoice | None, str, str]:
    """The code that makes the card's network, if it is one of a repository; the network; why the conversion is
    skipped, if it is; and why it cannot be done at all."""
    code = None
    try:
        code = code_of(card, options.code, code_before(previous))
        choice = choose_network(card, options.code, code)
    except UntrustedError as error:
        return code, None, str(error), ""
    except UnreachableError as error:
        return code, None, *(("", str(error)) if options.strict else (str(error), ""))
    except (CardError, RepositoryError) as error:
        return code, None, "", str(error)
    except ConvertError as error:
        return code, None, error.message, ""
    if weights.step.status is Status.FAILED:
        return code, choice, f"the asset is not verified: {weights.step.reason}", ""
    return code, choice, "", ""


def code_before(previous: Receipt | None) -> PinnedCode | None:
    """Where the code of the card's network was found the last time: its commit is looked up once."""
    if previous is None or previous.repository is None:
        return None
    return PinnedCode(previous.repository.url, previous.repository.commit, previous.repository.folder)


def _repository(code: PinnedCode | None, choice: NetworkChoice | None) -> Repository | None:
    if code is None:
        return None
    found = choice.repository if choice else None
    return Repository(
        code.repository,
        code.commit,
        code.folder,
        found.entry_sha256 if found else "",
        found.trusted_by if found else "",
    )


def _job(card: Card, choice: NetworkChoice, checkpoint: Blob | None, options: VerifyOptions) -> ConvertJob:
    return ConvertJob(
        target_dir=options.out / "models" / card.uid,
        stem=card.name,
        checkpoint=checkpoint.path if checkpoint else None,
        seed=options.seed,
        formats=options.formats,
        onnx=options.onnx,
        **choice.fields(),
    )


def previous_receipt(out: Path, uid: str) -> Receipt | None:
    """The card's receipt in the output folder; None where there is none that can be read."""
    path = receipt_path(out, uid)
    if not path.is_file():
        return None
    try:
        return read_receipt(path)
    except ReceiptError:
        return None  # damaged, or of another version of hubkit: everything is done again


def _linted_before(previous: Receipt | None, card_sha256: str) -> Step:
    step = previous.step("lint") if previous and previous.card_sha256 == card_sha256 else None
    return step or Step("lint", Status.SKIPPED, "convert does not lint; run hubkit lint")


def _complete(previous: Receipt, options: VerifyOptions, digests: DigestCache) -> bool:
    """Whether the last conversion passed and its files are still what the receipt says, or failed and is left so."""
    if previous.conversion is not ConversionStatus.PASSED:
        return options.resume and previous.conversion is not None and previous.conversion.is_verdict
    files = {options.out / model.path: model.sha256 for model in previous.models}
    for model in previous.models:
        files.update((options.out / Path(model.path).parent / part.name, part.sha256) for part in model.beside)
    return all(digests.sha256(path) == sha256 for path, sha256 in files.items())


def _still_holds(previous: Receipt, fresh: Receipt, options: VerifyOptions, digests: DigestCache) -> bool:
    """Whether what passed before is about the same card, the same files and the same code."""
    before, now = previous.repository, fresh.repository
    return (
        previous.conversion is ConversionStatus.PASSED
        and (previous.card_sha256, previous.assets, previous.seed) == (fresh.card_sha256, fresh.assets, fresh.seed)
        and before is not None
        and now is not None
        and (before.url, before.commit, before.folder) == (now.url, now.commit, now.folder)
        and {model.format for model in previous.models} >= set(options.formats)
        and _complete(previous, options, digests)
    )


def _same(previous: Receipt, fresh: Receipt) -> bool:
    """Whether the two say the same but for when, and how long the steps that were done again took."""
    steps = [replace(step, seconds=0.0) for step in fresh.steps]
    return replace(fresh, created=previous.created, steps=()) == replace(previous, steps=()) and steps == [
        replace(step, seconds=0.0) for step in previous.steps
    ]


def _skipped(reason: str) -> tuple[Step, ...]:
    return tuple(Step(name, Status.SKIPPED, reason) for name in CONVERSION_STEPS)


def _failed(reason: str) -> tuple[Step, ...]:
    first, *others = CONVERSION_STEPS
    skipped = (Step(name, Status.SKIPPED, f"the step {first} failed") for name in others)
    return Step(first, Status.FAILED, reason), *skipped


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
