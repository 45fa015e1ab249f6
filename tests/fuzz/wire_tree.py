"""A protobuf message as a tree that can be changed and written again, without a schema.

A LENGTH field whose bytes read as a message is taken for one; text and weights seldom do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hubkit.wire import FIXED32, FIXED64, LENGTH, VARINT, WireError, fields, integers

RAW = -1
"""The kind of a field that is written as its bytes stand, tag and length included."""
_MAX_NUMBER = 64  # no message that is read here has a field beyond it
_MAX_DEPTH = 12


@dataclass
class Node:
    """One field."""

    number: int
    """Its number."""
    kind: int
    """Its wire type."""
    value: int | bytes | list[Node]
    """A number for VARINT, a message's fields, else bytes."""


def parse(data: bytes) -> list[Node] | None:
    """The fields of the message in ``data``; None where it is no message."""
    return _parse(memoryview(data), _MAX_DEPTH)


def write(nodes: list[Node]) -> bytes:
    """The bytes of a message."""
    return b"".join(_field(node) for node in nodes)


def walk(nodes: list[Node]) -> Iterator[tuple[list[Node], int]]:
    """Every field of the tree, as the list that it stands in and its place there."""
    for place, node in enumerate(nodes):
        yield nodes, place
        if isinstance(node.value, list):
            yield from walk(node.value)


def varint(value: int) -> bytes:
    """``value`` as a varint; negative numbers as the 64 bits that they are."""
    value &= 2**64 - 1
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _parse(view: memoryview, depth: int) -> list[Node] | None:
    nodes: list[Node] = []
    try:
        for field in fields(view):
            if field.number > _MAX_NUMBER:
                return None
            if field.kind == VARINT:
                nodes.append(Node(field.number, VARINT, integers(view, field)[0]))
                continue
            payload = view[field.payload : field.end]
            inner = _parse(payload, depth - 1) if field.kind == LENGTH and depth and _may_nest(payload) else None
            nodes.append(Node(field.number, field.kind, inner or bytes(payload)))
    except WireError:
        return None
    return nodes


def _may_nest(payload: memoryview) -> bool:
    # A name such as "Conv2D" reads as fields by chance; one that is all text is taken for text.
    return (len(payload) > 1 and not bytes(payload[:64]).isascii()) or (len(payload) > 1 and payload[0] < 0x20)


def _field(node: Node) -> bytes:
    if node.kind == RAW:
        assert isinstance(node.value, bytes)
        return node.value
    tag = varint(node.number << 3 | node.kind)
    if node.kind == VARINT:
        assert isinstance(node.value, int)
        return tag + varint(node.value)
    payload = write(node.value) if isinstance(node.value, list) else node.value
    assert isinstance(payload, bytes)
    return tag + payload if node.kind in (FIXED32, FIXED64) else tag + varint(len(payload)) + payload
