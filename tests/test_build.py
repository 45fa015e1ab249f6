"""``hubkit build`` with a real network, interrupted once: from cards and a published checkpoint to the catalogue."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from hubkit.receipts import Receipt, read_receipt, receipt_path
from hubkit.resources import schema
from hubkit.store.digest import sha256_file
from tests.hubs import ASSET_HOST, SETTINGS, write_card
from tests.requirements import needs_mindspore
from tests.servers import asset_host

pytestmark = needs_mindspore

# Writes a checkpoint as MindSpore itself does, so that hubkit reads what it did not write.
MAKE_CHECKPOINT = """
import sys
import mindspore
from hubkit import nets
from hubkit.smoke.inputs import seeded_parameters
cell = nets.build("unet3plus")
shapes = {item.name: tuple(item.shape) for item in cell.get_parameters()}
weights = seeded_parameters(shapes, 7)
mindspore.save_checkpoint([{"name": n, "data": mindspore.Tensor(w)} for n, w in weights.items()], sys.argv[1])
"""

# Small pictures: of 512 x 512, as the network's own are, each of the runs takes seconds.
NETWORK = "{builder: unet3plus, inputs: [{name: image, shape: [1, 3, 64, 64], type: float32, range: [0, 1]}]}"


@dataclass(frozen=True)
class Hub:
    """A hub on disk and what its builds printed."""

    folder: Path
    unet: str
    unknown: str
    interrupted: subprocess.CompletedProcess[str]
    left_behind: list[str]
    first: subprocess.CompletedProcess[str]
    again: subprocess.CompletedProcess[str]
    changed: list[str]
    smoked: subprocess.CompletedProcess[str]

    def receipt(self, uid: str) -> Receipt:
        return read_receipt(receipt_path(self.folder / "out", uid))


def build(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "hubkit", "build", "cards", "--out", "out"],
        cwd=folder,
        env={**os.environ, "HUBKIT_CACHE": str(folder / "store")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def hubkit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hubkit", *arguments],
        cwd=folder,
        env={**os.environ, "HUBKIT_CACHE": str(folder / "store")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def completed(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def interrupt_while_exporting(folder: Path) -> subprocess.CompletedProcess[str]:
    process = build(folder)
    assert process.stderr is not None
    seen = ""
    for line in process.stderr:
        seen += line
        if "exporting MINDIR" in line:
            process.send_signal(signal.SIGINT)
            break
    done = completed(process)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout, seen + done.stderr)


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    folder = tmp_path_factory.mktemp("hub")
    checkpoint = folder / "unet3plus.ckpt"
    subprocess.run([sys.executable, "-c", MAKE_CHECKPOINT, str(checkpoint)], cwd=folder, check=True, timeout=120)
    content = checkpoint.read_bytes()
    unet = write_card(folder / "cards", "unet3plus", content=content, network=NETWORK)
    unknown = write_card(folder / "cards", "resnet", content=b"not served")
    (folder / "cards" / "tests" / "1.9" / "broken_data.md").write_text("no front matter\n", encoding="utf-8")
    with asset_host() as host:
        host.files["unet3plus.ckpt"] = content
        mirrors = f'[mirrors]\n"{ASSET_HOST}" = "{host.url}"\n'
        (folder / "hubkit.toml").write_text(SETTINGS + mirrors, encoding="utf-8")
        interrupted = interrupt_while_exporting(folder)
        left_behind = sorted(stamps(folder / "out"))
        first = completed(build(folder))
        before = stamps(folder / "out")
        again = completed(build(folder))
        after = stamps(folder / "out")
    changed = [name for name in after if before.get(name) != after[name]]
    smoked = hubkit(folder, "smoke", unet, "--out", "out", "--offline")
    return Hub(folder, unet, unknown, interrupted, left_behind, first, again, changed, smoked)


def test_an_interrupt_ends_with_130_and_leaves_no_broken_file(hub: Hub) -> None:
    assert hub.interrupted.returncode == 130, hub.interrupted.stderr
    assert "Interrupted. What was finished is kept" in hub.interrupted.stderr
    assert "Traceback" not in hub.interrupted.stderr
    assert [name for name in hub.left_behind if "unet3plus" in name or name.startswith("models")] == []


def test_one_card_that_fails_stops_no_other_and_is_summed_up(hub: Hub) -> None:
    assert hub.first.returncode == 1
    assert "failed  tests/1.9/broken_data" in hub.first.stdout
    assert "the card has no front matter" in hub.first.stdout
    assert "passed  tests/1.9/unet3plus_data" in hub.first.stdout
    assert "3 cards in " in hub.first.stdout


def test_the_published_checkpoint_was_verified_and_converted(hub: Hub) -> None:
    receipt = hub.receipt(hub.unet)
    assert {step.name: step.status.value for step in receipt.steps} == dict.fromkeys(
        ("lint", "fetch", "mindir", "onnx", "smoke"), "passed"
    )
    assert (receipt.weights, receipt.note) == ("published", "")
    assert receipt.assets[0].size == (hub.folder / "unet3plus.ckpt").stat().st_size
    for model in receipt.models:
        assert sha256_file(hub.folder / "out" / model.path) == model.sha256
    assert {model.format for model in receipt.models} == {"mindir", "onnx"}


def test_the_parity_is_what_is_asked_of_a_conversion(hub: Hub) -> None:
    receipt = hub.receipt(hub.unet)
    pairs = {(pair.candidate, pair.batch): pair for pair in receipt.parity}
    assert pairs["mindir", 1].bit_equal
    for batch in (1, 2):
        pair = pairs["onnxruntime", batch]
        assert (pair.atol, pair.rtol, pair.ppm) == (1e-4, 1e-3, 100)
        assert pair.max_abs is not None
        assert pair.max_abs <= 1e-4
        assert pair.ppm_over_rtol <= 100
    assert receipt.sensitivity is not None
    assert receipt.sensitivity.passed
    assert receipt.sensitivity.max_change > 1e-3


def test_a_network_without_a_builder_is_skipped_and_looks_like_no_pass(hub: Hub) -> None:
    receipt = hub.receipt(hub.unknown)
    assert {step.name: step.status.value for step in receipt.steps}["smoke"] == "skipped"
    assert receipt.models == ()
    assert f"passed  {hub.unknown}" not in hub.first.stdout


def test_receipts_and_index_are_valid_by_their_schemas(hub: Hub) -> None:
    for path in (hub.folder / "out" / "receipts").rglob("*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        assert list(Draft202012Validator(schema("receipt")).iter_errors(data)) == []
    index = json.loads((hub.folder / "out" / "site" / "index.json").read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema("index")).iter_errors(index)) == []
    assert {model["uid"] for model in index["models"]} == {hub.unet, hub.unknown}


def test_nothing_changed_means_nothing_done(hub: Hub) -> None:
    assert hub.again.returncode == 1  # the broken card is still broken
    assert "importing MindSpore" not in hub.again.stderr
    assert hub.again.stdout.splitlines()[:-1] == hub.first.stdout.splitlines()[:-1]
    # Not what the builds of the site keep for the next: it is made anew as long as a card cannot be shown.
    assert [path for path in hub.changed if not path.startswith(".site.hubkit/")] == []


def test_smoke_runs_the_files_again_and_tells_the_times(hub: Hub) -> None:
    assert hub.smoked.returncode == 0, hub.smoked.stderr
    assert "mindir agrees with mindspore: bit-equal" in hub.smoked.stdout
    assert "onnxruntime agrees with mindspore, batch 2: differs by at most" in hub.smoked.stdout
    assert len([line for line in hub.smoked.stdout.splitlines() if line.endswith(" s a run")]) == 3


def test_a_file_that_is_no_checkpoint_is_said_to_be_none(hub: Hub) -> None:
    (hub.folder / "page.ckpt").write_bytes(b"<html><body>Not found</body></html>")
    done = hubkit(hub.folder, "convert", "page.ckpt", "--network", "unet3plus", "--out", "elsewhere")
    assert done.returncode == 2
    assert "HTML" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path for path in (hub.folder / "elsewhere").rglob("*") if path.is_file()] == []
