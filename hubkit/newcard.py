"""Writing a new card: what is known stands in it, and what only a person can tell stays a placeholder.

The linter's rule ``placeholder`` finds each of them, so that none is published unseen.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from hubkit.card.parse import parse_text
from hubkit.card.schema import violations
from hubkit.errors import CardError
from hubkit.store.digest import sha256_file

_PART = re.compile(r"[A-Za-z0-9][\w.+-]*")
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)*")
# <model>_<backend>_v<version>_<data set>_<collection>_<field>_<metric>_<metric>, as the published checkpoints are named
_CHECKPOINT_NAME = re.compile(
    r"(?P<model>.+?)_(?P<backend>ascend|gpu|cpu)[^_]*_v(?P<major>\d)(?P<minor>\d{1,2})\d_(?P<dataset>.+?)"
    r"_(?P<collection>official|research|community|application)_(?P<field>[a-z]+)(?:_(?P<metrics>.+))?"
)
_NUMBER = re.compile(r"[-+]?[\d.]+[eE][-+]?\d+|0o[0-7]+")
_ZEROS = "0" * 64


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the card that a person is asked for."""

    key: str
    """The field's key."""
    words: str
    """What is asked."""
    placeholder: str = ""
    """What stands in the card where there is no answer; without it, the field is left out."""
    required: bool = False
    """Whether there must be an answer, because no placeholder would be a value of this field."""


QUESTIONS: tuple[Question, ...] = (
    Question("model-name", "Name of the model", required=True),
    Question("backbone-name", "Network that it is built on", required=True),
    Question("module-type", "Field and task, such as cv or nlp-text_classification", required=True),
    Question("train-dataset", "Data set that it was trained on"),
    Question("evaluation", "Measured quality, such as acc97.7"),
    Question("author", "Author", "<author>"),
    Question("repo-link", "URL of the code, with branch and folder", required=True),
    Question("user-id", "Publisher on the hub", required=True),
    Question("used-for", "What the files are for: inference, train, finetune or transfer learning", required=True),
    Question("train-backend", "Hardware that it was trained on: ascend, gpu or cpu"),
    Question("asset-link", "URL of the file", required=True),
    Question("asset-sha256", "SHA-256 digest of the file", _ZEROS),
    Question("license", "Licence as an SPDX identifier, such as Apache-2.0", required=True),
    Question("summary", "What the model does, in one sentence", "<one sentence that says what the model does>"),
)

# A value that the card can hold for each question that must be answered, while others are asked.
_SOUND = {
    "model-name": "net",
    "backbone-name": "net",
    "module-type": "cv",
    "repo-link": "https://gitee.com/mindspore/models",
    "user-id": "mindspore",
    "used-for": "inference",
    "asset-link": "https://download.mindspore.cn/net.ckpt",
    "license": "Apache-2.0",
}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint's file tells; what its name does not say is empty."""

    file_name: str
    """Its name."""
    size: int
    """Its size in bytes."""
    sha256: str
    """Its digest."""
    model: str = ""
    """The model's name."""
    backend: str = ""
    """The hardware that it was trained on."""
    version: str = ""
    """The MindSpore version, such as "1.10"."""
    dataset: str = ""
    """The data set."""
    collection: str = ""
    """The part of the model zoo, such as "research"."""
    field: str = ""
    """The field, such as "cv"."""
    evaluation: str = ""
    """The metrics as ``evaluation`` writes them."""


def read_checkpoint(path: Path) -> Checkpoint:
    """Hash the file and read its name. Raises CardError where it cannot be read."""
    try:
        size, digest = path.stat().st_size, sha256_file(path)
    except OSError as error:
        raise CardError(f"{path}: cannot be read: {error.strerror or error}") from error
    said = _CHECKPOINT_NAME.fullmatch(path.stem)
    if said is None:
        return Checkpoint(path.name, size, digest)
    return Checkpoint(
        path.name,
        size,
        digest,
        model=said["model"],
        backend=said["backend"],
        version=f"{said['major']}.{said['minor']}",
        dataset=said["dataset"],
        collection=said["collection"],
        field=said["field"],
        evaluation=" | ".join((said["metrics"] or "").split("_")),
    )


def new_path(cards: Path, uid: str) -> Path:
    """Where the card ``uid`` is to be written.

    Raises CardError where the uid is none, names no MindSpore version, there is such a card already, or none can be
    written there.
    """
    hint = "Write <publisher>/<version>/<model>_<data set>, such as mindspore/1.9/u2net_dutstr."
    parts = uid.removesuffix(".md").split("/")
    if len(parts) < 3 or not all(_PART.fullmatch(part) for part in parts):
        raise CardError(f"{uid!r} is no uid of a card", hint=hint)
    if not version_of(uid):
        raise CardError(f"{uid!r} names no MindSpore version", hint=hint)
    path = cards.joinpath(*parts[:-1], f"{parts[-1]}.md")
    there = next(folder for folder in (*path.parents, Path()) if folder.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):  # before anything is asked
        why = "permission denied" if there.is_dir() else f"{there} is no folder"
        raise CardError(f"{path}: cannot be written: {why}", hint="Name another folder with --cards.")
    if os.path.lexists(path):
        raise CardError(f"{path}: there is such a card already", hint="Edit it, or choose another name.")
    return path


def version_of(uid: str) -> str:
    """The MindSpore version that a uid names; empty where it names none."""
    return next((part for part in reversed(uid.split("/")[:-1]) if _VERSION.fullmatch(part)), "")


def guesses(uid: str, checkpoint: Checkpoint | None) -> dict[str, str]:
    """What the uid and the checkpoint tell: key -> value. A part of a URL that nothing tells is ``xxx``."""
    publisher, name = uid.split("/", 1)[0], uid.removesuffix(".md").rsplit("/", 1)[-1]
    model, _, dataset = name.rpartition("_")
    said = checkpoint or Checkpoint("xxx.ckpt", 0, "")
    branch = f"r{version_of(uid)}"
    code = f"{said.collection}/{said.field}/xxx" if said.collection else "xxx"
    folder = f"{branch}/xxx" if checkpoint else branch
    found = {
        "model-name": said.model or model or name,
        "backbone-name": said.model or model or name,
        "module-type": said.field,
        "train-dataset": said.dataset or (dataset if model else ""),
        "evaluation": said.evaluation,
        "repo-link": f"https://gitee.com/mindspore/models/tree/{branch}/{code}",
        "user-id": publisher,
        "used-for": "inference",
        "train-backend": said.backend,
        "asset-link": f"https://download.mindspore.cn/models/{folder}/{said.file_name}",
        "asset-sha256": said.sha256,
    }
    return {key: value for key, value in found.items() if value}


def compose(uid: str, values: Mapping[str, str], checkpoint: Checkpoint | None, today: datetime.date) -> str:
    """The text of the card ``uid`` with ``values`` by key, and placeholders for what has none.

    Raises CardError where a required value is missing or a value breaks the card schema.
    """
    said = {key: " ".join(value.split()) for key, value in values.items() if value.strip()}
    missing = [question.key for question in QUESTIONS if question.required and question.key not in said]
    if missing:
        raise CardError(f"the card needs {', '.join(missing)}", hint=f"Give --{' and --'.join(missing)}.")
    if not _file_format(said["asset-link"]):
        hint = "End it with the file's name, such as https://download.mindspore.cn/models/r1.9/u2net.ckpt."
        raise CardError(f"asset-link names no file whose ending tells its format: {said['asset-link']!r}", hint=hint)
    said = {question.key: question.placeholder for question in QUESTIONS if question.placeholder} | said
    text = "\n".join([f"# {said['model-name']}", "", "---", "", *_fields(uid, said, today), "", "---", ""])
    text += "\n".join(_body(said, checkpoint))
    document = parse_text(text, uid)
    wrong = next(violations(document.front), None) if document.front else None
    if wrong is not None:
        raise CardError(wrong.message, hint=wrong.hint)
    if document.problems:
        raise CardError(document.problems[0].message, hint=document.problems[0].hint)
    return text


def check_value(uid: str, key: str, value: str) -> None:
    """Raises CardError, which names the key, where the card ``uid`` cannot hold this value; an empty one is none."""
    try:
        compose(uid, _SOUND | ({key: value} if value.strip() else {}), None, datetime.date.min)
    except CardError as error:
        message = error.message if key in error.message else f"{key}: {error.message}"
        raise CardError(message, hint=error.hint) from error


def write_new(path: Path, text: str) -> None:
    """Write a card that does not exist yet, whole or not at all.

    Raises CardError where there is such a file already or it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:  # noqa: PTH123 (a descriptor)
                stream.write(text)
                os.fchmod(descriptor, 0o644)
            Path(path).hardlink_to(name)  # fails where there is such a file
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError as error:
        raise CardError(f"{path}: there is such a card already", hint="Edit it, or choose another name.") from error
    except OSError as error:
        raise CardError(f"{path}: cannot be written: {error.strerror or error}") from error


def _fields(uid: str, said: Mapping[str, str], today: datetime.date) -> Iterator[str]:
    version = version_of(uid)
    file_format = _file_format(said["asset-link"])
    order = {
        "model-name": said["model-name"],
        "backbone-name": said["backbone-name"],
        "module-type": said["module-type"],
        "fine-tunable": str(file_format in ("ckpt", "safetensors")),
        "model-version": version,
        "train-dataset": said.get("train-dataset", ""),
        "evaluation": said.get("evaluation", ""),
        "author": said["author"],
        "update-time": today.isoformat(),
        "repo-link": said["repo-link"],
        "user-id": said["user-id"],
        "used-for": said["used-for"],
        "train-backend": said.get("train-backend", ""),
        "mindspore-version": version,
    }
    yield from (f"{key}: {_yaml(value)}\n" for key, value in order.items() if value)
    yield "asset:\n\n-"
    yield f"    file-format: {_yaml(file_format)}"
    yield f"    asset-link: {_yaml(said['asset-link'])}"
    yield f"    asset-sha256: {_yaml(said['asset-sha256'])}\n"
    yield f"license: {_yaml(said['license'])}\n"
    yield f"summary: {_yaml(said['summary'])}"


def _file_format(link: str) -> str:
    """The ending of the file that a URL names; empty where it has none."""
    return PurePosixPath(urlsplit(link).path).suffix.removeprefix(".")


def _body(said: Mapping[str, str], checkpoint: Checkpoint | None) -> Iterator[str]:
    yield "\n## Introduction\n\nTBD: what the model does, what it takes and what it returns.\n"
    if checkpoint is not None:
        yield f"## Files\n\n`{checkpoint.file_name}` has {checkpoint.size:,} bytes.\n"
    if "evaluation" in said:
        measured = f" on {said['train-dataset']}" if "train-dataset" in said else ""
        yield f"## Evaluation\n\n{said['evaluation']}{measured}. TBD: how it was measured.\n"
    yield "## Citation\n\nTBD: the paper that describes the model.\n"
    yield "## Disclaimer\n\nTBD: the terms under which the model may be used.\n"


def _yaml(text: str) -> str:
    """A value of YAML that every reader takes for this very text."""
    import yaml

    try:
        read = yaml.safe_load(f"key: {text}")
    except yaml.YAMLError:
        read = None
    value = read.get("key") if isinstance(read, dict) and len(read) == 1 else None
    plain = isinstance(value, str | int | float | datetime.date) and str(value) == text
    if isinstance(value, str) and _NUMBER.fullmatch(text):
        plain = False  # a number to readers of YAML 1.2
    return text if plain else json.dumps(text, ensure_ascii=False)
