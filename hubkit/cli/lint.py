"""``hubkit lint``."""

from __future__ import annotations

from pathlib import Path

import click

from hubkit.lint.engine import lint
from hubkit.lint.report import FORMATS
from hubkit.settings import load_settings


@click.command("lint")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="How to report.",
)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], format_: str, strict: bool) -> None:
    """Check model cards.

    PATHS are cards or folders of cards. Exit status: 0 no findings, 1 findings (warnings count only with --strict),
    2 could not run.
    """
    report = lint(paths, load_settings(Path.cwd()))
    click.echo(FORMATS[format_](report), nl=False)
    context.exit(1 if report.failed(strict=strict) else 0)
