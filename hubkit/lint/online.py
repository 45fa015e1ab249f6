"""What lint reports of links when the network may be asked: a second step, behind the engine's run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from hubkit.card.parse import Document, read_document
from hubkit.lint import suppression
from hubkit.lint.diagnostic import Diagnostic, Finding, Report
from hubkit.lint.engine import lint_document
from hubkit.lint.rule import Context, Rule
from hubkit.lint.rules import RULES
from hubkit.lint.rules._reach import web_links
from hubkit.lint.selection import Selection
from hubkit.settings import Settings

if TYPE_CHECKING:
    from hubkit.links.verdict import Verdict

_PLACE = attrgetter("line", "column", "end_line", "end_column", "rule", "message")


@dataclass(frozen=True)
class OnlineCards:
    """Cards whose links are to be asked for. They are read twice rather than kept."""

    paths: Sequence[Path]
    """The cards, in order."""
    selection: Selection
    """The rules that run; others than those that need to know how links fare are passed by."""
    read: Callable[[Path], Document] = read_document
    """Reads one of them."""

    def links(self) -> dict[str, None]:
        """The distinct links that a rule wants to know of, in the order in which they stand."""
        found: dict[str, None] = {}
        for path in self.paths:
            if self._rules(path):
                found.update((link.url, None) for link in web_links(self.read(path)))
        return found

    def unread(self) -> list[str]:
        """The paths of cards whose front matter cannot be read, so that the links in it are not known."""
        found = (self.read(path) for path in self.paths if self._rules(path))
        return [document.path for document in found if document.front is None]

    def findings(self, verdicts: Mapping[str, Verdict]) -> dict[str, list[Diagnostic]]:
        """Path -> what the rules say of its links, less what the card suppresses, given page -> verdict."""
        found: dict[str, list[Diagnostic]] = {}
        for path in self.paths:
            rules = self._rules(path)
            if rules:
                document = self.read(path)
                found[document.path] = self._of_card(document, path.absolute(), rules, verdicts)
        return found

    def _rules(self, path: Path) -> list[Rule]:
        ignored = self.selection.ignored(path.absolute().as_posix())
        return [rule for rule in self.selection.rules if rule.check_online is not None and rule.id not in ignored]

    def _of_card(
        self, document: Document, path: Path, rules: Sequence[Rule], verdicts: Mapping[str, Verdict]
    ) -> list[Diagnostic]:
        context = Context(path, Settings())
        found = lint_document(document, context, [_bound(rule, verdicts) for rule in rules])
        ran = {rule.id for rule in rules}
        kept, unused = suppression.apply(document, found, {rule.id for rule in RULES}, ran)
        ignored = self.selection.ignored(path.as_posix())
        for rule in self.selection.rules:
            if rule.id == "unused-suppression" and rule.id not in ignored:
                kept += lint_document(document, context, [replace(rule, check=lambda *_: iter(unused))])
        return kept


def with_links(report: Report, found: Mapping[str, Iterable[Diagnostic]], order: Iterable[str]) -> Report:
    """``report`` with the findings of links, each once; ``order`` are the paths of all cards in order."""
    by_path: dict[str, list[Diagnostic]] = {path: [] for path in order}
    for diagnostic in report.diagnostics:
        by_path.setdefault(diagnostic.path, []).append(diagnostic)
    for path, diagnostics in found.items():
        by_path.setdefault(path, []).extend(diagnostics)
    together = (sorted(dict.fromkeys(diagnostics), key=_PLACE) for diagnostics in by_path.values())
    return replace(report, diagnostics=tuple(item for diagnostics in together for item in diagnostics))


def _bound(rule: Rule, verdicts: Mapping[str, Verdict]) -> Rule:
    """The rule as one of a single card, which knows how links fare."""
    look = rule.check_online
    assert look is not None

    def check(document: Document, _context: Context) -> Iterator[Finding]:
        return look(document, verdicts)

    return replace(rule, check=check)
