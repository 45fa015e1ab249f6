"""Cards of somebody who means harm: no page breaks, nothing runs, nothing leaves the site's folder."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubkit.card.model import TEXT_FIELDS, Asset, Card
from hubkit.receipts import AssetCheck, Layer, Receipt
from hubkit.resources import resource_dir
from hubkit.site.catalogue import Catalogue
from hubkit.site.gather import Entry
from hubkit.site.home import home_page
from hubkit.site.i18n import ENGLISH, Texts
from hubkit.site.index import index_json
from hubkit.site.model_page import model_page
from hubkit.site.paths import page_path
from hubkit.site.render import Renderer
from tests.site.examples import U2NET, Hub, card_text, failed
from tests.site.html import broken_links, elements, parse, words
from tests.site.test_index import problems

PAYLOADS = [
    '"><script>alert(1)</script>',
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus x="',
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}{{ page.frame }}",
    "&lt;b&gt; &amp;amp; &#x3c;",
    "javascript:alert(1)",
    "\u202egpj.exe\u2066",
    "\x00\x1b[31m\x7f\u0085",
    "a\nb\r\nc\td",
    "𝕏" * 500,
    "-->]]><!--",
]


def assert_harmless(tree: Element) -> None:
    for script in elements(tree, "script"):
        assert "static/" in script.get("src", "")
        assert not (script.text or "").strip()
    for element in tree.iter():
        assert element.tag not in ("iframe", "object", "embed", "form", "base", "style")
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), name
            assert name != "style"
            if name in ("href", "src", "action"):
                assert not value.lower().lstrip().startswith(("javascript:", "data:", "vbscript:", "file:", "//")), (
                    value
                )
    assert len(elements(tree, "img")) == 1, "the logo and nothing else"


def assert_other_files_are_sound(site: Path) -> None:
    """Feeds are well-formed and say nothing but text, data is JSON, citations are balanced."""
    for path in site.rglob("*.xml"):
        for element in fromstring(path.read_bytes()).iter():
            assert element.tag.startswith("{http://www.w3.org/2005/Atom}")
            assert not element.get("href", "").lower().startswith(("javascript:", "data:"))
    for path in site.rglob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))
    for path in site.rglob("*.bib"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("@misc{")
        assert text.count("{") == text.count("}")
        assert not set(text) & {"\x00", "\x1b", "\u202e", "\r"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_text_in_every_field(hub: Hub, payload: str) -> None:
    quoted = json.dumps(payload, ensure_ascii=False)
    lines = [f"{key}: {quoted}" for key in TEXT_FIELDS.values()]
    asset = f"asset:\n- file-format: {quoted}\n  asset-link: {quoted}\n  asset-sha256: {quoted}\n"
    title = payload.replace("\n", " ").replace("\r", " ").replace("\x00", "")
    path = hub.cards / "a/1.9/x.md"
    path.parent.mkdir(parents=True)
    text = (
        f"# {title}\n\n---\n" + "\n".join(lines) + f"\nrepo-link: {quoted}\n{asset}\n---\n\n## {title}\n\n{payload}\n"
    )
    path.write_text(text, encoding="utf-8", newline="")
    result = hub.build()
    if result.problems:  # the parser may refuse what YAML forbids; then there is no page to look at
        assert "\x00" in payload
        return
    pages = [path for path in hub.site.rglob("*.html") if path.parent.name != "rules"]
    assert len(pages) > 20
    for path in pages:
        tree = parse(path.read_text(encoding="utf-8"))
        assert_harmless(tree)
        assert "49" not in words(elements(tree, "h1")[0])
    assert_other_files_are_sound(hub.site)
    assert list(broken_links(hub.site)) == []
    assert problems(json.loads((hub.site / "index.json").read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_receipt(hub: Hub, payload: str) -> None:
    hub.add(U2NET)
    receipt = failed(U2NET)
    hub.verify(
        replace(
            receipt,
            note=payload,
            network=payload,
            steps=tuple(replace(step, reason=payload) for step in receipt.steps),
            assets=(AssetCheck(payload, payload, payload, receipt.assets[0].status, payload),),
            models=tuple(
                replace(
                    model,
                    operators={payload: 3},
                    inputs=(replace(model.inputs[0], name=payload, shape=(payload, 3), dtype=payload),),
                )
                for model in receipt.models
            ),
            parity=tuple(replace(pair, reference=payload) for pair in receipt.parity),
            layers=(Layer(payload, 3, 12), Layer("b", 1, 4)),
            inference_seconds={payload: 1.0},
            step_seconds={payload: 1.0},
            versions={payload: payload},
            machine={payload: payload},
        )
    )
    assert hub.build().problems == ()
    assert_harmless(parse(hub.page(U2NET)))
    assert_harmless(parse(hub.home()))
    assert_harmless(parse((hub.site / "zh" / "models" / f"{U2NET}.html").read_text(encoding="utf-8")))
    assert_other_files_are_sound(hub.site)


@pytest.mark.parametrize(
    "name",
    [
        "UNet3+",
        "a b",
        "100%",
        "100%25",
        "a#b",
        "a?b=c",
        "a&b;c",
        "'a\"b",
        "<script>alert(1)<",
        "模型_数据集",
        "עברית",
        "a\u202egpj",
        "..a",
        "...",
        "a..",
        "~",
        "a:b",
        "javascript:alert(1)",
        "C:\\windows",
        "..\\..\\a",
        "index",
        "index.html",
        "%2e%2e%2fa",
        "-rf",
        "$(id)",
        "x" * 250,
    ],
)
def test_a_hostile_file_name(hub: Hub, name: str) -> None:
    path = hub.cards / "a" / "1.9" / f"{name}.md"
    path.parent.mkdir(parents=True)
    path.write_text(card_text("a/1.9/x"), encoding="utf-8")
    assert hub.build(strict=True).problems == ()
    assert list(broken_links(hub.site)) == []
    page = hub.site / "models" / "a" / "1.9" / f"{name}.html"
    assert_harmless(parse(page.read_text(encoding="utf-8")))
    assert {path.name for path in hub.site.parent.iterdir()} == {"site", ".site.hubkit"}, "nothing else was written"


@pytest.mark.parametrize("name", [b"a\nb.md", b"\xff\xfe.md", b"a\x1b[2J.md", b"x" * 251 + b".md"])
def test_a_file_name_that_no_page_can_have_is_a_problem(hub: Hub, name: bytes) -> None:
    hub.add(U2NET)
    path = os.path.join(os.fsencode(hub.cards / "mindspore" / "1.9"), name)  # noqa: PTH118
    Path(os.fsdecode(path)).write_text(card_text(U2NET), encoding="utf-8")
    result = hub.build()
    assert len(result.problems) == 1
    assert "cannot be published" in result.problems[0].message
    str(result.problems[0]).encode("utf-8")
    assert hub.page(U2NET)


def test_a_title_that_turns_text_around_shows_plainly(hub: Hub) -> None:
    hub.add(U2NET, title="abc\u202egpj.exe")
    hub.build()
    assert "\u202e" not in hub.page(U2NET)
    assert "\u202e" not in hub.home()


def test_a_template_in_a_card_is_text(hub: Hub) -> None:
    hub.add(U2NET, body="{{ 7 * 7 }} {% for x in y %}\n")
    hub.build()
    assert "{{ 7 * 7 }} {% for x in y %}" in words(parse(hub.page(U2NET)))


@pytest.mark.parametrize("lines", [1_000, 10_000])
def test_the_largest_body(hub: Hub, lines: int) -> None:
    hub.add(U2NET, body="- [x](https://a.example) *y* `z` <b>\n" * lines)
    assert hub.build().problems == ()
    page = hub.page(U2NET)
    assert page.count('<li><a href="https://a.example"') == lines
    if lines == 1_000:  # a page of 10,000 takes the validator a minute, and has nothing else in it
        assert len(elements(parse(page), "li")) > lines


def test_a_body_that_is_made_to_take_long_is_cut_off(hub: Hub) -> None:
    hub.add(U2NET, body="First.\n\n" + "[a\n" * 100_000)
    result = hub.build()
    assert "100,000 opening brackets" in result.problems[0].message
    assert result.problems[0].hint
    page = words(parse(hub.page(U2NET)))
    assert "First." in page
    assert page.count("[a") == 19_999


TEXTS = st.text(max_size=40) | st.sampled_from(PAYLOADS)


@settings(max_examples=60)
@given(st.data())
def test_any_texts_at_all_give_sound_pages(data: st.DataObject) -> None:
    text = lambda: data.draw(TEXTS)  # noqa: E731
    card = Card(
        uid="a/1.9/b",
        title=text(),
        model_name=text(),
        backbone_name=text(),
        module_type=text(),
        fine_tunable=True,
        input_shape=(1, 2),
        model_version=text(),
        train_dataset=text(),
        evaluation=text(),
        accuracy=text(),
        author=text(),
        update_time=text(),
        repo_link=text(),
        user_id=text(),
        used_for=text(),
        train_backend=text(),
        infer_backend=text(),
        mindspore_version=text(),
        mindspore_lite=False,
        assets=(Asset(text(), text(), text()),),
        license=text(),
        summary=text(),
        body=data.draw(st.text(alphabet="ab#*_`[]()<>!&|-:\n\t\"'\\{}%= \x00\u202e", max_size=200)),
    )
    receipt: Receipt = replace(failed("a/1.9/b"), note=text(), network=text())
    entry = Entry(card, page_path(card.uid), receipt)
    static = {path.name: f"static/{path.name}" for path in (resource_dir("site_templates") / "static").iterdir()}
    catalogue = Catalogue((entry,), "test", static)
    found = catalogue.families
    for html in (
        RENDERER.page("model.html", lambda: model_page(catalogue, entry, found[0])),
        RENDERER.page("home.html", lambda: home_page(catalogue)),
    ):
        assert_harmless(parse(html.decode("utf-8")))
    assert problems(json.loads(index_json([entry], {}, "test"))) == []


RENDERER = Renderer(Texts(ENGLISH), [resource_dir("site_templates")])
