"""The options that say where cards and models are. They cost nothing to load, for verbs that must answer at once."""

from __future__ import annotations

from pathlib import Path

import click

cards_option = click.option(
    "--cards",
    type=click.Path(path_type=Path),
    default=Path("cards"),
    show_default=True,
    help="The folder of cards.",
)
out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build"),
    show_default=True,
    help="Where models, receipts and the site are written.",
)
offline_option = click.option(
    "--offline",
    is_flag=True,
    envvar="HUBKIT_OFFLINE",
    help="Use only what was fetched before.",
)
catalogue_option = click.option(
    "--catalogue",
    metavar="URL|PATH",
    default="",
    help="A published catalogue in place of the cards: its index.json, or the folder of that.",
)
