"""Baselines: the findings that a hub knew of when it adopted the linter. They are kept quiet, so that new ones show.

A finding is known by its card, its rule and the text of its line, so that one that moves stays known, and so does one
whose message tells of other cards. Where there are several of a kind, as many are kept quiet as there were, the first
ones.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from hubkit.errors import ConfigError
from hubkit.lint.diagnostic import Diagnostic, Report

VERSION = 1


def write_baseline(report: Report, path: Path) -> bytes:
    """The findings of ``report`` as the JSON of a baseline that is to lie at ``path``.

    Cards are named from its folder, so that it holds wherever the linter is started.
    """
    folder = path.absolute().parent
    findings: dict[str, dict[str, dict[str, int]]] = {}
    names: dict[str, str] = {}
    for diagnostic in report.diagnostics:
        card, rule, line = _key(diagnostic, folder, names)
        counts = findings.setdefault(card, {}).setdefault(rule, {})
        counts[line] = counts.get(line, 0) + 1
    text = json.dumps({"version": VERSION, "findings": findings}, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def apply_baseline(report: Report, content: bytes, path: Path) -> Report:
    """``report`` without the findings that the baseline with this ``content``, which lies at ``path``, knows.

    Raises ConfigError where it is no baseline.
    """
    known = _read(content, path)
    folder = path.absolute().parent
    names: dict[str, str] = {}
    new: list[Diagnostic] = []
    for diagnostic in report.diagnostics:
        key = _key(diagnostic, folder, names)
        if known[key]:
            known[key] -= 1
        else:
            new.append(diagnostic)
    return replace(report, diagnostics=tuple(new))


def _key(diagnostic: Diagnostic, folder: Path, names: dict[str, str]) -> tuple[str, str, str]:
    """``names`` remembers what a card is called from ``folder``."""
    if diagnostic.path not in names:
        relative = os.path.relpath(os.path.abspath(diagnostic.path), folder)  # noqa: PTH100 (links stay as named)
        # Bytes of a file name that are no UTF-8 cannot be written as such.
        names[diagnostic.path] = Path(relative).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")
    return names[diagnostic.path], diagnostic.rule, _line_digest(diagnostic.source_line.strip())


@lru_cache(maxsize=4096)
def _line_digest(line: str) -> str:
    """Enough of the SHA-256 of a line to tell it from the others of its card."""
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _read(content: bytes, path: Path) -> Counter[tuple[str, str, str]]:
    hint = f"Write it anew (hubkit lint --write-baseline {path}), or leave --baseline out."
    try:
        data: Any = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        byte = f"byte {error.start} (0x{content[error.start]:02x}) is not valid UTF-8"
        raise ConfigError(f"{path}: no baseline: {byte}", hint=hint) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: no baseline: {error}", hint=hint) from error
    version = data.get("version") if isinstance(data, dict) else None
    if version != VERSION:
        raise ConfigError(f"{path}: no baseline that hubkit can read: it has version {version!r}", hint=hint)
    try:
        counts = Counter(
            {
                (card, rule, line): count
                for card, rules in data["findings"].items()
                for rule, lines in rules.items()
                for line, count in lines.items()
            }
        )
    except (KeyError, AttributeError) as error:
        raise ConfigError(f"{path}: the baseline is damaged", hint=hint) from error
    if not all(type(count) is int and count > 0 for count in counts.values()):
        raise ConfigError(f"{path}: the baseline is damaged: a count is no positive number", hint=hint)
    return counts
