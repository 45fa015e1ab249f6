"""Which uid a request means: one row a case."""

from __future__ import annotations

from importlib import metadata

import pytest

from hubkit.client import choose as module
from hubkit.client.choose import choose, installed_mindspore
from hubkit.client.model import ClientError

UIDS = (
    "mindspore/1.9/u2net_dutstr",
    "mindspore/1.10/u2net_dutstr",
    "mindspore/2.3/u2net_dutstr",
    "mindspore/1.10.1/bert_squad",
    "mindspore/1.8/twin_data",
    "lab/1.9/twin_data",
    "lab/ascend/1.0/ghostnet_v1.0",
    "lab/ascend/1.1/ghostnet_v1.0",
    "lab/1.10.0/zero_data",
    "lab/plain_data",
    "lab/1.9/odd@name_data",
)


@pytest.mark.parametrize(
    ("request_", "installed", "uid"),
    [
        ("mindspore/1.9/u2net_dutstr", "2.10.0", "mindspore/1.9/u2net_dutstr"),
        ("mindspore/2.3/u2net_dutstr", "1.9", "mindspore/2.3/u2net_dutstr"),  # named in full: no choice to make
        ("mindspore/u2net_dutstr", "2.10.0", "mindspore/2.3/u2net_dutstr"),
        ("mindspore/u2net_dutstr", "1.10", "mindspore/1.10/u2net_dutstr"),
        ("mindspore/u2net_dutstr", "1.10.1", "mindspore/1.10/u2net_dutstr"),
        ("mindspore/u2net_dutstr", "2.3.0rc2", "mindspore/2.3/u2net_dutstr"),
        ("mindspore/u2net_dutstr", "1.9.0+cpu", "mindspore/1.9/u2net_dutstr"),
        ("u2net_dutstr", "2.2.14", "mindspore/1.10/u2net_dutstr"),
        ("u2net_dutstr", "", "mindspore/2.3/u2net_dutstr"),
        ("u2net_dutstr@1.9", "2.10.0", "mindspore/1.9/u2net_dutstr"),
        ("mindspore/u2net_dutstr@2.3", "1.9", "mindspore/2.3/u2net_dutstr"),
        ("mindspore/1.9/u2net_dutstr@1.9", "", "mindspore/1.9/u2net_dutstr"),
        ("/mindspore/1.9/u2net_dutstr.md", "", "mindspore/1.9/u2net_dutstr"),
        ("bert_squad", "1.10.1", "mindspore/1.10.1/bert_squad"),
        ("lab/twin_data", "", "lab/1.9/twin_data"),
        ("ghostnet_v1.0", "2.0", "lab/ascend/1.1/ghostnet_v1.0"),
        ("lab/ghostnet_v1.0@1.0", "", "lab/ascend/1.0/ghostnet_v1.0"),
        ("lab/ascend/ghostnet_v1.0", "1.0.9", "lab/ascend/1.0/ghostnet_v1.0"),
        ("plain_data", "0.1", "lab/plain_data"),
        ("zero_data", "1.10", "lab/1.10.0/zero_data"),
        ("lab/1.9/odd@name_data", "", "lab/1.9/odd@name_data"),
    ],
)
def test_what_a_request_means(request_: str, installed: str, uid: str) -> None:
    assert choose(request_, UIDS, installed, where="cards").uid == uid


@pytest.mark.parametrize(
    ("request_", "installed", "words"),
    [
        (
            "mindspore/u2net_dutsrt",
            "",
            "no model 'mindspore/u2net_dutsrt'|Did you mean mindspore/u2net_dutstr",
        ),
        ("u2net", "", "no model 'u2net' in cards|Did you mean mindspore/u2net_dutstr?"),
        ("dutstr", "", "Did you mean mindspore/u2net_dutstr?"),
        ("U2NET_dutstr", "", "Did you mean mindspore/u2net_dutstr?"),
        ("mindspore/1.9/u2net_dutst", "", "mindspore/1.9/u2net_dutstr"),
        ("zzz", "", "It has 11 cards."),
        ("u2net_dutstr@1.8", "", "has no version '1.8' in cards|It has 2.3, 1.10, 1.9."),
        ("mindspore/1.8/u2net_dutstr", "", "has no version '1.8' in cards|It has 2.3, 1.10, 1.9."),
        ("u2net_dutstr@latest", "", "has no version 'latest'"),
        ("u2net_dutstr@", "", "has no version ''"),
        ("mindspore/1.9/u2net_dutstr@1.10", "", "names two versions|Write mindspore/u2net_dutstr@1.10."),
        ("twin_data", "", "twin_data may be any of 2 models in cards|Name one: lab/twin_data, mindspore/twin_data."),
        ("u2net_dutstr", "1.8.1", "no version of mindspore/u2net_dutstr fits MindSpore 1.8.1|It has 2.3, 1.10, 1.9"),
        ("", "", "no model ''"),
        ("@", "", "no model ''"),
        ("other/u2net_dutstr", "", "no model 'other/u2net_dutstr'"),
    ],
)
def test_what_cannot_be_chosen_is_said_with_what_there_is(request_: str, installed: str, words: str) -> None:
    with pytest.raises(ClientError) as caught:
        choose(request_, UIDS, installed, where="cards")
    for part in words.split("|"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("installed", "words"),
    [
        ("", "mindspore/2.3/u2net_dutstr is taken, the newest version: no MindSpore is installed"),
        ("1.9", "mindspore/1.9/u2net_dutstr is taken for MindSpore 1.9, which is installed; 2.3 needs a newer one"),
    ],
)
def test_a_choice_that_could_surprise_is_told(installed: str, words: str) -> None:
    assert words in choose("u2net_dutstr", UIDS, installed, where="cards").note


@pytest.mark.parametrize("request_", ["mindspore/1.9/u2net_dutstr", "u2net_dutstr@1.9"])
def test_a_version_that_was_named_is_no_surprise(request_: str) -> None:
    assert choose(request_, UIDS, "", where="cards").note == ""


@pytest.mark.parametrize(("names", "version"), [(("mindspore-ascend",), "2.1"), ((), "")])
def test_the_installed_version_is_that_of_any_of_its_packages(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], version: str
) -> None:
    def installed(name: str) -> str:
        if name in names:
            return version
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(module.metadata, "version", installed)
    assert installed_mindspore() == version
