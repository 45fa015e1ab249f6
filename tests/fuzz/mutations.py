"""Ways to damage a file. Each takes a source of chance, the file's bytes and another good file's, and gives bytes."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable

from hubkit.wire import FIXED32, FIXED64, LENGTH, VARINT
from tests.fuzz.wire_tree import RAW, Node, parse, varint, walk, write

Mutation = Callable[[random.Random, bytes, bytes], bytes]

_HUGE = (2**31 - 1, 2**31, 2**32, 2**40, 2**62, 2**63 - 1, -1, -(2**31), -(2**63), 0, 1_000_000, 65_537)
_DEPTHS = (20, 90, 120, 1_000, 20_000)
_COPIES = (2, 50, 5_000)


def flip(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """Some bytes take any value."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 2, 4, 16, 64))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def flip_head(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """The same where the structure is: in the first bytes and, in a MINDIR, around the names at the end."""
    where = rng.choice((0, max(0, len(data) - 2048)))
    return data[:where] + flip(rng, data[where : where + 2048], other) + data[where + 2048 :]


def truncate(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """The end is missing."""
    return data[: rng.randrange(1, max(2, len(data)))]


def cut(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A piece is missing."""
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.randrange(1, 200) :] or b"\0"


def insert(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """Noise stands in between."""
    start = rng.randrange(len(data))
    return data[:start] + rng.randbytes(rng.choice((1, 3, 8, 100, 5_000))) + data[start:]


def repeat(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A piece stands there twice or more."""
    start = rng.randrange(len(data))
    piece = data[start : start + rng.randrange(1, 400)]
    return data[:start] + piece * rng.choice(_COPIES[:2]) + data[start:]


def splice(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """The beginning of one file and the end of another."""
    return data[: rng.randrange(1, max(2, len(data)))] + other[rng.randrange(len(other)) :]


def blow_up_length(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A field says that it is far longer than the file."""

    def change(nodes: list[Node], place: int) -> None:
        node = nodes[place]
        payload = write(node.value) if isinstance(node.value, list) else node.value
        assert isinstance(payload, bytes)
        nodes[place] = Node(node.number, RAW, varint(node.number << 3 | LENGTH) + varint(rng.choice(_HUGE)) + payload)

    return _changed(rng, data, lambda nodes, place: nodes[place].kind == LENGTH, change)


def change_wire_type(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A field is of another wire type."""

    def change(nodes: list[Node], place: int) -> None:
        node = nodes[place]
        if rng.random() < 0.5:
            node.kind, node.value = VARINT, rng.choice(_HUGE)
        else:
            node.kind = rng.choice((FIXED32, FIXED64, LENGTH))
            node.value = rng.randbytes({FIXED32: 4, FIXED64: 8}.get(node.kind, 9))

    return _changed(rng, data, _any, change)


def change_number(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A field is another field."""

    def change(nodes: list[Node], place: int) -> None:
        nodes[place].number = rng.choice((*range(1, 20), 100, 2**29 - 1))

    return _changed(rng, data, _any, change)


def remove(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A field is missing."""
    return _changed(rng, data, _any, lambda nodes, place: nodes.__delitem__(place)) or b"\0"


def duplicate(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A field stands there twice, or thousands of times."""

    def change(nodes: list[Node], place: int) -> None:
        nodes[place:place] = [nodes[place]] * rng.choice(_COPIES)

    return _changed(rng, data, _any, change)


def swap(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """The fields of a message stand in another order."""
    return _changed(rng, data, _any, lambda nodes, _: rng.shuffle(nodes))


def huge_number(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A number, such as a size, is huge, negative or 0."""

    def change(nodes: list[Node], place: int) -> None:
        nodes[place].value = rng.choice(_HUGE)

    return _changed(rng, data, lambda nodes, place: nodes[place].kind == VARINT, change)


def more_sizes(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A number stands there many times: a tensor of many axes."""

    def change(nodes: list[Node], place: int) -> None:
        node = nodes[place]
        nodes[place:place] = [Node(node.number, VARINT, rng.choice((1, 2, 2**20)))] * rng.choice((9, 70, 5_000))

    return _changed(rng, data, lambda nodes, place: nodes[place].kind == VARINT, change)


def nest(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A message lies in itself, and so on, far too deep."""
    numbers = [rng.choice((1, 5, 6, 7, 17)) for _ in range(rng.choice((1, 2)))]

    def change(nodes: list[Node], place: int) -> None:
        node = nodes[place]
        payload = write(node.value) if isinstance(node.value, list) else bytes(4)
        for level in range(rng.choice(_DEPTHS)):
            payload = varint(numbers[level % len(numbers)] << 3 | LENGTH) + varint(len(payload)) + payload
        node.value = payload

    return _changed(rng, data, lambda nodes, place: isinstance(nodes[place].value, list), change)


def borrow_text(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A text is another text of the file: a node reads its own output, an attribute has another's name."""
    tree = parse(data) or []
    texts = [nodes[place].value for nodes, place in walk(tree) if _is_text(nodes, place)]

    def change(nodes: list[Node], place: int) -> None:
        nodes[place].value = rng.choice(texts)

    return _changed(rng, data, _is_text, change)


def strange_text(rng: random.Random, data: bytes, _other: bytes) -> bytes:
    """A text is empty, long, no UTF-8, or means something to a terminal or a file system."""
    texts = (b"", b"x" * 100_000, b"\xff\xfe", b"../../etc/passwd", b"\x1b[31m", b"a\0b", b"REF::REF::1", b"/dev/zero")

    def change(nodes: list[Node], place: int) -> None:
        nodes[place].value = rng.choice(texts)

    return _changed(rng, data, _is_text, change)


def graft(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """A field of another file stands among this one's."""
    given = [nodes[place] for nodes, place in walk(parse(other) or [])]

    def change(nodes: list[Node], place: int) -> None:
        nodes.insert(place, rng.choice(given))

    return _changed(rng, data, _any, change) if given else splice(rng, data, other)


MUTATIONS: tuple[Mutation, ...] = (
    flip,
    flip_head,
    truncate,
    cut,
    insert,
    repeat,
    splice,
    blow_up_length,
    change_wire_type,
    change_number,
    remove,
    duplicate,
    swap,
    huge_number,
    more_sizes,
    nest,
    borrow_text,
    strange_text,
    graft,
)
"""All of them."""


def mutate(rng: random.Random, data: bytes, other: bytes) -> tuple[str, bytes]:
    """One to three mutations, one after another; their names, and the bytes."""
    names = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        mutation = rng.choice(MUTATIONS)
        names.append(mutation.__name__)
        data = mutation(rng, data, other) or b"\0\0"
    return " + ".join(names), data


def _changed(
    rng: random.Random,
    data: bytes,
    wanted: Callable[[list[Node], int], bool],
    change: Callable[[list[Node], int], None],
) -> bytes:
    """``data`` with ``change`` made at one wanted field of its tree; where there is none, with bytes flipped."""
    tree = parse(data)
    places = [found for found in walk(tree or []) if wanted(*found)]
    if tree is None or not places:
        return flip(rng, data, b"")
    # The tree may hold one field twice after another mutation; only one place is to change.
    nodes, place = rng.choice(places)
    nodes[place] = copy.copy(nodes[place])
    change(nodes, place)
    return write(tree)


def _any(_nodes: list[Node], _place: int) -> bool:
    return True


def _is_text(nodes: list[Node], place: int) -> bool:
    value = nodes[place].value
    return isinstance(value, bytes) and nodes[place].kind == LENGTH and 0 < len(value) < 200 and value.isascii()
