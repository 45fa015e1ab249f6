"""Networks that a repository's code makes, as jobs of the converter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hubkit.convert.pipeline import run
from hubkit.convert.records import ConvertJob, ConvertResult, RepositoryCode
from hubkit.nets import InputSpec
from tests.repos.networks import folder

IMAGE = InputSpec("image", (1, 3, 8, 8), "float32", -1.0, 1.0)


def job(place: Path, files: Mapping[str, str] | None = None, **changes: object) -> ConvertJob:
    code = place / "code"
    for name, text in (files or folder()).items():
        path = code / name.removeprefix("official/net/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    repository = RepositoryCode("https://git.example/owner/models", "0" * 40, "official/net", code, "0" * 64, "a test")
    made = ConvertJob("net", place / "models", "net", inputs=(IMAGE,), repository=repository)
    return replace(made, **changes)  # type: ignore[arg-type]


def convert(place: Path, files: Mapping[str, str] | None = None, **changes: object) -> ConvertResult:
    result = run(job(place, files, **changes))
    left = [path for path in (place / "models").iterdir() if path.suffix in (".mindir", ".onnx", ".safetensors")]
    assert len(left) == len(result.files)
    return result
