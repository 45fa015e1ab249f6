"""Whatever a file holds, reading it gives a document whose places lie inside, and values as YAML has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hubkit.card.model import card_from_document
from hubkit.card.parse import Document, parse_bytes, parse_text
from hubkit.card.values import Mapping, Sequence, Value
from hubkit.errors import CardError
from hubkit.lint.engine import lint_document
from hubkit.lint.rule import Context
from hubkit.settings import Settings

CONTEXT = Context(Path("/hub/mindspore/1.9/u2net_dutstr.md"), Settings())

# Lines that a front matter or a body may hold, sound and broken; hypothesis puts them together.
LINES = r"""---
----
...
# u2net
model-name: u2net
model-name: '
model-name: "a
evaluation: -
evaluation: - # x
a: b: c
license: Apache2.0
license: [
license: MIT,
license: ()
license: |
summary: >
mindspore-version: 1.10
mindspore-version: 0x1f
mindspore-version: 1:30
mindspore-version: 2023-99-99
model-version: v1.8
repo-link: <http://a.b/tree/r1.8/x>
repo-link: https://[
repo-link: "<https://é.b:x/>"
asset:
-
- file-format: ckpt
  asset-link: https://a.b/r1.8/a_v180_b.ckpt
  asset-sha256: 12
  asset-sha256: "AB\x00"
  asset-sha256: 77123456
asset: {}
asset: [1, {a: b}]
asset: &a [*a]
input-shape: [3, 0, x]
fine-tunable: yes
x-own: !!python/object:os.system x
<<: {a: b}
? [a]
? a
: b
- a
键：值
a: *b
&c d: e
!t f: g
%YAML 1.1
{{a: b}: c}: d
  text
[a](http://b)
<http://a b>
![x](y)
```
<div>
## c
[r]: d
[a][r]""".splitlines()
TEXTS = st.lists(st.sampled_from(LINES) | st.text(max_size=6), max_size=25).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\u2028", "\x85"]).map(lambda end: end.join(lines))
)
CARDS = st.tuples(TEXTS, TEXTS).map(lambda parts: f"---\n{parts[0]}\n---\n{parts[1]}")


def check(document: Document) -> None:
    size = len(document.source.text)
    assert 0 <= document.front_span[0] <= document.front_span[1] <= document.body.start <= size
    assert document.front is not None or document.problems
    for problem in document.problems:
        assert 0 <= problem.start <= problem.end <= size + 1
    if document.front is not None:
        for value in walk(document.front):
            assert document.front_span[0] <= value.start <= value.end <= document.front_span[1]
    last = document.source.span(size, size)
    for found in lint_document(document, CONTEXT):
        assert (1, 1) <= (found.line, found.column) <= (found.end_line, found.end_column)
        assert (found.end_line, found.end_column) <= (last.line, last.column)
        assert found.column <= len(document.source.line(found.line)) + 1
        assert found.message
    if document.front is not None:
        card_from_document(document, "mindspore/1.9/u2net_dutstr")
    else:
        with pytest.raises(CardError, match=r"\Acard\.md:\d+: "):
            card_from_document(document, "mindspore/1.9/u2net_dutstr")


def walk(value: Value) -> Iterator[Value]:
    yield value
    if isinstance(value, Mapping):
        for entry in value.entries.values():
            yield entry.key
            yield from walk(entry.value)
    elif isinstance(value, Sequence):
        for item in value.items:
            yield from walk(item)


@given(st.text() | TEXTS | CARDS)
@example("---\n\ufeffa: b\n---")
@example("---\na: \x00\n---")
@example("---\né: \x07\n---")
@example("---\na: &b\n---\n*")
@settings(max_examples=1500)
def test_any_text_is_read(text: str) -> None:
    check(parse_text(text, "card.md"))


@given(
    st.binary()
    | CARDS.map(str.encode)
    | st.tuples(CARDS, st.binary(max_size=3)).map(lambda two: two[0].encode() + two[1])
)
@example(b"\xef\xbb\xbf---\n\xff")
@example(b"---\na: \xed\xa0\x80\n---")
@settings(max_examples=500)
def test_any_bytes_are_read(content: bytes) -> None:
    check(parse_bytes(content, "card.md"))


PRINTABLE = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff\ue000")
VALUES = st.recursive(
    st.text(PRINTABLE | st.sampled_from("\n\t \"'\\"), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(PRINTABLE, max_size=8), inner, max_size=3),
    max_leaves=8,
)
DATA = st.dictionaries(st.text(PRINTABLE, min_size=1, max_size=12), VALUES, min_size=1, max_size=5)


def texts(value: Value) -> Any:
    """The value with every scalar as its text."""
    if isinstance(value, Mapping):
        return {key: texts(entry.value) for key, entry in value.entries.items()}
    return [texts(item) for item in value.items] if isinstance(value, Sequence) else value.text


@given(
    DATA, st.sampled_from(["'", '"', "|", ">", None]), st.sampled_from([True, False, None]), st.sampled_from([20, 9999])
)
@settings(max_examples=600)
def test_values_are_those_of_yaml(data: dict[str, Any], style: str | None, flow: bool | None, width: int) -> None:
    written = yaml.safe_dump(
        data, default_style=style, default_flow_style=flow, width=width, allow_unicode=True, sort_keys=False
    )
    document = parse_text(f"---\n{written}---\n", "card.md")
    assert document.front is not None, document.problems
    assert [problem for problem in document.problems if "not allowed" not in problem.message] == []
    assert texts(document.front) == yaml.load(written, yaml.BaseLoader)  # it reads every scalar as a text
    if style in ("'", '"'):
        assert document.front.data() == yaml.safe_load(written) == data


PLAIN = st.text(st.sampled_from("abz019.-_:/#+é模 "), min_size=1, max_size=12) | st.from_regex(
    r"\A[-+]?[0-9_.xobe:]{1,9}\Z"
)


@given(st.lists(PLAIN, min_size=1, max_size=5))
@settings(max_examples=800)
def test_plain_values_stay_as_they_are_written(values: list[str]) -> None:
    text = "".join(f"k{number}: {value}\n" for number, value in enumerate(values))
    try:
        expected = yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError:
        return
    document = parse_text(f"---\n{text}---\n", "card.md")
    assert document.problems == ()
    assert document.front is not None
    assert texts(document.front) == expected
    for entry in document.front.entries.values():
        scalar = entry.value
        assert document.source.text[scalar.start : scalar.end] == texts(scalar)


@pytest.mark.parametrize("text", ["---\n" * 3, "\r---\r", "---\n---\n---", "---\n...\n---", "---\n? ? ? a\n---"])
def test_odd_files_are_read(text: str) -> None:
    check(parse_text(text, "card.md"))
