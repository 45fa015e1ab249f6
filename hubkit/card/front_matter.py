"""Front matter -> values with positions."""

from __future__ import annotations

from dataclasses import dataclass

from hubkit.card.text import Source
from hubkit.card.values import Mapping
from hubkit.card.yaml_plain import parse_plain


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a card's form, found while reading it."""

    rule: str
    """The id of the lint rule that reports it."""
    start: int
    """Offset of the first character concerned."""
    end: int
    """Offset after the last one."""
    message: str
    """What is wrong."""
    hint: str
    """How to mend it."""


def parse_front_matter(source: Source, start: int, end: int) -> tuple[Mapping | None, tuple[Problem, ...]]:
    """Parse ``source.text[start:end]``; what cannot be read is None, and its problems say why."""
    plain = parse_plain(source.text[start:end], start)
    if plain is not None:
        return plain, ()
    from hubkit.card.yaml_front import parse_yaml  # few cards need it, and loading YAML takes as long as many cards

    return parse_yaml(source, start, end)
