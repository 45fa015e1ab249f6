"""The catalogue for machines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from hubkit.resources import schema
from hubkit.site import index
from tests.site.examples import ASSET_LINK, ASSET_SHA256, U2NET, UNTRAINED_NOTE, Hub


def load(hub: Hub) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((hub.site / "index.json").read_text(encoding="utf-8"))
    return data


def problems(data: object) -> list[str]:
    return [error.message for error in Draft202012Validator(schema("index")).iter_errors(data)]


def fields(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field and every list item of a schema."""
    for name, child in node.get("properties", {}).items():
        yield f"{path}/{name}", child
        yield from fields(child, f"{path}/{name}")
    for name, child in node.get("$defs", {}).items():
        yield f"{path}/$defs/{name}", child
        yield from fields(child, f"{path}/$defs/{name}")
    if isinstance(node.get("items"), dict):
        yield from fields(node["items"], f"{path}/items")


def test_the_schema_is_sound_and_describes_every_field() -> None:
    Draft202012Validator.check_schema(schema("index"))
    assert [path for path, field in fields(schema("index")) if not field.get("description")] == []
    assert len(list(fields(schema("index")))) > 25


def test_the_index_is_valid(built: Hub) -> None:
    assert problems(load(built)) == []


def test_what_the_index_says(built: Hub) -> None:
    models = {model["uid"]: model for model in load(built)["models"]}
    assert list(models) == sorted(models)
    assert {uid: model["status"] for uid, model in models.items()} == {
        "lab/1.9/UNet3+ 100% #1?": "not verified",
        "mindspore/1.10/unet3plus_lits2017": "verified",
        "mindspore/1.7/u2net_dutstr": "stale",
        "mindspore/1.8/u2net_dutstr": "failed",
        U2NET: "partial",
        "mindspore/1.9/bert_squad": "not verified",
        "mindspore/1.9/resnet50_imagenet2012": "partial",
    }
    model = models[U2NET]
    assert model["weights"] == "seeded"
    assert model["note"] == UNTRAINED_NOTE
    assert model["verified_at"] == "2023-02-17T08:15:00Z"
    assert model["assets"] == [{"format": "ckpt", "link": ASSET_LINK, "sha256": ASSET_SHA256, "size": 0}]
    assert model["network"] == "u2net_dutstr"
    assert models["mindspore/1.10/unet3plus_lits2017"]["assets"][0]["size"] == 176_385_024
    assert [file["format"] for file in model["files"]] == ["mindir", "onnx"]


def test_every_path_of_the_index_is_a_file_of_the_site(built: Hub) -> None:
    for model in load(built)["models"]:
        assert (built.site / unquote(model["page"])).is_file()
        for file in model["files"]:
            assert (built.site / unquote(file["path"])).stat().st_size == file["size"]


@pytest.mark.parametrize("name", ["index", "sharded-index"])
def test_every_schema_is_sound_and_describes_every_field(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert [path for path, field in fields(schema(name)) if not field.get("description")] == []


def test_a_large_index_is_sharded_by_the_first_letters(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MOST_IN_ONE", 6)
    monkeypatch.setattr(index, "MOST_IN_A_SHARD", 3)
    for number in range(6):
        hub.add(f"a/1.9/m{number}")
    hub.build()
    assert load(hub)["format"] == 1
    hub.add("b/1.9/x")
    hub.add("a/1.9/m")
    hub.build()
    data = load(hub)
    assert [error.message for error in Draft202012Validator(schema("sharded-index")).iter_errors(data)] == []
    assert [shard["prefix"] for shard in data["shards"]] == [
        "a/1.9/m", "a/1.9/m0", "a/1.9/m1", "a/1.9/m2", "a/1.9/m3", "a/1.9/m4", "a/1.9/m5", "b",
    ]  # fmt: skip
    found = []
    for shard in data["shards"]:
        content = (hub.site / shard["path"]).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (shard["sha256"], shard["size"])
        part = json.loads(content)
        assert problems(part) == []
        assert [model["uid"] for model in part["models"]] == shard["uids"]
        assert all(uid.startswith(shard["prefix"]) for uid in shard["uids"])
        found += shard["uids"]
    assert found == sorted(found)
    assert len(found) == 8
    before = {path.name for path in (hub.site / "index").iterdir()}
    hub.add("b/1.9/x", title="Another")
    hub.build()
    assert len(before & {path.name for path in (hub.site / "index").iterdir()}) == 7, "one card changes one shard"


@pytest.mark.parametrize(
    "page", ["../x.html", "/x.html", "https://a.example/x", "a/../../x.html", "javascript:x", "a b", "a\\b", "a?b", ""]
)
def test_the_schema_refuses_a_page_that_leaves_the_site(built: Hub, page: str) -> None:
    data = load(built)
    data["models"][0]["page"] = page
    assert problems(data)


@pytest.mark.parametrize("field", ["uid", "status", "assets", "files", "note"])
def test_the_schema_refuses_a_model_without(built: Hub, field: str) -> None:
    data = load(built)
    del data["models"][0][field]
    assert problems(data) == [f"{field!r} is a required property"]


def test_the_index_holds_no_path_of_the_machine(built: Hub) -> None:
    assert str(built.out) not in (built.site / "index.json").read_text(encoding="utf-8")
    for path in built.site.rglob("*.html"):
        assert str(built.out) not in path.read_text(encoding="utf-8")
