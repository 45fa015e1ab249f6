"""Small hubs to build sites from: cards, receipts in every state, and the files that these name."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from hubkit.receipts import (
    AssetCheck,
    ModelFile,
    Parity,
    Receipt,
    Sensitivity,
    Status,
    Step,
    Tensor,
    write_receipt,
)
from hubkit.site.build import SiteResult, build_site
from hubkit.site.gather import Entry, gather
from hubkit.site.inputs import sources
from hubkit.site.problem import Problem

U2NET = "mindspore/1.9/u2net_dutstr"
UNET3PLUS = "mindspore/1.10/unet3plus_lits2017"
ASSET_LINK = "https://assets.example/u2net.ckpt"
ASSET_SHA256 = "c3a725b159817161fc3dfd9d4a6758e3cda530ea0927be8d908262be3a88e86c"
CREATED = "2023-02-17T08:15:00Z"
REFUSED = f"{ASSET_LINK}: the server answered 404 Not Found"
UNTRAINED_NOTE = f"untrained weights (seed 0): the asset could not be fetched: {REFUSED}"

CARD = """\
# {title}

---

model-name: {quoted}
backbone-name: {quoted}
module-type: {task}
fine-tunable: True
model-version: "{version}"
train-dataset: {dataset}
evaluation: {evaluation}
author: MindSpore team
update-time: 2023-02-17
repo-link: https://git.example/models/u2net
user-id: MindSpore
used-for: inference
mindspore-version: "{version}"
asset:
-
    file-format: ckpt
    asset-link: {link}
    asset-sha256: {sha256}
license: Apache-2.0
summary: Finds things in pictures.

---

{body}
"""
BODY = """\
## Introduction

What it does, with a [link](https://paper.example/1.pdf) and `code`.

## Citation

A paper.
"""


@dataclass(frozen=True)
class Hub:
    """Cards and an output folder on disk."""

    cards: Path
    """The folder of cards."""
    out: Path
    """Where receipts, models and the site go."""

    @property
    def site(self) -> Path:
        """The site's folder."""
        return self.out / "site"

    def add(self, uid: str, text: str | None = None, **fields: str) -> Path:
        """Write a card; fields that are not given are those of a sound card."""
        path = self.cards / f"{uid}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(card_text(uid, **fields) if text is None else text, encoding="utf-8")
        return path

    def card_sha256(self, uid: str) -> str:
        """The digest of a card's file."""
        return hashlib.sha256((self.cards / f"{uid}.md").read_bytes()).hexdigest()

    def verify(self, receipt: Receipt) -> Receipt:
        """Write a receipt for a card as it is now, and the files that the receipt names."""
        models = []
        for model in receipt.models:
            path = self.out / model.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(f"{model.format} of {receipt.uid}".encode())
            content = path.read_bytes()
            models.append(replace(model, sha256=hashlib.sha256(content).hexdigest(), size=len(content)))
        receipt = replace(receipt, card_sha256=self.card_sha256(receipt.uid), models=tuple(models))
        write_receipt(self.out, receipt)
        return receipt

    def build(self, *, strict: bool = False) -> SiteResult:
        """Build the site."""
        return build_site(
            self.cards, self.site, receipts_dir=self.out / "receipts", models_dir=self.out / "models", strict=strict
        )

    def gather(self) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
        """All that can be shown and all that cannot."""
        _, entries, problems = gather(sources(self.cards, self.out / "receipts"), self.cards, {}, 1)
        return entries, problems

    def page(self, uid: str) -> str:
        """The HTML of a card's page."""
        return (self.site / "models" / f"{uid}.html").read_text(encoding="utf-8")

    def home(self) -> str:
        """The HTML of the home page."""
        return (self.site / "index.html").read_text(encoding="utf-8")


def card_text(uid: str, **fields: str) -> str:
    """The text of a sound card, with some fields changed."""
    defaults = {
        "title": uid.rsplit("/", 1)[-1],
        "task": "cv",
        "version": uid.split("/")[-2],
        "dataset": "dutstr",
        "evaluation": "acc99.05",
        "link": ASSET_LINK,
        "sha256": ASSET_SHA256,
        "body": BODY,
    }
    values = {**defaults, **fields}
    return CARD.format(**values, quoted=json.dumps(values["title"]))


def passed(uid: str) -> Receipt:
    """Everything ran and passed, with the published weights."""
    name = uid.rsplit("/", 1)[-1]
    image = (Tensor("x", ("batch", 3, 320, 320), "float32"),)
    maps = (Tensor("y", ("batch", 7, 320, 320), "float32"),)
    asset = AssetCheck(ASSET_LINK, "ckpt", ASSET_SHA256, Status.PASSED, size=176_385_024)
    return Receipt(
        uid=uid,
        card_sha256="0" * 64,
        created=CREATED,
        network="u2net",
        weights="published",
        note="",
        steps=(
            Step("lint", Status.PASSED, seconds=0.012),
            Step("fetch", Status.PASSED, seconds=14.2),
            Step("mindir", Status.PASSED, seconds=5.71),
            Step("onnx", Status.PASSED, seconds=1.94),
            Step("smoke", Status.PASSED, seconds=9.3),
        ),
        assets=(asset,),
        models=(
            ModelFile(
                "mindir", f"models/{uid}/{name}.mindir", "1" * 64, 176_501_330, None, {"Conv2D": 119}, image, maps
            ),
            ModelFile(
                "onnx",
                f"models/{uid}/{name}.onnx",
                "2" * 64,
                176_312_007,
                18,
                {"Conv": 119, "Relu": 112, "Concat": 51, "Resize": 38, "MaxPool": 33, "Sigmoid": 7, "Identity": 1},
                image,
                maps,
            ),
        ),
        parity=(
            Parity("mindspore", "mindir", 1, 0.0, 0.0, 0.0, True, 0.0, 0.0, 0.0, True),
            Parity("mindspore", "onnxruntime", 1, 3.1e-6, 4.7e-4, 0.0, False, 1e-4, 1e-3, 100.0, True),
            Parity("mindspore", "onnxruntime", 2, 2.2e-6, 8.9e-4, 12.0, False, 1e-4, 1e-3, 100.0, True),
        ),
        sensitivity=Sensitivity(0.874, 0.962, 0.213, True),
        parameters=44_038_669,
        seed=0,
        inference_seconds={"mindspore": 0.93, "mindir": 0.91, "onnxruntime": 0.412},
        step_seconds={"build": 1.2, "export": 4.51, "lower": 1.94},
        versions={"mindspore": "2.10.0", "onnx": "1.23.2", "onnxruntime": "1.31.1", "numpy": "1.26.4"},
        machine={"cpu": "x86-64, 2 cores", "ONEDNN_MAX_CPU_ISA": "AVX2"},
    )


def seeded(uid: str) -> Receipt:
    """The checkpoint could not be had; all else passed on untrained weights."""
    receipt = passed(uid)
    return replace(
        receipt,
        weights="seeded",
        note=UNTRAINED_NOTE,
        steps=tuple(Step("fetch", Status.SKIPPED, REFUSED) if step.name == "fetch" else step for step in receipt.steps),
        assets=(replace(receipt.assets[0], status=Status.SKIPPED, reason=REFUSED, size=0),),
    )


def failed(uid: str) -> Receipt:
    """The ONNX file computes something else, and the bytes of the checkpoint are not those of the card."""
    receipt = passed(uid)
    wrong = "ONNX Runtime differs by 0.021, over 0.0001"
    return replace(
        receipt,
        steps=tuple(
            Step("smoke", Status.FAILED, wrong, 9.3) if step.name == "smoke" else step for step in receipt.steps
        ),
        parity=(
            receipt.parity[0],
            replace(receipt.parity[1], max_abs=0.021, max_rel=3.4, ppm_over_rtol=51_300.0, passed=False),
        ),
    )


def skipped(uid: str) -> Receipt:
    """The file was fetched, but no network is known for the card."""
    receipt = passed(uid)
    reason = "no network is known for 'u2net'"
    return replace(
        receipt,
        network="",
        weights="none",
        steps=(*receipt.steps[:2], *(Step(name, Status.SKIPPED, reason) for name in ("mindir", "onnx", "smoke"))),
        models=(),
        parity=(),
        sensitivity=None,
        parameters=0,
        inference_seconds={},
        step_seconds={},
    )


def every_state(hub: Hub) -> None:
    """Fill an empty hub with a card in every state, and build it."""
    for uid in (UNET3PLUS, U2NET, "mindspore/1.8/u2net_dutstr", "mindspore/1.7/u2net_dutstr"):
        hub.add(uid)
    hub.add("mindspore/1.9/resnet50_imagenet2012", task="cv-classification", evaluation="top1acc76.9 | top5acc93.2")
    hub.add("mindspore/1.9/bert_squad", task="nlp", evaluation="-")
    hub.add("lab/1.9/UNet3+ 100% #1?", title="'\"<b>&</b>")
    hub.verify(passed(UNET3PLUS))
    hub.verify(seeded(U2NET))
    hub.verify(failed("mindspore/1.8/u2net_dutstr"))
    hub.verify(skipped("mindspore/1.9/resnet50_imagenet2012"))
    hub.verify(passed("mindspore/1.7/u2net_dutstr"))
    hub.add("mindspore/1.7/u2net_dutstr", body="The card was edited after it was verified.\n")
    result = hub.build()
    assert result.problems == ()
