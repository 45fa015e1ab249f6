"""Files are put where they are wanted whole, under a safe name."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubkit.client import place as module
from hubkit.client.place import place, safe_name
from hubkit.errors import FetchError
from hubkit.store.content import Kind

CONTENT = b"weights"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def blob(tmp_path: Path) -> Path:
    path = tmp_path / "store" / DIGEST
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("u2net.ckpt", Kind.CKPT, "u2net.ckpt"),
        ("U2Net.CKPT", Kind.CKPT, "U2Net.ckpt"),
        ("model.ms", Kind.MSLITE, "model.ms"),
        ("download", Kind.CKPT, "download.ckpt"),
        ("../../x.sh", Kind.CKPT, "x.sh.ckpt"),
        ("a\\b.ckpt", Kind.CKPT, "b.ckpt"),
        ("c:x.onnx", Kind.ONNX, "c_x.onnx"),
        (".bashrc", Kind.CKPT, "bashrc.ckpt"),
        ("nul.onnx", Kind.ONNX, "_nul.onnx"),
        ("", Kind.CKPT, "u2net_data.ckpt"),
        ("..", Kind.CKPT, "u2net_data.ckpt"),
        ("\x00\n", Kind.CKPT, "u2net_data.ckpt"),
        (".ckpt", Kind.CKPT, "ckpt.ckpt"),
        ("模型.ckpt", Kind.CKPT, "模型.ckpt"),
    ],
)
def test_names_are_made_safe(name: str, kind: Kind, safe: str) -> None:
    assert safe_name(name, kind, "tests/1.9/u2net_data") == safe


@given(st.text(), st.text(min_size=1))
def test_any_name_is_one_part_of_a_path(name: str, uid: str) -> None:
    made = safe_name(name, Kind.CKPT, uid)
    assert Path(made).name == made
    assert made.endswith(".ckpt")
    assert not made.startswith(".")
    assert not set(made) & set('<>:"/\\|?*\x00\n\x7f')
    assert len(made.encode()) < 230


def test_a_file_is_copied_and_the_copy_verified(blob: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = place(blob, DIGEST, tmp_path / "a" / "here", "x.ckpt")
    assert path.read_bytes() == CONTENT
    assert not path.samefile(blob)
    monkeypatch.setattr(module.shutil, "copyfile", lambda _, target: Path(target).write_bytes(b"rot"))
    with pytest.raises(FetchError, match="is not what was verified"):
        place(blob, DIGEST, path.parent, "x.ckpt")
    assert [found.name for found in path.parent.iterdir()] == ["x.ckpt"]
    assert path.read_bytes() == CONTENT


def test_a_link_in_the_folder_is_replaced_not_followed(blob: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "x.ckpt").symlink_to(tmp_path / "victim")
    assert place(blob, DIGEST, tmp_path / "here", "x.ckpt").read_bytes() == CONTENT
    assert (tmp_path / "victim").read_text() == "mine"


def test_what_is_in_the_way_is_told(blob: Path, tmp_path: Path) -> None:
    (tmp_path / "here" / "x.ckpt").mkdir(parents=True)
    with pytest.raises(FetchError, match=r"x\.ckpt: cannot be written"):
        place(blob, DIGEST, tmp_path / "here", "x.ckpt")
    (tmp_path / "file").touch()
    with pytest.raises(FetchError, match="cannot be written: Not a directory\n  Choose another folder"):
        place(blob, DIGEST, tmp_path / "file" / "a", "x.ckpt")
    assert [found.name for found in (tmp_path / "here").iterdir()] == ["x.ckpt"]
