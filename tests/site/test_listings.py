"""Lists of models by what they have in common, the rules, the operators, and what the badges mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.operators import operators
from hubkit.lint.manual import manual
from hubkit.lint.rules import RULES
from hubkit.site import badge_meanings
from hubkit.site.build import build_site
from hubkit.site.claims import Mark, Standing
from hubkit.site.listing_paths import key_of, slug_of
from hubkit.site.paths import page_path
from tests.site.examples import Hub
from tests.site.html import elements, parse, words


def table(path: Path) -> list[list[str]]:
    """The cells of a page's table, without its head."""
    return [[words(cell) for cell in row] for row in elements(parse(path.read_text(encoding="utf-8")), "tr")[1:]]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("imagenet2012", "imagenet2012"),
        ("ImageNet2012", "imagenet2012"),
        ("ＩmageNet2012 ", "imagenet2012"),
        ("cv-object_detection", "cv-object_detection"),
        ("1.10", "1.10"),
        ("数据集", "数据集"),
    ],
)
def test_a_plain_name_names_its_page(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_slug_is_a_file_name_of_its_own(one: str, other: str) -> None:
    assert (slug_of(one) == slug_of(other)) == (key_of(one) == key_of(other))
    assert page_path(f"x/{slug_of(one)}")
    assert slug_of(one) not in ("index", ".", "..")
    assert "/" not in slug_of(one)


def test_spellings_of_one_data_set_are_one_page(hub: Hub) -> None:
    hub.add("lab/1.9/a", dataset="imagenet2012")
    hub.add("lab/1.9/b", dataset="ImageNet2012")
    hub.add("lab/1.9/c", dataset="imagenet2012")
    hub.add("lab/1.9/d", dataset="coco2017")
    hub.build()
    rows = table(hub.site / "datasets/imagenet2012.html")
    assert [row[0] for row in rows] == ["a a", "b b", "c c"]
    index = parse((hub.site / "datasets/index.html").read_text(encoding="utf-8"))
    listed = next(item for item in elements(index, "ul") if item.get("class") == "listings")
    items = [words(item) for item in elements(listed, "li")]
    assert items == ["coco2017 1", "imagenet2012 3"]


def test_spellings_of_one_task_are_one_page(hub: Hub) -> None:
    hub.add("lab/1.9/a", task="cv-super-resolution")
    hub.add("lab/1.9/b", task="cv-super_resolution")
    hub.build()
    rows = table(hub.site / "tasks/cv-super_resolution.html")
    assert [row[0] for row in rows] == ["a a", "b b"]
    crumbs = next(item for item in elements(parse(hub.page("lab/1.9/a")), "nav") if item.get("class") == "crumbs")
    assert [link.get("href") for link in elements(crumbs, "a")] == ["../../../index.html", "../../../fields/cv.html"]


@pytest.mark.parametrize(
    ("task", "heading"),
    [
        ("cv-object_detection", "Computer vision: Object detection"),
        ("nlp-natural_language_understanding", "Natural language understanding"),
    ],
)
def test_a_task_says_its_field_once(hub: Hub, task: str, heading: str) -> None:
    hub.add("lab/1.9/x_y", task=task)
    hub.build()
    assert f"<h1><bdi>{heading}</bdi></h1>" in (hub.site / f"tasks/{task}.html").read_text(encoding="utf-8")


def test_a_family_is_listed_once_by_its_newest_card_that_fits(hub: Hub) -> None:
    hub.add("lab/1.9/a", dataset="coco2017", evaluation="acc1")
    hub.add("lab/1.8/a", dataset="coco2014", evaluation="acc2")
    hub.add("lab/1.7/a", dataset="coco2014", evaluation="acc3")
    hub.build()
    page = (hub.site / "datasets/coco2014.html").read_text(encoding="utf-8")
    assert [row[3] for row in table(hub.site / "datasets/coco2014.html")] == ["acc 2"]
    assert "../models/lab/1.8/a.html" in page
    assert "../models/lab/latest/a.html" in (hub.site / "datasets/coco2017.html").read_text(encoding="utf-8")
    assert [row[4] for row in table(hub.site / "versions/1.7.html")] == ["1.7"]
    assert len(table(hub.site / "publishers/lab.html")) == 1


def test_versions_are_in_the_order_of_versions(hub: Hub) -> None:
    for version in ("1.9", "1.10", "2.3"):
        hub.add(f"lab/{version}/a")
    hub.build()
    text = (hub.site / "versions/index.html").read_text(encoding="utf-8")
    assert text.index("MindSpore 2.3") < text.index("MindSpore 1.10") < text.index("MindSpore 1.9")


def test_every_rule_has_a_page_with_its_manual(built: Hub) -> None:
    index = (built.site / "rules/index.html").read_text(encoding="utf-8")
    for rule in RULES:
        page = built.site / f"rules/{rule.id}.html"
        assert page.is_file(), rule.id
        assert f'href="../rules/{rule.id}.html"' in index
    page = parse((built.site / "rules/license-spdx.html").read_text(encoding="utf-8"))
    assert manual("license-spdx").summary in words(page)
    assert "license: Apache2.0" in words(page)


def test_every_operator_is_listed(built: Hub) -> None:
    page = parse((built.site / "operators.html").read_text(encoding="utf-8"))
    named = [words(code) for code in elements(page, "code")]
    assert sorted(named) == sorted(operator.name for operator in operators())


def test_every_mark_standing_and_status_is_explained() -> None:
    assert set(badge_meanings._MARKS) == set(Mark)
    assert set(badge_meanings._STANDINGS) == set(Standing)
    for status in ConversionStatus:
        assert status.phrase in badge_meanings._STATUS_TEXTS
        assert status.sentence in badge_meanings._STATUS_TEXTS


def test_what_search_engines_read_is_there_where_the_site_has_a_url(hub: Hub) -> None:
    hub.add("lab/1.9/a")
    hub.add("lab/1.10/a")
    hub.build()
    assert not (hub.site / "sitemap.xml").exists()
    build_site(hub.cards, hub.site, receipts_dir=None, base_url="https://hub.example/x")
    text = (hub.site / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://hub.example/x/models/lab/latest/a.html</loc><lastmod>2023-02-17</lastmod>" in text
    assert "<loc>https://hub.example/x/zh/models/lab/latest/a.html</loc>" in text
    assert "1.9" not in text
    assert "Sitemap: https://hub.example/x/sitemap.xml" in (hub.site / "robots.txt").read_text(encoding="utf-8")


def test_the_feed_has_a_model_once(hub: Hub) -> None:
    hub.add("lab/1.9/a", title="Model A")
    hub.add("lab/1.10/a", title="Model A")
    hub.add("lab/1.10/b", hub.add("lab/1.10/b").read_text(encoding="utf-8").replace("2023-02-17", "2024-8-1"))
    hub.build()
    for name, home in (("feed.xml", "models/lab/latest/b.html"), ("zh/feed.xml", "models/lab/latest/b.html")):
        text = (hub.site / name).read_text(encoding="utf-8")
        assert text.count("<entry>") == 2
        assert text.index("<title>b (MindSpore 1.10)</title>") < text.index("<title>Model A (MindSpore 1.10)</title>")
        assert f'href="{home}"' in text
        assert "<updated>2024-08-01T00:00:00Z</updated>" in text
