"""``hubkit rules``."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from hubkit.lint.diagnostic import Severity
from hubkit.lint.manual import FIX_WORDS, manual, record
from hubkit.lint.rule import Rule, nearest_rule
from hubkit.lint.rules import RULES

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


@click.command("rules")
@click.argument("rule", required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to list.",
)
def command(rule: str | None, format_: str) -> None:
    """List the rules of the linter, or show the manual of one.

    RULE is the id of a rule; without it, all rules are listed with their severity, category and kind of fix.
    """
    chosen = [_find(rule)] if rule is not None else list(RULES)
    if format_ == "json":
        click.echo(json.dumps([record(each) for each in chosen], ensure_ascii=False, indent=2))
    elif rule is not None:
        click.echo(_page(chosen[0]))
    else:
        click.echo("\n".join(_table(chosen)))


def _find(name: str) -> Rule:
    known = {rule.id: rule for rule in RULES}
    found = known.get(name.lower().replace("_", "-"))
    if found is None:
        near = nearest_rule(name, list(known))
        hint = f"Did you mean {near!r}?" if near else "`hubkit rules` lists them."
        raise click.UsageError(f"There is no rule {name!r}. {hint}")
    return found


def _table(rules: list[Rule]) -> Iterator[str]:
    """A line a rule: id, severity, category, kind of fix, and what it finds."""
    rows = [(rule.id, rule.severity.value, rule.category.value, FIX_WORDS[rule.fix]) for rule in rules]
    heads = ("rule", "severity", "category", "fix")
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    line = [head.ljust(width) for head, width in zip(heads, widths, strict=True)]
    yield click.style("  ".join([*line, "what it finds"]), bold=True)
    for rule, row in zip(rules, rows, strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        cells[1] = click.style(cells[1], fg=_COLOURS[rule.severity])
        yield "  ".join([*cells, manual(rule.id).summary])


def _page(rule: Rule) -> str:
    """The manual of a rule, its metadata in the second line."""
    text = manual(rule.id)
    fix = f", {FIX_WORDS[rule.fix]} fix" if FIX_WORDS[rule.fix] else ", no fix"
    title = click.style(rule.id, bold=True)
    return f"{title}: {text.summary}\n({rule.severity.value}, {rule.category.value}{fix})\n\n{text.text}"
