"""``make bench``: the figures of the project as a table. It measures on this machine, now; it asserts nothing."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.requirements import PROJECT, SHARED

BIN = Path(sys.executable).parent
CARDS = PROJECT / "cards"
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


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    """What was measured."""
    value: str
    """What came out."""
    target: str
    """What it should be."""
    met: bool | None
    """Whether it is; None where nothing was asked, or nothing was measured."""


def seconds(
    command: list[str | Path], *, env: dict[str, str] | None = None, one_core: bool = False, cwd: Path = PROJECT
) -> float:
    """Wall seconds of a command in a process of its own. Any exit code but 0 and 1 is an error."""
    pin: Callable[[], None] | None = (lambda: os.sched_setaffinity(0, {0})) if one_core else None
    start = time.perf_counter()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=pin,
    )
    elapsed = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return elapsed


def median(command: list[str | Path], runs: int = 15) -> float:
    """Median wall seconds; one run before, so that files are in the page cache."""
    seconds(command)
    return statistics.median(seconds(command) for _ in range(runs))


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
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "hubkit.toml"
        settings.write_text("", encoding="utf-8")
        again = min(seconds(lint, cwd=Path(folder)) for _ in range(4))
    yield Figure(f"lint {count:,} cards again, nothing changed", f"{again:.2f} s", "<= 0.2 s", again <= 0.2)
    one = median([BIN / "hubkit", "lint", "--no-cache", CARDS / "mindspore" / "1.9" / "u2net_dutstr.md"], runs=9)
    yield Figure("lint one card, the pre-commit case", f"{one * 1e3:.0f} ms", "<= 250 ms", one <= 0.25)


def building() -> Iterator[Figure]:
    """How long the main job takes, cold and with nothing to do."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command: list[str | Path] = [BIN / "hubkit", "build", CARDS, "--out", out, "--offline"]
        env = {"HUBKIT_CACHE": str(Path(folder) / "blobs")}
        cold = seconds(command, env=env)
        yield Figure("hubkit build, 2 cards, seeded weights, cold", f"{cold:.1f} s", "<= 60 s", cold <= 60)
        again = min(seconds(command, env=env) for _ in range(5))
        yield Figure("hubkit build, nothing changed", f"{again:.2f} s", "<= 1 s", again <= 1)
        yield from inference(out, env)


def inference(out: Path, env: dict[str, str]) -> Iterator[Figure]:
    """How long one run of each network takes in each runtime, one network at a time."""
    for receipt in sorted((out / "receipts").rglob("*.json")):
        data = json.loads(receipt.read_text(encoding="utf-8"))
        command = [BIN / "hubkit", "smoke", data["uid"], "--out", out, "--offline"]
        done = subprocess.run(
            command, cwd=PROJECT, env={**os.environ, **env}, capture_output=True, text=True, check=True
        )
        for runtime, taken in re.findall(r"^(\w+): ([0-9.]+) s a run$", done.stdout, re.MULTILINE):
            shape = "x".join(str(size) for size in data["models"][0]["inputs"][0]["shape"][-2:])
            asked = (data["network"], runtime) == ("u2net", "mindspore")
            yield Figure(
                f"{data['network']} {shape}, one run in {runtime}",
                f"{taken} s",
                "<= 1.5 s" if asked else "",
                float(taken) <= 1.5 if asked else None,
            )


def main() -> None:
    """Print the table."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(f"| {'figure':<48} | {'measured':<26} | {'target':<24} | met |")
    print(f"| {'-' * 48} | {'-' * 26} | {'-' * 24} | --- |")
    for part in (start_up, linting, building):
        for figure in part():
            met = "" if figure.met is None else "yes" if figure.met else "NO"
            print(f"| {figure.name:<48} | {figure.value:<26} | {figure.target:<24} | {met:<3} |", flush=True)


if __name__ == "__main__":
    main()
