"""``hubkit site``."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from hubkit.cli import Done
from hubkit.cli.folders import cards_option, out_option
from hubkit.errors import SiteError

_TEMPLATES = "site_templates"

templates_option = click.option(
    "--templates",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    show_default=f"{_TEMPLATES} beside the cards, if it is there",
    help="Your own templates, static files and texts; each stands for hubkit's of that name.",
)
base_url_option = click.option(
    "--base-url",
    metavar="URL",
    default="",
    help="Where the site will be found, for links that must be whole, such as those of feeds.",
)


@click.group("site")
def command() -> None:
    """Build the catalogue, or show it."""


@command.command("build")
@cards_option
@out_option
@templates_option
@base_url_option
@click.option("--strict", is_flag=True, help="Fail where a card cannot be shown, or a template has no effect.")
@click.pass_context
def build_command(
    context: click.Context, cards: Path, out: Path, templates: Path | None, base_url: str, strict: bool
) -> None:
    """Write the site from cards and receipts.

    The receipts and models of an earlier `hubkit build` in the same --out folder are shown; the site is written to
    its folder site, in one step: whoever reads it meanwhile sees the old site or the new one. What did not change is
    not made again. Exit status: 0 done, 1 a card cannot be shown or a template has no effect (with --strict), 2 could
    not run.
    """
    # What a build reads is needed until it ends; looking for garbage among it takes long.
    gc.freeze()
    gc.disable()
    from hubkit.lint.cache_folder import link_record
    from hubkit.settings import load_settings
    from hubkit.site.build import build_site
    from hubkit.site.overrides import without_effect

    own = _templates(templates, cards)
    result = build_site(
        cards,
        out / "site",
        receipts_dir=out / "receipts",
        models_dir=out / "models",
        templates_dir=own,
        base_url=checked_base_url(base_url),
        cache_dir=cache_folder(),
        links=link_record(load_settings(Path.cwd()).file),
    )
    problems = (*result.problems, *(without_effect(own) if own else ()))
    for problem in problems:
        click.echo(f"{problem}", err=True)
    click.echo(f"{out / 'site' / 'index.html'}: {result.written} files written, {result.unchanged} unchanged")
    context.exit(Done(1 if strict and problems else 0))


@command.command("serve")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("build/site"))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option(
    "--cards",
    type=click.Path(path_type=Path),
    default=None,
    help="Build FOLDER from this folder of cards, again whenever one changes, and reload the pages that are open.",
)
@templates_option
def serve_command(folder: Path, host: str, port: int, cards: Path | None, templates: Path | None) -> None:
    """Show a site on this machine.

    FOLDER is a site that was built before, or with --cards one that is built now; build/site if it is left out.
    """
    if cards is None:
        from hubkit.site.serve import serve

        serve(folder, host=host, port=port, ready=lambda url: click.echo(f"Serving {folder} at {url} (Ctrl-C ends it)"))
        return
    from hubkit.lint.cache_folder import link_record
    from hubkit.settings import load_settings
    from hubkit.site.live import serve_live
    from hubkit.site.overrides import without_effect

    own = _templates(templates, cards)
    for problem in without_effect(own) if own else ():
        click.echo(f"{problem}", err=True)
    serve_live(
        cards,
        folder,
        templates_dir=own,
        cache_dir=cache_folder(),
        links=link_record(load_settings(Path.cwd()).file),
        host=host,
        port=port,
        ready=lambda url: click.echo(f"Serving {folder} at {url} as {cards} changes (Ctrl-C ends it)"),
        say=lambda line: click.echo(line, err=True),
    )


def _templates(named: Path | None, cards: Path) -> Path | None:
    """The folder of the user's own templates, if there is one."""
    beside = cards.resolve().parent / _TEMPLATES
    return named or (beside if beside.is_dir() else None)


def cache_folder() -> Path:
    """Where compiled templates are kept: in the folder of the user's that keeps fetched files too."""
    from hubkit.store.cache_root import default_root

    return default_root() / "templates"


def checked_base_url(text: str) -> str:
    """The URL as it is. Raises SiteError where it is none that a site can have."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        sound = not text or (parts.scheme in ("http", "https") and parts.hostname and not parts.query + parts.fragment)
    except ValueError:
        sound = False
    if not sound or any(character.isspace() or character in "\"'<>" for character in text):
        raise SiteError(f"{text}: no URL of a site", hint="Write it as https://host/path/.")
    return text
