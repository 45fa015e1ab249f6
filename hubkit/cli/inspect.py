"""``hubkit inspect``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click

from hubkit.cli.transfers import transfers

_WIDTHS = (60, 100)


@click.command("inspect")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--depth", type=click.IntRange(min=0), default=1, show_default=True, help="Levels of layers to show.")
@click.option(
    "--statistics/--no-statistics",
    "with_statistics",
    default=True,
    show_default=True,
    help="Read all parameters for their figures, or only what they are.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, with every parameter.")
def command(file: Path, depth: int, with_statistics: bool, as_json: bool) -> None:
    """Show what a model file holds.

    FILE is a MindSpore checkpoint, a MINDIR, an ONNX or a safetensors file, which is told by its content. Shown are
    inputs and outputs, the parameters by layer, how often each operator occurs, and what convolutions and matrix
    products cost; a multiplication and an addition count as two operations. Exit status: 0 done, 2 the file cannot be
    read, is damaged or encrypted.
    """
    from hubkit.inspect.inspection import inspect

    with transfers() as watch:
        tell = watch("reading")
        found = inspect(file, with_statistics=with_statistics, progress=tell)
    if as_json:
        from hubkit.inspect.document import document

        click.echo(json.dumps(document(found), indent=2, ensure_ascii=True))
        return
    from hubkit.cli.inspection_text import inspection_lines

    least, most = _WIDTHS
    width = max(least, min(most, shutil.get_terminal_size((most, 24)).columns))
    for line in inspection_lines(found, depth, width):
        click.echo(line)
