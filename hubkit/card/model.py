"""The card as the rest of hubkit uses it: typed, complete, immutable."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from sys import intern

from hubkit.card.find import uid_of
from hubkit.card.network import NetworkBlock, network_block
from hubkit.card.parse import Document, parse_file
from hubkit.card.uid import version_of
from hubkit.card.values import Mapping
from hubkit.errors import CardError

_TITLE = re.compile(r"# (?<![^\r\n]# )([^\r\n]*)")


@lru_cache(maxsize=16384)
def _last_part(path: str) -> str:
    # As PurePosixPath says, which costs as much as all else that the catalogue's search asks of a card.
    return next((part for part in reversed(path.split("/")) if part not in ("", ".")), "")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that a card names."""

    file_format: str
    """The kind of file, such as "ckpt"."""
    link: str
    """Where to fetch it; angle brackets are taken off."""
    sha256: str
    """Its SHA-256 as the card has it: 64 hexadecimal digits in a sound card."""

    @property
    def file_name(self) -> str:
        """The last part of the link's path."""
        return _last_part(self.link.split("?", 1)[0].split("#", 1)[0])


@dataclass(frozen=True, slots=True)
class Card:
    """One model card. Texts are what the author wrote; a missing optional field is an empty text."""

    uid: str
    """The path under the cards folder without ``.md``, with forward slashes."""
    title: str
    """The ``# title`` before the front matter, or the body's first one; else the model's name."""
    model_name: str
    """``model-name``."""
    backbone_name: str
    """``backbone-name``."""
    module_type: str
    """``module-type``, such as "cv"."""
    fine_tunable: bool
    """``fine-tunable``."""
    input_shape: tuple[int, ...]
    """``input-shape``; empty where the card has none."""
    model_version: str
    """``model-version``."""
    train_dataset: str
    """``train-dataset``."""
    evaluation: str
    """``evaluation``, such as "acc97.7"."""
    accuracy: str
    """``accuracy``, in percent as a rule."""
    author: str
    """``author``."""
    update_time: str
    """``update-time``, as written."""
    repo_link: str
    """``repo-link``; angle brackets are taken off."""
    user_id: str
    """``user-id``."""
    used_for: str
    """``used-for``."""
    train_backend: str
    """``train-backend``."""
    infer_backend: str
    """``infer-backend``."""
    mindspore_version: str
    """``mindspore-version``."""
    mindspore_lite: bool
    """``mindspore-lite``."""
    assets: tuple[Asset, ...]
    """``asset``."""
    license: str
    """``license``."""
    summary: str
    """``summary``."""
    body: str
    """The Markdown after the front matter."""
    network: NetworkBlock | None = field(default=None, hash=False)  # its arguments are a group
    """``network``; None where the card has no such block, and its model's name tells the network."""

    @property
    def publisher(self) -> str:
        """The first part of the uid."""
        return self.uid.split("/", 1)[0]

    @property
    def name(self) -> str:
        """The last part of the uid."""
        return self.uid.rsplit("/", 1)[-1]

    @property
    def version(self) -> str:
        """The MindSpore version that the uid names; empty where it names none."""
        return version_of(self.uid)


# The field of Card -> the front matter's key, for every plain text.
TEXT_FIELDS: dict[str, str] = {
    "model_name": "model-name",
    "backbone_name": "backbone-name",
    "module_type": "module-type",
    "model_version": "model-version",
    "train_dataset": "train-dataset",
    "evaluation": "evaluation",
    "accuracy": "accuracy",
    "author": "author",
    "update_time": "update-time",
    "user_id": "user-id",
    "used_for": "used-for",
    "train_backend": "train-backend",
    "infer_backend": "infer-backend",
    "mindspore_version": "mindspore-version",
    "license": "license",
    "summary": "summary",
}


def load_card(path: Path, root: Path) -> Card:
    """The card at ``path``, its uid counted from the cards folder ``root``.

    Raises CardError where the file cannot be read or its front matter cannot be parsed.
    """
    try:
        document = parse_file(path)
    except OSError as error:
        raise CardError(f"{path}: cannot be read: {error.strerror or error}") from error
    return card_from_document(document, uid_of(path, root))


def card_from_document(document: Document, uid: str) -> Card:
    """The typed card of a parsed file. Raises CardError where there is no front matter to use."""
    front = document.front
    if front is None:
        problem = document.problems[0]
        line = document.source.span(problem.start, problem.end).line
        raise CardError(f"{document.path}:{line}: {problem.message}", hint=problem.hint)
    texts = {field: front.text(key).strip() for field, key in TEXT_FIELDS.items()}
    name = texts["model_name"] or uid.rsplit("/", 1)[-1]
    texts["model_name"] = name
    return Card(
        uid=uid,
        title=_title(document) or name,
        fine_tunable=_is_true(front, "fine-tunable"),
        mindspore_lite=_is_true(front, "mindspore-lite"),
        input_shape=_shape(front),
        repo_link=bare_link(front.text("repo-link")),
        assets=tuple(
            Asset(
                asset.text("file-format").strip().lstrip("."),
                bare_link(asset.text("asset-link")),
                asset.text("asset-sha256").strip(),
            )
            for asset in front.mappings("asset")
        ),
        body=intern(document.body.text),  # one text often stands in many versions of a model
        network=network_block(front),
        **texts,
    )


def bare_link(text: str) -> str:
    """A link without the angle brackets that many cards write around it."""
    text = text.strip()
    return text[1:-1].strip() if text.startswith("<") and text.endswith(">") else text


def _title(document: Document) -> str:
    before = _TITLE.search(document.source.text, 0, document.front_span[0])
    if before:
        return before[1].strip()
    return next((heading.text.strip() for heading in document.body.headings if heading.level == 1), "")


def _is_true(front: Mapping, key: str) -> bool:
    scalar = front.scalar(key)
    return scalar is not None and scalar.text.strip().lower() == "true"


def _shape(front: Mapping) -> tuple[int, ...]:
    value = front.get("input-shape")
    data = value.data() if value is not None else None
    return tuple(item for item in data if type(item) is int) if isinstance(data, list) else ()
