"""``hubkit.lock``: which file of which model was chosen, by ``schema/lock.schema.json``; the same choice, the same
bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from hubkit.client.model import CodeCommit, Hub, ModelFile
from hubkit.client.place import write_whole
from hubkit.errors import FetchError, HubkitError
from hubkit.resources import schema
from hubkit.store.blobs import DigestMismatchError
from hubkit.store.content import Kind
from hubkit.store.digest import is_digest

FORMAT = 1
_HINT = "Mend the line, or write the file anew with `hubkit lock`."


class LockError(HubkitError):
    """A lock file cannot be read or written; the message names its line."""


def lockable(uid: str, file: ModelFile, path: Path) -> ModelFile:
    """The file as the lock at ``path`` has it.

    Raises LockError where it cannot be locked: its card has no digest, or no link that another machine could use.
    """
    if not is_digest(file.sha256):
        raise LockError(
            f"{uid}: {file.sha256[:80]!r} is no SHA-256 digest, so nothing that is fetched could be verified",
            hint="Ask the card's publisher to mend it.",
        )
    if not _is_text(uid):
        raise LockError(f"{uid!r} is not UTF-8", hint="Give the card another file name.")
    folder = path.absolute().parent.resolve()
    return replace(file, sources=tuple(_written(uid, source, folder) for source in file.sources))


def write_lock(path: Path, files: Mapping[str, ModelFile]) -> None:
    """Write the files, by uid and as `lockable` gives them, to ``path``, in place of what it held, whole or not at all.

    Raises LockError.
    """
    models = {
        uid: {
            "format": file.format.value,
            "sha256": file.sha256,
            "size": file.size,
            "sources": file.sources,
            **({"code": asdict(file.code)} if file.code else {}),
        }
        for uid, file in sorted(files.items())
    }
    text = json.dumps({"format": FORMAT, "models": models}, indent=2, ensure_ascii=False)
    _checked(path, text)  # what is written can be read
    try:
        write_whole(path, f"{text}\n".encode())
    except OSError as error:
        raise LockError(f"{path}: cannot be written: {error.strerror or error}") from error


def read_lock(path: Path) -> dict[str, ModelFile]:
    """The locked files by uid. Raises LockError, which names the line, where the file is missing or damaged."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise LockError(
            f"{path}: cannot be read: {error.strerror or error}", hint="Write it with `hubkit lock`."
        ) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise LockError(f"{path}:{line}: it is not UTF-8", hint=_HINT) from None
    data = _checked(path, text)
    folder = path.absolute().parent.resolve()
    return {
        uid: ModelFile(
            Kind(entry["format"]),
            entry["sha256"],
            entry["size"],
            tuple(_read_source(path, text, uid, source, folder) for source in entry["sources"]),
            code=CodeCommit(**entry["code"]) if "code" in entry else None,
        )
        for uid, entry in data["models"].items()
    }


def base_of(path: Path) -> str:
    """The URL of the folder that the lock file lies in; files that it names by path lie below it."""
    return f"{path.absolute().parent.resolve().as_uri()}/"


def changes(uid: str, locked: ModelFile, hub: Hub) -> Sequence[str]:
    """What the hub says now that it did not say when the file was locked."""
    if uid not in hub.uids():
        return [f"the card is no longer in {hub.name}"]
    try:
        now = hub.model(uid).file(locked.format)
    except HubkitError as error:
        return [f"the card's file can no longer be told: {error.message}"]
    if now.sha256 != locked.sha256:
        return [f"the card now says SHA-256 {now.sha256[:64]!r}; what is pulled is the locked {locked.sha256}"]
    if now.sources != locked.sources and now.sources[0].startswith("https:"):
        return [f"the card now says {now.sources[0][:200]!r} for the same file"]
    return []


def not_locked(error: DigestMismatchError, lock_file: Path) -> FetchError:
    """``error``, which blames a card, as what it is where the digest is the lock's."""
    told = FetchError(
        f"the file's SHA-256 is {error.found}, but {lock_file} says {error.wanted}",
        url=error.url,
        hint="The file was replaced since it was locked, or the lock was changed. Do not use the file; where that is "
        "meant, lock it anew with `hubkit lock`.",
    )
    for note in getattr(error, "__notes__", ()):  # of the other sources that were tried
        told.add_note(note)
    return told


def _written(uid: str, source: str, folder: Path) -> str:
    """A source as the lock has it: an https URL, or a path from the lock's folder."""
    try:
        parts = urlsplit(source)
    except ValueError:
        raise LockError(f"{uid}: {source[:80]!r} is no valid URL") from None
    if parts.scheme == "https":
        return source
    if parts.scheme == "file":
        local = Path(url2pathname(parts.path))
        if local.is_relative_to(folder):
            return local.relative_to(folder).as_posix()
    raise LockError(
        f"{uid}: {source[:200]!r} cannot be locked: another machine would not find it",
        hint="Lock what a catalogue publishes by https, or files below the folder of the lock.",
    )


def _read_source(path: Path, text: str, uid: str, source: str, folder: Path) -> str:
    if source.startswith("https://"):
        return source
    local = None
    with suppress(OSError, RuntimeError):  # a name that is too long; links in a circle
        local = (folder / source).resolve()
    if local is None or not local.is_relative_to(folder):
        line = _line(text, ("models", uid, "sources"))
        raise LockError(f"{path}:{line}: {source!r} leaves the folder of the lock", hint=_HINT)
    return local.as_uri()


def _checked(path: Path, text: str) -> Mapping[str, Any]:
    from jsonschema import Draft202012Validator

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise LockError(f"{path}:{_line_of_second(text, key, value)}: {key!r} comes twice", hint=_HINT)
            found[key] = value
        return found

    try:
        data: Any = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise LockError(f"{path}:{error.lineno}: {error.msg}", hint=_HINT) from None
    except (ValueError, RecursionError):
        raise LockError(f"{path}:1: it is no lock file", hint=_HINT) from None
    if not _is_text(json.dumps(data, ensure_ascii=False)):
        raise LockError(f"{path}:1: it holds a half of a character (\\ud800 to \\udfff)", hint=_HINT)
    problem = next(Draft202012Validator(schema("lock")).iter_errors(data), None)
    if problem is not None:
        steps = tuple(problem.absolute_path)
        where = "/".join(str(step) for step in steps)
        message = f"{where}: {problem.message}" if where else problem.message
        raise LockError(f"{path}:{_line(text, steps)}: {message[:300]}", hint=_HINT)
    checked: Mapping[str, Any] = data
    return checked


def _is_text(text: str) -> bool:
    """Whether it can be written in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _line(text: str, steps: Sequence[str | int]) -> int:
    """The line of a value: keys are looked for one behind the other, as they are nested."""
    position = 0
    for step in steps:
        found = text.find(json.dumps(step, ensure_ascii=False), position) if isinstance(step, str) else -1
        position = max(position, found)
    return text.count("\n", 0, position) + 1


def _line_of_second(text: str, key: str, value: object) -> int:
    """The line on which ``key`` comes again, with this value."""
    name = re.escape(json.dumps(key, ensure_ascii=False))
    start = r"\s*:\s*" + ("" if isinstance(value, dict | list) else re.escape(json.dumps(value, ensure_ascii=False)))
    places = [match.start() for match in re.finditer(name + start, text)]
    return text.count("\n", 0, places[-1]) + 1 if places else 1
