"""Finding the files of cards: all of a folder, those that paths stand for, one by its uid."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from hubkit.errors import CardError


def uid_of(path: Path, root: Path) -> str:
    """The uid of the card at ``path`` in the cards folder ``root``."""
    start, name = f"{root}/", str(path)
    if name.startswith(start) and name.endswith(".md") and not path.name.startswith("."):
        return name[len(start) : -len(".md")]  # the same, at a fraction of the cost for thousands of cards
    return path.relative_to(root).with_suffix("").as_posix()


def find_cards(root: Path) -> tuple[Path, ...]:
    """All ``.md`` files of a cards folder, in order; hidden folders (``.git``, ``.venv``) are left out.

    Raises CardError where ``root`` is no folder, or a folder in it cannot be read.
    """
    return tuple(Path(path) for path in card_names(root))


def card_names(root: Path) -> list[str]:
    """The same as texts: to make thousands of paths takes longer than to find them.

    Raises CardError where ``root`` is no folder, or a folder in it cannot be read.
    """
    if not root.is_dir():
        raise CardError(
            f"{root}: no such folder of cards",
            hint="Name the folder that holds <publisher>/<version>/<name>.md.",
        )

    def stop(_folder: str, error: OSError) -> None:
        raise CardError(f"{error.filename}: cannot be read: {error.strerror or error}") from error

    return _walk(root, stop)


def _walk(root: Path, unreadable: Callable[[str, OSError], None]) -> list[str]:
    """The names of all cards below ``root``; a folder that cannot be read is told to ``unreadable``."""
    cards: list[str] = []
    folders = [str(root)]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:  # which know what they are: thousands of files need not be asked
                    if entry.name.endswith(".md") and _is_card(entry):
                        cards.append(entry.path)
                    elif not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
        except OSError as error:
            unreadable(folder, error)
    return sorted(cards, key=_by_part)


def _by_part(path: str) -> list[str]:
    return path.split("/")


def _is_card(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file, or a link that leads nowhere: a card that cannot be read, and is told as one.

    Hidden links are locks of editors.
    """
    try:
        if entry.is_file():
            return True
        is_folder = entry.is_dir()
    except OSError:  # a link to itself
        is_folder = False
    return entry.is_symlink() and not entry.name.startswith(".") and not is_folder


def some_cards(root: Path) -> tuple[Path, ...]:
    """The same. Raises CardError also where there is none, so that nothing is done where something was to be done."""
    found = find_cards(root)
    if not found:
        raise CardError(f"{root}: no cards here", hint="A card is a file <publisher>/<version>/<name>.md.")
    return found


def card_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The card files that ``paths`` stand for, each once, in order; a folder that cannot be read stands for itself.

    Raises CardError where a path does not exist.
    """
    files: dict[Path, None] = {}
    for path in paths:
        if not os.path.lexists(path):
            raise CardError(f"{path}: no such file or folder", hint="Name a card or a folder of cards.")
        if path.is_dir():
            files.update(dict.fromkeys(map(Path, _with_unreadable(path))))
        else:
            files[path] = None
    return tuple(files)


def _with_unreadable(root: Path) -> list[str]:
    unreadable: list[str] = []
    cards = _walk(root, lambda folder, _error: unreadable.append(folder))
    return sorted([*cards, *unreadable], key=_by_part) if unreadable else cards


def card_path(root: Path, uid: str) -> Path:
    """The file of the card ``uid`` in the cards folder ``root``; the uid may be written with ``.md``, or be its path.

    Raises CardError, with the nearest uids, where there is no such card.
    """
    uid = uid.removesuffix(".md").rstrip("/")
    known = {uid_of(path, root): path for path in find_cards(root)}
    if uid in known:
        return known[uid]
    given = Path(f"{uid}.md").resolve()
    if given.is_file() and given.is_relative_to(root.resolve()):  # as the linter names cards
        by_path = known.get(uid_of(given, root.resolve()))
        if by_path is not None:
            return by_path
    import difflib

    nearest = difflib.get_close_matches(uid, known, n=3, cutoff=0.4)
    last = uid.rsplit("/", 1)[-1].casefold()  # of which a part may have been given
    nearest += [
        other for other in known if last and last in other.rsplit("/", 1)[-1].casefold() and other not in nearest
    ]
    hint = f"Did you mean {' or '.join(nearest[:3])}?" if nearest else f"{root} holds {len(known)} cards."
    raise CardError(f"no card {uid!r} in {root}", hint=hint)
