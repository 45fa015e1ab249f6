"""``hubkit convert x.mindir``: from one file to another, in an environment with MindSpore or without."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click
from click.core import ParameterSource

from hubkit.cli.convert_usage import refuse_without_format
from hubkit.cli.summary import conversion_word, parity_lines
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.binary import no_file
from hubkit.convert.from_mindir import convert_mindir
from hubkit.convert.records import OnnxOptions
from hubkit.convert.refusal import RefusedError
from hubkit.errors import ConvertError


def convert_mindir_file(
    context: click.Context,
    source: Path,
    network: str | None,
    formats: tuple[str, ...],
    onnx: OnnxOptions,
    out: Path,
    seed: int,
) -> None:
    """Convert ``source`` to ONNX, say what was found, and exit with the status's code."""
    if network is not None:
        raise click.UsageError("--network goes with a CKPT; a MINDIR holds its network itself.")
    formats = mindir_formats(context, formats)
    if not source.is_file():
        raise ConvertError(
            f"{source}: {no_file(source)}",
            hint="Name a MINDIR, or the uid of a card.",
        )
    try:
        result = convert_mindir(
            source,
            out / "models" / source.stem,
            formats=formats,
            seed=seed,
            options=onnx,
            progress=lambda line: click.echo(line, err=True),
        )
    except RefusedError as error:
        _end(context, error.status, str(error))
    for line in parity_lines(result.parity.parity):
        click.echo(line)
    if result.parity.skipped:
        click.echo(f"parity: {click.style('skipped', fg='yellow')}: {result.parity.skipped}")
    for reason in result.parity.proves_nothing:
        click.echo(f"parity: {click.style('proves nothing', fg='yellow')}: {reason}")
    if result.error:
        _end(context, result.parity.status, result.error)
    for file in result.files:
        click.echo(f"{file.path} ({file.size / 1e6:.1f} MB){f': {file.note}' if file.note else ''}")


def mindir_formats(context: click.Context, formats: tuple[str, ...]) -> tuple[str, ...]:
    """The formats that a MINDIR is to become: ``formats`` where they were given. Raises UsageError where it cannot."""
    chosen = context.get_parameter_source("formats") is not ParameterSource.DEFAULT
    formats = formats if chosen else ("onnx",)
    if refused := [kind for kind in formats if not kind.startswith("onnx")]:
        raise click.UsageError(f"A MINDIR can be converted to ONNX only, not to {', '.join(refused)}.")
    refuse_without_format(context, formats)
    return formats


def _end(context: click.Context, status: ConversionStatus, why: str) -> NoReturn:
    click.echo(f"{conversion_word(status)}: {why}", err=True)
    context.exit(status.exit_code)
