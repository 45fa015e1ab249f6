"""The edits that findings carry: applied, the finding is gone and nothing else has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hubkit.card.parse import parse_file
from hubkit.lint.diagnostic import Diagnostic
from tests.lint.samples import ASSET, FIELDS, PATH, card, edited, lint_text, parsed
from tests.requirements import PROJECT

DIGEST, URL = ASSET["asset-sha256"], FIELDS["repo-link"]
BAD = sorted(path for path in (PROJECT / "tests" / "cards" / "bad").rglob("*.md") if path.exists())


def words(found: list[Diagnostic]) -> list[tuple[str, str]]:
    return sorted((diagnostic.rule, diagnostic.message) for diagnostic in found)


def data(text: str) -> dict[str, Any]:
    document = parsed(text)
    assert document.front is not None, document.problems
    return document.front.data()


def mended(text: str, path: str = PATH) -> str:
    """The text after all fixes; checks on the way that each mends its own finding and brings no other."""
    while fixable := [diagnostic for diagnostic in lint_text(text, path) if diagnostic.fix]:
        first = fixable[0]
        assert first.fix is not None
        before = words(lint_text(text, path))
        after = edited(text, first.fix.edits)
        assert after != text
        before.remove((first.rule, first.message))
        assert words(lint_text(after, path)) == before, first
        text = after
    return text


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("license", "Apache2.0", "Apache-2.0"),
        ("license", '"Apache2.0"  # as in LICENSE', "Apache-2.0"),
        ("license", "'mit or apache-2.0'", "MIT OR Apache-2.0"),
        ("license", "|\n  Apache2.0\n", "Apache-2.0"),
        ("license", ">-\n\n  Apache2.0\n\n", "Apache-2.0"),
        ("license", "Apache\n  License\n  2.0", "Apache-2.0"),
        ("mindspore-version", "1.90", "1.90"),
        ("model-version", "1.90  # odd", "1.90"),
        ("repo-link", f"<{URL}>", URL),
        ("repo-link", f'"< {URL} >"', URL),
        ("repo-link", f"|\n  <{URL}>\n", URL),
    ],
)
def test_a_fix_changes_its_value_alone(key: str, written: str, value: str) -> None:
    text = card({key: written})
    after = mended(text)
    assert data(after) == {**data(text), key: value}
    assert len(after.splitlines()) <= len(text.splitlines())
    assert after.partition(f"{key}:")[0] == text.partition(f"{key}:")[0]
    assert after.partition("\nuser-id:")[2:] == text.partition("\nuser-id:")[2:] or key not in ("repo-link",)


@pytest.mark.parametrize(
    "written",
    [DIGEST.upper(), f"sha256:{DIGEST}", f'"0x{DIGEST}"', f"' {DIGEST} '", f"|\n      {DIGEST}\n", "0x" + "1" * 64],
)
def test_a_fix_in_an_asset_changes_that_asset_alone(written: str) -> None:
    text = card({"asset-sha256": written, "asset-link": f"<{ASSET['asset-link']}>"}, assets=2)
    digest = "1" * 64 if "1" * 64 in written else DIGEST
    assert data(mended(text)) == {**data(text), "asset": [{**ASSET, "asset-sha256": digest}] * 2}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_comments_and_order_stay(end: str) -> None:
    lines = card({"license": "Apache2.0 # of the code", "mindspore-version": "1.90 # 1.9"}).split("\n")
    after = mended(end.join(lines)).split(end)
    changed = [(old, new) for old, new in zip(lines, after, strict=True) if old != new]
    assert changed == [
        ("mindspore-version: 1.90 # 1.9", 'mindspore-version: "1.90" # 1.9'),
        ("license: Apache2.0 # of the code", "license: Apache-2.0 # of the code"),
    ]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.relative_to(PROJECT / "tests" / "cards" / "bad").as_posix())
def test_fixes_of_the_bad_cards(path: Path) -> None:
    document = parse_file(path)
    if document.front is not None:
        mended(document.source.text, path.as_posix())


def test_fixes_of_real_cards(corpus_dir: Path) -> None:
    paths = sorted(corpus_dir.rglob("*.md"))[::28]
    for path in paths:
        before = parse_file(path)
        after = parsed(mended(before.source.text, path.relative_to(corpus_dir).as_posix()))
        assert before.front is not None
        assert after.front is not None
        assert [line.partition(":")[0] for line in after.source.text.splitlines()] == [
            line.partition(":")[0] for line in before.source.text.splitlines()
        ]
        assert after.front.text("license") == "Apache-2.0"
        assert after.front.text("mindspore-version") == before.front.text("mindspore-version")
        assert after.body.text == before.body.text
    assert len(paths) == 100
