"""Reading and writing safetensors files, with the format's own library as referee."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import SafetensorError, deserialize
from safetensors.numpy import load_file, save_file

from hubkit.convert.safetensors import DTYPES, read_safetensors, write_safetensors
from hubkit.errors import ConvertError

ARRAYS = {
    "layer.1.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
    "flags": np.array([True, False, True]),
    "half": np.array([[0.5]], np.float16),
    "número/é": np.array(7, np.int64),
    "empty": np.zeros((0, 4), np.uint8),
}


def packed(header: Any, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor(first: int, last: int, shape: list[Any] | None = None, dtype: str = "U8") -> dict[str, Any]:
    return {"dtype": dtype, "shape": [last - first] if shape is None else shape, "data_offsets": [first, last]}


def read(content: bytes) -> Any:
    return read_safetensors(memoryview(content), Path("m.safetensors"))


def test_what_the_library_writes_is_read(tmp_path: Path) -> None:
    save_file(ARRAYS, tmp_path / "m.safetensors", {"by": "tests"})
    found = read((tmp_path / "m.safetensors").read_bytes())
    assert found.metadata == {"by": "tests"}
    assert {each.name for each in found.tensors} == set(ARRAYS)
    for each in found.tensors:
        array = np.frombuffer(each.data, each.dtype).reshape(each.shape)
        np.testing.assert_array_equal(array, ARRAYS[each.name])


def test_the_library_reads_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    rows = [
        (name, array.dtype.name, array.shape, [array.tobytes()[:3], array.tobytes()[3:]])
        for name, array in ARRAYS.items()
    ]
    write_safetensors(path, rows, {"b": "2", "a": "1"})
    found = load_file(path)
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)
    assert found["layer.1.weight"].dtype == np.float32
    again = tmp_path / "again.safetensors"
    write_safetensors(again, rows[::-1], {"a": "1", "b": "2"})
    assert again.read_bytes() == path.read_bytes()
    size = int.from_bytes(path.read_bytes()[:8], "little")
    assert size % 8 == 0


def test_bytes_are_those_of_the_library(tmp_path: Path) -> None:
    save_file(ARRAYS, tmp_path / "library")
    write_safetensors(
        tmp_path / "ours", [(name, array.dtype.name, array.shape, [array.tobytes()]) for name, array in ARRAYS.items()]
    )
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "library").read_bytes()


@pytest.mark.parametrize("dtype", sorted(DTYPES))
def test_the_library_knows_each_dtype(dtype: str) -> None:
    _, bits = DTYPES[dtype]
    content = packed({"w": tensor(0, bits, [8], dtype)}, bytes(bits))
    assert read(content).tensors[0].dtype == DTYPES[dtype][0]
    ((name, found),) = deserialize(content)
    assert (name, found["shape"]) == ("w", [8])


DAMAGED = {
    "empty": (b"", "too few for a header"),
    "a length past the end": (struct.pack("<Q", 2**40) + b"{}", "more than the 16,777,216"),
    "a header past the end": (struct.pack("<Q", 99) + b"{}", "but the file has 10"),
    "no JSON": (packed(b"{nonsense}"), "is no JSON"),
    "not UTF-8": (packed(b'{"\xff":1}'), "not UTF-8"),
    "no object": (packed(b"[1,2,3]"), "does not begin with {"),
    "deep nesting": (packed(b'{"a":' + b"[" * 100_000), "nested too deeply"),
    "a long number": (packed(b'{"a":' + b"9" * 10_000 + b"}"), "too long"),
    "twice": (
        packed(
            b'{"a":' + json.dumps(tensor(0, 1)).encode() + b',"a":' + json.dumps(tensor(0, 1)).encode() + b"}", b"1"
        ),
        "'a' twice",
    ),
    "an overlap": (packed({"a": tensor(0, 4), "b": tensor(2, 6)}, bytes(6)), "'a' and 'b' overlap"),
    "the same bytes": (packed({"a": tensor(0, 4), "b": tensor(0, 4)}, bytes(4)), "overlap"),
    "a hole": (packed({"a": tensor(0, 4), "b": tensor(6, 8)}, bytes(8)), "2 bytes before the tensor 'b'"),
    "a hole at the beginning": (packed({"a": tensor(1, 4)}, bytes(4)), "1 bytes before"),
    "cut short": (packed({"a": tensor(0, 4)}, bytes(3)), "ends 1 bytes early"),
    "more at the end": (packed({"a": tensor(0, 4)}, bytes(5)), "last 1 bytes belong to no tensor"),
    "another size": (packed({"a": tensor(0, 4, [2])}, bytes(4)), "U8[2], 2 bytes, but has 4"),
    "a huge shape": (packed({"a": tensor(0, 4, [2**62, 2**62])}, bytes(4)), "but has 4"),
    "backwards": (packed({"a": {"dtype": "U8", "shape": [4], "data_offsets": [4, 0]}}, bytes(4)), "but has -4"),
    "negative": (packed({"a": tensor(0, 4, [-4])}, bytes(4)), "a shape that no tensor can have"),
    "a fraction": (packed({"a": tensor(0, 4, [4.5])}, bytes(4)), "a shape that no tensor can have"),
    "an unknown dtype": (packed({"a": tensor(0, 4, [4], "Q8")}, bytes(4)), "unknown dtype 'Q8'"),
    "half a byte": (packed({"a": tensor(0, 1, [3], "F4")}, bytes(1)), "ends inside a byte"),
    "no offsets": (packed({"a": {"dtype": "U8", "shape": [4]}}, bytes(4)), "needs dtype, shape and data_offsets"),
    "numbers in metadata": (packed({"__metadata__": {"a": 1}}), "not a table of texts"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_the_format_does_not_allow_is_refused(name: str) -> None:
    content, words = DAMAGED[name]
    with pytest.raises(ConvertError) as refused:
        read(content)
    assert words in str(refused.value)
    assert "Traceback" not in str(refused.value)
    if name != "twice":  # the library takes one of the two
        with pytest.raises(SafetensorError):
            deserialize(content)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("a", "float32", (2,), [bytes(7)])], "float32[2] but has 7 bytes"),
        ([("a", "int4", (2,), [bytes(1)])], "cannot hold the tensor 'a' of int4"),
        ([("a", "int8", (1,), [b"1"]), ("a", "int8", (1,), [b"2"])], "'a' twice"),
        ([("__metadata__", "int8", (1,), [b"1"])], "cannot hold the name '__metadata__'"),
    ],
)
def test_what_cannot_be_written_leaves_the_old_file(rows: Any, words: str, tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(b"old")
    with pytest.raises(ConvertError) as refused:
        write_safetensors(path, rows)
    assert words in str(refused.value)
    assert [found.name for found in tmp_path.iterdir()] == ["m.safetensors"]
    assert path.read_bytes() == b"old"
