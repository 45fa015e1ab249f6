"""What is known of links from earlier runs: a JSON file with a receipt a page, what came of it and when.

The file is replaced in one step. One that is missing or damaged is as good as an empty one.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hubkit.links.verdict import State, Verdict

VERSION = 1


def read(path: Path, now: datetime, max_age: timedelta) -> dict[str, Verdict]:
    """Page -> its receipt, of those that are no older than ``max_age`` at the time ``now`` in UTC."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            return {}
        verdicts = {str(page): _verdict(row) for page, row in data["links"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return {
        page: verdict
        for page, verdict in verdicts.items()
        if verdict.checked is not None and timedelta(0) <= now - verdict.checked <= max_age
    }


def write(path: Path, verdicts: Mapping[str, Verdict]) -> None:
    """Replace the receipts at ``path``. Raises OSError; then the file is as it was."""
    rows = {page: _row(verdict) for page, verdict in sorted(verdicts.items()) if verdict.checked is not None}
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    beside = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8") as stream:  # noqa: PTH123 (a descriptor, no path)
            json.dump({"version": VERSION, "links": rows}, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _row(verdict: Verdict) -> dict[str, Any]:
    assert verdict.checked is not None
    row = {
        "state": verdict.state.value,
        "checked": verdict.checked.isoformat(timespec="seconds"),
        "status": verdict.status,
        "reason": verdict.reason,
        "moved-to": verdict.moved_to,
        "mirror": verdict.mirror,
        "fragments": dict(sorted(verdict.fragments.items())),
    }
    return {key: value for key, value in row.items() if value not in ("", None, {})}


def _verdict(row: dict[str, Any]) -> Verdict:
    """Raises ValueError, KeyError or TypeError for what is no receipt."""
    verdict = Verdict(
        State(row["state"]),
        datetime.fromisoformat(row["checked"]),
        row.get("status"),
        row.get("reason", ""),
        row.get("moved-to", ""),
        row.get("mirror", ""),
        row.get("fragments", {}),
        from_cache=True,
    )
    texts = (verdict.reason, verdict.moved_to, verdict.mirror)
    sound = (
        verdict.checked is not None
        and verdict.checked.tzinfo is not None
        and all(isinstance(text, str) for text in texts)
        and isinstance(verdict.status, int | None)
        and isinstance(verdict.fragments, dict)
    )
    if not sound:
        raise ValueError("no receipt")
    return replace(verdict, fragments={str(name): found is True for name, found in verdict.fragments.items()})
