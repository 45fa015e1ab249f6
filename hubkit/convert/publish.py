"""Put finished files under their final names: a model and the files of weights beside it together, or none."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from hubkit.convert.records import ModelFile


def publish(files: Iterable[ModelFile], folder: Path) -> tuple[ModelFile, ...]:
    """Move ``files`` into ``folder``, on the same file system; the same under their new paths.

    A model whose weights lie beside it comes last and goes first: whoever finds one finds its own weights.
    """
    return tuple(_published(file, folder) for file in files)


def _published(file: ModelFile, folder: Path) -> ModelFile:
    target = folder / file.path.name
    if file.beside:
        target.unlink(missing_ok=True)
        tops = dict.fromkeys(Path(part.name).parts[0] for part in file.beside)
        for top in tops:
            _clear(folder / top)
            (file.path.parent / top).replace(folder / top)
    file.path.replace(target)
    return replace(file, path=target)


def _clear(path: Path) -> None:
    """Remove what an earlier conversion left: a folder cannot be replaced by another."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
