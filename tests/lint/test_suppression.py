"""Suppressions in cards: what they are for, and the ones that hide nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.card.parse import Document, parse_text
from hubkit.lint.diagnostic import Diagnostic, Finding, Severity
from hubkit.lint.fixes import fix_text
from hubkit.lint.suppression import apply

KNOWN = {"one", "two", "link-host"}
FRONT = "---\nname: a\n---\n"


def at(text: str, mark: str, rule: str = "one") -> Diagnostic:
    """A finding of ``rule`` at ``mark`` in the text."""
    span = parse_text(text, "a.md").source.span(text.index(mark), text.index(mark) + len(mark))
    return Diagnostic(
        "a.md", span.line, span.column, span.end_line, span.end_column, rule, Severity.ERROR, mark, "", "", None
    )


def check(text: str, *marks: str, ran: set[str] | None = None) -> tuple[list[str], list[str]]:
    """The marks whose findings are kept, and the messages about suppressions."""
    kept, unused = apply(parse_text(text, "a.md"), [at(text, mark) for mark in marks], KNOWN, ran)
    return [item.message for item in kept], [finding.message for finding in unused]


NOTHING = "nothing is left to suppress for one"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("---\nname: X  # hubkit: ignore one\nother: Y\n---\n", ["Y"]),
        ("---\n# hubkit: ignore one\nname: X\nother: Y\n---\n", ["Y"]),
        ("---\n# hubkit: ignore one\n\n# why\n\nname: X\nother: Y\n---\n", ["Y"]),
        ("---\n# hubkit: ignore one\n# hubkit: ignore link-host, one\nname: X\nother: Y\n---\n", ["Y"]),
        ("---\nother: Y\nname: >  # hubkit: ignore one\n  text\n---\nX", ["X", "Y"]),
        ("---\nname: X  #hubkit:ignore two,one\nother: Y\n---\n", ["Y"]),
        ("---\nname: X  # hubkit: ignore-file one\nother: Y\n---\n", []),
        ("---\nname: a\n---\n\n<!-- hubkit: ignore-file one -->\nX and\n\nY", []),
        (FRONT + "<!-- hubkit: ignore one -->\nX\n\nY", ["Y"]),
        (FRONT + "<!-- hubkit: ignore one -->\n\nX\nmore\n\nY", ["Y"]),
        (FRONT + "<!-- hubkit: ignore one -->\n\nmore\nX\n\nY", ["Y"]),
        (FRONT + "X <!-- hubkit: ignore one --> more\nY", ["Y"]),
        (FRONT + "<!-- hubkit: ignore one -->\n<!-- hubkit: ignore two -->\nX\n\nY", ["Y"]),
        (FRONT + "<!-- hubkit: ignore one -->\n```python\nf(\n\nX\n```\nY", ["Y"]),
        (FRONT + "<!-- hubkit: ignore one -->\n~~~\n```\n\nX\n~~~~\nY", ["Y"]),
        ("<!-- hubkit: ignore one -->\n# X\n\n" + FRONT + "Y", ["Y"]),
        ("---\r\nname: X  # hubkit: ignore one\r\nother: Y\r\n---\r\n", ["Y"]),
        ("---\nname: [broken\nX: 'a'  # hubkit: ignore one\nY: a\n---\n", ["Y"]),
    ],
)
def test_what_a_suppression_is_for(text: str, kept: list[str]) -> None:
    found, _ = check(text, "X", "Y")
    assert sorted(found) == kept


@pytest.mark.parametrize(
    "text",
    [
        '---\nname: "X  # hubkit: ignore one"\n---\nY',
        "---\nname: 'X  # hubkit: ignore one'\n---\nY",
        "---\nname: |\n  X  # hubkit: ignore one\n---\nY",
        "---\nname: X# hubkit: ignore one\n---\nY",
        '---\nbroken: [\nname: "X  # hubkit: ignore one"\n---\nY',
        "---\nname: X <!-- hubkit: ignore one -->\n---\nY",
        FRONT + "```\nX <!-- hubkit: ignore one -->\n```\nY",
        FRONT + "text\n\n    X <!-- hubkit: ignore one -->\n\nY",
        FRONT + "X `<!-- hubkit: ignore one -->`\n\nY",
        FRONT + "X # hubkit: ignore one\n\nY",
        FRONT + "X hubkit: ignore one\n\nY",
        FRONT + "X <!-- kubhit: ignore one -->\n\nY",
    ],
)
def test_what_is_no_suppression(text: str) -> None:
    assert check(text, "X", "Y") == (["X", "Y"], [])


def test_a_suppression_is_for_its_rules_only() -> None:
    text = "---\nname: X  # hubkit: ignore one\n---\n"
    findings = [at(text, "X", "one"), at(text, "X", "two")]
    kept, unused = apply(parse_text(text, "a.md"), findings, KNOWN)
    assert (kept, unused) == ([findings[1]], [])


@pytest.mark.parametrize(
    ("text", "message", "hint", "place"),
    [
        ("---\nname: X  # hubkit: ignore one\n---\n", NOTHING, "Remove it.", "one"),
        (FRONT + "<!-- hubkit: ignore-file one -->\n", NOTHING, "Remove it.", "one"),
        (FRONT + "<!-- hubkit: ignore one -->\n", NOTHING, "Remove it.", "one"),
        (
            FRONT + "<!-- hubkit: ignore link-hsot -->",
            "there is no rule 'link-hsot' to suppress",
            "Did you mean 'link-host'?",
            "link-hsot",
        ),
        (
            FRONT + "<!-- hubkit: ignore zebra -->",
            "there is no rule 'zebra' to suppress",
            "`hubkit rules` lists the rules.",
            "zebra",
        ),
        (
            FRONT + "<!-- hubkit: ignroe one -->",
            "hubkit: is followed by 'ignroe', which is no instruction",
            "Did you mean 'ignore'?",
            "ignroe",
        ),
        (
            FRONT + "<!-- hubkit: -->",
            "nothing follows hubkit:",
            "Write ignore or ignore-file, and then the ids of rules.",
            "<!-- hubkit: -->",
        ),
        (
            "---\nname: a # hubkit: ignore\n---\n",
            "ignore names no rule",
            "Name the rules, such as: hubkit: ignore link-host",
            "# hubkit: ignore",
        ),
    ],
)
def test_a_suppression_that_hides_nothing_is_a_finding(text: str, message: str, hint: str, place: str) -> None:
    _, (finding,) = apply(parse_text(text, "a.md"), [], KNOWN)
    assert (finding.message, finding.hint, text[finding.start : finding.end]) == (message, hint, place)


def test_a_rule_that_did_not_run_may_be_suppressed() -> None:
    text = "---\nname: X  # hubkit: ignore one, two\n---\n"
    assert check(text, "X", ran={"one"}) == ([], [])
    assert check(text, ran={"one"}) == ([], [NOTHING])
    assert check(text, ran=set()) == ([], [])


def as_diagnostics(document: Document, findings: list[Finding]) -> list[Diagnostic]:
    return [
        Diagnostic(document.path, 1, 1, 1, 1, "unused-suppression", Severity.WARNING, item.message, "", "", item.fix)
        for item in findings
    ]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("---\nname: a  # hubkit: ignore one\n---\n", "---\nname: a\n---\n"),
        ("---\n# hubkit: ignore one\nname: a\n---\n", "---\nname: a\n---\n"),
        ("---\r\nname: a  # hubkit: ignore one  \r\n---\r\n", "---\r\nname: a\r\n---\r\n"),
        ("---\nname: a  # hubkit: ignore\n---\n", "---\nname: a\n---\n"),
        (FRONT + "a <!-- hubkit: ignore one --> b", FRONT + "a b"),
        (FRONT + "a\n\n<!-- hubkit: ignore one -->\nb", FRONT + "a\n\nb"),
        (FRONT + "a\n\n<!-- hubkit: ignore one, two -->\nX", FRONT + "a\n\n<!-- hubkit: ignore two -->\nX"),
        (FRONT + "a\n\n<!-- hubkit: ignore two, one -->\nX", FRONT + "a\n\n<!-- hubkit: ignore two -->\nX"),
        (FRONT + "a\n\n<!-- hubkit: ignore one, link-host -->", FRONT + "a\n\n"),
    ],
)
def test_the_fix_removes_what_hides_nothing(text: str, after: str) -> None:
    document = parse_text(text, "a.md")
    marked = [at(text, "X", "two")] if "X" in text else []
    _, unused = apply(document, marked, KNOWN)
    assert fix_text(text, as_diagnostics(document, unused), unsafe=False) == after


@pytest.mark.parametrize(
    "text",
    [
        FRONT + "a\n<!-- hubkit: ignore one -->\nb",  # without it, a and b are one paragraph
        FRONT + "<!-- hubkit: ignore one --> <b>",  # without it, this is no raw HTML
    ],
)
def test_a_comment_that_shapes_the_page_is_left_to_its_author(text: str) -> None:
    _, (finding,) = apply(parse_text(text, "a.md"), [], KNOWN)
    assert finding.fix is None


@pytest.mark.parametrize(
    "text",
    [
        FRONT + "<!-- hubkit: ignore one -->\n" * 30_000,
        FRONT + "<!-- hubkit: " * 70_000,
        FRONT + "`" * 9_000 + "<!-- hubkit: ignore one -->" * 9_000,
        "---\na: " + "# hubkit: ignore one\n" * 3_000 + "---\n",
        "---\na: [" + " \"# hubkit: '" * 5_000 + "\n---\n",
    ],
)
def test_a_card_made_to_be_slow_is_not(text: str) -> None:
    apply(parse_text(text, "a.md"), [], KNOWN)


def test_cards_without_the_mark_load_no_parser(project_dir: Path) -> None:
    document = parse_text((project_dir / "cards/mindspore/1.9/u2net_dutstr.md").read_text(encoding="utf-8"), "a.md")
    findings = [at("X", "X")]
    assert apply(document, findings, KNOWN) == (findings, [])
    assert "_sections" not in vars(document.body)
