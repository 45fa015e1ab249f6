"""A card for machines."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from hubkit.resources import schema
from tests.site.examples import U2NET, Hub
from tests.site.test_index import fields


def load(hub: Hub, uid: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((hub.site / "models" / f"{uid}.json").read_text(encoding="utf-8"))
    return data


def problems(name: str, data: object) -> list[str]:
    return [error.message for error in Draft202012Validator(schema(name)).iter_errors(data)]


def uids(hub: Hub) -> list[str]:
    return [model["uid"] for model in json.loads((hub.site / "index.json").read_text(encoding="utf-8"))["models"]]


def test_the_schema_is_sound_and_describes_every_field() -> None:
    Draft202012Validator.check_schema(schema("model"))
    assert [path for path, field in fields(schema("model")) if not field.get("description")] == []
    assert len(list(fields(schema("model")))) > 40


def test_every_card_has_valid_data(built: Hub) -> None:
    assert len(uids(built)) == 7
    for uid in uids(built):
        data = load(built, uid)
        assert [error.message for error in Draft202012Validator(schema("model")).iter_errors(data)] == []
        if data["receipt"]:
            assert [
                error.message for error in Draft202012Validator(schema("receipt")).iter_errors(data["receipt"])
            ] == []


def test_it_says_what_the_index_says(built: Hub) -> None:
    for model in json.loads((built.site / "index.json").read_text(encoding="utf-8"))["models"]:
        assert model.items() <= load(built, model["uid"])["model"].items()


def test_what_it_says_beyond(built: Hub) -> None:
    data = load(built, U2NET)
    assert data["model"]["metrics"] == [{"name": "acc", "value": "99.05"}]
    assert data["model"]["body"].strip().startswith("## Introduction")
    assert data["receipt"]["uid"] == U2NET
    assert data["receipt"]["inference_seconds"]["onnxruntime"] == 0.412
    assert [version["version"] for version in data["versions"]] == ["1.9", "1.8", "1.7"]
    for version in data["versions"]:
        assert (built.site / unquote(version["page"])).is_file()
    assert load(built, "mindspore/1.9/bert_squad")["receipt"] is None


@pytest.mark.parametrize("other", ["a/1.9/x.html/y", "a/1.9/x.json/y"])
def test_a_card_in_the_way_of_another_is_a_problem(hub: Hub, other: str) -> None:
    hub.add("a/1.9/x")
    hub.add(other, version="1.9")
    (problem,) = hub.build().problems
    assert problem.path == "a/1.9/x"
    assert "would be a folder" in problem.message
    assert uids(hub) == [other]


def test_texts_are_fit_for_a_page(hub: Hub) -> None:
    hub.add(U2NET, title="a\u202eb", body="\u202e \ufffe")
    hub.build()
    model = load(hub, U2NET)["model"]
    assert model["title"] == "a\ufffdb"
    assert model["body"].strip() == "\ufffd \ufffd"


def test_the_claims_and_the_code_of_the_page_are_there(built: Hub) -> None:
    data = json.loads((built.site / f"models/{U2NET}.json").read_text(encoding="utf-8"))
    assert [badge["mark"] for badge in data["badges"]][:3] == ["skipped", "passed", "passed"]
    assert "Run it in ONNX Runtime" in {snippet["label"] for snippet in data["snippets"]}


def test_a_translation_and_its_original_name_each_other(hub: Hub) -> None:
    hub.add("a/1.9/one")
    hub.build()
    hub.add("a/1.9/one_cn")
    hub.build()
    found = {
        name: json.loads((hub.site / f"models/a/1.9/{name}.json").read_text(encoding="utf-8"))["model"]
        for name in ("one", "one_cn")
    }
    assert (found["one"]["translation"], found["one"]["original"]) == ("a/1.9/one_cn", "")
    assert (found["one_cn"]["translation"], found["one_cn"]["original"]) == ("", "a/1.9/one")
