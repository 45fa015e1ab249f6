"""``hubkit verify``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from hubkit.card.find import card_path
from hubkit.card.model import load_card
from hubkit.cli.options import cards_option
from hubkit.cli.transfers import transfers
from hubkit.site.text import size
from hubkit.store.blobs import BlobStore
from hubkit.store.cache_root import default_root
from hubkit.store.completed import completed
from hubkit.store.digest import is_digest
from hubkit.store.verifying import Check, verify_blobs


@click.command("verify")
@click.argument("uids", nargs=-1)
@click.option("--all", "all_", is_flag=True, help="Verify everything that is stored.")
@cards_option
@click.option("--full", is_flag=True, help="Read also what has not changed since it was last verified.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    show_default="the cores",
    help="How many files are read at a time.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(
    context: click.Context,
    uids: tuple[str, ...],
    all_: bool,
    cards: Path,
    full: bool,
    jobs: int,
    as_json: bool,
) -> None:
    """Hash again what is stored, and find what is wrong.

    UIDS are cards whose files are verified. A file that is not what its name says is moved aside, so that the next
    fetch gets it again. Exit status: 0 all are right, 1 one is wrong or missing, 2 could not run.
    """
    if bool(uids) == all_:
        raise click.UsageError("Name one or more cards, or give --all; not both.")
    store = BlobStore(default_root())
    digests = list(store.digests()) if all_ else list(dict.fromkeys(_digests(store, uids, cards)))
    checks: list[Check] = []
    aside: dict[str, str] = {}
    read = 0
    with transfers() as watch:
        tell = watch("verifying")
        for check in verify_blobs(store, digests, full=full, jobs=jobs):
            checks.append(check)
            read += check.size
            tell(read, None)
            if check.found and not check.right:
                with suppress(OSError):  # another user's store may be read only; told all the same
                    aside[check.sha256] = str(store.set_aside(check.sha256))
    wrong = [check for check in checks if not check.right]
    if as_json:
        rows = [
            {"sha256": check.sha256, "size": check.size, "found": check.found, "moved_to": aside.get(check.sha256)}
            for check in checks
        ]
        click.echo(json.dumps({"files": rows}, indent=2))
    else:
        for check in wrong:
            click.echo(_words(check, aside.get(check.sha256, "")), err=True)
        right = [check.size for check in checks if check.right]
        click.echo(f"{len(right)} of {len(checks)} files are right ({size(sum(right))})")
    context.exit(1 if wrong else 0)


def _digests(store: BlobStore, uids: tuple[str, ...], cards: Path) -> Iterator[str]:
    for uid in uids:
        for asset in load_card(card_path(cards, uid), cards).assets:
            digest = asset.sha256.lower()
            yield digest if is_digest(digest) else completed(store, asset.link, digest) or digest


def _words(check: Check, aside: str) -> str:
    if check.error:
        return f"{check.sha256}: it cannot be read: {check.error}"
    if not check.found:
        return f"{check.sha256}: it is not in the store\n  Run hubkit fetch."
    if not aside:
        return f"{check.sha256}: its SHA-256 is {check.found}\n  It could not be moved out of the way."
    return f"{check.sha256}: its SHA-256 is {check.found}\n  Moved to {aside}; hubkit fetch gets it again."
