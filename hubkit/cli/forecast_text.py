"""What ``hubkit convert --check`` prints of one forecast."""

from __future__ import annotations

from collections.abc import Iterator

import click

from hubkit.convert.forecast import Forecast, Lacking
from hubkit.convert.records import Port

_LAYERS = 5


def forecast_lines(forecast: Forecast) -> Iterator[str]:
    """What is in the way first, then what would come out."""
    if forecast.would_convert:
        yield f"{forecast.name}: {click.style('would convert', fg='green')}"
    else:
        yield f"{forecast.name}: {click.style('would not convert', fg='red')}: {forecast.status.phrase}"
    if forecast.lacking:
        for lacking in forecast.lacking:
            yield from _lacking(lacking)
    elif forecast.error:
        yield f"  {forecast.error}"
    if forecast.operators is None:
        return
    yield f"  parameters: {forecast.parameters:,} with {forecast.values:,} values"
    yield from (f"  input {_port(port)}" for port in forecast.inputs)
    yield from (f"  output {_port(port)}" for port in forecast.outputs)
    yield from (f"  {text}" for text in forecast.fixed)
    for kind, size in (forecast.sizes or {}).items():
        yield f"  {kind}: about {size / 1e6:.1f} MB"
    yield f"  operators: {', '.join(f'{count} {name}' for name, count in forecast.operators.items())}"


def _lacking(lacking: Lacking) -> Iterator[str]:
    shown = ", ".join(lacking.layers[:_LAYERS])
    more = f" and {len(lacking.layers) - _LAYERS} more" if len(lacking.layers) > _LAYERS else ""
    yield f"  {lacking.op} has no ONNX form; it is used by {shown}{more}"
    if lacking.rewrite:
        yield f"    Instead: {lacking.rewrite}"


def _port(port: Port) -> str:
    return f"{port.name}: {port.dtype}[{', '.join(map(str, port.shape))}]"
