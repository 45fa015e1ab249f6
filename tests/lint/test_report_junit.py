"""JUnit XML."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from hubkit.lint.diagnostic import Report
from hubkit.lint.report import FORMATS
from tests.lint.reports import EMPTY, REPORT, finding


def parsed(report: Report) -> ElementTree.Element:
    return ElementTree.fromstring(FORMATS["junit"](report).encode("utf-8"))


def test_a_suite_a_card_and_a_failure_a_finding() -> None:
    root = parsed(REPORT)
    assert root.attrib == {"name": "hubkit lint", "tests": "4", "failures": "4"}
    assert [(suite.get("name"), suite.get("tests"), len(suite)) for suite in root] == [
        ("cards/a.md", "2", 2),
        ("a:b,c%/\ufffd d?#é.md", "1", 1),
        ("/abs/a.md", "1", 1),
    ]
    case = root[0][0]
    assert case.attrib == {"classname": "cards/a.md", "name": "digest-form 3:6", "file": "cards/a.md", "line": "3"}
    assert case[0].attrib == {"type": "error", "message": "wrong"}
    assert case[0].text == "cards/a.md:3:6: error[digest-form] wrong\nkey: value\nMend it."


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    root = parsed(REPORT)
    assert root[0][1][0].get("message") == '50% <b> & "q" \r\n::error::x'
    assert root[1][0][0].get("message") == "control \ufffd\ufffd[31m\x85\ufffd\u2028 中"
    assert (root[1][0][0].text or "").endswith("\n\ufffd]]>")


@given(st.text(st.characters(), max_size=20))
def test_every_text_gives_valid_xml(text: str) -> None:
    parsed(Report((finding(text, message=text, hint=text, source_line=text),), 1))


def test_no_finding_is_one_passed_test() -> None:
    ((suite,),) = [list(parsed(EMPTY))]
    assert [case.attrib for case in suite] == [{"classname": "hubkit", "name": "1 card without findings"}]
    assert list(suite[0]) == []
