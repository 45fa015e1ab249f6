"""Every rule is in the table, and its docstring is a manual whose examples are true."""

from __future__ import annotations

import importlib
import re
from types import ModuleType

import pytest

from hubkit.card.body import MAX_BODY_LINES, MAX_BODY_MARKUP
from hubkit.card.parse import MAX_CARD_BYTES, MAX_FRONT_MATTER_CHARACTERS
from hubkit.card.schema import violations
from hubkit.card.yaml_front import MAX_VALUES
from hubkit.lint.diagnostic import Severity
from hubkit.lint.rules import RULES
from tests.lint.samples import ASSET, FIELDS, card, findings, lint_text, parsed
from tests.requirements import PROJECT

FOLDER = PROJECT / "hubkit" / "lint" / "rules"
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
MANUAL = re.compile(r"\A(?P<what>[^\n]+\.)\n\n(?P<why>.+?)\n\nBad:(?P<bad>.+?)\n\nGood:(?P<good>.+)\Z", re.DOTALL)


def module(name: str) -> ModuleType:
    return importlib.import_module(f"hubkit.lint.rules.{name}")


def manual(name: str) -> re.Match[str]:
    found = MANUAL.match((module(name).__doc__ or "").strip())
    assert found, f"{name}: its docstring needs what it checks, why, Bad: and Good:"
    return found


def test_the_table_holds_every_rule_once() -> None:
    assert sorted(rule.id for rule in RULES) == [name.replace("_", "-") for name in MODULES]
    assert all(isinstance(rule.severity, Severity) for rule in RULES)


def test_a_rule_yields_to_rules_that_there_are() -> None:
    for rule in RULES:
        assert rule.yields_to <= {other.id for other in RULES} - {rule.id}


@pytest.mark.parametrize("name", MODULES)
def test_a_rules_module_is_named_as_its_id_and_has_a_manual(name: str) -> None:
    assert module(name).RULE.id == name.replace("_", "-")
    found = manual(name)
    assert len(found["why"]) > 80


def example(text: str) -> str:
    """The indented lines of an example; nothing where it is told in words."""
    lines = text.strip("\n").split("\n")
    return "\n".join(line[4:] for line in lines) if all(line[:4] in ("", "    ") for line in lines) else ""


def card_with(example: str, good: str) -> str:
    """An example that is a whole card; or the sound card, whose lines with the good example's keys it replaces."""
    if example.startswith("#"):
        return example + "\n"
    keys = [line.split(":")[0] for line in good.splitlines()]
    replaced = re.compile(rf"^([ ]*)(?:{'|'.join(keys)}): .*\n", re.MULTILINE)
    text = card({"mindspore-version": '"1.10"', "model-version": '"1.10"'} if "1.10" in example else {})
    first = replaced.search(text)
    assert first, f"the sound card has none of the keys {keys}"
    lines = "".join(f"{first[1]}{line}\n" for line in example.splitlines())
    return replaced.sub("", text[: first.start()]) + lines + replaced.sub("", text[first.end() :])


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_manual_are_true(name: str) -> None:
    found = manual(name)
    bad, good = example(found["bad"]), example(found["good"])
    rule = module(name).RULE.id
    keys = {line.split(":")[0] for line in (bad + "\n" + good).splitlines() if line and not bad.startswith("#")}
    if not bad or not good or module(name).RULE.check is None or not keys <= {*FIELDS, *ASSET}:
        # Told in words, of a body, or of several cards: the bad card of the rule in tests/cards stands for it.
        assert (PROJECT / "tests" / "cards" / "bad" / rule).is_dir()
        return
    assert findings(rule, card_with(bad, good)) != []
    assert findings(rule, card_with(good, good)) == []


def test_the_manual_of_card_size_names_the_limits() -> None:
    text = module("card_size").__doc__ or ""
    for limit in (MAX_CARD_BYTES, MAX_FRONT_MATTER_CHARACTERS, MAX_VALUES, MAX_BODY_LINES, MAX_BODY_MARKUP):
        assert f"{limit:,}" in text


def test_the_manual_of_link_host_names_its_option() -> None:
    assert "Option: `known-hosts`" in (module("link_host").__doc__ or "")


def test_what_the_schema_rule_leaves_to_others_is_told_by_them() -> None:
    """``yields_to`` must hide nothing: where it applies, the other rule speaks of the same place."""
    changes = {"asset-sha256": "12ab", "asset-link": "gitee.com/x", "repo-link": "ftp://gitee.com/x"}
    document = parsed(card(changes))
    assert document.front is not None
    hidden = {violation.start for violation in violations(document.front)}
    told = {document.source.line_start(found.line) + found.column - 1 for found in lint_text(card(changes))}
    assert len(hidden) == 3
    assert hidden <= told
