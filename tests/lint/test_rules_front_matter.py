"""Rules on the front matter and on the file's form: where they find what, in which words, and how they mend it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import yaml

from hubkit.lint.diagnostic import Edit, Fix
from hubkit.lint.rules._yaml_types import reading
from tests.lint.calls import DIGEST, GOOD, card, field, findings, fixed, shown

MINE = [
    "byte-order-mark",
    "line-ends",
    "crlf-line-ends",
    "empty-value",
    "placeholder",
    "date-form",
    "impossible-date",
    "value-changed-by-yaml",
    "trailing-space",
]


@pytest.mark.parametrize("rule_id", MINE)
def test_a_good_card_is_left_alone(rule_id: str) -> None:
    assert findings(rule_id, GOOD) == []


class TestEmptyValue:
    @pytest.mark.parametrize("value", ["", '""', '"  "', "~", "null", '"-"', "''", '"—"'])
    def test_nothing_is_found(self, value: str) -> None:
        (found,) = findings("empty-value", field("author", value))
        assert (found.line, found.message, found.hint) == (11, "author is empty", "Fill it in.")
        assert findings("schema", field("author", value)) == []

    def test_a_value_without_characters_is_shown_by_its_key(self) -> None:
        assert shown(findings("empty-value", field("author", ""))) == ["author: author is empty"]
        assert shown(findings("empty-value", field("author", '"-"'))) == ['"-": author is empty']

    def test_an_optional_field_may_go(self) -> None:
        (found,) = findings("empty-value", field("train-dataset", ""))
        assert found.hint == "Fill it in, or remove the field."

    def test_assets(self) -> None:
        (found,) = findings("empty-value", field("asset-sha256", '""'))
        assert (found.line, found.message) == (20, "asset-sha256 is empty")
        assert findings("digest-form", field("asset-sha256", '" "')) == []

    @pytest.mark.parametrize("value", ["", '"-"', "~"])
    def test_nothing_measured_is_an_answer(self, value: str) -> None:
        assert findings("empty-value", field("evaluation", value)) == []

    @pytest.mark.parametrize("value", ["a", '"null"', "none", "0"])
    def test_short_is_not_empty(self, value: str) -> None:
        assert findings("empty-value", field("author", value)) == []


class TestPlaceholder:
    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("author", "<your name>"),
            ("author", "TODO"),
            ("author", '"todo: who"'),
            ("author", '"{{ author }}"'),
            ("author", "${AUTHOR}"),
            ("author", "xxx"),
            ("author", "..."),
            ("author", "your name"),
            ("author", "author"),
            ("author", "TBD"),
            ("model-name", "model name here"),
            ("model-name", "the model name here"),
            ("model-name", "model_name"),
            ("summary", "Lorem ipsum dolor sit amet"),
            ("summary", "to be filled in later"),
            ("summary", "Fill in one sentence"),
            ("update-time", "YYYY-MM-DD"),
            ("update-time", "0000-00-00"),
            ("mindspore-version", "x.y"),
            ("license", "<license>"),
            ("repo-link", "<link to the code>"),
            ("asset-sha256", "0" * 64),
            ("asset-sha256", "f" * 64),
            ("asset-sha256", "00000000"),
            ("asset-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("asset-sha256", "0123456789abcdef" * 4),
        ],
    )
    def test_a_whole_value(self, key: str, value: str) -> None:
        text = field(key, value)
        (found,) = findings("placeholder", text)
        assert found.source_line[found.column - 1 :] == value
        assert found.message.startswith(f"{key} is a placeholder: ")

    @pytest.mark.parametrize(
        ("key", "value", "part"),
        [
            ("repo-link", "https://gitee.com/<your name>/models/tree/r1.9/u2net", "<your name>"),
            ("asset-link", "https://download.mindspore.cn/models/r1.9/xxx.ckpt", "xxx"),
            ("author", '"someone@example.com"', "@example.com"),
            ("summary", "u2net does TODO and more", "TODO"),
        ],
    )
    def test_a_part_of_a_value(self, key: str, value: str, part: str) -> None:
        assert shown(findings("placeholder", field(key, value))) == [f"{part}: {key} holds a placeholder: '{part}'"]

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("author", "Todor Placeholder-Smith"),
            ("author", "x"),
            ("model-name", "xxl-net"),
            ("model-name", "TODOnet"),
            ("summary", "Replace text in pictures, and change the model of a car"),
            ("summary", "the token <s> begins a sentence"),
            ("repo-link", "<https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net>"),
            ("asset-sha256", DIGEST),
            ("train-dataset", "data"),
        ],
    )
    def test_values_that_only_look_like_one(self, key: str, value: str) -> None:
        assert findings("placeholder", field(key, value)) == []

    def test_other_rules_keep_quiet(self) -> None:
        text = card(("author: MindSpore team", "author: MindSpore team"), ("license: Apache-2.0", "license: TODO"))
        assert findings("license-spdx", text) == []
        assert findings("link-form", field("repo-link", "<link to the code>")) == []
        assert findings("schema", field("repo-link", "<link to the code>")) == []
        assert findings("digest-form", field("asset-sha256", "00000000")) == []

    def test_prose(self) -> None:
        text = card(("U2-Net finds", "TODO: say what it does. U2-Net finds"))
        assert shown(findings("placeholder", text)) == ["TODO: a placeholder was left: TODO"]
        text = card(("# u2net\n", "# Model name here\n"))
        (found,) = findings("placeholder", text)
        assert (found.line, found.message) == (1, "a placeholder was left: Model name here")

    @pytest.mark.parametrize("prose", ["```python\n# TODO: tune\n```", "write `TODO` there", "TODOs", "mastodon"])
    def test_prose_that_is_no_placeholder(self, prose: str) -> None:
        assert findings("placeholder", card(("U2-Net finds", f"{prose}\n\nU2-Net finds"))) == []


class TestDates:
    @pytest.mark.parametrize(
        ("written", "iso"),
        [
            ("2023-2-17", "2023-02-17"),
            ("2023/02/17", "2023-02-17"),
            ("2023.2.7", "2023-02-07"),
            ("20230217", "2023-02-17"),
            ("2023年2月17日", "2023-02-17"),
            ('"2023-2-17"', '"2023-02-17"'),
        ],
    )
    def test_another_form_is_mended(self, written: str, iso: str) -> None:
        text = field("update-time", written)
        (found,) = findings("date-form", text)
        plain = written.strip('"')
        assert found.message == f"update-time {plain} is no ISO 8601 date"
        assert found.hint == f"Write {iso.strip(chr(34))}."
        assert found.source_line[found.column - 1 : found.end_column - 1] == written
        assert findings("schema", text) == []
        assert fixed("date-form", text) == field("update-time", iso)
        assert findings("date-form", field("update-time", iso)) == []

    def test_a_time_goes_only_unsafely(self) -> None:
        text = field("update-time", '"2023-02-17 10:30:00"')
        (found,) = findings("date-form", text)
        assert found.message == "update-time 2023-02-17 10:30:00 carries a time of the day"
        assert fixed("date-form", text) == text
        assert fixed("date-form", text, unsafe=True) == field("update-time", '"2023-02-17"')

    @pytest.mark.parametrize("written", ["2023-13-40", "2023-2-30", "0000-1-1", '"2023-00-10"', "20231301"])
    def test_a_day_of_no_calendar(self, written: str) -> None:
        text = field("update-time", written)
        (found,) = findings("impossible-date", text)
        assert found.message == f"update-time {written.strip(chr(34))} is no day of the calendar"
        assert (found.line, found.column) == (12, 14)
        assert findings("date-form", text) == []

    def test_the_future(self) -> None:
        today = datetime.now(UTC).date()
        (found,) = findings("date-form", field("update-time", "9999-12-31"))
        assert (found.message, found.fix) == ("update-time 9999-12-31 lies in the future", None)
        for days in (-1, 0):
            day = (today + timedelta(days=days)).isoformat()
            assert findings("date-form", field("update-time", day)) == []

    def test_no_date_at_all_is_left_to_the_schema(self) -> None:
        text = field("update-time", "last spring")
        assert findings("date-form", text) == findings("impossible-date", text) == []
        assert len(findings("schema", text)) == 1


class TestValueChangedByYaml:
    @pytest.mark.parametrize(
        ("key", "value", "read"),
        [
            ("evaluation", "no", "false"),
            ("author", "Yes", "true"),
            ("author", "off", "false"),
            ("author", "true", "true"),
            ("train-dataset", "010", "the number 8"),
            ("train-dataset", "0o17", "the number 15"),
            ("train-dataset", "0x1F", "the number 31"),
            ("train-dataset", "1_000", "the number 1000"),
            ("train-dataset", "-5", "the number -5"),
            ("train-dataset", "2012", "the number 2012"),
            ("model-name", "12:30", "the number 750 (base 60)"),
            ("model-name", ".5", "the number 0.5"),
            ("model-name", "1.50", "the number 1.5"),
            ("model-name", "1e5", "the number 100000.0"),
            ("model-name", ".inf", "infinity"),
            ("asset-sha256", "12345678" * 7 + "12345679", "a number of 64 digits, which many of them round"),
            ("asset-sha256", "1234567890" * 3 + "1e" + "9" * 32, "infinity"),
            ("summary", "2023-02-17 10:30:00", "a time"),
        ],
    )
    def test_a_text_that_is_read_otherwise(self, key: str, value: str, read: str) -> None:
        text = field(key, value)
        (found,) = findings("value-changed-by-yaml", text)
        assert found.message == f"YAML readers may take {key} {value} for {read}"
        assert found.hint == f'Write "{value}".'
        assert found.source_line[found.column - 1 : found.end_column - 1] == value
        assert findings("schema", text) == []
        mended = fixed("value-changed-by-yaml", text)
        assert mended == field(key, f'"{value}"')
        assert findings("value-changed-by-yaml", mended) == []

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("fine-tunable", "true"),
            ("mindspore-version", "1.9"),
            ("update-time", "2022-10-11"),
            ("evaluation", "99.05"),
            ("model-name", "1.5"),
            ("train-dataset", "300wlp"),
            ("train-dataset", '"010"'),
            ("asset-sha256", DIGEST),
            ("summary", "2Dprojection of 1:2 things"),
            ("author", "Norbert"),
            ("author", "1.2.3"),
        ],
    )
    def test_texts_that_stay(self, key: str, value: str) -> None:
        assert findings("value-changed-by-yaml", field(key, value)) == []

    def test_a_version_is_reported_once(self) -> None:
        text = field("mindspore-version", "1.10")
        assert findings("value-changed-by-yaml", text) == []
        assert len(findings("version-changed-by-yaml", text)) == 1

    def test_a_cut_digest_is_reported_once(self) -> None:
        text = field("asset-sha256", "77e12345")
        assert findings("value-changed-by-yaml", text) == []
        assert len(findings("digest-form", text)) == 1

    @pytest.mark.parametrize("text", ["", "-", ".", "+", "0", "_1", "e5", "1__", "1.2.3", "9" * 5000, "1:" * 900])
    def test_any_text_has_a_reading(self, text: str) -> None:
        assert reading(text) is None or isinstance(reading(text), str)


class TestLoneDash:
    @pytest.mark.parametrize("after", ["", "  # nothing was measured", " "])
    def test_quotes_are_put_around_it(self, after: str) -> None:
        text = field("evaluation", f"-{after}")
        (found,) = findings("front-matter-syntax", text)
        assert (found.line, found.column, found.end_column) == (10, 13, 14)
        assert fixed("front-matter-syntax", text) == field("evaluation", f'"-"{after}')
        assert yaml.safe_load(fixed("front-matter-syntax", text).split("---")[1])["evaluation"] == "-"

    def test_each_is_mended_and_another_error_is_not(self) -> None:
        both = [("evaluation: acc99.05", "evaluation: -"), ("MindSpore team", "- ")]
        mended = card((both[0][0], 'evaluation: "-"'), (both[1][0], '"-" '))
        assert fixed("front-matter-syntax", card(*both)) == mended
        text = card(*both, ("of a picture\n---", "of: a picture\n---"))
        assert [found.fix is not None for found in findings("front-matter-syntax", text)] == [True, False]

    def test_a_dash_that_begins_a_list_is_left_alone(self) -> None:
        text = field("evaluation", "- acc99")
        assert [found.fix for found in findings("front-matter-syntax", text)] == [None]


class TestStrayFence:
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    @pytest.mark.parametrize("key", ["used-for", "asset", "  - file-format"])
    def test_fields_behind_it_are_lost(self, key: str, end: str) -> None:
        text = GOOD.replace(f"\n{key}:", f"\n---\n\n{key}:").replace("\n", end)
        (found,) = findings("front-matter-syntax", text)
        line = text.split(end).index("---", 3) + 1
        assert (found.line, found.column, found.end_column) == (line, 1, 4)
        assert found.message == f"this line ends the front matter, but the field {key.strip(' -')} follows it"
        assert found.hint == "Remove it: one line of --- stands after the last field."

    @pytest.mark.parametrize(
        "first", ["summary of it", "summary:it", "## summary:", "note: this", "---", "`summary: x`"]
    )
    def test_a_body_of_its_own_is_fine(self, first: str) -> None:
        assert findings("front-matter-syntax", GOOD.replace("## Introduction", f"{first}\n\n## Introduction")) == []


class TestFile:
    def test_mixed_line_ends(self) -> None:
        text = card(
            ("author: MindSpore team\n", "author: MindSpore team\r\n"), ("## Introduction\n", "## Introduction\r\n")
        )
        (found,) = findings("line-ends", text)
        assert (found.line, found.column) == (11, 23)
        assert found.message == "2 lines end with CRLF, the others with LF"
        assert found.hint == "End every line with LF."
        assert fixed("line-ends", text) == GOOD
        assert findings("crlf-line-ends", text) == []

    def test_the_usual_line_end_wins(self) -> None:
        text = GOOD.replace("\n", "\r\n")
        mixed = text.replace("cv\r\n", "cv\n", 1)
        (found,) = findings("line-ends", mixed)
        assert found.message == "1 line ends with LF, the others with CRLF"
        assert fixed("line-ends", mixed) == text

    def test_crlf_throughout(self) -> None:
        text = GOOD.replace("\n", "\r\n")
        assert findings("line-ends", text) == []
        (found,) = findings("crlf-line-ends", text)
        assert (found.line, found.message) == (1, "the card's lines end with CRLF")
        assert fixed("crlf-line-ends", text) == text
        assert fixed("crlf-line-ends", text, unsafe=True) == GOOD

    def test_a_byte_order_mark_at_the_beginning(self) -> None:
        (found,) = findings("byte-order-mark", "\ufeff" + GOOD)
        assert (found.line, found.column) == (1, 1)
        assert found.message == "the file begins with a byte order mark"
        assert found.fix == Fix((Edit(0, 0, ""),), safe=True)

    def test_a_byte_order_mark_inside(self) -> None:
        text = card(("MindSpore team", "MindSpore\ufeff team"))
        (found,) = findings("byte-order-mark", text)
        assert (found.line, found.column, found.end_column) == (11, 18, 19)
        assert fixed("byte-order-mark", text) == GOOD


class TestInvisibleCharacter:
    @pytest.mark.parametrize(
        ("character", "name"),
        [
            ("\u200b", "a zero-width space (U+200B)"),
            ("\u00ad", "a soft hyphen (U+00AD)"),
            ("\u2060", "a word joiner (U+2060)"),
            ("\u202e", "a character that turns text round (U+202E)"),
            ("\u2066", "a character that turns text round (U+2066)"),
        ],
    )
    def test_in_a_name_and_in_the_title(self, character: str, name: str) -> None:
        text = card(("MindSpore team", f"MindSpore{character} team"), ("# u2net\n", f"# u2{character}net\n"))
        title, author = findings("invisible-character", text)
        assert (title.line, title.column, title.end_column) == (1, 5, 6)
        assert (author.line, author.column, author.end_column) == (11, 18, 19)
        assert author.message == f"{name} stands here, which nobody sees"
        assert fixed("invisible-character", text) == GOOD

    def test_in_the_body_only_what_overrides(self) -> None:
        text = card(("of a picture.\n", "of\u202e a\u200b p\u00adicture.\n"))
        (found,) = findings("invisible-character", text)
        assert found.source_line[found.column - 1 : found.end_column] == "\u202e "

    @pytest.mark.parametrize("value", ["می\u200cخواهم", "👩\u200d🔬", "team\u200f", "Noah’s Ark", "模型"])
    def test_what_scripts_need_is_left_alone(self, value: str) -> None:
        assert findings("invisible-character", field("author", value)) == []


class TestTrailingSpace:
    def test_between_quotes(self) -> None:
        text = field("author", '" MindSpore team\t"')
        before, after = findings("trailing-space", text)
        assert (before.line, before.column, before.end_column) == (11, 10, 11)
        assert before.message == "author begins with white space, which belongs to it"
        assert (after.column, after.end_column) == (25, 26)
        assert after.message == "author ends with white space, which belongs to it"
        assert fixed("trailing-space", text) == field("author", '"MindSpore team"')

    def test_white_space_that_yaml_does_not_drop(self) -> None:
        text = field("author", "MindSpore team\u3000")
        (found,) = findings("trailing-space", text)
        assert found.column == 23
        assert fixed("trailing-space", text) == GOOD

    def test_a_text_of_several_lines(self) -> None:
        text = field("summary", "|\n  one  \n  two")
        (found,) = findings("trailing-space", text)
        assert (found.line, found.column, found.end_column) == (23, 6, 8)
        assert found.message == "spaces end a line of summary, which the text keeps"
        assert fixed("trailing-space", text) == field("summary", "|\n  one\n  two")

    def test_fences(self) -> None:
        text = GOOD.replace("---\n", "--- \n")
        found = findings("trailing-space", text)
        assert [(one.line, one.column) for one in found] == [(3, 4), (23, 4)]
        assert {one.message for one in found} == {"spaces follow the --- of the front matter"}
        assert fixed("trailing-space", text) == GOOD

    @pytest.mark.parametrize("value", ["MindSpore team   ", '"\\tMindSpore team"', "|\n  one\n  two"])
    def test_spaces_that_do_no_harm(self, value: str) -> None:
        text = field("author", value)
        assert fixed("trailing-space", text) == text

    def test_a_line_break_in_the_body(self) -> None:
        assert findings("trailing-space", card(("of a picture.", "of a  \npicture."))) == []
