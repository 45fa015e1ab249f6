"""``hubkit pull``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from hubkit.card.uid import version_of
from hubkit.cli.options import (
    cards_option,
    catalogue_option,
    fetch_options,
    format_option,
    lock_option,
    offline_option,
    out_option,
)
from hubkit.cli.transfers import transfers
from hubkit.client.choose import choose
from hubkit.client.lockfile import base_of, changes, not_locked, read_lock
from hubkit.client.model import ModelFile
from hubkit.client.pull import HubPlace, find_model, obtain
from hubkit.errors import FetchError, HubkitError
from hubkit.store.blobs import BlobStore, DigestMismatchError
from hubkit.store.cache_root import default_root
from hubkit.store.content import Kind
from hubkit.store.fetch import FetchOptions


@click.command("pull")
@click.argument("uids", nargs=-1, metavar="[UID[@VERSION]]...")
@format_option
@click.option(
    "--dest",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to put files into; without it they stay in the store.",
)
@cards_option
@out_option
@catalogue_option
@click.option("--locked", is_flag=True, help="Pull exactly what the lock file says; all of it if no UID is named.")
@lock_option
@offline_option
@click.option("--json", "as_json", is_flag=True, help="Print an object with path, digest and more, one a line.")
@click.pass_context
def command(
    context: click.Context,
    uids: tuple[str, ...],
    kind: str | None,
    dest: Path | None,
    cards: Path,
    out: Path,
    catalogue: str,
    locked: bool,
    lock_file: Path,
    offline: bool,
    as_json: bool,
) -> None:
    """Pull one verified file of a model.

    UID is <publisher>/<MindSpore version>/<name>. Without the version, or as a bare name, it means the newest version
    that fits the installed MindSpore; with @VERSION that one. Converted files come from --out or from the catalogue.
    Only the file's path is printed on standard output. Exit status: 0 done, 1 a file cannot be had or is not what was
    promised, 2 could not run.
    """
    if not uids and not locked:
        raise click.UsageError("Name a model, or give --locked.")
    if kind and locked:
        raise click.UsageError("The lock file says which format; leave out --format.")
    store, options = BlobStore(default_root()), fetch_options(offline=offline)
    place = HubPlace(cards, out, catalogue)
    if locked:
        wanted = list(_locked(uids, lock_file, place, store, options))
        base = base_of(lock_file)
    else:
        hub = place.open(store, options)
        base = hub.base
        wanted = []
        for request in uids:
            model, note = find_model(request, hub)
            _say(note or (f"{request} means {model.uid}" if request != model.uid else ""))
            wanted.append((model.uid, model.file(Kind(kind or Kind.CKPT))))
    failed = False
    with transfers() as watch:
        for uid, file in wanted:
            _say(f"{uid}: {file.note}" if file.note else "")
            try:
                blob = obtain(uid, file, base, dest, store, options, watch(uid))
            except FetchError as error:
                failed = True
                if locked and isinstance(error, DigestMismatchError):
                    error = not_locked(error, lock_file)
                _say(str(error) if error.message.startswith(f"{uid}: ") else f"{uid}: {error}")
                continue
            report = {
                "uid": uid,
                "version": version_of(uid),
                "format": file.format.value,
                "path": str(blob.path),
                "sha256": blob.sha256,
                "size": blob.size,
                "note": file.note,
            }
            click.echo(json.dumps(report, ensure_ascii=False) if as_json else str(blob.path))
    context.exit(1 if failed else 0)


def _locked(
    uids: tuple[str, ...], lock_file: Path, place: HubPlace, store: BlobStore, options: FetchOptions
) -> Iterator[tuple[str, ModelFile]]:
    """The locked files that are asked for; what their cards say otherwise now is told."""
    files = read_lock(lock_file)
    asked = [choose(request, list(files), "", where=str(lock_file)).uid for request in uids]
    hub = None
    if place.catalogue or place.cards.is_dir():  # a lock is enough by itself
        try:
            hub = place.open(store, options)
        except HubkitError as error:
            _say(f"the lock is not compared with the hub: {error.message}")
    for uid in asked or files:
        for change in changes(uid, files[uid], hub) if hub else ():
            _say(f"{uid}: {change}")
        yield uid, files[uid]


def _say(text: str) -> None:
    if text:
        click.echo(text, err=True)
