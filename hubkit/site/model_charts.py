"""The pictures of a model's page: which figures of cards and receipts they show, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from hubkit.receipts import Parity, Receipt, Status
from hubkit.site import text
from hubkit.site.badges import FORMATS, comparisons, runtime, what_was_compared
from hubkit.site.changes import name_of
from hubkit.site.charts.bars import Bar, bar_chart, with_rest
from hubkit.site.charts.chart import Chart
from hubkit.site.charts.line import Point, line_chart
from hubkit.site.charts.parity import Difference, parity_chart
from hubkit.site.gather import Entry
from hubkit.site.i18n import _
from hubkit.site.metrics import metrics, value_of
from hubkit.site.paths import last_part

# Metrics that get a chart of their own, and bars before the rest is summed up.
_METRICS = 3
_OPERATORS = 9
_LAYERS = 14


def model_charts(entry: Entry) -> tuple[Chart, ...]:
    """The charts of a card's receipt, those for which it has figures."""
    receipt = entry.receipt
    if receipt is None:
        return ()
    return tuple(chain(_parity(entry, receipt), _sizes(receipt), _layers(receipt), _operators(receipt)))


def metric_charts(members: Sequence[Entry]) -> tuple[Chart, ...]:
    """A chart for each metric that two versions of a family have; ``members`` have the newest version first."""
    rows = [(name_of(entry), {item.name: item for item in metrics(entry.card.evaluation)}) for entry in members[::-1]]
    names = dict.fromkeys(item.name for entry in members for item in metrics(entry.card.evaluation))
    charts: list[Chart] = []
    for name in names:
        points = [
            Point(version, value_of(found[name]), found[name].value) if name in found else Point(version, None, "")
            for version, found in rows
        ]
        if sum(point.value is not None for point in points) > 1:
            charts.append(_metric(f"chart-metric-{len(charts) + 1}", name or _("Evaluation"), points))
        if len(charts) == _METRICS:
            break
    return tuple(charts)


def _metric(slug: str, name: str, points: Sequence[Point]) -> Chart:
    known = [point for point in points if point.value is not None]
    first, last = known[0], known[-1]
    values = {point.value for point in known}
    words = {"first": first.words, "last": last.words, "start": first.label, "end": last.label}
    if len(values) == 1:
        description = _("%(last)s in all versions from %(start)s to %(end)s.") % words
    else:
        description = _("From %(first)s in %(start)s to %(last)s in %(end)s.") % words
    title = _("%(metric)s by MindSpore version") % {"metric": name}
    return line_chart(slug, title, description, (_("Version"), name), points)


def _parity(entry: Entry, receipt: Receipt) -> Iterator[Chart]:
    pairs = [pair for pair, _count in comparisons(receipt.parity)]
    if not pairs:
        return
    columns = (_("Comparison"), _("Result"), _("Largest difference"), _("Tolerance"), _("Largest relative"))
    failed = sum(not pair.passed for pair in pairs)
    if failed:
        description = _("%(failed)s of %(all)s comparisons lie beyond their tolerance, the upright line.")
    else:
        description = _("All %(all)s comparisons lie within their tolerance, the upright line.")
    rows = tuple(_difference(pair, count, stale=entry.stale) for pair, count in comparisons(receipt.parity))
    counts = {"failed": text.number(failed), "all": text.number(len(pairs))}
    yield parity_chart("chart-parity", _("Difference against tolerance"), description % counts, columns, rows)


def _difference(pair: Parity, inputs: int, *, stale: bool) -> Difference:
    is_exact = pair.atol == 0 and pair.rtol == 0
    error, limit = text.error(pair.max_abs), text.error(pair.atol)
    words = _("bit-equal") if pair.bit_equal else error if is_exact else f"{error} / {limit}"
    result = _("Passed") if pair.passed else _("Failed")
    return Difference(
        label=f"{runtime(pair.candidate)}: {what_was_compared(pair, inputs)}",
        short=" · ".join(
            part for part in (runtime(pair.candidate), pair.output, _("batch %(size)s") % {"size": pair.batch}) if part
        ),
        error=pair.max_abs,
        tolerance=pair.atol,
        standing="stale" if stale else "passed" if pair.passed else "failed",
        words=words,
        more=(result, error, _("none: must be equal") if is_exact else limit, text.error(pair.max_rel)),
    )


def _sizes(receipt: Receipt) -> Iterator[Chart]:
    bars = [
        *(
            Bar(f"{check.file_format}: {last_part(check.link)}", check.size, text.size(check.size))
            for check in receipt.assets
            if check.status is Status.PASSED and check.size
        ),
        *(
            Bar(
                FORMATS[model.format][0] if model.format in FORMATS else model.format, model.size, text.size(model.size)
            )
            for model in receipt.models
        ),
    ]
    if bars:
        largest = max(bars, key=lambda bar: bar.value)
        description = _("The largest is %(name)s, with %(size)s.") % {"name": largest.label, "size": largest.words}
        yield bar_chart("chart-sizes", _("Size of the files"), description, (_("File"), _("Size")), bars)


def _layers(receipt: Receipt) -> Iterator[Chart]:
    total = sum(layer.parameters for layer in receipt.layers)
    if not total:
        return
    bars = [
        Bar(
            layer.name,
            layer.parameters,
            text.short_number(layer.parameters),
            (text.percent(layer.parameters / total), text.size(layer.size)),
        )
        for layer in receipt.layers
    ]
    kept = bars[:_LAYERS]
    others = receipt.layers[_LAYERS:]
    if others:
        parameters = sum(layer.parameters for layer in others)
        cells = (text.percent(parameters / total), text.size(sum(layer.size for layer in others)))
        label = _("%(count)s more") % {"count": text.number(len(others))}
        kept.append(Bar(label, parameters, text.short_number(parameters), cells))
    largest = max(bars, key=lambda bar: bar.value)
    description = _("%(count)s parameters; most are in %(name)s, %(share)s of all.") % {
        "count": text.number(total),
        "name": largest.label,
        "share": largest.more[0],
    }
    columns = (_("Layer"), _("Parameters"), _("Share"), _("Size"))
    yield bar_chart("chart-layers", _("Parameters by layer"), description, columns, kept)


def _operators(receipt: Receipt) -> Iterator[Chart]:
    for model in receipt.models:
        total = sum(model.operators.values())
        if model.format != "onnx" or not total:
            continue
        ordered = sorted(model.operators.items(), key=lambda item: (-item[1], item[0]))
        bars = [Bar(name, count, text.number(count), (text.percent(count / total),)) for name, count in ordered]
        left = ordered[_OPERATORS:]
        count = sum(uses for _name, uses in left)
        label = _("%(count)s other kinds") % {"count": text.number(len(left))}
        rest = Bar(label, count, text.number(count), (text.percent(count / total),)) if len(left) > 1 else None
        description = _("%(count)s operators of %(kinds)s kinds; %(name)s is used most.") % {
            "count": text.number(total),
            "kinds": text.number(len(ordered)),
            "name": bars[0].label,
        }
        columns = (_("Operator"), _("Uses"), _("Share"))
        title = _("Operators of the ONNX graph")
        yield bar_chart("chart-operators", title, description, columns, with_rest(bars, _OPERATORS, rest))
        return
