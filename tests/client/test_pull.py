"""Pulling, end to end: a loopback server plays the asset host and the catalogue's."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import hubkit
from hubkit.client import choose
from hubkit.client.model import ClientError
from hubkit.errors import FetchError
from hubkit.receipts import Status, Step
from hubkit.store.blobs import DigestMismatchError
from hubkit.store.content import ContentError
from tests import model_files
from tests.client.hubs import CATALOGUE, CHECKPOINT, CONVERTED, PublishedHub, run
from tests.hubs import write_card

CONTENT = {"ckpt": CHECKPOINT, **CONVERTED}


def sources(hub: PublishedHub) -> dict[str, dict[str, Any]]:
    return {
        "cards": {},
        "catalogue": {"catalogue": CATALOGUE},
        "folder": {"catalogue": str(hub.out / "site")},
        "loopback": {"catalogue": f"{hub.host.url}catalogue/"},
    }


@pytest.mark.parametrize("place", ["cards", "catalogue", "folder", "loopback"])
@pytest.mark.parametrize("kind", ["ckpt", "mindir", "onnx"])
def test_each_format_comes_from_each_place(hub: PublishedHub, kind: str, place: str) -> None:
    path = hubkit.pull(hub.uid, format=kind, **sources(hub)[place])
    assert path.read_bytes() == CONTENT[kind]
    assert path.is_relative_to(hub.folder / "store")


@pytest.mark.parametrize("kind", ["ckpt", "mindir", "onnx"])
def test_dest_gets_the_file_under_its_name(hub: PublishedHub, kind: str) -> None:
    name = {"ckpt": "u2net.ckpt"}.get(kind, f"u2net_data.{kind}")
    (hub.folder / "here").mkdir()
    (hub.folder / "here" / name).write_text("an older one")
    for _ in range(2):
        path = hubkit.pull("u2net_data", format=kind, dest="here", catalogue=CATALOGUE)
        assert path == Path("here") / name
        assert path.read_bytes() == CONTENT[kind]
        assert [found.name for found in (hub.folder / "here").iterdir()] == [name]


def test_writing_into_a_pulled_file_changes_no_other(hub: PublishedHub) -> None:
    stored = hubkit.pull(hub.uid)
    first = hubkit.pull(hub.uid, dest="first")
    second = hubkit.pull(hub.uid, dest="second")
    first.write_bytes(b"changed")
    assert second.read_bytes() == stored.read_bytes() == CONTENT["ckpt"]


def test_a_second_pull_asks_nobody_for_the_file(hub: PublishedHub) -> None:
    hubkit.pull(hub.uid)
    asked = len(hub.host.requests)
    hubkit.pull(hub.uid)
    assert len(hub.host.requests) == asked == 1


@pytest.mark.parametrize("how", ["argument", "variable"])
def test_offline_uses_what_is_there_and_says_what_is_not(
    hub: PublishedHub, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    hubkit.pull(hub.uid, catalogue=CATALOGUE)
    asked = len(hub.host.requests)
    if how == "variable":
        monkeypatch.setenv("HUBKIT_OFFLINE", "1")
    offline = True if how == "argument" else None
    assert hubkit.pull(hub.uid, catalogue=CATALOGUE, offline=offline).read_bytes() == CHECKPOINT
    with pytest.raises(FetchError, match="hubkit is offline"):
        hubkit.pull(hub.uid, format="onnx", catalogue=CATALOGUE, offline=offline)
    with pytest.raises(FetchError, match="was not read before, and hubkit is offline"):
        hubkit.pull(hub.uid, catalogue="https://127.0.0.1:9/other/index.json", offline=offline)
    assert hubkit.pull(hub.uid, format="onnx", offline=offline).read_bytes() == CONVERTED["onnx"]  # on this disk
    assert len(hub.host.requests) == asked


def test_other_bytes_than_promised_are_refused(hub: PublishedHub) -> None:
    hub.host.files["u2net.ckpt"] = model_files.checkpoint([3.0, 4.0])
    with pytest.raises(DigestMismatchError):
        hubkit.pull(hub.uid, dest="here")
    assert not (hub.folder / "here").exists()


def pickled() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02cos\nsystem\nq\x00.")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pickled(), "it is a ZIP archive (PyTorch checkpoints"),
        (b"\x80\x02cos\nsystem\n", "it is a Python pickle"),
        (b"<html>Not found</html>", "it is an HTML page"),
        (model_files.onnx(), "it is an ONNX file, but ckpt was promised"),
    ],
)
def test_what_is_no_checkpoint_is_refused_though_its_digest_is_right(
    hub: PublishedHub, content: bytes, words: str
) -> None:
    uid = hub.add("wrong", content)
    with pytest.raises(ContentError) as caught:
        hubkit.pull(uid, dest="here")
    assert f"{uid}: {words}" in str(caught.value)
    assert not (hub.folder / "here").exists()


def test_a_link_beside_the_file_does_not_lead_its_weights_astray(hub: PublishedHub) -> None:
    content = model_files.onnx("weights/data.bin")
    index = hub.index()
    index["models"][0]["files"][1].update(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    hub.publish_index(index)
    hub.host.files[f"catalogue/{index['models'][0]['files'][1]['path']}"] = content
    (hub.folder / "here").mkdir()
    (hub.folder / "here" / "weights").symlink_to("/etc")
    with pytest.raises(ContentError, match="outside its folder"):
        hubkit.pull(hub.uid, format="onnx", dest="here", catalogue=CATALOGUE)
    assert hubkit.pull(hub.uid, format="onnx", dest="there", catalogue=CATALOGUE).read_bytes() == content


@pytest.mark.parametrize("place", ["cards", "catalogue"])
def test_untrained_weights_and_a_changed_card_are_told(hub: PublishedHub, place: str) -> None:
    uid = hub.add("seeded", note="untrained weights (seed 0)", weights="seeded")
    write_card(hub.cards, "seeded", content=CHECKPOINT, body="Another text.")
    hub.publish()
    with pytest.warns(UserWarning, match=r"untrained weights \(seed 0\); the card was changed after"):
        hubkit.pull(uid, format="onnx", **sources(hub)[place])


@pytest.mark.parametrize("place", ["cards", "catalogue"])
def test_files_whose_verification_failed_are_withheld(hub: PublishedHub, place: str) -> None:
    uid = hub.add("broken", steps=(Step("smoke", Status.FAILED, "it differs"),))
    hub.publish()
    with pytest.raises(ClientError, match="has no mindir file: its verification failed") as caught:
        hubkit.pull(uid, format="mindir", **sources(hub)[place])
    assert caught.value.hint == "Formats that can be pulled: ckpt."


@pytest.mark.parametrize("damage", ["cut short", "another's"])
def test_a_damaged_receipt_withholds_converted_files_alone(hub: PublishedHub, damage: str) -> None:
    path = hub.out / "receipts" / f"{hub.uid}.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[:50] if damage == "cut short" else text.replace(hub.uid, "tests/1.9/other_data"))
    assert hubkit.pull(hub.uid).read_bytes() == CHECKPOINT
    with pytest.raises(ClientError, match=r"has no onnx file: .*(cannot be read|is the receipt of)"):
        hubkit.pull(hub.uid, format="onnx")


def test_a_receipt_that_names_a_file_outside_its_folder_is_refused(hub: PublishedHub) -> None:
    link = hub.out / "models" / hub.uid / "u2net_data.onnx"
    link.unlink()
    link.symlink_to("/etc/hostname")
    with pytest.raises(ClientError, match="leads out of the folder"):
        hubkit.pull(hub.uid, format="onnx")


def test_an_unknown_format_and_a_missing_hub_are_told(hub: PublishedHub) -> None:
    with pytest.raises(ClientError, match="no file is of the format 'pickle'"):
        hubkit.pull(hub.uid, format="pickle")
    with pytest.raises(ClientError, match="nowhere: no such folder of cards") as caught:
        hubkit.pull(hub.uid, cards="nowhere")
    assert "--catalogue" in caught.value.hint


def test_without_mindspore_the_newest_is_taken_with_a_warning(
    hub: PublishedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choose, "_DISTRIBUTIONS", ("no-such-package",))
    with pytest.warns(UserWarning, match="no MindSpore is installed to choose for"):
        hubkit.pull("u2net_data")


def test_the_path_alone_is_on_standard_output(hub: PublishedHub) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hubkit", "pull", "u2net_data", "--format", "onnx", "--dest", "here"],
        cwd=hub.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "here/u2net_data.onnx\n"), done.stderr
    assert done.stderr == f"u2net_data means {hub.uid}\n"


def test_json_tells_what_was_pulled(hub: PublishedHub) -> None:
    done = run("pull", hub.uid, "--json")
    assert json.loads(done.stdout) == {
        "uid": hub.uid,
        "version": "1.9",
        "format": "ckpt",
        "path": str(hub.folder / "store" / "sha256" / hashlib.sha256(CHECKPOINT).hexdigest()[:2])
        + f"/{hashlib.sha256(CHECKPOINT).hexdigest()}",
        "sha256": hashlib.sha256(CHECKPOINT).hexdigest(),
        "size": len(CHECKPOINT),
        "note": "",
    }
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "Name a model, or give --locked."),
        (["u2net_dta"], 2, "Did you mean tests/u2net_data"),
        (["u2net_data@1.8"], 2, "It has 1.9."),
        (["u2net_data", "--format", "safetensors"], 2, "Formats that can be pulled: mindir, onnx, ckpt."),
        (["u2net_data", "--catalogue", "http://a.example/index.json"], 2, "a catalogue is read by https"),
        (["u2net_data", "--catalogue", "missing/index.json"], 2, "missing/index.json: cannot be read"),
        (["--locked"], 2, "hubkit.lock: cannot be read"),
        (["--locked", "--format", "onnx"], 2, "leave out --format"),
        (["wrong_data"], 1, "tests/1.9/wrong_data: it is an HTML page"),
        (["gone_data"], 1, "the server answered 404 Not Found"),
        (["gone_data", "--offline"], 1, "hubkit is offline"),
    ],
)
def test_what_cannot_be_pulled_ends_with_words_and_its_code(
    hub: PublishedHub, arguments: list[str], code: int, words: str
) -> None:
    hub.add("gone")
    del hub.host.files["gone.ckpt"]
    hub.add("wrong", b"<html>Not found</html>")
    done = run("pull", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "_data: tests/" not in done.stderr, "a model is named once"
    assert "Traceback" not in done.stderr
