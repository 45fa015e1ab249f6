"""Cards as they lie in a hub: tests/cards/good are clean, tests/cards/bad/<rule> are found by that rule alone.

Dropping in a file adds a test. Under ``good`` and below each rule the layout is a hub's, so that folder and file name
are right: ``bad/<rule>/[<what it shows>/]<version>/<name>.md``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.lint.config import LintConfig
from hubkit.lint.engine import lint
from hubkit.lint.rules import RULES
from tests.requirements import PROJECT

CARDS = PROJECT / "tests" / "cards"
GOOD = sorted((CARDS / "good").rglob("*.md"))
BAD = sorted((CARDS / "bad").rglob("*.md"))


def name(path: Path) -> str:
    return path.relative_to(CARDS).as_posix()


@pytest.mark.parametrize("path", [*GOOD, *sorted((PROJECT / "cards").rglob("*.md"))], ids=lambda path: str(path.name))
def test_a_good_card_has_no_findings(path: Path) -> None:
    assert lint([path], LintConfig()).diagnostics == ()


@pytest.mark.parametrize("path", BAD, ids=name)
def test_a_bad_card_is_found_by_its_rule_and_by_no_other(path: Path) -> None:
    rule = path.relative_to(CARDS / "bad").parts[0]
    assert {found.rule for found in lint([path], LintConfig()).diagnostics} == {rule}


def test_every_rule_has_a_bad_card_and_every_folder_a_rule() -> None:
    assert {path.name for path in (CARDS / "bad").iterdir()} == {rule.id for rule in RULES}
    assert len(GOOD) >= 3
