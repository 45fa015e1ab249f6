"""``hubkit.load``: the network with the published weights, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.hubs import ASSET_HOST, SETTINGS, write_card
from tests.requirements import PROJECT, needs_mindspore, needs_shared
from tests.servers import asset_host

pytestmark = needs_mindspore

# One process for everything: importing MindSpore takes a while. It prints one JSON object.
PROGRAM = """
import json, sys, warnings
import mindspore, numpy
import hubkit
from hubkit.errors import HubkitError
from hubkit.smoke.inputs import draw_parameters

golden = numpy.load(sys.argv[1])["output"]
said = {}
network = hubkit.load("unet3plus_data")
rng = numpy.random.Generator(numpy.random.PCG64(1))
weights = draw_parameters({item.name: tuple(item.shape) for item in network.get_parameters()}, rng)
image = rng.uniform(0, 1, (1, 3, 64, 64)).astype(numpy.float32)
mindspore.set_context(mode=mindspore.GRAPH_MODE)
said["difference"] = float(numpy.abs(network(mindspore.Tensor(image)).asnumpy() - golden).max())
said["equal"] = all(numpy.array_equal(item.asnumpy(), weights[item.name]) for item in network.get_parameters())
said["training"] = bool(network.training)
offline = hubkit.load("tests/1.9/unet3plus_data", offline=True)
said["offline"] = all(numpy.array_equal(item.asnumpy(), weights[item.name]) for item in offline.get_parameters())
grey = hubkit.load("tests/unet3plus_data", 1, out_channels=5, pretrained=False)
said["grey"] = [list(grey.conv1.conv[0].weight.shape), grey.outconv1.weight.shape[0]]
said["errors"] = {}
for name, call in {
    "shape": lambda: hubkit.load("unet3plus_data", out_channels=2),
    "renamed": lambda: hubkit.load("unet3plus_renamed"),
    "argument": lambda: hubkit.load("unet3plus_data", force_reload=True),
    "network": lambda: hubkit.load("resnet_data"),
    "pickle": lambda: hubkit.load("unet3plus_pickle"),
}.items():
    try:
        call()
    except HubkitError as error:
        said["errors"][name] = str(error)
print(json.dumps(said))
"""

MAKE = """
import sys
import mindspore, numpy
from hubkit import nets
from hubkit.smoke.inputs import draw_parameters

rng = numpy.random.Generator(numpy.random.PCG64(1))
shapes = {item.name: tuple(item.shape) for item in nets.build("unet3plus").get_parameters()}
weights = draw_parameters(shapes, rng)
def save(path, names):
    mindspore.save_checkpoint([{"name": names(n), "data": mindspore.Tensor(w)} for n, w in weights.items()], path)
save(sys.argv[1], lambda name: name)
save(sys.argv[2], lambda name: "outconv.weight" if name == "outconv1.weight" else name)
"""


def python(folder: Path, code: str, *arguments: str) -> str:
    environment = {"ONEDNN_MAX_CPU_ISA": "AVX2", **os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={**environment, "HUBKIT_CACHE": str(folder / "store")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def said(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("load")
    python(folder, MAKE, "unet3plus.ckpt", "renamed.ckpt")
    contents = {
        "data": (folder / "unet3plus.ckpt").read_bytes(),
        "renamed": (folder / "renamed.ckpt").read_bytes(),
        "pickle": b"\x80\x02cos\nsystem\n(S'touch owned'\ntR.",
    }
    with asset_host() as host:
        (folder / "hubkit.toml").write_text(f'{SETTINGS}[mirrors]\n"{ASSET_HOST}" = "{host.url}"\n', encoding="utf-8")
        for dataset, content in contents.items():
            uid = write_card(folder / "cards", "unet3plus", dataset=dataset, content=content)
            card = folder / "cards" / f"{uid}.md"
            card.write_text(card.read_text().replace("9/unet3plus.ckpt", f"9/{dataset}.ckpt"), encoding="utf-8")
            host.files[f"{dataset}.ckpt"] = content
        write_card(folder / "cards", "resnet", content=b"not served")
        output = python(folder, PROGRAM, str(shared_dir / "golden" / "unet3plus_64_1.npz"))
    assert not (folder / "owned").exists()
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


@needs_shared
def test_the_output_is_the_recorded_one(said: dict[str, Any]) -> None:
    assert said["difference"] <= 1e-4
    assert said["equal"]
    assert said["training"] is False


@needs_shared
def test_a_cached_checkpoint_needs_no_network(said: dict[str, Any]) -> None:
    assert said["offline"]


@needs_shared
def test_arguments_go_to_the_builder(said: dict[str, Any]) -> None:
    assert said["grey"] == [[16, 1, 3, 3], 5]


@needs_shared
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("shape", "1 of another shape or type: outconv1.weight is float32[1, 80, 3, 3] in the checkpoint"),
        ("renamed", "1 missing from the checkpoint: outconv1.weight (nearest: outconv.weight)"),
        ("renamed", "1 not in the network: outconv.weight (nearest: outconv1.weight)"),
        ("argument", "unet3plus takes no argument force_reload"),
        ("network", "no network is called 'resnet'"),
        ("pickle", "it is a Python pickle"),
    ],
)
def test_what_does_not_fit_is_named(said: dict[str, Any], name: str, words: str) -> None:
    assert words in said["errors"][name]
