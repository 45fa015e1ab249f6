"""Files are known by what they hold; what holds code, or is no model, is refused by its name."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import pickle
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubkit.store.content import FORMATS, ContentError, Kind, check_file, recognise
from tests import model_files


def kind_of(content: bytes) -> Kind:
    return recognise(memoryview(content))


@pytest.mark.parametrize("name", FORMATS)
def test_each_kind_is_known(name: str) -> None:
    assert kind_of(model_files.ALL[name]) == name


def test_a_checkpoint_with_a_check_sum_is_known() -> None:
    assert kind_of(model_files.checkpoint(checksum=True)) is Kind.CKPT


@pytest.mark.parametrize("promised", FORMATS)
@pytest.mark.parametrize("name", FORMATS)
def test_a_file_must_be_what_was_promised(tmp_path: Path, name: str, promised: str) -> None:
    path = tmp_path / f"model.{promised}"
    path.write_bytes(model_files.ALL[name])
    if name == promised:
        assert check_file(path, promised) == name
    else:
        with pytest.raises(ContentError, match=rf"it is an? .*, but {promised} was promised"):
            check_file(path, promised)


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"weight": 1}))
    return stream.getvalue()


def tarred() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("weights.bin")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"abcd"))
    return stream.getvalue()


FOREIGN = {
    **{f"a Python pickle of protocol {protocol}": pickle.dumps([1, "a"], protocol) for protocol in (2, 3, 4, 5)},
    "a ZIP archive": zipped(),
    "an empty ZIP archive": b"PK\x05\x06" + bytes(18),
    "a tar archive": tarred(),
    "a gzip archive": gzip.compress(b"weights"),
    "a bzip2 archive": bz2.compress(b"weights"),
    "an xz archive": lzma.compress(b"weights"),
    "a 7z archive": b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(24),
    "an HDF5 file": b"\x89HDF\r\n\x1a\n" + bytes(40),
    "a program": b"\x7fELF\x02\x01\x01" + bytes(57),
    "a Windows program": b"MZ\x90\x00" + bytes(60),
    "a script": b"#!/bin/sh\necho hello\n",
    "an HTML page": b"\n<!DOCTYPE html><html><body>404 Not Found</body></html>",
    "a JSON text": b'{"error": "not found"}',
    "a Git LFS pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
    "an encrypted MindSpore file": b"\xd8\x5e\x3a\x7f" + bytes(60),
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("promised", ["ckpt", "onnx"])
def test_what_is_no_model_is_refused_by_its_name(tmp_path: Path, name: str, promised: str) -> None:
    path = tmp_path / f"model.{promised}"
    path.write_bytes(FOREIGN[name])
    with pytest.raises(ContentError) as caught:
        check_file(path, promised)
    assert f"it is {name.partition(' of protocol')[0]}" in caught.value.reason


@pytest.mark.parametrize(
    "content",
    [
        b"cposix\nsystem\n(S'id'\ntR.",  # a pickle in text form has no signature
        model_files.checkpoint()[:-1],
        model_files.checkpoint() + b"\x12\x00",
        model_files.mindir() + model_files.mindir(),
        model_files.onnx()[:20],
        model_files.onnx() + b"\xa2\x06\x00",  # a field 100, which no model has
        model_files.safetensors() + b"\x00",
        model_files.safetensors()[:-1],
        model_files.mslite()[:15],
        struct.pack("<I4s", 2**31, b"MSL2") + bytes(20),
        struct.pack("<Q", 10**7) + b"{" + bytes(100),
        struct.pack("<Q", 100_000) + b'{"a":' * 20_000,
        b"\x00",
    ],
)
def test_what_is_cut_short_joined_or_nothing_is_refused(content: bytes) -> None:
    with pytest.raises(ContentError, match="no model file"):
        kind_of(content)


def test_an_empty_file_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(ContentError, match="it is empty"):
        check_file(tmp_path / "empty", "ckpt")
    with pytest.raises(ContentError, match="cannot be read"):
        check_file(tmp_path / "missing", "ckpt")


LEAVING = [
    "/etc/passwd",
    "../weights",
    "a/../../b",
    "..\\weights",
    "C:weights",
    "c:/weights",
    "\\\\host\\x",
    "",
    "a\x00b",
]


@pytest.mark.parametrize("location", LEAVING)
@pytest.mark.parametrize("inside", ["initializer", "attribute", "subgraph", "sparse", "function"])
def test_onnx_weights_outside_the_folder_are_refused_wherever_they_are_named(
    tmp_path: Path, inside: str, location: str
) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(model_files.onnx(location, inside=inside))
    with pytest.raises(ContentError, match="outside its folder"):
        check_file(path, "onnx")


@pytest.mark.parametrize("location", LEAVING)
def test_mindir_weights_outside_the_folder_are_refused(tmp_path: Path, location: str) -> None:
    path = tmp_path / "model.mindir"
    path.write_bytes(model_files.mindir(location))
    with pytest.raises(ContentError, match="outside its folder"):
        check_file(path, "mindir")


@pytest.mark.parametrize("make", [model_files.onnx, model_files.mindir])
def test_weights_beside_the_file_are_taken_but_not_behind_a_link(tmp_path: Path, make: object) -> None:
    kind = make.__name__  # type: ignore[attr-defined]
    path = tmp_path / f"model.{kind}"
    path.write_bytes(make("data/weights.bin"))  # type: ignore[operator]
    assert check_file(path, kind) == kind
    (tmp_path / "elsewhere").mkdir()
    folder = tmp_path / "wanted"
    folder.mkdir()
    (folder / "data").symlink_to(tmp_path / "elsewhere")
    assert check_file(path, kind) == kind
    with pytest.raises(ContentError, match="outside its folder"):
        check_file(path, kind, folder=folder)


@settings(max_examples=400)
@given(
    st.sampled_from(sorted(model_files.ALL)),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4),
    st.integers(0, 400),
    st.binary(max_size=20),
)
def test_damaged_files_raise_nothing_but_the_refusal(
    name: str, changes: list[tuple[int, int]], keep: int, tail: bytes
) -> None:
    content = bytearray(model_files.ALL[name])
    for place, value in changes:
        content[place % len(content)] = value
    refused_or_known(bytes(content[: keep or None]) + tail)


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=100).map(lambda data: b"\x0a" + data)))
def test_any_bytes_raise_nothing_but_the_refusal(content: bytes) -> None:
    refused_or_known(content)


def refused_or_known(content: bytes) -> None:
    with contextlib.suppress(ContentError):
        assert recognise(memoryview(content)) in FORMATS
