from __future__ import annotations

import pytest

from hubkit.resources import resource_dir
from hubkit.site import facets
from hubkit.site.i18n import CHINESE, LANGUAGES, load_texts, speaking
from hubkit.site.tasks import field_label, task_name
from tests.site.examples import U2NET, Hub, passed


def values(hub: Hub) -> dict[str, tuple[str, ...]]:
    entries, _ = hub.gather()
    return facets.values(entries[0])


def test_the_values_of_a_verified_card(hub: Hub) -> None:
    hub.add(U2NET, task="cv-object_detection")
    hub.verify(passed(U2NET))
    assert values(hub) == {
        "task": ("cv", "cv-object_detection"),
        "dataset": ("dutstr",),
        "version": ("1.9",),
        "status": ("verified",),
        "format": ("ckpt", "mindir", "onnx"),
        "backend": (),
        "license": ("Apache-2.0",),
        "publisher": ("mindspore",),
    }


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://a.example/u2net_ascend_v190_dutstr.ckpt", ("ascend",)),
        ("https://a.example/u2net_GPU-cpu.ckpt", ("cpu", "gpu")),
        ("https://a.example/ascendant.ckpt", ()),
        ("https://ascend.example/u2net.ckpt", ()),
    ],
)
def test_a_file_name_says_the_backend(hub: Hub, link: str, expected: tuple[str, ...]) -> None:
    hub.add(U2NET, link=link)
    assert values(hub)["backend"] == expected


@pytest.mark.parametrize("written", ["Apache-2.0", "Apache2.0", "apache 2.0"])
def test_spellings_of_one_licence_are_one_value(hub: Hub, written: str) -> None:
    path = hub.add(U2NET)
    path.write_text(path.read_text(encoding="utf-8").replace("license: Apache-2.0", f"license: {written}"))
    assert values(hub)["license"] == ("Apache-2.0",)


def test_spellings_of_one_data_set_are_one_value_that_is_called_by_the_longest(hub: Hub) -> None:
    for number, name in enumerate(("mvtecadbottle", "MVTecAD_bottle", "SST-2", "sst2", "squad1.1", "wiki 128")):
        hub.add(f"lab/1.{number}/x", dataset=name)
    entries, _ = hub.gather()
    found = [facets.values(entry)["dataset"] for entry in entries]
    assert found == [("mvtecadbottle",)] * 2 + [("sst2",)] * 2 + [("squad1.1",), ("wiki128",)]
    expected = {"mvtecadbottle": "mvtecad_bottle", "sst2": "sst-2", "wiki128": "wiki 128"}
    assert facets.labels(entries)["dataset"] == expected


def test_every_facet_has_a_name() -> None:
    assert list(facets.names()) == list(facets.FACETS)


@pytest.mark.parametrize(
    ("module_type", "english", "chinese"),
    [
        ("cv", "Computer vision", "计算机视觉"),
        ("cv-object_detection", "Object detection", "目标检测"),
        ("cv-super-resolution", "Super-resolution", "超分辨率"),
        ("audio-TTS", "Text to speech", "语音合成"),
        ("nlp-joke_writing", "Joke writing", "Joke writing"),
        ("odd", "odd", "odd"),
        ("", "Other", "其他"),
    ],
)
def test_a_task_in_words(module_type: str, english: str, chinese: str) -> None:
    assert (task_name(module_type) or field_label(module_type)) == english
    with speaking(load_texts(CHINESE, [resource_dir("site_templates")])):
        assert (task_name(module_type) or field_label(module_type)) == chinese


def test_what_a_value_is_called_in_all_languages() -> None:
    languages = [load_texts(language, [resource_dir("site_templates")]) for language in LANGUAGES]
    spoken = facets.spoken(["cv-classification", "cv-derain"], languages)
    assert spoken["task"] == {
        "cv-classification": "Classification\nImage classification\n分类\n图像分类",
        "cv-derain": "Deraining\n去雨",
    }
    assert spoken["status"]["partial"] == "Partly verified\n部分验证"
    assert spoken["format"]["onnx"] == "ONNX"
    assert spoken["metric"]["wer"] == "Word error rate\n词错误率"
