"""Hubs for tests: folders of cards whose assets a loopback server plays."""

from __future__ import annotations

import hashlib
from pathlib import Path

CARD = """# {name}

---

model-name: {name}

backbone-name: {name}

module-type: cv

fine-tunable: True

model-version: 1.9

train-dataset: {dataset}

author: hubkit tests

update-time: 2026-01-02

repo-link: https://gitee.com/mindspore/models/tree/r1.9/research/cv/{name}

user-id: tests

used-for: inference

mindspore-version: 1.9

asset:

-
    file-format: ckpt
    asset-link: {link}
    asset-sha256: {sha256}

{network}license: Apache-2.0

summary: a card of the tests

---

## Introduction

{body}
"""

# A closed port: what is not mirrored is refused at once, without a name server.
ASSET_HOST = "https://127.0.0.1:9/"
SETTINGS = 'known-hosts = ["127.0.0.1", "gitee.com"]\n'


def write_card(
    cards: Path,
    name: str,
    *,
    content: bytes = b"",
    sha256: str = "",
    dataset: str = "data",
    body: str = "A network.",
    network: str = "",
) -> str:
    """Write the card tests/1.9/<name>_<dataset> into the folder ``cards``; its uid.

    Its asset is ``<name>.ckpt`` on ASSET_HOST; its digest that of ``content`` where none is given. ``network`` is its
    block of that name, as one line of YAML; without, it has none.
    """
    path = cards / "tests" / "1.9" / f"{name}_{dataset}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = CARD.format(
        name=name,
        dataset=dataset,
        link=f"{ASSET_HOST}{name}.ckpt",
        sha256=sha256 or hashlib.sha256(content).hexdigest(),
        body=body,
        network=f"network: {network}\n\n" if network else "",
    )
    path.write_text(text, encoding="utf-8")
    return f"tests/1.9/{name}_{dataset}"
