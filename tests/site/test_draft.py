"""States of a site that follow each other: each is as if made from nothing, and costs what has changed."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from hubkit.site import draft as draft_module
from hubkit.site import spare
from hubkit.site.draft import Draft
from hubkit.site.exchange import exchange
from hubkit.site.folder import FOLDERS, MANIFEST, SPARE, SiteFolder
from tests.site.test_folder import there, write


def state(root: Path) -> dict[str, bytes]:
    return {path: (root / path).read_bytes() for path in there(root) if path != MANIFEST}


def links(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is linked from now on."""
    found: list[str] = []
    real = os.link

    def link(source: str | Path, target: str | Path, *, follow_symlinks: bool = True) -> None:
        found.append(str(source))
        real(source, target, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(draft_module.os, "link", link)
    return found


PAGES = {f"{folder}/{name}.html": b"one" for folder in ("a", "b", "c/d") for name in "xyz"}


def test_only_what_the_last_build_wrote_is_linked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    write(site, PAGES)
    found = links(monkeypatch)
    write(site, PAGES | {"a/x.html": b"two"})
    assert len(found) == len(PAGES) - 1, "there was no spare yet"
    found.clear()
    write(site, PAGES | {"a/x.html": b"two", "b/y.html": b"two"})
    assert found == [f"{site}/a/x.html"]
    found.clear()
    write(site, PAGES | {"a/x.html": b"three", "b/y.html": b"two"})
    assert found == [f"{site}/b/y.html"]
    assert state(site) == PAGES | {"a/x.html": b"three", "b/y.html": b"two"}


def test_a_spare_takes_no_room(tmp_path: Path) -> None:
    """It holds nothing but what the site holds: no older page, and no older model of 200 MB."""
    site = tmp_path / "site"
    for number in range(3):
        write(site, PAGES | {"a/x.html": b"%d" % number, f"new/{number}.html": b"new"})
    spare = SiteFolder(site).spare
    assert there(spare) == sorted(PAGES.keys() - {"a/x.html"})
    assert all((spare / path).samefile(site / path) for path in there(spare))
    assert not (spare / "new/1.html").exists()


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_between_builds_a_state_is_the_one_that_was_made(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    site = tmp_path / "site"
    work = SiteFolder(site).work
    mine: dict[str, bytes] = {}
    names = [f"{folder}{name}" for folder in ("", "a/", "b/", "a/c/", "x.html/") for name in ("x.html", "y.html", "z")]

    def mine_add() -> None:
        path = rng.choice(["mine.txt", "a/mine.txt", "own/deep/mine.txt", "x.html/mine"])
        if not any(part.is_file() for part in (site / path).parents):
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(content := b"%f" % rng.random())
            mine[path] = content

    def mine_change() -> None:
        for path in mine:
            (site / path).write_bytes(content := b"%f" % rng.random())
            mine[path] = content

    def mine_gone() -> None:
        if mine:
            (site / mine.popitem()[0]).unlink()

    def damage() -> None:
        owned = [path for path in there(site) if path not in mine and path != MANIFEST]
        if owned:
            (site / rng.choice(owned)).unlink()

    def spare_touched() -> None:
        if (work / SPARE).is_dir():
            (work / SPARE / "stray").write_text("stray")

    def spare_damaged() -> None:
        for path in list((work / SPARE).rglob("*.html"))[:1]:
            if path.is_file():
                path.unlink()

    def killed() -> None:
        """After the draft was begun, with some of it written."""
        folder = SiteFolder(site)
        with folder.locked():
            draft = Draft(folder, folder.owned(), folder.owned())
            draft.write("a/killed.html", b"killed")

    happenings = [
        mine_add, mine_change, mine_gone, damage, spare_touched, spare_damaged, killed,
        lambda: shutil.rmtree(work / SPARE, ignore_errors=True),
        lambda: (work / FOLDERS).unlink(missing_ok=True),
        lambda: None, lambda: None, lambda: None,
    ]  # fmt: skip
    files: dict[str, bytes] = {}
    for _ in range(40):
        for path in rng.sample(names, rng.choice([0, 1, 1, 2, 9])):
            in_the_way = any(path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in (*files, *mine))
            if path in files and rng.random() < 0.4:
                del files[path]
            elif not in_the_way:
                files[path] = b"%f" % rng.random()
        write(site, files)
        assert state(site) == {**files, **mine}
        assert not list((work).glob("next*"))
        rng.choice(happenings)()


def test_what_is_written_into_a_draft_is_not_in_the_site_yet(tmp_path: Path) -> None:
    """Not even where the draft was begun with links to the site's own files."""
    site = tmp_path / "site"
    for number in range(2):
        write(site, PAGES | {"a/x.html": b"%d" % number})
    folder = SiteFolder(site)
    with folder.locked():
        draft = Draft(folder, folder.owned(), PAGES)
        for path in ("b/y.html", "a/x.html", MANIFEST):
            draft.write(path, b"half")
    assert (site / "b/y.html").read_bytes() == PAGES["b/y.html"]
    assert (site / "a/x.html").read_bytes() == b"1"
    write(site, PAGES)
    assert state(site) == PAGES


def test_any_later_change_of_a_folder_has_a_later_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly the clock of the file system ticks."""
    monkeypatch.setattr(spare, "_TICK_NS", 10_000_000_000)
    site = tmp_path / "site"
    begun = time.time_ns()
    for number in range(2):
        write(site, PAGES | {"a/x.html": b"%d" % number})
        assert all(folder.stat().st_mtime_ns < begun for folder in (site, *site.rglob("*")) if folder.is_dir())


def test_what_is_added_right_after_a_build_stays(tmp_path: Path) -> None:
    """Within the same tick of the clock as the build."""
    site = tmp_path / "site"
    for number in range(50):
        write(site, PAGES | {"a/x.html": b"%d" % number})
        (site / f"b/mine{number}").write_text("mine")
    write(site, PAGES)
    assert len(list((site / "b").glob("mine*"))) == 50


def test_a_file_system_that_counts_a_move_as_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def counting(first: Path, second: Path) -> None:
        exchange(first, second)
        os.utime(first)
        os.utime(second)

    monkeypatch.setattr(draft_module, "exchange", counting)
    site = tmp_path / "site"
    write(site, PAGES)
    write(site, PAGES | {"a/x.html": b"two"})
    found = links(monkeypatch)
    write(site, PAGES | {"a/x.html": b"three"})
    assert len(found) == 1


def test_without_links_there_is_no_spare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, target: str, **options: bool) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(draft_module.os, "link", refuse)
    site = tmp_path / "site"
    for number in range(3):
        write(site, PAGES | {"a/x.html": b"%d" % number})
        assert state(site) == PAGES | {"a/x.html": b"%d" % number}
        assert not SiteFolder(site).spare.exists()


def test_modes_that_are_changed_stay_in_the_states_that_follow(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site, PAGES)
    for number in range(4):
        if number == 1:
            (site / "a").chmod(0o711)
            site.chmod(0o750)
        write(site, PAGES | {"b/x.html": b"%d" % number, f"new{number // 2}/x.html": b"new"})
    assert [path.stat().st_mode & 0o777 for path in (site, site / "a")] == [0o750, 0o711]


def test_who_holds_on_to_the_state_before_the_last_sees_no_mixture(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for text in (b"one", b"two"):
        write(site, PAGES | {"a/x.html": text})
    held = os.open(site, os.O_RDONLY)
    try:
        for text in (b"three", b"four"):
            write(site, PAGES | {"a/x.html": text, "b/x.html": text})
        assert os.listdir(held) == []  # noqa: PTH208 (by its descriptor)
    finally:
        os.close(held)


def as_forged(root: Path, files: Mapping[str, str]) -> None:
    """Make a list of files that hubkit did not write its own."""
    import json

    (root / MANIFEST).write_text(json.dumps({"format": 1, "files": dict(files)}))


def test_a_forged_list_removes_nothing_through_a_link(tmp_path: Path) -> None:
    site, other = tmp_path / "site", tmp_path / "other"
    other.mkdir()
    (other / "a.html").write_text("mine")
    write(site, PAGES)
    (site / "link").symlink_to(other)
    write(site, PAGES | {"a/x.html": b"two"})
    as_forged(site, {**dict.fromkeys(PAGES, ""), "link/a.html": "", "../other/a.html": ""})
    write(site, PAGES)
    write(site, PAGES | {"a/x.html": b"two"})
    assert (other / "a.html").read_text() == "mine"
    assert (site / "link").is_symlink()
