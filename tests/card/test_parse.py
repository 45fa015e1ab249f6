from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.card.parse import parse_bytes, parse_file, parse_text


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\n",
        "# u2net\n",
        "\n# u2net\n\n",
        "<!-- licence -->\n# u2net\n",
        "# one\n# two\n",
        "#\n",
        "   \n",
        "## x\r\n",
    ],
)
def test_a_title_comments_and_empty_lines_may_stand_before_the_front_matter(before: str) -> None:
    document = parse_text(f"{before}---\na: b\n---\nbody", "card.md")
    assert document.problems == ()
    assert document.front is not None
    assert document.front.data() == {"a": "b"}
    start, end = document.front_span
    assert document.source.text[start:end] == "a: b\n"
    assert document.body.text == "body"


@pytest.mark.parametrize("before", ["text\n", "u2net\n=====\n", "<div>\n", "# a\nb\n", "- a\n"])
def test_nothing_else_may(before: str) -> None:
    document = parse_text(f"{before}---\na: b\n---\nbody", "card.md")
    assert document.front is None
    [problem] = document.problems
    assert (problem.rule, problem.start, problem.end) == ("front-matter-missing", 0, 0)
    assert document.body.text == document.source.text


@pytest.mark.parametrize("fence", ["---", "---  ", "---\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_fence_may_be_followed_by_blanks(fence: str, end: str) -> None:
    document = parse_text(end.join([fence, "a: b", fence, "c"]), "card.md")
    assert document.problems == ()
    assert document.body.text == "c"


def test_the_first_fence_ends_the_front_matter_and_later_ones_belong_to_the_body() -> None:
    document = parse_text("---\na: b\n---\nc\n---\nd: e\n---\n", "card.md")
    assert document.front is not None
    assert document.front.data() == {"a": "b"}
    assert document.body.text == "c\n---\nd: e\n---\n"


@pytest.mark.parametrize("line", ["----", " ---", "--- a", "-- -", "---a"])
def test_what_only_looks_like_a_fence_is_none(line: str) -> None:
    document = parse_text(f"---\na: |\n  b\n{line}\n", "card.md")
    assert [problem.message for problem in document.problems] == [
        "the front matter has no end: its second --- line is missing"
    ]


def test_the_last_fence_may_end_the_file() -> None:
    document = parse_text("---\na: b\n---", "card.md")
    assert document.problems == ()
    assert document.body.text == ""


def test_what_cannot_be_read_leaves_the_body() -> None:
    document = parse_text("---\na: b: c\n---\n[d](e)", "card.md")
    assert document.front is None
    assert [link.target for link in document.body.links] == ["e"]


def test_a_file_is_named_as_the_user_named_it(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"---\na: b\n---\n")
    assert parse_file(path).path == str(path)
    assert parse_file(path, shown_as="cards/a.md").path == "cards/a.md"


def test_a_file_that_is_not_there_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        parse_file(tmp_path / "a.md")


def test_lone_surrogates_are_a_problem_and_no_error() -> None:
    [problem] = parse_text("---\na: \ud800\n---\n", "card.md").problems
    assert problem.message == "the character U+D800 is not allowed in YAML"
    assert problem.start == 7


def test_an_alias_of_a_text_keeps_the_text() -> None:
    document = parse_bytes(b"---\na: &x b\nc: *x\nd: [&y {e: f}, *y]\n---\n", "card.md")
    assert document.front is not None
    assert document.front.data() == {"a": "b", "c": "b", "d": [{"e": "f"}, None]}
    assert {problem.rule for problem in document.problems} == {"front-matter-syntax"}
