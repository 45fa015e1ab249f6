"""``hubkit site``."""

from __future__ import annotations

from pathlib import Path

import click

from hubkit.cli.options import cards_option, out_option
from hubkit.site.build import build_site
from hubkit.site.serve import serve


@click.group("site")
def command() -> None:
    """Build the catalogue, or show it."""


@command.command("build")
@cards_option
@out_option
@click.option("--strict", is_flag=True, help="Fail where a card cannot be shown.")
@click.pass_context
def build_command(context: click.Context, cards: Path, out: Path, strict: bool) -> None:
    """Write the site from cards and receipts.

    The receipts and models of an earlier `hubkit build` in the same --out folder are shown; the site is written to
    its folder site. Exit status: 0 done, 1 a card cannot be shown (with --strict), 2 could not run.
    """
    result = build_site(cards, out / "site", receipts_dir=out / "receipts", models_dir=out / "models")
    for problem in result.problems:
        click.echo(f"{problem}", err=True)
    click.echo(f"{out / 'site' / 'index.html'}: {result.written} pages written, {result.unchanged} unchanged")
    context.exit(1 if strict and result.problems else 0)


@command.command("serve")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("build/site"))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
def serve_command(folder: Path, host: str, port: int) -> None:
    """Show a site on this machine.

    FOLDER is a site that was built before; build/site if it is left out.
    """
    serve(folder, host=host, port=port, ready=lambda url: click.echo(f"Serving {folder} at {url} (Ctrl-C ends it)"))
