"""Weights from checkpoints and safetensors files, and into the latter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.errors import ConvertError
from tests.convert.small_networks import in_workers
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore


def test_both_kinds_are_known_by_their_content(files: Path, tmp_path: Path) -> None:
    import numpy as np
    from safetensors.numpy import save_file

    from hubkit.convert.weights import read_weights

    from_checkpoint = read_weights(files / "net.ckpt")
    save_file({name: np.ascontiguousarray(array) for name, array in from_checkpoint.items()}, tmp_path / "w.ckpt")
    from_safetensors = read_weights(tmp_path / "w.ckpt")
    assert set(from_checkpoint) == set(from_safetensors) == {"conv.weight", "conv.bias", "dense.weight", "dense.bias"}
    for name, array in from_checkpoint.items():
        assert np.array_equal(from_safetensors[name], array)


def test_another_kind_of_file_is_told(files: Path, tmp_path: Path) -> None:
    from hubkit.convert.weights import read_weights

    with pytest.raises(ConvertError, match="is not a checkpoint file: it is a MINDIR file"):
        read_weights(files / "net.mindir")
    (tmp_path / "w.safetensors").write_bytes(b"nothing at all")
    with pytest.raises(ConvertError, match="is not a checkpoint file"):
        read_weights(tmp_path / "w.safetensors")
    with pytest.raises(ConvertError, match="there is no checkpoint file"):
        read_weights(tmp_path / "none")


def test_an_element_type_that_mindspore_lacks_is_told(tmp_path: Path) -> None:
    from hubkit.convert.safetensors import write_safetensors
    from hubkit.convert.weights import read_weights

    write_safetensors(tmp_path / "w", [("scale", "float8_e4m3fn", (2,), [b"\0\0"])])
    with pytest.raises(ConvertError, match="parameter scale is of float8_e4m3fn, which MindSpore lacks"):
        read_weights(tmp_path / "w")


def test_a_network_goes_out_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the `safetensors` package, an outside referee, and into the same network again."""
    import numpy as np
    from safetensors.numpy import load_file

    from hubkit.convert.pipeline import ConvertJob, run
    from hubkit.convert.weights import read_weights

    in_workers(tmp_path, monkeypatch)
    job = ConvertJob("deep", tmp_path, "w", formats=("safetensors",))
    made = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        result = run(replace(job, target_dir=folder, seed=5))
        assert result.status == "passed", result.error
        (file,) = result.files
        assert (file.format, file.path) == ("safetensors", folder / "w.safetensors")
        assert file.size == file.path.stat().st_size
        made.append(file.path)
    assert made[0].read_bytes() == made[1].read_bytes()
    read = load_file(made[0])
    own = read_weights(made[0])
    assert set(read) == set(own)
    assert all(np.array_equal(read[name], own[name]) for name in read)
    assert len(read) == 12

    again = run(replace(job, target_dir=tmp_path / "three", checkpoint=made[0]))
    assert again.status == "passed", again.error
    assert again.files[0].path.read_bytes() == made[0].read_bytes()
