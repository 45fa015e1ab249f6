"""The SARIF report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hubkit import __version__
from hubkit.lint.diagnostic import Report
from hubkit.lint.manual import manual
from hubkit.lint.report import FORMATS
from hubkit.lint.rules import RULES
from tests.lint.reports import EMPTY, REPORT, finding


def run(report: Report = REPORT) -> dict[str, Any]:
    (only,) = json.loads(FORMATS["sarif"](report))["runs"]
    assert isinstance(only, dict)
    return only


@pytest.mark.parametrize("report", [REPORT, EMPTY])
def test_it_is_valid_by_the_schema(report: Report, shared_dir: Path) -> None:
    from jsonschema import Draft7Validator

    schema = json.loads((shared_dir / "facts" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    data = json.loads(FORMATS["sarif"](report))
    assert [error.message for error in Draft7Validator(schema).iter_errors(data)] == []
    assert data["version"] == "2.1.0"


def test_each_rule_has_its_manual() -> None:
    driver = run(EMPTY)["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("hubkit", __version__)
    assert [rule["id"] for rule in driver["rules"]] == [rule.id for rule in RULES]
    for described in driver["rules"]:
        text = manual(described["id"])
        assert described["shortDescription"]["text"] == text.summary
        assert text.text in described["help"]["markdown"]


def test_results_have_places_and_rules() -> None:
    first, second, third, fourth = run()["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "cards/a.md"}
    assert place["region"] == {
        "startLine": 3,
        "startColumn": 6,
        "endLine": 3,
        "endColumn": 11,
        "snippet": {"text": "value"},
    }
    assert (first["ruleId"], first["level"], first["message"]["text"]) == ("digest-form", "error", "wrong\nMend it.")
    assert RULES[first["ruleIndex"]].id == "digest-form"
    assert (second["level"], fourth["level"]) == ("warning", "note")
    assert "snippet" not in fourth["locations"][0]["physicalLocation"]["region"]
    assert "ruleIndex" not in fourth
    uris = [item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for item in (third, fourth)]
    assert uris == ["a%3Ab%2Cc%25/%FF%20d%3F%23%C3%A9.md", "file:///abs/a.md"]


def test_fixes_are_replacements_at_offsets() -> None:
    first, second, third, _ = run()["results"]
    (fix,) = first["fixes"]
    assert fix["description"] == {"text": "Mend it."}
    assert fix["artifactChanges"] == [
        {
            "artifactLocation": {"uri": "cards/a.md"},
            "replacements": [
                {"deletedRegion": {"charOffset": 10, "charLength": 5}, "insertedContent": {"text": "中文"}},
                {"deletedRegion": {"charOffset": 20, "charLength": 0}, "insertedContent": {"text": "new"}},
            ],
        }
    ]
    assert second["fixes"][0]["description"] == {"text": "Mend it; read the change before you keep it."}
    assert "fixes" not in third


def test_columns_count_characters() -> None:
    assert run()["columnKind"] == "unicodeCodePoints"
    (result,) = run(Report((finding(source_line="中文😀: value"),), 1))["results"]
    assert result["locations"][0]["physicalLocation"]["region"]["snippet"]["text"] == "value"


def test_it_can_be_written_whatever_a_path_holds() -> None:
    assert FORMATS["sarif"](REPORT).isascii()
