"""The block ``network`` of a card: which network the checkpoint belongs to, and how it is made."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hubkit.card.values import Mapping, Scalar, Sequence, Value
from hubkit.card.violation import Violation

_KEY = "network"
_WHOLE = re.compile(r"[-+]?\d+")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_MAX_DIGITS = 300  # of a number; Python refuses to read some thousands
_WITH_CODE = re.compile(r"\s*<?\s*(?:/|file:)|.*/(?:-/)?(?:tree|blob)/[^/\s]+")  # a folder of this machine, a branch
_GREATEST_FLOAT = {"float16": 65504.0, "float32": 3.4028234663852886e38, "float64": 1.7976931348623157e308}
_DEFAULT_RANGE = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class NetworkInput:
    """One input of a network."""

    name: str
    """``name``: what converted models call it."""
    shape: tuple[int, ...]
    """``shape``, the batch first; empty for a single number."""
    dtype: str
    """``type``, as NumPy calls it."""
    low: float
    """The least value that it takes (``range``)."""
    high: float
    """The greatest value that it takes (``range``)."""


@dataclass(frozen=True, slots=True)
class NetworkBlock:
    """What a card says of its network."""

    builder: str = ""
    """``builder``: a network that hubkit knows; empty where the repository makes it."""
    repo: str = ""
    """``repo``: what the repository's entry file is asked for; empty where there is a builder."""
    commit: str = ""
    """``commit``; empty where the branch of ``repo-link`` decides."""
    arguments: dict[str, Any] = field(default_factory=dict)
    """``arguments``, as JSON values."""
    inputs: tuple[NetworkInput, ...] = ()
    """``inputs``; empty where the builder's own hold."""
    outputs: tuple[str, ...] = ()
    """``outputs``; empty where the builder's own hold, or none are named."""
    wrong: str = ""
    """Why the block cannot be used; empty where it is sound."""


def network_block(front: Mapping) -> NetworkBlock | None:
    """The card's block; None where it has none. One that breaks the schema, or that cannot hold, says so."""
    entry = front.entries.get(_KEY)
    if entry is None:
        return None
    from hubkit.card.schema import violations

    wrong = [one for one in violations(front) if entry.key.start <= one.start <= entry.value.end]
    wrong.extend(problems(front))
    if wrong or not isinstance(entry.value, Mapping):
        return NetworkBlock(wrong="; ".join(dict.fromkeys(one.message for one in wrong)))
    block = entry.value
    arguments = block.get("arguments")
    return NetworkBlock(
        builder=block.text("builder").strip(),
        repo=block.text("repo").strip(),
        commit=block.text("commit"),
        arguments={key: json_value(item.value) for key, item in arguments.entries.items()}
        if isinstance(arguments, Mapping)
        else {},
        inputs=tuple(_input(item) for item in block.mappings("inputs")),
        outputs=tuple(item.text for item in _scalars(block.get("outputs"))),
    )


def problems(front: Mapping) -> Iterator[Violation]:
    """What the schema cannot see: values of the block that do not fit each other."""
    entry = front.entries.get(_KEY)
    if entry is None or not isinstance(entry.value, Mapping):
        return
    block = entry.value
    inputs = list(block.mappings("inputs"))
    yield from _twice("input", [name for item in inputs if (name := item.scalar("name"))])
    yield from _twice("output", _scalars(block.get("outputs")))
    for item in inputs:
        yield from _range_problems(item)
    for key, argument in _entries(block.get("arguments")):
        if not key.text.isidentifier():
            yield Violation(key.start, key.end, f"{key.text!r} is no name of an argument", "Use letters, digits and _.")
        yield from _endless(argument)
    repo, commit = block.entries.get("repo"), block.entries.get("commit")
    if commit and not repo:
        hint = "Remove it, or name the network of the repository with repo."
        yield Violation(commit.key.start, commit.key.end, "commit goes with repo, which is missing", hint)
    if repo and not inputs:
        hint = "Add inputs, each with its name, shape and type."
        yield Violation(repo.key.start, repo.key.end, "a network of a repository needs its inputs", hint)
    if repo and not _WITH_CODE.match(front.text("repo-link")):
        hint = "Write repo-link as https://<host>/<owner>/<name>/tree/<branch>/<folder>."
        message = "repo-link names no branch, so the network's code cannot be found"
        yield Violation(repo.key.start, repo.key.end, message, hint)


def json_value(value: Value) -> Any:
    """A value as JSON data, by the core schema of YAML 1.2: unlike in the rest of a card, decimals become numbers."""
    if isinstance(value, Mapping):
        return {key: json_value(entry.value) for key, entry in value.entries.items()}
    if isinstance(value, Sequence):
        return [json_value(item) for item in value.items]
    if value.plain and len(value.text) <= _MAX_DIGITS:
        if _WHOLE.fullmatch(value.text):
            return int(value.text)
        if _NUMBER.fullmatch(value.text):
            return float(value.text)
    return value.data()


def _input(item: Mapping) -> NetworkInput:
    shape = item.get("shape")
    low, high = _range(item) or _DEFAULT_RANGE
    sizes = shape.data() if isinstance(shape, Sequence) else []
    return NetworkInput(item.text("name"), tuple(sizes), item.text("type"), low, high)


def _range(item: Mapping) -> tuple[float, float] | None:
    """The least and the greatest value; None where there are none, or they are no numbers."""
    ends = [end.text for end in _scalars(item.get("range"))]
    if len(ends) != 2 or not all(_NUMBER.fullmatch(end) and len(end) <= _MAX_DIGITS for end in ends):
        return None
    return float(ends[0]), float(ends[1])


def _range_problems(item: Mapping) -> Iterator[Violation]:
    given, found, dtype = item.get("range"), _range(item), item.text("type")
    if given is None or found is None:
        return
    low, high = found
    if low > high:
        message = f"the range begins at {low:g}, which is more than its end {high:g}"
        yield Violation(given.start, given.end, message, "Write the least value first.")
        return
    least, greatest = _limits(dtype)
    if low < least or high > greatest:
        message = f"the range {low:g} to {high:g} does not fit into {dtype}, which holds {least:g} to {greatest:g}"
        yield Violation(given.start, given.end, message, "Name another type, or a range that the type holds.")
    elif dtype not in _GREATEST_FLOAT and math.ceil(low) > math.floor(high):
        message = f"there is no whole number from {low:g} to {high:g}"
        yield Violation(given.start, given.end, message, f"Widen the range, or name another type than {dtype}.")


def _limits(dtype: str) -> tuple[float, float]:
    """The least and the greatest value of an element type; none where it is unknown."""
    if dtype in _GREATEST_FLOAT:
        return -_GREATEST_FLOAT[dtype], _GREATEST_FLOAT[dtype]
    if dtype == "bool":
        return 0, 1
    kind = re.fullmatch(r"(u?)int(8|16|32|64)", dtype)
    if kind is None:
        return -math.inf, math.inf
    bits = int(kind[2])
    return (0, 2**bits - 1) if kind[1] else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _twice(what: str, names: list[Scalar]) -> Iterator[Violation]:
    seen: set[str] = set()
    for name in names:
        if name.text in seen:
            message = f"two {what}s are called {name.text}"
            yield Violation(name.start, name.end, message, f"Give each {what} a name of its own.")
        seen.add(name.text)


def _endless(value: Value) -> Iterator[Violation]:
    """Numbers that JSON does not have."""
    if isinstance(value, Scalar):
        number = json_value(value)
        if isinstance(number, float) and not math.isfinite(number):
            yield Violation(
                value.start, value.end, f"the number {value.text[:40]} is too large", "Write a smaller one."
            )
        return
    for item in value.items if isinstance(value, Sequence) else [entry.value for entry in value.entries.values()]:
        yield from _endless(item)


def _entries(value: Value | None) -> Iterator[tuple[Scalar, Value]]:
    yield from value.entries.values() if isinstance(value, Mapping) else ()


def _scalars(value: Value | None) -> list[Scalar]:
    return [item for item in value.items if isinstance(item, Scalar)] if isinstance(value, Sequence) else []
