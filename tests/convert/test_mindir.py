"""Reading .mindir files: good ones give the network, bad ones a clear error, none a traceback."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hubkit.errors import ConvertError
from tests import model_files
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore


def test_a_network_is_read(files: Path) -> None:
    import numpy as np

    from hubkit.convert.mindir import read_mindir

    graph = read_mindir(files / "net.mindir")
    assert graph.producer.startswith("MindSpore 2.")
    assert [(str(item.type), item.name.rpartition(":")[2]) for item in graph.inputs] == [
        ("float32[1, 3, 8, 8]", "image")
    ]
    (output,) = graph.outputs
    assert isinstance(output.type, tuple)
    assert [str(item) for item in output.type] == ["float32[1, 5]", "float32[1, 32, 8, 8]"]
    assert graph.functions == {}

    with np.load(files / "net.npz") as stored:
        expected = dict(stored)
    assert {item.name for item in graph.parameters.values()} == set(expected)
    for item in graph.parameters.values():
        assert np.array_equal(item.array(), expected[item.name])
        assert item.array().dtype == expected[item.name].dtype

    (conv,) = [node for node in graph.nodes if node.op == "Conv2D"]
    assert conv.scope == "Default/conv-Conv2d/Conv2D-op0"
    assert conv.attributes["kernel_size"] == (3, 3)
    assert conv.attributes["pad_mode"] == "same"
    assert str(conv.output_type) == "float32[1, 32, 8, 8]"
    (mean,) = [node for node in graph.nodes if node.op == "ReduceMean"]
    assert graph.constants[mean.inputs[1]] == (2, 3)


def test_parameters_written_beside_are_found(files: Path) -> None:
    import numpy as np

    from hubkit.convert.mindir import read_mindir

    graph = read_mindir(files / "beside_graph.mindir")
    with np.load(files / "net.npz") as stored:
        for item in graph.parameters.values():
            assert np.array_equal(item.array(), stored[item.name])


def test_parameters_outside_the_folder_are_refused(files: Path, tmp_path: Path) -> None:
    content = (files / "beside_graph.mindir").read_bytes()
    moved = tmp_path / "graph.mindir"
    moved.write_bytes(content.replace(b"beside_variables/data_0", b"/../../../../etc/passwd"))
    assert moved.read_bytes() != content
    with pytest.raises(ConvertError, match="outside the file's folder"):
        _read(moved)


@pytest.mark.parametrize("mode", ["AES-GCM", "AES-CBC", "SM4-CBC"])
def test_an_encrypted_file_is_called_so(files: Path, mode: str) -> None:
    with pytest.raises(ConvertError, match=rf"is an encrypted MindSpore file \({mode}\)") as raised:
        _read(files / f"{mode}.mindir")
    assert "dec_key" in raised.value.hint


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>404", "is an HTML page"),
        (b"\n  <html>", "is an HTML page"),
        (b"PK\x03\x04rest", "is a ZIP archive"),
        (b"\x80\x02}q\x00.", "a Python pickle"),
        (b'{"error": 1}', "a JSON text"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
        (model_files.safetensors(), "a safetensors file"),
        (b"\x00\x01\x02\x03", "not a MINDIR file, or it is damaged: byte 0 begins no field"),
        (b"\x0a\x03abc", "it holds no graph"),
        (b"plain text", "not a MINDIR file"),
    ],
)
def test_another_file_is_recognised(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "other.mindir"
    path.write_bytes(content)
    with pytest.raises(ConvertError, match=words):
        _read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConvertError, match=r"there is no MINDIR file .*nowhere\.mindir"):
        _read(tmp_path / "nowhere.mindir")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConvertError, match="cannot be read"):
        _read(tmp_path)


def test_a_file_cut_short_anywhere_is_refused(files: Path, tmp_path: Path) -> None:
    content = (files / "net.mindir").read_bytes()
    path = tmp_path / "short.mindir"
    for size in range(1, len(content) - 1, 37):
        path.write_bytes(content[:size])
        try:
            _read(path)
        except ConvertError:
            continue
        # What follows the last field that the reader needs may be missing.
        assert size > len(content) * 0.8


def test_a_parameter_of_another_size_is_refused(files: Path, tmp_path: Path) -> None:
    # The dims (32, 3, 3, 3) of conv.weight, then its type float32.
    content = (files / "net.mindir").read_bytes()
    dims = b"\x08\x20\x08\x03\x08\x03\x08\x03\x10\x01"
    place = content.rindex(dims)  # nodes come first and have such shapes too
    path = tmp_path / "resized.mindir"
    path.write_bytes(content[:place] + b"\x08\x20\x08\x03\x08\x03\x08\x7f\x10\x01" + content[place + len(dims) :])
    with pytest.raises(ConvertError, match=r"says it is float32\[32, 3, 3, 127\] but has"):
        _read(path)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_bytes_never_crash(networks: Path, tmp_path: Path, seed: int) -> None:
    """Reading and lowering a mutated file ends well or in a ConvertError."""
    from hubkit.convert.onnx_export import mindir_to_onnx

    rng = random.Random(seed)
    originals = sorted(networks.glob("*.mindir"))
    path, target = tmp_path / "damaged.mindir", tmp_path / "out.onnx"
    refused = 0
    for _ in range(150):
        content = bytearray(rng.choice(originals).read_bytes())
        for _ in range(rng.choice((1, 1, 2, 5, 20))):
            place = rng.randrange(len(content))
            match rng.randrange(4):
                case 0:
                    content[place] = rng.randrange(256)
                case 1:
                    content[place] ^= 1 << rng.randrange(8)
                case 2:
                    del content[place : place + rng.randrange(1, 9)]
                case _:
                    content[place:place] = rng.randbytes(rng.randrange(1, 9))
        path.write_bytes(content)
        try:
            mindir_to_onnx(path, target, input_names=["x"], output_names=["y"])
        except ConvertError:
            refused += 1
    assert refused > 20
    assert [item.name for item in tmp_path.iterdir() if item not in (path, target)] == []


def _read(path: Path) -> None:
    from hubkit.convert.mindir import read_mindir

    read_mindir(path)


def test_complex_outputs_are_told_with_what_to_return(files: Path) -> None:
    with pytest.raises(ConvertError, match=r"waves.mindir: output .* is complex") as raised:
        _read(files / "waves.mindir")
    assert "ops.real(y), ops.imag(y)" in str(raised.value)
