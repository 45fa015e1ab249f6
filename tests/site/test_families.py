"""Families, and the standing of their cards on the home page."""

from __future__ import annotations

from hubkit.site.families import families
from hubkit.site.gather import gather
from tests.site.examples import Hub
from tests.site.html import elements, parse, words


def keys(hub: Hub) -> dict[str, list[str]]:
    entries, problems = gather(hub.cards, None)
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
    assert links.count("models/mindspore/1.10/u2net.html") == 1
    assert links.count("models/mindspore/1.10/u2net.html#versions") == 1
    assert "models/mindspore/1.9/u2net.html" not in links
    panel = next(
        element
        for element in elements(parse(hub.page("mindspore/1.9/u2net")), "ul")
        if element.get("class") == "versions"
    )
    rows = [words(row) for row in panel]
    assert [row.split()[0] for row in rows] == ["1.10", "1.9", "1.3"]
    assert ["same weights" in row for row in rows] == [True, False, False]
    current = [anchor.get("aria-current") for anchor in elements(panel, "a")]
    assert current == [None, "page", None]


def test_models_are_grouped_by_field(hub: Hub) -> None:
    hub.add("a/1.9/b", task="nlp")
    hub.add("a/1.9/c", task="cv-object_detection")
    hub.add("a/1.9/d", task="cv")
    hub.add("a/1.9/e", task="strange field")
    hub.build()
    headings = [words(heading) for heading in elements(parse(hub.home()), "h2")]
    assert headings == ["Computer vision 2", "Natural language 1", "strange field 1"]
    assert "object detection" in hub.home()
