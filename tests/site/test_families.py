"""Families, and the standing of their cards on the home page."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest

from hubkit.site.build import build_site
from hubkit.site.families import families
from tests.site.examples import Hub, card_text
from tests.site.html import elements, parse, words


def keys(hub: Hub) -> dict[str, list[str]]:
    entries, problems = hub.gather()
    assert problems == ()
    return {family.key: [member.card.uid for member in family.members] for family in families(entries)}


def test_versions_of_one_card_are_a_family_with_the_newest_first(hub: Hub) -> None:
    for version in ("1.9", "1.10", "1.3", "2.3.1"):
        hub.add(f"mindspore/{version}/u2net")
    hub.add("mindspore/1.9/unet")
    hub.add("lab/1.9/u2net")
    assert keys(hub) == {
        "lab/u2net": ["lab/1.9/u2net"],
        "mindspore/u2net": [f"mindspore/{version}/u2net" for version in ("2.3.1", "1.10", "1.9", "1.3")],
        "mindspore/unet": ["mindspore/1.9/unet"],
    }


def test_the_version_may_lie_anywhere_in_the_uid(hub: Hub) -> None:
    hub.add("lab/ascend/1.0/a", version="1.0")
    hub.add("lab/ascend/1.1/a", version="1.1")
    hub.add("lab/1.0/ascend/a", version="1.0")
    hub.add("lab/a", version="1.0")
    assert keys(hub) == {
        "lab/a": ["lab/a"],
        "lab/ascend/a": ["lab/ascend/1.1/a", "lab/ascend/1.0/a", "lab/1.0/ascend/a"],
    }


def test_the_home_page_lists_a_family_once_and_leads_to_its_versions(hub: Hub) -> None:
    for version in ("1.9", "1.10", "1.3"):
        hub.add(f"mindspore/{version}/u2net", sha256=("a" if version == "1.3" else "b") * 64)
    hub.build()
    links = [anchor.get("href") for anchor in elements(parse(hub.home()), "a")]
    assert links.count("models/mindspore/latest/u2net.html") == 1
    assert links.count("models/mindspore/latest/u2net.html#versions") == 1
    assert "models/mindspore/1.9/u2net.html" not in links


def switcher(html: str) -> Element:
    return next(element for element in elements(parse(html), "nav") if element.get("class") == "switcher")


def test_every_version_leads_to_all_others_and_the_newest_is_the_familys_page(hub: Hub) -> None:
    for version in ("1.9", "1.10", "1.3"):
        hub.add(f"mindspore/{version}/u2net", sha256=("a" if version == "1.3" else "b") * 64)
    hub.build()
    family = (hub.site / "models/mindspore/latest/u2net.html").read_bytes()
    assert family == (hub.site / "models/mindspore/1.10/u2net.html").read_bytes()
    for version in ("1.10", "1.9", "1.3"):
        anchors = elements(switcher(hub.page(f"mindspore/{version}/u2net")), "a")
        assert [words(anchor).split()[0] for anchor in anchors] == ["1.10", "1.9", "1.3"]
        assert [anchor.get("href") for anchor in anchors] == [
            f"../../../models/mindspore/{folder}/u2net.html" for folder in ("latest", "1.9", "1.3")
        ]
        assert [words(a).split()[0] for a in anchors if a.get("aria-current") == "page"] == [version]
    older = hub.page("mindspore/1.9/u2net")
    assert "There is a newer version: 1.10." in words(parse(older))
    assert "There is a newer version" not in family.decode()


def test_the_familys_page_has_a_table_of_what_changed(hub: Hub) -> None:
    for version, digest, evaluation in (("1.3", "a", "acc76.9"), ("1.9", "b", "acc76.9"), ("1.10", "b", "acc77.2")):
        hub.add(f"mindspore/{version}/u2net", sha256=digest * 64, evaluation=evaluation)
    hub.build()
    page = parse((hub.site / "models/mindspore/latest/u2net.html").read_text(encoding="utf-8"))
    table = next(element for element in elements(page, "table") if element.get("class") == "changes")
    rows = [[words(cell) for cell in row] for row in elements(table, "tr")]
    assert rows[0][:4] == ["Version", "Date", "Metric", "Weights"]
    assert [row[0] for row in rows[1:]] == ["1.10", "1.9", "1.3"]
    assert [row[2] for row in rows[1:]] == ["● changed acc 77.2", "acc 76.9", "acc 76.9"]
    assert [row[3] for row in rows[1:]] == ["same since 1.9", "● changed new", "first"]
    assert "The weights have been the same since 1.9." in words(page)
    assert "From 76.9 in 1.3 to 77.2 in 1.10." in words(page)
    assert "changes" not in {table.get("class") for table in elements(parse(hub.page("mindspore/1.9/u2net")), "table")}


def test_the_newest_of_a_family_is_what_search_engines_shall_show(hub: Hub) -> None:
    for version in ("1.9", "1.10"):
        hub.add(f"mindspore/{version}/u2net")
    build_site(hub.cards, hub.site, receipts_dir=None, base_url="https://hub.example/sub")
    for version in ("1.9", "1.10"):
        assert '<link rel="canonical" href="https://hub.example/sub/models/mindspore/latest/u2net.html">' in hub.page(
            f"mindspore/{version}/u2net"
        )


@pytest.mark.parametrize(
    ("uid", "path"),
    [
        ("mindspore/1.9/u2net", "models/mindspore/latest/u2net.html"),
        ("lab/ascend/1.0/a", "models/lab/ascend/latest/a.html"),
        ("1.0/1.0/a", "models/1.0/latest/a.html"),
        ("lab/a", "models/lab/a.html"),
        ("1.0", "models/1.0.html"),
    ],
)
def test_the_page_of_a_family_is_as_deep_as_that_of_its_newest_card(hub: Hub, uid: str, path: str) -> None:
    hub.add(uid, card_text("a/1.9/b"))
    entries, _ = hub.gather()
    assert [family.page for family in families(entries)] == [path]


def test_a_card_that_is_called_latest_keeps_its_page(hub: Hub) -> None:
    hub.add("lab/1.9/a")
    hub.add("lab/latest/a", card_text("a/1.9/b", title="the other"))
    hub.add("lab/1.9/b")
    hub.add("lab/latest/b.html/c", card_text("a/1.9/b"))
    hub.build(strict=True)
    entries, _ = hub.gather()
    assert {family.key: family.page for family in families(entries)} == {
        "lab/a": "models/lab/1.9/a.html",
        "lab/latest/a": "models/lab/latest/a.html",
        "lab/b": "models/lab/1.9/b.html",
        "lab/latest/b.html/c": "models/lab/latest/b.html/c.html",
    }
    assert "the other" in (hub.site / "models/lab/latest/a.html").read_text(encoding="utf-8")


def test_models_are_grouped_by_field(hub: Hub) -> None:
    hub.add("a/1.9/b", task="nlp")
    hub.add("a/1.9/c", task="cv-object_detection")
    hub.add("a/1.9/d", task="cv")
    hub.add("a/1.9/e", task="strange field")
    hub.build()
    headings = [
        words(heading) for heading in elements(parse(hub.home()), "h2") if heading.get("id", "").startswith("task-")
    ]
    assert headings == ["Computer vision 2", "Natural language 1", "strange field 1"]
    assert "Object detection" in hub.home()
