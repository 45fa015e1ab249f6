"""``hubkit convert`` of many: cards and networks, each in a worker of its own, as rows of one table."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hubkit import __version__
from hubkit.card.find import card_path, some_cards, uid_of
from hubkit.card.model import load_card
from hubkit.conversion_receipt import CONVERSION_STEPS
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.failure import MachineError
from hubkit.convert.pipeline import run
from hubkit.convert.records import ConvertJob, ConvertResult, from_json, to_json
from hubkit.errors import HubkitError
from hubkit.fingerprint import fingerprint
from hubkit.nets import find
from hubkit.pool import run_all
from hubkit.receipts import Receipt, ReceiptError, Status, read_receipt, receipt_path
from hubkit.store.digest import DigestCache, sha256_file
from hubkit.verification import VerifyOptions, verify

FORMAT = 1

Say = Callable[[str, str], None]
"""Called with a name and a line of progress."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to convert."""

    name: str
    """The uid of a card, or the name of a network."""
    card: Path | None
    """The card's file; None for a network, which gets seeded weights."""
    wrong: str = ""
    """Why there is nothing to convert under this name; empty where there is."""
    hint: str = ""
    """What to do about it."""

    @property
    def why(self) -> str:
        """The same in one line."""
        return "; ".join(filter(None, (self.wrong, self.hint)))


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file of a row."""

    format: str
    """"mindir" or "onnx"."""
    path: str
    """Where it lies, from the output folder, with forward slashes."""
    sha256: str
    """Its digest."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one target."""

    name: str
    """The target's name."""
    kind: str
    """"card" or "network"."""
    network: str
    """The network that was built; empty where none is known."""
    status: ConversionStatus
    """How it ended."""
    reason: str
    """What went wrong, or why it was skipped; empty where it passed."""
    weights: str
    """"published", "seeded" or "none"."""
    seconds: float
    """How long the conversion took, when it was done."""
    kept: bool
    """Whether it was done before and nothing that it depends on has changed."""
    files: tuple[MadeFile, ...]
    """The files that were made."""
    max_abs: float | None
    """The largest difference of any comparison; None where nothing finite was compared."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A row and what stands behind it."""

    row: Row
    """The row."""
    receipt: Receipt | None = None
    """The receipt, where it is a card that could be read."""
    result: ConvertResult | None = None
    """What the worker said, where it is a network."""


def card_targets(cards: Path) -> tuple[Target, ...]:
    """Every card of the folder ``cards``, by uid. Raises CardError where there is none."""
    return tuple(sorted((Target(uid_of(path, cards), path) for path in some_cards(cards)), key=lambda one: one.name))


def named_target(name: str, cards: Path) -> Target:
    """What a name on the command line stands for: a network, which may have a colon, or a card's uid with its slashes.

    Where there is no such thing, the target says so, with the nearest names.
    """
    try:
        return _found(name, cards)
    except HubkitError as error:
        return Target(name, None, error.message, error.hint)


def _found(name: str, cards: Path) -> Target:
    if ":" not in name and ("/" in name or name.endswith(".md") or (cards / f"{name}.md").is_file()):
        path = card_path(cards, name)
        return Target(uid_of(path, cards), path)
    return Target(find(name).name, None)


def shard(targets: Sequence[Target], number: int, count: int) -> tuple[Target, ...]:
    """The part ``number`` (from 1) of ``count`` parts: the same targets give the same parts, in whatever order."""
    return tuple(sorted(targets, key=lambda one: one.name)[number - 1 :: count])


def convert_all(
    targets: Iterable[Target],
    cards: Path,
    options: VerifyOptions,
    *,
    jobs: int,
    say: Say,
    finished: Callable[[Converted], None] = lambda _: None,
) -> tuple[Converted, ...]:
    """Convert each target in a worker process of its own, ``jobs`` at a time; what came of them by name.

    Whatever becomes of one stops no other. What passed before and has not changed is not done again. An interrupt
    ends the workers and is raised again; what was finished is kept. Raises HubkitError where nothing can be written.
    """
    digests = DigestCache(options.out / ".digests.json")

    def one(target: Target, stop: threading.Event) -> Converted:
        def tell(line: str) -> None:
            say(target.name, line)

        if target.wrong:
            return _untried(target.name, "network", ConversionStatus.SKIPPED, target.why)
        if target.card is None:
            return _network(target.name, options, digests, tell, stop)
        return _card(target.name, target.card, cards, options, digests, tell, stop)

    options.make_out()
    try:
        done = run_all(targets, one, jobs=jobs, finished=finished)
    finally:
        digests.save()
    return tuple(sorted(done, key=lambda converted: converted.row.name))


def document(rows: Sequence[Row]) -> dict[str, Any]:
    """The rows as one JSON document, by ``schema/conversions.schema.json``."""
    counts = {status.value: sum(row.status is status for row in rows) for status in ConversionStatus}
    return {
        "format": FORMAT,
        "generator": f"hubkit {__version__}",
        "summary": {status: count for status, count in counts.items() if count},
        "conversions": [{**to_json(row), "sentence": row.status.sentence} for row in rows],
    }


def _card(
    uid: str,
    path: Path,
    cards: Path,
    options: VerifyOptions,
    digests: DigestCache,
    say: Callable[[str], None],
    stop: threading.Event,
) -> Converted:
    try:
        card = load_card(path, cards)
        before = _receipt(options.out, uid)
        receipt = verify(card, sha256_file(path), None, options, digests, say, stop)
    except HubkitError as error:
        if stop.is_set():
            raise
        status = ConversionStatus.MACHINE_FAILED if isinstance(error, MachineError) else ConversionStatus.SKIPPED
        return _untried(uid, "card", status, str(error))
    steps = [step for step in receipt.steps if step.name in CONVERSION_STEPS]
    told = [step.reason for step in steps if step.status is not Status.PASSED]
    status = receipt.conversion or ConversionStatus.SKIPPED
    row = Row(
        name=uid,
        kind="card",
        network=receipt.network,
        status=status,
        reason="" if status is ConversionStatus.PASSED else told[0] if told else "",
        weights=receipt.weights,
        seconds=sum(step.seconds for step in steps),
        # Measured times never come out the same twice.
        kept=before is not None and bool(receipt.step_seconds) and before.step_seconds == receipt.step_seconds,
        files=tuple(MadeFile(model.format, model.path, model.sha256, model.size) for model in receipt.models),
        max_abs=max((pair.max_abs for pair in receipt.parity if pair.max_abs is not None), default=None),
    )
    return Converted(row, receipt=receipt)


def _untried(name: str, kind: str, status: ConversionStatus, why: str) -> Converted:
    return Converted(Row(name, kind, "", status, why, "none", 0.0, False, (), None))


def _receipt(out: Path, uid: str) -> Receipt | None:
    try:
        return read_receipt(receipt_path(out, uid))
    except ReceiptError:
        return None


def _network(
    name: str,
    options: VerifyOptions,
    digests: DigestCache,
    say: Callable[[str], None],
    stop: threading.Event,
) -> Converted:
    """Convert a network with seeded weights; its record lies beside the receipts, in the folder ``conversions``."""
    stem = name.replace(":", "_")
    job = ConvertJob(
        network=name,
        target_dir=options.out / "models" / stem,
        stem=stem,
        seed=options.seed,
        formats=options.formats,
        onnx=options.onnx,
    )
    record = options.out / "conversions" / f"{stem}.json"
    own = fingerprint(job, "")
    result = _kept(record, own, options, digests)
    kept = result is not None
    if result is None:
        try:
            result = run(job, progress=say, limits=options.limits, evidence=options.evidence, stop=stop)
            _keep(record, own, result)
        except MachineError as error:
            return _untried(name, "network", ConversionStatus.MACHINE_FAILED, str(error))
        for file in result.files:  # remembered now, so that the next run need not read them
            digests.sha256(file.path)
    row = Row(
        name=name,
        kind="network",
        network=result.network,
        status=result.status,
        reason=result.error,
        weights="seeded",
        seconds=sum(result.seconds.values()),
        kept=kept,
        files=tuple(
            MadeFile(file.format, file.path.relative_to(options.out).as_posix(), file.sha256, file.size)
            for file in result.files
        ),
        max_abs=max((pair.max_abs for pair in result.parity), default=None),
    )
    return Converted(row, result=result)


def _kept(record: Path, own: str, options: VerifyOptions, digests: DigestCache) -> ConvertResult | None:
    """The result of before, where nothing has changed since and there is no reason to try again."""
    try:
        data = json.loads(record.read_text(encoding="utf-8"))
        if data["fingerprint"] != own:
            return None
        result = from_json(ConvertResult, data["result"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # there is none, or it is damaged, or of another version: everything is done again
    if result.status is not ConversionStatus.PASSED and not (options.resume and result.status.is_verdict):
        return None
    return result if all(digests.sha256(file.path) == file.sha256 for file in result.files) else None


def _keep(record: Path, own: str, result: ConvertResult) -> None:
    beside = record.with_name(f".{record.name}.{os.getpid()}")
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({"fingerprint": own, "result": to_json(result)}, indent=2), encoding="utf-8")
        beside.replace(record)
    except OSError as error:
        raise MachineError(f"{record} cannot be written: {error.strerror}") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
