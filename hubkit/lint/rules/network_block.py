"""
The block `network` says things that cannot hold together.

The block tells hubkit which network a checkpoint belongs to, so that it can be converted and proved. The schema says
what each of its fields looks like; this rule looks at several at once: names that come twice, a range that its type
cannot hold or that is the wrong way round, a `commit` without a repository, a `repo` without inputs or without a branch
in `repo-link`. Such a card cannot be converted.

Bad:

    network:
      builder: u2net
      inputs:
        - {name: image, shape: [1, 3, 320, 320], type: uint8, range: [0, 1000]}

Good:

    network:
      builder: u2net
      inputs:
        - {name: image, shape: [1, 3, 320, 320], type: float32, range: [0, 1]}
"""

from collections.abc import Iterator

from hubkit.card.network import problems
from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule


def check(document: Document, _context: Context) -> Iterator[Finding]:
    if document.front is not None:
        for problem in problems(document.front):
            yield Finding(problem.start, problem.end, problem.message, problem.hint)


RULE = Rule("network-block", Category.FRONT_MATTER, Severity.ERROR, check)
