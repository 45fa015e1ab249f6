"""A published index is untrusted: whatever it holds, it is refused in words or harmless."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hubkit
from hubkit.client import catalogue as module
from hubkit.client.catalogue import open_catalogue
from hubkit.client.model import ClientError
from hubkit.errors import FetchError, HubkitError
from hubkit.site import index as site_index
from hubkit.store.blobs import BlobStore
from hubkit.store.content import Kind
from hubkit.store.fetch import FetchOptions
from hubkit.store.limits import Limits
from tests.client.hubs import CATALOGUE, CHECKPOINT, CONVERTED, PublishedHub
from tests.hubs import ASSET_HOST
from tests.servers import redirect
from tests.store.faults import Reply, fault_server


@pytest.mark.parametrize(
    "path",
    [
        "../secret.onnx",
        "files/../../secret.onnx",
        "files/%2e%2e/%2e%2e/secret.onnx",
        "%2E%2E/secret.onnx",
        "files/%2Fetc/passwd",
        "files/..%5csecret.onnx",
        "files/%252e%252e/secret.onnx",
        "files/a%00b.onnx",
        "/secret.onnx",
        "//host/secret.onnx",
        "https://host/secret.onnx",
        "file:///etc/passwd",
        "files\\secret.onnx",
        "./secret.onnx",
    ],
)
def test_a_link_that_leaves_the_catalogue_is_refused_before_it_is_asked_for(hub: PublishedHub, path: str) -> None:
    index = hub.index()
    index["models"][0]["files"][1]["path"] = path
    hub.publish_index(index)
    with pytest.raises(ClientError, match=r"leaves the catalogue|no index of a catalogue"):
        hubkit.pull(hub.uid, format="onnx", catalogue=CATALOGUE)
    assert set(hub.host.requests) == {"catalogue/index.json"}


@pytest.mark.parametrize(
    "link", ["http://127.0.0.1:9/u2net.ckpt", "file:///etc/passwd", "/etc/passwd", "https://[", "javascript:x", ""]
)
@pytest.mark.parametrize("place", ["https", "folder"])
def test_an_asset_is_fetched_by_https_whatever_the_index_says(hub: PublishedHub, link: str, place: str) -> None:
    index = hub.index()
    index["models"][0]["assets"][0]["link"] = link
    hub.publish_index(index)
    (hub.out / "site" / "index.json").write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(FetchError, match=r"not fetched by|no valid URL"):
        hubkit.pull(hub.uid, catalogue=CATALOGUE if place == "https" else str(hub.out / "site"))


def change(index: dict[str, Any], **fields: Any) -> None:
    index["models"][0].update(fields)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda index: index.update(format=3), "format: 1 was expected"),
        (lambda index: index.pop("models"), "'models' is a required property"),
        (lambda index: change(index, uid=""), "models/0: '' is no uid"),
        (lambda index: change(index, uid="../../x"), "'../../x' is no uid"),
        (lambda index: change(index, uid="/etc/passwd"), "is no uid"),
        (lambda index: change(index, uid="a\\b"), "is no uid"),
        (lambda index: change(index, uid="a/\x1b[2Jb"), "is no uid"),
        (lambda index: change(index, uid="a" * 600), "is no uid"),
        (lambda index: index["models"].append(copy.deepcopy(index["models"][0])), "comes twice"),
        (lambda index: change(index, note="x" * 3, weights="magic"), "weights"),
        (lambda index: index["models"][0]["files"][0].update(sha256="0"), "sha256"),
    ],
)
def test_an_index_against_its_schema_is_refused_with_the_place(
    hub: PublishedHub, spoil: Callable[[dict[str, Any]], object], words: str
) -> None:
    index = hub.index()
    spoil(index)
    hub.publish_index(index)
    with pytest.raises(ClientError) as caught:
        hubkit.pull(hub.uid, catalogue=CATALOGUE)
    assert words in caught.value.message
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[" * 100_000, b"\xff\xfe", b"null", b'{"format": NaN}', b'{"format": ' + b"9" * 5000 + b"}"],
)
def test_what_is_no_json_is_refused(hub: PublishedHub, content: bytes) -> None:
    hub.host.files["catalogue/index.json"] = content
    with pytest.raises(ClientError, match="no index of a catalogue"):
        hubkit.pull(hub.uid, catalogue=CATALOGUE)


def test_an_index_may_not_be_too_large(hub: PublishedHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_INDEX_BYTES", 100)
    for place in (CATALOGUE, str(hub.out / "site")):
        with pytest.raises((ClientError, FetchError), match="limit of 100 bytes"):
            hubkit.pull(hub.uid, catalogue=place)


def test_an_index_without_the_newer_fields_will_do(hub: PublishedHub) -> None:
    index = hub.index()
    del index["models"][0]["network"]
    del index["models"][0]["assets"][0]["size"]
    hub.publish_index(index)
    assert hubkit.pull(hub.uid, catalogue=CATALOGUE).read_bytes() == CHECKPOINT
    with pytest.raises(ClientError, match="does not name a network"):
        hubkit.load(hub.uid, catalogue=CATALOGUE)


def test_a_file_larger_than_the_index_says_is_not_fetched(hub: PublishedHub) -> None:
    hub.host.files["catalogue/files/tests/1.9/u2net_data/u2net_data.onnx"] = CONVERTED["onnx"] + bytes(10**6)
    with pytest.raises(FetchError) as caught:
        hubkit.pull(hub.uid, format="onnx", catalogue=CATALOGUE)
    assert f"the limit is {len(CONVERTED['onnx']):,}" in "\n".join(caught.value.__notes__)


def test_a_note_cannot_drive_the_terminal(hub: PublishedHub) -> None:
    index = hub.index()
    change(index, note="\x1b]0;owned\x07 \u202e")
    hub.publish_index(index)
    with pytest.warns(UserWarning, match="owned") as caught:
        hubkit.pull(hub.uid, format="onnx", catalogue=CATALOGUE)
    assert str(caught[0].message).isprintable()


def test_a_name_with_odd_but_harmless_characters_is_pulled(hub: PublishedHub) -> None:
    index = hub.index()
    index["models"][0]["files"][1]["path"] = "files/UNet3%2B%20100%25%20%231%3F/n%C3%A4.onnx"
    hub.publish_index(index)
    hub.host.files["catalogue/files/UNet3%2B%20100%25%20%231%3F/n%C3%A4.onnx"] = CONVERTED["onnx"]
    hub.host.files["catalogue/files/UNet3+%20100%25%20%231%3F/n%C3%A4.onnx"] = CONVERTED["onnx"]
    assert hubkit.pull(hub.uid, format="onnx", catalogue=CATALOGUE, dest="here") == Path("here/nä.onnx")


def test_the_name_of_the_file_stays_in_its_folder(hub: PublishedHub) -> None:
    index = hub.index()
    index["models"][0]["assets"][0]["link"] = f"{ASSET_HOST}a/..%2F..%2Fevil%00.sh?x=/b"
    hub.publish_index(index)
    hub.host.files["a/..%2F..%2Fevil%00.sh?x=/b"] = CHECKPOINT
    path = hubkit.pull(hub.uid, catalogue=CATALOGUE, dest="here")
    assert path == Path("here/evil_.sh.ckpt")
    assert path.read_bytes() == CHECKPOINT


def test_links_count_from_where_the_index_was_asked_for(hub: PublishedHub) -> None:
    hub.host.files["moved/index.json"] = hub.host.files.pop("catalogue/index.json")
    hub.host.answers["catalogue/index.json"] = redirect("/moved/index.json")
    assert hubkit.pull(hub.uid, format="onnx", catalogue=CATALOGUE).read_bytes() == CONVERTED["onnx"]


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.text(max_size=12),
    st.sampled_from(["../x", "https://[", "%2e%2e/x", "\x1b[2J", "a/1.9/b", "1.9", "files/a.onnx"]),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a JSON value."""
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for step, child in steps for place in places(child, (*path, step)))]


@settings(max_examples=150)
@given(st.data())
def test_no_index_raises_anything_but_the_refusal(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    index = json.loads(_INDEX)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places(index)[1:]))
        node = index
        for step in place[:-1]:
            node = node[step]
        node[place[-1]] = data.draw(_VALUES)
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    folder.mkdir(exist_ok=True)
    (folder / "index.json").write_bytes(json.dumps(index).encode("utf-8", "surrogatepass"))
    base = f"{folder.resolve().as_uri()}/"
    try:
        found = open_catalogue(str(folder), BlobStore(folder / "store"), FetchOptions())
        for uid in found.uids():
            assert min(uid) >= " "
            for file in found.model(uid).files:
                assert file.format in Kind
                if file.format in (Kind.MINDIR, Kind.ONNX):
                    assert file.sources[0].startswith(base)
    except HubkitError:
        pass


_INDEX = json.dumps(
    {
        "format": 1,
        "generator": "hubkit",
        "models": [
            {
                **dict.fromkeys(
                    ("title", "summary", "task", "dataset", "evaluation", "author", "license", "updated", "note"), "x"
                ),
                "uid": "tests/1.9/u2net_data",
                "name": "u2net_data",
                "version": "1.9",
                "publisher": "tests",
                "network": "u2net",
                "page": "models/x.html",
                "status": "verified",
                "weights": "published",
                "verified_at": "",
                "assets": [{"format": "ckpt", "link": f"{ASSET_HOST}u2net.ckpt", "sha256": "0" * 64, "size": 3}],
                "files": [{"format": "onnx", "path": "files/x.onnx", "sha256": "1" * 64, "size": 4}],
            }
        ],
    }
)


@pytest.mark.parametrize(
    "reply", [Reply(bytes(100_000), pieces=(100, 0.05)), Reply(silent=True)], ids=["slow", "silent"]
)
def test_an_index_that_comes_too_slowly_is_not_waited_for(tmp_path: Path, reply: Reply) -> None:
    limits = Limits(rate_seconds=0.3, min_bytes_per_second=1_000_000, read_seconds=30)
    with fault_server([reply]) as server, pytest.raises(FetchError, match="too slow"):
        open_catalogue(server.url, BlobStore(tmp_path), FetchOptions(limits=limits))


def test_an_address_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="no valid URL\n  Write it like"):
        open_catalogue("https://\udcff/", BlobStore(tmp_path), FetchOptions())


@pytest.fixture
def sharded(hub: PublishedHub, monkeypatch: pytest.MonkeyPatch) -> PublishedHub:
    """A hub of three models whose index is sharded."""
    monkeypatch.setattr(site_index, "MOST_IN_ONE", 2)
    monkeypatch.setattr(site_index, "MOST_IN_A_SHARD", 1)
    hub.add("other")
    hub.add("third")
    hub.publish()
    assert hub.index()["format"] == 2
    hub.host.requests.clear()
    return hub


@pytest.mark.parametrize("place", ["https", "folder"])
def test_of_a_sharded_index_only_the_file_of_the_model_is_read(sharded: PublishedHub, place: str) -> None:
    catalogue = CATALOGUE if place == "https" else str(sharded.out / "site")
    path = hubkit.pull(sharded.uid, format="onnx", catalogue=catalogue)
    assert path.read_bytes() == CONVERTED["onnx"]
    asked = [name for name in sharded.host.requests if name.startswith("catalogue/index")]
    assert len(asked) == (2 if place == "https" else 0)


def test_all_uids_of_a_sharded_index_are_known(sharded: PublishedHub) -> None:
    found = open_catalogue(str(sharded.out / "site"), BlobStore(sharded.folder / "store"), FetchOptions())
    assert len(found.uids()) == 3
    assert [found.model(uid).uid for uid in found.uids()] == list(found.uids())


def test_a_sharded_index_that_was_read_before_serves_offline(sharded: PublishedHub) -> None:
    hubkit.pull(sharded.uid, format="onnx", catalogue=CATALOGUE)
    assert hubkit.pull(sharded.uid, format="onnx", catalogue=CATALOGUE, offline=True)


def spoil_shard(hub: PublishedHub, **fields: Any) -> None:
    index = hub.index()
    for shard in index["shards"]:
        shard.update(fields)
    hub.publish_index(index)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"path": "../x.json"}, "no index of a catalogue"),
        ({"path": "%2e%2e/x.json"}, "leaves the catalogue"),
        ({"path": "https://host/x.json"}, "no index of a catalogue"),
        ({"sha256": "0" * 64}, "not the file that the index names"),
        ({"uids": ["a/../b"]}, "is no uid"),
        ({"uids": ["a/b"]}, "comes twice"),
        ({"size": -1}, "no index of a catalogue"),
    ],
)
def test_a_sharded_index_is_untrusted_too(sharded: PublishedHub, fields: dict[str, Any], words: str) -> None:
    spoil_shard(sharded, **fields)
    with pytest.raises(ClientError, match=words) as caught:
        hubkit.pull(sharded.uid, catalogue=CATALOGUE)
    assert caught.value.hint


def test_a_shard_without_a_model_that_the_index_names_is_refused(sharded: PublishedHub) -> None:
    index = sharded.index()
    index["shards"][0]["uids"].append("tests/1.9/nowhere")
    sharded.publish_index(index)
    with pytest.raises(ClientError, match="a model that the index names is missing"):
        hubkit.pull("tests/1.9/nowhere", catalogue=CATALOGUE)
