"""The rules that repeat what reading the card found: card-size, text-encoding, front-matter-*, duplicate-key."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from hubkit.card.body import MAX_BODY_LINES, MAX_BODY_MARKUP
from hubkit.card.parse import MAX_CARD_BYTES, MAX_FRONT_MATTER_CHARACTERS
from hubkit.card.yaml_front import MAX_VALUES
from hubkit.lint.engine import lint
from hubkit.settings import Settings
from tests.lint.samples import card, findings, lint_text


def rules_of(text: str | bytes) -> set[str]:
    return {found.rule for found in lint_text(text)}


def test_a_card_of_50_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "big.md"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    [found] = lint([path], Settings()).diagnostics
    assert (found.rule, found.line, found.column) == ("card-size", 1, 1)
    assert found.message == "the card has 50,000,000 bytes; it may have 1,048,576 (1 MiB)"
    assert found.hint == "Keep prose in the card and move data, images and logs into files of their own."


def test_only_the_beginning_of_a_large_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.md"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    tracemalloc.start()
    lint([path], Settings())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * MAX_CARD_BYTES


@pytest.mark.parametrize("size", [MAX_CARD_BYTES, MAX_CARD_BYTES + 1])
def test_the_limit_of_a_card_is_met_exactly(size: int) -> None:
    text = card().encode()
    padded = text + b"a" * (size - len(text))
    assert rules_of(padded) == ({"card-size"} if size > MAX_CARD_BYTES else set())


def test_long_front_matter_is_refused_and_the_body_still_read() -> None:
    summary = "a " * (MAX_FRONT_MATTER_CHARACTERS // 2)
    text = card({"summary": summary}, body="[a](http://x.org)")
    length = len(text.split("---\n")[1])
    assert [found[1:] for found in findings("card-size", text)] == [
        (f"the front matter has {length:,} characters; it may have 65,536", "Move long texts into the body.")
    ]
    assert rules_of(text) == {"card-size", "link-form"}


def test_the_limit_of_front_matter_is_met_exactly() -> None:
    room = MAX_FRONT_MATTER_CHARACTERS - len(card({"summary": "x"}).split("---\n")[1]) + 1
    assert rules_of(card({"summary": "a" * room})) == set()
    assert rules_of(card({"summary": "a" * (room + 1)})) == {"card-size"}


def test_very_many_fields_are_refused() -> None:
    text = "---\n" + "".join(f"a{number}: b\n" for number in range(MAX_VALUES + 1)) + "---\n"
    [(_, message, hint)] = findings("card-size", text)
    assert message == "the front matter has more than 5,000 fields and list items"
    assert hint == "Move long lists into the body or into a file."
    assert rules_of(text) == {"card-size"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("a\n" * (MAX_BODY_LINES + 1), "the body has 5,002 lines; it may have 5,000"),
        ("a\r" * (MAX_BODY_LINES + 1), "the body has 5,002 lines; it may have 5,000"),
        ("[" * (MAX_BODY_MARKUP + 1), "the body has 10,001 of the characters [ ] < ` \\; it may have 10,000"),
        ("`a`" * MAX_BODY_MARKUP, "the body has 20,000 of the characters [ ] < ` \\; it may have 10,000"),
    ],
)
def test_a_body_that_takes_long_to_search_is_refused(body: str, message: str) -> None:
    text = card(body=body)
    assert [found[1:] for found in findings("card-size", text)] == [
        (message, "Move lists, tables and logs into files of their own.")
    ]
    assert rules_of(text) == {"card-size"}


def test_a_file_that_is_not_utf_8_is_told_with_its_byte() -> None:
    text = card().encode().replace(b"MindSpore team", b"M\xfcller")
    [found] = lint_text(text, rule="text-encoding")
    assert (found.line, found.column) == (11, 10)
    assert found.message == f"byte {text.index(0xFC)} (0xfc) is not valid UTF-8"
    assert found.hint == "Save the file as UTF-8."
    assert found.source_line == "author: M"
    assert rules_of(text) == {"text-encoding"}


@pytest.mark.parametrize(("encoding", "column"), [("utf-16", 1), ("utf-32", 1), ("latin-1", 3)])
def test_other_encodings_are_told_at_their_first_byte(encoding: str, column: int) -> None:
    [found] = lint_text("# é\n---\n".encode(encoding))
    assert (found.rule, found.line, found.column) == ("text-encoding", 1, column)


def test_a_byte_order_mark_is_no_finding() -> None:
    assert rules_of(card().encode("utf-8-sig")) == set()


@pytest.mark.parametrize(
    ("text", "shown", "message", "hint"),
    [
        ("", "", "the file is empty", "Write the front matter between two lines of ---, then the body."),
        (" \n\t\r\n", "", "the file is empty", "Write the front matter between two lines of ---, then the body."),
        ("# u2net\n", "", "the card has no front matter", "Begin the card with a line of ---"),
        ("a text\n---\na: b\n---\n", "", "the card has no front matter", "Begin the card with a line of ---"),
        ("--- a\nb: c\n---\n", "", "the card has no front matter", "Begin the card with a line of ---"),
        ("----\na: b\n----\n", "", "the card has no front matter", "Begin the card with a line of ---"),
        ("---\n---\n", "", "the front matter is empty", "Write the card's fields."),
        ("---\n# a comment\n\n---\n", "", "the front matter is empty", "Write the card's fields."),
        (
            "# u2net\n---\nmodel-name: u2net\n",
            "---",
            "the front matter has no end: its second --- line is missing",
            "Write a line of --- after the last field.",
        ),
    ],
)
def test_missing_front_matter_is_told(text: str, shown: str, message: str, hint: str) -> None:
    [(found_shown, found_message, found_hint)] = findings("front-matter-missing", text)
    assert (found_shown, found_message) == (shown, message)
    assert found_hint.startswith(hint)
    assert rules_of(text) == {"front-matter-missing"}


def test_a_key_that_stands_twice_is_told_where_it_stands_again() -> None:
    text = card({"license": "MIT\nlicense: Apache-2.0"})
    hint = "Keep one of the two; most readers take the last."
    assert findings("duplicate-key", text) == [("license", "the key 'license' stands already on line 22", hint)]
    [found] = lint_text(text)
    assert (found.line, found.column) == (23, 1)


def test_of_a_key_that_stands_three_times_two_are_told() -> None:
    found = findings("duplicate-key", "---\na: 1\n\na: 2\n'a': 3\n---\n")
    assert [message for _, message, _ in found] == [
        "the key 'a' stands already on line 2",
        "the key 'a' stands already on line 4",
    ]


def test_a_key_may_stand_once_in_each_asset() -> None:
    assert findings("duplicate-key", card(assets=2)) == []
    twice = card().replace("    file-format: ckpt", "    file-format: ckpt\n    file-format: onnx")
    assert len(findings("duplicate-key", twice)) == 1


def test_the_rest_of_a_card_with_a_lone_dash_is_checked() -> None:
    text = card({"evaluation": "-", "license": "Apache2.0"})
    assert [(found.rule, found.line) for found in lint_text(text)] == [
        ("front-matter-syntax", 10),
        ("license-spdx", 22),
    ]


def test_every_lone_dash_is_told() -> None:
    text = card({"evaluation": "-", "accuracy": "- # unknown", "summary": '"a: -\n  b"'})
    hint = 'Leave the value empty if there is none; to mean a dash, quote it: "-".'
    assert findings("front-matter-syntax", text) == [("-", "a lone dash as a value is not valid YAML", hint)] * 2


def test_a_second_error_beside_a_lone_dash_is_told_too() -> None:
    found = findings("front-matter-syntax", card({"evaluation": "-", "summary": "a: b"}))
    assert [message for _, message, _ in found] == [
        "a lone dash as a value is not valid YAML",
        "a second colon in a value makes YAML read it as another key",
    ]


COLON = "the full-width colon ： does not separate a key from its value in YAML"


@pytest.mark.parametrize(
    ("front", "shown", "message", "hint"),
    [
        ("a: 1\n\tb: 2", "\t", "a tab is used for indentation, which YAML forbids", "Use spaces."),
        ("a:\n\t- x", "\t", "a tab is used for indentation, which YAML forbids", "Use spaces."),
        ('a: "x\nb: 2', '"', "a quote is opened and never closed", "Close the quote."),
        ("a: [x\nb: 2", "[", "a [ is opened and never closed", "Close the bracket, or"),
        ("a: {x: y\nb: 2", "{", "a { is opened and never closed", "Close the brace, or"),
        ("a: b: c", ":", "a second colon in a value makes YAML read it as another key", "Put the whole value between"),
        ("a: 1\n b: 2", ":", "YAML reads this line as a part of the value above it", "Begin every field in the same"),
        ("a: 1\nb c\nd: 2", "b", "a line without a colon stands among the fields", "Write it as key: value, or"),
        (
            "a: 1\nb:2\nc: 3",
            "b",
            "no space stands after the colon, so YAML sees no key here",
            "Write it as key: value.",
        ),
        ("a: 1\nb：2\nc: 3", "b", COLON, "Write a colon and a space."),
        ("键：1", "：", COLON, "Write a colon and a space."),
        ("键：1\n值：2", "：", COLON, "Write a colon and a space, here and after every other key."),
        (
            "模型名称：1\n值：2",
            "：",
            COLON,
            "Write a colon and a space, here and after every other key. "
            "Keys are English, also in a Chinese card: 'model-name' here.",
        ),
        ("a: @x", "@", "the value begins with a character that YAML reserves", "Put the whole value between quotes."),
        ("a: ,x", ",", "the value begins with a character that YAML reserves", "Put the whole value between quotes."),
        ("a: *x", "*", "the value begins with *, which YAML reads as an alias", "Put the whole value between quotes."),
        (
            "a: 'it's'\nb: 1",
            "s",
            "this is neither a field nor a part of the value before it",
            "If a quote or a bracket",
        ),
        (
            'a: "\\d"',
            "\\",
            "a backslash between double quotes begins an escape that YAML does not know",
            "Write \\\\ for",
        ),
        ("a: - x", "-", "a list item's dash stands where a value is expected", "Begin the list on a line of its own"),
        ("a: | x\n  y", "x", "text stands after the | or > that begins a text of several lines", "Begin the text on"),
        ("a: 1\n...\nb: 2", "b", "this line begins in another column than the first field, or", "Begin every field"),
        ("  a: 1\nb: 2", "b", "this line begins in another column than the first field, or", "Begin every field"),
        ("a: 1\n--- b", "-", "a line that begins with --- starts a second document", "Remove it: the front matter"),
        ("%FOO\na: b", "%", "the line begins with %, which YAML reads as a directive", "Remove it."),
        ("- a\n- b", "-", "the front matter is no list of fields", "Write each field as key: value."),
        ("just words", "j", "the front matter is no list of fields", "Write each field as key: value."),
        ("- a: 1\nb: 2", "b", "a line that is no item stands in a list", "Begin it with a dash, or indent it."),
        ("a: é\0", "\0", "the character U+0000 is not allowed in YAML", "Remove it."),
        ("键: 值 \x07", "\x07", "the character U+0007 is not allowed in YAML", "Remove it."),
        ("a: &x b", "&x", "anchors and aliases (&name, *name) are not allowed", "Write the value out; to begin"),
        ("a: &x b\nc: *x", "&x", "anchors and aliases (&name, *name) are not allowed", "Write the value out; to begin"),
        ("a: &x [*x]", "&x", "anchors and aliases (&name, *name) are not allowed", "Write the value out; to begin"),
        (
            "a: &x b\nc: &x d",
            "&",
            "anchors and aliases (&name, *name) are not allowed",
            "Write the value out; to begin",
        ),
        (
            "a: !!python/object:os.system x",
            "!!python/object:os.system",
            "tags (!name) are not allowed",
            "Remove it; to",
        ),
        ("a: !foo {b: c}", "!foo", "tags (!name) are not allowed", "Remove it; to begin a text with !, put it between"),
        ("[a]: b", "[a]", "a key must be a text", "Write it as key: value."),
        ("{a: b}: c", "{a: b}", "a key must be a text", "Write it as key: value."),
        ("<<: {a: b}", "<<", "merge keys (<<) are not allowed", "Write the fields out."),
        ("a: " + "[" * 100_000, "[", "the front matter is nested deeper than 20 levels", "Make it flat."),
        ("a: -\nb: " + "[" * 60_000, None, "the front matter is nested deeper than 20 levels", "Make it flat."),
        ("- " * 30_000, "-", "the front matter is nested deeper than 20 levels", "Make it flat."),
    ],
)
def test_invalid_yaml_is_shown_and_told(front: str, shown: str | None, message: str, hint: str) -> None:
    text = f"---\n{front}\n---\n"
    if len(front) > MAX_FRONT_MATTER_CHARACTERS:
        front = front[:60_000]
        text = f"---\n{front}\n---\n"
    found_shown, found_message, found_hint = findings("front-matter-syntax", text)[-1]
    assert found_message.startswith(message)
    assert found_hint.startswith(hint)
    assert shown in (None, found_shown)


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 200)]
    found = findings("front-matter-syntax", "---\n" + "\n".join(lines) + "\n---\n")
    assert len(found) == 200
    assert {message for _, message, _ in found} == {"anchors and aliases (&name, *name) are not allowed"}
