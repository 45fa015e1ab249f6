"""What is found in model files of each kind."""

from __future__ import annotations

import contextlib
import json
import math
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from hubkit.cli import cli
from hubkit.errors import HubkitError
from hubkit.inspect.document import document
from hubkit.inspect.inspection import Inspection, inspect
from hubkit.inspect.model import Skipped, Statistics
from hubkit.resources import schema
from hubkit.wire import fields, header
from tests import model_files
from tests.model_files import number, text
from tests.requirements import needs_mindspore

KINDS = ("ckpt", "mindir", "onnx", "safetensors")


def inspected(folder: Path, content: bytes) -> Inspection:
    path = folder / "model"
    path.write_bytes(content)
    return inspect(path)


def figures(found: Inspection, index: int = 0) -> Statistics:
    result = found.statistics[index]
    assert isinstance(result, Statistics), result
    return result


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(cli, ["inspect", *map(str, arguments)])


def packed(tensors: dict[str, tuple[str, list[int], bytes]]) -> bytes:
    """A safetensors file."""
    entries, data = {}, b""
    for name, (dtype, shape, content) in tensors.items():
        entries[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    head = json.dumps(entries).encode()
    return struct.pack("<Q", len(head)) + head + data


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_known_by_its_content(kind: str, tmp_path: Path) -> None:
    found = inspected(tmp_path, model_files.ALL[kind])
    assert found.model.kind == kind
    assert [tensor.count for tensor in found.model.tensors] == [2]
    assert figures(found).maximum == (2.0 if kind == "ckpt" else 0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_document_holds_to_its_schema(kind: str, tmp_path: Path) -> None:
    found = document(inspected(tmp_path, model_files.ALL[kind]))
    assert list(Draft202012Validator(schema("inspection")).iter_errors(json.loads(json.dumps(found)))) == []


def test_the_schema_describes_every_field() -> None:
    Draft202012Validator.check_schema(schema("inspection"))
    nodes = [schema("inspection"), *schema("inspection")["$defs"].values()]
    assert all("description" in field for node in nodes for field in node.get("properties", {}).values())


VALUES = np.array([1.5, -2.0, 0.25, 100.0, -0.125])


@pytest.mark.parametrize("dtype", ["F16", "F32", "F64", "BF16"])
def test_floats_of_all_widths(dtype: str, tmp_path: Path) -> None:
    data = {
        "F16": VALUES.astype("<f2").tobytes(),
        "F32": VALUES.astype("<f4").tobytes(),
        "F64": VALUES.astype("<f8").tobytes(),
        "BF16": (VALUES.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes(),
    }[dtype]
    result = figures(inspected(tmp_path, packed({"w": (dtype, [5], data)})))
    assert (result.minimum, result.maximum, result.count) == (-2.0, 100.0, 5)
    assert result.mean == pytest.approx(VALUES.mean())
    assert result.deviation == pytest.approx(VALUES.std())


@pytest.mark.parametrize(("dtype", "code"), [("I8", "i1"), ("U8", "u1"), ("I64", "<i8"), ("U64", "<u8"), ("BOOL", "?")])
def test_integers_and_flags(dtype: str, code: str, tmp_path: Path) -> None:
    values = np.array([1, 0, 1, 1], code) if code == "?" else np.array([3, 100, 7, 0], code)
    result = figures(inspected(tmp_path, packed({"w": (dtype, [4], values.tobytes())})))
    assert (result.minimum, result.maximum) == (values.min(), values.max())
    assert result.mean == values.mean()
    assert result.deviation == pytest.approx(values.std())


def test_large_integers_are_exact(tmp_path: Path) -> None:
    result = figures(inspected(tmp_path, packed({"w": ("U64", [1], b"\xff" * 8)})))
    assert result.maximum == 2**64 - 1


@pytest.mark.parametrize(
    ("dtype", "name"), [("F4", "float4_e2m1fn"), ("F8_E4M3", "float8_e4m3fn"), ("C64", "complex64")]
)
def test_types_without_statistics_say_why(dtype: str, name: str, tmp_path: Path) -> None:
    size = {"F4": 4, "F8_E4M3": 8, "C64": 64}[dtype]
    found = inspected(tmp_path, packed({"w": (dtype, [8], bytes(size))}))
    assert found.statistics == (Skipped(f"NumPy has no type {name}"),)
    assert f"of 1 tensor: NumPy has no type {name}" in run(tmp_path / "model").output


def test_four_bit_integers_of_a_checkpoint(tmp_path: Path) -> None:
    tensor = number(1, 3) + text(2, "Int4") + text(3, bytes(2))
    found = inspected(tmp_path, text(1, text(1, "w") + text(2, tensor)))
    assert (found.model.tensors[0].element_type.name, found.model.tensors[0].size) == ("int4", 2)


def test_what_is_not_finite_is_counted_and_left_out(tmp_path: Path) -> None:
    values = np.array([1, math.nan, 3, math.inf, -math.inf], "<f4")
    found = inspected(tmp_path, packed({"a.w": ("F32", [5], values.tobytes()), "b": ("F32", [1], b"\0\0\xc0\x7f")}))
    result = figures(found)
    assert (result.minimum, result.maximum, result.mean, result.nan, result.infinite) == (1, 3, 2, 1, 2)
    output = run(tmp_path / "model").output
    assert "not finite  1 NaN, 2 infinite in a.w" in output
    assert "NaN" not in json.dumps(document(found), allow_nan=False)


def test_pieces_give_what_the_whole_gives(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(1e4, 1, 700_001).astype("<f4")
    result = figures(inspected(tmp_path, packed({"w": ("F32", [700_001], values.tobytes())})))
    assert (result.minimum, result.maximum, result.count) == (values.min(), values.max(), 700_001)
    assert result.mean == pytest.approx(values.mean(dtype=np.float64), rel=1e-12)
    assert result.deviation == pytest.approx(values.std(dtype=np.float64), rel=1e-9)


def test_a_checkpoints_slices_are_one_tensor(tmp_path: Path) -> None:
    """An element may lie across two slices."""
    data = np.arange(5, dtype="<f4").tobytes()
    entries = b"".join(
        text(1, text(1, "w") + text(2, number(1, 5) + text(2, "Float32") + text(3, part)))
        for part in (data[:6], data[6:7], data[7:])
    )
    found = inspected(tmp_path, entries)
    result = figures(found)
    assert (result.count, result.minimum, result.maximum, result.mean) == (5, 0, 4, 2)
    assert result.squares == pytest.approx(10)


def test_a_damaged_check_sum(tmp_path: Path) -> None:
    content = bytearray(model_files.checkpoint(checksum=True))
    content[25] ^= 1
    with pytest.raises(HubkitError, match="check sum"):
        inspected(tmp_path, bytes(content))


@pytest.mark.parametrize("kind", ["mindir", "onnx"])
def test_weights_beside_the_model_are_read(kind: str, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(struct.pack("<2f", 3, 5))
    found = inspected(tmp_path, getattr(model_files, kind)("weights"))
    assert figures(found).mean == 4
    assert found.model.tensors[0].location == "weights"


@pytest.mark.parametrize("kind", ["mindir", "onnx"])
@pytest.mark.parametrize(
    ("location", "words"), [("../weights", "outside its folder"), ("/etc/passwd", "outside its folder")]
)
def test_weights_outside_the_folder_are_not_read(kind: str, location: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(getattr(model_files, kind)(location))
    (tmp_path.parent / "weights").write_bytes(bytes(8))
    result = run(tmp_path / "model")
    assert isinstance(result.exception, HubkitError)
    assert words in str(result.exception)


@pytest.mark.parametrize("kind", ["mindir", "onnx"])
def test_a_link_out_of_the_folder_is_not_followed(kind: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret").write_bytes(bytes(8))
    (inside / "weights").symlink_to(tmp_path / "secret")
    with pytest.raises(HubkitError, match="outside its folder"):
        inspected(inside, getattr(model_files, kind)("weights"))


@pytest.mark.parametrize("kind", ["mindir", "onnx"])
def test_missing_weights_are_told_and_short_ones_refused(kind: str, tmp_path: Path) -> None:
    content = getattr(model_files, kind)("weights")
    assert inspected(tmp_path, content).statistics == (Skipped("there is no file 'weights'"),)
    (tmp_path / "weights").write_bytes(bytes(7))
    with pytest.raises(HubkitError, match="behind the end"):
        inspected(tmp_path, content)


def many(count: int) -> bytes:
    """An ONNX file with so many weights."""
    tensor = text(5, number(1, 0) + number(2, 1) + text(8, "w"))
    graph = text(1, text(4, "Relu")) + tensor * count
    return number(1, 9) + text(7, graph)


def deep(levels: int) -> bytes:
    """An ONNX file with so many branches in each other."""
    node = text(4, "If")
    for _ in range(levels):
        node = text(4, "If") + text(5, text(6, text(1, node)))
    return number(1, 9) + text(7, text(1, node))


_SPAN = '{"dtype":"U8","shape":[4],"data_offsets":[0,4]}'
_HEAD = f'{{"v":{_SPAN},"w":{_SPAN}}}'.encode()
OVERLAPPING = struct.pack("<Q", len(_HEAD)) + _HEAD + bytes(4)
HOSTILE = {
    "a cut checkpoint": (model_files.checkpoint()[:-3], "bytes longer than what is there"),
    # As a checkpoint it would be wrong at its first byte already; what it is ends within its last field.
    "a cut MINDIR": (text(1, "0.1.0") + text(7, b"x" * 90)[:-3], "at byte 7 is 3 bytes longer than what is there, 96"),
    "a huge length": (b"\x0a" + header(1, 2**62)[1:], "longer than what is there"),
    "overlapping tensors": (OVERLAPPING, "'v' and 'w' overlap"),
    "too many tensors": (many(600_000), "more than 2,000,000 fields"),
    "deep nesting": (deep(1000), "nested too deeply"),
    "an encrypted file": (b"\xd8\x5e\x3a\x7f" + bytes(60), "an encrypted MindSpore file"),
    "a pickle": (b"\x80\x02}q\x00." + bytes(60), "a Python pickle"),
    "MindSpore Lite": (model_files.mslite(), "which hubkit cannot look into"),
    "nothing known": (b"\x00" * 64, "not a model file"),
    "a shape that overflows": (
        text(1, text(1, "w") + text(2, (b"\x08" + b"\xff" * 8 + b"\x7f") * 80 + text(2, "Float32") + text(3, b""))),
        "a shape that no tensor can have",
    ),
    "an unknown type": (text(1, text(1, "w") + text(2, number(1, 1) + text(2, "Float7") + text(3, b"1"))), "'Float7'"),
    "a name that acts on a terminal": (
        text(1, text(1, "\x1b[2Jw") + text(2, number(1, 9) + text(2, "Float32") + text(3, b"1"))),
        r"'\x1b[2Jw'",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_get_a_message_and_exit_2(name: str, tmp_path: Path, project_dir: Path) -> None:
    content, words = HOSTILE[name]
    path = tmp_path / "model"
    path.write_bytes(content)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_DATA, (2**30, 2**30)); "
        f"sys.argv = ['hubkit', 'inspect', {str(path)!r}]; from hubkit.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project_dir, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert words in done.stderr
    assert "fault in hubkit" not in done.stderr
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_every_cut_and_every_changed_byte_gets_a_message_at_most(kind: str, tmp_path: Path) -> None:
    whole = model_files.ALL[kind]
    # What follows the graph in a MINDIR or ONNX file may be missing, where the cut is between two fields.
    graph = (
        [field.end for field in fields(memoryview(whole)) if field.number == 7] if kind in ("mindir", "onnx") else []
    )
    for length in range(min([*graph, len(whole)])):
        with pytest.raises(HubkitError):
            inspected(tmp_path, whole[:length])
    for place in range(len(whole)):
        for value in (0x00, 0x7F, 0xFF, whole[place] ^ 1):
            with contextlib.suppress(HubkitError):
                inspected(tmp_path, whole[:place] + bytes([value]) + whole[place + 1 :])


def test_a_folder_and_nothing_are_told(tmp_path: Path) -> None:
    for path, words in ((tmp_path, "is no file"), (tmp_path / "none", "there is no model file")):
        with pytest.raises(HubkitError, match=words):
            inspect(path)


def test_a_quick_look_takes_no_numpy_and_no_protobuf(tmp_path: Path, project_dir: Path) -> None:
    for kind in KINDS:
        (tmp_path / kind).write_bytes(model_files.ALL[kind])
    code = (
        "import sys; from pathlib import Path; from hubkit.inspect.inspection import inspect\n"
        f"for kind in {KINDS!r}: inspect(Path({str(tmp_path)!r}) / kind, with_statistics=False)\n"
        "print([name for name in ('numpy', 'google.protobuf', 'onnx', 'mindspore') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project_dir, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


TREE = packed(
    {
        "encoder.layers.0.weight": ("F32", [2, 3], bytes(24)),
        "encoder.layers.0.bias": ("F32", [2], bytes(8)),
        "encoder.layers.1.weight": ("F32", [2, 3], bytes(24)),
        "head": ("I64", [1], bytes(8)),
    }
)


def test_the_tree_in_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "small.safetensors").write_bytes(TREE)
    output = run(tmp_path / "small.safetensors", "--depth", "3").output
    assert output.splitlines()[4:] == [
        "layer           tensor         elements  size  min  max  mean  std",
        "encoder.layers  3 tensors            14  56 B    0    0     0    0",
        "  0             2 tensors             8  32 B    0    0     0    0",
        "    weight      float32[2, 3]         6  24 B    0    0     0    0",
        "    bias        float32[2]            2   8 B    0    0     0    0",
        "  1.weight      float32[2, 3]         6  24 B    0    0     0    0",
        "head            int64[1]              1   8 B    0    0     0    0",
    ]
    assert "weight" not in run(tmp_path / "small.safetensors").output
    assert "layer" not in run(tmp_path / "small.safetensors", "--depth", "0").output


def test_names_of_many_layers_take_no_time(tmp_path: Path) -> None:
    deep_name = "a." * 500_000
    (tmp_path / "model").write_bytes(packed({f"{deep_name}{end}": ("F32", [1], bytes(4)) for end in "bc"}))
    assert "2 tensors" in run(tmp_path / "model", "--depth", "9").output


@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_the_terminal(width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    name = "a_layer_with_a_very_long_name" * 3
    content = packed({f"{name}.{part}": ("F32", [1], struct.pack("<f", -1.234e-20)) for part in ("weight", "bias")})
    (tmp_path / "model").write_bytes(content)
    for options in ([], ["--depth", "4"], ["--no-statistics"]):
        assert max(map(len, run(tmp_path / "model", *options).output.splitlines())) <= width


def test_names_do_not_act_on_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(packed({"\x1b[31mred\nline.\u202ew": ("F32", [1], bytes(4))}))
    output = run(tmp_path / "model").output
    assert "\x1b" not in output
    assert "\u202e" not in output
    assert "\ufffd[31mred\ufffdline" in output


@needs_mindspore
class TestOnnx:
    """Against onnx's own inference."""

    def test_operators_are_counted_in_plain_spaces(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from onnx import TensorProto, helper

        monkeypatch.setenv("COLUMNS", "60")
        ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
        names = ["x", *map(str, range(11)), "y"]
        kinds = ("HardSigmoid", "Softsign", "Softplus", "Tanh") * 3
        nodes = [helper.make_node(kind, [x], [y]) for kind, x, y in zip(kinds, names[:-1], names[1:], strict=True)]
        model = helper.make_model(helper.make_graph(nodes, "net", ends[:1], ends[1:]))
        (tmp_path / "model").write_bytes(model.SerializeToString())
        output = run(tmp_path / "model").output
        assert "operators   12: HardSigmoid 3, Softplus 3, Softsign 3,\n            Tanh 3\n" in output
        assert "\N{NO-BREAK SPACE}" not in output

    def test_shapes_are_those_of_onnx(self, tmp_path: Path) -> None:
        import onnx
        from onnx import TensorProto, helper, numpy_helper

        def weight(name: str, *shape: int) -> Any:
            return numpy_helper.from_array(np.ones(shape, np.float32), name)

        nodes = [
            helper.make_node("Conv", ["x", "w1"], ["a"], pads=[1, 2, 1, 0], strides=[2, 1], dilations=[1, 2]),
            helper.make_node("MaxPool", ["a"], ["b"], kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
            helper.make_node("AveragePool", ["b"], ["c"], kernel_shape=[2, 2], auto_pad="SAME_UPPER", strides=[2, 2]),
            helper.make_node("Relu", ["c"], ["d"]),
            helper.make_node("Concat", ["c", "d"], ["e"], axis=1),
            helper.make_node("Resize", ["e", "", "scales"], ["f"]),
            helper.make_node("Conv", ["f", "w2"], ["g"], group=4),
            helper.make_node("ConvTranspose", ["g", "w3"], ["up"]),
            helper.make_node("GlobalAveragePool", ["g"], ["h"]),
            helper.make_node("Flatten", ["h"], ["i"]),
            helper.make_node("Gemm", ["i", "w4"], ["j"], transB=1),
            helper.make_node("Reshape", ["j", "shape"], ["k"]),
            helper.make_node("Transpose", ["k"], ["l"], perm=[0, 2, 1]),
            helper.make_node("MatMul", ["l", "w5"], ["y"]),
        ]
        graph = helper.make_graph(
            nodes,
            "net",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ("batch", 3, 31, 29))],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
            [
                weight("w1", 8, 3, 3, 3),
                weight("w2", 12, 4, 1, 1),
                weight("w3", 12, 5, 2, 2),
                weight("w4", 10, 12),
                weight("w5", 2, 7),
                helper.make_tensor("scales", TensorProto.FLOAT, [4], [1, 1, 2, 2]),
                helper.make_tensor("shape", TensorProto.INT64, [3], [0, 2, -1]),
            ],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
        onnx.save(model, str(tmp_path / "model"))
        found = inspect(tmp_path / "model")
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
        shapes = {
            value.name: tuple(axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim)
            for value in (*inferred.graph.value_info, *inferred.graph.output)
        }
        weights = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}

        def expected(output: str, *factors: int) -> dict[tuple[str, ...], int]:
            sizes = [axis for axis in shapes[output] if isinstance(axis, int)]  # all but the batch
            assert len(sizes) == len(shapes[output]) - 1
            return {("batch",): 2 * math.prod(sizes) * math.prod(factors)}

        assert [cost.operations for cost in found.model.costs] == [
            expected("a", *weights["w1"][1:]),
            expected("g", *weights["w2"][1:]),
            expected("g", *weights["w3"][1:]),
            expected("j", 12),
            expected("y", 2),
        ]

    def test_what_has_no_shape_is_unknown(self, tmp_path: Path) -> None:
        import onnx
        from onnx import TensorProto, helper

        graph = helper.make_graph(
            [helper.make_node("NonZero", ["x"], ["a"]), helper.make_node("MatMul", ["a", "a"], ["y"])],
            "net",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, (2, 2))],
            [helper.make_tensor_value_info("y", TensorProto.INT64, None)],
        )
        onnx.save(helper.make_model(graph), str(tmp_path / "model"))
        (cost,) = inspect(tmp_path / "model").model.costs
        assert isinstance(cost.operations, Skipped)
        assert cost.operations.reason == "the file does not say the shape of its first input"
        assert "1 MatMul: the file does not say the shape of its first input" in run(tmp_path / "model").output

    @pytest.mark.parametrize("dtype", ["FLOAT", "DOUBLE", "INT64", "INT32", "UINT8", "FLOAT16", "BFLOAT16", "BOOL"])
    def test_elements_that_are_not_raw(self, dtype: str, tmp_path: Path) -> None:
        import onnx
        from onnx import TensorProto, helper

        tensor = helper.make_tensor("w", getattr(TensorProto, dtype), [3], [0, 1, 1])
        assert not tensor.raw_data
        graph = helper.make_graph([helper.make_node("Identity", ["w"], ["y"])], "net", [], [], [tensor])
        onnx.save(helper.make_model(graph), str(tmp_path / "model"))
        result = figures(inspect(tmp_path / "model"))
        assert (result.minimum, result.maximum, result.count) == (0, 1, 3)
        assert result.mean == pytest.approx(2 / 3)
