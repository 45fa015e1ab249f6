from __future__ import annotations

from typing import Any

import pytest

from hubkit.card.parse import parse_text
from hubkit.card.values import Mapping, Scalar


def front(text: str) -> Mapping:
    document = parse_text(f"---\n{text}\n---\n", "card.md")
    assert document.front is not None, document.problems
    assert document.problems == ()
    return document.front


@pytest.mark.parametrize(
    ("written", "text", "data"),
    [
        ("1.10", "1.10", "1.10"),
        ("2022-10-11", "2022-10-11", "2022-10-11"),
        ("0x10", "0x10", "0x10"),
        ("010", "010", "010"),
        ("1_000", "1_000", "1_000"),
        ("1e3", "1e3", "1e3"),
        ("1:30", "1:30", "1:30"),
        (".inf", ".inf", ".inf"),
        ("1" * 400, "1" * 400, "1" * 400),
        ("+5", "+5", "+5"),
        ("-5", "-5", "-5"),
        ("yes", "yes", "yes"),
        ("٣", "٣", "٣"),
        ("0", "0", 0),
        ("224", "224", 224),
        ("123456789012345", "123456789012345", 123456789012345),
        ("1234567890123456", "1234567890123456", "1234567890123456"),
        ("True", "True", True),
        ("false", "false", False),
        ("", "", None),
        ("~", "~", None),
        ("null", "null", None),
        ("# a comment", "", None),
        ('"224"', "224", "224"),
        ("'true'", "true", "true"),
        ('""', "", ""),
        ('"a\\tb\\u00e9"', "a\tbé", "a\tbé"),
        ("'it''s'", "it's", "it's"),
        ("a # b", "a", "a"),
        ("a#b", "a#b", "a#b"),
        ("|\n  b\n  c", "b\nc\n", "b\nc\n"),
        (">-\n  b\n  c", "b c", "b c"),
        ("b\n  c", "b c", "b c"),
        ("[1, x, 'y']", "", [1, "x", "y"]),
        ("{b: 1, c: {d: 2}}", "", {"b": 1, "c": {"d": 2}}),
        ("\n- 1\n- b: c", "", [1, {"b": "c"}]),
    ],
)
def test_text_is_kept_and_only_plain_types_are_read(written: str, text: str, data: Any) -> None:
    mapping = front(f"a: {written}")
    assert mapping.text("a") == text
    assert mapping.data() == {"a": data}
    assert type(mapping.data()["a"]) is type(data)


def test_a_key_is_a_text_whatever_it_looks_like() -> None:
    assert front("1: a\n2022-01-01: b\ntrue: c\n'': d\n? e\n: f").data() == {
        "1": "a",
        "2022-01-01": "b",
        "true": "c",
        "": "d",
        "e": "f",
    }


def test_the_last_of_two_values_counts() -> None:
    document = parse_text("---\na: 1\nb: 2\na: 3\n---\n", "card.md")
    assert document.front is not None
    assert document.front.data() == {"b": 2, "a": 3}


def test_access_by_kind() -> None:
    mapping = front("a: b\nc: [d, {e: f}]\ng: {h: i}")
    assert mapping.scalar("a") == Scalar("b", 7, 8, plain=True)
    assert mapping.scalar("c") is None
    assert mapping.scalar("x") is None
    assert mapping.get("x") is None
    assert mapping.text("c") == ""
    assert [item.data() for item in mapping.mappings("c")] == [{"e": "f"}]
    assert [item.data() for item in mapping.mappings("g")] == [{"h": "i"}]
    assert list(mapping.mappings("a")) == []
    assert list(mapping.mappings("x")) == []
