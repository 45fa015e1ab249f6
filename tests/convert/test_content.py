"""Files that MindSpore and ONNX themselves wrote are known by their content."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.store.content import ContentError, check_file
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

ENCRYPTED = ("AES-GCM", "AES-CBC", "SM4-CBC")


def test_every_checkpoint_of_mindspore_is_known(files: Path) -> None:
    for name in ("net", "checked", "split", "kinds"):
        assert check_file(files / f"{name}.ckpt", "ckpt") == "ckpt"


def test_every_mindir_of_mindspore_is_known(files: Path, networks: Path) -> None:
    found = [*networks.rglob("*.mindir"), *(files / f"{name}.mindir" for name in ("net", "unsupported", "unchanged"))]
    assert len(found) > 50
    for path in found:
        assert check_file(path, "mindir") == "mindir"
    beside = next(files.glob("beside*.mindir"))
    assert check_file(beside, "mindir") == "mindir"


@pytest.mark.parametrize("mode", ENCRYPTED)
def test_encrypted_files_are_refused(files: Path, mode: str) -> None:
    for kind in ("ckpt", "mindir"):
        with pytest.raises(ContentError, match=rf"it is an encrypted MindSpore file \({mode}\)"):
            check_file(files / f"{mode}.{kind}", kind)


def test_what_numpy_saved_is_a_zip(files: Path) -> None:
    with pytest.raises(ContentError, match="it is a ZIP archive"):
        check_file(files / "net.npz", "ckpt")


@pytest.mark.parametrize(("location", "sound"), [("weights.bin", True), ("../weights.bin", False)])
def test_external_data_as_onnx_itself_writes_it(tmp_path: Path, location: str, sound: bool) -> None:
    import onnx
    from onnx import TensorProto, helper

    tensor = helper.make_tensor("weight", TensorProto.FLOAT, [2], bytes(8), raw=True)
    inner = helper.make_graph(
        [helper.make_node("Identity", ["weight"], ["inner"])], "then", [], [_value("inner")], initializer=[tensor]
    )
    node = helper.make_node("If", ["condition"], ["y"], then_branch=inner, else_branch=inner)
    graph = helper.make_graph([node], "net", [_value("condition")], [_value("y")])
    model = helper.make_model(graph)
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    assert check_file(path, "onnx") == "onnx"
    for branch in model.graph.node[0].attribute:
        onnx.external_data_helper.set_external_data(branch.g.initializer[0], location)
        branch.g.initializer[0].ClearField("raw_data")
    path.write_bytes(model.SerializeToString())
    if sound:
        assert check_file(path, "onnx") == "onnx"
    else:
        with pytest.raises(ContentError, match=r"'\.\./weights\.bin', outside its folder"):
            check_file(path, "onnx")


def _value(name: str) -> object:
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [2])
