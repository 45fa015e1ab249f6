"""From a card's block ``network`` with ``repo`` to code that may run: found, pinned, trusted, copied and read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hubkit.card.model import Card
from hubkit.convert.records import RepositoryCode
from hubkit.repos.address import parse_address
from hubkit.repos.checkout import ENTRY_FILE, CloneOptions, PinnedCode, checkout, copied_at, pin
from hubkit.repos.entry import FUNCTION, read_offer, unknown_name
from hubkit.repos.errors import RepositoryError, UntrustedError
from hubkit.repos.trust import Trust, how_to_trust


@dataclass(frozen=True)
class CodeOptions:
    """How the code of networks is come by."""

    clone: CloneOptions = field(default_factory=lambda: CloneOptions(Path()))
    """How repositories are copied."""
    trust: Trust = field(default_factory=Trust)
    """Whose code may run; nobody's, unless its user says so."""
    locked: Mapping[str, PinnedCode] = field(default_factory=dict)
    """Uid -> the code that the lock file of the working folder says."""
    renew: bool = False
    """Whether branches are looked up again, whatever was found before and whatever is locked."""


def pinned_code(card: Card, commit: str, before: PinnedCode | None, options: CodeOptions) -> PinnedCode:
    """The code that the card's ``repo-link`` leads to, at ``commit``; without one, at the commit that it was found at
    ``before``, and at the one that its branch has now where it was not found yet.

    Raises RepositoryError, UnreachableError.
    """
    address = parse_address(card.repo_link)
    same_place = before is not None and before.repository == address.repository
    if before is not None and same_place and not commit and "/".join(address.path).endswith(before.folder):
        return before
    return pin(address, commit, options.clone)


def what_is_kept(card: Card, code: PinnedCode, options: CodeOptions) -> str:
    """That the card names a branch, and not ``code``'s commit, which was found before and is used on; how old its copy
    is, and how to renew it.
    """
    address = parse_address(card.repo_link)
    branch = "/".join(address.path).removesuffix(code.folder).strip("/") or "the main branch"
    text = f"the card names {branch} of {code.repository}; used is its commit {code.commit[:12]}"
    if options.locked.get(card.uid) == code:
        return f"{text}, which hubkit.lock names; --renew-code looks the branch up again"
    copied = copied_at(code, options.clone)
    days = (datetime.now(UTC) - copied).days if copied else 0
    age = f", copied on {copied:%Y-%m-%d} ({days} day{'s' * (days != 1)} ago)" if copied else ", found before"
    return f"{text}{age}; --renew-code looks the branch up again"


def trusted_code(code: PinnedCode, name: str, options: CodeOptions) -> RepositoryCode:
    """A copy of ``code``, whose entry file may know the network ``name``.

    Raises UntrustedError where its user has not said that it may run; then nothing is copied. Raises UnreachableError
    where it cannot be copied, RepositoryError where it cannot make the network.
    """
    who = options.trust.granted(code, options.clone.root)
    if not who:
        raise UntrustedError(
            f"the repository's code is not trusted: {code.repository} at commit {code.commit}, folder {code.folder}",
            hint=how_to_trust(code),
        )
    found = checkout(code, options.clone)
    if told := unknown_name(read_offer(found.path), name):
        raise RepositoryError(told)
    return RepositoryCode(code.repository, code.commit, code.folder, found.path, found.entry_sha256, who)


def what_will_run(code: RepositoryCode, name: str, kwargs: Mapping[str, Any]) -> Iterator[str]:
    """Lines that tell, before it happens, whose code will run and what it is asked for."""
    arguments = "".join(f", {key}={json.dumps(value, ensure_ascii=True)}" for key, value in kwargs.items())
    yield f"running code of {code.repository} at commit {code.commit}, which {code.trusted_by} allows"
    yield f"  {f'{code.folder}/' if code.folder else ''}{ENTRY_FILE}, SHA-256 {code.entry_sha256}"
    yield f"  {FUNCTION}({json.dumps(name, ensure_ascii=True)}{arguments})"
