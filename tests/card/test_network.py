"""The block ``network`` as the rest of hubkit uses it."""

from __future__ import annotations

import pytest

from hubkit.card.model import Card, card_from_document, load_card
from hubkit.card.network import NetworkBlock, NetworkInput
from hubkit.card.parse import parse_text
from tests.lint.samples import card, findings
from tests.requirements import PROJECT

INPUTS = "inputs: [{name: x, shape: [1, 3], type: float32}]"


def card_with(block: str) -> Card:
    return card_from_document(parse_text(card({"network": block}), "card.md"), "p/1.9/n")


def test_a_block_is_read_whole() -> None:
    hub = PROJECT / "tests" / "cards" / "good"
    assert load_card(hub / "hub" / "1.9" / "u2net_dutstr.md", hub).network == NetworkBlock(
        repo="u2net",
        commit="0123456789abcdef0123456789abcdef01234567",
        arguments={"in_ch": 3, "dropout": 0.1, "names": ["a", "1.10", None, True], "more": {"a": {"b": -1}}},
        inputs=(
            NetworkInput("image", (1, 3, 320, 320), "float32", -2.5, 10.0),
            NetworkInput("mask", (1,), "uint8", 0.0, 1.0),
        ),
        outputs=("fused", "side.1"),
    )


def test_an_input_may_be_a_mask_or_a_single_number() -> None:
    inputs = "[{name: mask, shape: [1, 9], type: bool}, {name: steps, shape: [], type: int32, range: [1, 4]}]"
    assert card_with(f"{{builder: u2net, inputs: {inputs}}}").network == NetworkBlock(
        builder="u2net",
        inputs=(NetworkInput("mask", (1, 9), "bool", 0.0, 1.0), NetworkInput("steps", (), "int32", 1.0, 4.0)),
    )


def test_a_card_without_the_block_has_none() -> None:
    assert card_from_document(parse_text(card(), "card.md"), "p/1.9/n").network is None


def test_little_is_enough() -> None:
    assert card_with("{builder: ' u2net '}").network == NetworkBlock(builder="u2net")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("1", 1),
        ("-12", -12),
        ("1.0", 1.0),
        ("1.10", 1.1),
        ("-.5", -0.5),
        ("2e-3", 0.002),
        ("007", 7),
        ("12345678901234567890", 12345678901234567890),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("yes", "yes"),
        ("True", True),
        ("~", None),
        ("", None),
        ("'1'", "1"),
        ("2022-1-1", "2022-1-1"),
        (".nan", ".nan"),
        ("9" * 301, "9" * 301),
        ("[]", []),
        ("{a: {}}", {"a": {}}),
    ],
)
def test_arguments_are_json_values(value: str, read: object) -> None:
    block = card_with(f"{{builder: u2net, arguments: {{it: {value}}}}}").network
    assert block is not None
    assert block.wrong == ""
    found = block.arguments["it"]
    assert found == read
    assert type(found) is type(read)


@pytest.mark.parametrize(
    ("block", "wrong"),
    [
        ("", "network is empty; it must be a group of fields"),
        ("u2net", "network must be a group of fields"),
        ("{}", "network has neither builder nor repo"),
        (f"{{builder: a, repo: b, {INPUTS}}}", "network has builder and repo"),
        ("{repo: a}", "a network of a repository needs its inputs"),
        ("{builder: a, colour: b}", "unknown key 'colour'"),
        (
            "{builder: a, inputs: [{name: x}]}",
            "the required key 'shape' is missing; the required key 'type' is missing",
        ),
        ("{builder: a, outputs: [x, x]}", "two outputs are called x"),
    ],
)
def test_a_block_that_cannot_be_used_says_why(block: str, wrong: str) -> None:
    found = card_with(block).network
    assert found == NetworkBlock(wrong=wrong)


@pytest.mark.parametrize(
    ("block", "shown", "message", "hint"),
    [
        ("{builder: a, repo: b}", "network", "network has builder and repo", "Keep one of them."),
        ("{arguments: {}}", "network", "network has neither builder nor repo", "Add builder (A network that hubkit"),
        ("[builder]", "network", "network must be a group of fields", "The network whose parameters"),
        ("{builder: a, commit: r1.9}", "r1.9", "commit has the wrong form: 'r1.9'", "The commit of the repository"),
        ("{builder: a, x-own: b}", "x-own", "unknown key 'x-own'", "Remove it."),
        ("{builder: a, inputs: [{nmae: x, shape: [1], type: int8}]}", "nmae", "unknown key 'nmae'", "Did you mean"),
        ("{builder: a, inputs: [{name: x, shape: [1]}]}", "{", "the required key 'type' is missing", "Add it. The"),
        ("{builder: a, inputs: [{name: x, shape: [1], type: int8, range: [1]}]}", "range",
         "range must have 2 values, not 1", "The least and the greatest value"),
        ("{builder: a, inputs: [{name: x, shape: [1], type: int8, range: [1, 2, 3]}]}", "range",
         "range must have 2 values, not 3", "The least and the greatest value"),
        ("{builder: a, inputs: [{name: x, shape: [1], type: int8, range: []}]}", "range", "range is empty", "The"),
        ("{builder: a, inputs: [{name: x, shape: [1], type: int8, range: [low, 3]}]}", "low",
         "range has the wrong form: 'low'", "One end of"),
    ],
)  # fmt: skip
def test_a_breach_of_the_schema_is_shown_and_told(block: str, shown: str, message: str, hint: str) -> None:
    found = [one for one in findings("schema", card({"network": block})) if one[1] == message]
    assert [(one[0], one[2][: len(hint)]) for one in found] == [(shown, hint)]


@pytest.mark.parametrize(
    ("block", "shown", "message"),
    [
        ("{builder: a, inputs: [{name: x, shape: [1], type: int8, range: [2, 1]}]}", "[2, 1]",
         "the range begins at 2, which is more than its end 1"),
        ("{builder: a, inputs: [{name: x, shape: [1], type: int8, range: [-129, 0]}]}", "[-129, 0]",
         "the range -129 to 0 does not fit into int8, which holds -128 to 127"),
        ("{builder: a, inputs: [{name: x, shape: [1], type: uint64, range: [-1, 0]}]}", "[-1, 0]",
         "the range -1 to 0 does not fit into uint64, which holds 0 to 1.84467e+19"),
        ("{builder: a, inputs: [{name: x, shape: [1], type: float16, range: [0, 65505]}]}", "[0, 65505]",
         "the range 0 to 65505 does not fit into float16, which holds -65504 to 65504"),
        ("{builder: a, inputs: [{name: x, shape: [1], type: int8, range: [0.2, 0.8]}]}", "[0.2, 0.8]",
         "there is no whole number from 0.2 to 0.8"),
        ("{builder: a, commit: 0123456789abcdef0123456789abcdef01234567}", "commit",
         "commit goes with repo, which is missing"),
        ("{builder: a, arguments: {num-classes: 3}}", "num-classes", "'num-classes' is no name of an argument"),
        ("{builder: a, arguments: {x: [1, {y: -2e999}]}}", "-2e999", "the number -2e999 is too large"),
    ],
)  # fmt: skip
def test_values_that_cannot_hold_together_are_shown_and_told(block: str, shown: str, message: str) -> None:
    [(found_shown, found_message, hint)] = findings("network-block", card({"network": block}))
    assert (found_shown, found_message) == (shown, message)
    assert hint.endswith(".")


@pytest.mark.parametrize(
    "more", ["", ", range: [0, 0]", ", range: [-128, 127]", ", range: [-0.5, 0.5]", ", range: [a, b]", ", range: [3]"]
)
def test_what_holds_or_breaks_the_schema_is_left_alone(more: str) -> None:
    block = f"{{builder: a, inputs: [{{name: x, shape: [1], type: int8{more}}}]}}"
    assert findings("network-block", card({"network": block})) == []


def test_a_card_with_arguments_can_be_remembered() -> None:
    """The catalogue keeps what it made of a card by the card itself."""
    block = "{builder: u2net, arguments: {in_channels: 3}}"
    assert hash(card_with(block)) == hash(card_with(block))
