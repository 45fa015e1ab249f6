"""The wire format: what google.protobuf writes is walked right, and damage is found."""

from __future__ import annotations

import pytest

from hubkit import wire
from tests.requirements import needs_mindspore

FILE = bytes.fromhex("08ac02") + b"\x12\x03abc" + b"\x1d\x00\x00\x80\x3f" + b"\x12\x02de" + b"\x21" + bytes(8)


def test_each_field_is_found() -> None:
    found = [(field.number, field.kind, bytes(FILE[field.payload : field.end])) for field in wire.fields(_view(FILE))]
    assert found == [
        (1, wire.VARINT, b"\xac\x02"),
        (2, wire.LENGTH, b"abc"),
        (3, wire.FIXED32, b"\x00\x00\x80\x3f"),
        (2, wire.LENGTH, b"de"),
        (4, wire.FIXED64, bytes(8)),
    ]


def test_split_takes_one_number_out_and_copies_none_of_it() -> None:
    data = memoryview(bytearray(FILE))
    rest, payloads = wire.split(data, 2)
    assert [bytes(payload) for payload in payloads] == [b"abc", b"de"]
    assert rest == FILE[:3] + FILE[8:13] + FILE[17:]
    data[5] = ord("A")
    assert bytes(payloads[0]) == b"Abc"


@pytest.mark.parametrize("size", [0, 1, 127, 128, 16383, 16384])
def test_a_header_is_read_back(size: int) -> None:
    header = wire.header(9, size)
    (field,) = wire.fields(_view(header + bytes(size)))
    assert field == (9, wire.LENGTH, 0, len(header), len(header) + size)


@needs_mindspore
def test_a_header_is_what_protobuf_writes() -> None:
    import onnx

    tensor = onnx.TensorProto(raw_data=bytes(300))
    assert wire.header(9, 300) + bytes(300) == tensor.SerializeToString()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x12\x05abc", "2 bytes longer"),
        (b"\x08", "end inside a number"),
        (b"\x08" + b"\xff" * 11, "more than 10 bytes"),
        (b"\x00\x00", "begins no field"),
        (b"\x88\x80\x80\x80\x10\x01", "begins no field"),  # number 2^29: a parser would read another one
        (b"\x0b", "wire type 3"),
        (b"\x0f", "wire type 7"),
        (b"\x1d\x00", "longer than what is there"),
        (b"\x12" + b"\xff" * 9 + b"\x01", "longer than what is there"),
    ],
)
def test_damage_is_named(data: bytes, words: str) -> None:
    with pytest.raises(wire.WireError, match=words):
        list(wire.fields(_view(data)))


def test_a_walk_ends_after_so_many_fields_in_all() -> None:
    walk = wire.Walk(3)
    assert len(list(walk.fields(_view(b"\x08\x01\x10\x02")))) == 2
    with pytest.raises(wire.WireError, match="more than 3 fields"):
        list(walk.fields(_view(b"\x08\x01\x10\x02")))


def test_split_refuses_a_field_of_another_kind() -> None:
    with pytest.raises(wire.WireError, match="wire type 0 instead of 2"):
        wire.split(_view(b"\x08\x01"), 1)


def _view(data: bytes) -> memoryview:
    return memoryview(data)
