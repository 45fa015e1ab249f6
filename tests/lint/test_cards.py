"""Cards as they lie in a hub: tests/cards/good are clean, tests/cards/bad/<rule> are found by that rule alone.

Dropping in a file adds a test. Under ``good`` and below each rule the layout is a hub's, so that folder and file name
are right: ``bad/<rule>/[<what it shows>/]<version>/<name>.md``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.links.verdict import split_fragment
from hubkit.lint.diagnostic import Severity
from hubkit.lint.engine import lint
from hubkit.lint.online import OnlineCards
from hubkit.lint.rules import RULES
from hubkit.lint.selection import choose
from hubkit.settings import Settings
from tests.lint.answers import ANSWERS, online_findings
from tests.requirements import PROJECT

CARDS = PROJECT / "tests" / "cards"
GOOD = sorted((CARDS / "good").rglob("*.md"))
BAD = sorted((CARDS / "bad").rglob("*.md"))
TOGETHER = {rule.id for rule in RULES if rule.check_catalogue is not None}
ONLINE = {rule.id for rule in RULES if rule.check_online is not None}


def name(path: Path) -> str:
    return path.relative_to(CARDS).as_posix()


def rule_of(path: Path) -> str:
    """The rule that a bad card is for."""
    return path.relative_to(CARDS / "bad").parts[0]


@pytest.mark.parametrize("path", sorted((PROJECT / "cards").rglob("*.md")), ids=lambda path: str(path.name))
def test_a_published_card_has_no_findings(path: Path) -> None:
    assert lint([path], Settings()).diagnostics == ()


@pytest.mark.parametrize("path", GOOD, ids=lambda path: str(path.name))
def test_a_good_card_has_no_errors(path: Path) -> None:
    """They are written in unusual ways, on which rules may remark."""
    assert lint([path], Settings()).count(Severity.ERROR) == 0


@pytest.mark.parametrize("path", [path for path in BAD if rule_of(path) not in TOGETHER | ONLINE], ids=name)
def test_a_bad_card_is_found_by_its_rule_and_by_no_other(path: Path) -> None:
    assert {found.rule for found in lint([path], Settings()).diagnostics} == {rule_of(path)}


@pytest.mark.parametrize("rule", sorted(TOGETHER))
def test_bad_cards_are_found_together_by_their_rule_and_by_no_other(rule: str) -> None:
    assert {found.rule for found in lint([CARDS / "bad" / rule], Settings()).diagnostics} == {rule}


@pytest.mark.parametrize("path", [path for path in BAD if rule_of(path) in ONLINE], ids=name)
def test_a_bad_link_is_found_where_the_network_says_so_and_only_there(path: Path) -> None:
    assert lint([path], Settings()).diagnostics == ()
    assert {found.rule for found in online_findings([path], ANSWERS)} == {rule_of(path)}


def test_the_network_is_given_an_answer_for_each_bad_link() -> None:
    cards = OnlineCards([path for path in BAD if rule_of(path) in ONLINE], choose(Settings(), online=True))
    pages = {split_fragment(link)[0] for link in cards.links()}
    assert {page for page in pages if ".example/" in page} == set(ANSWERS)


def test_every_rule_has_a_bad_card_and_every_folder_a_rule() -> None:
    assert {path.name for path in (CARDS / "bad").iterdir()} == {rule.id for rule in RULES}
    assert len(GOOD) >= 3
