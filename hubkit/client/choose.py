"""Which uid a request means: a uid, a model without its version, or a bare name, with ``@VERSION`` or without."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata

from hubkit.card.uid import family_of, version_of, version_order
from hubkit.client.model import ClientError

# What MindSpore has been published as; its light sibling mindspore-lite loads no checkpoint.
_DISTRIBUTIONS = ("mindspore", "mindspore-ascend", "mindspore-gpu")
_RELEASE = re.compile(r"\d+(?:\.\d+)*", re.ASCII)
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """The uid that a request means."""

    uid: str
    """The uid."""
    note: str = ""
    """What its user should know of the choice; else empty."""


def installed_mindspore() -> str:
    """The version of MindSpore that is installed, such as "2.10.0"; empty where none is. It is not imported."""
    for name in _DISTRIBUTIONS:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return ""


def choose(request: str, uids: Sequence[str], installed: str, *, where: str) -> Choice:
    """The uid among ``uids`` that ``request`` means.

    A request without a version means the newest one that is no newer than the ``installed`` MindSpore; with none
    installed, the newest. ``where`` is what messages call the hub. Raises ClientError where nothing or more than one
    model fits; its hint names what is near.
    """
    wanted = request.removesuffix(".md").strip("/")
    if wanted in uids:
        return Choice(wanted)
    name, _, version = wanted.rpartition("@") if "@" in wanted else (wanted, "", "")
    families: dict[str, dict[str, str]] = defaultdict(dict)
    for uid in uids:
        families[family_of(uid)][version_of(uid)] = uid
    asked = version_of(name)
    if asked and family_of(name) in families:
        if version and version != asked:
            raise ClientError(f"{request} names two versions", hint=f"Write {family_of(name)}@{version}.")
        name, version = family_of(name), asked
    family = _family(name, families, uids, where)
    versions = families[family]
    if "@" in wanted or asked:
        if version not in versions:
            raise ClientError(f"{family} has no version {version!r} in {where}", hint=f"It has {_listed(versions)}.")
        return Choice(versions[version])
    return _newest(family, versions, installed)


def _family(name: str, families: dict[str, dict[str, str]], uids: Sequence[str], where: str) -> str:
    if name in families:
        return name
    publisher, _, last = name.rpartition("/")
    fitting = [
        family
        for family in sorted(families)
        if family.rpartition("/")[2] == last and (not publisher or family.partition("/")[0] == publisher)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        more = f" and {len(fitting) - _SHOWN} more" if len(fitting) > _SHOWN else ""
        raise ClientError(
            f"{name} may be any of {len(fitting)} models in {where}",
            hint=f"Name one: {', '.join(fitting[:_SHOWN])}{more}.",
        )
    raise ClientError(f"no model {name!r} in {where}", hint=_near(name, families, uids))


def _near(name: str, families: dict[str, dict[str, str]], uids: Sequence[str]) -> str:
    spelled = {spelling.casefold(): spelling for spelling in (*families, *uids)}
    if "/" not in name:
        spelled = {family.rpartition("/")[2].casefold(): family for family in families}
    asked = name.casefold()
    # A part of a name is short beside the whole, and so not like it: u2net of u2net_dutstr.
    parts = sorted((key for key in spelled if asked and asked in key), key=lambda key: (not key.startswith(asked), key))
    near = list(dict.fromkeys((*difflib.get_close_matches(asked, spelled, n=3, cutoff=0.6), *parts)))[:3]
    return f"Did you mean {' or '.join(spelled[key] for key in near)}?" if near else f"It has {_counted(uids)}."


def _counted(uids: Sequence[str]) -> str:
    return f"{len(uids)} card{'s' * (len(uids) != 1)}"


def _newest(family: str, versions: dict[str, str], installed: str) -> Choice:
    ordered = sorted(versions, key=version_order)
    release = _RELEASE.match(installed)
    if release is None:
        uid = versions[ordered[-1]]
        return Choice(uid, f"{uid} is taken, the newest version: no MindSpore is installed to choose for")
    limit = version_order(release[0])
    fitting = [version for version in ordered if not _newer(version_order(version), limit)]
    if not fitting:
        raise ClientError(
            f"no version of {family} fits MindSpore {installed}, which is installed",
            hint=f"It has {_listed(versions)}, for a newer one only; @VERSION takes one all the same.",
        )
    uid = versions[fitting[-1]]
    if fitting[-1] == ordered[-1]:
        return Choice(uid)
    return Choice(uid, f"{uid} is taken for MindSpore {installed}, which is installed; {ordered[-1]} needs a newer one")


def _newer(version: tuple[int, ...], limit: tuple[int, ...]) -> bool:
    """Whether a version is above the limit; 2.10.0 is not above 2.10."""
    length = max(len(version), len(limit))
    return (*version, *[0] * (length - len(version))) > (*limit, *[0] * (length - len(limit)))


def _listed(versions: dict[str, str]) -> str:
    newest_first = sorted(versions, key=version_order, reverse=True)
    return ", ".join(version or "one without a version" for version in newest_first)
