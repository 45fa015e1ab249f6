"""``hubkit fetch``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from hubkit.card.find import card_path, some_cards
from hubkit.card.model import load_card
from hubkit.cli.options import cards_option, fetch_options, offline_option
from hubkit.cli.transfers import on_terminal, transfers
from hubkit.errors import CardError
from hubkit.store.blobs import BlobStore
from hubkit.store.cache_root import default_root
from hubkit.store.digest import is_digest
from hubkit.store.many import Outcome, Wanted, fetch_many

JOBS = 4


@click.command("fetch")
@click.argument("uids", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Fetch the files of every card.")
@cards_option
@offline_option
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=JOBS, show_default=True, help="How many files are fetched at a time."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(
    context: click.Context,
    uids: tuple[str, ...],
    all_: bool,
    cards: Path,
    offline: bool,
    jobs: int,
    as_json: bool,
) -> None:
    """Fetch and verify the files that cards name.

    UIDS are cards, such as mindspore/1.9/u2net_dutstr. A file is kept once, under its SHA-256, and its path is
    printed. What was received of it before, in a run that failed or was killed, is not asked for again. Exit status:
    0 all are there and right, 1 one is not, 2 could not run.
    """
    if bool(uids) == all_:
        raise click.UsageError("Name one or more cards, or give --all; not both.")
    paths = some_cards(cards) if all_ else [card_path(cards, uid) for uid in uids]
    wanted, unreadable = wanted_files(paths, cards)
    for error in unreadable:
        click.echo(f"{error}", err=True)
    store = BlobStore(default_root())
    names = {one: one.links[0].rpartition("/")[2] for one in wanted}
    outcomes: list[Outcome] = []
    at_once = not as_json and not on_terminal()  # a display and results in between would spoil each other
    with transfers() as watch:
        options = fetch_options(offline=offline)
        for outcome in fetch_many(list(wanted), store, options, jobs, lambda one: watch(names[one])):
            outcomes.append(outcome)
            if at_once:
                _report(outcome, wanted[outcome.wanted])
    if as_json:
        rows = [_row(outcome, wanted[outcome.wanted]) for outcome in outcomes]
        click.echo(json.dumps({"files": sorted(rows, key=lambda row: str(row["uids"]))}, ensure_ascii=False, indent=2))
    elif not at_once:
        for outcome in outcomes:
            _report(outcome, wanted[outcome.wanted])
    context.exit(1 if unreadable or any(outcome.blob is None for outcome in outcomes) else 0)


def wanted_files(paths: Sequence[Path], cards: Path) -> tuple[dict[Wanted, tuple[str, ...]], list[CardError]]:
    """The distinct files that the cards at ``paths`` name, each with the uids of its cards; and what is wrong with
    cards that cannot be read."""
    # The beginning of a digest stands for one file only together with the link.
    links: dict[tuple[str, str], dict[str, None]] = {}
    users: dict[tuple[str, str], dict[str, None]] = {}
    unreadable: list[CardError] = []
    for path in paths:
        try:
            card = load_card(path, cards)
        except CardError as error:
            unreadable.append(error)
            continue
        for asset in card.assets:
            digest = asset.sha256.lower()
            key = digest, "" if is_digest(digest) else asset.link
            links.setdefault(key, {})[asset.link] = None
            users.setdefault(key, {})[card.uid] = None
    return {Wanted(key[0], tuple(links[key])): tuple(users[key]) for key in links}, unreadable


def _report(outcome: Outcome, uids: Sequence[str]) -> None:
    if outcome.blob is None:
        more = f" (and {len(uids) - 1} more)" if len(uids) > 1 else ""
        click.echo(f"{uids[0]}{more}: {outcome.error}", err=True)
        return
    for uid in uids:
        click.echo(f"{uid}: {outcome.blob.path}")
    asked, found = outcome.wanted.sha256, outcome.blob.sha256
    if found != asked:
        click.echo(f"{uids[0]}: the card gives only {len(asked)} digits of the digest; the file's is {found}", err=True)
        click.echo("  `hubkit lint --unsafe-fixes` writes it into the card.", err=True)


def _row(outcome: Outcome, uids: Sequence[str]) -> dict[str, object]:
    blob, error = outcome.blob, outcome.error
    return {
        "uids": list(uids),
        "links": list(outcome.wanted.links),
        "asked": outcome.wanted.sha256,
        "sha256": blob.sha256 if blob else None,
        "path": str(blob.path) if blob else None,
        "size": blob.size if blob else None,
        "error": str(error) if error else None,
    }
