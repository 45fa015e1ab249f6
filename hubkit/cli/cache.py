"""``hubkit cache``."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from hubkit.card.find import find_cards
from hubkit.card.model import load_card
from hubkit.cli.amounts import AGE, SIZE
from hubkit.errors import CardError, ConfigError
from hubkit.site.text import size
from hubkit.store.adding import add_file
from hubkit.store.blobs import BlobStore
from hubkit.store.cache_root import default_root
from hubkit.store.completed import is_truncated
from hubkit.store.listing import Item, Kind, items, remove

_ORDERS: dict[str, Callable[[Item], object]] = {
    "name": lambda item: (item.kind, item.name),
    "size": lambda item: -item.size,
    "used": lambda item: -item.used,
}

_older_than = click.option("--older-than", type=AGE, help="Only what was not used for this long, such as 30d.")
_larger_than = click.option("--larger-than", type=SIZE, help="Only what is larger, such as 500MB.")
_dry_run = click.option("--dry-run", is_flag=True, help="Show what would be removed; remove nothing.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group("cache")
def command() -> None:
    """Show what is stored, and remove it.

    The store lies in the folder that HUBKIT_CACHE names, else in the user's cache folder. It holds files under their
    SHA-256, what has come of files that are not whole yet, files that were found to be damaged, and the code of
    repositories under its commits.
    """
    root = default_root()
    if root.exists() and not root.is_dir():
        raise ConfigError(f"{root} is to hold the store, and is no folder", hint="Let HUBKIT_CACHE name a folder.")


@command.command("ls")
@_older_than
@_larger_than
@click.option("--sort", type=click.Choice(list(_ORDERS)), default="name", show_default=True, help="The order.")
@_json
def ls(older_than: float | None, larger_than: float | None, sort: str, as_json: bool) -> None:
    """List what is stored, with sizes and last use."""
    store = BlobStore(default_root())
    chosen = sorted(_filtered(items(store), older_than, larger_than), key=_ORDERS[sort])  # type: ignore[arg-type]
    if as_json:
        click.echo(json.dumps({"folder": str(store.root), "files": [asdict(item) for item in chosen]}, indent=2))
        return
    _list(chosen)
    click.echo(f"{_files(chosen)}, {size(sum(item.size for item in chosen))} in {store.root}", err=True)


@command.command("prune")
@_older_than
@_larger_than
@click.option("--unreferenced", is_flag=True, help="Only files that no card of --cards names.")
@click.option(
    "--cards",
    type=click.Path(path_type=Path),
    default=Path("cards"),
    show_default=True,
    help="The folder of cards for --unreferenced.",
)
@click.option("--partials", is_flag=True, help="Remove what has come of files that are not whole yet.")
@click.option("--damaged", is_flag=True, help="Remove files that were found to be damaged.")
@_dry_run
def prune(
    older_than: float | None,
    larger_than: float | None,
    unreferenced: bool,
    cards: Path,
    partials: bool,
    damaged: bool,
    dry_run: bool,
) -> None:
    """Remove what is not needed.

    What fits all conditions is removed. With --partials or --damaged only such files are.
    """
    if older_than is None and larger_than is None and not (unreferenced or partials or damaged):
        raise click.UsageError("Say what to remove, for example --older-than 30d.")
    if unreferenced and (partials or damaged):
        raise click.UsageError("--unreferenced is about whole files: leave out --partials and --damaged.")
    store = BlobStore(default_root())
    kinds = {kind for kind, asked in ((Kind.PARTIAL, partials), (Kind.DAMAGED, damaged)) if asked} or {
        Kind.BLOB,
        *(() if unreferenced else (Kind.CODE,)),
    }
    named = _named(store, cards) if unreferenced else frozenset()
    chosen = [
        item
        for item in _filtered(items(store), older_than, larger_than)
        if item.kind in kinds and item.name not in named
    ]
    _remove(chosen, dry_run=dry_run)


@command.command("rm")
@click.argument("digests", nargs=-1, required=True)
@_dry_run
def rm(digests: tuple[str, ...], dry_run: bool) -> None:
    """Remove files by their SHA-256, and code by its commit.

    DIGESTS may be cut to their first 8 digits, if no other file begins so.
    """
    known = [item for item in items(BlobStore(default_root())) if item.kind is not Kind.PARTIAL]
    chosen = dict.fromkeys(item for digest in digests for item in _find(digest.lower(), known))
    _remove(list(chosen), dry_run=dry_run)


@command.command("add")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--sha256", default="", help="The digest that it must have, or the first digits of it.")
def add(file: Path, sha256: str) -> None:
    """Copy a file that was got by other means into the store.

    It is kept under its SHA-256, where hubkit fetch finds it.
    """
    if not re.fullmatch("[0-9a-fA-F]{0,64}", sha256):
        raise click.BadParameter(f"{sha256!r} is not up to 64 hexadecimal digits.", param_hint="'--sha256'")
    blob = add_file(file, BlobStore(default_root()), sha256.lower())
    click.echo(f"{blob.sha256}: {blob.path}")


def _filtered(found: Iterable[Item], older_than: float | None, larger_than: float | None) -> Iterable[Item]:
    before = time.time() - (older_than or 0)
    for item in found:
        if (older_than is None or item.used < before) and (larger_than is None or item.size > larger_than):
            yield item


def _named(store: BlobStore, cards: Path) -> frozenset[str]:
    """The digests that cards name. A card that cannot be read ends it: its files would be lost."""
    paths = find_cards(cards)
    if not paths:
        raise CardError(f"{cards}: there is no card, so every file would be removed", hint="Name the folder of cards.")
    assets = [asset for path in paths for asset in load_card(path, cards).assets]
    digests = {asset.sha256.lower() for asset in assets}
    cut = tuple(digest for digest in digests if is_truncated(digest))
    return frozenset(digests.union(name for name in store.digests() if cut and name.startswith(cut)))


def _find(digest: str, known: Sequence[Item]) -> Sequence[Item]:
    """What lies under a digest: a file, the damaged one that it took the place of, or both."""
    found = [item for item in known if item.name.startswith(digest)] if len(digest) >= 8 else []
    names = {item.name for item in found}
    if len(names) != 1:
        why = f"{len(names)} files begin so" if names else "there is no such file in the store"
        raise click.UsageError(f"{digest}: {why}. `hubkit cache ls` lists them; give at least 8 digits.")
    return found


def _remove(chosen: Sequence[Item], *, dry_run: bool) -> None:
    gone = chosen if dry_run else list(remove(chosen))
    _list(gone)
    words = "would be removed" if dry_run else "removed"
    click.echo(f"{_files(gone)}, {size(sum(item.size for item in gone))} {words}", err=True)


def _files(chosen: Sequence[Item]) -> str:
    return f"{len(chosen)} file{'s' * (len(chosen) != 1)}"


def _list(chosen: Sequence[Item]) -> None:
    lines = [f"{item.kind:<8}{size(item.size):>10}  {_time(item.used)}  {item.name}" for item in chosen]
    if lines:
        click.echo("\n".join(lines))


def _time(seconds: float) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):  # a file system holds times that no calendar has
        return f"{'unknown':<16}"
