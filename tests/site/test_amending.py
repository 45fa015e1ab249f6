"""A change in the body of a card: what is made of it is what a build from nothing makes, and no more is written."""

from __future__ import annotations

import json
import random
import shutil
import time
from pathlib import Path
from unittest.mock import patch

import pytest

from hubkit.site import draft, making, spare
from hubkit.site.build import SiteResult, build_site
from hubkit.site.folder import MANIFEST, SiteFolder
from tests.site.examples import Hub, passed, seeded
from tests.site.test_incremental import contents, times
from tests.site.test_link_evidence import record

BASE_URL = "https://hub.example/"


def build(hub: Hub, site: Path | None = None) -> SiteResult:
    return build_site(
        hub.cards,
        site or hub.site,
        receipts_dir=hub.out / "receipts",
        models_dir=hub.out / "models",
        base_url=BASE_URL,
        links=hub.out / "links.json",
        jobs=1,
    )


@pytest.fixture
def filled(hub: Hub) -> Hub:
    """Families, translations, cards beside them that nothing is known of, and one that is stale with its models."""
    for number in range(24):
        for version in ("1.9", "1.10", "2.0")[: 1 + number % 3]:
            hub.add(f"lab/{version}/m{number}", body=f"## About {number}\n\nEvery net has words.\n")
            if number % 4 == 0:
                hub.add(f"lab/{version}/m{number}_cn", body=f"目标检测 {number}\n")
    hub.add("lab/2.0/m0_cn_cn", body="A translation of a translation.\n")
    hub.add("lab/1.9/bad", "---\na: [\n---\n")
    for uid in ("lab/1.9/m1", "lab/1.10/m5"):
        hub.verify(passed(uid))
        hub.add(uid, body="Edited after it was verified.\n")
    hub.verify(seeded("lab/1.9/m2"))
    next((hub.out / "models/lab/1.10/m5").glob("*.onnx")).unlink()
    record(hub.out / "links.json", asset={"state": "alive"}, code={"state": "alive"})
    time.sleep(0.1)  # a file that was changed just now is read again by the next build
    build(hub)
    return hub


def build_bodies(hub: Hub) -> SiteResult:
    """A build that plans nothing but the pages of cards whose bodies changed."""
    with patch.object(making, "_make_all", side_effect=AssertionError("all of the site was planned")):
        return build(hub)


def written(hub: Hub, before: dict[str, tuple[int, int]]) -> set[str]:
    """Which files are new, replaced or gone; the words of the search by one name, since theirs hold a digest."""
    after = times(hub.site)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} - {MANIFEST}
    return {"search/words" if path.startswith("search/words-") else path for path in changed}


@pytest.mark.parametrize(
    ("uid", "pages"),
    [
        pytest.param("lab/1.9/m4", {"models/lab/1.9/m4.html", "models/lab/1.9/m4.json"}, id="translated, older"),
        pytest.param(
            "lab/1.10/m4",
            {"models/lab/1.10/m4.html", "models/lab/latest/m4.html", "models/lab/1.10/m4.json"},
            id="translated, newest",
        ),
        pytest.param(
            "lab/1.9/m11",
            {"models/lab/1.9/m11.html", "zh/models/lab/1.9/m11.html", "models/lab/1.9/m11.json"},
            id="older",
        ),
        pytest.param(
            "lab/1.10/m4_cn",
            {
                "models/lab/1.10/m4_cn.html",
                "zh/models/lab/1.10/m4_cn.html",
                "models/lab/latest/m4_cn.html",
                "zh/models/lab/latest/m4_cn.html",
                "models/lab/1.10/m4_cn.json",
                "zh/models/lab/1.10/m4.html",
                "zh/models/lab/latest/m4.html",
            },
            id="translation, newest",
        ),
    ],
)
def test_a_body_is_written_where_it_is_shown(filled: Hub, uid: str, pages: set[str]) -> None:
    before = times(filled.site)
    filled.add(uid, body="Another text with the word quux.\n")
    result = build_bodies(filled)
    assert written(filled, before) == {*pages, "search.json", "search/words"}
    assert result.written == len(pages) + 2
    assert result.removed == 1


def test_without_another_word_the_search_stays(filled: Hub) -> None:
    before = times(filled.site)
    filled.add("lab/1.9/m11", body="## About 11\n\nEvery net has words. Every net has words.\n")
    build_bodies(filled)
    assert written(filled, before) == {
        "models/lab/1.9/m11.html",
        "zh/models/lab/1.9/m11.html",
        "models/lab/1.9/m11.json",
    }


def test_a_front_matter_is_written_where_it_is_shown(filled: Hub) -> None:
    """A metric of an older version: on the pages of the family, and in the lists that tell it."""
    before = times(filled.site)
    filled.add("lab/1.9/m10", body="## About 10\n\nEvery net has words.\n", evaluation="acc12.5")
    build(filled)
    pages = {f"models/lab/{name}.html" for name in ("1.9/m10", "1.10/m10", "latest/m10")}
    lists = {"versions/1.9.html"}  # all others show the newest of the family
    assert written(filled, before) == {
        *pages,
        *lists,
        *(f"zh/{path}" for path in pages | lists),
        "models/lab/1.9/m10.json",
        "index.json",
        "search.json",
    }


def test_a_card_that_is_touched_writes_nothing(filled: Hub) -> None:
    before = times(filled.site)
    path = filled.cards / "lab/1.9/m11.md"
    path.write_bytes(path.read_bytes())
    result = build_bodies(filled)
    assert times(filled.site) == before
    assert (result.written, result.removed) == (0, 0)


@pytest.mark.parametrize("seed", range(3))
def test_bodies_that_change_give_the_site_of_a_clean_build(filled: Hub, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    cards = [path for path in sorted(filled.cards.rglob("*.md")) if path.stem not in ("bad", "m2")]
    for _ in range(5):
        for path in rng.sample(cards, rng.choice([1, 1, 2, 5])):
            uid = path.relative_to(filled.cards).with_suffix("").as_posix()
            some = rng.sample(["net", "words", "every", "目标检测", "quux", "fnord", "has"], rng.randint(0, 4))
            huge = "x\n" * 6_000 if rng.random() < 0.1 else ""
            filled.add(uid, body=f"{' '.join(some)}\n{huge}")
        problems = build_bodies(filled).problems
        shutil.rmtree(tmp_path / "clean", ignore_errors=True)
        expected = build(filled, tmp_path / "clean/site").problems
        assert contents(filled.site) == contents(tmp_path / "clean/site")
        assert problems == expected


def test_a_missing_model_that_is_there_again_is_published(filled: Hub, tmp_path: Path) -> None:
    receipt = json.loads((filled.out / "receipts/lab/1.10/m5.json").read_text(encoding="utf-8"))
    assert receipt["uid"] == "lab/1.10/m5"
    (filled.out / "models/lab/1.10/m5/m5.onnx").write_bytes(b"onnx of lab/1.10/m5")
    filled.add("lab/1.9/m11", body="Another body.\n")
    build(filled)
    build(filled, tmp_path / "clean/site")
    assert (filled.site / "files/lab/1.10/m5/m5.onnx").is_file()
    assert contents(filled.site) == contents(tmp_path / "clean/site")


def test_what_a_build_knew_that_was_killed_is_not_taken_for_what_is_shown(filled: Hub, tmp_path: Path) -> None:
    """Its state before was made of the same cards, without a model that has come since."""
    (filled.out / "models/lab/1.10/m5/m5.onnx").write_bytes(b"onnx of lab/1.10/m5")
    with patch.object(draft.Draft, "publish", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        build(filled)
    filled.add("lab/1.9/m11", body="Another body.\n")
    build(filled)
    build(filled, tmp_path / "clean/site")
    assert contents(filled.site) == contents(tmp_path / "clean/site")


@pytest.mark.parametrize("damage", ["page", "cards", "one family"])
def test_what_is_damaged_beside_the_change_is_mended(filled: Hub, tmp_path: Path, damage: str) -> None:
    work = filled.out / ".site.hubkit"
    if damage == "page":
        (filled.site / "models/lab/1.9/m3.html").write_text("damaged")
    elif damage == "cards":
        (work / "cards").write_bytes(b"")
    else:
        content = bytearray((work / "cards").read_bytes())
        content[len(content) // 3 :: 500] = b"\0" * len(content[len(content) // 3 :: 500])
        (work / "cards").write_bytes(bytes(content))
    filled.add("lab/1.9/m11", body="Another body.\n")
    build(filled)
    build(filled, tmp_path / "clean/site")
    assert contents(filled.site) == contents(tmp_path / "clean/site")


def test_a_build_that_made_most_of_a_site_leaves_what_the_next_one_needs(filled: Hub, tmp_path: Path) -> None:
    """All but the files of one card are there already, those of others in the site's folder too."""
    site = tmp_path / "other" / "site"
    mine = site / "mine" / "notes.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("a file of the publisher's", encoding="utf-8")
    build(filled, site)
    left = SiteFolder(site).spare
    assert contents(left) == {path: each for path, each in contents(site).items() if path != MANIFEST}
    filled.add("lab/1.9/m1", body="Once more.\n")
    with patch.object(draft.os, "link", side_effect=OSError("nothing is linked again")):
        assert build(filled, site).written < 10
    assert mine.read_text(encoding="utf-8") == "a file of the publisher's"


def test_a_spare_that_cannot_be_made_is_no_error(filled: Hub, tmp_path: Path) -> None:
    site = tmp_path / "other" / "site"
    with patch.object(spare.os, "link", side_effect=OSError("no links here")):
        build(filled, site)
    assert not SiteFolder(site).spare.exists()
    filled.add("lab/1.9/m1", body="Once more.\n")
    assert build(filled, site).written < 10
