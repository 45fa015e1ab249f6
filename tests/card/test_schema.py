"""The card schema itself, and that the quick answer is the validator's."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hubkit.card.chinese_keys import CHINESE_KEYS
from hubkit.card.model import TEXT_FIELDS, Asset, Card
from hubkit.card.network import NetworkBlock, NetworkInput
from hubkit.card.parse import parse_file, parse_text
from hubkit.card.schema import card_schema, violations
from hubkit.card.schema_part import Part
from hubkit.resources import schema

SCHEMA = schema("card")
VALIDATOR = Draft202012Validator(SCHEMA)


def parts(part: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of the schema that describes a field or an item, with its name."""
    for key, value in part.get("properties", {}).items():
        yield f"{name}/{key}", value
        yield from parts(value, f"{name}/{key}")
    for key, value in part.get("patternProperties", {}).items():
        yield f"{name}/{key}", value
    if "items" in part:
        yield f"{name}/items", part["items"]
        yield from parts(part["items"], f"{name}/items")


PARTS = dict(parts(SCHEMA))


def test_the_schema_is_a_valid_one_of_draft_2020_12() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["description"]


@pytest.mark.parametrize("name", PARTS)
def test_every_field_is_described_by_words_and_a_valid_example(name: str) -> None:
    part = PARTS[name]
    assert len(part["description"]) > 10
    assert part["description"].endswith(".")
    assert part["examples"]
    for example in part["examples"]:
        VALIDATOR.evolve(schema=part).validate(example)


def test_a_chinese_key_is_told_what_it_is_in_english_and_not_missed_as_well() -> None:
    front = parse_text("---\n模型名称: U2-Net\n许可证: MIT\n资源:\n  - 文件格式: ckpt\n---\n", "card.md").front
    assert front is not None
    found = {violation.message: violation.hint for violation in violations(front)}
    assert found["unknown key '模型名称'"] == "Write 'model-name'; keys are English."
    assert found["unknown key '许可证'"] == "Write 'license'; keys are English."
    assert not any("'model-name' is missing" in message or "'license' is missing" in message for message in found)
    assert set(CHINESE_KEYS.values()) <= {*SCHEMA["properties"], *SCHEMA["properties"]["asset"]["items"]["properties"]}


def test_nothing_is_left_open() -> None:
    assert SCHEMA["additionalProperties"] is False
    assert SCHEMA["properties"]["asset"]["items"]["additionalProperties"] is False
    for field in ("file-format", "module-type"):
        part = PARTS[f"/{field}"] if f"/{field}" in PARTS else PARTS[f"/asset/items/{field}"]
        assert part["enum"]
    for field in ("/model-version", "/mindspore-version", "/repo-link", "/update-time", "/asset/items/asset-sha256"):
        assert PARTS[field]["pattern"].startswith("^")
        assert PARTS[field]["pattern"].endswith("$")


@pytest.mark.parametrize("name", ["1.9/u2net_dutstr.md", "1.10/unet3plus_lits2017.md"])
def test_the_seed_cards_are_accepted_as_their_authors_wrote_them(corpus_dir: Path, name: str) -> None:
    document = parse_file(corpus_dir / "mindspore" / name)
    assert document.front is not None
    assert document.problems == ()
    assert list(violations(document.front)) == []
    assert list(VALIDATOR.iter_errors(document.front.data())) == []


def test_the_cards_fields_are_the_schemas() -> None:
    others = {
        "fine_tunable": "fine-tunable",
        "input_shape": "input-shape",
        "repo_link": "repo-link",
        "mindspore_lite": "mindspore-lite",
        "assets": "asset",
        "network": "network",
    }
    of_the_file = {"uid", "title", "body"}
    assert {field.name for field in fields(Card)} == {*TEXT_FIELDS, *others, *of_the_file}
    assert {*TEXT_FIELDS.values(), *others.values()} == set(SCHEMA["properties"])
    block = SCHEMA["properties"]["network"]["properties"]
    assert {field.name for field in fields(NetworkBlock)} == {*block, "wrong"}
    assert {field.name for field in fields(NetworkInput)} == {"name", "shape", "dtype", "low", "high"}
    assert set(block["inputs"]["items"]["properties"]) == {"name", "shape", "type", "range"}
    assert {"file_format", "link", "sha256"} == {field.name for field in fields(Asset)}
    assert {"file-format", "asset-link", "asset-sha256"} == set(SCHEMA["properties"]["asset"]["items"]["properties"])


def test_no_card_without_a_network_block_waits_for_jsonschema() -> None:
    parts = [part for key, part in PARTS.items() if not key.startswith("/network")]
    assert all(Part(part)._is_known for part in [SCHEMA, *parts])
    assert not Part(SCHEMA["properties"]["network"])._is_known


def test_the_quick_answer_is_the_validators_on_real_cards(corpus_dir: Path) -> None:
    part = Part(SCHEMA)
    answers = []
    for path in sorted(corpus_dir.rglob("*.md"))[::5]:
        front = parse_file(path).front
        if front is not None:
            data = front.data()
            answers.append(VALIDATOR.is_valid(data))
            assert part.accepts(data) == answers[-1], path
    assert len(answers) > 500


ODD: list[Any] = [None, True, False, 0, 1, -1, 224, "", "x", "1.10", "1.9\n", "a" * 300, "cv", "CV", "ckpt"]
ODD += ["https://a.b", "http://a b", "<https://a.b>", "2022-1-1", "0" * 64, "G" * 64, [], {}, [1, "1", True], [{}]]
ODD += [{"file-format": "ckpt"}, [[1]], ["a", {"x-a": 1}], {"a": {"b": [1]}}]


def test_the_quick_answer_is_the_validators_on_mutated_cards() -> None:
    chance = random.Random(7)
    sound: dict[str, Any] = {key: part["examples"][0] for key, part in SCHEMA["properties"].items()}
    part = Part(SCHEMA)
    valid = 0
    for _ in range(3000):
        data = copy.deepcopy(sound)
        for _ in range(chance.randint(0, 2)):
            target: dict[str, Any] = (
                chance.choice([data, data, data["asset"][0], data["network"], data["network"]["inputs"][0]])
                if all(data.get(key) == sound[key] for key in ("asset", "network"))
                else data
            )
            key = chance.choice([*target, "x-own", "new", "asset", "builder"])
            if chance.random() < 0.2:
                target.pop(key, None)
            else:
                target[key] = copy.deepcopy(chance.choice(ODD))
        expected = VALIDATOR.is_valid(data)
        assert part.accepts(data) == expected, data
        found = {(error.path, error.keyword, str(error.wanted)) for error in part.errors(data)}
        assert found == {
            (tuple(error.absolute_path), error.validator, str(error.validator_value))
            for error in VALIDATOR.iter_errors(data)
        }
        valid += expected
    assert 300 < valid < 2700


def test_true_is_not_taken_for_one() -> None:
    shape = card_schema()._members["input-shape"]
    assert shape.accepts([1])
    assert not shape.accepts([True])
    assert shape.accepts([1])


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubkit.card.schema_part._MAX_KNOWN", 10)
    part = Part({"type": "string", "minLength": 3})
    for number in range(100):
        assert part.accepts("a" * (number % 7)) == (number % 7 >= 3)
        assert part.accepts(f"text {number}")
    assert len(part._answers) <= 10


def test_violations_come_with_places_in_the_file() -> None:
    document = parse_text("# t\n---\nmodel-name: 1\nasset:\n- file-format: x\n---\n", "card.md")
    assert document.front is not None
    found = [(document.source.span(v.start, v.end), v.message) for v in violations(document.front)]
    assert len({message for _, message in found}) == len(found)
    lines = {
        message.split("'")[1] if "required" in message else message.split()[0]: span.line for span, message in found
    }
    assert lines["author"] == 3  # where the front matter begins
    assert lines["model-name"] == 3
    assert lines["asset-link"] == 5
    assert lines["file-format"] == 5


def test_a_keyword_without_words_of_its_own_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stricter = copy.deepcopy(SCHEMA)
    stricter["properties"]["author"]["maxLength"] = 2
    monkeypatch.setattr("hubkit.card.schema.card_schema", lambda: Part(stricter))
    document = parse_text("---\nauthor: abc\n---\n", "card.md")
    assert document.front is not None
    messages = [violation.message for violation in violations(document.front)]
    assert "author breaks the schema's maxLength" in messages
