"""``python -m tests.fuzz``: 10,000 damaged files; exit status 1 where one is not read or refused as it should be."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.fuzz import campaign, seeds
from tests.requirements import PROJECT


def main() -> int:
    """Run the campaign and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=PROJECT / "build" / "fuzz")
    given = parser.parse_args()
    good = given.folder / "seeds"
    if not good.is_dir():
        seeds.make(given.folder)
    with tempfile.TemporaryDirectory(prefix="hubkit-fuzz-") as scratch:
        report = campaign.run(good, Path(scratch), first=given.first, count=given.count, seed=given.seed)
    for outcome, count in sorted(report.outcomes.items()):
        print(f"{outcome}: {count}")
    print(f"slowest file: {report.slowest:.2f} s; most memory: {report.memory / 2**20:.0f} MiB")
    for fault in report.faults:
        print(f"\n{fault.index} {fault.name}\n{fault.what}")
        kind, _, data = campaign.case(good, given.seed, fault.index)
        (given.folder / f"fault-{fault.index}.{kind}").write_bytes(data)
    (given.folder / "report.json").write_text(json.dumps({"outcomes": report.outcomes}, default=vars, indent=1))
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
