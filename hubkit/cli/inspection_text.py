"""An inspection as lines for a terminal: what the file is, then its layers as a table."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

import click

from hubkit.inspect import flops
from hubkit.inspect.inspection import Inspection
from hubkit.inspect.model import Operations, Port, Skipped, Statistics
from hubkit.inspect.tree import Layer, layers
from hubkit.site.text import number, plural, short_number, size

_LABEL_WIDTH = 12
_MIN_NAME = 24
_GAP = "  "
_LISTED = 5
_TOGETHER = "\N{NO-BREAK SPACE}"  # a space at which no line is broken
# The heads of a table's columns, and which of them go first where a terminal is narrow.
_HEADS = ("tensor", "elements", "size", "min", "max", "mean", "std")
_FIRST_TO_GO = ("size", "mean", "std", "min", "max")


def inspection_lines(inspection: Inspection, depth: int, width: int) -> Iterator[str]:
    """The lines, at most ``width`` columns each; the tree has ``depth`` levels."""
    model = inspection.model
    yield f"{click.style(_shown(inspection.path.name), bold=True)}  {model.kind.words}, {size(inspection.size)}"
    yield ""
    for label, text in _facts(inspection):
        colour = "yellow" if label in ("not finite", "unknown", "no figures") else None
        lines = textwrap.wrap(text, width - _LABEL_WIDTH, break_on_hyphens=False) or [""]
        for line in lines:
            line = line.replace(_TOGETHER, " ")  # which is what grep looks for
            yield click.style(f"{label:<{_LABEL_WIDTH}}", fg=colour or "cyan") + line
            label = ""
    if model.tensors and depth:
        yield ""
        yield from _table(list(layers(inspection, depth)), width, with_statistics=_any_statistics(inspection))


def _facts(inspection: Inspection) -> Iterator[tuple[str, str]]:
    model = inspection.model
    opsets = [f"{_shown(domain)} {version}" for domain, version in model.opsets.items()]
    if model.producer or opsets:
        yield "written by", ", ".join([_shown(model.producer) or "(it does not say)", *opsets])
    for key, value in list(model.metadata.items())[:_LISTED]:
        yield "metadata", f"{_shown(key)}: {textwrap.shorten(_shown(value), 60, placeholder='…')}"
    for label, ports in (("input", model.inputs), ("output", model.outputs)):
        for port in ports:
            yield label, f"{_shown(port.name)}  {_port_type(port)}"
    types: Counter[str] = Counter()
    for tensor in model.tensors:
        types[tensor.element_type.name] += tensor.count
    if len(types) == 1:
        split = f" of {next(iter(types))}"
    else:
        split = ": " + ", ".join(f"{number(count)} {name}" for name, count in types.most_common()) if types else ""
    tensors = model.tensors
    yield (
        "parameters",
        f"{number(sum(tensor.count for tensor in tensors))} in {plural(len(tensors), 'tensor')}, "
        f"{size(sum(tensor.size for tensor in tensors))}{split}",
    )
    yield from _not_finite(inspection)
    yield from _without_figures(inspection)
    if model.has_graph:
        yield from _operations(inspection)


def _not_finite(inspection: Inspection) -> Iterator[tuple[str, str]]:
    found = [
        (tensor.name, figures)
        for tensor, figures in zip(inspection.model.tensors, inspection.statistics, strict=True)
        if isinstance(figures, Statistics) and (figures.nan or figures.infinite)
    ]
    for name, figures in found[:_LISTED]:
        yield "not finite", f"{number(figures.nan)} NaN, {number(figures.infinite)} infinite in {_shown(name)}"
    if len(found) > _LISTED:
        yield "not finite", f"and in {plural(len(found) - _LISTED, 'more tensor')}"


def _without_figures(inspection: Inspection) -> Iterator[tuple[str, str]]:
    if not _any_statistics(inspection) and not inspection.statistics_asked:
        return
    reasons = Counter(figures.reason for figures in inspection.statistics if isinstance(figures, Skipped))
    for reason, count in reasons.most_common(_LISTED):
        yield "no figures", f"of {plural(count, 'tensor')}: {reason}"


def _operations(inspection: Inspection) -> Iterator[tuple[str, str]]:
    model = inspection.model
    known = [cost for cost in model.costs if not isinstance(cost.operations, Skipped)]
    if model.costs:
        yield (
            "operations",
            f"{_flops(flops.total(known))} in {number(len(known))} of "
            f"{plural(len(model.costs), 'convolution or matrix product', 'convolutions and matrix products')}",
        )
    reasons = Counter((cost.op, cost.operations.reason) for cost in model.costs if isinstance(cost.operations, Skipped))
    for (op, reason), count in reasons.most_common(_LISTED):
        yield "unknown", f"{number(count)} {op}: {reason}"
    ordered = sorted(model.operators.items(), key=lambda item: (-item[1], item[0]))
    counts = ", ".join(f"{_shown(op)}{_TOGETHER}{number(count)}" for op, count in ordered[:40])
    more = f", and {len(ordered) - 40} more kinds" if len(ordered) > 40 else ""
    yield "operators", f"{number(sum(model.operators.values()))}: {counts}{more}" if ordered else "0"


def _flops(operations: Operations) -> str:
    """Operations in words: "117.20 GFLOPs × batch"."""
    return (
        " + ".join(
            " × ".join(
                [f"{count / 1e9:,.2f} GFLOPs" if count >= 1e7 else f"{number(count)} FLOPs", *map(_shown, names)]
            )
            for names, count in operations.items()
        )
        or "0 FLOPs"
    )


def _port_type(port: Port) -> str:
    if port.shape is None:
        return f"{port.dtype} of unknown shape" if port.dtype != "no tensor" else port.dtype
    return f"{port.dtype}[{', '.join('?' if axis is None else _shown(str(axis)) for axis in port.shape)}]"


def _table(found: Sequence[Layer], width: int, *, with_statistics: bool) -> Iterator[str]:
    heads = list(_HEADS) if with_statistics else list(_HEADS[:3])
    names = [f"{'  ' * layer.depth}{_shown(layer.name)}" for layer in found]
    cells = [dict(zip(_HEADS, _cells(layer), strict=True)) for layer in found]
    widths = {head: max(len(head), *(len(row[head]) for row in cells)) for head in heads}
    longest = max(len("layer"), *map(len, names))

    def room() -> int:
        return width - sum(widths[head] + len(_GAP) for head in heads)

    for head in _FIRST_TO_GO:
        if room() >= min(longest, _MIN_NAME):
            break
        if head in heads:
            heads.remove(head)
    name_width = max(min(longest, room()), len("layer"))
    yield click.style(_line("layer", {head: head for head in heads}, heads, widths, name_width), fg="cyan")
    for layer, name, row in zip(found, names, cells, strict=True):
        line = _line(_cut(name, name_width), row, heads, widths, name_width)
        figures = layer.statistics
        damaged = figures is not None and (figures.nan or figures.infinite)
        yield click.style(line, fg="yellow" if damaged else None, bold=not layer.is_tensor and layer.depth == 0)


def _line(name: str, row: dict[str, str], heads: Sequence[str], widths: dict[str, int], name_width: int) -> str:
    cells = (f"{row[head]:<{widths[head]}}" if head == "tensor" else f"{row[head]:>{widths[head]}}" for head in heads)
    return _GAP.join([f"{name:<{name_width}}", *cells]).rstrip()


def _cells(layer: Layer) -> tuple[str, ...]:
    if layer.is_tensor and len(layer.tensors) == 1:
        tensor = layer.tensors[0]
        described = f"{tensor.element_type.name}[{', '.join(map(str, tensor.shape))}]"
    else:
        described = plural(len(layer.tensors), "tensor")
    figures = layer.statistics
    numbers = (
        (figures.minimum, figures.maximum, figures.mean, figures.deviation)
        if figures and figures.count
        else (None,) * 4
    )
    return (_cut(described, 26), short_number(layer.count), size(layer.size), *map(_figure, numbers))


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}" if math.isfinite(value) else "?"


def _any_statistics(inspection: Inspection) -> bool:
    return any(isinstance(figures, Statistics) for figures in inspection.statistics)


def _cut(text: str, width: int) -> str:
    """``text``, without its middle where it is too long: both ends of a name tell."""
    if len(text) <= width:
        return text
    end = (width - 1) // 2
    return f"{text[: width - 1 - end]}…{text[len(text) - end :]}"


def _shown(text: str) -> str:
    """``text`` without what would act on a terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
