"""What changed between versions."""

from __future__ import annotations

import pytest

from hubkit.site.changes import Change, changes
from hubkit.site.families import families
from tests.site.examples import Hub


def rows(hub: Hub) -> dict[str, Change]:
    entries, problems = hub.gather()
    assert problems == ()
    (family,) = families(entries)
    return {row.entry.card.version: row for row in changes(family.members)}


def test_the_same_weights_are_told_since_the_first_version_that_had_them(hub: Hub) -> None:
    for version, digest in (("1.3", "a"), ("1.5", "b"), ("1.6", "b"), ("1.10", "B"), ("2.0", "a")):
        hub.add(f"lab/{version}/x", sha256=digest * 64)
    found = rows(hub)
    assert list(found) == ["2.0", "1.10", "1.6", "1.5", "1.3"]
    assert {version: row.same_weights_since for version, row in found.items()} == {
        "2.0": "", "1.10": "1.5", "1.6": "1.5", "1.5": "", "1.3": "",
    }  # fmt: skip
    assert {version: row.weights_again for version, row in found.items() if row.weights_again} == {"2.0": "1.3"}
    assert [row.is_first for row in found.values()] == [False, False, False, False, True]
    assert found["1.3"].changed == frozenset()


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ({"evaluation": "acc99.05"}, {"evaluation": "acc99.1"}, {"metric"}),
        ({"evaluation": "top1acc76.9 | top5acc93"}, {"evaluation": "Top1Acc76.9|top5acc93"}, set()),
        ({"dataset": "imagenet2012"}, {"dataset": "ImageNet2012"}, set()),
        ({"evaluation": "top1acc76.90"}, {"evaluation": "top1acc76.9"}, set()),
        ({"evaluation": "2.2m | fast"}, {"evaluation": "2.3m | fast"}, {"metric"}),
        ({"dataset": "mvtecadbottle"}, {"dataset": "MVtecAD_bottle"}, set()),
        ({"dataset": "imagenet2012"}, {"dataset": "coco2017"}, {"data set"}),
        ({"sha256": "a" * 64}, {"sha256": "b" * 64}, {"weights"}),
    ],
)
def test_what_changed(hub: Hub, before: dict[str, str], after: dict[str, str], changed: set[str]) -> None:
    hub.add("lab/1.9/x", **before)
    hub.add("lab/1.10/x", **after)
    assert rows(hub)["1.10"].changed == changed


def test_licence_author_date_and_code_are_compared_whatever_their_spelling(hub: Hub) -> None:
    path = hub.add("lab/1.9/x")
    text = path.read_text(encoding="utf-8").replace("git.example/models/u2net", "git.example/models/tree/r1.9/u2net")
    path.write_text(text, encoding="utf-8")
    same = text.replace("r1.9", "r1.10").replace("Apache-2.0", "Apache 2.0").replace("2023-02-17", "2023-2-17")
    hub.add("lab/1.10/x", same)
    other = same.replace("/u2net\n", "/u2netp\n").replace("Apache 2.0", "MIT").replace("2023-2-17", "2024-08-01")
    hub.add("lab/2.3/x", other.replace("MindSpore team", "Somebody"))
    assert rows(hub)["1.10"].changed == frozenset()
    assert rows(hub)["2.3"].changed == {"licence", "author", "date", "code"}


def test_a_card_without_files_has_no_weights_that_could_be_the_same(hub: Hub) -> None:
    for version in ("1.9", "1.10"):
        text = hub.add(f"lab/{version}/x").read_text(encoding="utf-8")
        start, end = text.index("asset:"), text.index("license:")
        hub.add(f"lab/{version}/x", text[:start] + text[end:])
    assert rows(hub)["1.10"].same_weights_since == ""


def test_weights_that_come_back_are_told_as_such(hub: Hub) -> None:
    for version, digest in (("1.5", "a"), ("1.6", "b"), ("1.7", "a")):
        hub.add(f"lab/{version}/x", sha256=digest * 64)
    hub.build()
    page = (hub.site / "models/lab/latest/x.html").read_text(encoding="utf-8")
    assert "The weights of 1.7 are those of 1.5 again." in page
    assert "as in 1.5" in page
