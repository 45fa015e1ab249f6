"""Raw HTML in bodies: what is kept, and that nothing harmful gets through in any nesting."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubkit.site import raw_html
from hubkit.site.markdown import render_body
from tests.site.html import elements, parse, words

PAGE = "<!doctype html><html lang=en><head><meta charset=utf-8><title>t</title></head><body>{}</body></html>"
SCHEMES = ("https://", "http://", "mailto:", "#")


def tree_of(body: str) -> Element:
    return parse(PAGE.format(render_body(body)))


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("H<sub>2</sub>O, e<sup>x</sup>", "H<sub>2</sub>O, e<sup>x</sup>"),
        ("a<br>b", "a<br>b"),
        ("press <kbd>Ctrl</kbd>", "<kbd>Ctrl</kbd>"),
        ("<details open><summary>more</summary>\n\n*text*\n\n</details>", '<details open=""><summary>more</summary>'),
        ("<div>\n\n## a\n\n## b\n\n</div>\n", '<div>\n<h3 id="card-a">a</h3>\n<h3 id="card-b">b</h3>\n</div>'),
        ('<table><tr><td rowspan="2">x</td></tr></table>', '<td rowspan="2">x</td>'),
        ("<h1>Big</h1>", "<h3>Big</h3>"),
        ('<a href="#usage">x</a>\n\n## Usage', f'<a href="#card-usage" rel="{raw_html.REL}">x</a>'),
    ],
)  # fmt: skip
def test_what_helps_a_reader_is_kept(body: str, kept: str) -> None:
    assert kept in render_body(body)
    tree_of(body)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("a list<float> of <Tensor>", "a list<float> of <Tensor>"),
        ("<float>", "<float>"),
        ("<unknown onclick=x>", "<unknown onclick=x>"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<https://a.example/>", "https://a.example/"),
        ("seen <!-- not seen --> again", "seen again"),
    ],
)
def test_words_in_brackets_are_text_and_comments_are_not(body: str, shown: str) -> None:
    assert words(elements(tree_of(body), "body")[0]) == shown


@pytest.mark.parametrize(
    ("body", "link", "text"),
    [
        ('<img src="https://a.example/cat.png" alt="A cat">', "https://a.example/cat.png", "[image: A cat]"),
        ("x <img src=https://a.example/cat.png> y", "https://a.example/cat.png", "[image: cat.png]"),
        (
            '<a href="https://b.example/"><img src="https://a.example/x" alt="ci"></a>',
            "https://b.example/",
            "[image: ci]",
        ),
        ('<p align="center"><IMG alt="a>b" SRC="https://a.example/x"></p>', "https://a.example/x", "[image: a>b]"),
    ],
)
def test_a_picture_becomes_a_link(body: str, link: str, text: str) -> None:
    tree = tree_of(body)
    assert elements(tree, "img") == []
    (anchor,) = elements(tree, "a")
    assert (anchor.get("href"), words(anchor), anchor.get("rel")) == (link, text, raw_html.REL)


@pytest.mark.parametrize("source", ["x.png", "data:image/png;base64,AAAA", "javascript:alert(1)", "//evil.example/x"])
def test_a_picture_that_is_nowhere_on_the_web_is_words(source: str) -> None:
    tree = tree_of(f'<img src="{source}" alt="it">')
    assert elements(tree, "a") == []
    assert "[image: it]" in words(elements(tree, "body")[0])


def test_ids_of_authors_are_dropped_so_that_none_is_there_twice() -> None:
    html = render_body('<h3 id="card-a">x</h3>\n\n## a\n\n<p id="facts">y</p>\n\n## a\n')
    ids = re.findall(r'id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(ids) <= {"card-a", "card-a-1"}


def test_an_element_that_is_open_does_not_swallow_the_page() -> None:
    tree = tree_of("<div><table><tr><td><b>never closed\n\n## Next\n\ntext <!-- or so")
    assert words(elements(tree, "h3")[0]) == "Next"


PIECES = [
    "<b>", "</b>", "<a href=https://a.example>", "</a>", "<a href='javascript:alert(1)'>", "<p>", "</p>", "<div>",
    "</div>", "<table>", "</table>", "<tr>", "<td>", "<th scope=row>", "<caption>", "<li>", "<ol start=2>", "</ol>",
    "<svg>", "</svg>", "<math>", "<mtext>", "<style>", "</style>", "<script>", "</script>", "<title>", "<noscript>",
    "<template>", "<form>", "<button>", "</button>", "<select>", "<option>", "<iframe src=//e.example>", "<textarea>",
    "<img src=x onerror=alert(1)>", "<img src=https://a.example/i.png alt=\"", "<details open ontoggle=alert(1)>",
    "<summary>", "<h1 id=main>", "</h1>", "<h4 class=skip style=color:red>", "<pre>", "</pre>", "<dl><dt>", "<dd>",
    "<ruby><rt>", "<!--", "-->", "<![CDATA[", "]]>", "<?php", "?>", "<!doctype x>", "</body>", "</main>", "<", ">",
    "\"", "'", "&lt;", "&#x26;", "\x00", "\ufdd0", "word", "\n", "\n\n", "# h\n", "## h\n", "- ", "> ", "    ", "```\n",
    "|a|\n|-|\n|b|\n", "[x](#h)", "[x](https://a.example \"t\")", "![i](https://a.example/i.png)", "`code`", "*", "**",
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_no_nesting_breaks_a_page_or_does_harm(pieces: list[str]) -> None:
    html = render_body("".join(pieces))
    tree = parse(PAGE.format(html))
    body = elements(tree, "body")[0]
    known = raw_html._KEPT | {"body"}
    for element in body.iter():
        assert element.tag in known
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name != "style"
            if name == "href":
                assert value.startswith(SCHEMES)
                assert value.startswith("#") or element.get("rel") == raw_html.REL
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert all(identifier.startswith("card-") for identifier in ids)
