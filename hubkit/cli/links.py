"""``hubkit links``."""

from __future__ import annotations

from pathlib import Path

import click

from hubkit.card.find import card_files
from hubkit.cli.reports import (
    baseline_option,
    check_targets,
    format_option,
    output_option,
    rendered,
    severity_option,
    strict_option,
    without_known,
    write_reports,
)
from hubkit.lint.diagnostic import Report, Severity
from hubkit.lint.online import OnlineCards
from hubkit.lint.selection import choose, only_online
from hubkit.settings import load_settings

_SHOWN = 10


@click.command("links")
@click.argument("paths", nargs=-1, type=click.Path(readable=False, path_type=Path))
@click.option(
    "--allow-private",
    multiple=True,
    metavar="HOST",
    help="Ask this host though its address is private; may be repeated.",
)
@severity_option
@strict_option
@baseline_option
@output_option
@format_option
@click.option("--offline", is_flag=True, envvar="HUBKIT_OFFLINE", help="Use only what earlier runs found out.")
@click.option("--no-cache", is_flag=True, help="Ask for every link, known or not.")
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    allow_private: tuple[str, ...],
    severity: str,
    strict: bool,
    baseline: Path | None,
    outputs: tuple[tuple[str, Path | None], ...],
    format_: str | None,
    offline: bool,
    no_cache: bool,
) -> None:
    """Check that the links of cards lead somewhere.

    PATHS are cards or folders of cards; this folder if none is named. Each link is asked for once, a few at a time of
    one host; a good answer is believed for a week. Proxies are not used, and private addresses are refused. Exit
    status: 0 no findings, 1 findings (errors; warnings too with --strict) or a card that cannot be read, 2 could not
    run.
    """
    chosen = (*outputs, *([(format_, None)] if format_ else [])) or (("text", None),)
    check_targets(chosen)
    settings = load_settings(Path.cwd())
    selection = only_online(choose(settings, least=Severity(severity), online=True))
    files = card_files(paths or (Path(),))
    if not files:
        click.echo("note: there is no card here: a card is a file whose name ends in .md", err=True)
    cards = OnlineCards(files, selection)

    from hubkit.cli.online import add_links

    report = add_links(
        Report((), len(files)), cards, settings, offline=offline, use_cache=not no_cache, allow_private=allow_private
    )
    report = without_known(report, baseline)
    write_reports(rendered(report, chosen), chosen)
    unread = cards.unread()
    for path in unread[:_SHOWN]:
        click.echo(f"{path}: its front matter cannot be read, so its links were not asked for", err=True)
    if unread:
        click.echo(f"{len(unread)} of {len(files)} cards cannot be read in full; `hubkit lint` says why", err=True)
    context.exit(1 if unread or report.failed(strict=strict) else 0)
