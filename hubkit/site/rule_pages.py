"""The manuals of the linter's rules as pages, each rule's docstring being its manual."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from hubkit.resources import package_digest
from hubkit.site import text
from hubkit.site.catalogue import Catalogue, Page
from hubkit.site.claims import Figure
from hubkit.site.i18n import N_, _, ngettext
from hubkit.site.markdown import render_body
from hubkit.site.paths import HOME
from hubkit.site.reference import RuleGroup, RulePage, RuleRow, RulesPage

if TYPE_CHECKING:
    from hubkit.lint.rule import Rule

_FOLDER = "rules"
_INDEX = f"{_FOLDER}/index.html"

_SEVERITIES = {"error": N_("Error"), "warning": N_("Warning"), "info": N_("Information")}
_FIXES = {"none": N_("none"), "safe": N_("safe"), "unsafe": N_("may change the meaning")}
_CATEGORIES = {
    "file": N_("The file"),
    "front matter": N_("Front matter"),
    "names and vocabularies": N_("Names and vocabularies"),
    "versions": N_("Versions"),
    "hashes": N_("Digests"),
    "links": N_("Links"),
    "body": N_("The text"),
    "catalogue": N_("The whole catalogue"),
}


def rule_pages(catalogue: Catalogue) -> Iterator[Page]:
    """A page a rule, and the list of all."""
    code = (package_digest("lint"),)
    yield Page(path=_INDEX, template="rules.html", context=partial(_index, catalogue), depends=code)
    for rule_id in _ids():
        yield Page(path=_path(rule_id), template="rule.html", context=partial(_page, catalogue, rule_id), depends=code)


def _ids() -> list[str]:
    """All rules by their ids, which are the names of their files: to load the rules takes long, and few need it."""
    folder = Path(__file__).resolve().parents[1] / "lint" / "rules"
    return sorted(path.stem.replace("_", "-") for path in folder.glob("[!_]*.py"))


def _rules() -> tuple[Rule, ...]:
    from hubkit.lint.rules import RULES  # here: it loads every rule

    return RULES


def _path(rule_id: str) -> str:
    return f"{_FOLDER}/{rule_id}.html"


def _index(catalogue: Catalogue) -> RulesPage:
    frame = catalogue.frame(_INDEX)
    groups: dict[str, list[RuleRow]] = {}
    for rule in _rules():
        groups.setdefault(rule.category.value, []).append(_row(rule, frame.pages))
    count = len(_rules())
    return RulesPage(
        frame=frame,
        crumbs=(Figure("", _("Models"), frame.pages + HOME), Figure("", _("Rules"))),
        count=ngettext("%(count)s rule", "%(count)s rules", count) % {"count": text.number(count)},
        groups=tuple(
            RuleGroup(name.replace(" ", "-"), _(_CATEGORIES[name]), tuple(rows)) for name, rows in groups.items()
        ),
    )


def _page(catalogue: Catalogue, rule_id: str) -> RulePage:
    rule = next(rule for rule in _rules() if rule.id == rule_id)
    frame = catalogue.frame(_path(rule_id))
    return RulePage(
        frame=frame,
        crumbs=(
            Figure("", _("Models"), frame.pages + HOME),
            Figure("", _("Rules"), frame.pages + _INDEX),
            Figure("", rule.id),
        ),
        rule=_row(rule, frame.pages),
        category=_(_CATEGORIES[rule.category.value]),
        manual=_manual(rule.id),
    )


def _row(rule: Rule, root: str) -> RuleRow:
    from hubkit.lint.manual import manual

    return RuleRow(
        id=rule.id,
        url=root + _path(rule.id),
        severity=_(_SEVERITIES[rule.severity.value]),
        fix=_(_FIXES[rule.fix.value]),
        summary=manual(rule.id).summary,
    )


@cache
def _manual(rule_id: str) -> Markup:
    from hubkit.lint.manual import manual

    return render_body(manual(rule_id).text)
