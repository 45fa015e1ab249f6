"""Finding models: in a folder of cards and in a published catalogue alike, the one that suits best first."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import hubkit
from hubkit.client.model import ClientError
from hubkit.receipts import Status, Step
from hubkit.site import index
from tests.client.hubs import PublishedHub, run
from tests.requirements import needs_shared
from tests.site.examples import Hub

# name -> title, task, data set, metrics, version.
CARDS = {
    "vitb32_flowers": ("ViT_b32", "cv-classification", "Flowers", "top1acc97.1", "1.10"),
    "crossvit_flowers": ("CrossViT", "cv-classification", "Flowers", "top1acc96", "1.9"),
    "unet_cells": ("U-Net", "cv-semantic_segmentation", "Cells", "iou91.2", "1.9"),
    "unetnested_cells": ("UNet++", "cv-semantic_segmentation", "Cells", "iou92", "1.9"),
    "yolov5s_coco": ("yolov5s", "cv-object_detection", "coco2017", "mAP37.6", "2.3"),
    "resnet50_cifar10": ("ResNetV2_50", "cv-classification", "cifar10", "top1acc91", "1.9"),
    "melgan_speech": ("MelGAN", "audio-tts", "LJSpeech", "mos3.9", "1.9"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cards and, in ``out`` and ``sharded``, their catalogues. Tests must not change it."""
    root = tmp_path_factory.mktemp("hub")
    made = Hub(root / "cards", root / "out")
    for name, (title, task, dataset, evaluation, version) in CARDS.items():
        made.add(f"lab/{version}/{name}", title=title, task=task, dataset=dataset, evaluation=evaluation)
    made.add("lab/1.8/unet_cells", title="U-Net", task="cv-semantic_segmentation", dataset="Cells", evaluation="iou90")
    made.build()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "MOST_IN_ONE", 3)
        patch.setattr(index, "MOST_IN_A_SHARD", 2)
        Hub(root / "cards", root / "sharded").build()
    return root


@pytest.fixture(params=["cards", "out", "sharded"])
def place(request: pytest.FixtureRequest, folder: Path) -> dict[str, Any]:
    """Where to look: the same models three times."""
    if request.param == "cards":
        return {"cards": folder / "cards"}
    site = Hub(folder / "cards", folder / request.param).site
    assert ("shards" in json.loads((site / "index.json").read_text(encoding="utf-8"))) == (request.param == "sharded")
    return {"catalogue": str(site)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("vision transformer", ["vitb32_flowers", "crossvit_flowers"]),
        ("vit", ["vitb32_flowers"]),
        ("u-net", ["unet_cells", "unetnested_cells"]),
        ("UNET", ["unet_cells", "unetnested_cells"]),
        ("yolo v5", ["yolov5s_coco"]),
        ("object detection", ["yolov5s_coco"]),
        ("text to speech", ["melgan_speech"]),
        ("generative adversarial", ["melgan_speech"]),
        ("resnet cifar10", ["resnet50_cifar10"]),
        ("res net", ["resnet50_cifar10"]),
        ("resnt", ["resnet50_cifar10"]),
        ("segmentation 92", ["unetnested_cells"]),
        ("vision unet cells", ["unet_cells", "unetnested_cells"]),
        ("unet flowers", []),
        ("nothing-like-it", []),
        ("图", []),
        ("???", []),
    ],
)
def test_models_are_found_by_words(place: dict[str, Any], query: str, names: list[str]) -> None:
    found = hubkit.find(query, **place)
    assert [hit.listing.uid.rpartition("/")[2] for hit in found] == names


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"task": "cv-object_detection"}, ["yolov5s_coco"]),
        ({"task": "Object detection"}, ["yolov5s_coco"]),
        ({"task": "audio"}, ["melgan_speech"]),
        ({"dataset": "coco-2017"}, ["yolov5s_coco"]),
        ({"version": "2.3"}, ["yolov5s_coco"]),
        ({"query": "vit", "dataset": "flowers", "version": "1.9"}, ["crossvit_flowers"]),
        ({"format": "ckpt", "version": "1.10"}, ["vitb32_flowers"]),
        ({"verified": True}, []),
    ],
)
def test_what_is_wanted_rules_others_out(place: dict[str, Any], wanted: dict[str, Any], names: list[str]) -> None:
    assert [hit.listing.uid.rpartition("/")[2] for hit in hubkit.find(**wanted, **place)] == names


def test_a_model_is_one_hit_with_its_newest_card_that_fits(place: dict[str, Any]) -> None:
    hit, *_ = hubkit.find("unet", **place)
    assert (hit.listing.uid, hit.versions) == ("lab/1.9/unet_cells", ("1.9", "1.8"))
    assert (hit.listing.title, hit.listing.dataset, hit.listing.evaluation) == ("U-Net", "Cells", "iou91.2")
    (older,) = hubkit.find("unet", version="1.8", **place)
    assert (older.listing.uid, older.versions) == ("lab/1.8/unet_cells", ("1.8",))


def test_without_words_all_are_listed(place: dict[str, Any]) -> None:
    assert [hit.listing.uid.rpartition("/")[2] for hit in hubkit.find(**place)] == sorted(CARDS)


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ({"task": "objct detection"}, "Object detection"),
        ({"dataset": "flower"}, "Flowers"),
        ({"version": "1.11"}, "1.10"),
        ({"version": "11.0"}, "1.10"),
        ({"format": "onx"}, "ckpt"),
    ],
)
def test_a_value_that_nothing_has_is_an_error_that_names_near_ones(
    place: dict[str, Any], wanted: dict[str, str], hint: str
) -> None:
    with pytest.raises(ClientError) as caught:
        hubkit.find(**wanted, **place)
    assert hint in caught.value.hint


def test_only_verified_models_and_formats_of_conversions(hub: PublishedHub) -> None:
    steps = tuple(Step(name, Status.PASSED) for name in ("lint", "fetch", "mindir"))
    verified = hub.add("unet3plus", steps=steps)
    hub.add("deeplab", steps=(*steps, Step("smoke", Status.FAILED, "differs")))
    hub.publish()
    for source in ({}, {"catalogue": str(hub.out / "site")}):
        assert [hit.listing.uid for hit in hubkit.find(verified=True, **source)] == [hub.uid, verified]
        assert {hit.listing.status for hit in hubkit.find("deeplab", **source)} == {"failed"}
        assert len(hubkit.find(format="onnx", **source)) == 3


def test_the_command_prints_a_line_a_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "200")
    ended = run("find", "unet", "cells")
    assert ended.returncode == 0
    assert [line.split() for line in ended.stdout.splitlines()] == [
        ["model", "task", "trained", "on", "measured", "standing"],
        ["lab/1.9/unet_cells", "Semantic", "segmentation", "Cells", "iou91.2", "not", "verified"],
        ["lab/1.9/unetnested_cells", "Semantic", "segmentation", "Cells", "iou92", "not", "verified"],
    ]
    short = run("find", "--limit", "1", "--json", "unt")
    assert short.stderr == "no model has 'unt'; these have 'unet'\n1 more: --limit 2 shows them all\n"
    (line,) = short.stdout.splitlines()
    assert json.loads(line)["versions"] == ["1.9", "1.8"]


def test_a_narrow_terminal_keeps_the_uid_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "60")
    lines = run("find", "unet").stdout.splitlines()
    assert lines[1].startswith("lab/1.9/unet_cells ")
    assert "…" in lines[1]
    assert max(map(len, lines)) < len("lab/1.9/unetnested_cells  Semantic segmentation  Cells  iou91.2  not verified")


def test_nothing_found_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ended = run("find", "nothing-like-it")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "no model in cards is what you ask for" in ended.stderr
    assert run("find", "--cards", "nowhere").returncode == 2


@pytest.mark.parametrize(
    "change",
    [{"title": None}, {"assets": [{"format": 7, "link": "", "sha256": ""}]}, {"files": None}, {"assets": [None]}],
)
def test_a_catalogue_that_breaks_the_schema_is_told(hub: PublishedHub, change: dict[str, Any]) -> None:
    found = hub.index()
    found["models"][0].update(change)
    path = hub.folder / "index.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(ClientError, match=r"no index of a catalogue.*u2net_data"):
        hubkit.find(catalogue=str(path))


def test_what_a_terminal_would_obey_is_not_printed(hub: PublishedHub, monkeypatch: pytest.MonkeyPatch) -> None:
    found = hub.index()
    found["models"][0].update(dataset="\x1b[2J\u202edata", evaluation="a\nb")
    path = hub.folder / "index.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    ended = run("find", "--catalogue", str(path))
    assert ended.returncode == 0
    assert not {"\x1b", "\u202e"} & set(ended.stdout)
    assert len(ended.stdout.splitlines()) == 2


def test_a_card_that_cannot_be_used_stops_nothing(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "cards", tmp_path / "cards")
    (tmp_path / "cards" / "lab" / "1.9" / "broken.md").write_text("---\na: [\n---\n", encoding="utf-8")
    assert len(hubkit.find(cards=tmp_path / "cards")) == len(CARDS)


@needs_shared
def test_real_cards_are_found_by_what_people_call_them(corpus_dir: Path) -> None:
    for query, name in (("u2-net", "u2net"), ("vision transformer", "vit"), ("graph attention", "gat")):
        assert name in " ".join(hit.listing.uid for hit in hubkit.find(query, cards=corpus_dir)[:10])
