"""Which network the checkpoint of a card belongs to: by its block ``network``, else by the model's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hubkit.card.model import Card
from hubkit.card.network import NetworkBlock
from hubkit.convert.records import ConvertJob, RepositoryCode
from hubkit.errors import CardError
from hubkit.nets import InputSpec, find
from hubkit.repos.checkout import PinnedCode
from hubkit.repository_network import CodeOptions, pinned_code, trusted_code, what_is_kept, what_will_run


@dataclass(frozen=True)
class NetworkChoice:
    """A network and how it is made: the fields of a `ConvertJob` that a card decides, under the same names."""

    network: str
    """Its name."""
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    """Arguments that it is made with."""
    inputs: tuple[InputSpec, ...] = ()
    """Its inputs; empty where the network's own hold."""
    outputs: tuple[str, ...] = ()
    """Its outputs' names; empty where the network's own hold."""
    repository: RepositoryCode | None = None
    """The code that makes it, which may run; None for one of hubkit's own or of an installed package."""

    def about(self) -> tuple[str, ...]:
        """What must be shown before it is made."""
        return tuple(what_will_run(self.repository, self.network, self.kwargs)) if self.repository else ()

    def fields(self) -> dict[str, Any]:
        """The fields of a `ConvertJob`."""
        return {name: getattr(self, name) for name in _FIELDS}


_FIELDS = [name for name in NetworkChoice.__dataclass_fields__ if name in ConvertJob.__dataclass_fields__]


def code_of(card: Card, options: CodeOptions, before: PinnedCode | None = None) -> PinnedCode | None:
    """The code that makes the card's network; None where it is one that hubkit knows.

    The commit is the one that the card names, else the one that is locked, else that of ``before``, where the code was
    found the last time; only then, and to renew it, the one that the branch has now. Raises
    RepositoryError where the card leads to none, UnreachableError where that cannot be told now.
    """
    block = card.network
    if block is None or block.wrong or not block.repo:
        return None
    known = None if options.renew else options.locked.get(card.uid, before)
    return pinned_code(card, block.commit, known, options)


def kept_commit(card: Card, code: PinnedCode | None, before: PinnedCode | None, options: CodeOptions) -> str:
    """What to say where ``code`` is that of an earlier run, though the card names a branch; else empty."""
    block = card.network
    if code is None or block is None or block.commit or code != options.locked.get(card.uid, before):
        return ""
    return what_is_kept(card, code, options)


def choose_network(card: Card, options: CodeOptions, code: PinnedCode | None = None) -> NetworkChoice:
    """The card's network; ``code`` is what `code_of` found.

    Raises CardError where the block cannot be used, ConvertError where no network has the name; UntrustedError,
    UnreachableError and RepositoryError where the repository's code must not run, cannot be copied or cannot do.
    """
    block = card.network
    if block is None:
        return NetworkChoice(find(card.model_name).name)
    if block.wrong:
        raise CardError(
            f"the card's block network is wrong: {block.wrong}", hint=f"Run hubkit lint on {card.uid} to see where."
        )
    if code is not None:
        repository = trusted_code(code, block.repo, options)
        return NetworkChoice(block.repo, block.arguments, _inputs(block), block.outputs, repository)
    return NetworkChoice(find(block.builder).name, block.arguments, _inputs(block), block.outputs)


def _inputs(block: NetworkBlock) -> tuple[InputSpec, ...]:
    return tuple(InputSpec(item.name, item.shape, item.dtype, item.low, item.high) for item in block.inputs)
