"""Runs the rules over cards: each card by itself, then all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from sys import intern

from hubkit.card.find import card_files
from hubkit.card.parse import Document, read_document
from hubkit.card.text import Source
from hubkit.lint import suppression
from hubkit.lint.cache import Cache
from hubkit.lint.diagnostic import Diagnostic, Report
from hubkit.lint.facts import CardFacts, gather
from hubkit.lint.parallel import spread
from hubkit.lint.rule import CatalogueFinding, Context, Rule
from hubkit.lint.rules import RULES
from hubkit.lint.selection import Selection, choose
from hubkit.settings import Settings

_UNREAD = "unread"  # no file has this stamp: a card that could not be read is tried again by the next run
_LONGEST = 1_000  # characters of a message or a hint: both may quote the card


@dataclass(frozen=True, slots=True)
class CardResult:
    """What is known of one card after its own rules ran."""

    diagnostics: tuple[Diagnostic, ...]
    """Its findings, before suppressions."""
    facts: CardFacts
    """What the rules over the whole catalogue need."""
    suppresses: bool
    """Whether the card holds a suppression."""
    around: tuple[tuple[str, str], ...]
    """Other files that its rules looked at, each with its stamp."""


def lint(
    paths: Iterable[Path],
    settings: Settings,
    *,
    selection: Selection | None = None,
    jobs: int = 1,
    cache: Cache | None = None,
) -> Report:
    """Lint the cards at ``paths``; a folder stands for every card below it.

    The findings' order depends on nothing but the paths and the cards. Raises CardError where a path does not exist.
    """
    selection = selection or choose(settings)
    files = card_files(paths)
    known: dict[Path, CardResult] = {}
    if cache is not None:
        known = {path: result for path in files if (result := cache.card(path)) is not None}
    missing = [path for path in files if path not in known]
    for path, result in zip(missing, spread(_Checker(settings, selection), missing, jobs), strict=True):
        known[path] = result
        if cache is not None:
            cache.remember(path, result)
    if cache is not None:
        cache.save()
    around = {path: stamp for file in files for path, stamp in known[file].around}
    return Report(tuple(_merge(files, known, settings, selection)), len(files), around)


@dataclass(frozen=True)
class _Checker:
    """Checks one card; it is sent to other processes."""

    settings: Settings
    selection: Selection

    def __call__(self, path: Path) -> CardResult:
        document = read_document(path)
        result = check_card(document, path.absolute(), self.settings, self.selection)
        if any(problem.rule == "card-unreadable" for problem in document.problems):
            return replace(result, around=((str(path), _UNREAD),))
        return result


def check_card(document: Document, path: Path, settings: Settings, selection: Selection) -> CardResult:
    """Run the rules of one card on a parsed document that lies, or is to lie, at the absolute ``path``."""
    context = Context(path, settings)
    ignored = selection.ignored(path.as_posix())
    rules = [rule for rule in selection.rules if rule.id not in ignored]
    return CardResult(
        tuple(lint_document(document, context, rules)),
        gather(document, path),
        suppression.MARK in document.source.text,
        tuple(context.around.items()),
    )


def lint_document(document: Document, context: Context, rules: Sequence[Rule] = RULES) -> list[Diagnostic]:
    """The findings of one parsed card, by place and then by rule, each once; suppressions are not looked at."""
    found = {
        (rule.id, finding): rule
        for rule in rules
        if rule.check is not None
        for finding in rule.check(document, context)
    }
    if not found:
        return []
    places = {(rule, finding.start) for rule, finding in found}
    lines: dict[int, str] = {}  # findings on one line share its text: a line may be as long as the card
    diagnostics: list[Diagnostic] = []
    for (_, finding), rule in found.items():
        # What is missing has no place of its own: it is told wherever it is reported.
        placed = finding.end > finding.start
        if placed and any((other, finding.start) in places for other in rule.yields_to):
            continue
        span = document.source.span(finding.start, finding.end)
        if span.line not in lines:
            lines[span.line] = intern(document.source.line(span.line))
        diagnostics.append(
            Diagnostic(
                path=document.path,
                line=span.line,
                column=span.column,
                end_line=span.end_line,
                end_column=span.end_column,
                rule=rule.id,
                severity=rule.severity,
                message=intern(_cut(finding.message)),
                hint=intern(_cut(finding.hint)),
                source_line=lines[span.line],
                fix=finding.fix,
            )
        )
    diagnostics.sort(key=_order)
    return diagnostics


def _merge(
    files: Sequence[Path], known: Mapping[Path, CardResult], settings: Settings, selection: Selection
) -> Iterator[Diagnostic]:
    """The findings of all cards with those of the whole catalogue, less what cards suppress."""
    together = _catalogue_findings([known[path].facts for path in files], settings, selection)
    for path in files:
        result = known[path]
        diagnostics = list(result.diagnostics)
        ignored = selection.ignored(result.facts.absolute) if selection.path_ignores else frozenset()
        if of_all := together.get(result.facts.path):
            head = result.facts.source
            more = [_diagnostic(rule, found, head) for rule, found in of_all if rule.id not in ignored]
            diagnostics = sorted([*diagnostics, *more], key=_order)
        if result.suppresses:
            diagnostics = without_suppressed(read_document(path), path.absolute(), diagnostics, selection)
        yield from diagnostics


def _catalogue_findings(
    cards: Sequence[CardFacts], settings: Settings, selection: Selection
) -> dict[str, list[tuple[Rule, CatalogueFinding]]]:
    found: dict[str, list[tuple[Rule, CatalogueFinding]]] = {}
    for rule in selection.rules:
        if rule.check_catalogue is not None:
            for finding in rule.check_catalogue(cards, settings):
                found.setdefault(finding.path, []).append((rule, finding))
    return found


def without_suppressed(
    document: Document, path: Path, diagnostics: list[Diagnostic], selection: Selection
) -> list[Diagnostic]:
    """What is left of a card's findings after its suppressions, and a finding for each that suppresses nothing."""
    if suppression.MARK not in document.source.text:
        return diagnostics
    ignored = selection.ignored(path.as_posix())
    ran = {rule.id: rule for rule in selection.rules if rule.id not in ignored}
    kept, unused = suppression.apply(document, diagnostics, {rule.id for rule in RULES}, ran)
    reporting = ran.get("unused-suppression")
    if reporting is not None:
        found = replace(reporting, check=lambda *_: iter(unused))
        kept = [*kept, *lint_document(document, Context(path, Settings()), [found])]
    return sorted(kept, key=_order)


def _diagnostic(rule: Rule, found: CatalogueFinding, source: Source) -> Diagnostic:
    place, finding = found.place, found.finding
    span = source.span(place.start, place.end)
    return Diagnostic(
        path=found.path,
        line=span.line,
        column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
        rule=rule.id,
        severity=rule.severity,
        message=_cut(finding.message),
        hint=_cut(finding.hint),
        source_line=source.line(span.line),
        fix=finding.fix,
    )


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3] + "..."


def _order(diagnostic: Diagnostic) -> tuple[int, int, int, int, str, str]:
    return (
        diagnostic.line,
        diagnostic.column,
        diagnostic.end_line,
        diagnostic.end_column,
        diagnostic.rule,
        diagnostic.message,
    )
