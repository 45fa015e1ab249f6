"""Converted files in the site, so that the folder that is published is complete.

A file is published only where its bytes have the digest of the receipt. It is linked, not copied, where the file
system allows: see Draft.link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hubkit.errors import SiteError
from hubkit.receipts import ModelFile
from hubkit.site.folder import SiteFolder, verified
from hubkit.site.gather import Entry
from hubkit.site.inputs import file_stamp
from hubkit.site.paths import FILES, file_path
from hubkit.site.problem import Problem


@dataclass(frozen=True, slots=True)
class Download:
    """A converted file to publish."""

    source: Path
    """Where it lies now."""
    target: str
    """Where it goes, from the site's root."""
    sha256: str
    """Its digest, which was verified."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A converted file that cannot be published."""

    problem: Problem
    """Why."""
    source: str
    """Where it should lie."""
    stamp: str
    """The stamp of what was found there; empty where nothing was."""


Models = Mapping[str, tuple[ModelFile, ...]]
"""The uid of a card -> its converted files, in order; no card has none."""


def models_of(entries: Iterable[Entry]) -> dict[str, tuple[ModelFile, ...]]:
    """The converted files that the receipts of these cards name."""
    return {entry.card.uid: entry.receipt.models for entry in entries if entry.receipt and entry.receipt.models}


def find_downloads(
    models: Models, models_dir: Path | None, folder: SiteFolder, owned: Mapping[str, str]
) -> tuple[dict[str, Download], tuple[Missing, ...]]:
    """Path in the receipt -> the file to publish; and the files that cannot be. ``owned`` is what the site has now.

    Without ``models_dir`` none is published, and none is missing.
    """
    found: dict[str, Download] = {}
    missing: list[Missing] = []
    if models_dir is None:
        return {}, ()
    for uid, files in models.items():
        for model in files:
            target = file_path(model.path)
            source = source_path(models_dir, target)
            stamp = file_stamp(source)  # before it is read: what comes meanwhile is for the next build
            try:
                found[model.path] = _download(model, source, target, models_dir, folder, owned)
            except SiteError as error:
                problem = Problem(model.path, f"{uid}: {error.message}", error.hint)
                missing.append(Missing(problem, str(source), stamp))
    return found, tuple(missing)


def source_path(models_dir: Path, target: str) -> Path:
    """Where the file comes from that the site has at ``target``."""
    return models_dir / target.removeprefix(f"{FILES}/")


def _download(
    model: ModelFile, source: Path, target: str, models_dir: Path, folder: SiteFolder, owned: Mapping[str, str]
) -> Download:
    hint = "Run `hubkit build` to make the file again."
    if not source.resolve().is_relative_to(models_dir.resolve()):
        raise SiteError(f"{source}: leads out of the folder of models; its page does not link to it", hint=hint)
    try:
        sound = verified(folder, owned, target, source, model.sha256)
    except OSError as error:
        message = f"{source}: cannot be read: {error.strerror or error}; its page does not link to it"
        raise SiteError(message, hint=hint) from error
    if not sound:
        raise SiteError(f"{source}: not the file of the receipt; its page does not link to it", hint=hint)
    return Download(source, target, model.sha256)
