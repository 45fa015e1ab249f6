"""A copy of a repository's folder in the store, at one commit: cloned shallow and sparse, checked, and then kept.

It lies in ``<store>/repositories/<key>/<commit>/code``; the manifest beside it has the digest of each file, and a copy
that is no longer what it says is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from hubkit.repos.address import CodeAddress, Source, code_sources
from hubkit.repos.errors import RepositoryError, UnreachableError
from hubkit.repos.git import PROXIES, Git, GitLimits
from hubkit.store.blobs import mark_used
from hubkit.store.digest import sha256_file

_MANIFEST = "manifest.json"
ENTRY_FILE = "mindspore_hub_conf.py"
"""The file of a model's folder that makes its networks."""

_Found = TypeVar("_Found")

_COMMIT = re.compile(r"[0-9a-f]{40}")
_REFERENCE = re.compile(r"([0-9a-f]{40})\t(\S+)")
_SPECIAL = re.compile(r"([*?\[\]\\!# ])")


@dataclass(frozen=True)
class CloneOptions:
    """How repositories are copied."""

    root: Path
    """The folder of the store."""
    offline: bool = False
    """Use only copies that are there."""
    mirrors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URL prefix -> prefixes to try in its stead."""
    private_hosts: tuple[str, ...] = ()
    """Hosts that a card may name though they have private addresses."""
    limits: GitLimits = field(default_factory=GitLimits)
    """What one repository may cost."""
    stop: threading.Event = field(default_factory=threading.Event, compare=False)
    """Setting it ends a copy under way."""


@dataclass(frozen=True, slots=True)
class PinnedCode:
    """The code of a network: one folder of one commit, the same on every machine."""

    repository: str
    """The repository's URL."""
    commit: str
    """40 hexadecimal digits."""
    folder: str
    """The folder in it, with forward slashes; empty for the whole repository."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checked copy."""

    code: PinnedCode
    """What it is a copy of."""
    path: Path
    """Where the folder's files lie; nothing may be written there."""
    entry_sha256: str
    """The digest of its entry file."""


def pin(address: CodeAddress, commit: str, options: CloneOptions) -> PinnedCode:
    """Look up what ``address`` leads to now; of a branch with slashes, the shortest that the repository has.

    Where ``commit`` is given, it is taken, and the branch counts as one word. Raises UnreachableError where no source
    answers, RepositoryError where none has such a branch.
    """
    first, rest = address.path[:1], address.path[1:]
    if commit or (first and _COMMIT.fullmatch(first[0])):
        return PinnedCode(address.repository, commit or first[0], "/".join(rest))
    if options.offline:
        raise UnreachableError(
            f"{address.repository}: the commit of its branch is not known, and hubkit is offline",
            hint="Name the commit in the card's block network, or run once without --offline.",
        )
    names = ["/".join(address.path[: count + 1]) for count in range(len(address.path))]
    wanted = [f"refs/{kind}/{name}" for name in names for kind in ("heads", "tags")] or ["HEAD"]
    references = _first_source(address, options, lambda git, url: _references(git, url, wanted))
    for count, name in enumerate(names, start=1):
        # An annotated tag leads to its commit by ^{}.
        for reference in (f"refs/heads/{name}", f"refs/tags/{name}^{{}}", f"refs/tags/{name}"):
            if reference in references:
                return PinnedCode(address.repository, references[reference], "/".join(address.path[count:]))
    if not names and "HEAD" in references:
        return PinnedCode(address.repository, references["HEAD"], "")
    raise RepositoryError(
        f"{address.repository} has no branch and no tag {' or '.join(names) or 'at all'}",
        hint="Check repo-link; its author may have removed the branch.",
    )


def checkout(code: PinnedCode, options: CloneOptions) -> Checkout:
    """The copy of ``code``, from the store where it is there and whole.

    Raises UnreachableError where no source can be reached, RepositoryError where the commit or the folder is not
    there, a link leaves the folder, or it is too large.
    """
    place = _place(code, options)
    known = _known(code, place)
    if known is not None:
        return known
    if options.offline:
        raise UnreachableError(
            f"{code.repository}: commit {code.commit} is not in the store, and hubkit is offline",
            hint="Run once without --offline.",
        )
    address = CodeAddress(code.repository, ())

    def copy(git: Git, url: str) -> None:
        _fetch(git, url, code)
        folder = _folder(git.copy, code)
        manifest = {path: sha256_file(folder / path) for path in _files(folder, code, options.limits)}
        made = git.folder / "made"
        made.mkdir()
        shutil.rmtree(folder / ".git", ignore_errors=True)
        folder.rename(made / "code")
        (made / _MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            made.rename(place)
        except OSError:  # another process was first, or what is there is damaged
            if _known(code, place) is None:
                shutil.rmtree(place, ignore_errors=True)
                made.rename(place)

    _first_source(address, options, copy)
    found = _known(code, place)
    if found is None:
        raise RepositoryError(f"{place}: the copy is not what was written", hint="Check the disk.")
    return found


def copied_at(code: PinnedCode, options: CloneOptions) -> datetime | None:
    """When the copy of ``code`` in the store was made; None where there is none."""
    try:
        seconds = (_place(code, options) / _MANIFEST).stat().st_mtime
        return datetime.fromtimestamp(seconds, UTC)
    except (OSError, ValueError, OverflowError):  # a file system holds times that no calendar has
        return None


def _place(code: PinnedCode, options: CloneOptions) -> Path:
    key = hashlib.sha256(f"{code.repository}\n{code.folder}".encode()).hexdigest()[:16]
    return options.root / "repositories" / key / code.commit


def _first_source(address: CodeAddress, options: CloneOptions, ask: Callable[[Git, str], _Found]) -> _Found:
    """What the first source that can be reached answers; with what each of them said where none can."""
    said: list[str] = []
    folder = options.root / "repositories"
    folder.mkdir(parents=True, exist_ok=True)
    for source in code_sources(address, options.mirrors):
        scratch = Path(tempfile.mkdtemp(prefix=".incoming-", dir=folder))
        try:
            git = Git(scratch, source.protocol, options.limits, options.stop, _resolve(source, options))
            return ask(git, source.url)
        except UnreachableError as error:
            said.append(f"{source.url}: {error.message}")
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    raise UnreachableError("; ".join(said), hint="Check repo-link, or name a mirror in hubkit.toml ([mirrors]).")


def _resolve(source: Source, options: CloneOptions) -> str:
    """The rule by which git connects to the address that was checked, and to no other."""
    from hubkit.links.addresses import Addresses, NoNameServerError, RefusedAddressError, UnresolvedError

    parts = urlsplit(source.url)
    if source.chosen_by_user or any(name in os.environ for name in PROXIES):
        return ""  # a proxy resolves names itself
    try:
        found = Addresses().of(parts.hostname or "", options.private_hosts)[0]
    except RefusedAddressError:
        raise UnreachableError(
            f"{parts.hostname} is no host of the Internet",
            hint="Name it in allowed-private-hosts of [links] in hubkit.toml if it is meant so.",
        ) from None
    except (UnresolvedError, NoNameServerError):
        raise UnreachableError(f"the name {parts.hostname} cannot be resolved") from None
    return f"{parts.hostname}:{parts.port or 443}:{f'[{found}]' if ':' in found else found}"


def _references(git: Git, url: str, wanted: list[str]) -> dict[str, str]:
    listed = git.run("ls-remote", "--", url, *wanted, *(f"{name}^{{}}" for name in wanted), online=True)
    found = (_REFERENCE.fullmatch(line) for line in listed.splitlines())
    return {match[2]: match[1] for match in found if match}


def _fetch(git: Git, url: str, code: PinnedCode) -> None:
    git.run("init", "--quiet", "--template=")
    git.run("config", "remote.origin.url", url)
    git.run("config", "remote.origin.promisor", "true")
    git.run("config", "remote.origin.partialCloneFilter", "blob:none")
    shallow = ("--depth=1", "--no-tags", "--no-recurse-submodules", "--filter=blob:none", "--quiet")
    git.run("fetch", *shallow, "origin", code.commit, online=True)
    if code.folder:
        # A pattern for this folder alone, as gitignore(5) writes it.
        pattern = _SPECIAL.sub(r"\\\1", code.folder)
        git.run("sparse-checkout", "set", "--no-cone", f"/{pattern}/")
    git.run("checkout", "--quiet", "--detach", code.commit, online=True)


def _folder(copy: Path, code: PinnedCode) -> Path:
    """The folder of the code in a copy; it is reached over folders alone."""
    folder = copy
    for step in code.folder.split("/") if code.folder else ():
        folder = folder / step
        if folder.is_symlink() or not folder.is_dir():
            raise RepositoryError(
                f"{code.repository} has no folder {code.folder} in commit {code.commit[:12]}",
                hint="Check repo-link: it names the folder that the entry file lies in.",
            )
    return folder


def _files(folder: Path, code: PinnedCode, limits: GitLimits) -> Iterator[str]:
    """The paths of all files below ``folder``, with forward slashes. Links that lead out of it are refused."""
    count, root, waiting = 0, folder.resolve(), [folder]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            name = path.relative_to(folder).as_posix()
            if name == ".git":
                continue
            count += 1
            if count > limits.files:
                raise RepositoryError(f"{code.repository}: the folder {code.folder} has over {limits.files:,} files")
            if path.is_symlink():
                try:
                    inside = path.resolve(strict=False).is_relative_to(root)
                except (OSError, RuntimeError):  # links in a circle
                    inside = False
                if not inside or path.readlink().is_absolute():
                    raise RepositoryError(
                        f"{code.repository}: {code.folder}/{name} is a link that leads out of its folder",
                        hint="Such code is not copied. Ask the repository's owner to replace the link by the file.",
                    )
            elif path.is_dir():
                waiting.append(path)
            elif path.is_file():
                yield name
            else:
                raise RepositoryError(f"{code.repository}: {code.folder}/{name} is no file")


def _known(code: PinnedCode, place: Path) -> Checkout | None:
    """The copy that is there, if each file is still what the manifest says, and there are no others."""
    folder = place / "code"
    try:
        manifest = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
        found = {path: sha256_file(folder / path) for path in _files(folder, code, GitLimits())}
    except (OSError, ValueError, RepositoryError):
        return None
    if found != manifest:
        return None
    mark_used(place / _MANIFEST)
    return Checkout(code, folder, found.get(ENTRY_FILE, ""))
