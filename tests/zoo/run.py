"""Convert the zoo, one network after another; what was converted before by the same code is kept."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.limits import Limits
from hubkit.convert.pipeline import run
from hubkit.convert.records import ConvertJob, ConvertResult, from_json, to_json
from hubkit.fingerprint import fingerprint
from tests.zoo.families import EXPLAINED, Member

LIMITS = Limits(seconds=1800, memory=16 * 10**9)
"""What one network may take."""


@dataclass(frozen=True)
class Done:
    """One network and what came of it."""

    member: Member
    """The network."""
    result: ConvertResult
    """All that the worker said."""
    kept: bool
    """Whether it was converted before."""

    @property
    def passed(self) -> bool:
        """Whether every file was made and agrees, to 1e-4 whatever its size, and every output moves."""
        converted = [pair for pair in self.result.parity if pair.candidate in ("mindir", "onnxruntime")]
        strict = [pair for pair in converted if pair.max_abs <= 1e-4 and (pair.rtol, pair.ppm) in ((1e-3, 100), (0, 0))]
        return (
            self.result.status is ConversionStatus.PASSED
            and {file.format for file in self.result.files} == {"mindir", "onnx"}
            and {pair.candidate for pair in strict} == {"mindir", "onnxruntime"}
            and len(strict) == len(converted)
            and all(pair.passed for pair in self.result.parity)
            and bool(self.result.sensitivity)
            and all(output.passed for output in self.result.sensitivity)
        )


def convert(members: Iterable[Member], folder: Path, say: Callable[[str], None] = lambda _: None) -> Iterator[Done]:
    """Convert ``members`` as MINDIR and ONNX and compare; ``folder`` keeps a record of each, but no model."""
    folder.mkdir(parents=True, exist_ok=True)
    for member in members:
        record = folder / f"{member.network}.json"
        with tempfile.TemporaryDirectory(prefix=".", dir=folder) as target:
            job = ConvertJob(network=member.name, target_dir=Path(target), stem=member.network)
            own = fingerprint(job, "")
            result = _kept(record, own)
            if result is not None:
                yield Done(member, result, kept=True)
                continue
            result = run(job, progress=lambda line, name=member.name: say(f"{name}: {line}"), limits=LIMITS)  # type: ignore[misc]
        record.write_text(json.dumps({"fingerprint": own, "result": to_json(result)}, indent=1), encoding="utf-8")
        yield Done(member, result, kept=False)


def _kept(record: Path, own: str) -> ConvertResult | None:
    try:
        data: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return from_json(ConvertResult, data["result"]) if data["fingerprint"] == own else None


HEADINGS = ("family", "network", "result", "values", "operators", "max abs", "ppm", "moved", "ONNX", "seconds")
"""What the table tells."""


def row(done: Done) -> tuple[str, ...]:
    """A network as a row of the table."""
    result = done.result
    onnx = next((file for file in result.files if file.format == "onnx"), None)
    pairs = [pair for pair in result.parity if pair.candidate == "onnxruntime"]
    return (
        done.member.family,
        done.member.network,
        "passed" if done.passed else result.status.value,
        f"{result.values / 1e6:.1f} M",
        f"{sum(onnx.operators.values())} of {len(onnx.operators)} kinds" if onnx else "",
        f"{max(pair.max_abs for pair in pairs):.1e}" if pairs else "",
        f"{max(pair.ppm_over_rtol for pair in pairs):.0f}" if pairs else "",
        f"{min(output.moved for output in result.sensitivity):.0%}" if result.sensitivity else "",
        f"{onnx.size / 1e6:.1f} MB" if onnx else "",
        f"{sum(result.seconds.values()):.0f}",
    )


def table(done: Iterable[Done]) -> str:
    """The results as Markdown, and below why those that did not pass did not."""
    results = list(done)
    rows = [HEADINGS, *(row(one) for one in results)]
    widths = [max(len(line[column]) for line in rows) for column in range(len(HEADINGS))]
    lines = [f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |" for line in rows]
    lines.insert(1, f"| {' | '.join('-' * width for width in widths)} |")
    failed = [one for one in results if not one.passed]
    lines += ["", f"{len(results) - len(failed)} of {len(results)} pass."]
    for one in failed:
        cause = EXPLAINED.get(one.member.network, "not explained")
        lines += ["", f"- {one.member.network}: {cause}", *(f"      {line}" for line in one.result.error.splitlines())]
    return "\n".join(lines) + "\n"
