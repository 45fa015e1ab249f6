from __future__ import annotations

import pytest

from tests.lint.samples import card, findings

VERSION = "The MindSpore version that the model was published for. Quote a version that ends in 0"


@pytest.mark.parametrize(
    ("changes", "shown", "message", "hint"),
    [
        ({"license": None}, "", "the required key 'license' is missing", "Add it. The licence of the model"),
        ({"license": None, "x-license": "MIT"}, "", "the required key 'license' is missing", "Add it. The licence of"),
        ({"licence": "MIT"}, "licence", "unknown key 'licence'", "Did you mean 'license'?"),
        ({"Summary": "x"}, "Summary", "unknown key 'Summary'", "Did you mean 'summary'?"),
        ({"mAP": "0.2"}, "mAP", "unknown key 'mAP'", "Remove it, or begin a key of your own with x-."),
        ({"module-type": "vision"}, "vision", "module-type cannot be 'vision'", "Known: audio, "),
        ({"module-type": "CV"}, "CV", "module-type cannot be 'CV'", "Did you mean 'cv'? Known: audio, "),
        ({"used-for": "infer"}, "infer", "used-for cannot be 'infer'", "Did you mean 'inference'? Known: "),
        ({"file-format": "ckp"}, "ckp", "file-format cannot be 'ckp'", "Did you mean 'ckpt'? Known: ckpt, "),
        ({"fine-tunable": "yes"}, "yes", "fine-tunable must be true or false", "Whether the model's parameters"),
        ({"model-name": "1234"}, "1234", "model-name must be a text", 'Write "1234", or YAML reads it as'),
        ({"author": "true"}, "true", "author must be a text", 'Write "true", or YAML reads it as'),
        ({"author": ""}, "author", "author is empty; it must be a text", "Who made the model. Example: MindSpore team"),
        ({"module-type": ""}, "module-type", "module-type is empty; it must be a text", "The field, optionally"),
        ({"author": '""'}, '""', "author is empty", "Who made the model. Example: MindSpore team"),
        ({"author": "~"}, "~", "author is empty; it must be a text", "Who made the model. Example: MindSpore team"),
        ({"author": "[a, b]"}, "author", "author must be a text", "Who made the model. Example: MindSpore team"),
        ({"input-shape": "[3, 0]"}, "0", "input-shape must be at least 1", "The size of one axis. Example: 224"),
        ({"input-shape": "[3, x]"}, "x", "input-shape must be a positive whole number", "The size of one axis. Exam"),
        ({"input-shape": "[3, -4]"}, "-4", "input-shape must be a positive whole number", "The size of one axis. Exam"),
        ({"input-shape": "[]"}, "input-shape", "input-shape is empty", "The shape of one input"),
        ({"input-shape": "3"}, "3", "input-shape must be a list", "The shape of one input"),
        ({"update-time": "yesterday"}, "yesterday", "update-time has the wrong form: 'yesterday'", "The day of"),
        ({"mindspore-version": "v1.9"}, "v1.9", "mindspore-version has the wrong form: 'v1.9'", VERSION),
        ({"accuracy": "99%"}, "99%", "accuracy has the wrong form: '99%'", "Accuracy in percent"),
    ],
)
def test_a_breach_of_the_schema_is_shown_and_told(
    changes: dict[str, str | None], shown: str, message: str, hint: str
) -> None:
    [(found_shown, found_message, found_hint)] = findings("schema", card(changes))
    assert (found_shown, found_message) == (shown, message)
    assert found_hint.startswith(hint)


def test_an_asset_has_no_keys_of_a_hubs_own() -> None:
    text = card().replace("    file-format", "    x-size: 3\n    file-format")
    assert findings("schema", text) == [("x-size", "unknown key 'x-size'", "Remove it.")]


@pytest.mark.parametrize(
    "changes",
    [
        {"evaluation": None, "accuracy": "88"},
        {"evaluation": ""},
        {"evaluation": "top1acc79 | top5acc94"},
        {"train-dataset": None},
        {"input-shape": "[3, 224, 224]"},
        {"mindspore-version": "2.3.0rc1"},
        {"x-own": "[anything, {at: all}]"},
        {"fine-tunable": "false"},
        {"repo-link": "<https://gitee.com/x>"},
    ],
)
def test_what_the_schema_allows_is_right(changes: dict[str, str | None]) -> None:
    assert findings("schema", card(changes)) == []


def test_every_missing_key_is_told_once() -> None:
    found = findings("schema", card({"author": None, "license": None, "summary": None}))
    assert [message for _, message, _ in found] == [
        "the required key 'author' is missing",
        "the required key 'license' is missing",
        "the required key 'summary' is missing",
    ]


def test_keys_missing_in_an_asset_are_told_at_that_asset() -> None:
    found = findings("schema", card({"asset-sha256": None, "file-format": None}, assets=2))
    assert [message for _, message, _ in found] == [
        "the required key 'asset-sha256' is missing",
        "the required key 'file-format' is missing",
    ] * 2
    assert {shown for shown, _, _ in found} == {"a"}  # the first letter of each asset


def test_an_unknown_key_of_an_asset_is_told_there() -> None:
    text = card().replace("    asset-sha256:", "    sha256: x\n    asset-sha256:")
    assert findings("schema", text) == [("sha256", "unknown key 'sha256'", "Remove it.")]


def test_an_asset_that_is_no_list_is_told() -> None:
    lines = [line for line in card().splitlines() if line != "  -"]
    [(shown, message, _)] = findings("schema", "\n".join(lines))
    assert (shown, message) == ("asset", "asset must be a list")


def test_many_unknown_keys_are_told_without_guesses() -> None:
    text = card({f"autho{number}": "x" for number in range(30)})
    found = findings("schema", text)
    assert len(found) == 30
    assert {hint for _, _, hint in found} == {"Remove it, or begin a key of your own with x-."}


def test_a_long_key_is_told_in_few_words() -> None:
    [(_, message, hint)] = findings("schema", card().replace("author:", f"? {'a' * 3000}\n: x\nauthor:"))
    assert message == f"unknown key '{'a' * 77}...'"
    assert hint.startswith("Remove it")
