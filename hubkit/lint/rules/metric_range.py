"""
A value in `evaluation` is impossible.

An accuracy, a recall, an F1 or an AUC is a share and cannot be over 100 percent or below zero; a distance or an error
cannot be negative. A number of that kind is a slip, most often a lost decimal point. Which metrics there are, how cards
write them and which values they can have stands in `schema/vocab/metrics.json`.

Bad:

    evaluation: acc9905

Good:

    evaluation: acc99.05
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._metrics import measurements
from hubkit.lint.vocab import metric_kind


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for start, end, text, metric in measurements(document):
        kind = metric_kind(metric.name) if metric is not None else None
        if metric is None or kind is None:
            continue
        if kind.maximum is not None and metric.value > kind.maximum:
            limit = f"over {kind.maximum:g}"
        elif kind.minimum is not None and metric.value < kind.minimum:
            limit = f"below {kind.minimum:g}"
        else:
            continue
        yield Finding(start, end, f"{text}: no {kind.name} can be {limit}", "Look for a lost decimal point or a sign.")


RULE = Rule("metric-range", Category.NAMES, Severity.ERROR, check)
