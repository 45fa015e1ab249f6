"""How long the catalogue takes to build, with Hugo on the same cards beside it where it is installed."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from tests.bench.figures import BIN, Figure, megabytes, seconds
from tests.requirements import PROJECT

CORPUS = PROJECT.parent / "shared" / "corpus" / "mindspore-hub"
TIMES = 10
_ROUNDS = 7
_MEMORY = Path("/dev/shm")  # a file system in memory, where there is one

# The modules of an installed hubkit are compiled; where this is set, those of a checkout are compiled in each process.
_INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}

_CONFIG = 'baseURL = "https://hub.example/"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n'
_SINGLE = "<!doctype html><title>{{ .Title }}</title>{{ .Content }}\n"
_LIST = '<!doctype html>{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}\n'


def catalogue() -> Iterator[Figure]:
    """All of the corpus: cold, with nothing changed, with one card changed, and ten times the cards."""
    if not CORPUS.is_dir():
        yield Figure("catalogue of the corpus", f"skipped: no {CORPUS}", "", None)
        return
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        root = Path(folder)
        cards = Path(shutil.copytree(CORPUS, root / "cards"))
        hugos, colds, pages = [], [], []
        for number in range(_ROUNDS):  # by turns, so that what else the machine does meets all
            hugos.append(_hugo(root, f"hugo{number}", [CORPUS])[0])
            colds.append(seconds(_build(cards, root / f"cold{number}"), env=_INSTALLED))
            pages.append(seconds(_pages_alone(cards, root / f"pages{number}"), env=_INSTALLED))
            shutil.rmtree(root / f"pages{number}")
            if number:
                shutil.rmtree(root / f"cold{number}")
        cold = min(colds)
        name = f"site build, {sum(1 for _ in cards.rglob('*.md'))} cards"
        yield Figure(f"{name}, cold, all pages and search", f"{cold:.2f} s", "<= 5 s", cold <= 5)
        yield _ratio(f"{name}, cold, pages and JSON, beside hugo, medians", median(pages), median(hugos), 2)
        yield _ratio(f"{name}, cold, pages and JSON, beside hugo, best runs", min(pages), min(hugos), 2)
        yield _ratio(f"{name}, cold, all pages and search, beside hugo, medians", median(colds), median(hugos), 2)
        again = min(seconds(_build(cards, root / "cold0"), env=_INSTALLED) for _ in range(5))
        yield Figure(f"{name}, nothing changed", f"{again:.2f} s", "<= 0.15 s", again <= 0.15)
        changed = _after_a_change(cards, root / "cold0")
        yield Figure(f"{name}, one card changed after a cold build", f"{changed:.2f} s", "<= 0.3 s", changed <= 0.3)
        changed = min(_after_a_change(cards, root / "cold0") for _ in range(5))
        yield Figure(f"{name}, one card changed again", f"{changed:.2f} s", "<= 0.3 s", changed <= 0.3)
        for what, edit, most in (
            ("one card's front matter changed", _edit_metric, 0.3),
            ("a card added", _add_card, 0.5),
            ("a card removed", _remove_card, 0.5),
        ):
            taken = min(_after(edit, cards, root / "cold0", number) for number in range(5))
            yield Figure(f"{name}, {what}", f"{taken:.2f} s", f"<= {most} s", taken <= most)
        shutil.rmtree(root / "cold0")
        many = root / "many"
        for number in range(TIMES):
            shutil.copytree(CORPUS, many / f"hub{number}")
        hugo, hugo_memory = _hugo(root, "hugo-many", [CORPUS] * TIMES)
        taken, memory = megabytes(_build(many, root / "out-many"))
        yield Figure(f"site build, {TIMES} times the cards", f"{taken:.1f} s", f"<= {TIMES} x {cold:.2f} s", None)
        yield Figure(f"site build, {TIMES} times the cards, memory", f"{memory:.0f} MB", "<= 600 MB", memory <= 600)
        yield _ratio(f"site build, {TIMES} times, beside hugo", taken, hugo, 1)
        yield Figure(f"hugo, {TIMES} times the cards, memory", f"{hugo_memory:.0f} MB", "", None)


def _build(cards: Path, out: Path) -> list[str | Path]:
    return [BIN / "hubkit", "site", "build", "--cards", cards, "--out", out]


def _pages_alone(cards: Path, out: Path) -> list[str | Path]:
    return [sys.executable, "-m", "tests.bench.without_search", "site", "build", "--cards", cards, "--out", out]


def _after_a_change(cards: Path, out: Path) -> float:
    card = min(cards.rglob("*.md"))
    card.write_bytes(card.read_bytes() + b"\nAnother line.\n")
    return seconds(_build(cards, out), env=_INSTALLED)


def _after(edit: Callable[[Path, int], None], cards: Path, out: Path, number: int) -> float:
    edit(cards, number)
    return seconds(_build(cards, out), env=_INSTALLED)


def _edit_metric(cards: Path, number: int) -> None:
    """Another metric, which the card's pages, those of its family, lists, the index and the search show."""
    card = next(path for path in sorted(cards.rglob("*.md")) if "\nevaluation:" in path.read_text(encoding="utf-8"))
    text = card.read_text(encoding="utf-8")
    card.write_text(re.sub(r"(?m)^evaluation:.*$", f"evaluation: acc{number}.5", text, count=1), encoding="utf-8")


def _add_card(cards: Path, number: int) -> None:
    card = min(cards.rglob("*.md"))
    shutil.copyfile(card, card.with_name(f"another{number}.md"))


def _remove_card(cards: Path, number: int) -> None:
    next(cards.rglob(f"another{number}.md")).unlink()


def _ratio(name: str, ours: float, theirs: float, most: float) -> Figure:
    if not theirs:
        return Figure(name, "skipped: hugo is not installed", f"<= {most} x", None)
    return Figure(name, f"{ours / theirs:.1f} x {theirs:.2f} s", f"<= {most} x", ours <= most * theirs)


def _hugo(root: Path, name: str, sources: list[Path]) -> tuple[float, float]:
    """Seconds and megabytes of Hugo with a trivial layout; 0 where it is not installed."""
    command = shutil.which("hugo")
    if command is None:
        return 0.0, 0.0
    place = root / name
    layouts = place / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (place / "config.toml").write_text(_CONFIG, encoding="utf-8")
    (layouts / "single.html").write_text(_SINGLE, encoding="utf-8")
    (layouts / "list.html").write_text(_LIST, encoding="utf-8")
    for number, source in enumerate(sources):
        shutil.copytree(source, place / "content" / f"hub{number}")
    taken, memory = megabytes([command, "--quiet", "--source", place, "--destination", place / "public"])
    shutil.rmtree(place)
    return taken, memory
