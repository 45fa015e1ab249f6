from __future__ import annotations

import pytest

from tests.lint.samples import card, findings, lint_text


@pytest.mark.parametrize(
    ("written", "read"),
    [("1.10", "1.1"), ("2.30", "2.3"), ("01.9", "1.9"), ("1.123456789012345678", "1.1234567890123457")],
)
@pytest.mark.parametrize("key", ["model-version", "mindspore-version"])
def test_a_version_that_yaml_changes_is_found(key: str, written: str, read: str) -> None:
    expected = [(written, f"YAML reads {key} {written} as the number {read}", f'Write "{written}".')]
    assert findings("version-changed-by-yaml", card({key: written})) == expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1.", "1.0"),
        ("+1.9", "1.9"),
        ("0x10", "16"),
        ("010", "8"),
        ("1_0", "10"),
        ("1.9_1", "1.91"),
        ("1:30", "90"),
    ],
)
def test_a_number_that_is_no_version_is_not_to_be_quoted(written: str, read: str) -> None:
    message = f"YAML reads mindspore-version {written} as the number {read}"
    hint = 'Write a version between quotes, such as "1.10".'
    text = card({"mindspore-version": written})
    assert findings("version-changed-by-yaml", text) == [(written, message, hint)]
    assert [found.fix for found in lint_text(text, rule="version-changed-by-yaml")] == [None]


@pytest.mark.parametrize("written", ['"1.10"', "'1.10'", "1.9", "2.0", "1.10.0", "v1.10", "r1.10", "2.3.0rc1"])
def test_a_version_that_stays_is_right(written: str) -> None:
    assert findings("version-changed-by-yaml", card({"mindspore-version": written})) == []


@pytest.mark.parametrize("written", ["1" * 5000, "0x" + "f" * 5000, "1." + "1" * 5000, "0" + "7" * 5000, "2023-99-99"])
def test_a_number_beyond_all_bounds_raises_nothing(written: str) -> None:
    assert findings("version-changed-by-yaml", card({"mindspore-version": written})) == []
