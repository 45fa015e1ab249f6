"""Every value knows its line and column, whatever stands before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hubkit.card.parse import Document, parse_bytes, parse_file
from hubkit.card.values import Mapping, Scalar, Sequence, Value


def places(document: Document) -> dict[str, tuple[int, int, int, int]]:
    """Each key's and value's line, column, end line and end column; an item's key is its number."""
    assert document.front is not None, document.problems
    return {
        name: (span.line, span.column, span.end_line, span.end_column)
        for name, start, end in _walk(document.front, "")
        for span in [document.source.span(start, end)]
    }


def _walk(value: Value, name: str) -> Iterator[tuple[str, int, int]]:
    if isinstance(value, Mapping):
        for key, entry in value.entries.items():
            yield f"{name}{key}:", entry.key.start, entry.key.end
            yield from _walk(entry.value, f"{name}{key}")
    elif isinstance(value, Sequence):
        for number, item in enumerate(value.items):
            yield from _walk(item, f"{name}[{number}].")
    else:
        yield name, value.start, value.end


SEED = {
    "model-name:": (5, 1, 5, 11),
    "model-name": (5, 13, 5, 18),
    "fine-tunable": (11, 15, 11, 19),
    "model-version": (13, 16, 13, 19),
    "update-time": (21, 14, 21, 24),
    "repo-link": (23, 12, 23, 76),
    "mindspore-version": (29, 20, 29, 23),
    "asset:": (31, 1, 31, 6),
    "asset[0].file-format": (34, 18, 34, 22),
    "asset[0].asset-link": (35, 17, 35, 111),
    "asset[0].asset-sha256:": (36, 5, 36, 17),
    "asset[0].asset-sha256": (36, 19, 36, 83),
    "license": (38, 10, 38, 19),
    "summary": (40, 10, 40, 30),
}


def test_the_seed_cards_values(corpus_dir: Path) -> None:
    found = places(parse_file(corpus_dir / "mindspore" / "1.9" / "u2net_dutstr.md"))
    assert len(found) == 2 * 15 + 1 + 2 * 3
    assert {name: found[name] for name in SEED} == SEED


@pytest.mark.parametrize("name", ["1.9/u2net_dutstr.md", "1.10/unet3plus_lits2017.md"])
def test_a_seed_cards_plain_value_is_what_stands_at_its_place(corpus_dir: Path, name: str) -> None:
    document = parse_file(corpus_dir / "mindspore" / name)
    assert document.front is not None
    for entry in document.front.entries.values():
        for scalar in (entry.key, entry.value):
            if isinstance(scalar, Scalar):
                assert document.source.text[scalar.start : scalar.end] == scalar.text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("title", ["", "# 模型 😀", "# 模型 😀\n\n<!-- a comment -->\n   \n# more"])
def test_line_ends_a_byte_order_mark_and_a_title_shift_nothing(end: str, mark: str, title: str) -> None:
    before = [*title.split("\n"), "---"] if title else ["---"]
    lines = [*before, "名: 值 # 注", "b: [c, '模型', d]  ", "---", "d: e", "---", ""]
    first = len(before)
    document = parse_bytes((mark + end.join(lines)).encode(), "card.md")
    assert document.problems == ()
    assert places(document) == {
        "名:": (first + 1, 1, first + 1, 2),
        "名": (first + 1, 4, first + 1, 5),
        "b:": (first + 2, 1, first + 2, 2),
        "b[0].": (first + 2, 5, first + 2, 6),
        "b[1].": (first + 2, 8, first + 2, 12),
        "b[2].": (first + 2, 14, first + 2, 15),
    }
    assert document.body.text == end.join(["d: e", "---", ""])


@pytest.mark.parametrize(
    ("written", "place", "text"),
    [
        ('"b c"', (2, 4, 2, 9), "b c"),
        ("'模''型'", (2, 4, 2, 10), "模'型"),
        ('"b\\n\\u6a21"', (2, 4, 2, 15), "b\n模"),
        ('"b\n  c"', (2, 4, 3, 5), "b c"),
        ("b\n  c", (2, 4, 3, 4), "b c"),
        ("|\n  b\n  c\n", (2, 4, 4, 4), "b\nc\n"),
        (">-\n  b\n\n  c\n\n\n", (2, 4, 5, 4), "b\nc"),
        ("", (2, 3, 2, 3), ""),
        ("  # none", (2, 3, 2, 3), ""),
        ("b\u2028  c", (2, 4, 2, 9), "b\u2028c"),
        ("b\x85  c", (2, 4, 2, 9), "b c"),
        ("😀 b", (2, 4, 2, 7), "😀 b"),
        ("b\ufeffc", (2, 4, 2, 7), "b\ufeffc"),
    ],
)
def test_a_value_in_any_style(written: str, place: tuple[int, int, int, int], text: str) -> None:
    document = parse_bytes(f"---\na: {written}\nz: 模\n---\n".encode(), "card.md")
    assert document.problems == ()
    assert document.front is not None
    assert document.front.text("a") == text
    found = places(document)
    assert found["a"] == place
    line = document.source.text.replace("\r\n", "\n").split("\n").index("z: 模") + 1
    assert found["z"] == (line, 4, line, 5)


def test_a_byte_order_mark_within_the_file_shifts_nothing() -> None:
    document = parse_bytes("# a\n---\n\ufeffb: c\n---\n".encode(), "card.md")
    assert places(document) == {"b:": (3, 2, 3, 3), "b": (3, 5, 3, 6)}


@pytest.mark.parametrize("marker", ["&x ", "!y ", "!!str &x ", "&x !y\t", "!<tag:a> "])
def test_the_value_begins_after_its_anchor_or_tag(marker: str) -> None:
    document = parse_bytes(f"---\na: {marker}b\n---\n".encode(), "card.md")
    column = 4 + len(marker)
    assert places(document)["a"] == (2, column, 2, column + 1)


def test_a_lone_dash_is_a_value_at_its_place() -> None:
    document = parse_bytes(b"---\na: -\nb: c\n---\n", "card.md")
    assert document.front is not None
    assert document.front.data() == {"a": "-", "b": "c"}
    assert places(document)["a"] == (2, 4, 2, 5)
