"""What the result of a conversion depends on, as one digest: while it is the same, nothing is done again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from hubkit.convert.machine import versions
from hubkit.convert.records import ConvertJob
from hubkit.resources import package_digest

# A change in these packages makes every conversion anew.
_CODE = ("compat", "convert", "nets", "smoke", "wire")


def fingerprint(job: ConvertJob, weights_sha256: str) -> str:
    """The digest of the job, of its weights (empty where they are seeded), and of the code and packages involved."""
    depends = {
        "network": [job.network, job.kwargs, [asdict(item) for item in job.inputs], job.outputs],
        "repository": [job.repository.commit, job.repository.folder] if job.repository else [],
        "weights": weights_sha256,
        "seed": job.seed,
        "formats": job.formats,
        "onnx": [job.onnx.optimize, job.onnx.precision, job.onnx.dynamic, _listing(job.onnx.calibration)],
        "versions": versions(),
        "code": [package_digest(name) for name in _CODE],
    }
    return hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()


def _listing(folder: Path | None) -> list[tuple[str, int, int]]:
    """What tells whether files of a folder have changed: their names, sizes and times."""
    if folder is None:
        return []
    found = [(path, path.stat()) for path in sorted(folder.iterdir())]
    return [(path.name, status.st_size, status.st_mtime_ns) for path, status in found]
