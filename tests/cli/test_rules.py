"""``hubkit rules``: the table, the manuals and JSON."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from hubkit.cli import cli
from hubkit.lint.manual import manual
from hubkit.lint.rule import Rule
from hubkit.lint.rules import RULES


def rules(*arguments: str, color: bool = False) -> Result:
    return CliRunner().invoke(cli, ["rules", *arguments], color=color)


def test_the_table_names_every_rule() -> None:
    done = rules()
    assert done.exit_code == 0
    head, *lines = done.output.splitlines()
    assert head.split() == ["rule", "severity", "category", "fix", "what", "it", "finds"]
    assert [line.split()[0] for line in lines] == [rule.id for rule in RULES]
    start = head.index("what it finds")
    assert [line[start:] for line in lines] == [manual(rule.id).summary for rule in RULES]
    digest = next(line for line in lines if line.startswith("digest-form "))
    assert digest.split()[1:4] == ["error", "hashes", "safe"]


def test_colours_do_not_shift_the_columns() -> None:
    import click

    assert click.unstyle(rules(color=True).output) == rules().output


def test_one_rule_shows_its_manual() -> None:
    done = rules("digest-form")
    assert done.exit_code == 0
    assert done.output.startswith(
        "digest-form: An `asset-sha256` is no SHA-256 digest.\n(error, hashes, safe fix)\n\nA digest is 64 hexadecimal"
    )
    assert "\nBad:\n\n    asset-sha256: 77dcaf0f\n" in done.output
    assert rules("DIGEST_FORM").output == done.output


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("digest-from", "There is no rule 'digest-from'. Did you mean 'digest-form'?"),
        ("zebra", "There is no rule 'zebra'. `hubkit rules` lists them."),
    ],
)
def test_a_rule_that_does_not_exist(name: str, words: str) -> None:
    done = rules(name)
    assert done.exit_code == 2
    assert words in done.output


def test_json_holds_everything() -> None:
    listed = json.loads(rules("--format", "json").output)
    assert [item["id"] for item in listed] == [rule.id for rule in RULES]
    (one,) = json.loads(rules("digest-form", "--format", "json").output)
    assert one == next(item for item in listed if item["id"] == "digest-form")
    assert (one["severity"], one["category"], one["fix"]) == ("error", "hashes", "safe")
    assert one["summary"] == "An `asset-sha256` is no SHA-256 digest."
    assert "Bad:" in one["manual"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_manual(rule: Rule) -> None:
    text = manual(rule.id)
    assert text.summary.endswith(".")
    assert len(text.summary) < 120
    assert "\nBad:" in text.text
    assert "\nGood:" in text.text
