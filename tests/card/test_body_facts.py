"""What is known of a card's body, with its places."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings

from hubkit.card.body import Body
from hubkit.card.elements import Section, anchor_of
from hubkit.card.markdown import _parse_blocks
from hubkit.card.text import Source
from tests.card.bodies import BODIES

FRONT = "# net\n---\nmodel-name: net\n---\n"


def body_of(text: str) -> Body:
    """A body that stands after something else, as in a card."""
    return Body(Source(FRONT + text), len(FRONT))


def facts(body: Body) -> Section:
    return Section(body.links, body.headings, body.fences, body.html)


def written(body: Body, start: int, end: int) -> str:
    assert len(FRONT) <= start <= end <= len(FRONT + body.text)
    return (FRONT + body.text)[start:end]


# Headings


@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        ("## Usage\n", 2, "Usage"),
        ("  ### Usage of it ###  \n", 3, "Usage of it"),
        ("> # Quoted\n", 1, "Quoted"),
        ("text\n\nA title\n=======\n", 1, "A title"),
        ("- # In a list\n", 1, "In a list"),
        ("## 用法\r\n", 2, "用法"),
    ],
)
def test_a_heading_tells_where_its_words_stand(text: str, level: int, words: str) -> None:
    body = body_of(text)
    (heading,) = body.headings
    assert (heading.level, heading.text) == (level, words)
    assert written(body, heading.text_start, heading.text_end) == words
    assert heading.start <= heading.text_start


def test_an_underlined_heading_of_two_lines_keeps_both() -> None:
    body = body_of("One\ntwo\n---\n")
    (heading,) = body.headings
    assert written(body, heading.text_start, heading.text_end) == "One\ntwo"


def test_a_heading_without_words_has_a_place_too() -> None:
    body = body_of("##\n\ntext\n")
    (heading,) = body.headings
    assert heading.text_start == heading.text_end == len(FRONT) + 2


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("How to use", "how-to-use"),
        ("1. How to use?", "1-how-to-use"),
        ("a & b", "a--b"),
        ("a &amp; b", "a--b"),
        ("用法 与 引用", "用法-与-引用"),
        ("模型（CV）", "模型cv"),
        ("`mindspore.load` of [a file](https://a.example/b)", "mindsporeload-of-a-file"),
        ("An _important_ word, train_dataset", "an-important-word-train_dataset"),
        ("**Bold** and *thin*", "bold-and-thin"),
        ("![a picture](a.png) Words", "words"),
        ("Über-Netz", "über-netz"),
        ("U\u0308ber-Netz", "u\u0308ber-netz"),  # an accent of its own stays
        ("कैसे करें", "कैसे-करें"),
        ("U²-Net ①", "u-net-"),
        ("1、用法：训练　与评估", "1用法训练与评估"),
        ("🚀 Use", "-use"),
        ("C++ / C#", "c--c"),
        ("A – B — C", "a--b--c"),
    ],
)
def test_the_anchor_is_made_of_the_words(heading: str, anchor: str) -> None:
    assert body_of(f"## {heading}\n").headings[0].anchor == anchor


def test_an_anchor_is_made_in_linear_time() -> None:
    assert len(anchor_of("_a " * 200_000)) > 0
    assert len(anchor_of("&" * 500_000)) == 0


# Links and images


@pytest.mark.parametrize(
    ("text", "whole", "target"),
    [
        ("see [the code](https://a.example/b) there", "[the code](https://a.example/b)", "https://a.example/b"),
        ("see ![a net](net.png) there", "![a net](net.png)", "net.png"),
        ("see <https://a.example/b> there", "<https://a.example/b>", "https://a.example/b"),
        ("see https://a.example/b there", "https://a.example/b", "https://a.example/b"),
        ("> - two\n>   lines [of\n>   words](#a)", "[of\n>   words](#a)", "#a"),
    ],
)
def test_a_link_tells_where_it_stands_as_a_whole(text: str, whole: str, target: str) -> None:
    body = body_of(text)
    (link,) = body.links
    assert written(body, link.whole_start, link.whole_end) == whole
    assert written(body, link.start, link.end) == target


@pytest.mark.parametrize("reference", ["[The code][code]", "[code][]", "[code]", "![a picture][code]"])
def test_a_reference_stands_where_it_is_used_and_leads_where_it_is_defined(reference: str) -> None:
    body = body_of(f"## Use\n\nsee {reference} there\n\n## More\n\n[code]: https://a.example/b\n")
    (link,) = body.links
    assert written(body, link.whole_start, link.whole_end) == reference
    assert written(body, link.start, link.end) == link.target == "https://a.example/b"


def test_an_image_has_its_alternative_text() -> None:
    first, second, around = body_of("![a *net*](a.png) [![](b.png)](c.html)").links
    assert (first.is_image, first.text) == (True, "a *net*")
    assert (second.is_image, second.text) == (True, "")
    assert (around.is_image, around.target) == (False, "c.html")


# Code


def test_a_fence_has_its_language_content_and_place() -> None:
    body = body_of("## Use\n\n```python title=x\nimport a\n\n  b = 1\n```\n\n## More\n")
    (fence,) = body.fences
    assert (fence.language, fence.content, fence.closed) == ("python", "import a\n\n  b = 1\n", True)
    assert written(body, fence.start, fence.end) == "```python title=x"
    place = fence.offset(3, 3)
    assert written(body, place, place + 5) == "b = 1"


@pytest.mark.parametrize(
    "text",
    [
        "- item\n\n    ```c\n    one\n      two\n    ```\n",
        "> ```c\n> one\n>   two\n> ```\n",
        "~~~c\none\n  two\n~~~\n",
        "```c\r\none\r\n  two\r\n```\r\n",
        "```c\none\n  two",
    ],
)
def test_a_place_in_code_is_a_place_in_the_file(text: str) -> None:
    body = body_of(text)
    (fence,) = body.fences
    assert fence.language == "c"
    assert fence.content.splitlines() == ["one", "  two"]
    for line, column, word in ((1, 1, "one"), (2, 3, "two")):
        place = fence.offset(line, column)
        assert written(body, place, place + 3) == word


@pytest.mark.parametrize(("line", "column"), [(0, 0), (1, 99), (99, 1), (2, 99)])
def test_a_place_outside_code_is_moved_inside(line: int, column: int) -> None:
    body = body_of("```\none\ntwo\n```\n\nafter\n")
    (fence,) = body.fences
    assert fence.start < fence.offset(line, column) <= fence.start + len("```\none\ntwo")
    (empty,) = body_of("```\n```\n").fences
    assert empty.offset(line, column) == empty.end


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("```\na\n```\n", True),
        ("```\na\n```", True),
        ("````\na\n```\n", False),
        ("```\na\n", False),
        ("```\na", False),
        ("```", False),
        ("```\n\n\n", False),
        ("~~~\na\n", False),
        ("~~~\na", False),
        ("~~~\n\n\n", False),
        ("~~~\na\n~~~", True),
        ("~~~\n~~~", True),
        ("> ```\n> a\n", False),
    ],
)
def test_a_fence_tells_whether_it_is_closed(text: str, closed: bool) -> None:
    (fence,) = body_of(text).fences
    assert fence.closed is closed


def test_what_looks_like_markdown_in_code_is_none() -> None:
    body = body_of("```\n# no heading\n[no](link)\n<b>\n```\n## Heading\n")
    assert [heading.text for heading in body.headings] == ["Heading"]
    assert (body.links, body.html) == ((), ())


# HTML


def test_html_has_its_place() -> None:
    body = body_of("a <b class='x'>b</b>\n\n> <div>\n> in\n> </div>\n\n<!-- note -->\n")
    opening, closing, block, comment = body.html
    assert [found.is_block for found in body.html] == [False, False, True, True]
    assert written(body, opening.start, opening.end) == opening.text == "<b class='x'>"
    assert written(body, closing.start, closing.end) == "</b>"
    assert written(body, block.start, block.end) == "<div>\n> in\n> </div>"
    assert written(body, comment.start, comment.end) == "<!-- note -->"


# A body is cut into parts, which are parsed once each


@settings(max_examples=600)
@given(BODIES)
@example("```\na\n```\n# b")
@example("- a\n```\n# b\n```\n    c\n")
@example("```\r\n# a\r\n```\r\n# b\r\n")
@example("[a]\n# b\n[a]: c\n")
def test_the_parts_of_a_body_give_what_the_whole_gives(text: str) -> None:
    whole = _parse_blocks(text)
    moved = Section(
        tuple(link.moved(len(FRONT)) for link in whole.links),
        tuple(heading.moved(len(FRONT)) for heading in whole.headings),
        tuple(fence.moved(len(FRONT)) for fence in whole.fences),
        tuple(found.moved(len(FRONT)) for found in whole.html),
    )
    assert facts(body_of(text)) == moved


@settings(max_examples=300)
@given(BODIES)
def test_all_places_lie_inside_the_file_in_order(text: str) -> None:
    body = body_of(text)
    file = FRONT + text
    for link in body.links:
        assert len(FRONT) <= link.start <= link.end <= len(file)
        assert len(FRONT) <= link.whole_start < link.whole_end <= len(file)
    for heading in body.headings:
        assert len(FRONT) <= heading.start <= heading.text_start <= heading.text_end <= len(file)
        if "\n" not in heading.text and "\0" not in file:
            assert heading.text in file[heading.start : heading.text_end] or not heading.text
    for fence in body.fences:
        assert file[fence.start : fence.start + 3] in ("```", "~~~")
        assert fence.start < fence.end <= len(file)
        for number, line in enumerate(fence.content.split("\n")[: len(fence.line_starts)], start=1):
            start = fence.offset(number, 1)
            assert fence.end <= start <= start + len(line) <= len(file) or "\t" in text or text.count("\r")
            assert start <= len(file)
    for found in body.html:
        assert file[found.start] == "<"
        assert found.start < found.end <= len(file)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("[" * 10_000 + "x" * 1_000_000, False),
        ("](" * 5_000 + "a" * 1_000_000, False),
        ("a <!-- " + "<!-- " * 9_000 + "x" * 1_000_000, False),
        ("a <a " * 10_000 + "x" * 1_000_000, False),
        ("a <?" * 10_000 + "x" * 1_000_000, False),
        ("a <![CDATA[" * 3_000 + "x" * 1_000_000, False),
        ("```\n" * 3_000 + "x" * 1_000_000, False),
        ("# " + "_a " * 300_000, False),
        ("# " + "*" * 1_000_000, False),
        ("> " * 500_000, False),
        ("#" * 1_000_000, False),
        ("# a\n" * 4_900 + "x" * 900_000, False),
        (" " * 1_000_000 + "```", False),
        ("[" * 1_000_000, True),
        ("\n" * 1_000_000, True),
    ],
    ids=lambda value: repr(value)[:14],
)
def test_a_hostile_body_is_read_in_time_or_refused(text: str, refused: bool) -> None:
    body = body_of(text)
    if refused:
        assert [problem.rule for problem in body.problems] == ["card-size"]
        assert facts(body) == Section()
    else:
        assert body.problems == ()
        assert len(body.headings) == text.count("# a\n") + text.startswith("# ") * (not text.startswith("# a\n"))
        assert len(body.fences) == text.count("```\n") // 2
