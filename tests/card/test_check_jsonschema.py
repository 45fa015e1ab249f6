"""Our schema stage against check-jsonschema (https://check-jsonschema.readthedocs.io), a validator of others.

Both judge the same front matter, file by file and path by path. check-jsonschema reads YAML 1.2 with ruamel.yaml, which
guesses types; hubkit keeps the text. So that the comparison is fair, the two may differ in these ways only:

- in a value of which the linter says that readers take it for something else (``author: 010``);
- in a decimal fraction as a text (``model-name: 1.5``), which loses nothing as a number: hubkit leaves it alone;
- where hubkit refuses YAML that has no place in a card (anchors, tags, merge keys).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from hubkit.card.parse import Document, parse_bytes, read_document
from hubkit.card.schema import violations
from hubkit.card.values import Mapping, Sequence, Value
from hubkit.lint.engine import lint_document
from hubkit.lint.rule import Context
from hubkit.lint.rules import RULES
from hubkit.lint.rules._values import scalars
from hubkit.settings import Settings
from tests.lint.samples import ASSET, FIELDS, card
from tests.requirements import PROJECT

CARDS = PROJECT / "tests" / "cards"
READERS_DIFFER = [rule for rule in RULES if rule.id in ("value-changed-by-yaml", "version-changed-by-yaml")]
FRACTION = re.compile(r"\d+\.\d+")
GROUP = re.compile(r"\$\.(asset\[\d+\]|network(\.inputs\[\d+\])?)")  # what may lack a key, beside the whole
NOT_ALLOWED = "not allowed"  # in the message on YAML that is valid and has no place in a card

# What stands in the place of a good value: types, forms and lengths that some fields have and others do not.
VALUES = ("", "~", "3", "1.5", "true", '"true"', '""', "[]", "[3]", "[a]", "{}", "{a: b}", "vision", "1.10", "2022-1-1")

INPUT = "name: x, shape: [1, 3], type: float32"
NETWORKS = (
    *VALUES,
    "{builder: u2net}",
    "{repo: u2net}",
    "{builder: u2net, repo: u2net}",
    "{arguments: {a: 1}}",
    "{builder: 3}",
    "{builder: ''}",
    "{builder: a, colour: blue}",
    "{builder: a, x-colour: blue}",
    "{builder: a, commit: master}",
    "{builder: a, arguments: [3]}",
    "{builder: a, arguments: {a: [1, {b: ~}], c: 0.5}}",
    "{builder: a, inputs: []}",
    "{builder: a, inputs: {name: x}}",
    "{builder: a, outputs: [x, 3]}",
    "{builder: a, outputs: ['a b']}",
    *(f"{{builder: a, inputs: [{{{INPUT}{more}}}]}}" for more in ("", ", range: [0, 1]", ", range: [-0.5, 1e3]")),
    *(f"{{builder: a, inputs: [{{{INPUT}, range: {wrong}}}]}}" for wrong in ("1", "[]", "[1]", "[a, 1]", "[1, 2, 3]")),
    *(f"{{builder: a, inputs: [{{{INPUT.replace(*change)}}}]}}" for change in (
        ("name: x, ", ""), ("shape: [1, 3], ", ""), ("[1, 3]", "[]"), ("[1, 3]", "[1, 0]"), ("[1, 3]", "[1, b]"),
        ("float32", "bfloat16"), ("name: x", "name: 'a b'"), ("type", "tpye"),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What is said of one file."""

    readable: bool
    """Whether it is YAML that holds fields."""
    paths: frozenset[str]
    """Where it breaks the schema, as JSON paths; a missing or unknown key counts for the group that has it."""


def step(key: str | int) -> str:
    """A step of a JSON path, as check-jsonschema writes it."""
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if key.isidentifier() else f"[{key!r}]"


def places(value: Value, path: str = "$") -> dict[str, tuple[int, int]]:
    """JSON path -> where in the file it stands, its key included."""
    found: dict[str, tuple[int, int]] = {}
    if isinstance(value, Mapping):
        for key, entry in value.entries.items():
            below = places(entry.value, path + step(key))
            found |= {**below, path + step(key): (entry.key.start, max(entry.value.end, entry.key.end))}
    elif isinstance(value, Sequence):
        for index, item in enumerate(value.items):
            found |= {**places(item, path + step(index)), path + step(index): (item.start, item.end)}
    return found


def our_verdict(document: Document) -> Verdict:
    """By hubkit, the front matter's fields as the messages and places of its violations tell them."""
    assert document.front is not None
    where = places(document.front)
    paths = set()
    for violation in violations(document.front):
        around = [path for path, (start, end) in where.items() if start <= violation.start < max(end, start + 1)]
        path = max(around, key=len, default="$")
        if violation.message.startswith("the required key"):
            path = max((item for item in around if GROUP.fullmatch(item)), key=len, default="$")
        elif violation.message.startswith("unknown key"):
            path = path[: path.rfind("[")] if path.endswith("]") else path[: path.rfind(".")]
        paths.add(path)
    return Verdict(not document.problems, frozenset(paths))


def read_otherwise(document: Document) -> frozenset[str]:
    """The JSON paths of values that YAML readers take for different things, as the linter knows."""
    assert document.front is not None
    found = lint_document(document, Context(Path("/hub/mindspore/1.9/u2net_dutstr.md"), Settings()), READERS_DIFFER)
    starts = {document.source.line_start(one.line) + one.column - 1 for one in found}
    starts |= {value.start for _, _, value in scalars(document.front) if value.plain and FRACTION.fullmatch(value.text)}
    return frozenset(
        path for path, (start, end) in places(document.front).items() if any(start <= one < end for one in starts)
    )


def their_verdicts(files: list[Path]) -> dict[str, Verdict]:
    """By check-jsonschema, in one call for all files."""
    schema = PROJECT / "schema" / "card.schema.json"
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), "--output-format", "json"]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    paths: defaultdict[str, set[str]] = defaultdict(set)
    for error in report["errors"]:
        paths[error["filename"]].add(error["path"])
    unreadable = {error["filename"] for error in report.get("parse_errors", ())}
    return {str(file): Verdict(str(file) not in unreadable, frozenset(paths[str(file)])) for file in files}


@dataclass(frozen=True)
class Case:
    """One front matter and both verdicts on it."""

    name: str
    """The card, or what was changed."""
    document: Document
    """The card as hubkit reads it."""
    theirs: Verdict
    """By check-jsonschema."""


def changed_cards() -> dict[str, Document]:
    """A sound card, each of its fields written in every way of VALUES, and left out."""
    texts = {
        f"{key}: {value}": card({key: value}) for key in (*FIELDS, *ASSET) for value in (*VALUES, None)
    } | {
        "asset left out": card().replace("asset:\n  -\n", "x-asset:\n  -\n"),
        "keys misspelt": card().replace("license:", "licence:").replace("file-format:", "file-fromat:"),
        "key unknown": card({"colour": "blue", "x-colour": "blue"}),
        "key of an asset unknown": card().replace("    file-format", "    colour: blue\n    file-format"),
        "own key of an asset": card().replace("    file-format", "    x-colour: blue\n    file-format"),
        "own key for a required one": card().replace("license:", "x-license:"),
        "two assets, the second one wrong": "format: ckp\n".join(card(assets=2).rsplit("format: ckpt\n", 1)),
    }  # fmt: skip
    texts |= {f"network: {block}": card({"network": block}) for block in NETWORKS}
    return {name: parse_bytes(text.encode(), name) for name, text in texts.items()}


@pytest.fixture(scope="module")
def cases(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """All that have front matter between its two lines."""
    corpus = shared_dir / "corpus" / "mindspore-hub"
    fixtures = [*sorted((CARDS / "good").rglob("*.md")), *sorted((CARDS / "bad").rglob("*.md"))]
    real = [path for path in sorted(corpus.rglob("*.md")) if "noah" in path.as_posix()]
    real += sorted(corpus.rglob("*.md"))[::40]
    documents = {path.as_posix(): read_document(path) for path in (*fixtures, *real)} | changed_cards()
    folder = tmp_path_factory.mktemp("front")
    files: dict[str, Path] = {}
    for number, (name, document) in enumerate(documents.items()):
        start, end = document.front_span
        if start < end:
            files[name] = folder / f"{number}.yaml"
            files[name].write_text(document.source.text[start:end], encoding="utf-8", newline="")
    theirs = their_verdicts(list(files.values()))
    return [Case(name, documents[name], theirs[str(file)]) for name, file in files.items()]


def test_both_read_the_same_files(cases: list[Case]) -> None:
    for case in cases:
        refused = any(NOT_ALLOWED in problem.message for problem in case.document.problems)
        if not refused:
            unreadable = any(
                problem.rule in ("front-matter-syntax", "duplicate-key") for problem in case.document.problems
            )
            is_text = case.document.front is None and case.theirs.paths == {"$"}  # YAML, but no fields
            assert (case.theirs.readable and not is_text) is not unreadable, case.name


def test_both_find_the_same_places(cases: list[Case]) -> None:
    compared = 0
    for case in cases:
        if case.document.front is None or not case.theirs.readable:
            continue
        otherwise = read_otherwise(case.document)
        assert our_verdict(case.document).paths - otherwise == case.theirs.paths - otherwise, case.name
        compared += 1
    assert compared > 350


def test_the_comparison_has_something_to_compare(cases: list[Case]) -> None:
    """Good and broken files, each kind of field, and values that are read differently."""
    by_name = {case.name: case for case in cases}
    assert by_name["two assets, the second one wrong"].theirs.paths == {"$.asset[1]['file-format']"}
    assert sum(case.theirs == Verdict(True, frozenset()) for case in cases) > 100
    assert sum(not case.theirs.readable for case in cases) >= 8
    told = {path for case in cases for path in case.theirs.paths}
    assert told >= {
        "$",
        "$.asset[0]",
        *("$" + step(key) for key in FIELDS),
        *("$.asset[0]" + step(key) for key in ASSET),
    }
    read = {case.name for case in cases if case.document.front is not None and read_otherwise(case.document)}
    assert read >= {"author: 1.10", "author: 1.5", "mindspore-version: 1.10"}
