"""From a card to its receipt. The worker is played by a stand-in; tests/test_build.py runs the real one."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hubkit import verification
from hubkit.card.model import load_card
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.records import (
    ConvertJob,
    ConvertResult,
    ModelFile,
    ParityRecord,
    Port,
    SensitivityRecord,
)
from hubkit.nets import InputSpec
from hubkit.pipeline import build
from hubkit.receipts import Receipt, Status, Step, read_receipt, receipt_path
from hubkit.resources import schema
from hubkit.settings import Settings
from hubkit.store.blobs import BlobStore
from hubkit.store.digest import DigestCache, sha256_file
from hubkit.store.fetch import FetchOptions
from hubkit.verification import VerifyOptions, verify
from tests import model_files
from tests.hubs import ASSET_HOST, write_card
from tests.servers import AssetHost, asset_host

WEIGHTS = model_files.checkpoint()


def passed(job: ConvertJob) -> ConvertResult:
    """What a worker reports where all went well; it writes the files too."""
    job.target_dir.mkdir(parents=True, exist_ok=True)
    files = []
    for kind in job.formats:
        path = job.target_dir / f"{job.stem}.{kind}"
        path.write_bytes(f"{kind} of {job.checkpoint}".encode())
        files.append(
            ModelFile(
                format=kind,
                path=path,
                sha256=sha256_file(path),
                size=path.stat().st_size,
                opset=18 if kind == "onnx" else None,
                operators={"Conv": 2},
                inputs=(Port("image", ("batch", 3, 8, 8), "float32"),),
                outputs=(Port("maps", ("batch", 7, 8, 8), "float32"),),
            )
        )
    return ConvertResult(
        status=ConversionStatus.PASSED,
        failed_step="",
        error="",
        network=job.network,
        weights="seeded (seed 0)",
        passed_over=0,
        input_seed=job.seed,
        parameters=3,
        values=1000,
        files=tuple(files),
        parity=(
            ParityRecord(
                reference="mindspore",
                candidate="onnxruntime",
                output="maps",
                input_seeds=(0,),
                batch=1,
                max_abs=1e-6,
                max_rel=1e-5,
                ppm_over_rtol=0.0,
                bit_equal=False,
                elements=448,
                atol=1e-4,
                rtol=1e-3,
                ppm=100.0,
                passed=True,
                reason="",
            ),
        ),
        sensitivity=(SensitivityRecord("maps", 0.3, 0.9, 0.1, True, ""),),
        unsupported=(),
        misfits=(),
        mismatch=None,
        seconds={"import": 1.0, "build": 0.5, "lower": 2.0, "check": 0.25, "run onnx": 4.0},
        inference_seconds={"mindspore": 0.5},
        versions={"mindspore": "2.10.0"},
        machine={"cpu": "a cpu", "cores": 2, "onednn_isa": "AVX2"},
    )


class Bench:
    """One card, a store, an asset host, and a worker that counts its jobs."""

    def __init__(self, folder: Path, host: AssetHost) -> None:
        self.cards = folder / "cards"
        self.out = folder / "out"
        self.host = host
        self.jobs: list[ConvertJob] = []
        self.answer: Callable[[ConvertJob], ConvertResult] = passed
        self.options = VerifyOptions(
            out=self.out,
            store=BlobStore(folder / "store"),
            fetch=FetchOptions(mirrors={ASSET_HOST: (host.url,)}),
            formats=("mindir", "onnx"),
            seed=0,
            strict=False,
        )

    def run(self, job: ConvertJob, **_: Any) -> ConvertResult:
        self.jobs.append(job)
        return self.answer(job)

    def verify(self, uid: str, **changes: Any) -> Receipt:
        path = self.cards / f"{uid}.md"
        return verify(
            load_card(path, self.cards),
            sha256_file(path),
            Step("lint", Status.PASSED),
            replace(self.options, **changes),
            DigestCache(self.out / ".digests.json"),
            lambda line: None,
            threading.Event(),
        )


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with asset_host() as host:
        found = Bench(tmp_path, host)
        monkeypatch.setattr(verification, "run", found.run)
        yield found


def statuses(receipt: Receipt) -> dict[str, str]:
    return {step.name: step.status.value for step in receipt.steps}


ALL_PASSED = {"lint": "passed", "fetch": "passed", "mindir": "passed", "onnx": "passed", "smoke": "passed"}


def test_a_published_checkpoint_is_fetched_and_converted(bench: Bench) -> None:
    bench.host.files["u2net.ckpt"] = WEIGHTS
    receipt = bench.verify(write_card(bench.cards, "u2net", content=WEIGHTS))
    assert statuses(receipt) == ALL_PASSED
    assert (receipt.weights, receipt.note, receipt.status) == ("published", "", Status.PASSED)
    (job,) = bench.jobs
    assert job.network == "u2net"
    assert job.checkpoint is not None
    assert job.checkpoint.read_bytes() == WEIGHTS
    assert receipt.assets[0].size == len(WEIGHTS)
    assert [model.path for model in receipt.models] == [
        f"models/tests/1.9/u2net_data/u2net_data.{kind}" for kind in ("mindir", "onnx")
    ]
    assert {step.name: step.seconds for step in receipt.steps[2:]} == {"mindir": 1.5, "onnx": 2.25, "smoke": 4.0}


def test_the_receipt_on_disk_is_valid_and_reads_back_the_same(bench: Bench) -> None:
    bench.host.files["u2net.ckpt"] = WEIGHTS
    receipt = bench.verify(write_card(bench.cards, "u2net", content=WEIGHTS))
    path = receipt_path(bench.out, receipt.uid)
    data = json.loads(path.read_text(encoding="utf-8"))
    assert list(Draft202012Validator(schema("receipt")).iter_errors(data)) == []
    assert read_receipt(path) == receipt


def test_without_the_asset_the_weights_are_seeded_and_every_reader_is_told(bench: Bench) -> None:
    receipt = bench.verify(write_card(bench.cards, "u2net", content=WEIGHTS))
    assert statuses(receipt) == {**ALL_PASSED, "fetch": "skipped"}
    assert receipt.status is Status.SKIPPED
    assert receipt.weights == "seeded"
    assert receipt.note == ("untrained weights (seed 0): the asset could not be fetched: the connection was refused")
    assert bench.jobs[0].checkpoint is None


def test_strict_makes_a_missing_asset_a_failure(bench: Bench) -> None:
    receipt = bench.verify(write_card(bench.cards, "u2net", content=WEIGHTS), strict=True)
    assert statuses(receipt) == {
        "lint": "passed", "fetch": "failed", "mindir": "skipped", "onnx": "skipped", "smoke": "skipped",
    }  # fmt: skip
    assert receipt.status is Status.FAILED
    assert bench.jobs == []


def test_other_bytes_than_promised_stop_the_card(bench: Bench) -> None:
    bench.host.files["u2net.ckpt"] = WEIGHTS + b"!"
    receipt = bench.verify(write_card(bench.cards, "u2net", content=WEIGHTS))
    assert statuses(receipt)["fetch"] == "failed"
    assert hashlib.sha256(WEIGHTS + b"!").hexdigest() in receipt.steps[1].reason
    assert statuses(receipt)["smoke"] == "skipped"
    assert (receipt.weights, receipt.models, bench.jobs) == ("none", (), [])


def test_what_is_no_checkpoint_is_never_opened_though_its_digest_is_right(bench: Bench) -> None:
    content = b"\x80\x02cos\nsystem\n(S'id'\ntR."
    bench.host.files["u2net.ckpt"] = content
    receipt = bench.verify(write_card(bench.cards, "u2net", content=content))
    assert statuses(receipt)["fetch"] == "failed"
    assert receipt.steps[1].reason.startswith("it is a Python pickle")
    assert (receipt.models, bench.jobs) == ((), [])


def test_a_network_that_hubkit_does_not_know_is_skipped_with_its_name(bench: Bench) -> None:
    bench.host.files["resnet.ckpt"] = WEIGHTS
    receipt = bench.verify(write_card(bench.cards, "resnet", content=WEIGHTS))
    assert statuses(receipt)["fetch"] == "passed"
    assert statuses(receipt)["smoke"] == "skipped"
    assert receipt.steps[-1].reason == "no network is called 'resnet'"
    assert receipt.conversion is ConversionStatus.SKIPPED
    assert receipt.status is Status.SKIPPED


INPUTS = "inputs: [{name: picture, shape: [2, 3, 8, 8], type: float32, range: [-1, 1]}]"


def test_the_cards_network_block_decides_what_is_built(bench: Bench) -> None:
    block = f"{{builder: U2-Net, arguments: {{in_channels: 3, scale: 0.5}}, {INPUTS}, outputs: [fused]}}"
    receipt = bench.verify(write_card(bench.cards, "some-net", content=WEIGHTS, network=block))
    (job,) = bench.jobs
    assert (job.network, dict(job.kwargs), job.outputs) == ("u2net", {"in_channels": 3, "scale": 0.5}, ("fused",))
    assert job.inputs == (InputSpec("picture", (2, 3, 8, 8), "float32", -1.0, 1.0),)
    assert receipt.network == "u2net"


@pytest.mark.parametrize(
    "other",
    [
        "{builder: u2net, arguments: {in_channels: 4}}",
        f"{{builder: u2net, {INPUTS}}}",
        "{builder: u2net, outputs: [x]}",
        "{builder: u2netp}",
    ],
)
def test_another_block_converts_anew(bench: Bench, other: str) -> None:
    uid = write_card(bench.cards, "u2net", content=WEIGHTS, network="{builder: u2net}")
    bench.verify(uid)
    write_card(bench.cards, "u2net", content=WEIGHTS, network=other)
    bench.verify(uid)
    assert len(bench.jobs) == 2


def test_a_block_that_cannot_be_used_is_a_failure_and_never_the_network_of_that_name(bench: Bench) -> None:
    receipt = bench.verify(write_card(bench.cards, "u2net", content=WEIGHTS, network="{builder: u2net, repo: u2net}"))
    assert statuses(receipt) == {
        **ALL_PASSED,
        "fetch": "skipped",
        "mindir": "failed",
        "onnx": "skipped",
        "smoke": "skipped",
    }
    assert receipt.steps[2].reason.startswith("the card's block network is wrong: network has builder and repo")
    assert (receipt.weights, receipt.note, bench.jobs) == ("none", "", [])


def test_nothing_is_done_twice(bench: Bench) -> None:
    bench.host.files["u2net.ckpt"] = WEIGHTS
    uid = write_card(bench.cards, "u2net", content=WEIGHTS)
    first = bench.verify(uid)
    written = receipt_path(bench.out, uid).stat().st_mtime_ns
    assert bench.verify(uid) == first
    assert receipt_path(bench.out, uid).stat().st_mtime_ns == written
    assert len(bench.jobs) == 1


def test_a_new_card_text_keeps_the_conversion_but_not_the_receipt(bench: Bench) -> None:
    uid = write_card(bench.cards, "u2net", content=WEIGHTS)
    first = bench.verify(uid)
    write_card(bench.cards, "u2net", content=WEIGHTS, body="Another text.")
    second = bench.verify(uid)
    assert len(bench.jobs) == 1
    assert second.card_sha256 != first.card_sha256
    assert second.models == first.models


@pytest.mark.parametrize("change", [{"seed": 1}, {"formats": ("onnx",)}])
def test_another_seed_or_format_converts_anew(bench: Bench, change: dict[str, Any]) -> None:
    uid = write_card(bench.cards, "u2net", content=WEIGHTS)
    bench.verify(uid)
    bench.verify(uid, **change)
    assert len(bench.jobs) == 2


def test_published_weights_replace_seeded_ones_as_soon_as_they_are_there(bench: Bench) -> None:
    uid = write_card(bench.cards, "u2net", content=WEIGHTS)
    assert bench.verify(uid).weights == "seeded"
    bench.host.files["u2net.ckpt"] = WEIGHTS
    assert bench.verify(uid).weights == "published"
    assert len(bench.jobs) == 2


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_model_file_that_is_no_longer_what_the_receipt_says_is_made_again(bench: Bench, damage: str) -> None:
    uid = write_card(bench.cards, "u2net", content=WEIGHTS)
    file = bench.out / bench.verify(uid).models[1].path
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(b"something else")
    bench.verify(uid)
    assert len(bench.jobs) == 2


def test_what_was_linted_before_holds_while_the_text_is_the_same(bench: Bench) -> None:
    uid = write_card(bench.cards, "u2net", content=WEIGHTS)

    def converted() -> Receipt:
        path = bench.cards / f"{uid}.md"
        digests = DigestCache(bench.out / ".digests.json")
        return verify(
            load_card(path, bench.cards), sha256_file(path), None, bench.options, digests, print, threading.Event()
        )

    assert statuses(converted())["lint"] == "skipped"
    bench.verify(uid)
    assert statuses(converted())["lint"] == "passed"
    write_card(bench.cards, "u2net", content=WEIGHTS, body="Another text.")
    assert statuses(converted())["lint"] == "skipped"


@pytest.mark.parametrize(
    ("ended", "resume", "runs"),
    [
        (ConversionStatus.NO_LOWERING, True, 1),
        (ConversionStatus.NO_LOWERING, False, 2),
        (ConversionStatus.CRASHED, True, 2),
        (ConversionStatus.TIMED_OUT, True, 2),
        (ConversionStatus.MACHINE_FAILED, True, 2),
    ],
)
def test_resuming_leaves_a_verdict_and_tries_again_where_there_was_none(
    bench: Bench, ended: ConversionStatus, resume: bool, runs: int
) -> None:
    bench.answer = lambda job: replace(passed(job), status=ended, failed_step="lower", error="it broke", files=())
    uid = write_card(bench.cards, "u2net", content=WEIGHTS)
    first = bench.verify(uid)
    assert bench.verify(uid, resume=resume).conversion is first.conversion is ended
    assert len(bench.jobs) == runs


def test_a_receipt_of_before_the_precise_status_is_read_without_one(bench: Bench) -> None:
    uid = write_card(bench.cards, "u2net", content=WEIGHTS)
    assert bench.verify(uid).conversion is ConversionStatus.PASSED
    path = receipt_path(bench.out, uid)
    data = json.loads(path.read_text(encoding="utf-8"))
    del data["conversion"]
    path.write_text(json.dumps(data), encoding="utf-8")
    assert read_receipt(path).conversion is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}'])
def test_a_damaged_receipt_is_made_again(bench: Bench, text: str) -> None:
    uid = write_card(bench.cards, "u2net", content=WEIGHTS)
    bench.verify(uid)
    receipt_path(bench.out, uid).write_text(text, encoding="utf-8")
    assert statuses(bench.verify(uid))["smoke"] == "passed"
    assert len(bench.jobs) == 2


@pytest.mark.parametrize(
    ("part", "ended", "expected"),
    [
        (
            "load",
            ConversionStatus.COULD_NOT_LOAD_WEIGHTS,
            {"mindir": "failed", "onnx": "skipped", "smoke": "skipped"},
        ),
        ("crash", ConversionStatus.CRASHED, {"mindir": "failed", "onnx": "skipped", "smoke": "skipped"}),
        ("lower", ConversionStatus.NO_LOWERING, {"mindir": "passed", "onnx": "failed", "smoke": "skipped"}),
        ("run onnx", ConversionStatus.COULD_NOT_RUN, {"mindir": "passed", "onnx": "passed", "smoke": "failed"}),
    ],
)
def test_a_failed_conversion_says_where_and_is_tried_again(
    bench: Bench, part: str, ended: ConversionStatus, expected: dict[str, str]
) -> None:
    bench.answer = lambda job: replace(passed(job), status=ended, failed_step=part, error="it broke", files=())
    uid = write_card(bench.cards, "u2net", content=WEIGHTS)
    receipt = bench.verify(uid)
    assert {name: status for name, status in statuses(receipt).items() if name in expected} == expected
    failed = next(step for step in receipt.steps if step.status is Status.FAILED)
    assert failed.reason == "it broke"
    assert (receipt.models, receipt.conversion) == ((), ended)
    assert read_receipt(receipt_path(bench.out, uid)) == receipt
    bench.answer = passed
    assert statuses(bench.verify(uid))["smoke"] == "passed"


@pytest.mark.parametrize(("strict", "expected"), [(False, "passed"), (True, "failed")])
def test_a_lint_warning_fails_a_strict_build_only(bench: Bench, strict: bool, expected: str) -> None:
    bench.host.files["u2net.ckpt"] = WEIGHTS
    uid = write_card(bench.cards, "u2net", content=WEIGHTS)
    path = bench.cards / f"{uid}.md"
    link = "https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net"
    path.write_text(path.read_text(encoding="utf-8").replace(link, f"<{link}>"), encoding="utf-8")
    hub = Settings(known_hosts=("127.0.0.1", "gitee.com"))
    options = replace(bench.options, strict=strict)
    result = build(bench.cards, options, hub, jobs=1, say=lambda uid, line: None)
    receipt = result.outcomes[0].receipt
    assert receipt is not None
    assert statuses(receipt)["lint"] == expected
    assert result.failed is strict
