"""``hubkit lock``."""

from __future__ import annotations

from pathlib import Path

import click

from hubkit.cli.options import (
    cards_option,
    catalogue_option,
    fetch_options,
    format_option,
    lock_option,
    offline_option,
    out_option,
)
from hubkit.client.lockfile import LockError, lockable, write_lock
from hubkit.client.model import ModelFile
from hubkit.client.pull import HubPlace, find_model
from hubkit.errors import HubkitError
from hubkit.store.blobs import BlobStore
from hubkit.store.cache_root import default_root
from hubkit.store.content import Kind


@click.command("lock")
@click.argument("uids", nargs=-1, metavar="[UID[@VERSION]]...")
@click.option("--all", "all_", is_flag=True, help="Lock every model of the hub.")
@format_option
@cards_option
@out_option
@catalogue_option
@lock_option
@offline_option
@click.pass_context
def command(
    context: click.Context,
    uids: tuple[str, ...],
    all_: bool,
    kind: str | None,
    cards: Path,
    out: Path,
    catalogue: str,
    lock_file: Path,
    offline: bool,
) -> None:
    """Write down which files a project uses.

    UIDs are chosen as `hubkit pull` does it. The lock file holds the digest, the size and the sources of each file, in
    place of what it held before; `hubkit pull --locked` pulls exactly these. Nothing is fetched but the catalogue.
    Exit status: 0 done, 1 with --all, a model was left out, 2 could not run.
    """
    if bool(uids) == all_:
        raise click.UsageError("Name one or more models, or give --all; not both.")
    store = BlobStore(default_root())
    hub = HubPlace(cards, out, catalogue).open(store, fetch_options(offline=offline))
    wanted = Kind(kind or Kind.CKPT)
    files: dict[str, ModelFile] = {}
    left_out = False
    for request in hub.uids() if all_ else uids:
        try:
            model, note = (hub.model(request), "") if all_ else find_model(request, hub)
            files[model.uid] = lockable(model.uid, model.file(wanted), lock_file)
        except HubkitError as error:
            if not all_:
                raise
            left_out = True
            click.echo(f"left out: {error.message}", err=True)
        else:
            about = files[model.uid].note
            for text in filter(None, (note, about and f"{model.uid}: {about}")):
                click.echo(text, err=True)
    if not files:  # what the file held before is worth more than nothing
        raise LockError(f"{lock_file}: not written: {hub.name} has no model that can be locked")
    write_lock(lock_file, files)
    click.echo(f"{lock_file}: {len(files)} model{'' if len(files) == 1 else 's'}", err=True)
    context.exit(1 if left_out else 0)
