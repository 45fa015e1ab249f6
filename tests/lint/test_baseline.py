"""Known findings are kept quiet, new ones show."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.errors import ConfigError
from hubkit.lint.baseline import apply_baseline, write_baseline
from hubkit.lint.diagnostic import Diagnostic, Report, Severity


def finding(
    path: str = "cards/a.md", line: int = 3, rule: str = "one", text: str = "a: wrong", message: str = "wrong"
) -> Diagnostic:
    return Diagnostic(path, line, 1, line, 2, rule, Severity.ERROR, message, "", text, None)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("baseline.json")


OLD = Report((finding(), finding(line=9), finding(rule="two"), finding("cards/b.md", text="b: wrong")), 2)


def left(file: Path, *diagnostics: Diagnostic) -> tuple[Diagnostic, ...]:
    return apply_baseline(Report(diagnostics, 2), write_baseline(OLD, file), file).diagnostics


def test_what_is_known_is_quiet(file: Path) -> None:
    assert left(file, *OLD.diagnostics) == ()
    assert apply_baseline(OLD, write_baseline(OLD, file), file).files == 2


def test_what_moves_stays_known(file: Path) -> None:
    assert left(file, finding(line=30), finding("cards/b.md", 8, text="  b: wrong")) == ()


def test_what_tells_of_other_cards_stays_known_when_they_change(file: Path) -> None:
    assert left(file, finding(message="504 cards write it otherwise")) == ()


@pytest.mark.parametrize(
    "new",
    [
        finding("cards/c.md"),
        finding(rule="three"),
        finding(text="a: wrong too"),
        finding(rule="two", text="b: wrong"),
    ],
)
def test_what_is_new_shows(file: Path, new: Diagnostic) -> None:
    assert left(file, finding(), new) == (new,)


def test_one_more_of_a_kind_shows(file: Path) -> None:
    assert left(file, finding(line=1), finding(line=2), finding(line=3)) == (finding(line=3),)


def test_it_holds_from_every_folder(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = write_baseline(OLD, file)
    absolute = Report(tuple(item._replace(path=str(tmp_path / item.path)) for item in OLD.diagnostics), 2)
    assert apply_baseline(absolute, text, file).diagnostics == ()
    (tmp_path / "cards").mkdir()
    monkeypatch.chdir(tmp_path / "cards")
    assert apply_baseline(Report((finding("a.md"),), 1), text, Path("../baseline.json")).diagnostics == ()


def test_the_text_is_the_same_whatever_the_order(file: Path) -> None:
    turned = Report(OLD.diagnostics[::-1], 2)
    assert write_baseline(turned, file) == write_baseline(OLD, file)


def test_it_can_be_written_whatever_a_path_holds(file: Path) -> None:
    report = Report((finding("cards/\udcff.md", text="\udcff"),), 1)
    text = write_baseline(report, file)
    assert apply_baseline(report, text, file).diagnostics == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "old.json: no baseline: Expecting value"),
        ("\udcfe", "old.json: no baseline: byte 0 (0xfe) is not valid UTF-8"),
        ('{"\udcff', "old.json: no baseline: byte 2 (0xff) is not valid UTF-8"),
        ("[]", "old.json: no baseline that hubkit can read: it has version None"),
        ('{"version": 2, "findings": {}}', "it has version 2"),
        ('{"version": 1}', "old.json: the baseline is damaged"),
        ('{"version": 1, "findings": {"a.md": []}}', "old.json: the baseline is damaged"),
        ('{"version": 1, "findings": {"a.md": {"one": {"00": "2"}}}}', "a count is no positive number"),
        ('{"version": 1, "findings": {"a.md": {"one": {"00": -1}}}}', "a count is no positive number"),
    ],
)
def test_a_damaged_baseline_is_named(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        apply_baseline(OLD, text.encode(errors="surrogateescape"), Path("old.json"))
    assert words in caught.value.message
    assert caught.value.hint == "Write it anew (hubkit lint --write-baseline old.json), or leave --baseline out."
