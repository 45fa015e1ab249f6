"""The site's folder: what hubkit wrote it may replace and remove, and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from hubkit.errors import SiteError
from hubkit.site import exchange as exchange_module
from hubkit.site import folder as folder_module
from hubkit.site.draft import Draft
from hubkit.site.exchange import exchange, recover
from hubkit.site.folder import MANIFEST, SiteFolder, is_same, verified


def write(root: Path, files: Mapping[str, bytes]) -> None:
    """Make ``files`` the site: those that are there with the same bytes stay."""
    folder = SiteFolder(root)
    with folder.locked():
        draft = Draft(folder, folder.owned(), files)
        kept = [path for path, content in files.items() if _content(root / path) == content]
        for path, content in files.items():
            if path not in kept:
                draft.write(path, content)
        draft.publish({path: hashlib.sha256(content).hexdigest() for path, content in files.items()}, kept)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def there(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_what_stays_is_the_same_file(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site, {"a.html": b"a", "b/c.html": b"c"})
    before = {path: (site / path).stat() for path in ("a.html", "b/c.html")}
    write(site, {"a.html": b"A", "b/c.html": b"c"})
    after = {path: (site / path).stat() for path in ("a.html", "b/c.html")}
    assert (after["b/c.html"].st_ino, after["b/c.html"].st_mtime_ns) == (
        before["b/c.html"].st_ino,
        before["b/c.html"].st_mtime_ns,
    )
    assert after["a.html"].st_ino != before["a.html"].st_ino
    assert (site / "a.html").read_bytes() == b"A"
    assert sorted(path.name for path in SiteFolder(site).work.iterdir()) == ["folders", "lock"], "the old state is gone"


def test_leftovers_go_with_their_folders_and_foreign_files_stay(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site, {"a.html": b"a", "b/c/d.html": b"d", "e/f.html": b"f"})
    (site / "e/mine.txt").write_text("mine")
    (site / "CNAME").write_text("hub.example")
    (site / "empty/folder").mkdir(parents=True)
    (site / "link").symlink_to("/nowhere")
    (site / "folder-link").symlink_to(tmp_path)
    write(site, {"a.html": b"a"})
    assert there(site) == [MANIFEST, "CNAME", "a.html", "e/mine.txt"]
    assert not (site / "b").exists()
    assert (site / "empty/folder").is_dir()
    assert os.readlink(site / "link") == "/nowhere"  # noqa: PTH115
    assert (site / "folder-link").is_symlink()


def test_the_modes_of_folders_stay(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site, {"b/a.html": b"a"})
    site.chmod(0o750)
    (site / "b").chmod(0o711)
    write(site, {"b/a.html": b"b"})
    assert [path.stat().st_mode & 0o777 for path in (site, site / "b")] == [0o750, 0o711]


def test_a_foreign_file_in_the_way_is_not_overwritten(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("mine")
    with pytest.raises(SiteError, match=r"index\.html: in the way of the site, and not written by hubkit") as caught:
        write(site, {"a.html": b"a", "index.html": b"b"})
    assert caught.value.hint
    assert there(site) == ["index.html"]
    assert (site / "index.html").read_text() == "mine"


@pytest.mark.parametrize(
    ("mine", "theirs"), [("a", "a/b.html"), ("a.html/mine", "a.html"), ("a.html/x/mine", "a.html/x")]
)
def test_foreign_files_and_folders_in_the_way(tmp_path: Path, mine: str, theirs: str) -> None:
    site = tmp_path / "site"
    (site / mine).parent.mkdir(parents=True)
    (site / mine).write_text("mine")
    with pytest.raises(SiteError, match="in the way"):
        write(site, {theirs: b"b"})
    assert (site / mine).read_text() == "mine"


def test_a_dangling_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/a.html").symlink_to(tmp_path / "outside")
    with pytest.raises(SiteError, match="in the way"):
        write(tmp_path / "site", {"a.html": b"a"})
    assert not (tmp_path / "outside").exists()


def test_a_page_may_become_a_folder_and_back(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site, {"a.html": b"1"})
    write(site, {"a.html/b.html": b"2"})
    assert there(site) == [MANIFEST, "a.html/b.html"]
    write(site, {"a.html": b"3"})
    assert there(site) == [MANIFEST, "a.html"]


def test_what_a_killed_build_left_over_is_removed(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(site, {"a.html": b"a"})
    folder = SiteFolder(site)
    Draft(folder, folder.owned(), ["a.html", "b.html"]).write("b.html", b"half")
    assert there(site) == [MANIFEST, "a.html"]
    write(site, {"a.html": b"a"})
    assert there(site) == [MANIFEST, "a.html"]
    assert not (folder.work / "next").exists()


def test_a_failure_leaves_the_old_state_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    write(site, {"a.html": b"old"})

    def fails(*args: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exchange_module, "_exchanged_at_once", fails)
    with pytest.raises(SiteError, match="cannot be written: No space left on device\n  Choose another"):
        write(site, {"a.html": b"newer"})
    assert (site / "a.html").read_bytes() == b"old"


def test_a_site_behind_a_symbolic_link_is_exchanged_there(tmp_path: Path) -> None:
    (tmp_path / "disk/site").mkdir(parents=True)
    (tmp_path / "site").symlink_to(tmp_path / "disk/site")
    write(tmp_path / "site", {"a.html": b"a"})
    assert (tmp_path / "site").is_symlink()
    assert there(tmp_path / "disk/site") == [MANIFEST, "a.html"]


@pytest.mark.parametrize("at_once", [True, False])
def test_two_folders_change_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool) -> None:
    if not at_once:
        monkeypatch.setattr(exchange_module, "_exchanged_at_once", lambda *args: False)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text("")
    exchange(tmp_path / "a", tmp_path / "b")
    assert there(tmp_path) == ["a/b", "b/a"]


def test_an_exchange_by_moves_that_was_killed_is_undone(tmp_path: Path) -> None:
    (tmp_path / "next").mkdir()
    (tmp_path / "next.aside").mkdir()
    (tmp_path / "next.aside/a").write_text("")
    recover(tmp_path / "site", tmp_path / "next")
    assert there(tmp_path) == ["site/a"]


@pytest.mark.parametrize("path", ["../outside.html", "/outside.html", "b/../../outside.html", ""])
def test_a_forged_list_removes_nothing_outside(tmp_path: Path, path: str) -> None:
    outside = tmp_path / "outside.html"
    outside.write_text("mine")
    site = tmp_path / "site"
    write(site, {"b/a.html": b"a"})
    listed = path if path != "/outside.html" else str(outside)
    (site / MANIFEST).write_text(json.dumps({"format": 1, "files": {listed: "", "b/a.html": ""}}))
    write(site, {"b/a.html": b"a"})
    assert outside.read_text() == "mine"


def test_a_folder_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    site, other = tmp_path / "site", tmp_path / "other"
    write(site, {"b/a.html": b"a"})
    other.mkdir()
    (other / "a.html").write_text("mine")
    (site / "b/a.html").unlink()
    (site / "b").rmdir()
    (site / "b").symlink_to(other)
    write(site, {"c.html": b"c"})
    assert (other / "a.html").read_text() == "mine"
    with pytest.raises(SiteError, match="in the way"):
        write(site, {"b/a.html": b"a"})
    assert (other / "a.html").read_text() == "mine"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2, "files": {}}', '{"format": 1, "inputs": "", "files": []}', "\udcff"]
)
def test_a_damaged_list_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SiteError, match="cannot be read") as caught:
        SiteFolder(tmp_path).owned()
    assert "Remove the site's folder" in caught.value.hint


def test_the_site_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    with pytest.raises(SiteError, match="not a folder"):
        SiteFolder(tmp_path / "site")


def link(root: Path, source: Path, sha256: str) -> bool:
    """Whether the model was linked anew."""
    folder = SiteFolder(root)
    with folder.locked():
        assert verified(folder, folder.owned(), "files/m.onnx", source, sha256)
        draft = Draft(folder, folder.owned(), ["files/m.onnx"])
        stays = (root / "files/m.onnx").exists() and is_same(root / "files/m.onnx", source)
        if not stays:
            draft.link("files/m.onnx", source)
        draft.publish({"files/m.onnx": sha256}, ["files/m.onnx"] if stays else [])
    return not stays


def replace_file(path: Path, content: bytes) -> str:
    """As a conversion does it: the file is another one afterwards."""
    beside = path.with_name("beside")
    beside.write_bytes(content)
    beside.replace(path)
    return hashlib.sha256(content).hexdigest()


def test_a_model_is_linked_and_linked_again_when_it_is_another(tmp_path: Path) -> None:
    source, site = tmp_path / "m.onnx", tmp_path / "site"
    digest = replace_file(source, b"one")
    assert link(site, source, digest)
    assert (site / "files/m.onnx").samefile(source)
    assert not link(site, source, digest)
    digest = replace_file(source, b"two")
    assert (site / "files/m.onnx").read_bytes() == b"one"
    assert link(site, source, digest)
    assert (site / "files/m.onnx").read_bytes() == b"two"


def test_a_model_is_copied_where_it_cannot_be_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path, **options: bool) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(folder_module.os, "link", refuse)
    source, site = tmp_path / "m.onnx", tmp_path / "site"
    digest = replace_file(source, b"one")
    assert link(site, source, digest)
    assert not (site / "files/m.onnx").samefile(source)
    assert (site / "files/m.onnx").read_bytes() == b"one"
    assert not link(site, source, digest)


def test_a_model_with_another_digest_is_not_verified(tmp_path: Path) -> None:
    source, site = tmp_path / "m.onnx", tmp_path / "site"
    digest = replace_file(source, b"one")
    link(site, source, digest)
    folder = SiteFolder(site)
    assert not verified(folder, folder.owned(), "files/m.onnx", source, "0" * 64)
    replace_file(source, b"two")
    assert not verified(folder, folder.owned(), "files/m.onnx", source, digest)
