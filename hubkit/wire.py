"""Protobuf's wire format, walked and written without copying what the fields hold.

Weights make up nearly all of a model file, so they stay where they are (a memory map) while the small rest is
parsed by the protobuf library. Source: the encoding chapter of the Protocol Buffers documentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
_FIXED_SIZES = {FIXED64: 8, FIXED32: 4}
_MAX_VARINT_BYTES = 10
_MAX_NUMBER = 2**29 - 1  # parsers cut a larger one off, and would read another field than this module


class WireError(ValueError):
    """The bytes are not a protobuf message; the text says what is wrong and at which byte."""


class Field(NamedTuple):
    """One field of a message, by its place in the buffer."""

    number: int
    """The field's number, from 1."""
    kind: int
    """Its wire type: VARINT, FIXED64, LENGTH or FIXED32."""
    start: int
    """Where its tag begins."""
    payload: int
    """Where its value begins (for LENGTH: behind the length)."""
    end: int
    """Where the next field begins."""


def fields(buffer: memoryview) -> Iterator[Field]:
    """Each field of the message in ``buffer``, in order; nested messages are not entered.

    Raises WireError where the bytes are no fields or end early.
    """
    position, size = 0, len(buffer)
    while position < size:
        start = position
        tag, position = _varint(buffer, position)
        number, kind = tag >> 3, tag & 7
        if not 1 <= number <= _MAX_NUMBER:
            raise WireError(f"byte {start} begins no field")
        payload = position
        if kind == VARINT:
            _, position = _varint(buffer, position)
        elif kind == LENGTH:
            length, payload = _varint(buffer, position)
            position = payload + length
        elif kind in _FIXED_SIZES:
            position += _FIXED_SIZES[kind]
        else:
            raise WireError(f"byte {start} has wire type {kind}, which no message here uses")
        if position > size:
            more = position - size
            raise WireError(
                f"the field at byte {start} is {more} bytes longer than what is there, {size:,} bytes in all"
            )
        yield Field(number, kind, start, payload, position)


class Walk:
    """Walks nested messages, at most ``limit`` fields in all, so that no file takes for ever."""

    def __init__(self, limit: int) -> None:
        self._limit = self._left = limit

    def fields(self, buffer: memoryview) -> Iterator[Field]:
        """As `fields`. Raises WireError also where the limit is passed."""
        for field in fields(buffer):
            self.take(1)
            yield field

    def take(self, count: int) -> None:
        """Count ``count`` fields, or numbers of a packed field. Raises WireError where the limit is passed."""
        self._left -= count
        if self._left < 0:
            raise WireError(f"it has more than {self._limit:,} fields")


def split(buffer: memoryview, number: int) -> tuple[bytes, list[memoryview]]:
    """The message without its fields ``number``, and what those fields hold (views, not copies).

    Raises WireError as `fields` does, and where such a field is not of the LENGTH kind.
    """
    rest: list[memoryview] = []
    payloads: list[memoryview] = []
    kept_from = 0
    for field in fields(buffer):
        if field.number != number:
            continue
        if field.kind != LENGTH:
            raise WireError(f"the field at byte {field.start} has wire type {field.kind} instead of {LENGTH}")
        rest.append(buffer[kept_from : field.start])
        payloads.append(buffer[field.payload : field.end])
        kept_from = field.end
    rest.append(buffer[kept_from:])
    return b"".join(rest), payloads


def integers(buffer: memoryview, field: Field) -> list[int]:
    """The numbers of a VARINT field, or of a packed repeated one, as the int64 that they stand for.

    Raises WireError where the bytes are no numbers.
    """
    position, numbers = field.payload, []
    while position < field.end:
        value, position = _varint(buffer, position)
        value &= 2**64 - 1
        numbers.append(value - 2**64 if value >> 63 else value)
    return numbers


def header(number: int, size: int) -> bytes:
    """The bytes before a LENGTH field's payload of ``size`` bytes."""
    return _encode_varint(number << 3 | LENGTH) + _encode_varint(size)


def _varint(buffer: memoryview, position: int) -> tuple[int, int]:
    value = shift = 0
    for offset in range(_MAX_VARINT_BYTES):
        if position + offset >= len(buffer):
            raise WireError(f"the bytes end inside a number at byte {position}")
        byte = buffer[position + offset]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position + offset + 1
        shift += 7
    raise WireError(f"the number at byte {position} has more than {_MAX_VARINT_BYTES} bytes")


def _encode_varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
