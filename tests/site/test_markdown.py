"""Bodies: what is kept, and what can do no harm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hubkit.card.find import find_cards
from hubkit.card.model import load_card
from hubkit.errors import CardError
from hubkit.site import markdown
from hubkit.site.markdown import render_body
from tests.site.html import elements, parse

PAGE = "<!doctype html><html lang=en><head><meta charset=utf-8><title>t</title></head><body>{}</body></html>"


def hrefs(html: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', html)


def test_text_is_kept() -> None:
    html = render_body("A *word*, `code`, ~~gone~~.\n\n- one\n- two\n\n> said\n\n```python\nx < 1\n```\n")
    assert "<em>word</em>" in html
    assert "<s>gone</s>" in html
    assert '<pre tabindex="0"><code class="language-python">x &lt; 1' in html
    assert "<blockquote>" in html


@pytest.mark.parametrize(
    ("body", "levels"),
    [
        ("# a\n\n## b\n", ["h3", "h4"]),
        ("## a\n\n### b\n\n## c\n", ["h3", "h4", "h3"]),
        ("#### a\n", ["h3"]),
        ("# a\n\n###### b\n", ["h3", "h6"]),
        ("a\n===\n\nb\n---\n", ["h3", "h4"]),
    ],
)
def test_headings_begin_below_the_pages_own(body: str, levels: list[str]) -> None:
    assert re.findall(r"<(h\d) id=", render_body(body)) == levels


def test_headings_get_ids_that_are_stable_and_differ() -> None:
    body = "## Usage\n\n## Usage\n\n## 用法 & `more`!\n\n## !!!\n\n## facts\n"
    ids = re.findall(r'id="([^"]*)"', render_body(body))
    assert ids == ["card-usage", "card-usage-1", "card-用法-more", "card-section", "card-facts"]


def test_a_link_within_the_body_leads_to_its_heading() -> None:
    body = "[a](#usage) [b](#nowhere) [c](#用法)\n\n## Usage\n\n## 用法\n"
    assert hrefs(render_body(body)) == ["#card-usage", "#card-用法"]


def test_outward_links_tell_nothing_and_pass_nothing_on() -> None:
    html = render_body("[a](https://a.example/x?y=1&z=2) <https://b.example/> [m](mailto:a@b.example)")
    assert hrefs(html) == ["https://a.example/x?y=1&amp;z=2", "https://b.example/", "mailto:a@b.example"]
    assert html.count('rel="noopener nofollow ugc noreferrer"') == 3


@pytest.mark.parametrize(
    "body",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](\x01javascript:alert(1))",
        "<javascript:alert(1)>",
        "[x](vbscript:x)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](data:image/png;base64,AAAA)",
        "[x](file:///etc/passwd)",
        "[x](//evil.example/x)",
        "[x](/\\evil.example)",
        "[x](../../../secret)",
        "[x][r]\n\n[r]: javascript:alert(1)",
        "![x](javascript:alert(1))",
        "[![x](data:image/svg+xml,x)](javascript:alert(1))",
    ],
)
def test_any_other_link_is_words(body: str) -> None:
    html = render_body(body)
    tree = parse(PAGE.format(html))
    assert [anchor.get("href") for anchor in elements(tree, "a")] == []
    assert elements(tree, "img") == []


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<iframe src=https://evil.example></iframe>",
        "<style>*{display:none}</style>",
        "<a href=javascript:alert(1)>x</a>",
        "</main></body><script>alert(1)</script>",
        "<!-- --><svg onload=alert(1)>",
        "```</code></pre><script>alert(1)</script>\nx\n```",
        '```"><script>alert(1)</script>\nx\n```',
        '[x](https://a.example "\\"><script>alert(1)</script>")',
        "## <script>alert(1)</script>",
        '|<script>|\n|-|\n|"><img src=x onerror=alert(1)>|',
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    ],
)
def test_raw_html_does_nothing(body: str) -> None:
    tree = parse(PAGE.format(render_body(body)))
    assert not {"script", "img", "iframe", "style", "svg", "form", "object"} & {element.tag for element in tree.iter()}
    assert len(elements(tree, "meta")) == 1
    assert not [key for element in tree.iter() for key in element.attrib if key.startswith("on") or key == "style"]


def test_an_image_becomes_a_link() -> None:
    html = render_body("![A cat](https://a.example/cat.png) ![](https://a.example/dog.png) ![local](img/x.png)")
    assert "<img" not in html
    assert hrefs(html) == ["https://a.example/cat.png", "https://a.example/dog.png"]
    assert "[image: A cat]</a>" in html
    assert "[image: dog.png]</a>" in html
    assert "[image: local]" in html


def test_an_image_in_a_link_leaves_one_link() -> None:
    html = render_body("[![badge](https://a.example/b.svg)](https://a.example/)")
    assert hrefs(html) == ["https://a.example/"]


def test_tables_scroll_and_have_no_inline_style() -> None:
    html = render_body("| a | b |\n|:--|--:|\n| 1 | 2 |\n")
    assert 'class="scroll"' in html
    assert '<td class="align-right">2</td>' in html
    assert "style=" not in html


@pytest.mark.parametrize("text", ["\x00", "a\x00b\x002\x00", "\x002card\x00", "\x00/3\x00", "\u202e", "\ufffe"])
def test_control_characters_do_not_reach_the_page(text: str) -> None:
    html = render_body(f"## h\n\n{text}\n")
    assert not re.search("[\x00-\x08\u202a-\u202e\ufffe]", html)
    assert re.findall(r"</?h\d", html) == ["<h3", "</h3"]


@pytest.mark.parametrize(
    "body",
    [
        "line\n" * 10_000,
        "> " * 20_000 + "x",
        "- " * 20_000 + "x",
        "[" * 20_000,
        "*a " * 20_000,
        "`" * 20_000,
        "|a" * 5_000 + "|\n" + "|-" * 5_000 + "|\n",
        "# x\n" * 5_000,
        "![" * 10_000,
        "<a " * 10_000,
        "#\n" * 10_000,
        "```\n" + "\t" * 200_000,
    ],
)
def test_a_huge_body_is_rendered(body: str) -> None:
    assert parse(PAGE.format(render_body(body))) is not None


def test_long_sections_are_not_remembered() -> None:
    before = markdown._render_short.cache_info().currsize
    for number in range(3):
        render_body(f"## A long one {number}\n\n" + "word " * 2000)
    assert markdown._render_short.cache_info().currsize == before


def test_headings_that_say_the_same_are_told_apart() -> None:
    html = render_body("## a\n\n## a 1\n\n## a\n\n## a\n\n## a 1\n")
    assert re.findall(r'id="card-([^"]*)"', html) == ["a", "a-1", "a-2", "a-3", "a-1-1"]


def test_sections_rendered_apart_are_the_body_rendered_whole(corpus_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = set()
    for path in find_cards(corpus_dir)[::9]:
        try:
            bodies.add(load_card(path, corpus_dir).body)
        except CardError:
            continue
    assert len(bodies) > 200
    apart = {body: render_body(body) for body in bodies}
    monkeypatch.setattr(markdown, "_sections", lambda body: iter([body]))
    for body, html in apart.items():
        assert render_body(body) == html
