"""A good card, ways to break it, and what a rule says of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from hubkit.card.parse import parse_bytes
from hubkit.card.text import Source
from hubkit.lint.diagnostic import Diagnostic
from hubkit.lint.engine import lint_document
from hubkit.lint.facts import gather
from hubkit.lint.fixes import fix_text
from hubkit.lint.rule import Context, Rule
from hubkit.lint.rules import RULES
from hubkit.settings import Settings

PATH = "/hub/mindspore/1.9/u2net_dutstr.md"

DIGEST = "c3a725b159817161fc3dfd9d4a6758e3cda530ea0927be8d908262be3a88e86c"

GOOD = f"""\
# u2net

---
model-name: u2net
backbone-name: u2net
module-type: cv
fine-tunable: true
model-version: "1.9"
train-dataset: dutstr
evaluation: acc99.05
author: MindSpore team
update-time: 2022-10-11
repo-link: https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net
user-id: MindSpore
used-for: inference
mindspore-version: "1.9"
asset:
  - file-format: ckpt
    asset-link: https://download.mindspore.cn/models/r1.9/u2net_ascend_v190_dutstr_research_cv_acc99.05.ckpt
    asset-sha256: {DIGEST}
license: Apache-2.0
summary: u2net finds the salient object of a picture
---

## Introduction

U2-Net finds the salient object of a picture.
"""
"""A card in which no rule finds anything that the tests here are about."""


def card(*changes: tuple[str, str]) -> str:
    """GOOD with each (old, new) replaced; each old text must stand in it once."""
    text = GOOD
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the card"
        text = text.replace(old, new)
    return text


def field(key: str, value: str) -> str:
    """GOOD with another value of ``key``, as it is to be written."""
    lines = GOOD.split("\n")
    (number,) = (number for number, line in enumerate(lines) if line.lstrip(" -").startswith(f"{key}:"))
    before = lines[number].split(":", 1)[0]
    lines[number] = f"{before}: {value}" if value else f"{before}:"
    return "\n".join(lines)


@cache
def rule(rule_id: str) -> Rule:
    """The rule of that id."""
    return next(rule for rule in RULES if rule.id == rule_id)


def findings(rule_id: str, text: str, path: str | Path = PATH, settings: Settings | None = None) -> list[Diagnostic]:
    """What ``rule_id`` says of the card ``text`` that lies at ``path``; all rules run, as for a user."""
    document = parse_bytes(text.encode("utf-8"), str(path))
    found = lint_document(document, Context(Path(path), settings or Settings()))
    return [diagnostic for diagnostic in found if diagnostic.rule == rule_id]


def catalogue_findings(rule_id: str, cards: Mapping[str, str], settings: Settings | None = None) -> list[Diagnostic]:
    """What a rule over the whole catalogue says of ``cards``, path -> text."""
    checked = rule(rule_id)
    assert checked.check_catalogue is not None
    facts = [gather(parse_bytes(cards[path].encode("utf-8"), path), Path(path)) for path in sorted(cards)]
    severity = checked.severity
    told = []
    for found in checked.check_catalogue(facts, settings or Settings()):
        source = Source(cards[found.path])
        span = source.span(found.place.start, found.place.end)
        place = (span.line, span.column, span.end_line, span.end_column)
        words = (found.finding.message, found.finding.hint, source.line(span.line))
        told.append(Diagnostic(found.path, *place, rule_id, severity, *words, found.finding.fix))
    return told


def shown(diagnostics: list[Diagnostic]) -> list[str]:
    """Each finding's text as the card has it, then what is said of it, for an assertion on one line."""
    return [
        f"{diagnostic.source_line[diagnostic.column - 1 :][: _width(diagnostic)]}: {diagnostic.message}"
        for diagnostic in diagnostics
    ]


def _width(diagnostic: Diagnostic) -> int | None:
    same_line = diagnostic.end_line == diagnostic.line
    return diagnostic.end_column - diagnostic.column if same_line else None


def fixed(
    rule_id: str, text: str, path: str | Path = PATH, settings: Settings | None = None, *, unsafe: bool = False
) -> str:
    """``text`` with the fixes of ``rule_id`` applied."""
    return fix_text(text, findings(rule_id, text, path, settings), unsafe=unsafe)
