"""
The asset's file name carries another measurement than `evaluation`.

Many projects end a file's name with what the model reached (`u2net_..._acc99.05.ckpt`). Where the card gives the same
metric another value, one of the two was measured on another file. Only digits count: a decimal point may be left out in
either (`mAP455` is 45.5), and a share may stand for percent.

Bad: `u2net_ascend_v190_dutstr_research_cv_acc98.2.ckpt` in a card with `evaluation: acc99.05`.

Good: `u2net_ascend_v190_dutstr_research_cv_acc99.05.ckpt` there.
"""

import math
import re
from collections.abc import Iterator
from functools import lru_cache

from hubkit.card.metrics import parts
from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule

_LONGEST_NAME = 40


def check(document: Document, _context: Context) -> Iterator[Finding]:
    evaluation = document.front.text("evaluation") if document.front is not None else ""
    measured = _measured(evaluation)
    if document.front is None or not measured:
        return
    for asset in document.front.mappings("asset"):
        link = asset.scalar("asset-link")
        if link is None:
            continue
        begin = link.text.rfind("/") + 1
        name = link.text[begin:].lower()
        stem = f"{name.rpartition('.')[0]}_"
        for metric, values in measured:
            if metric not in stem or any(f"{text}_" in stem for text, _ in values):
                continue  # nearly all: not there, or as evaluation has it
            match = _pattern(metric).search(name)
            if match is None or _agree(match["value"], {number for _, number in values}):
                continue
            start = document.source.text.find(link.text[begin:][slice(*match.span())], link.start, link.end)
            if start >= 0:
                written = document.source.text[start : start + len(match[0])]
                message = f"the file name says {shown(written)}, but evaluation says {shown(values[0][0])}"
                hint = "Mend evaluation, or link the file that was measured."
                yield Finding(start, start + len(written), message, hint)


@lru_cache(maxsize=4096)
def _measured(evaluation: str) -> tuple[tuple[str, tuple[tuple[str, float], ...]], ...]:
    """Each metric of ``evaluation`` with the parts that give it, in lower case, and their numbers."""
    found: dict[str, list[tuple[str, float]]] = {}
    for start, end, metric in parts(evaluation):
        if metric is not None and metric.name and len(metric.name) <= _LONGEST_NAME:
            found.setdefault(metric.name.lower(), []).append((evaluation[start:end].lower(), metric.value))
    return tuple((name, tuple(values)) for name, values in found.items())


@lru_cache(maxsize=1024)
def _pattern(metric: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){re.escape(metric)}(?P<value>\d{{1,6}}(?:\.\d{{1,6}})?)(?![\d.]*\d|[a-z])")


def _agree(written: str, values: set[float]) -> bool:
    """Whether the number of a file name is one of ``values``, wherever the decimal point stands."""
    number = float(written)
    return any(math.isclose(value, number * 10.0**power) for value in values for power in range(-4, 5))


RULE = Rule("metric-in-file-name", Category.NAMES, Severity.INFO, check)
