"""
`mindspore-version` is a version that MindSpore never had.

A card for MindSpore 1.13 cannot be used by anyone; a digit is wrong. The versions stand in
`schema/vocab/mindspore-versions.json`; only major and minor version count.

Option: `mindspore-versions` in `[tool.hubkit.vocabularies]` of pyproject.toml, or in `[vocabularies]` of hubkit.toml,
adds versions that are newer than this program.

Bad:

    mindspore-version: "1.13"

Good:

    mindspore-version: "1.10"
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.vocab import mindspore_versions

_VERSION = re.compile(r"(\d+)\.(\d+)(?![^.\-+a-zA-Z])")


def check(document: Document, context: Context) -> Iterator[Finding]:
    value = document.front.scalar("mindspore-version") if document.front else None
    match = _VERSION.match(value.text) if value else None
    if value is None or match is None:
        return
    known = mindspore_versions()
    version = match[0]
    if version in known or version in context.config.vocabularies.get("mindspore-versions", ()):
        return
    same = [other for other in known if other.startswith(f"{match[1]}.")]
    have = f"There are {same[0]} to {same[-1]}. " if same else f"The newest that hubkit knows is {known[-1]}. "
    hint = f"{have}A newer one goes into mindspore-versions of the vocabularies in the settings."
    yield Finding(value.start, value.end, f"no MindSpore {version} is known", hint)


RULE = Rule("unknown-version", Category.VERSIONS, Severity.WARNING, check)
