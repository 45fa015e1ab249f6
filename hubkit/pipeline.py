"""``hubkit build``: lint, fetch, convert, compare, receipts, site; ordered steps and nothing else."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hubkit.card.find import some_cards, uid_of
from hubkit.card.model import load_card
from hubkit.errors import HubkitError
from hubkit.lint.cache_folder import link_record
from hubkit.lint.diagnostic import Diagnostic, Report, Severity
from hubkit.lint.engine import lint
from hubkit.pool import run_all
from hubkit.receipts import Receipt, Status, Step
from hubkit.settings import Settings
from hubkit.site.build import SiteResult, build_site
from hubkit.store.digest import DigestCache
from hubkit.verification import VerifyOptions, verify

Say = Callable[[str, str], None]
"""Called with a uid and a line of progress."""


@dataclass(frozen=True)
class CardOutcome:
    """What became of one card."""

    uid: str
    """The card."""
    receipt: Receipt | None
    """Its receipt; None where the card could not be used at all."""
    error: str
    """Why there is no receipt; else empty."""

    @property
    def status(self) -> Status:
        """Failed without a receipt; else the receipt's own."""
        return self.receipt.status if self.receipt else Status.FAILED


@dataclass(frozen=True)
class BuildResult:
    """What a build did."""

    report: Report
    """What the linter found."""
    outcomes: tuple[CardOutcome, ...]
    """One a card, by uid."""
    site: SiteResult
    """What the catalogue became."""

    @property
    def failed(self) -> bool:
        """Whether a card failed or the site has a problem."""
        return any(outcome.status is Status.FAILED for outcome in self.outcomes) or bool(self.site.problems)


def build(cards: Path, options: VerifyOptions, settings: Settings, *, jobs: int, say: Say) -> BuildResult:
    """Verify every card of the folder ``cards`` and write receipts, models and the site into ``options.out``.

    ``jobs`` networks are converted at a time. A failure in one card does not stop the others. Whatever did not
    change since the last build is not done again. Raises HubkitError where there is nothing to build.
    """
    paths = {uid_of(path, cards): path for path in some_cards(cards)}
    report = lint([cards], settings)
    counting = {Severity.ERROR, Severity.WARNING} if options.strict else {Severity.ERROR}
    findings = {uid: _findings(report, path, counting) for uid, path in paths.items()}
    options.make_out()
    digests = DigestCache(options.out / ".digests.json")
    try:
        outcomes = _verify_all(cards, paths, findings, options, digests, jobs, say)
    finally:
        digests.save()
    say("", "writing the catalogue")
    site = build_site(
        cards,
        options.out / "site",
        receipts_dir=options.out / "receipts",
        models_dir=options.out / "models",
        links=link_record(settings.file),
    )
    return BuildResult(report, outcomes, site)


def _findings(report: Report, path: Path, counting: set[Severity]) -> tuple[Diagnostic, ...]:
    """The findings in the card at ``path`` that make its lint step fail."""
    return tuple(
        diagnostic
        for diagnostic in report.diagnostics
        if diagnostic.path == str(path) and diagnostic.severity in counting
    )


def _verify_all(
    cards: Path,
    paths: Mapping[str, Path],
    findings: Mapping[str, tuple[Diagnostic, ...]],
    options: VerifyOptions,
    digests: DigestCache,
    jobs: int,
    say: Say,
) -> tuple[CardOutcome, ...]:
    """Verify the cards, ``jobs`` at a time. An interrupt stops the running workers and is raised again."""

    def one(item: tuple[str, Path], stop: threading.Event) -> CardOutcome:
        uid, path = item
        try:
            card = load_card(path, cards)
            receipt = verify(card, _sha256(path), _lint_step(findings[uid]), options, digests, _teller(say, uid), stop)
        except HubkitError as error:
            return CardOutcome(uid, None, str(error))
        return CardOutcome(uid, receipt, "")

    outcomes = run_all(paths.items(), one, jobs=jobs)
    return tuple(sorted(outcomes, key=lambda outcome: outcome.uid))


def _teller(say: Say, uid: str) -> Callable[[str], None]:
    return lambda line: say(uid, line)


def _lint_step(errors: tuple[Diagnostic, ...]) -> Step:
    if not errors:
        return Step("lint", Status.PASSED)
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Step("lint", Status.FAILED, f"line {first.line}: {first.message}{more}")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
