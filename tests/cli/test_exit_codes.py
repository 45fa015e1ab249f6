"""Exit statuses of all verbs: 0 clean, 1 findings or failures, 2 could not run; bad input has words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hubkit.cli import VERBS
from tests.cli.test_main import hubkit

UID = "mindspore/1.9/u2net_dutstr"
# What is asked for -> the status, and words of what is said.
TABLE: tuple[tuple[str, int, str], ...] = (
    ("lint cards", 0, ""),
    ("lint bad", 1, "front-matter-missing"),
    ("lint empty", 0, "note: there is no card here"),
    ("lint -", 2, "A card on standard input is named by --stdin-filename"),
    ("lint nowhere", 2, "no such file or folder"),
    ("lint bad --output json=no/x.json", 2, "there is no folder no"),
    ("lint bad --fix --write-baseline x.json", 2, "--write-baseline goes with none of"),
    ("rules", 0, ""),
    ("rules nothing", 2, "There is no rule 'nothing'"),
    ("new bad", 2, "'bad' is no uid of a card"),
    ("new a/1.9/b_c", 2, "the card needs"),
    ("links empty --offline", 0, "note: there is no card here"),
    ("links bad --offline", 1, "its front matter cannot be read"),
    ("links nowhere", 2, "no such file or folder"),
    ("find u-net", 0, "mindspore/1.10/unet3plus_lits2017"),
    ("find nothing-like-it", 1, "no model in cards is what you ask for"),
    ("find --task nothing-like-it", 2, "has the task 'nothing-like-it'\n  There is "),
    ("find --catalogue nowhere", 2, "nowhere"),
    ("pull u2net --offline", 2, "Did you mean mindspore/u2net_dutstr"),
    (f"pull {UID} --offline", 1, "is not in the store"),
    ("pull", 2, "Name a model"),
    ("pull u2net_dutstr --catalogue nowhere", 2, "nowhere"),
    ("pull --locked", 2, "hubkit.lock"),
    ("lock u2net", 2, "Did you mean mindspore/u2net_dutstr"),
    ("lock", 2, "Name one or more models"),
    (f"fetch {UID} --offline", 1, "is not in the store"),
    ("fetch --all --cards empty", 2, "empty: no cards here"),
    ("fetch cards/mindspore/1.9/u2net_dutstr.md --offline", 1, "is not in the store"),
    ("fetch bad/card.md", 2, "no card 'bad/card'"),
    ("fetch a/b", 2, "no card 'a/b'"),
    ("verify a/b", 2, "no card 'a/b'"),
    ("verify", 2, "Name one or more cards"),
    ("cache ls", 0, "0 files"),
    ("cache prune", 2, "Say what to remove"),
    ("cache prune --older-than 0d", 0, "0 files"),
    ("cache rm 0123456789", 2, "no such file in the store"),
    ("cache add garbage.ckpt --sha256 00000000", 2, "which does not begin with 00000000"),
    ("cache add garbage.ckpt --sha256 zz", 2, "Invalid value for '--sha256': 'zz' is not up to 64 hexadecimal digits."),
    (
        "convert mindspore/1.9/none",
        2,
        "no card 'mindspore/1.9/none' in cards\n  Did you mean mindspore/1.9/u2net_dutstr",
    ),
    ("inspect garbage.ckpt", 2, "is not a model file"),
    ("inspect nowhere.onnx", 2, "there is no model file"),
    ("ops Conv2D", 0, "Conv"),
    ("ops nothing-like-it", 1, "No operator's name"),
    ("convert nothing", 2, "no network is called 'nothing'"),
    ("convert --all --cards empty", 2, "empty: no cards here"),
    ("convert bad/card.md", 2, "bad/card.md is no card of the folder --cards"),
    ("convert u2net --to onnx-int8 --calibration empty", 2, "holds no file to use"),
    ("convert nothing none", 1, "2 skipped"),
    ("convert u2net --check --resume", 2, "--resume has no effect on --check"),
    ("convert garbage.ckpt --network u2net", 2, "is not a checkpoint file"),
    ("convert garbage.ckpt --network nothing", 2, "no network is called 'nothing'"),
    ("convert garbage.mindir", 2, "is not a MINDIR file"),
    ("convert --check garbage.mindir", 2, "is not a MINDIR file"),
    ("convert pipe.ckpt --network u2net", 2, "pipe.ckpt: no regular file"),
    ("convert pipe.mindir", 2, "pipe.mindir: no regular file"),
    ("convert pipe.mindir --check", 2, "pipe.mindir: no regular file"),
    ("convert u2net --out garbage.ckpt/x", 2, "the folder garbage.ckpt/x cannot be written: Not a directory\n  Choose"),
    ("smoke pipe.ckpt --network u2net", 2, "pipe.ckpt: no regular file"),
    ("smoke nothing", 2, "no card 'nothing'"),
    ("smoke garbage.mindir", 2, "garbage.mindir is a file"),
    ("build nowhere", 2, "no such folder of cards"),
    ("build cards --out garbage.ckpt/x", 2, "the folder garbage.ckpt/x cannot be written: Not a directory\n  Choose"),
    ("site build --cards nowhere", 2, "no such folder of cards"),
    ("site build --cards bad", 0, "the card has no front matter"),
    ("site build --cards bad --strict", 1, "the card has no front matter"),
    ("site serve nowhere", 2, "nowhere"),
)


@pytest.fixture(scope="module")
def place(project_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cards, one that holds a bad card, and files that are none."""
    folder = tmp_path_factory.mktemp("exit")
    (folder / "cards").symlink_to(project_dir / "cards")
    (folder / "bad").mkdir()
    (folder / "empty").mkdir()
    (folder / "bad" / "card.md").write_text("no front matter\n", encoding="utf-8")
    for name in ("pipe.ckpt", "pipe.mindir"):
        os.mkfifo(folder / name)
    for name in ("garbage.ckpt", "garbage.mindir"):
        (folder / name).write_bytes(b"\xff" * 100)
    return folder


@pytest.mark.parametrize(("command", "status", "words"), TABLE, ids=[row[0] for row in TABLE])
def test_the_status_says_how_it_went(place: Path, command: str, status: int, words: str) -> None:
    done = hubkit(*command.split(), cwd=place, HUBKIT_CACHE=str(place / "store"), HUBKIT_OFFLINE="1")
    assert done.returncode == status, done.stdout + done.stderr
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "fault in hubkit" not in done.stderr


def test_every_verb_is_asked_with_bad_input() -> None:
    assert {command.split()[0] for command, status, _ in TABLE if status} == set(VERBS)


def test_a_variable_is_blamed_for_its_own_value(place: Path) -> None:
    done = hubkit("links", "empty", cwd=place, HUBKIT_OFFLINE="banana")
    assert done.returncode == 2
    assert "Invalid value for HUBKIT_OFFLINE in the environment: 'banana'" in done.stderr
    assert "--offline" not in done.stderr
