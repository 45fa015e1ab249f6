from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any
from unittest.mock import Mock

import pytest

from hubkit.card.find import card_files, find_cards
from hubkit.card.parse import Document
from hubkit.errors import CardError
from hubkit.lint.cache import Cache
from hubkit.lint.diagnostic import Diagnostic, Finding, Report, Severity
from hubkit.lint.engine import lint, lint_document
from hubkit.lint.rule import Category, Check, Context, Rule
from hubkit.lint.selection import Selection
from hubkit.settings import Settings
from tests.lint.samples import card, parsed

CONTEXT = Context(Path("/hub/mindspore/1.9/u2net_dutstr.md"), Settings())


def rule(name: str, *found: Finding, yields_to: frozenset[str] = frozenset()) -> Rule:
    def check(document: Document, context: Context) -> Iterator[Finding]:
        yield from found

    return Rule(name, Category.LINKS, Severity.WARNING, check, yields_to=yields_to)


def test_findings_come_by_place_and_then_by_rule() -> None:
    rules = [
        rule("b", Finding(9, 10, "late"), Finding(3, 5, "long"), Finding(3, 4, "z"), Finding(3, 4, "y")),
        rule("a", Finding(3, 4, "x")),
    ]
    found = lint_document(parsed(card()), CONTEXT, rules)
    assert [(diagnostic.rule, diagnostic.message) for diagnostic in found] == [
        ("a", "x"),
        ("b", "y"),
        ("b", "z"),
        ("b", "long"),
        ("b", "late"),
    ]


def test_the_same_finding_is_told_once() -> None:
    found = lint_document(parsed(card()), CONTEXT, [rule("a", Finding(1, 2, "x"), Finding(1, 2, "x"))])
    assert len(found) == 1


def test_a_rule_is_silent_where_one_it_yields_to_speaks() -> None:
    rules = [
        rule("general", Finding(1, 2, "here"), Finding(5, 6, "there"), yields_to=frozenset({"precise"})),
        rule("precise", Finding(1, 9, "exactly")),
    ]
    found = lint_document(parsed(card()), CONTEXT, rules)
    assert [diagnostic.message for diagnostic in found] == ["exactly", "there"]


def test_long_words_are_cut() -> None:
    [found] = lint_document(parsed(card()), CONTEXT, [rule("a", Finding(0, 1, "m" * 5000, "h" * 5000))])
    assert found.message == "m" * 997 + "..."
    assert found.hint == "h" * 997 + "..."


def test_findings_on_one_long_line_share_its_text() -> None:
    document = parsed(card(body="[a](http://b.org) " * 1000))
    found = [diagnostic for diagnostic in lint_document(document, CONTEXT) if diagnostic.rule == "link-form"]
    assert len(found) == 1000
    assert all(diagnostic.source_line is found[0].source_line for diagnostic in found)


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    for name in ("b/2.3/y.md", "b/1.10/x.md", "a.md", "b/readme.txt", ".github/c.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(card(), encoding="utf-8")
    return tmp_path


def test_a_folder_stands_for_its_cards_and_each_is_read_once(hub: Path) -> None:
    paths = [hub / "b" / "2.3" / "y.md", hub, hub / "b", hub / "b" / "readme.txt"]
    names = [path.relative_to(hub).as_posix() for path in card_files(paths)]
    assert names == ["b/2.3/y.md", "a.md", "b/1.10/x.md", "b/readme.txt"]


def test_a_path_that_is_not_there_is_named(hub: Path) -> None:
    with pytest.raises(CardError, match=r"nowhere\.md: no such file or folder"):
        lint([hub, hub / "nowhere.md"], Settings())


def test_a_card_that_cannot_be_read_is_a_finding_and_the_others_are_linted(
    hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(path: Path, mode: str = "r", **options: object) -> IO[Any]:
        if path.name == "a.md":
            raise PermissionError(13, "Permission denied", str(path))
        return open(path, mode, **options)  # type: ignore[call-overload,no-any-return]  # noqa: PTH123

    monkeypatch.setattr(Path, "open", opened)
    report = lint([hub], Settings())
    [found] = [found for found in report.diagnostics if found.rule == "card-unreadable"]
    assert (found.path, found.severity) == (str(hub / "a.md"), Severity.ERROR)
    assert found.message == "it cannot be read: Permission denied"
    assert {Path(found.path).name for found in report.diagnostics} == {"a.md", "x.md", "y.md"}


@pytest.mark.parametrize("target", ["gone.md", "link.md"], ids=["nowhere", "to itself"])
@pytest.mark.parametrize("named", [False, True], ids=["in a folder", "by name"])
def test_a_link_that_leads_nowhere_is_a_finding(hub: Path, target: str, named: bool) -> None:
    link = hub / "link.md"
    link.symlink_to(target)
    report = lint([link if named else hub], Settings(ignore=("file-name",)))
    assert report.files == (1 if named else 4)
    [found] = [found for found in report.diagnostics if found.path == str(link)]
    assert (found.rule, found.message) == ("card-unreadable", "it is a symbolic link that leads nowhere")
    assert found.hint == "Make it lead to a card, or remove it."


def test_a_folder_that_cannot_be_read_is_a_finding(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = os.scandir

    def closed(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("1.10"):
            raise PermissionError(13, "Permission denied", path)
        return look(path)

    monkeypatch.setattr("os.scandir", closed)
    report = lint([hub], Settings())
    assert report.files == 3
    [found] = [found for found in report.diagnostics if found.rule == "card-unreadable"]
    assert found.path == str(hub / "b" / "1.10")
    assert found.message.startswith("the folder cannot be read, nor the cards in it: ")
    with pytest.raises(CardError, match=r"1\.10: cannot be read: Permission denied"):
        find_cards(hub)  # what would be published without them is not told from what was removed


def test_what_could_not_be_read_is_tried_again(hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = partial(Cache, tmp_path / "cache", "key")
    with monkeypatch.context() as broken:
        broken.setattr("hubkit.card.parse.parse_file", Mock(side_effect=OSError(5, "Input/output error")))
        report = lint([hub / "a.md"], Settings(), cache=cache())
    assert {found.rule for found in report.diagnostics} == {"card-unreadable"}
    assert "card-unreadable" not in {
        found.rule for found in lint([hub / "a.md"], Settings(), cache=cache()).diagnostics
    }


def test_one_broken_card_does_not_stop_the_others(hub: Path) -> None:
    (hub / "a.md").write_bytes(b"\xff")
    report = lint([hub], Settings())
    assert report.files == 3
    assert {Path(found.path).name for found in report.diagnostics} == {"a.md", "x.md", "y.md"}


def test_an_empty_folder_has_no_cards(tmp_path: Path) -> None:
    assert lint([tmp_path], Settings()) == Report((), 0)


@pytest.mark.parametrize(
    ("severities", "lenient", "strict"),
    [
        ([], False, False),
        ([Severity.INFO], False, False),
        ([Severity.WARNING, Severity.INFO], False, True),
        ([Severity.ERROR], True, True),
    ],
)
def test_what_makes_a_run_fail(severities: list[Severity], lenient: bool, strict: bool) -> None:
    found = tuple(Diagnostic("a", 1, 1, 1, 1, "r", severity, "m", "", "", None) for severity in severities)
    report = Report(found, 1)
    assert (report.failed(strict=False), report.failed(strict=True)) == (lenient, strict)
    assert report.count(Severity.WARNING) == severities.count(Severity.WARNING)


def test_a_check_is_told_where_the_card_lies(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def check(document: Document, context: Context) -> Iterator[Finding]:
        seen.append(context.path)
        yield from ()

    monkeypatch.chdir(hub)
    noting: Check = check
    report = lint(
        [Path("b/1.10")], Settings(), selection=Selection((Rule("r", Category.LINKS, Severity.INFO, noting),))
    )
    assert seen == [hub / "b" / "1.10" / "x.md"]
    assert report.files == 1
