"""Hubs to pull from: what ``hubkit build`` leaves behind, made without MindSpore."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hubkit.cli import main
from hubkit.receipts import AssetCheck, ModelFile, Receipt, Status, Step, write_receipt
from hubkit.site.build import build_site
from tests import model_files
from tests.hubs import ASSET_HOST, SETTINGS, write_card
from tests.servers import AssetHost

CATALOGUE = f"{ASSET_HOST}catalogue/index.json"
CHECKPOINT = model_files.checkpoint()
CONVERTED = {"mindir": model_files.mindir(), "onnx": model_files.onnx()}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    returncode: int
    """Its exit status."""
    stdout: str
    """What it printed."""
    stderr: str
    """What it said beside."""


def run(*arguments: str) -> Ended:
    """The whole command line in this process and this working folder."""
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["hubkit", *arguments]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as stop:
        return Ended(int(stop.code or 0), out.getvalue(), err.getvalue())
    finally:
        sys.argv = before
    raise AssertionError("the command line ends with its status")


class PublishedHub:
    """One model, tests/1.9/u2net_data, converted and published; more can be added."""

    def __init__(self, folder: Path, host: AssetHost) -> None:
        self.folder = folder
        self.host = host
        self.cards = folder / "cards"
        self.out = folder / "build"
        mirrors = f'[mirrors]\n"{ASSET_HOST}" = "{host.url}"\n'
        (folder / "hubkit.toml").write_text(SETTINGS + mirrors, encoding="utf-8")
        self.uid = self.add("u2net")
        self.publish()

    def add(self, name: str, content: bytes = CHECKPOINT, **receipt: Any) -> str:
        """Add a card whose asset is ``content``, served, and its converted files with their receipt."""
        uid = write_card(self.cards, name, content=content)
        self.host.files[f"{name}.ckpt"] = content
        models = []
        for kind, data in CONVERTED.items():
            path = self.out / "models" / uid / f"{uid.rpartition('/')[2]}.{kind}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            digest = hashlib.sha256(data).hexdigest()
            models.append(ModelFile(kind, path.relative_to(self.out).as_posix(), digest, len(data), None, {}, (), ()))
        digest = hashlib.sha256(content).hexdigest()
        card = (self.cards / f"{uid}.md").read_bytes()
        made = Receipt(
            uid=uid,
            card_sha256=hashlib.sha256(card).hexdigest(),
            created="2026-01-02T03:04:05Z",
            network=name,
            weights="published",
            note="",
            steps=(Step("lint", Status.PASSED), Step("fetch", Status.PASSED)),
            assets=(AssetCheck(f"{ASSET_HOST}{name}.ckpt", "ckpt", digest, Status.PASSED, size=len(content)),),
            models=tuple(models),
        )
        write_receipt(self.out, replace(made, **receipt))
        return uid

    def publish(self) -> None:
        """Build the site and let the server serve it."""
        build_site(self.cards, self.out / "site", receipts_dir=self.out / "receipts", models_dir=self.out / "models")
        for path in (self.out / "site").rglob("*"):
            if path.is_file():
                self.host.files[f"catalogue/{path.relative_to(self.out / 'site').as_posix()}"] = path.read_bytes()

    def index(self) -> dict[str, Any]:
        """The published index, to be changed and published again by publish_index."""
        index: dict[str, Any] = json.loads(self.host.files["catalogue/index.json"])
        return index

    def publish_index(self, index: object) -> None:
        """Serve another index."""
        self.host.files["catalogue/index.json"] = json.dumps(index).encode()
