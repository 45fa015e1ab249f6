"""``hubkit.lint(paths)``: the linter as a function."""

from __future__ import annotations

from pathlib import Path

import pytest

import hubkit
from hubkit.errors import CardError, ConfigError
from hubkit.lint.diagnostic import Report, Severity
from hubkit.settings import Settings
from tests.hubs import write_card


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "cards" / f"{write_card(tmp_path / 'cards', 'net', content=b'x')}.md"
    path.write_text(path.read_text(encoding="utf-8").replace("Apache-2.0", "Apache2.0"), encoding="utf-8")
    return path


def rules(report: Report) -> set[str]:
    return {found.rule for found in report.diagnostics if found.severity is Severity.ERROR}


def test_it_takes_a_folder_a_card_and_many(card: Path, tmp_path: Path) -> None:
    for paths in (str(tmp_path / "cards"), tmp_path / "cards", card, [card], (str(card), card)):
        report = hubkit.lint(paths)
        assert report.files == 1
        assert rules(report) == {"license-spdx"}
        assert report.failed(strict=False)


def test_it_reads_the_settings_of_the_folder_unless_some_are_given(
    card: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hubkit.toml").write_text('ignore = ["license-spdx"]\n', encoding="utf-8")
    assert not rules(hubkit.lint(card))
    assert rules(hubkit.lint(card, settings=Settings())) == {"license-spdx"}
    (tmp_path / "hubkit.toml").write_text("ignore = 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"hubkit\.toml:1"):
        hubkit.lint(card)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="no such file or folder"):
        hubkit.lint(tmp_path / "none")
