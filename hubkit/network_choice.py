"""Which network the checkpoint of a card belongs to: by its block ``network``, else by the model's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hubkit.card.model import Card
from hubkit.card.network import NetworkBlock
from hubkit.convert.records import ConvertJob
from hubkit.errors import CardError, ConvertError
from hubkit.nets import InputSpec, find


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

    def fields(self) -> dict[str, Any]:
        """The fields of a `ConvertJob`."""
        return {name: getattr(self, name) for name in _FIELDS}


_FIELDS = [name for name in NetworkChoice.__dataclass_fields__ if name in ConvertJob.__dataclass_fields__]


def choose_network(card: Card) -> NetworkChoice:
    """The card's network.

    Raises CardError where the block cannot be used, ConvertError where no network has the name.
    """
    block = card.network
    if block is None:
        return NetworkChoice(find(card.model_name).name)
    if block.wrong:
        raise CardError(
            f"the card's block network is wrong: {block.wrong}", hint=f"Run hubkit lint on {card.uid} to see where."
        )
    if block.repo:
        raise ConvertError(f"the network {block.repo} of {card.repo_link} is made by code that is not run")
    return NetworkChoice(find(block.builder).name, block.arguments, _inputs(block), block.outputs)


def _inputs(block: NetworkBlock) -> tuple[InputSpec, ...]:
    return tuple(InputSpec(item.name, item.shape, item.dtype, item.low, item.high) for item in block.inputs)
