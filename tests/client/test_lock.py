"""``hubkit lock`` and ``hubkit pull --locked``: the same choice, the same bytes; then exactly these files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hubkit.client.lockfile import LockError, lockable, read_lock, write_lock
from hubkit.client.model import ModelFile
from hubkit.resources import schema
from hubkit.store.content import FORMATS, Kind
from tests import model_files
from tests.client.hubs import CATALOGUE, CHECKPOINT, CONVERTED, PublishedHub, run
from tests.hubs import ASSET_HOST, write_card

DIGEST = hashlib.sha256(CHECKPOINT).hexdigest()


def test_what_the_lock_says(hub: PublishedHub) -> None:
    done = run("lock", "u2net_data")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    text = (hub.folder / "hubkit.lock").read_text(encoding="utf-8")
    assert json.loads(text) == {
        "format": 1,
        "models": {
            hub.uid: {
                "format": "ckpt",
                "sha256": DIGEST,
                "size": len(CHECKPOINT),
                "sources": [f"{ASSET_HOST}u2net.ckpt"],
            }
        },
    }
    assert text.endswith("}\n")
    assert list(Draft202012Validator(schema("lock")).iter_errors(json.loads(text))) == []
    assert hub.host.requests == []


@pytest.mark.parametrize("place", [[], ["--catalogue", CATALOGUE]])
@pytest.mark.parametrize("kind", ["ckpt", "onnx"])
def test_locking_again_gives_the_same_bytes_and_pulls_the_same(hub: PublishedHub, kind: str, place: list[str]) -> None:
    hub.add("bert")
    hub.publish()
    lock = hub.folder / "hubkit.lock"
    assert run("lock", "--all", "--format", kind, *place).returncode == 0
    first = lock.read_bytes()
    assert run("pull", "--locked", *place).returncode == 0
    assert run("lock", "u2net_data@1.9", "bert_data", "--format", kind, *place).returncode == 0
    assert lock.read_bytes() == first
    done = run("pull", "--locked", "--dest", "here", "--cards", "nowhere", "--offline")
    content = {"ckpt": CHECKPOINT, **CONVERTED}[kind]
    assert done.stderr == ""
    assert [(hub.folder / line).read_bytes() for line in done.stdout.splitlines()] == [content, content]


def test_a_local_source_is_a_path_from_the_lock(hub: PublishedHub) -> None:
    run("lock", "u2net_data", "--format", "onnx")
    (entry,) = json.loads((hub.folder / "hubkit.lock").read_text())["models"].values()
    assert entry["sources"] == [f"build/models/{hub.uid}/u2net_data.onnx"]
    done = run("lock", "u2net_data", "--format", "onnx", "--lock-file", "deeper/hubkit.lock")
    assert done.returncode == 2
    assert "another machine would not find it" in done.stderr
    assert not (hub.folder / "deeper").exists()


def test_a_card_that_changed_since_is_told_and_the_locked_file_is_pulled(hub: PublishedHub) -> None:
    run("lock", "u2net_data")
    other = model_files.checkpoint([9.0])
    write_card(hub.cards, "u2net", content=other)
    done = run("pull", "--locked", "--dest", "here")
    assert done.returncode == 0
    assert (hub.folder / "here" / "u2net.ckpt").read_bytes() == CHECKPOINT
    assert f"{hub.uid}: the card now says SHA-256 '{hashlib.sha256(other).hexdigest()}'" in done.stderr
    card = hub.cards / f"{hub.uid}.md"
    text = card.read_text(encoding="utf-8").replace(hashlib.sha256(other).hexdigest(), DIGEST)
    card.write_text(text.replace("9/u2net.ckpt", "9/moved.ckpt"), encoding="utf-8")
    assert f"the card now says '{ASSET_HOST}moved.ckpt' for the same file" in run("pull", "--locked").stderr
    card.unlink()
    gone = run("pull", "--locked", "u2net_data")
    assert (gone.returncode, gone.stderr) == (0, f"{hub.uid}: the card is no longer in cards\n")


def test_a_hub_that_cannot_be_read_does_not_stop_a_locked_pull(hub: PublishedHub) -> None:
    run("lock", "u2net_data")
    done = run("pull", "--locked", "--catalogue", "https://127.0.0.1:9/no/index.json")
    assert done.returncode == 0
    assert "the lock is not compared with the hub" in done.stderr


def test_other_bytes_than_locked_are_refused(hub: PublishedHub) -> None:
    run("lock", "u2net_data")
    hub.host.files["u2net.ckpt"] = model_files.checkpoint([7.0, 8.0])
    done = run("pull", "--locked")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"but hubkit.lock says {DIGEST}" in done.stderr
    assert "lock it anew with `hubkit lock`" in done.stderr
    file = ModelFile(Kind.CKPT, DIGEST, None, (f"{ASSET_HOST}gone.ckpt", f"{ASSET_HOST}u2net.ckpt"))
    write_lock(hub.folder / "hubkit.lock", {hub.uid: file})
    assert f"also tried: {ASSET_HOST}gone.ckpt" in run("pull", "--locked").stderr


def test_a_source_that_fails_is_followed_by_the_next(hub: PublishedHub) -> None:
    file = ModelFile(Kind.CKPT, DIGEST, None, (f"{ASSET_HOST}gone.ckpt", f"{ASSET_HOST}u2net.ckpt"))
    write_lock(hub.folder / "hubkit.lock", {hub.uid: file})
    assert run("pull", "--locked").returncode == 0
    assert hub.host.requests == ["gone.ckpt", "u2net.ckpt"]


def test_a_model_without_a_digest_is_left_out_and_told(hub: PublishedHub) -> None:
    write_card(hub.cards, "short", sha256="77dcaf0f")
    done = run("lock", "--all")
    assert done.returncode == 1
    assert "left out: tests/1.9/short_data: '77dcaf0f' is no SHA-256 digest" in done.stderr
    assert list(read_lock(hub.folder / "hubkit.lock")) == [hub.uid]
    assert run("lock", "short_data").returncode == 2


@pytest.mark.parametrize("arguments", [[], ["u2net_data", "--all"]])
def test_one_says_what_to_lock(hub: PublishedHub, arguments: list[str]) -> None:
    done = run("lock", *arguments)
    assert done.returncode == 2
    assert "Name one or more models, or give --all; not both." in done.stderr


LOCK = f"""{{
  "format": 1,
  "models": {{
    "tests/1.9/bert_data": {{
      "format": "onnx",
      "sha256": "{"1" * 64}",
      "size": null,
      "sources": [
        "build/bert.onnx"
      ]
    }},
    "tests/1.9/u2net_data": {{
      "format": "ckpt",
      "sha256": "{"2" * 64}",
      "size": 7,
      "sources": [
        "https://host/u2net.ckpt"
      ]
    }}
  }}
}}
"""


def test_the_example_is_sound(tmp_path: Path) -> None:
    (tmp_path / "hubkit.lock").write_text(LOCK)
    files = read_lock(tmp_path / "hubkit.lock")
    assert files["tests/1.9/bert_data"].sources == ((tmp_path / "build" / "bert.onnx").as_uri(),)
    again = {uid: lockable(uid, file, tmp_path / "hubkit.lock") for uid, file in files.items()}
    write_lock(tmp_path / "again.lock", again)
    assert (tmp_path / "again.lock").read_text() == LOCK


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"format": 1,', '"format": 1', 3, "Expecting ',' delimiter"),
        ('"format": 1,', '"format": 3,', 2, "format: 1 was expected"),
        ('"size": null,\n', "<<<<<<< ours\n", 7, "Expecting property name"),
        (f'"{"1" * 64}"', '"111"', 6, "sha256"),
        (f'"{"2" * 64}"', f'"{"A" * 64}"', 14, "sha256"),
        ('"size": 7', '"size": -7', 15, "size"),
        ('"size": 7', '"sise": 7', 12, "Additional properties are not allowed"),
        ('"size": 7', '"sha256": "3"', 15, "'sha256' comes twice"),
        ("tests/1.9/u2net_data", "tests/1.9/bert_data", 12, "'tests/1.9/bert_data' comes twice"),
        ('"format": "ckpt"', '"format": "pickle"', 13, "'pickle' is not one of"),
        ("https://host", "http://host", 16, "sources"),
        ("build/bert", "../bert", 8, "leaves the folder of the lock"),
        ("build/bert", "/etc/bert", 8, "sources"),
        ("build/bert", "file:///etc/bert", 8, "sources"),
        ('"models"', '"model"', 1, "'model"),
    ],
)
def test_damage_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    path = tmp_path / "hubkit.lock"
    assert LOCK.count(old) == 1
    path.write_text(LOCK.replace(old, new))
    with pytest.raises(LockError) as caught:
        read_lock(path)
    assert caught.value.message.startswith(f"{path}:{line}: ")
    assert words in caught.value.message


@pytest.mark.parametrize("content", [b"", b"null", b"[" * 10**5, b'{"format": \xff}', b'"' + b"9" * 10_000])
def test_what_is_no_lock_at_all_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "hubkit.lock").write_bytes(content)
    with pytest.raises(LockError, match=r"hubkit\.lock:1: "):
        read_lock(tmp_path / "hubkit.lock")


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}/\d\.\d/[^\x00-\x1f\x7f-\x9f\\\ud800-\udfff]{1,20}", fullmatch=True),
        st.builds(
            ModelFile,
            st.sampled_from([Kind(name) for name in FORMATS]),
            st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
            st.none() | st.integers(1, 2**50),
            st.lists(st.from_regex(r"https://[a-z]{1,9}/[!-\[\]-~]{1,30}", fullmatch=True), min_size=1).map(tuple),
        ),
        max_size=4,
    )
)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, files: dict[str, ModelFile]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.lock"
    write_lock(path, files)
    assert read_lock(path) == files


def test_a_failed_write_keeps_the_old_lock(hub: PublishedHub, monkeypatch: pytest.MonkeyPatch) -> None:
    path = hub.folder / "hubkit.lock"
    path.write_text(LOCK)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    write: Callable[..., None] = write_lock
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(LockError, match="cannot be written: No space left on device"):
        write(path, {hub.uid: ModelFile(Kind.CKPT, DIGEST, None, (f"{ASSET_HOST}u2net.ckpt",))})
    assert path.read_text() == LOCK
    assert [found.name for found in hub.folder.iterdir() if "lock" in found.name] == ["hubkit.lock"]


def test_the_schema_describes_every_field() -> None:
    Draft202012Validator.check_schema(schema("lock"))
    nodes = [schema("lock"), *schema("lock")["$defs"].values()]
    fields = [field for node in nodes for field in node["properties"].values()]
    assert len(fields) == 7
    assert all(field["description"] for field in fields)


def test_a_lock_is_not_emptied(hub: PublishedHub) -> None:
    assert run("lock", "--all").returncode == 0
    before = (hub.folder / "hubkit.lock").read_bytes()
    done = run("lock", "--all", "--format", "mslite")
    assert done.returncode == 2
    assert "has no model that can be locked" in done.stderr
    assert (hub.folder / "hubkit.lock").read_bytes() == before


@pytest.mark.parametrize("uid", ["a", "\ud800"])
@pytest.mark.parametrize("source", ["https://127.0.0.1:9/\ud800", "a/\udcff"])
def test_half_characters_are_told(tmp_path: Path, uid: str, source: str) -> None:
    entry = {"format": "ckpt", "sha256": DIGEST, "size": None, "sources": [source]}
    (tmp_path / "hubkit.lock").write_text(json.dumps({"format": 1, "models": {uid: entry}}), encoding="utf-8")
    with pytest.raises(LockError, match="half of a character"):
        read_lock(tmp_path / "hubkit.lock")


def test_a_card_whose_name_is_not_utf_8_is_left_out(hub: PublishedHub) -> None:
    folder = hub.cards / "tests/1.9"
    (folder / "\udcff_data.md").write_bytes((folder / "u2net_data.md").read_bytes())
    done = run("lock", "--all")
    assert (done.returncode, "is not UTF-8" in done.stderr) == (1, True)
    assert list(read_lock(hub.folder / "hubkit.lock")) == [hub.uid]


def test_a_source_behind_links_in_a_circle_is_told(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    entry = {"format": "ckpt", "sha256": DIGEST, "size": None, "sources": ["circle/net.ckpt"]}
    (tmp_path / "hubkit.lock").write_text(json.dumps({"format": 1, "models": {"a": entry}}), encoding="utf-8")
    with pytest.raises(LockError, match="leaves the folder of the lock"):
        read_lock(tmp_path / "hubkit.lock")
