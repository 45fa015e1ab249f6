"""Rules on names, vocabularies and metrics, and the data files that they read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from hubkit.errors import ConfigError
from hubkit.lint.vocab import metric_kind, metric_spellings, mindspore_versions, vocabulary
from hubkit.resources import schema
from hubkit.settings import Settings, load_settings
from tests.lint.calls import GOOD, card, catalogue_findings, field, findings, fixed, shown

MINE = ["unknown-term", "misspelt-term", "metric-range", "unknown-metric", "duplicate-metric", "metric-in-file-name"]


@pytest.mark.parametrize("rule_id", MINE)
def test_a_good_card_is_left_alone(rule_id: str) -> None:
    assert findings(rule_id, GOOD) == []


class TestDataFiles:
    FILES = ("backends", "datasets", "file-formats", "metrics", "mindspore-versions", "module-types", "placeholders")

    @pytest.mark.parametrize("name", FILES)
    def test_each_fits_its_own_schema(self, project_dir: Path, name: str) -> None:
        folder = project_dir / "schema" / "vocab"
        own = json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(own)
        Draft202012Validator(own).validate(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))

    def test_there_is_no_other(self, project_dir: Path) -> None:
        found = {path.name.removesuffix(".json") for path in (project_dir / "schema" / "vocab").glob("*.json")}
        assert found == {name + end for name in self.FILES for end in ("", ".schema")}

    @pytest.mark.parametrize("name", ["backends", "datasets", "file-formats", "module-types"])
    def test_terms_are_in_order_and_told_apart(self, project_dir: Path, name: str) -> None:
        terms = json.loads((project_dir / "schema" / "vocab" / f"{name}.json").read_text(encoding="utf-8"))["terms"]
        names = [term["name"] for term in terms]
        assert names == sorted(names)
        words = vocabulary(name)
        assert len(words.terms) == len(names)
        canonical = set(words.terms.values())
        assert set(words.misspellings.values()) <= canonical

    @pytest.mark.parametrize(
        ("key", "name"),
        [("module-type", "module-types"), ("train-backend", "backends"), ("infer-backend", "backends")],
    )
    def test_the_card_schema_knows_the_same_terms(self, key: str, name: str) -> None:
        words = vocabulary(name)
        listed = set(schema("card")["properties"][key]["enum"])
        assert set(words.terms.values()) <= listed
        assert {term for term in listed if not words.knows(term)} == set()

    def test_the_card_schema_knows_the_same_file_formats(self) -> None:
        asset = schema("card")["properties"]["asset"]["items"]["properties"]
        assert set(asset["file-format"]["enum"]) == set(vocabulary("file-formats").terms.values())

    def test_versions_are_in_order(self) -> None:
        numbers = [tuple(map(int, version.split("."))) for version in mindspore_versions()]
        assert numbers == sorted(set(numbers))

    def test_a_spelling_belongs_to_one_metric(self, project_dir: Path) -> None:
        text = (project_dir / "schema" / "vocab" / "metrics.json").read_text(encoding="utf-8")
        spellings = [spelling for metric in json.loads(text)["metrics"] for spelling in metric["spellings"]]
        assert sorted(spellings) == sorted(metric_spellings())


class TestVocabularyCase:
    CARDS = {  # noqa: RUF012 (a constant)
        "/hub/mindspore/1.7/u2net_dutstr.md": GOOD,
        "/hub/mindspore/1.8/u2net_dutstr.md": field("train-dataset", "DUTSTR"),
        "/hub/mindspore/1.9/u2net_dutstr.md": GOOD,
    }

    def test_the_rarer_spelling_is_found(self) -> None:
        (found,) = catalogue_findings("vocabulary-case", self.CARDS)
        assert (found.path, found.line, found.column, found.end_column) == (
            "/hub/mindspore/1.8/u2net_dutstr.md", 9, 16, 22,
        )  # fmt: skip
        assert found.message == "train-dataset DUTSTR is written dutstr 2 times in this catalogue"
        assert found.hint == "Write dutstr, or agree on one spelling."

    @pytest.mark.parametrize("written", ["DUTSTR", '"DUTSTR"', "'DUTSTR'"])
    def test_the_fix_changes_nothing_else_and_is_unsafe(self, written: str) -> None:
        text = field("train-dataset", written)
        (found,) = catalogue_findings("vocabulary-case", {**self.CARDS, "/hub/mindspore/1.8/u2net_dutstr.md": text})
        assert found.fix is not None
        assert not found.fix.safe
        (edit,) = found.fix.edits
        mended = text[: edit.start] + edit.text + text[edit.end :]
        assert mended == field("train-dataset", written.replace("DUTSTR", "dutstr"))

    def test_a_tie_decides_nothing(self) -> None:
        two = {"/hub/a/1.8/x.md": GOOD, "/hub/a/1.9/x.md": field("author", "Mindspore Team")}
        assert catalogue_findings("vocabulary-case", two) == []

    def test_authors_too(self) -> None:
        cards = {**self.CARDS, "/hub/mindspore/1.8/u2net_dutstr.md": field("author", "mindspore team")}
        assert [found.message for found in catalogue_findings("vocabulary-case", cards)] == [
            "author mindspore team is written MindSpore team 2 times in this catalogue"
        ]

    def test_both_backends_are_one_vocabulary(self) -> None:
        def with_backends(train: str, infer: str) -> str:
            return card(("license:", f"train-backend: {train}\ninfer-backend: {infer}\nlicense:"))

        cards = {
            "/hub/a/1.8/x.md": with_backends("ascend", "ascend"),
            "/hub/a/1.9/x.md": with_backends("gpu", "Ascend"),
        }
        (found,) = catalogue_findings("vocabulary-case", cards)
        assert found.message == "infer-backend Ascend is written ascend 2 times in this catalogue"


class TestUnknownTerm:
    def test_a_data_set_that_nobody_knows(self) -> None:
        text = field("train-dataset", "imagenett")
        assert shown(findings("unknown-term", text)) == ["imagenett: no data set 'imagenett' is known"]
        assert findings("unknown-term", text)[0].hint.startswith("Did you mean imagenet? ")

    @pytest.mark.parametrize(
        "name",
        ["ImageNet2012", "SQuAD-1.1", "MVTec AD", "icdar2013 | COCO2014", "fairface_rwmfd", "VehicleNet Dataset"],
    )
    def test_case_and_punctuation_do_not_count(self, name: str) -> None:
        assert findings("unknown-term", field("train-dataset", name)) == []

    def test_a_hub_adds_its_own(self) -> None:
        text = field("train-dataset", "our-Pictures")
        assert len(findings("unknown-term", text)) == 1
        assert findings("unknown-term", text, settings=Settings(vocabularies={"datasets": ("OurPictures",)})) == []

    def test_what_the_schema_lists_is_left_to_it(self) -> None:
        for text in (field("module-type", "vision"), field("file-format", "pth")):
            assert findings("unknown-term", text) == []
            assert len(findings("schema", text)) == 1


class TestMisspeltTerm:
    def test_a_data_set(self) -> None:
        text = field("train-dataset", "CitySpaces")
        (found,) = findings("misspelt-term", text)
        assert (found.line, found.column) == (9, 16)
        assert found.message == "train-dataset 'CitySpaces' is a misspelling of cityscapes"
        assert fixed("misspelt-term", text) == text
        assert fixed("misspelt-term", text, unsafe=True) == field("train-dataset", "cityscapes")
        assert findings("unknown-term", text) == []

    def test_a_module_type(self) -> None:
        text = field("module-type", "cv-super-resolution")
        (found,) = findings("misspelt-term", text)
        assert found.hint == "Write cv-super_resolution."
        assert findings("misspelt-term", field("module-type", "cv-super_resolution")) == []


class TestMetricRange:
    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ("acc9905", "acc9905: no accuracy can be over 100"),
            ("top1acc100.1", "top1acc100.1: no accuracy can be over 100"),
            ("mAP401", "mAP401: no mean average precision can be over 100"),
            ("F1score994.9", "F1score994.9: no F measure can be over 100"),
            ("auc-3", "auc-3: no area under the curve can be below 0"),
            ("MAE-1.5", "MAE-1.5: no mean absolute error can be below 0"),
            ('"acc101"', "acc101: no accuracy can be over 100"),
        ],
    )
    def test_impossible_values(self, value: str, message: str) -> None:
        (found,) = findings("metric-range", field("evaluation", value))
        assert found.message == message
        assert found.source_line[found.column - 1 : found.end_column - 1] == value.strip('"')

    def test_only_the_part_concerned_is_shown(self) -> None:
        (found,) = findings("metric-range", field("evaluation", "top1acc79 | top5acc940"))
        assert (found.line, found.column, found.end_column) == (10, 25, 35)

    @pytest.mark.parametrize(
        "value",
        [
            "acc100",
            "acc0",
            "loss224.6",
            "avgReward-9.11",
            "psnr104",
            "WER120",
            "mape400",
            "MOTA-3",
            "ok300",
            "-",
            "",
            "F188.7",
        ],
    )
    def test_possible_values(self, value: str) -> None:
        assert findings("metric-range", field("evaluation", f'"{value}"')) == []

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("top1acc", "accuracy"),
            ("mAP@0.5", "mean average precision"),
            ("oxford5kmap", "mean average precision"),
            ("mape", "mean absolute percentage error"),
            ("rmse", "mean squared error"),
            ("mAP@.5IoU", "intersection over union"),
            ("AP", "average precision"),
            ("P@1acc", "accuracy"),
        ],
    )
    def test_what_a_name_stands_for(self, name: str, kind: str) -> None:
        found = metric_kind(name)
        assert found is not None
        assert found.name == kind

    @pytest.mark.parametrize("name", ["", "ok", "hard", "panrS", "cap", "@"])
    def test_names_of_no_metric(self, name: str) -> None:
        assert metric_kind(name) is None


class TestUnknownMetric:
    @pytest.mark.parametrize(
        ("value", "message", "hint"),
        [
            ("F1scorce90.04", "'F1scorce' is no metric that is known", "Did you mean f1score?"),
            ("easy92.4", "'easy' is no metric that is known", "Name the metric before the number, as in acc99.05."),
            ('"92.4"', "92.4 does not say what was measured", "Name the metric before the number."),
            ("good", "no number ends 'good'", "Write the metric and its value, as in acc99.05."),
            ("BLUE12.9", "'BLUE' is no metric that is known", "Did you mean bleu?"),
            ("core66.5", "'core' is no metric that is known", "Name the metric before the number, as in acc99.05."),
        ],
    )
    def test_words(self, value: str, message: str, hint: str) -> None:
        (found,) = findings("unknown-metric", field("evaluation", value))
        assert (found.line, found.message, found.hint) == (10, message, hint)

    def test_each_part_has_its_place(self) -> None:
        text = field("evaluation", "acc90 | ok94.7 | avg96.2")
        assert [found.column for found in findings("unknown-metric", text)] == [21, 30]

    def test_a_hub_adds_its_own(self) -> None:
        hub = Settings(vocabularies={"metrics": ("OK",)})
        assert findings("unknown-metric", field("evaluation", "ok94.7"), settings=hub) == []

    def test_metrics_of_tracking_poses_and_questions(self) -> None:
        text = "MT210 | ML68 | IDs859 | FM1388 | FP19264 | FN33114 | 2Dprojection98.9 | add42.6 | top1pem88.0"
        assert findings("unknown-metric", field("evaluation", text)) == []


class TestDuplicateMetric:
    def test_the_second_is_found(self) -> None:
        (found,) = findings("duplicate-metric", field("evaluation", "top1acc69.73 | top1acc89.35"))
        assert shown([found]) == [
            "top1acc89.35: 'top1acc89.35' gives top1acc another value than 'top1acc69.73' before it"
        ]
        assert (found.line, found.hint) == (10, "Name each metric for what it is, or keep one of the two.")

    @pytest.mark.parametrize("value", ["top1acc69.73 | top5acc89.35", "acc90 | acc90", "90 | 91", "- | -"])
    def test_others_are_fine(self, value: str) -> None:
        assert findings("duplicate-metric", field("evaluation", f'"{value}"')) == []


class TestMetricInFileName:
    LINK = "https://download.mindspore.cn/models/r1.9/u2net_ascend_v190_dutstr_research_cv_{}.ckpt"

    @pytest.mark.parametrize(
        ("evaluation", "name", "said"),
        [
            ("acc98.2", "acc99.05", "acc99.05: the file name says 'acc99.05', but evaluation says 'acc98.2'"),
            ("mAP46.6", "MAP455", "MAP455: the file name says 'MAP455', but evaluation says 'map46.6'"),
            ("a1 | top5acc9", "top5acc94", "top5acc94: the file name says 'top5acc94', but evaluation says 'top5acc9'"),
        ],
    )
    def test_another_number_is_found_in_the_link(self, evaluation: str, name: str, said: str) -> None:
        text = field("evaluation", evaluation).replace("acc99.05.ckpt", f"{name}.ckpt")
        (found,) = findings("metric-in-file-name", text)
        assert shown([found]) == [said]
        assert (found.line, found.hint) == (19, "Mend evaluation, or link the file that was measured.")

    @pytest.mark.parametrize(
        ("evaluation", "name"),
        [
            ("acc99.05", "acc99.05"),
            ("acc0.9905", "acc99.05"),
            ("acc: 99.05%", "acc9905"),
            ("top1acc77.25", "acc77"),  # may be another accuracy
            ("acc77", "top1acc78"),
            ("acc90 | acc99.05", "acc99.05"),
            ("acc99.05", "v2"),
            ("map40", "heatmap41"),
            ("acc99.05", "acc98b"),
            ("-", "acc98"),
        ],
    )
    def test_what_agrees_or_says_nothing_is_fine(self, evaluation: str, name: str) -> None:
        text = field("evaluation", f'"{evaluation}"').replace("acc99.05.ckpt", f"{name}.ckpt")
        assert findings("metric-in-file-name", text) == []


class TestFileName:
    @pytest.mark.parametrize(
        ("data_set", "name"),
        [
            ("AG's News Topic Classification Dataset", "u2net_agnews"),
            ("Yelp Review Polarity Dataset", "u2net_yelp"),
            ("DBPedia Ontology Classification Dataset", "u2net_dbpedia"),
        ],
    )
    def test_a_phrase_is_named_by_its_beginning(self, data_set: str, name: str) -> None:
        text = field("train-dataset", f'"{data_set}"')
        assert findings("file-name", text, path=f"/hub/mindspore/1.9/{name}.md") == []
        (found,) = findings("file-name", text, path="/hub/mindspore/1.9/u2net_other.md")
        assert found.message.startswith("the file name u2net_other.md does not name the data set")

    @pytest.mark.parametrize("data_set", ["MVTec AD", "coco 2017", "imagenet2012"])
    def test_a_name_is_looked_for_whole(self, data_set: str) -> None:
        text = field("train-dataset", data_set)
        beginning = data_set.lower().split()[0][:5]
        assert len(findings("file-name", text, path=f"/hub/mindspore/1.9/u2net_{beginning}.md")) == 1


class TestSettings:
    def test_vocabularies_are_read(self, tmp_path: Path) -> None:
        (tmp_path / "hubkit.toml").write_text('[vocabularies]\ndatasets = ["ours"]\n', encoding="utf-8")
        assert load_settings(tmp_path).vocabularies == {"datasets": ("ours",)}

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("vocabularies = 3", "1: vocabularies must be a table of lists"),
            ('[vocabularies]\ndataset = ["ours"]', "2: vocabularies must be a table of lists"),
            ('[vocabularies]\ndatasets = "ours"', "2: vocabularies has a wrong value: datasets must be a list"),
        ],
    )
    def test_a_wrong_one_is_named(self, tmp_path: Path, text: str, words: str) -> None:
        (tmp_path / "hubkit.toml").write_text(text + "\n", encoding="utf-8")
        with pytest.raises(ConfigError, match=rf"hubkit\.toml:{words}"):
            load_settings(tmp_path)


@pytest.mark.parametrize("value", ["()", "MIT <x>", "( OR MIT", "MIT AND"])
def test_a_broken_licence_expression_is_a_finding(value: str) -> None:
    (found,) = findings("license-spdx", field("license", f'"{value}"'))
    assert found.message == f"{value!r} is no SPDX licence expression"
