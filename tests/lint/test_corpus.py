"""2,800 real cards: each is read, and every counted fact about them is found, as often as it is there.

The counts are made here anew, by regular expressions over the files, and compared with what the rules find.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
import yaml

from hubkit.card.parse import parse_file, parse_text
from hubkit.lint.diagnostic import Diagnostic
from hubkit.lint.engine import lint
from hubkit.settings import Settings
from tests.lint.samples import enclosed

DATA_SET = re.compile(r"^train-dataset: (.*?)[ ]*$", re.MULTILINE)
DIGEST = re.compile(r"^\s*asset-sha256: ([0-9a-f]{64})[ ]*$", re.MULTILINE)


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
    # Cards that really say 1.1 are not among them.
    really = count(fronts, r"^mindspore-version: 1\.1[ ]*$")
    assert really.total() == 4
    assert places(found, "version-changed-by-yaml").keys().isdisjoint(really)


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


def test_licences(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    expected = count(fronts, r"^license: Apache2\.0[ ]*$")
    assert places(found, "license-spdx", "'Apache2.0' is no SPDX") == expected
    assert expected.total() == 2798


def test_dates_that_are_no_iso_dates(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    dates = {
        path: match[1]
        for path, front in fronts.items()
        if (match := re.search(r"^update-time: (.*?)[ ]*$", front, re.M))
    }
    expected = Counter(path for path, written in dates.items() if not is_iso(written))
    assert places(found, "date-form", "is no ISO 8601 date") == expected
    assert expected.total() == 508
    assert places(found, "date-form", "lies in the future") == places(found, "impossible-date") == Counter()


def is_iso(text: str) -> bool:
    """By the standard library, which takes 20230217 too: ten characters are asked for."""
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def test_data_sets_that_differ_in_case_alone(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    names = {path: match[1] for path, front in fronts.items() if (match := DATA_SET.search(front))}
    counts = Counter(names.values())
    assert (counts["imagenet2012"], counts["ImageNet2012"]) == (504, 85)
    expected = Counter(
        path
        for path, name in names.items()
        if any(other != name and other.lower() == name.lower() and counts[other] > counts[name] for other in counts)
    )
    # Where both spellings are used equally often, or a third one more often than either, see the rule's own tests.
    assert places(found, "vocabulary-case", "^train-dataset") == expected
    assert expected.total() == 150


def test_branches_of_other_names_than_the_version(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    expected = Counter()
    for path, front in fronts.items():
        branch = re.search(r"^repo-link: <?https://\S+?/tree/([^/]+)/", front, re.M)
        version = re.search(r"^mindspore-version: ([\d.]+)", front, re.M)
        if branch and version and branch[1] != f"r{version[1]}":
            expected[path] += 1
    assert expected.total() == 67
    tags = places(found, "branch-version", r"branch v0\.4\.0 is not")
    moving = places(found, "moving-branch", "^repo-link leads to the branch master")
    assert tags + moving + places(found, "version-consistency", "repo-link's branch") == expected
    assert (tags.total(), moving.total()) == (60, 7)


def test_translations(found: list[Diagnostic], texts: dict[str, str]) -> None:
    cards = {path for path in texts if path.endswith("_cn.md")}
    assert len(cards) == 2
    assert set(places(found, "front-matter-syntax", "the full-width colon")) == cards
    assert {one.hint for one in found if one.path in cards and one.rule == "front-matter-syntax"} == {
        "Write a colon and a space, here and after every other key. "
        "Keys are English, also in a Chinese card: 'model-name' here."
    }
    assert places(found, "translation") == Counter()  # their originals are there, their fields cannot be read


def test_line_ends(found: list[Diagnostic], texts: dict[str, str]) -> None:
    expected = Counter(path for path in texts if b"\r\n" in Path(path).read_bytes())
    assert places(found, "crlf-line-ends") == expected
    assert expected.total() == 6
    assert places(found, "line-ends") == places(found, "byte-order-mark") == Counter()


def test_weights_that_are_published_again(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    """A card is told of a newer one with its digest; cards of other names with its digest are told, too."""
    digests = {path: match[1] for path, front in fronts.items() if (match := DIGEST.search(front))}
    assert (len(digests), len(set(digests.values()))) == (2737, 658)
    families: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for path, digest in digests.items():
        families[Path(path).name.lower(), digest].append(path)
        owners[digest].add(Path(path).name.lower())

    def version(path: str) -> tuple[int, ...]:
        return tuple(map(int, Path(path).parent.name.split(".")))

    older = {path for paths in families.values() for path in paths if version(path) < max(map(version, paths))}
    assert places(found, "newer-card") == Counter(older)
    several = {digest for digest, names in owners.items() if len(names) > 1}
    assert places(found, "duplicate-digest") == Counter(path for path in digests if digests[path] in several)
    for rule in ("one-link-two-digests", "one-digest-two-formats", "digest-in-file-name"):
        assert places(found, rule) == Counter()


def test_addresses_and_families(found: list[Diagnostic], texts: dict[str, str], fronts: dict[str, str]) -> None:
    """No two cards differ in case alone, and none changes its author or licence from one version to the next."""
    assert len({path.lower() for path in texts}) == len(texts)
    assert places(found, "uid-collision") == Counter()
    kept: defaultdict[str, set[str]] = defaultdict(set)
    for path, front in fronts.items():
        kept[Path(path).name] |= {match[0].strip() for match in re.finditer(r"^(?:author|license): .*", front, re.M)}
    assert {len(values) for values in kept.values()} <= {0, 2}
    assert places(found, "family-field-jump") == Counter()


def test_every_url_is_known_as_a_link(texts: dict[str, str]) -> None:
    """Code aside: what the rules on links never see, none checks."""
    url = re.compile(r"https?://[^\s<>()\"'`]+")
    urls = known = 0
    for path, text in texts.items():
        document = parse_file(Path(path))
        written = Counter(url.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL)))
        targets = " ".join(link.target for link in document.body.links)
        front = text.split("\n---\n")[1]
        missing = [found for found in written if found not in front and found not in targets]
        assert missing == [], path
        urls += written.total()
        known += len(document.body.links)
    assert (urls, known) == (9601, 4005)


def test_snippets_that_load_another_card(found: list[Diagnostic], texts: dict[str, str], corpus_dir: Path) -> None:
    expected = Counter()
    for path, text in texts.items():
        own = Path(path).relative_to(corpus_dir).with_suffix("").as_posix().removesuffix("_cn")
        expected[path] = sum(loaded != own for loaded in re.findall(r'^model = "(.*)"$', text, re.MULTILINE))
    assert places(found, "snippet-uid") == +expected
    assert expected.total() == 8


def test_measurements(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    twice, other = Counter[str](), Counter[str]()
    for path, front in fronts.items():
        evaluation = re.search(r"^evaluation: (.*?)[ ]*$", front, re.M)
        parts = re.findall(r"([^|]*?)([\d.]+)(?= \||$)", evaluation[1]) if evaluation else []
        twice[path] = len(parts) - len({name.strip() for name, _ in parts})
        for name, value in {name.strip(): value for name, value in parts}.items():
            named = re.search(rf"_{re.escape(name)}([\d.]*\d)(?=[_.-])", front.split("asset-link:")[-1], re.IGNORECASE)
            digits = {text.replace(".", "").strip("0") for text in (value, named[1] if named else value)}
            other[path] += name != "" and len(digits) > 1
    assert places(found, "duplicate-metric") == +twice
    assert places(found, "metric-in-file-name") == +other
    assert (twice.total(), other.total()) == (3, 16)


def test_values_that_yaml_changes(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    expected = count(fronts, r"^evaluation: no[ ]*$")
    assert places(found, "value-changed-by-yaml") == expected
    assert expected.total() == 4


def test_raw_html(found: list[Diagnostic], texts: dict[str, str]) -> None:
    code = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
    bodies = {path: code.sub("", text.split("\n---\n", 2)[2]) for path, text in texts.items()}
    assert places(found, "raw-html") == count(bodies, r"<(?!https?:|/|sub>|sup>)[a-z]+")


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
        versions = {re.sub(r"\s", "", version) for version in re.findall(r"^mindspore-version: (.*)$", front, re.M)}
        own = {re.sub(r"\s", "", version) for version in re.findall(r"^model-version: (.*)$", front, re.M)}
        versions |= {version for version in own if f"_v{version}" not in path}  # else it is the model's
        versions |= {Path(path).parent.name}
        versions |= {
            version for pair in re.findall(r"/tree/r([\d.]+)/|mindspore\.cn/\w+/r([\d.]+)/", front) for version in pair
        }
        versions |= {f"{name[0]}.{name[1:-1]}" for name in re.findall(r"_v(\d{3,4})_", front)}
        if len(versions - {""}) > 1:
            expected.add(path)
    assert set(places(found, "version-consistency")) == expected
    assert len(expected) == 1


def test_keys(found: list[Diagnostic], fronts: dict[str, str]) -> None:
    assert places(found, "schema", "unknown key 'mAP'") == count(fronts, r"^mAP:")
    missing = {path for path, front in fronts.items() if "：" not in front and "\nasset:" not in front}
    assert set(places(found, "schema", "the required key 'asset' is missing")) == missing
    assert places(found, "duplicate-key") == Counter()


def test_titles_line_ends_and_rules_in_bodies_trouble_nobody(found: list[Diagnostic], texts: dict[str, str]) -> None:
    for rule in ("front-matter-missing", "card-size", "text-encoding"):
        assert places(found, rule) == Counter()
    assert all(text.lstrip().startswith("# ") for text in texts.values())
    assert all(text.count("\n---\n") == 2 for text in texts.values())


def test_a_rule_across_the_body_is_no_front_matter(texts: dict[str, str]) -> None:
    """Real cards have it, though none of those here."""
    for path in sorted(texts)[::400]:
        text = texts[path].replace("\n## Disclaimer", "\n---\n\n## Disclaimer")
        assert text.count("\n---\n") == 3
        before, after = (parse_text(one, path) for one in (texts[path], text))
        assert after.front_span == before.front_span
        assert after.problems == before.problems
        assert [heading.text for heading in after.body.headings] == [heading.text for heading in before.body.headings]
        assert "\n---\n" in after.body.text


def test_the_table_of_counts(found: list[Diagnostic]) -> None:
    assert Counter(one.rule for one in found) == {
        "branch-version": 60,
        "citation": 124,
        "crlf-line-ends": 6,
        "date-form": 508,
        "digest-form": 60,
        "duplicate-digest": 64,
        "duplicate-metric": 3,
        "file-name": 164,
        "front-matter-syntax": 164,
        "license-spdx": 2798,
        "link-brackets": 5593,
        "link-form": 15,
        "link-text": 3,
        "metric-in-file-name": 16,
        "misspelt-term": 30,
        "moving-branch": 7,
        "newer-card": 2072,
        "raw-html": 4,
        "relative-link": 7,
        "schema": 3,
        "snippet-uid": 8,
        "title-name": 16,
        "unknown-metric": 533,
        "unknown-term": 10,
        "value-changed-by-yaml": 4,
        "version-changed-by-yaml": 896,
        "version-consistency": 1,
        "vocabulary-case": 150,
    }
