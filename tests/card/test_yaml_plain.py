"""What is read without a YAML parser is what the YAML parser reads; all else is left to it."""

from __future__ import annotations

import random

import pytest

from hubkit.card.front_matter import parse_front_matter
from hubkit.card.text import Source
from hubkit.card.yaml_front import parse_yaml
from hubkit.card.yaml_plain import parse_plain

CARD = """
model-name: u2net

module-type: cv-object_detection
fine-tunable: True
repo-link: <https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net>

asset:

-
    file-format: ckpt
    asset-link: <https://download.mindspore.cn/models/a:b?c=d#e>
-
    file-format: mindir

license: Apache2.0
summary: 显著目标检测 with U2Net, as of 2023-02-17 12:30
"""
PLAIN = [CARD, "a: b\n", "\n\na: b\n\n", "a: b\nitems:\n- c: d\n  e: f\n-  g: h\n", "items:\n\n- c: d\n\n  e: f\n\n"]
OTHER = [
    "",
    "\n",
    "a: b",
    "a:\n",
    "a: b \n",
    "a: b: c\n",
    "a: b #c\n",
    "a: b\n  c\n",
    "a: b\na: c\n",
    "a: [b]\n",
    "a: 'b'\n",
    "a: *b\n",
    "a: &b c\n",
    "a: !b c\n",
    "<<: b\n",
    "a : b\n",
    "a: b\r\n",
    "a:\tb\n",
    "items:\n- c: d\n   e: f\n",
    "items:\n- c: d\n  c: e\n",
    "items:\n  - c: d\n",
    "items:\n- c\n",
    "- c: d\n",
    "a: b\n- c: d\n",
    "a: b\u2028c\n",
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_text_is_read_as_yaml(text: str) -> None:
    found = parse_plain(text, 3)
    assert found is not None
    source = Source("---" + text)
    assert (found, ()) == parse_yaml(source, 3, len(source.text)) == parse_front_matter(source, 3, len(source.text))


@pytest.mark.parametrize("text", OTHER)
def test_any_other_text_is_left_to_the_parser(text: str) -> None:
    assert parse_plain(text, 0) is None


def test_a_damaged_text_is_read_as_yaml_or_not_at_all() -> None:
    dice = random.Random(7)  # the same texts each time
    read = 0
    for _ in range(4000):
        lines = CARD.splitlines(keepends=True)
        first = dice.randrange(len(lines))
        text = "".join(lines[first : first + dice.randrange(1, 12)])
        for _ in range(dice.randrange(3)):
            place = dice.randrange(len(text) + 1)
            text = (
                text[:place] + dice.choice(" \n:#-<[{&*!|>'\"%@,.=~\ta0：é\x85\r\\") + text[place + dice.randrange(2) :]
            )
        found = parse_plain(text, 0)
        if found is not None:
            read += 1
            assert parse_yaml(Source(text), 0, len(text)) == (found, ()), repr(text)
    assert read > 500
