"""Networks of other packages, added by the entry-point group `hubkit.networks`.

An entry point names one of three things; it is loaded only when a name that it can answer for is looked up:

- a `NetworkSpec`: one network, found by the entry point's name;
- a function that builds a cell: one network, found by the entry point's name, that classifies images of 3 x 224 x 224;
- a `Family`: many networks, each found by the entry point's name, a colon and its own name (`mindcv:resnet18`).

    [project.entry-points."hubkit.networks"]
    lenet = "my_package.networks:LENET"
"""

from __future__ import annotations

import difflib
import importlib.metadata
import inspect
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol, runtime_checkable

from hubkit.errors import ConvertError
from hubkit.nets.spec import NetworkSpec, image

GROUP = "hubkit.networks"
"""The group of entry points."""

# Families of packages that know nothing of hubkit; an entry point of the same name comes before.
_ADAPTERS = {"mindcv": "hubkit.nets.mindcv:FAMILY"}


@runtime_checkable
class Family(Protocol):
    """Many networks of one package."""

    def names(self) -> Sequence[str]:
        """The name of every network, without the family's; empty where the package is not installed."""
        ...

    def find(self, name: str) -> NetworkSpec:
        """The network of exactly this name, one of `names`; what it says is its own name is replaced."""
        ...


def names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every name that `find` answers for, sorted, and what is wrong with each entry point that cannot be loaded.

    Loads them all: a package that imports MindSpore to say what it has takes seconds.
    """
    known: list[str] = []
    broken: list[str] = []
    for name, entry in sorted(_entry_points().items()):
        try:
            found = _load(entry)
        except ConvertError as error:
            broken.append(error.message)
        else:
            known += [f"{name}:{own}" for own in found.names()] if isinstance(found, Family) else [name]
    return tuple(known), tuple(broken)


def answers(name: str) -> bool:
    """Whether `find` has an entry point to ask for ``name``, or might have one: whose family is not here is not known.

    Loads none.
    """
    peer, colon, _ = name.strip().partition(":")
    return bool(colon) or peer.casefold() in map(str.casefold, _entry_points())


def find(name: str) -> NetworkSpec | None:
    """Look up ``peer`` or ``peer:network``; None where no entry point has the peer's name.

    Raises ConvertError where the entry point cannot be loaded or gives no network of this name.
    """
    peer, colon, own = name.strip().partition(":")
    entry = {known.casefold(): entry for known, entry in _entry_points().items()}.get(peer.casefold())
    if entry is None:
        return None
    found = _load(entry)
    if isinstance(found, Family):
        return _member(entry.name, found, own.strip())
    if colon:
        raise ConvertError(f"{entry.name} is one network, not a family of them", hint=f"Its name is {entry.name}.")
    return found


def _member(family: str, found: Family, own: str) -> NetworkSpec:
    names = found.names()
    if not names:
        raise ConvertError(
            f"the package {family} is not installed", hint=f"Install it (pip install {family}) to use its networks."
        )
    by_spelling = {name.casefold(): name for name in names}
    name = by_spelling.get(own.casefold())
    if name is None:
        near = [by_spelling[key] for key in difflib.get_close_matches(own.casefold(), by_spelling, n=3)]
        guess = f"did you mean {' or '.join(f'{family}:{key}' for key in near)}? " if near else ""
        raise ConvertError(
            f"{family} has no network {own!r}", hint=f"{guess}it has {len(names)}, such as {family}:{names[0]}"
        )
    return replace(found.find(name), name=f"{family}:{name}")


def _load(entry: importlib.metadata.EntryPoint) -> NetworkSpec | Family:
    try:
        found = entry.load()
    except Exception as error:  # another package's code raises anything
        text = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ConvertError(
            f"the networks of {_origin(entry)} cannot be loaded: {text}",
            hint="Mend, update or remove that package; all other networks work.",
        ) from error
    if isinstance(found, NetworkSpec):
        return replace(found, name=entry.name)
    if isinstance(found, Family):
        return found
    if inspect.isfunction(found):
        return NetworkSpec(
            name=entry.name, builder=entry.value, aliases=(), paper="", inputs=image(224), outputs=("logits",)
        )
    raise ConvertError(
        f"the entry point {_origin(entry)} is a {type(found).__name__}",
        hint="It must name a NetworkSpec, a function that builds a cell, or a family with names() and find().",
    )


@cache
def _entry_points() -> dict[str, importlib.metadata.EntryPoint]:
    """By name; of two with the same name, the one whose package's name comes first."""
    adapters = [importlib.metadata.EntryPoint(name, value, GROUP) for name, value in _ADAPTERS.items()]
    declared = sorted(importlib.metadata.entry_points(group=GROUP), key=_origin, reverse=True)
    return {entry.name: entry for entry in [*adapters, *declared]}


def _origin(entry: importlib.metadata.EntryPoint) -> str:
    package = f" (package {entry.dist.name})" if entry.dist else ""
    return f"{entry.name} = {entry.value}{package}"
