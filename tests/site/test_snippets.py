"""Snippets: they run, and nothing in a card changes what they do."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.card.model import Card, load_card
from hubkit.receipts import ModelFile, Tensor
from hubkit.site.pages import Snippet
from hubkit.site.snippets import snippets
from tests.requirements import needs_mindspore
from tests.site.examples import U2NET, Hub, passed, skipped


@pytest.fixture
def card(hub: Hub) -> Card:
    """A sound card."""
    return load_card(hub.add(U2NET), hub.cards)


def by_label(found: tuple[Snippet, ...]) -> dict[str, str]:
    return {snippet.label: snippet.code for snippet in found}


def test_the_snippets_of_a_verified_card(card: Card) -> None:
    code = by_label(snippets(card, passed(U2NET)))
    assert list(code) == [
        "Pull the onnx file, its digest checked",
        "Pull the mindir file, its digest checked",
        "Load the network in MindSpore",
        "Run it in ONNX Runtime",
        "Run it in MindSpore",
        "Convert it yourself",
        "Fetch the ckpt and check its digest",
    ]
    assert code["Convert it yourself"] == "hubkit convert mindspore/1.9/u2net_dutstr --to mindir --to onnx\n"
    assert '"x": rng.random((1, 3, 320, 320), dtype=np.float32),' in code["Run it in ONNX Runtime"]
    assert "# (1, 7, 320, 320)" in code["Run it in ONNX Runtime"]
    for label in ("Run it in ONNX Runtime", "Run it in MindSpore"):
        compile(code[label], label, "exec")


def test_without_a_network_there_is_no_conversion(card: Card) -> None:
    rest = ["Pull the ckpt file, its digest checked", "Fetch the ckpt and check its digest"]
    assert list(by_label(snippets(card, skipped(U2NET)))) == rest
    assert list(by_label(snippets(card, None))) == rest


def test_pulling_and_loading_name_the_catalogue_where_its_address_is_known(card: Card) -> None:
    code = by_label(snippets(card, passed(U2NET), "https://hub.example/a b/index.json"))
    pull, load = code["Pull the onnx file, its digest checked"], code["Load the network in MindSpore"]
    assert shlex.split(pull.replace("\\\n", "")) == [
        "hubkit", "pull", U2NET, "--format", "onnx", "--dest", ".",
        "--catalogue", "https://hub.example/a b/index.json",
    ]  # fmt: skip
    assert f'hubkit.load("{U2NET}", catalogue="https://hub.example/a b/index.json")' in load
    compile(load, "load", "exec")


def test_a_uid_that_pull_would_read_otherwise_gets_no_command(card: Card) -> None:
    for uid in ("--out=x/1.9/y", "a/1.9/b@1.3"):
        labels = by_label(snippets(replace(card, uid=uid), None))
        assert list(labels) == ["Fetch the ckpt and check its digest"]


def test_a_uid_cannot_run_anything(card: Card) -> None:
    uid = "a/1.9/$(touch pwned);`id`' \"&& x"
    code = by_label(snippets(replace(card, uid=uid), passed(uid)))
    assert shlex.split(code["Convert it yourself"]) == ["hubkit", "convert", uid, "--to", "mindir", "--to", "onnx"]
    for label in ("Run it in ONNX Runtime", "Run it in MindSpore"):
        compile(code[label], label, "exec")


def test_a_uid_that_reads_as_an_option_gets_no_command(card: Card) -> None:
    assert "Convert it yourself" not in by_label(snippets(replace(card, uid="--out=x/1.9/y"), passed("--out=x/1.9/y")))


@pytest.mark.parametrize(
    ("link", "sha256"),
    [
        ("javascript:alert(1)", "a" * 64),
        ("https://a.example/$(id).ckpt", "a" * 64),
        ("https://a.example/-o.ckpt", "a" * 64),
        ("https://a.example/", "a" * 64),
        ("https://a.example/x.ckpt", "a" * 8),
        ("https://a.example/x.ckpt", "';rm -rf /'" + "a" * 53),
    ],
)
def test_an_unsound_asset_gets_no_snippet(card: Card, link: str, sha256: str) -> None:
    asset = replace(card.assets[0], link=link, sha256=sha256)
    assert not [label for label in by_label(snippets(replace(card, assets=(asset,)), None)) if "Fetch" in label]


def test_a_link_is_quoted(card: Card) -> None:
    link = "https://a.example/x.ckpt?a=1&b=$(id);'"
    code = by_label(snippets(replace(card, assets=(replace(card.assets[0], link=link),)), None))
    assert shlex.quote(link) in code["Fetch the ckpt and check its digest"]


def test_the_fetched_file_is_checked(card: Card, tmp_path: Path) -> None:
    source = tmp_path / "there" / "x.ckpt"
    source.parent.mkdir()
    source.write_bytes(b"abc")
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    asset = replace(card.assets[0], link="https://a.example/x.ckpt", sha256=sha256.upper())
    code = by_label(snippets(replace(card, assets=(asset,)), None))["Fetch the ckpt and check its digest"]
    # A curl of our own, that reads a folder in the place of a server.
    curl = tmp_path / "bin" / "curl"
    curl.parent.mkdir()
    curl.write_text(f'#!/bin/sh\ntest "$5" = https://a.example/x.ckpt && cp {shlex.quote(str(source))} "$4"\n')
    curl.chmod(0o755)
    environment = {**os.environ, "PATH": f"{curl.parent}:{os.environ['PATH']}"}

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=30
        )

    assert run().returncode == 0, run().stderr
    source.write_bytes(b"abd")
    assert run().returncode != 0


def test_what_is_pulled_lies_where_the_runtime_snippets_look_for_it(card: Card) -> None:
    code = by_label(snippets(card, passed(U2NET)))
    for kind, label in (("onnx", "Run it in ONNX Runtime"), ("mindir", "Run it in MindSpore")):
        command = shlex.split(code[f"Pull the {kind} file, its digest checked"])
        assert command[command.index("--format") + 1 :] == [kind, "--dest", "."]
        assert f'"u2net_dutstr.{kind}"' in code[label]


@needs_mindspore
def test_the_runtime_snippets_run(card: Card, tmp_path: Path) -> None:
    """On real files: an ONNX and a MINDIR file of a small network, each with one float32 input of any batch size."""
    make = """
import mindspore as ms, numpy as np, onnx
from onnx import TensorProto, helper
graph = helper.make_graph(
    [helper.make_node("Relu", ["in put"], ["y"])], "g",
    [helper.make_tensor_value_info("in put", TensorProto.FLOAT, ["batch", 3])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 3])],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
onnx.save(model, "a-b.onnx")
ms.export(ms.nn.ReLU(), ms.Tensor(np.ones((1, 3), np.float32)), file_name="a-b", file_format="MINDIR")
"""
    run_python(make, tmp_path)
    tensors = (Tensor("in put", ("batch", 3), "float32"),), (Tensor("y", ("batch", 3), "float32"),)
    receipt = replace(
        passed(U2NET),
        models=tuple(
            ModelFile(kind, f"models/m/a-b.{kind}", "0" * 64, 1, None, {}, *tensors) for kind in ("mindir", "onnx")
        ),
    )
    code = by_label(snippets(card, receipt))
    for label in ("Run it in ONNX Runtime", "Run it in MindSpore"):
        assert run_python(code[label], tmp_path).splitlines()[-1] == "(1, 3)"


def run_python(code: str, folder: Path) -> str:
    environment = {**os.environ, "ONEDNN_MAX_CPU_ISA": "AVX2"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
