from __future__ import annotations

import pytest

from hubkit.card.text import Source, Span, nearest, shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a", ""]),
        ("a\nb", ["a", "b"]),
        ("a\r\nb\r\n", ["a", "b", ""]),
        ("a\rb\r", ["a", "b", ""]),
        ("a\n\r\nb\rc", ["a", "", "b", "c"]),
        ("a\u2028b\x0bc\x85d\x0ce", ["a\u2028b\x0bc\x85d\x0ce"]),
    ],
)
def test_lines_end_with_lf_crlf_or_cr(text: str, lines: list[str]) -> None:
    source = Source(text)
    assert [source.line(number) for number in range(1, len(lines) + 1)] == lines
    assert source.line_start(len(lines) + 1) == len(text)
    assert source.span(len(text), len(text)).line == len(lines)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_span_counts_characters_from_1(end: str) -> None:
    text = end.join(["模型 a", "bc", "d"])
    start, stop = text.index("a"), text.index("d") + 1
    assert Source(text).span(start, stop) == Span(1, 4, 3, 2)


def test_a_span_outside_of_the_text_is_brought_inside() -> None:
    assert Source("ab\nc").span(-5, 99) == Span(1, 1, 2, 2)
    assert Source("ab\nc").span(3, 1) == Span(2, 1, 2, 1)


def test_find_gives_the_part_or_the_whole() -> None:
    assert Source("a b a b").find("b", 3, 7) == (6, 7)
    assert Source("a b a b").find("c", 3, 7) == (3, 7)


def test_shown_is_short_and_on_one_line() -> None:
    assert shown("a\n\x1b[31m") == "'a\\n\\x1b[31m'"
    assert shown("a" * 80) == f"'{'a' * 80}'"
    assert shown("a" * 81) == f"'{'a' * 77}...'"


def test_nearest_ignores_case_and_gives_nothing_where_nothing_is_near() -> None:
    assert nearest("LICENCE", ["license", "summary"]) == "license"
    assert nearest("cv", ["CV", "nlp"]) == "CV"
    assert nearest("zebra", ["license", "summary"]) == ""
    assert nearest("license" * 20, ["license"]) == ""
