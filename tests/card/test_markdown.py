"""Links and headings of a body, and that cutting it into sections changes nothing."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination
from markdown_it.token import Token

from hubkit.card.markdown import _parse_blocks, parse_markdown
from hubkit.card.markdown_parser import destination
from hubkit.card.parse import parse_text


def links(text: str) -> list[tuple[str, str, str]]:
    """(what stands at the link's place, target, words)."""
    return [(text[link.start : link.end], link.target, link.text) for link in parse_markdown(text).links]


@pytest.mark.parametrize(
    ("text", "target", "words"),
    [
        ("see [the code](a.md).", "a.md", "the code"),
        ('[a](b "title")', "b", "a"),
        ("[a](b 'see ](c')", "b", "a"),
        ("[a](  <b c>  )", "b c", "a"),
        ("[a](b(c)d)", "b(c)d", "a"),
        ("[a\nb](c\n'd')", "c", "a\nb"),
        ("[https://x.org](https://x.org)", "https://x.org", "https://x.org"),
        ("`[b](b)` [b](b)", "b", "b"),
        ("[**a** `b`\\]](c)", "c", "**a** b]"),
        ("[a <b>c</b>](d)", "d", "a c"),
        ("[a]()", "", "a"),
        ("<https://x.org/a b>", "https://x.org/a", "https://x.org/a"),
        ("<https://x.org/ab>", "https://x.org/ab", "https://x.org/ab"),
        ("at https://x.org/a_b*c.", "https://x.org/a_b*c", "https://x.org/a_b*c"),
        ("(https://x.org/a)", "https://x.org/a", "https://x.org/a"),
        ("见https://x.org/a，b", "https://x.org/a", "https://x.org/a"),
        ("- a\n  - [b](c)", "c", "b"),
        ("1. [a](b)", "b", "a"),
        ("> > [a](b)\n> c", "b", "a"),
        ("> a\n[b](c)", "c", "b"),
        ("-\t[a](b)", "b", "a"),
        ("## [a](b) ##", "b", "a"),
        ("# # [a](b)", "b", "a"),
        ("[a](b)\n===", "b", "a"),
        ("  [a](b)  ", "b", "a"),
        ("- \0 [a](b)", "b", "a"),
        ("\xa0\n[a](b)", "b", "a"),
        ("a\r\n[b](c)\r\n", "c", "b"),
        ("a\r\r[b](c)", "c", "b"),
        ("    [a](b)", None, ""),
        ("```\n[a](b)\n```", None, ""),
        ("<div>\n[a](b)\n</div>", None, ""),
        ("`[a](b)`", None, ""),
        ("\\[a](b)", None, ""),
        ("[a][b]", None, ""),
        ("<!-- https://x.org -->", None, ""),
    ],
)
def test_a_link_is_found_at_its_place(text: str, target: str | None, words: str) -> None:
    assert links(text) == ([] if target is None else [(target, target, words)])


def test_an_image_in_a_link_is_found_before_it() -> None:
    text = "[![logo](a.png)](https://x.org)"
    found = [(link.target, link.text, link.start, link.end, link.is_image) for link in parse_markdown(text).links]
    assert found == [("a.png", "logo", 9, 14, True), ("https://x.org", "logo", 17, 30, False)]


def test_escapes_in_a_target_are_resolved_and_their_place_is_whole() -> None:
    assert links("[a](b\\_c&amp;d)") == [("b\\_c&amp;d", "b_c&d", "a")]


def test_a_reference_leads_to_its_definition() -> None:
    text = "[a][r], [r][], [r], ![b][r]\n\n[r]: https://x.org 'https://x.org'\n[s]: y"
    assert links(text) == [
        ("https://x.org", "https://x.org", "a"),
        ("https://x.org", "https://x.org", "r"),
        ("https://x.org", "https://x.org", "r"),
        ("https://x.org", "https://x.org", "b"),
    ]
    assert {link.start for link in parse_markdown(text).links} == {text.index("https")}


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("# a\n## b ##\n####### c", [(1, "a", 0), (2, "b", 4)]),
        ("a\nb\n===\nc\n---\n", [(1, "a\nb", 0), (2, "c", 8)]),
        ("> # a\n- # b\n", [(1, "a", 0), (1, "b", 6)]),
        ("#a\n#\n# \n", [(1, "", 3), (1, "", 5)]),
        ("```\n# a\n```\n", []),
        ("### 模 *型*", [(3, "模 *型*", 0)]),
    ],
)
def test_headings(text: str, headings: list[tuple[int, str, int]]) -> None:
    assert [(found.level, found.text, found.start) for found in parse_markdown(text).headings] == headings


def test_the_body_counts_from_the_files_beginning() -> None:
    document = parse_text("# t\n---\na: b\n---\n## 模\n\n[a](b)\n\n## c\n\n[d](e)\n", "card.md")
    text = document.source.text
    assert [(text[link.start : link.end], link.target) for link in document.body.links] == [("b", "b"), ("e", "e")]
    assert [document.source.span(heading.start, heading.start).line for heading in document.body.headings] == [5, 9]


# Pieces of Markdown that begin, end, interrupt and contain each other in every way.
BLOCKS = ["# a", "## b ##", "#", "#c", "    ", "\t", "- ", "* ", "1. ", "> ", "---", "===", "***", "```", "~~~"]
RAW = ["<div>", "</div>", "<!--", "-->", '<b a="]">', "</b>", "<?", "?>", "<![CDATA[", "]]>", "<pre>", "<", ">"]
LINKS = [
    "[a](b)",
    "[a]()",
    '[a](b "c")',
    "[r]",
    "[a][r]",
    "[r]: d",
    "[r]:",
    "[r]:\n  e",
    "![i](j)",
    "[![i](j)](k)",
    "<b@c.de>",
]
SIGNS = ["[", "]", "(", ")", "!", "`", "``", "`g`", "\\", "\\[", "&amp;", "**", "_", "'", '"', "{", "|", "<ab:c>"]
TEXTS = ["text", "模", "“", "7", " ", "  ", "\n", "\n\n", "  \n", "\r", "\r\n", "\0", "\u2028", "\x0c", "\x85", "\xa0"]
URLS = ["https://x.org/e_f.", "<https://x.org>", "[https://x.org](https://x.org)"]


def markdown(*pieces: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from([*chain(*pieces)]), max_size=40).map("".join)


FENCES = [
    "```\n",
    "```python\n",
    "````\n",
    "```a```\n",
    "# a\n",
    "[a](b)\n",
    "text\n",
    "\n",
    " ```\n",
    "``` \n",
    "~~~\n",
]
WITHOUT_URLS = markdown(BLOCKS, RAW, LINKS, SIGNS, TEXTS)
MARKDOWN = (
    markdown(FENCES)
    | WITHOUT_URLS
    | markdown(BLOCKS, LINKS, TEXTS, URLS)
    | markdown(["# a\n"], LINKS[:2], ["\n", "\n\n"], TEXTS[:4])
)


@given(MARKDOWN)
@example("[r]\n# a\n[r]: b")
@example("a [b\n# c\n](d)")
@example("- a\n# b\n  [c](d)")
@example("<div>\n# a\n[b](c)\n</div>")
@example("- ```\n# a\n[b](c)\n```")
@example("~~~\n# a\n~~~")
@example("# a\x85")
@example("# \u2028a\xa0")
@example("x\n# a\n# b\n\n#\tc\n[d](e)")
@settings(max_examples=1500)
def test_sections_parse_as_the_whole(text: str) -> None:
    document = parse_text(f"---\na: b\n---\n{text}", "card.md")
    start = document.body.start
    whole = _parse_blocks(document.body.text)
    assert [(link.target, link.text, link.start - start, link.end - start) for link in document.body.links] == [
        (link.target, link.text, link.start, link.end) for link in whole.links
    ]
    assert [(heading.level, heading.text, heading.start - start) for heading in document.body.headings] == [
        (heading.level, heading.text, heading.start) for heading in whole.headings
    ]


@given(WITHOUT_URLS)
@example("[a](b\\_c&amp;d)")
@example("[a <ab:c> d](b)")
@settings(max_examples=1500)
def test_targets_are_those_of_a_full_commonmark_parser(text: str) -> None:
    referee = MarkdownIt("commonmark")
    referee.normalizeLink = referee.normalizeLinkText = lambda url: url  # type: ignore[assignment,method-assign]
    referee.validateLink = lambda url: True  # type: ignore[assignment,method-assign]
    expected = [target for token in referee.parse(text) for target in _targets(token.children or [])]
    assert [link.target for link in parse_markdown(text).links] == expected


def _targets(children: list[Token]) -> list[str]:
    """Targets in the order of their ends: an image in a link comes before it."""
    targets: list[str] = []
    opened: list[Any] = []
    for child in children:
        if child.type == "link_open":
            opened.append(child.attrs["href"])
        elif child.type == "link_close":
            targets.append(opened.pop())
        elif child.type == "image":
            targets.append(str(child.attrs["src"]))
    return targets


@given(MARKDOWN)
@example("\u2028\n![i](j)")
@example("- #c\n\t![i](j)")
@example("> \xa0\n> [a](b)\n> \u2028")
@settings(max_examples=800)
def test_a_place_lies_inside_and_holds_the_target(text: str) -> None:
    for link in parse_markdown(text).links:
        assert 0 <= link.start <= link.end <= len(text)
        assert link.whole_start <= link.start <= link.end <= link.whole_end or "]:" in text
        written = text[link.start : link.end].replace("\0", "\ufffd")
        assert written in (link.target, "") or "\\" in written or "&" in written or link.target == f"mailto:{written}"


@given(st.text(alphabet="ab()\\<> \n&;\t\x01é", max_size=20), st.integers(0, 20), st.integers(0, 20), st.booleans())
@example("a" + "(" * 33 + ")" * 33, 0, 67, False)
@settings(max_examples=1500)
def test_a_destination_is_that_of_the_parser(text: str, start: int, end: int, deep: bool) -> None:
    text = "(" * 31 + text if deep else text
    end = min(end + 31 * deep, len(text))
    if start >= end:
        return
    expected, found = parseLinkDestination(text, start, end), destination(text, start, end)
    assert (found.ok, found.str) == (expected.ok, expected.str)
    assert not found.ok or found.pos == expected.pos
