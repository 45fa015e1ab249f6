"""Every kind of page is sound HTML, and every link of a site leads somewhere."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from jinja2 import Environment, meta
from jinja2.nodes import Call, Const, Getattr, Macro, Name

from hubkit.resources import resource_dir
from hubkit.site import claims, list_pages, pages, reference
from hubkit.site.charts import chart
from hubkit.site.i18n import ENGLISH, Texts
from hubkit.site.render import CONTENT_SECURITY_POLICY, Renderer
from tests.site.examples import U2NET, Hub, passed
from tests.site.html import broken_links, elements, parse, words

GETTEXT = {"_", "gettext", "ngettext", "pgettext"}

CONTEXTS = (pages, list_pages, claims, reference, chart)


def all_pages(site: Path) -> list[Path]:
    """All pages but for most manuals of rules, which are many and alike."""
    found = sorted(site.rglob("*.html"))
    return [path for path in found if path.parent.name != "rules" or path.stem in ("index", "raw-html", "schema")]


def test_every_page_is_sound_html(built: Hub) -> None:
    found = all_pages(built.site)
    kinds = {path.relative_to(built.site).parts[0] for path in found}
    assert kinds >= {"models", "publishers", "tasks", "datasets", "versions", "rules", "badges.html", "404.html", "zh"}
    for path in found:
        tree = parse(path.read_text(encoding="utf-8"))
        assert len(elements(tree, "h1")) == 1, path
        assert len(elements(tree, "main")) == 1, path
        assert words(elements(tree, "title")[0]), path


def test_every_link_leads_somewhere(built: Hub) -> None:
    assert list(broken_links(built.site)) == []


def test_a_broken_link_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html"> <a href="#x"> <a href="../c"> <a href="javascript:x"> <a id="y" id="y">'
    )
    assert len(list(broken_links(tmp_path))) == 5


def test_links_are_relative(built: Hub) -> None:
    for path in all_pages(built.site):
        if path.name == "404.html":
            continue
        for element in parse(path.read_text(encoding="utf-8")).iter():
            for name in ("href", "src"):
                assert not element.get(name, "").startswith("/"), path


def test_pages_load_nothing_from_elsewhere_and_hold_no_inline_code(built: Hub) -> None:
    for path in all_pages(built.site):
        tree = parse(path.read_text(encoding="utf-8"))
        metas = {element.get("http-equiv"): element.get("content") for element in elements(tree, "meta")}
        assert metas["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        loads = [element for tag in ("script", "img", "link", "iframe") for element in elements(tree, tag)]
        loads = [element for element in loads if element.get("rel") not in ("alternate", "canonical")]
        assert all("static/" in (element.get("src") or element.get("href") or "") for element in loads), path
        assert elements(tree, "style") == []
        assert all(not (element.text or "").strip() for element in elements(tree, "script"))
        assert not [
            name for element in tree.iter() for name in element.attrib if name.startswith("on") or name == "style"
        ]


def test_the_policy_allows_no_inline_code_and_no_other_host() -> None:
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    for word in ("unsafe", "data:", "http", "*"):
        assert word not in CONTENT_SECURITY_POLICY


def test_the_style_loads_nothing() -> None:
    for path in (resource_dir("site_templates") / "static").iterdir():
        text = path.read_text(encoding="utf-8")
        assert "@import" not in text
        assert "url(" not in text
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "").replace('[href^="http"]', "")


def test_outward_links_pass_nothing_on(built: Hub) -> None:
    outward = [
        anchor
        for path in all_pages(built.site)
        for anchor in elements(parse(path.read_text(encoding="utf-8")), "a")
        if anchor.get("href", "").startswith("http")
    ]
    assert len(outward) > 10
    assert {anchor.get("rel") for anchor in outward} == {"noopener nofollow ugc noreferrer"}


def test_status_is_said_in_words_not_by_colour_alone(built: Hub) -> None:
    page = parse(built.page(U2NET))
    for element in page.iter():
        if "mark" in element.get("class", "").split():
            assert words(element), "a mark without words"


def test_a_page_kind_is_a_template() -> None:
    names = {path.name for path in resource_dir("site_templates").glob("*.html")}
    assert {"base.html", "home.html", "model.html", "404.html"} <= names


def test_templates_use_only_the_context() -> None:
    """A context is the whole contract: templates name no variable but ``page``, and no field that is not there."""
    folder = resource_dir("site_templates")
    environment = Renderer(Texts(ENGLISH), [folder])._environment
    known = {
        field.name
        for module in CONTEXTS
        for kind in vars(module).values()
        if isinstance(kind, type) and is_dataclass(kind)
        for field in fields(kind)
    } | {"word", "mark", "value", "count", "first", "last", "outward"}
    for path in folder.glob("*.html"):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        macros = {macro.name for macro in tree.find_all(Macro)} | {"parts"}
        unknown = meta.find_undeclared_variables(tree) - macros - GETTEXT - {"page", "content_security_policy"}
        assert unknown == set(), path
        for node in tree.find_all(Getattr):
            if not (isinstance(node.node, Name) and node.node.name == "parts"):
                assert node.attr in known, f"{path.name}: {node.attr}"


def test_templates_translate_only_their_own_words() -> None:
    """What gettext gives counts as HTML, so a text that somebody else wrote must never go into it."""
    environment = Environment(extensions=["jinja2.ext.i18n"])
    for path in resource_dir("site_templates").glob("*.html"):
        for call in environment.parse(path.read_text(encoding="utf-8")).find_all(Call):
            if isinstance(call.node, Name) and call.node.name in GETTEXT:
                words = call.args[: {"ngettext": 2, "pgettext": 2}.get(call.node.name, 1)]
                assert all(isinstance(word, Const) for word in words), f"{path.name}:{call.lineno}"


@pytest.mark.parametrize("module", CONTEXTS)
def test_every_field_of_a_context_is_used(module: object) -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in resource_dir("site_templates").glob("*.html"))
    unused = [
        f"{name}.{field.name}"
        for name, kind in vars(module).items()
        if isinstance(kind, type) and is_dataclass(kind)
        for field in fields(kind)
        if f".{field.name}" not in templates
    ]
    assert unused == []


def test_a_model_is_shown_by_its_newest_version_that_has_evidence(hub: Hub) -> None:
    for version in ("1.8", "1.9", "1.10"):
        hub.add(f"lab/{version}/net_x")
    for version in ("1.8", "1.9"):
        hub.verify(passed(f"lab/{version}/net_x"))
    hub.build()
    home = parse(hub.home())
    card = next(item for item in elements(home, "li") if item.get("class") == "card")
    links = [link.get("href") for link in elements(card, "a")]
    assert links == ["models/lab/1.9/net_x.html", "models/lab/latest/net_x.html#versions"]
    assert "1 verified" in words(home)
    newest = (hub.site / "models/lab/latest/net_x.html").read_text(encoding="utf-8")
    told = next(item for item in elements(parse(newest), "p") if item.get("class") == "older")
    assert words(told) == "There is evidence for version 1.9: Verified Show it"
    assert [link.get("href") for link in elements(told, "a")] == ["../../../models/lab/1.9/net_x.html"]
    for version in ("1.8", "1.9"):
        assert "There is evidence" not in hub.page(f"lab/{version}/net_x")


def test_a_model_that_failed_warns_where_its_use_is_told(built: Hub) -> None:
    for version, warned in (("1.8", 1), ("1.9", 0), ("1.7", 0)):
        page = built.page(f"mindspore/{version}/u2net_dutstr")
        use = page[page.index('id="use"') : page.index('id="files"')]
        assert use.count("A check of this model failed.") == warned
