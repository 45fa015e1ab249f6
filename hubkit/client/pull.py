"""Pulling a file: chosen, fetched, verified by its digest, known by its content, and put where it is wanted."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from hubkit.client.cards import CardsHub
from hubkit.client.catalogue import open_catalogue
from hubkit.client.choose import choose, installed_mindspore
from hubkit.client.model import ClientError, Hub, Model, ModelFile
from hubkit.client.place import place, safe_name
from hubkit.errors import FetchError
from hubkit.settings import load_settings
from hubkit.store.blobs import BlobStore, DigestMismatchError
from hubkit.store.cache_root import default_root
from hubkit.store.content import FORMATS, ContentError, Kind, check_file
from hubkit.store.fetch import Blob, FetchOptions, Progress, fetch

_FALSE = ("", "0", "false", "f", "no", "n", "off")


@dataclass(frozen=True, slots=True)
class HubPlace:
    """Where models come from, as a user names it."""

    cards: Path = Path("cards")
    """The folder of cards."""
    out: Path = Path("build")
    """What ``hubkit build`` wrote for them: the converted files come from it."""
    catalogue: str = ""
    """A published catalogue, by URL or path, which takes the place of the cards; empty for the cards."""

    def open(self, store: BlobStore, options: FetchOptions) -> Hub:
        """The hub. Raises HubkitError where it cannot be read."""
        return open_catalogue(self.catalogue, store, options) if self.catalogue else CardsHub(self.cards, self.out)


def pull(
    uid: str,
    *,
    format: str = "ckpt",
    dest: Path | str | None = None,
    cards: Path | str = "cards",
    out: Path | str = "build",
    catalogue: str = "",
    offline: bool | None = None,
) -> Path:
    """Pull one file of a model, verified byte for byte; the path where it lies.

    Args:
        uid: ``<publisher>/<MindSpore version>/<name>``; without the version, or a bare name, for the newest version
            that fits the installed MindSpore; with ``@VERSION`` behind it for that one.
        format: "ckpt", "safetensors" or "mslite" as the card names it, or "mindir" or "onnx" as it was converted.
        dest: the folder to put it into, in place of a file of the same name; without one it stays in the store,
            where it must not be changed.
        cards: the folder of cards.
        out: the output folder of ``hubkit build`` for these cards.
        catalogue: a published catalogue, by URL or path, in place of the cards.
        offline: whether to use only what was fetched before; ``HUBKIT_OFFLINE`` decides where it is None.

    What its user must know, such as that the weights are untrained, is a warning (UserWarning).
    Raises ClientError where no model or file fits; FetchError where it cannot be had, has another digest, or is no
    model file of that format; CardError where the card cannot be used.
    """
    if format not in FORMATS:
        raise ClientError(f"no file is of the format {format!r}", hint=f"Formats are {', '.join(FORMATS)}.")
    store, options = BlobStore(default_root()), fetch_options(offline)
    hub = HubPlace(Path(cards), Path(out), catalogue).open(store, options)
    model, note = find_model(uid, hub)
    file = model.file(Kind(format))
    for text in filter(None, (note, file.note)):
        warnings.warn(text, stacklevel=2)
    return obtain(model.uid, file, hub.base, None if dest is None else Path(dest), store, options).path


def fetch_options(offline: bool | None) -> FetchOptions:
    """How to fetch, by the settings of the working folder and, where ``offline`` is None, by ``HUBKIT_OFFLINE``."""
    if offline is None:
        offline = os.environ.get("HUBKIT_OFFLINE", "").strip().lower() not in _FALSE
    return FetchOptions(offline=offline, mirrors=load_settings(Path.cwd()).mirrors)


def find_model(request: str, hub: Hub) -> tuple[Model, str]:
    """The model that a request means, and what its user should know of the choice. Raises HubkitError."""
    choice = choose(request, hub.uids(), installed_mindspore(), where=hub.name)
    return hub.model(choice.uid), choice.note


def obtain(
    uid: str,
    file: ModelFile,
    base: str,
    dest: Path | None,
    store: BlobStore,
    options: FetchOptions,
    progress: Progress | None = None,
) -> Blob:
    """The file, fetched and verified, in the folder ``dest``, or in the store without one.

    Nothing opens it before its digest is right, and nothing but a look at its structure before its format is.
    ``base`` is the hub's. Raises FetchError.
    """
    blob = _fetch(file, base, store, options, progress)
    try:
        check_file(blob.path, file.format.value, folder=dest)
    except ContentError as error:
        raise ContentError(f"{uid}: {error.reason}", hint=error.hint) from None
    if dest is None:
        return blob
    return replace(blob, path=place(blob.path, blob.sha256, dest, safe_name(file.file_name, file.format, uid)))


def _fetch(file: ModelFile, base: str, store: BlobStore, options: FetchOptions, progress: Progress | None) -> Blob:
    if file.size is not None:
        limits = replace(options.limits, max_bytes=min(file.size, options.limits.max_bytes))
        options = replace(options, limits=limits)
    failures: list[FetchError] = []
    for source in file.sources:
        try:
            urlsplit(source)
            return fetch(source, file.sha256, store, _options_for(source, base, options), progress)
        except ValueError:
            failures.append(FetchError("it is no valid URL", url=source))
        except FetchError as error:
            failures.append(error)
    raise _telling(failures)


def _options_for(source: str, base: str, options: FetchOptions) -> FetchOptions:
    """The options for a source. The place ``base`` was named by its user, as a mirror is: it may be of a scheme that
    no card may name, and a disk is there without a network."""
    scheme = urlsplit(base).scheme
    if scheme == "https" or not source.startswith(base):
        return options
    return replace(options, offline=options.offline and scheme != "file", mirrors={base: (base,)})


def _telling(failures: Sequence[FetchError]) -> FetchError:
    """The failure that says most, with the others as notes: other bytes say more than a source out of reach."""
    telling = next((error for error in failures if isinstance(error, DigestMismatchError)), failures[0])
    for failure in failures:
        if failure is not telling:
            telling.add_note(f"also tried: {failure.message}")
    return telling
