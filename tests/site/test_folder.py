"""The site's folder: what hubkit wrote it may remove, and nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from hubkit.errors import SiteError
from hubkit.site import folder as folder_module
from hubkit.site.folder import MANIFEST, Changes, SiteFolder


def write(root: Path, files: dict[str, bytes]) -> Changes:
    folder = SiteFolder(root)
    folder.claim(files, {})
    for path, content in files.items():
        folder.write(path, content)
    return folder.finish()


def there(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    assert write(tmp_path, {"a.html": b"a", "b/c.html": b"c"}) == Changes(written=2)
    times = {path: (tmp_path / path).stat().st_mtime_ns for path in there(tmp_path)}
    assert write(tmp_path, {"a.html": b"a", "b/c.html": b"c"}) == Changes(unchanged=2)
    assert {path: (tmp_path / path).stat().st_mtime_ns for path in there(tmp_path)} == times
    assert write(tmp_path, {"a.html": b"A", "b/c.html": b"c"}) == Changes(written=1, unchanged=1)
    assert (tmp_path / "a.html").read_bytes() == b"A"


def test_leftovers_go_with_their_folders_and_foreign_files_stay(tmp_path: Path) -> None:
    write(tmp_path, {"a.html": b"a", "b/c/d.html": b"d", "e/f.html": b"f"})
    (tmp_path / "e/mine.txt").write_text("mine")
    (tmp_path / "CNAME").write_text("hub.example")
    assert write(tmp_path, {"a.html": b"a"}) == Changes(unchanged=1, removed=2)
    assert there(tmp_path) == [MANIFEST, "CNAME", "a.html", "e/mine.txt"]
    assert not (tmp_path / "b").exists()


def test_a_foreign_file_in_the_way_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(SiteError, match=r"index\.html: in the way of the site, and not written by hubkit") as caught:
        write(tmp_path, {"a.html": b"a", "index.html": b"b"})
    assert caught.value.hint
    assert there(tmp_path) == ["index.html"]
    assert (tmp_path / "index.html").read_text() == "mine"


def test_a_dangling_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/a.html").symlink_to(tmp_path / "outside")
    with pytest.raises(SiteError, match="in the way"):
        write(tmp_path / "site", {"a.html": b"a"})
    assert not (tmp_path / "outside").exists()


def test_a_page_may_become_a_folder_and_back(tmp_path: Path) -> None:
    write(tmp_path, {"a.html": b"1"})
    assert write(tmp_path, {"a.html/b.html": b"2"}) == Changes(written=1, removed=1)
    assert write(tmp_path, {"a.html": b"3"}) == Changes(written=1, removed=1)
    assert there(tmp_path) == [MANIFEST, "a.html"]


def test_an_interrupted_build_is_taken_up(tmp_path: Path) -> None:
    folder = SiteFolder(tmp_path)
    folder.claim(["a.html", "b.html"], {})
    folder.write("a.html", b"a")
    assert write(tmp_path, {"b.html": b"b"}) == Changes(written=1, removed=1)
    assert there(tmp_path) == [MANIFEST, "b.html"]


def test_a_failure_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a.html": b"old"})
    folder = SiteFolder(tmp_path)
    folder.claim(["a.html"], {})

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SiteError, match=r"a\.html: cannot be written: No space left"):
        folder.write("a.html", b"newer")
    assert (tmp_path / "a.html").read_bytes() == b"old"
    assert there(tmp_path) == [MANIFEST, "a.html"]


@pytest.mark.parametrize("path", ["../outside.html", "/outside.html", "b/../../outside.html", ""])
def test_a_forged_list_removes_nothing_outside(tmp_path: Path, path: str) -> None:
    outside = tmp_path / "outside.html"
    outside.write_text("mine")
    site = tmp_path / "site"
    write(site, {"b/a.html": b"a"})
    listed = path if path != "/outside.html" else str(outside)
    (site / MANIFEST).write_text(json.dumps({"format": 1, "inputs": "", "files": {listed: "", "b/a.html": ""}}))
    write(site, {"b/a.html": b"a"})
    assert outside.read_text() == "mine"


def test_a_folder_that_became_a_link_is_not_followed_to_remove(tmp_path: Path) -> None:
    site, other = tmp_path / "site", tmp_path / "other"
    write(site, {"b/a.html": b"a"})
    other.mkdir()
    (other / "a.html").write_text("mine")
    (site / "b/a.html").unlink()
    (site / "b").rmdir()
    (site / "b").symlink_to(other)
    write(site, {"c.html": b"c"})
    assert (other / "a.html").read_text() == "mine"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2, "files": {}}', '{"format": 1, "inputs": "", "files": []}', "\udcff"]
)
def test_a_damaged_list_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SiteError, match="cannot be read") as caught:
        SiteFolder(tmp_path)
    assert "Remove the site's folder" in caught.value.hint


def test_the_site_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("")
    with pytest.raises(SiteError, match="not a folder"):
        SiteFolder(tmp_path / "site")


def test_what_was_not_claimed_is_not_written(tmp_path: Path) -> None:
    folder = SiteFolder(tmp_path)
    folder.claim(["a.html"], {})
    with pytest.raises(SiteError, match="claimed"):
        folder.write("b.html", b"")


def link(root: Path, source: Path, sha256: str) -> Changes:
    folder = SiteFolder(root)
    assert folder.verified("files/m.onnx", source, sha256)
    folder.claim([], {"files/m.onnx": sha256})
    folder.link("files/m.onnx", source)
    return folder.finish()


def replace_file(path: Path, content: bytes) -> str:
    """As a conversion does it: the file is another one afterwards."""
    beside = path.with_name("beside")
    beside.write_bytes(content)
    beside.replace(path)
    return hashlib.sha256(content).hexdigest()


def test_a_model_is_linked_and_linked_again_when_it_is_another(tmp_path: Path) -> None:
    source, site = tmp_path / "m.onnx", tmp_path / "site"
    digest = replace_file(source, b"one")
    assert link(site, source, digest) == Changes(written=1)
    assert (site / "files/m.onnx").samefile(source)
    assert link(site, source, digest) == Changes(unchanged=1)
    digest = replace_file(source, b"two")
    assert (site / "files/m.onnx").read_bytes() == b"one"
    assert link(site, source, digest) == Changes(written=1)
    assert (site / "files/m.onnx").read_bytes() == b"two"


def test_a_model_is_copied_where_it_cannot_be_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(folder_module.os, "link", refuse)
    source, site = tmp_path / "m.onnx", tmp_path / "site"
    digest = replace_file(source, b"one")
    assert link(site, source, digest) == Changes(written=1)
    assert not (site / "files/m.onnx").samefile(source)
    assert (site / "files/m.onnx").read_bytes() == b"one"
    assert link(site, source, digest) == Changes(unchanged=1)


def test_a_model_with_another_digest_is_not_verified(tmp_path: Path) -> None:
    source, site = tmp_path / "m.onnx", tmp_path / "site"
    digest = replace_file(source, b"one")
    link(site, source, digest)
    assert not SiteFolder(site).verified("files/m.onnx", source, "0" * 64)
    replace_file(source, b"two")
    assert not SiteFolder(site).verified("files/m.onnx", source, digest)
