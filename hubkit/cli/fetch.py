"""``hubkit fetch``."""

from __future__ import annotations

from pathlib import Path

import click

from hubkit.card.find import card_path, find_cards
from hubkit.card.model import load_card
from hubkit.cli.options import cards_option, fetch_options, offline_option
from hubkit.errors import FetchError
from hubkit.store.blobs import BlobStore, default_root
from hubkit.store.fetch import fetch


@click.command("fetch")
@click.argument("uids", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Fetch the files of every card.")
@cards_option
@offline_option
@click.pass_context
def command(context: click.Context, uids: tuple[str, ...], all_: bool, cards: Path, offline: bool) -> None:
    """Fetch and verify the files that cards name.

    UIDS are cards, such as mindspore/1.9/u2net_dutstr. A file is kept once, under its SHA-256, and its path is
    printed. Exit status: 0 all are there and right, 1 one is not, 2 could not run.
    """
    if bool(uids) == all_:
        raise click.UsageError("Name one or more cards, or give --all.")
    paths = find_cards(cards) if all_ else [card_path(cards, uid) for uid in uids]
    store = BlobStore(default_root())
    options = fetch_options(offline=offline)
    failed = False
    for path in paths:
        card = load_card(path, cards)
        for asset in card.assets:
            try:
                blob = fetch(asset.link, asset.sha256, store, options)
            except FetchError as error:
                failed = True
                click.echo(f"{card.uid}: {error}", err=True)
            else:
                click.echo(f"{card.uid}: {blob.path}")
    context.exit(1 if failed else 0)
