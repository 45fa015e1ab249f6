"""Where the code of a network lies: a card's ``repo-link`` as a repository, a branch and a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hubkit.repos.errors import RepositoryError

_INSIDE = re.compile(r"/(?:-/)?(?:tree|blob)/")
_FORM = "Write repo-link as https://<host>/<owner>/<name>/tree/<branch>/<folder>."
_BAD = re.compile(r"[\x00-\x20\x7f\\]")
_HIDDEN = (".", "..", ".git")


@dataclass(frozen=True, slots=True)
class CodeAddress:
    """The code that a link leads to."""

    repository: str
    """The repository's URL, without ``.git``: its name in messages, in receipts, and where it is trusted."""
    path: tuple[str, ...]
    """What follows ``/tree/``: the branch, which may have slashes, then the folder; empty for all of the main one."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place to copy a repository from."""

    url: str
    """What git is given."""
    protocol: str
    """The one protocol that git may use there."""
    chosen_by_user: bool
    """Whether the user named it, as a mirror, and not the card."""


def parse_address(link: str) -> CodeAddress:
    """Take a ``repo-link`` apart: an https URL, a ``file:`` URL, or the path of a folder on this machine.

    Raises RepositoryError where it is none of these, or could mean something else to git.
    """
    text = link.strip()
    if not text or text.startswith("-") or _BAD.search(text):
        raise RepositoryError(f"repo-link {link[:200]!r} is no address of a repository", hint=_FORM)
    try:
        parts = urlsplit(text if not text.startswith("/") else f"file://{text}")
        port = parts.port
    except ValueError:
        raise RepositoryError(f"repo-link {link[:200]!r} is no valid URL", hint=_FORM) from None
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        head, path = _split_local(unquote(parts.path))
        return CodeAddress(Path(head).as_uri(), _checked(path, link))
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or parts.password is not None:
        raise RepositoryError(f"repo-link {link[:200]!r} cannot be cloned: only https and files can", hint=_FORM)
    found = _INSIDE.search(parts.path)
    head = parts.path[: found.start()] if found else parts.path
    if head.count("/") < 2 or _BAD.search(unquote(head)):
        raise RepositoryError(f"repo-link {link[:200]!r} names no repository", hint=_FORM)
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    host = name + (f":{port}" if port and port != 443 else "")
    return CodeAddress(
        f"https://{host}{_bare(head)}", _checked(unquote(parts.path[found.end() :]) if found else "", link)
    )


def repository_name(url: str) -> str:
    """A repository's URL in the one form that addresses have, so that spellings compare; as it is where it has none."""
    try:
        return parse_address(url).repository
    except RepositoryError:
        return url


def code_sources(address: CodeAddress, mirrors: Mapping[str, tuple[str, ...]]) -> Iterator[Source]:
    """Where to copy the repository from: its mirrors (URL prefix -> replacements) in order, then itself."""
    folder = f"{address.repository}/"
    for prefix, replacements in mirrors.items():
        if folder.startswith(prefix):
            for replacement in replacements:
                mirror = (replacement + folder[len(prefix) :]).rstrip("/")
                yield Source(_local(mirror), urlsplit(mirror).scheme, chosen_by_user=True)
    scheme = urlsplit(address.repository).scheme
    yield Source(_local(address.repository), scheme, chosen_by_user=scheme == "file")


def _local(url: str) -> str:
    """A ``file:`` URL of a repository as it is called on the disk: with or without ``.git``."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        path = Path(unquote(parts.path))
        bare = path.with_name(f"{path.name}.git")
        if path.name and not path.exists() and bare.exists():
            return bare.as_uri()
    return url


def _split_local(path: str) -> tuple[str, str]:
    """The folder of a repository on this machine, and what follows it; the first that is one."""
    for found in _INSIDE.finditer(path):
        head = Path(path[: found.start()])
        if (head / ".git").exists() or (head / "HEAD").is_file() or head.with_name(f"{head.name}.git").is_dir():
            return path[: found.start()], path[found.end() :]
    return path.rstrip("/") or "/", ""


def _bare(path: str) -> str:
    return path.rstrip("/").removesuffix(".git")


def _checked(path: str, link: str) -> tuple[str, ...]:
    steps = tuple(step for step in path.split("/") if step)
    if any(step.lower() in _HIDDEN or re.search(r"[\x00-\x1f\x7f\\]", step) for step in steps):
        raise RepositoryError(f"repo-link {link[:200]!r} leads out of its repository", hint=_FORM)
    return steps
