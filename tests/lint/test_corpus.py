"""2,800 real cards: each is read, and every counted fact about them is found, as often as it is there.

The counts are made here anew, by regular expressions over the files, and compared with what the rules find.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from hubkit.card.parse import parse_file
from hubkit.lint.diagnostic import Diagnostic
from hubkit.lint.engine import lint
from hubkit.settings import Settings
from tests.lint.samples import enclosed


@pytest.fixture(scope="module")
def texts(corpus_dir: Path) -> dict[str, str]:
    """Path -> text; line ends become \\n."""
    return {str(path): path.read_text(encoding="utf-8") for path in sorted(corpus_dir.rglob("*.md"))}


@pytest.fixture(scope="module")
def fronts(texts: dict[str, str]) -> dict[str, str]:
    """Path -> front matter, cut out by other means than hubkit's."""
    return {path: text.split("\n---\n")[1] for path, text in texts.items()}


@pytest.fixture(scope="module")
def found(corpus_dir: Path) -> list[Diagnostic]:
    report = lint([corpus_dir], Settings())
    assert report.files == 2800
    return list(report.diagnostics)


def places(found: list[Diagnostic], rule: str, message: str = "") -> Counter[str]:
    """Path -> how many findings of the rule, those whose message matches."""
    return Counter(one.path for one in found if one.rule == rule and re.search(message, one.message))


def count(texts: dict[str, str], pattern: str) -> Counter[str]:
    """Path -> how many matches, of the paths that have one."""
    numbers = {path: len(re.findall(pattern, text, re.MULTILINE)) for path, text in texts.items()}
    return Counter({path: number for path, number in numbers.items() if number})


def test_every_finding_lies_inside_its_file(found: list[Diagnostic], texts: dict[str, str]) -> None:
    for one in found:
        assert one.source_line in texts[one.path]
        assert enclosed(texts[one.path], one) or one.rule in ("schema", "version-consistency")


def test_unquoted_versions_that_yaml_changes(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    expected = count(fronts, r"^mindspore-version: 1\.10[ ]*$")
    assert places(found, "version-changed-by-yaml", "mindspore-version 1.10 as the number 1.1") == expected
    assert expected.total() == 448
    models = count(fronts, r"^model-version: 1\.10[ ]*$")
    assert places(found, "version-changed-by-yaml") == expected + models


def test_front_matter_that_is_not_valid_yaml(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    expected = set()
    for path, front in fronts.items():
        try:
            fields = yaml.load(front, yaml.CSafeLoader)
        except yaml.YAMLError:
            fields = None
        if not isinstance(fields, dict):
            expected.add(path)
    assert set(places(found, "front-matter-syntax")) == expected
    assert len(expected) == 164
    dashes = count(fronts, r": -[ ]*$")
    assert places(found, "front-matter-syntax", "a lone dash") == dashes
    assert places(found, "front-matter-syntax", "the full-width colon") == Counter(expected - set(dashes))


def test_a_lone_dash_hides_nothing_else(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    assert places(found, "license-spdx") == count(fronts, r"^license: Apache2\.0")


def test_digests_that_are_none(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    expected = count(fronts, r"^\s*asset-sha256: (?![0-9a-f]{64}[ ]*$)")
    assert places(found, "digest-form") == expected
    assert expected.total() == 60
    assert places(found, "digest-form", r"the digest has [89] hex.* \(the file's name has the same\)") == expected


def test_licences(found: list[Diagnostic]) -> None:
    assert places(found, "license-spdx", "'Apache2.0' is no SPDX").total() == 2798


def test_links_in_angle_brackets(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    assert places(found, "link-brackets") == count(fronts, r"^\s*(?:repo-link|asset-link): <.*>[ ]*$")


def test_links_that_are_no_https(found: list[Diagnostic], texts: dict[str, str]) -> None:
    expected = count(texts, r"\bhttp://\S|\bhhttps:")
    assert places(found, "link-form") == expected


def test_hosts(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    known = "gitee\\.com|github\\.com|download\\.mindspore\\.cn|download-mindspore\\.osinfra\\.cn"
    assert places(found, "link-host") == count(fronts, rf"^\s*(?:repo-link|asset-link): <?https?://(?!(?:{known})/)")


def test_versions_that_disagree(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    """Compares the texts of the two fields, the folder, the branch and the asset's folder and name."""
    expected = set()
    for path, front in fronts.items():
        versions = {
            re.sub(r"\s", "", version) for version in re.findall(r"^(?:model|mindspore)-version: (.*)$", front, re.M)
        }
        versions |= {Path(path).parent.name}
        versions |= {
            version for pair in re.findall(r"/tree/r([\d.]+)/|mindspore\.cn/\w+/r([\d.]+)/", front) for version in pair
        }
        versions |= {f"{name[0]}.{name[1:-1]}" for name in re.findall(r"_v(\d{3,4})_", front)}
        if len(versions - {""}) > 1:
            expected.add(path)
    assert set(places(found, "version-consistency")) == expected
    assert len(expected) == 6


def test_keys(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    assert places(found, "schema", "unknown key 'mAP'") == count(fronts, r"^mAP:")
    missing = {path for path, front in fronts.items() if "：" not in front and "\nasset:" not in front}
    assert set(places(found, "schema", "the required key 'asset' is missing")) == missing
    assert places(found, "duplicate-key") == Counter()


def test_titles_line_ends_and_rules_in_bodies_trouble_nobody(found: list[Diagnostic], texts: dict[str, str]) -> None:
    for rule in ("front-matter-missing", "card-size", "text-encoding"):
        assert places(found, rule) == Counter()
    assert all(text.lstrip().startswith("# ") for text in texts.values())
    assert sum(b"\r\n" in Path(path).read_bytes() for path in texts) == 6
    with_rules = [path for path, text in texts.items() if text.count("\n---\n") > 2]
    for path in with_rules:
        assert "\n---" in parse_file(Path(path)).body.text.replace("\r", "")


def test_the_table_of_counts(found: list[Diagnostic]) -> None:
    assert Counter(one.rule for one in found) == {
        "branch-version": 67,
        "citation": 124,
        "crlf-line-ends": 6,
        "date-form": 508,
        "digest-form": 60,
        "duplicate-digest": 64,
        "file-name": 173,
        "front-matter-syntax": 164,
        "license-spdx": 2798,
        "link-brackets": 5593,
        "link-form": 15,
        "link-text": 3,
        "misspelt-term": 30,
        "newer-card": 2072,
        "raw-html": 4,
        "relative-link": 7,
        "schema": 3,
        "title-name": 16,
        "unknown-metric": 682,
        "unknown-term": 10,
        "value-changed-by-yaml": 4,
        "version-changed-by-yaml": 896,
        "version-consistency": 6,
        "vocabulary-case": 150,
    }
