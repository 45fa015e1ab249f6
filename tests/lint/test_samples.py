"""The sound card of the tests is sound, so that a finding is due to the change a test makes."""

from __future__ import annotations

from tests.lint.samples import card, lint_text


def test_the_sound_card_has_no_findings() -> None:
    assert lint_text(card()) == []


def test_a_change_changes_one_line() -> None:
    before, after = card().splitlines(), card({"license": "MIT"}).splitlines()
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [
        ("license: Apache-2.0", "license: MIT")
    ]
