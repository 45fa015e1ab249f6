"""``hubkit convert x.ckpt``: one checkpoint file."""

from __future__ import annotations

from pathlib import Path

import click

from hubkit.cli.conversions import result_lines
from hubkit.convert.binary import no_file
from hubkit.convert.limits import Limits
from hubkit.convert.pipeline import run
from hubkit.convert.records import ConvertJob, OnnxOptions
from hubkit.errors import ConvertError
from hubkit.nets import find


def convert_checkpoint(
    context: click.Context,
    checkpoint: Path,
    network: str | None,
    formats: tuple[str, ...],
    onnx: OnnxOptions,
    out: Path,
    seed: int,
    limits: Limits,
    evidence: Path | None,
) -> None:
    """Convert ``checkpoint``, say what was found, and exit with the status's code."""
    if network is None:
        raise click.UsageError("A CKPT needs --network: the name of the network whose parameters it holds.")
    if not checkpoint.is_file():
        raise ConvertError(
            f"{checkpoint}: {no_file(checkpoint)}",
            hint="Name a checkpoint, or the uid of a card.",
        )
    find(network)  # before the file is read
    from hubkit.convert.weights import check_weights  # needs packages that the light install has not

    check_weights(checkpoint)
    job = ConvertJob(
        network=network,
        target_dir=out / "models" / checkpoint.stem,
        stem=checkpoint.stem,
        checkpoint=checkpoint,
        seed=seed,
        formats=formats,
        onnx=onnx,
    )
    result = run(job, progress=lambda line: click.echo(line, err=True), limits=limits, evidence=evidence)
    for line in result_lines(result):
        click.echo(line)
    context.exit(result.status.exit_code)
