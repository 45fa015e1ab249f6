"""How fast the command line answers, and how fast cards are checked."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import BIN, CARDS, Figure, median, megabytes, seconds
from tests.requirements import SHARED

CORPUS = SHARED / "corpus" / "mindspore-hub"

# Schema, versions, digests, links, file name, licence: the rules that look at a card's form and fields.
FIELD_RULES = (
    "card-size",
    "text-encoding",
    "front-matter-missing",
    "front-matter-syntax",
    "duplicate-key",
    "schema",
    "version-consistency",
    "version-changed-by-yaml",
    "digest-form",
    "link-form",
    "link-brackets",
    "link-host",
    "file-name",
    "license-spdx",
)


def start_up() -> Iterator[Figure]:
    """How fast the command line answers."""
    yardstick = median([BIN / "yamllint", "--version"])
    yield Figure("python -c pass", f"{median([sys.executable, '-c', 'pass']) * 1e3:.0f} ms", "", None)
    yield Figure("yamllint --version", f"{yardstick * 1e3:.0f} ms", "", None)
    for option in ("--version", "--help"):
        taken = median([BIN / "hubkit", option])
        yield Figure(
            f"hubkit {option}", f"{taken * 1e3:.0f} ms", f"<= yamllint ({yardstick * 1e3:.0f} ms)", taken <= yardstick
        )


def ten_times(once: float) -> Iterator[Figure]:
    """Whether time grows with the number of cards and no faster; ``once`` is how long the corpus itself takes."""
    with tempfile.TemporaryDirectory() as folder:
        for copy in range(10):
            shutil.copytree(CORPUS, Path(folder) / f"hub{copy}")
        count = sum(1 for _ in Path(folder).rglob("*.md"))
        taken, held = megabytes([BIN / "hubkit", "lint", "--format", "json", "--no-cache", folder])
    yield Figure(
        f"lint {count:,} cards, all rules, all cores",
        f"{taken:.1f} s = {taken / once:.1f} times as long",
        "<= 11 times",
        taken <= 11 * once,
    )
    yield Figure(f"lint {count:,} cards, the largest process", f"{held:.0f} MB", "< 400 MB", held < 400)


def linting() -> Iterator[Figure]:
    """How fast cards are checked."""
    two = median([BIN / "hubkit", "lint", "--no-cache", "cards/"])
    yield Figure("hubkit lint cards/ (2 cards)", f"{two * 1e3:.0f} ms", "<= 300 ms", two <= 0.3)
    if not CORPUS.is_dir():
        yield Figure("hubkit lint on the corpus, one core", "skipped: no ../shared", ">= 1,500 cards/s", None)
        return
    count = sum(1 for _ in CORPUS.rglob("*.md"))
    lint: list[str | Path] = [BIN / "hubkit", "lint", "--format", "json", CORPUS]
    fields = [word for rule in FIELD_RULES for word in ("--select", rule)]
    for name, more in (("the rules on form and fields", fields), ("all rules", [])):
        best = min(seconds([*lint, "--no-cache", "--jobs", "1", *more], one_core=True) for _ in range(3))
        rate = count / best
        yield Figure(
            f"lint {count:,} cards, one core, {name}",
            f"{best:.2f} s = {rate:,.0f} cards/s",
            ">= 1,500 cards/s",
            rate >= 1500,
        )
    cold = min(seconds([*lint, "--no-cache"]) for _ in range(3))
    yield Figure(f"lint {count:,} cards, all rules, all cores", f"{cold:.2f} s", "<= 1.2 s", cold <= 1.2)
    _, held = megabytes([*lint, "--no-cache"])
    yield Figure(f"lint {count:,} cards, the largest process", f"{held:.0f} MB", "< 200 MB", held < 200)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "hubkit.toml").write_text("", encoding="utf-8")
        again = min(seconds(lint, cwd=Path(folder)) for _ in range(4))
    yield Figure(f"lint {count:,} cards again, nothing changed", f"{again:.2f} s", "<= 0.2 s", again <= 0.2)
    yield from ten_times(cold)
    one = median([BIN / "hubkit", "lint", "--no-cache", CARDS / "mindspore" / "1.9" / "u2net_dutstr.md"], runs=9)
    yield Figure("lint one card, the pre-commit case", f"{one * 1e3:.0f} ms", "<= 250 ms", one <= 0.25)
