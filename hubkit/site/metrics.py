"""What the authors measured, as cards write it: "top1acc83.26 | top5acc96.6"."""

from __future__ import annotations

import re
from functools import lru_cache

from hubkit.site.i18n import N_
from hubkit.site.pages import Metric

# A part of a metric's name, in lower case -> what it means, by which a search finds it too.
MEANINGS: dict[str, str] = {
    "acc": N_("Accuracy rate"),
    "auc": N_("Area under the curve"),
    "cer": N_("Character error rate"),
    "eer": N_("Equal error rate"),
    "f1": N_("F-score"),
    "iou": N_("Intersection over union"),
    "mae": N_("Mean absolute error"),
    "map": N_("Mean average precision"),
    "mse": N_("Mean squared error"),
    "precision": N_("Precision"),
    "psnr": N_("Peak signal-to-noise ratio"),
    "recall": N_("Recall"),
    "ssim": N_("Structural similarity"),
    "wer": N_("Word error rate"),
}

# "top1acc83.26", "acc 97.7%": the name runs to the last number.
_METRIC = re.compile(r"(?P<name>.*?)[\s:=]*(?P<value>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\s*%?)")


@lru_cache(maxsize=4096)
def metrics(evaluation: str) -> tuple[Metric, ...]:
    """The parts of ``evaluation``: "top1acc79 | top5acc94" -> (top1acc, 79), (top5acc, 94)."""
    found = []
    for part in evaluation.split("|"):
        match = _METRIC.fullmatch(part.strip())
        if match:
            found.append(Metric(match["name"], match["value"]))
        elif part.strip(" -"):
            found.append(Metric("", part.strip()))
    return tuple(found)


def value_of(metric: Metric) -> float | None:
    """The metric's figure; None where it is no number that a chart could show."""
    try:
        value = float(metric.value.rstrip("% "))
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None
