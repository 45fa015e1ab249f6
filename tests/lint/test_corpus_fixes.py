"""Fixing a whole real catalogue: nothing that can be fixed is left, and every card still parses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from hubkit.card.parse import parse_file
from hubkit.lint.engine import lint
from hubkit.lint.mending import mend_cards
from hubkit.lint.selection import choose
from hubkit.settings import Settings

# Every seventh card keeps the test short; all families and versions are among them.
STEP = 7


@pytest.fixture
def some_cards(corpus_dir: Path, tmp_path: Path) -> Path:
    for path in sorted(corpus_dir.rglob("*.md"))[::STEP]:
        target = tmp_path / "cards" / path.relative_to(corpus_dir)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return tmp_path / "cards"


def test_what_is_left_is_for_people_and_every_card_parses(some_cards: Path) -> None:
    hub = Settings()
    selection = choose(hub)
    readable = {path for path in some_cards.rglob("*.md") if parse_file(path).front is not None}
    assert len(readable) > 390
    for unsafe in (False, True):
        report = lint([some_cards], hub, selection=selection)
        results = dict(mend_cards(report, hub, selection, unsafe=unsafe, write=True))
        assert all(result.refused == () for result in results.values())
        after = lint([some_cards], hub, selection=selection)
        assert [found for found in after.diagnostics if found.fix and (found.fix.safe or unsafe)] == []
    assert {path for path in some_cards.rglob("*.md") if parse_file(path).front is not None} == readable
    for path in readable:  # and so does YAML's own reader, which takes every value for what it is
        fields = yaml.safe_load(path.read_text(encoding="utf-8").split("\n---\n")[1])
        assert str(fields["mindspore-version"]) == path.parent.name
        assert fields["license"] == "Apache-2.0"
        assert fields["repo-link"].startswith("https://")
