"""``hubkit new``: a card from flags, answers and a checkpoint's file."""

from __future__ import annotations

import datetime
import hashlib
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import hubkit.cli.new
from hubkit.card.model import Card, load_card
from hubkit.cli import cli
from hubkit.errors import CardError
from hubkit.lint.engine import lint
from hubkit.newcard import QUESTIONS, compose, new_path, read_checkpoint, write_new
from hubkit.settings import Settings

UID = "mindspore/1.9/u2net_dutstr"
CHECKPOINT = "u2net_ascend_v190_dutstr_research_cv_acc99.05.ckpt"
FLAGS = ("--module-type", "cv", "--license", "Apache-2.0")


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def new(*arguments: str, answers: str | None = None) -> Result:
    result = CliRunner().invoke(cli, ["new", *arguments], input=answers)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def written(uid: str = UID) -> Card:
    return load_card(Path("cards") / f"{uid}.md", Path("cards"))


def rules(*, above: tuple[str, ...] = ("error", "warning")) -> set[str]:
    """The rules that find something in the folder of cards."""
    report = lint([Path("cards")], Settings())
    return {item.rule for item in report.diagnostics if item.severity.value in above}


def test_flags_make_a_card() -> None:
    done = new(UID, *FLAGS, "--author", "A: B #1", "--summary", "finds\n things", "--evaluation", "acc 99")
    assert done.exit_code == 0
    assert done.output.startswith("cards/mindspore/1.9/u2net_dutstr.md: written.")
    card = written()
    assert (card.model_name, card.train_dataset, card.title) == ("u2net", "dutstr", "u2net")
    assert (card.author, card.summary, card.evaluation) == ("A: B #1", "finds things", "acc 99")
    assert (card.mindspore_version, card.model_version, card.license) == ("1.9", "1.9", "Apache-2.0")
    assert card.fine_tunable
    assert datetime.date.fromisoformat(card.update_time) <= datetime.date.today() + datetime.timedelta(days=1)


def test_a_checkpoint_fills_in_what_it_tells() -> None:
    Path(CHECKPOINT).write_bytes(b"weights" * 200)
    new(UID, "--from-checkpoint", CHECKPOINT, "--license", "MIT")
    card = written()
    (asset,) = card.assets
    assert asset.sha256 == hashlib.sha256(b"weights" * 200).hexdigest()
    assert (asset.file_format, asset.file_name) == ("ckpt", CHECKPOINT)
    assert (card.model_name, card.train_dataset, card.train_backend) == ("u2net", "dutstr", "ascend")
    assert (card.module_type, card.evaluation) == ("cv", "acc99.05")
    assert "/r1.9/research/cv/" in card.repo_link
    assert f"`{CHECKPOINT}` has 1,400 bytes." in card.body


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (CHECKPOINT, ("u2net", "ascend", "1.9", "dutstr", "research", "cv", "acc99.05")),
        (
            "stgcn_gcn45_ascend_v1100_pemsd7m_research_cv_mae3.2_mape8.32.ckpt",
            ("stgcn_gcn45", "ascend", "1.10", "pemsd7m", "research", "cv", "mae3.2 | mape8.32"),
        ),
        ("stargan_G_gpu_v130_celeba_official_cv.ckpt", ("stargan_G", "gpu", "1.3", "celeba", "official", "cv", "")),
        ("weights.ckpt", ("", "", "", "", "", "", "")),
    ],
)
def test_what_the_name_of_a_checkpoint_says(name: str, said: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"w")
    found = read_checkpoint(tmp_path / name)
    names = (found.model, found.backend, found.version, found.dataset, found.collection, found.field, found.evaluation)
    assert names == said
    assert (found.file_name, found.size, found.sha256) == (name, 1, hashlib.sha256(b"w").hexdigest())


@pytest.mark.parametrize("uid", [UID, "mindspore/ascend/1.10/u2net_dutstr", "me/2.0/u2net"])
@pytest.mark.parametrize("with_checkpoint", [False, True])
def test_it_lints_clean_but_for_placeholders(uid: str, with_checkpoint: bool) -> None:
    Path("weights.ckpt").write_bytes(b"w")
    new(uid, *FLAGS, *(["--from-checkpoint", "weights.ckpt"] if with_checkpoint else []))
    assert rules() == {"placeholder"}


def test_it_lints_clean_when_all_is_filled_in() -> None:
    Path(CHECKPOINT).write_bytes(b"w")
    new(
        UID, "--from-checkpoint", CHECKPOINT, "--license", "MIT", "--author", "A", "--summary", "finds things",
        "--repo-link", "https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net",
        "--asset-link", f"https://download.mindspore.cn/models/r1.9/{CHECKPOINT}",
    )  # fmt: skip
    path = Path("cards") / f"{UID}.md"
    path.write_text(path.read_text(encoding="utf-8").replace("TBD: ", "Here is "), encoding="utf-8")
    assert rules() == set()


def test_on_a_terminal_each_field_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubkit.cli.new, "_on_terminal", lambda: True)
    answers = {"module-type": "cv", "train-backend": "gpu", "author": "Ann", "license": "MIT"}
    given = "".join(answers.get(question.key, "") + "\n" for question in QUESTIONS if question.key != "summary")
    done = new(UID, "--summary", "finds things", answers=given)
    assert done.exit_code == 0, done.output
    assert "Data set that it was trained on [dutstr]: " in done.output
    card = written()
    assert (card.module_type, card.author, card.license, card.train_backend) == ("cv", "Ann", "MIT", "gpu")
    assert (card.train_dataset, card.summary, card.evaluation) == ("dutstr", "finds things", "")


def test_a_question_that_is_asked_again_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubkit.cli.new, "_on_terminal", lambda: True)
    answers = {"module-type": " \n\ncv", "license": "MIT", "used-for": "inference", "train-backend": "gpu"}
    given = "".join(answers.get(question.key, "") + "\n" for question in QUESTIONS)
    done = new(UID, answers=given)
    assert done.exit_code == 0, done.output
    assert done.output.count("This must be answered: a card cannot be without it.") == 2
    assert written().module_type == "cv"


@pytest.mark.parametrize(
    ("arguments", "words", "hint"),
    [
        ((UID,), "the card needs module-type, license", "Give --module-type and --license."),
        (("u2net", *FLAGS), "'u2net' is no uid of a card", "Write <publisher>/<version>/<model>"),
        (("../1.9/u2net", *FLAGS), "'../1.9/u2net' is no uid of a card", "Write <publisher>"),
        (("a/b/u2net", *FLAGS), "'a/b/u2net' names no MindSpore version", "Write <publisher>"),
        ((UID, *FLAGS, "--module-type", "cvv"), "module-type cannot be 'cvv'", "Did you mean 'cv'?"),
        ((UID, *FLAGS, "--repo-link", "gitee"), "repo-link has the wrong form: 'gitee'", "Example: https://gitee.com"),
        ((UID, *FLAGS, "--summary", "caf\udce9"), "summary: the character U+DCE9 is not allowed in YAML", "Remove it."),
        ((UID, *FLAGS, "--from-checkpoint", "gone.ckpt"), "gone.ckpt: cannot be read", ""),
    ],
)
def test_what_cannot_be_a_card_is_refused(arguments: tuple[str, ...], words: str, hint: str) -> None:
    with pytest.raises(CardError) as caught:
        new(*arguments)
    assert words in caught.value.message
    assert hint in caught.value.hint
    assert not Path("cards").exists()


def test_a_card_is_never_overwritten() -> None:
    new(UID, *FLAGS)
    before = (Path("cards") / f"{UID}.md").read_bytes()
    with pytest.raises(CardError, match="there is such a card already"):
        new(UID, *FLAGS, "--author", "other")
    with pytest.raises(CardError, match="there is such a card already"):
        write_new(Path("cards") / f"{UID}.md", "other")
    assert (Path("cards") / f"{UID}.md").read_bytes() == before
    assert [path.name for path in (Path("cards") / UID).parent.iterdir()] == ["u2net_dutstr.md"]


def test_the_text_depends_on_nothing_else() -> None:
    values = {"module-type": "cv", "license": "MIT", "model-name": "1e3", "backbone-name": "yes"}
    values |= {"repo-link": "https://a.example/x", "asset-link": "https://a.example/x.onnx"}
    values |= {"user-id": "me", "used-for": "train"}
    text = compose("me/1.10/x", values, None, datetime.date(2026, 1, 2))
    assert text.startswith('# 1e3\n\n---\n\nmodel-name: "1e3"\n\nbackbone-name: "yes"\n')
    assert "\nfine-tunable: False\n" in text
    assert '\nmindspore-version: "1.10"\n' in text
    assert "\nupdate-time: 2026-01-02\n" in text
    assert "\n-\n    file-format: onnx\n    asset-link: https://a.example/x.onnx\n" in text
    assert new_path(Path("cards"), "me/1.10/x.md") == Path("cards/me/1.10/x.md")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubkit.cli.new, "_on_terminal", lambda: True)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("key", "wrong", "right", "words"),
    [
        ("module-type", "cvv", "cv", "  module-type cannot be 'cvv'\n  Did you mean 'cv'?"),
        ("train-backend", "tpu", "gpu", "  train-backend cannot be 'tpu'\n"),
        ("asset-link", "ftp://a", "https://a.example/b.ckpt", "  asset-link names no file whose ending tells"),
        ("asset-sha256", "zz", "0" * 64, "  asset-sha256 has the wrong form: 'zz'\n"),
    ],
)
def test_an_answer_that_the_card_cannot_hold_is_asked_for_again(key: str, wrong: str, right: str, words: str) -> None:
    answers = {"module-type": "cv", "license": "MIT", key: f"{wrong}\n{right}"}
    done = new(UID, answers="".join(answers.get(question.key, "") + "\n" for question in QUESTIONS))
    assert done.exit_code == 0, done.output
    assert words in done.output
    assert written().license == "MIT"


@pytest.mark.usefixtures("terminal")
def test_an_option_that_the_card_cannot_hold_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(CardError, match="module-type cannot be 'cvv'"):
        new(UID, "--module-type", "cvv", answers="")


def lines_after(done: Result) -> list[str]:
    """The command line that goes on from where a run ended, as a shell splits it."""
    _, _, told = done.output.partition("With these answers it goes on from here:\n")
    return shlex.split(told.splitlines()[0])


@pytest.mark.usefixtures("terminal")
def test_answers_are_kept_where_the_card_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str) -> None:
        raise CardError(f"{path}: cannot be written: No space left on device")

    answers = {"module-type": "cv", "license": "MIT", "author": "Ann O'Neill", "summary": "finds $HOME"}
    given = "".join(answers.get(question.key, "") + "\n" for question in QUESTIONS)
    with monkeypatch.context() as broken:
        broken.setattr(hubkit.cli.new, "write_new", full)
        done = CliRunner().invoke(cli, ["new", UID], input=given)
    assert isinstance(done.exception, CardError)
    program, verb, *arguments = lines_after(done)
    assert (program, verb) == ("hubkit", "new")
    monkeypatch.setattr(hubkit.cli.new, "_on_terminal", lambda: False)
    assert new(*arguments).exit_code == 0
    assert (written().author, written().summary, written().license) == ("Ann O'Neill", "finds $HOME", "MIT")


@pytest.mark.usefixtures("terminal")
def test_answers_are_kept_when_it_is_interrupted() -> None:
    done = CliRunner().invoke(cli, ["new", UID, "--license", "MIT"], input="my net\nresnet\n")  # and then the end
    assert done.exit_code == 1
    assert lines_after(done)[2:] == [
        UID, "--cards=cards", "--license=MIT", "--model-name=my net", "--backbone-name=resnet"
    ]  # fmt: skip
    assert not Path("cards").exists()


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_asked() -> None:
    Path("cards").write_text("", encoding="utf-8")
    with pytest.raises(CardError, match=r"u2net_dutstr\.md: cannot be written: cards is no folder") as caught:
        new(UID, *FLAGS)
    assert caught.value.hint == "Name another folder with --cards."
