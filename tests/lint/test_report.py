from __future__ import annotations

import json
from pathlib import Path

import pytest

from hubkit.lint.diagnostic import Diagnostic, Edit, Fix, Report, Severity
from hubkit.lint.engine import lint
from hubkit.lint.report import FORMATS
from hubkit.settings import Settings
from tests.lint.samples import card, lint_text


def diagnostic(line: str, column: int, end_column: int, **others: object) -> Diagnostic:
    values: dict[str, object] = {
        "path": "card.md",
        "line": 7,
        "column": column,
        "end_line": 7,
        "end_column": end_column,
        "rule": "some-rule",
        "severity": Severity.ERROR,
        "message": "a message",
        "hint": "a hint",
        "source_line": line,
        "fix": None,
    }
    return Diagnostic(**{**values, **others})  # type: ignore[arg-type]


def text(*found: Diagnostic, files: int = 1) -> str:
    return FORMATS["text"](Report(found, files))


def excerpt(found: Diagnostic) -> tuple[str, str]:
    """The line shown and the line of carets below it."""
    _, shown, carets, *_ = text(found).splitlines()
    assert shown.startswith("  7 | ")
    assert carets.startswith("    | ")
    return shown[6:], carets[6:]


def test_text_of_a_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "1.9").mkdir()
    changes = {"license": "Apache2.0", "repo-link": "<https://gitee.com/x>", "summary": None}
    (tmp_path / "1.9" / "u2net_dutstr.md").write_text(card(changes), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert FORMATS["text"](lint([Path("1.9")], Settings())) == (
        """1.9/u2net_dutstr.md:4:1: error[schema] the required key 'summary' is missing
  4 | model-name: u2net
    | ^
  help: Add it. One sentence that says what the model does.

1.9/u2net_dutstr.md:13:12: warning[link-brackets] repo-link stands between angle brackets, which YAML takes as part of the value
  13 | repo-link: <https://gitee.com/x>
     |            ^^^^^^^^^^^^^^^^^^^^^
  help: Write https://gitee.com/x

1.9/u2net_dutstr.md:22:10: error[license-spdx] 'Apache2.0' is no SPDX licence expression
  22 | license: Apache2.0
     |          ^^^^^^^^^
  help: Write Apache-2.0.

1 card checked: 2 errors, 1 warning (--fix mends 2)
"""  # noqa: E501
    )


@pytest.mark.parametrize(
    ("severities", "files", "summary"),
    [
        ([], 0, "0 cards checked: no findings"),
        ([], 1, "1 card checked: no findings"),
        (["error"], 2, "2 cards checked: 1 error"),
        (["warning", "warning", "info"], 2, "2 cards checked: 2 warnings, 1 note"),
    ],
)
def test_the_last_line_counts(severities: list[str], files: int, summary: str) -> None:
    found = [diagnostic("a", 1, 2, severity=Severity(severity)) for severity in severities]
    assert text(*found, files=files).splitlines()[-1] == summary


@pytest.mark.parametrize(
    ("safe", "mended"),
    [
        ([None], ""),
        ([True, None, True], " (--fix mends 2)"),
        ([False], " (--unsafe-fixes mends 1)"),
        ([True, False, False], " (--fix mends 1, --unsafe-fixes mends 3)"),
    ],
)
def test_the_last_line_says_what_options_mend(safe: list[bool | None], mended: str) -> None:
    fixes = [None if each is None else Fix((Edit(0, 1, ""),), each) for each in safe]
    found = [diagnostic("a", 1, 2)._replace(fix=fix) for fix in fixes]
    count = f"{len(found)} error{'s' * (len(found) != 1)}"
    assert text(*found).splitlines()[-1] == f"1 card checked: {count}{mended}"


def test_carets_stand_below_wide_characters() -> None:
    # Each of the four characters before takes two columns of a terminal, and so do the two that are marked.
    assert excerpt(diagnostic("名字：\u3000模型 b", 5, 7)) == ("名字：\u3000模型 b", " " * 8 + "^^^^")


@pytest.mark.parametrize(
    ("line", "column", "end", "carets"),
    [
        ("abc", 2, 3, " ^"),
        ("abc", 1, 4, "^^^"),
        ("abc", 4, 4, "   ^"),
        ("abc", 2, 2, " ^"),
        ("a\tb", 3, 4, "  ^"),
        ("e\u0301b", 3, 4, " ^"),
        ("😀b", 2, 3, "  ^"),
    ],
)
def test_carets_stand_below_what_is_wrong(line: str, column: int, end: int, carets: str) -> None:
    assert excerpt(diagnostic(line, column, end))[1] == carets


def test_a_finding_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert excerpt(diagnostic("a: b c", 4, 2, end_line=9))[1] == "   ^^^"


@pytest.mark.parametrize("column", [1, 60, 500, 950, 1000])
def test_a_long_line_is_cut_around_the_finding(column: int) -> None:
    line = "".join(chr(ord("a") + number % 26) for number in range(1000))
    shown, carets = excerpt(diagnostic(line, column, column + 3))
    assert len(shown) == 100
    assert shown in line
    start = len(carets) - len(carets.lstrip())
    assert shown[start : start + 3] == line[column - 1 : column + 2]
    assert len(carets) <= 100


def test_a_very_long_finding_is_cut() -> None:
    shown, carets = excerpt(diagnostic("a" * 1000, 1, 1001))
    assert (len(shown), carets) == (100, "^" * 100)


def test_an_empty_line_is_not_shown() -> None:
    assert text(diagnostic("  ", 1, 1)).splitlines()[:2] == [
        "card.md:7:1: error[some-rule] a message",
        "  help: a hint",
    ]


def test_without_a_hint_there_is_no_help() -> None:
    assert "help" not in text(diagnostic("a", 1, 2, hint=""))


CONTROLS = "\x1b[31m \x07 \x9b2J \u202e \u200b \x00 \r \u2028 \ud800"


def test_a_card_does_not_steer_the_terminal() -> None:
    written = text(diagnostic(CONTROLS, 1, 2, message=CONTROLS, hint=CONTROLS, path=f"a{CONTROLS}.md"))
    assert set(written) - set("\n") <= {character for character in written if character.isprintable()}
    assert written.encode()  # and can be written
    assert "\ufffd[31m" in written


def test_controls_in_every_value_do_not_reach_the_terminal() -> None:
    value = '"\\e[31m\\a\\u202e\\u009b"'
    for key in (
        "license",
        "model-name",
        "module-type",
        "repo-link",
        "asset-link",
        "asset-sha256",
        "\x9bkey",
        "update-time",
    ):
        found = lint_text(card({key: value}))
        assert found
        for name, write in FORMATS.items():
            written = write(Report(tuple(found), 1))
            assert all(character.isprintable() or character == "\n" for character in written), (key, name)


KEYS = ["path", "line", "column", "end_line", "end_column", "rule", "severity", "message", "hint", "fixable"]


def test_json_of_a_card() -> None:
    found = lint_text(card({"license": "Apache2.0", "mindspore-version": '"1.8"'}))
    written = json.loads(FORMATS["json"](Report(tuple(found), 1)))
    assert [list(record) for record in written] == [KEYS, KEYS]
    assert written[1] == {
        "path": "mindspore/1.9/u2net_dutstr.md",
        "line": 22,
        "column": 10,
        "end_line": 22,
        "end_column": 19,
        "rule": "license-spdx",
        "severity": "error",
        "message": "'Apache2.0' is no SPDX licence expression",
        "hint": "Write Apache-2.0.",
        "fixable": True,
    }
    assert written[0]["fixable"] is False


def test_json_has_no_halves_of_pairs() -> None:
    """As of names that are no UTF-8, which messages quote too."""
    found = diagnostic("", 1, 1, path="a\udcff.md", message="\udcff and \ud800", hint="\U0001f600\udcfe")
    [record] = json.loads(FORMATS["json"](Report((found,), 1)))
    assert (record["path"], record["message"]) == ("a\ufffd.md", "\ufffd and \ufffd")
    assert record["hint"] == "\U0001f600\ufffd"


def test_json_of_no_findings_is_an_empty_array() -> None:
    assert FORMATS["json"](Report((), 3)) == "[]\n"


def test_json_can_be_written_to_any_console() -> None:
    found = diagnostic("模", 1, 2, path="模\udc80.md", message="模", fix=Fix((Edit(0, 1, "a"),), safe=True))
    written = FORMATS["json"](Report((found,), 1))
    assert written.isascii()
    [record] = json.loads(written)
    assert record["path"].startswith("模\ufffd")
    assert (record["message"], record["fixable"]) == ("模", True)
