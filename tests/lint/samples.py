"""One way to lint in tests: a sound card, changes to it, and the findings of one rule."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hubkit.card.parse import Document, parse_bytes
from hubkit.lint.diagnostic import Diagnostic, Edit
from hubkit.lint.engine import lint_document
from hubkit.lint.rule import Context
from hubkit.lint.rules import RULES
from hubkit.settings import Settings

PATH = "mindspore/1.9/u2net_dutstr.md"
FIELDS = {
    "model-name": "u2net",
    "backbone-name": "u2net",
    "module-type": "cv",
    "fine-tunable": "True",
    "model-version": "1.9",
    "train-dataset": "dutstr",
    "evaluation": "acc99.05",
    "author": "MindSpore team",
    "update-time": "2022-10-11",
    "repo-link": "https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net",
    "user-id": "MindSpore",
    "used-for": "inference",
    "mindspore-version": "1.9",
    "license": "Apache-2.0",
    "summary": "u2net is used for cv",
}
ASSET = {
    "file-format": "ckpt",
    "asset-link": "https://download.mindspore.cn/models/r1.9/u2net_ascend_v190_dutstr_research_cv_acc99.05.ckpt",
    "asset-sha256": "c3a725b159817161fc3dfd9d4a6758e3cda530ea0927be8d908262be3a88e86c",
}
BODY = """## Introduction

The code lies at [research/cv/u2net](https://gitee.com/mindspore/models/blob/r1.9/research/cv/u2net/README.md).

## Citation

[U2-Net](https://arxiv.org/abs/2005.09007)

## Terms

As they are.
"""


def card(changes: Mapping[str, str | None] | None = None, body: str = BODY, assets: int = 1) -> str:
    """A sound card with some values written otherwise; a value that is None leaves its key out."""
    changes = dict(changes or {})
    lines = ["# u2net", "", "---"]
    for key, value in FIELDS.items():
        lines += _line(key, changes.pop(key, value))
        if key == "mindspore-version":
            lines.append("asset:")
            for _ in range(assets):
                lines.append("  -")
                for asset_key, asset_value in ASSET.items():
                    lines += ["    " + line for line in _line(asset_key, changes.get(asset_key, asset_value))]
    lines += [line for key, value in changes.items() if key not in ASSET for line in _line(key, value)]
    return "\n".join([*lines, "---", "", body])


def _line(key: str, value: str | None) -> list[str]:
    return [] if value is None else [f"{key}: {value}".rstrip()]


def parsed(text: str | bytes, path: str = PATH) -> Document:
    """The document of a card's text or bytes."""
    return parse_bytes(text.encode() if isinstance(text, str) else text, path)


# The rules on how a card is read, its fields and links: what these tests are about.
RULES_HERE = tuple(
    rule
    for rule in RULES
    if rule.id
    in {
        "card-size",
        "digest-form",
        "duplicate-key",
        "file-name",
        "front-matter-missing",
        "front-matter-syntax",
        "license-spdx",
        "link-brackets",
        "link-form",
        "link-host",
        "schema",
        "text-encoding",
        "version-changed-by-yaml",
        "version-consistency",
    }
)


def lint_text(
    text: str | bytes, path: str = PATH, config: Settings | None = None, rule: str | None = None
) -> list[Diagnostic]:
    """The findings of RULES_HERE, or those of one rule; ``path`` is where the card would lie in a cards folder."""
    rules = RULES_HERE if rule is None else [other for other in RULES if other.id == rule]
    return lint_document(parsed(text, path), Context(Path("/hub") / path, config or Settings()), rules)


def findings(
    rule: str, text: str | bytes, path: str = PATH, config: Settings | None = None
) -> list[tuple[str, str, str]]:
    """(the text concerned, message, hint) of each finding of one rule.

    The text is what the finding's lines and columns enclose, so a wrong position shows as a wrong text.
    """
    source = parsed(text, path).source
    return [
        (enclosed(source.text, found), found.message, found.hint) for found in lint_text(text, path, config, rule=rule)
    ]


def enclosed(text: str, found: Diagnostic) -> str:
    """What the lines and columns of a finding enclose, counted as an editor does."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[found.line - 1 : found.end_line]
    lines[-1] = lines[-1][: found.end_column - 1]
    lines[0] = lines[0][found.column - 1 :]
    return "\n".join(lines)


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """The text after its edits."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
