"""Real cards that are edited, come and go: each time the site is that of a build from nothing."""

from __future__ import annotations

import random
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from hubkit.card.uid import family_of
from hubkit.site import known, making
from hubkit.site.build import SiteResult, build_site
from hubkit.site.folder import MANIFEST
from tests.site.examples import Hub
from tests.site.test_incremental import contents, times

BASE_URL = "https://hub.example/"
FAMILIES = 8

# The front matter's key -> values that a contributor may write, some as other cards have them.
VALUES: dict[str, tuple[str, ...]] = {
    "evaluation": ("acc97.7", "top1acc79 | top5acc94", "-", "mAP 0.38"),
    "license": ("MIT", "Apache2.0", "Apache-2.0", ""),
    "summary": ("Finds things quux.", "目标检测", "resnet50 is used for cv"),
    "module-type": ("cv", "nlp", "cv-object_detection", "CV-Object-Detection", "else-what", ""),
    "train-dataset": ("imagenet2012", "ImageNet2012", "coco2017", "index", ""),
    "author": ("MindSpore team", "somebody", ""),
    "update-time": ("2024-02-01", "2019-01-01", "soon"),
    "repo-link": ("<https://git.example/net>", "javascript:alert(1)", ""),
    "model-name": ("another", "第二"),
    "backbone-name": ("resnet", ""),
    "accuracy": ("12.5", ""),
    "used-for": ("inference", "training"),
    "train-backend": ("Ascend", "GPU"),
    "infer-backend": ("CPU", ""),
    "mindspore-version": ("1.9", "2.0"),
    "model-version": ("7", ""),
    "fine-tunable": ("True", "False"),
    "mindspore-lite": ("True", "False"),
    "input-shape": ("[1, 3, 224, 224]", "[]"),
    "    file-format": ("ckpt", "air"),
    "    asset-link": ("<https://assets.example/other.ckpt>", "https://assets.example/%2e%2e/x.mindir"),
    "    asset-sha256": ("0" * 64, "none"),
}


@pytest.fixture
def real(hub: Hub, corpus_dir: Path) -> Hub:
    """Some families of real cards with all of their versions, and what translates them, with their site."""
    cards = sorted(corpus_dir.rglob("*.md"))
    uids = {path: path.relative_to(corpus_dir).with_suffix("").as_posix() for path in cards}
    keys = sorted({family_of(uid).removesuffix("_cn") for uid in uids.values()})
    families = set(map(family_of, uids.values()))
    translated = [key for key in keys if f"{key}_cn" in families]
    chosen = {*keys[:: len(keys) // FAMILIES], *translated[:2]}
    for path, uid in uids.items():
        if family_of(uid).removesuffix("_cn") in chosen:
            hub.add(uid, path.read_text(encoding="utf-8"))
    time.sleep(0.1)  # a file that was changed just now is read again by the next build
    build(hub)
    return hub


def build(hub: Hub, site: Path | None = None) -> SiteResult:
    return build_site(
        hub.cards, site or hub.site, receipts_dir=hub.out / "receipts", models_dir=None, base_url=BASE_URL, jobs=1
    )


def a_card(hub: Hub, rng: random.Random) -> Path:
    return rng.choice(sorted(hub.cards.rglob("*.md")))


def edit_front_matter(hub: Hub, rng: random.Random, key: str | None = None) -> None:
    """Another value for a key, which is put in where it is not there."""
    path = a_card(hub, rng)
    text = path.read_text(encoding="utf-8")
    key = key or rng.choice(sorted(VALUES))
    line = f"{key}: {rng.choice(VALUES[key])}"
    changed, count = re.subn(rf"^{key}:.*$", lambda _: line, text, count=1, flags=re.MULTILINE)
    if not count and not key.startswith(" "):
        changed = text.replace("\nmodel-name:", f"\n{line}\nmodel-name:", 1)
    path.write_text(changed, encoding="utf-8")


def edit_body(hub: Hub, rng: random.Random) -> None:
    path = a_card(hub, rng)
    path.write_text(f"{path.read_text(encoding='utf-8')}\nAnother line, {rng.random()}.\n", encoding="utf-8")


def edit_title(hub: Hub, rng: random.Random) -> None:
    path = a_card(hub, rng)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"^# .*$", f"# Net {rng.random()}", text, count=1, flags=re.MULTILINE), encoding="utf-8")


def add(hub: Hub, rng: random.Random) -> None:
    """A card of a new family, of another version, beside its folder, or that translates one."""
    path = a_card(hub, rng)
    version, name = path.parent.name, path.stem
    other = rng.choice(
        [
            path.with_name(f"net{rng.randrange(5)}.md"),
            path.parent.parent / rng.choice(["0.1", "9.9", "latest", f"{version}.1"]) / path.name,
            path.with_name(f"{name}_cn.md"),
            path.parent / "more" / path.name,
            hub.cards / f"{name}.md",
        ]
    )
    other.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, other)


def remove(hub: Hub, rng: random.Random) -> None:
    a_card(hub, rng).unlink()


def remove_family(hub: Hub, rng: random.Random) -> None:
    key = family_of(a_card(hub, rng).relative_to(hub.cards).with_suffix("").as_posix())
    for path in sorted(hub.cards.rglob("*.md")):
        if family_of(path.relative_to(hub.cards).with_suffix("").as_posix()) == key:
            path.unlink()


def rename(hub: Hub, rng: random.Random) -> None:
    path = a_card(hub, rng)
    path.rename(path.with_name(rng.choice([f"{path.stem.swapcase()}.md", f"{path.stem}2.md"])))


def break_card(hub: Hub, rng: random.Random) -> None:
    a_card(hub, rng).write_text("---\na: [\n---\n", encoding="utf-8")


EDITS: dict[str, Callable[[Hub, random.Random], None]] = {
    "front matter": edit_front_matter,
    "front matter again": edit_front_matter,
    "body": edit_body,
    "title": edit_title,
    "add": add,
    "add again": add,
    "remove": remove,
    "remove family": remove_family,
    "rename": rename,
    "break": break_card,
}


def check(hub: Hub, clean: Path, edit: str) -> bool:
    """Build and compare with a build from nothing; and that no more was written than what is other than it was.

    Whether all of the site was planned for it.
    """
    bytes_before, times_before = contents(hub.site), times(hub.site)
    # So few cards are soon written down anew: that is left out here.
    with patch.object(known, "_USELESS", 0), patch.object(making, "_make_all", wraps=making._make_all) as whole:
        result = build(hub)
    shutil.rmtree(clean, ignore_errors=True)
    expected = build(hub, clean / "site")
    found, now = contents(hub.site), times(hub.site)
    assert found == contents(clean / "site"), edit
    assert [problem.message for problem in result.problems] == [problem.message for problem in expected.problems]
    written = {path for path in now if times_before.get(path) != now[path]} - {MANIFEST}
    assert written == {path for path in found if found[path] != bytes_before.get(path)} - {MANIFEST}, edit
    assert result.written == len(written), edit
    assert result.removed == len(bytes_before.keys() - found.keys()), edit
    return whole.called


@pytest.mark.parametrize("key", sorted(VALUES))
def test_an_edited_key_gives_the_site_of_a_build_from_nothing(real: Hub, tmp_path: Path, key: str) -> None:
    rng = random.Random(key)
    before = contents(real.cards)
    while contents(real.cards) == before:
        edit_front_matter(real, rng, key)
    assert not check(real, tmp_path / "clean", key)


@pytest.mark.parametrize("seed", range(5))
def test_any_edits_give_the_site_of_a_build_from_nothing(real: Hub, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    planned = []
    for _ in range(6):
        edits = rng.choices(sorted(EDITS), k=rng.choice([1, 1, 2, 4]))
        for edit in edits:
            EDITS[edit](real, rng)
        if check(real, tmp_path / "clean", f"{seed}: {', '.join(edits)}"):
            planned.append(edits)
    assert len(planned) < 3, planned  # where cards come into each other's way
