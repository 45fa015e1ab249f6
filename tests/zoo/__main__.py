"""``make zoo``: every network of the zoo through the whole converter, and 10,000 damaged model files.

``python -m tests.zoo NETWORK...`` converts only those. Exit status 1 where a network fails that is not explained.
"""

from __future__ import annotations

import sys

from tests.requirements import PROJECT
from tests.zoo.families import EXPLAINED, MEMBERS
from tests.zoo.run import convert, row, table

FOLDER = PROJECT / "build" / "zoo"


def main() -> int:
    """Convert, print a row as each is done, and write the table."""
    wanted = set(sys.argv[1:])
    unknown = wanted - {member.network for member in MEMBERS}
    if unknown:
        print(f"not in the zoo: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    done = []
    for one in convert([member for member in MEMBERS if not wanted or member.network in wanted], FOLDER):
        done.append(one)
        print(" | ".join(row(one)), "(kept)" if one.kept else "", flush=True)
    results = table(done)
    print(f"\n{results}", end="")
    if not wanted:
        (FOLDER / "results.md").write_text(results, encoding="utf-8")
    return 1 if any(not one.passed and one.member.network not in EXPLAINED for one in done) else 0


if __name__ == "__main__":
    sys.exit(main())
