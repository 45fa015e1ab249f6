"""
A part of `evaluation` holds no number, or names no metric that is known.

The catalogue compares models by their metrics. `easy92.4` says how well, and not of what: name the metric before its
number. A metric may have words before it (`top1acc`, `set5psnr`).

Option: `metrics` in `[tool.hubkit.vocabularies]` of pyproject.toml, or in `[vocabularies]` of hubkit.toml, adds names.

Bad:

    evaluation: F1scorce90.04 | good

Good:

    evaluation: F1score90.04
"""

import difflib
from collections.abc import Iterator
from functools import lru_cache

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._metrics import measurements
from hubkit.lint.vocab import metric_kind, metric_spellings


def check(document: Document, context: Context) -> Iterator[Finding]:
    for start, end, text, metric in measurements(document):
        if metric is None:
            hint = "Write the metric and its value, as in acc99.05."
            yield Finding(start, end, f"no number ends {shown(text)}", hint)
        elif metric_kind(metric.name) is None:
            name = metric.name.lower()
            if any(name.endswith(own.lower()) for own in context.config.vocabularies.get("metrics", ())):
                continue
            if not name:
                yield Finding(
                    start, end, f"{text} does not say what was measured", "Name the metric before the number."
                )
                continue
            nearest = _nearest(name)
            hint = f"Did you mean {nearest}?" if nearest else "Name the metric before the number, as in acc99.05."
            yield Finding(start, end, f"{shown(metric.name)} is no metric that is known", hint)


@lru_cache(maxsize=4096)
def _nearest(name: str) -> str:
    # Who misspells a name hardly ever does so in its first letter: "core" is no slip for "fscore".
    alike = [spelling for spelling in metric_spellings() if spelling[0] == name[0]]
    found = difflib.get_close_matches(name[:100], alike, n=1, cutoff=0.75)
    return found[0] if found else ""


RULE = Rule(
    "unknown-metric",
    Category.NAMES,
    Severity.INFO,
    check,
    yields_to=frozenset({"placeholder", "value-changed-by-yaml"}),
)
