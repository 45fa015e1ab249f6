"""The publisher's own templates, static files and texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.errors import SiteError
from hubkit.site.build import SiteResult, build_site
from hubkit.site.overrides import without_effect
from tests.site.examples import U2NET, Hub
from tests.site.html import broken_links


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder for templates."""
    folder = tmp_path / "site_templates"
    folder.mkdir()
    return folder


def build(hub: Hub, own: Path) -> SiteResult:
    return build_site(hub.cards, hub.site, receipts_dir=None, templates_dir=own)


def test_one_template_stands_for_hubkits_and_extends_it(hub: Hub, own: Path) -> None:
    hub.add(U2NET)
    (own / "404.html").write_text(
        '{% extends "base.html" %}{% block main %}<h1>Lost at {{ page.frame.root }}</h1>{% endblock %}'
    )
    build(hub, own)
    assert "<h1>Lost at /</h1>" in (hub.site / "404.html").read_text()
    assert "u2net" in hub.page(U2NET)
    (own / "404.html").write_text("another")
    build(hub, own)
    assert (hub.site / "404.html").read_text() == "another"
    (own / "404.html").unlink()
    build(hub, own)
    assert "There is no page here" in (hub.site / "404.html").read_text()


def test_a_static_file_stands_for_hubkits_and_a_new_one_is_published(hub: Hub, own: Path) -> None:
    hub.add(U2NET)
    (own / "static").mkdir()
    (own / "static/style.css").write_text("body { color: teal }")
    (own / "static/seal.svg").write_text("<svg/>")
    build(hub, own)
    (style,) = (hub.site / "static").glob("style-*.css")
    assert style.read_text() == "body { color: teal }"
    assert len(list((hub.site / "static").glob("seal-*.svg"))) == 1
    assert list(broken_links(hub.site)) == []


@pytest.mark.parametrize(("code", "page"), [("en", "index.html"), ("zh", "zh/index.html")])
def test_a_text_stands_for_hubkits_in_each_language(hub: Hub, own: Path, code: str, page: str) -> None:
    hub.add(U2NET)
    (own / "locale").mkdir()
    (own / f"locale/{code}.po").write_text('msgid "Skip to the content"\nmsgstr "Hop over"\n')
    build(hub, own)
    assert "Hop over" in (hub.site / page).read_text(encoding="utf-8")
    other = "index.html" if page.startswith("zh/") else "zh/index.html"
    assert "Hop over" not in (hub.site / other).read_text(encoding="utf-8")
    assert without_effect(own) == ()


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{% if %}", r"template 404\.html:1: "),
        ("\n{{ page.nothing }}", r"template 404\.html"),
        ('{% include "none.html" %}', "none.html"),
        ("{{ 1 // 0 }}", "zero"),
        ("{{ page.frame.__class__.__mro__ }}", "unsafe"),
        ("{{ page.frame.static.update({}) }}", "."),
    ],
)
def test_a_wrong_template_is_an_error_that_says_where(hub: Hub, own: Path, template: str, words: str) -> None:
    hub.add(U2NET)
    build_site(hub.cards, hub.site, receipts_dir=None)
    before = (hub.site / "404.html").read_bytes()
    (own / "404.html").write_text(template)
    with pytest.raises(SiteError, match=words) as caught:
        build(hub, own)
    assert caught.value.hint
    assert (hub.site / "404.html").read_bytes() == before


def test_a_wrong_catalogue_of_texts_is_an_error(hub: Hub, own: Path) -> None:
    hub.add(U2NET)
    (own / "locale").mkdir()
    (own / "locale/zh.po").write_text("nonsense")
    with pytest.raises(SiteError, match=r"zh\.po:1: no line of a gettext catalogue"):
        build(hub, own)


def test_no_folder_of_templates_is_an_error(hub: Hub, own: Path) -> None:
    with pytest.raises(SiteError, match="no such folder of templates"):
        build(hub, own / "none")


def test_plain_jinja_makes_the_same_pages_as_the_templates_compiled_for_speed(
    built: Hub, own: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    build_site(
        built.cards,
        again,
        receipts_dir=built.out / "receipts",
        models_dir=built.out / "models",
        templates_dir=own,
    )
    pages = sorted(path.relative_to(built.site) for path in built.site.rglob("*.html"))
    assert len(pages) > 100
    assert [page for page in pages if (again / page).read_bytes() != (built.site / page).read_bytes()] == []
