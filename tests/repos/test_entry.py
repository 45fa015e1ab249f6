"""Which names an entry file offers, read without running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.repos.entry import Offer, read_offer
from hubkit.repos.errors import RepositoryError


def offer(folder: Path, text: str) -> Offer:
    (folder / "mindspore_hub_conf.py").write_text(text, encoding="utf-8")
    return read_offer(folder)


HEAD = "def create_network(name, *args, **kwargs):\n"


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("    if name == 'a': return 1\n    if 'b' == name: return 2\n    raise NotImplementedError(f'{name}!')\n",
         "a b"),
        ("    if name != 'a': raise ValueError(name)\n    return 1\n", "a"),
        ("    if name in ('a', 'b'): return 1\n    raise ValueError\n", "a b"),
        ("    known = ['a', 'b']\n    if name not in known: raise ValueError(name)\n", "a b"),
        ("    nets = {'a': 1, 'b': 2}\n    return nets[name]\n", "a b"),
        ("    return {'a': 1}.get(name)\n", "a"),
        ("    nets = {'a': 1}\n    if name in nets.keys(): return nets.get(name, None)\n", "a"),
        ("    if name.lower() == 'a': return 1\n", "a"),
        ("    match name:\n        case 'a' | 'b': return 1\n        case _: raise ValueError(name)\n", "a b"),
        ("    raise NotImplementedError(name)\n", ""),
        ("    if name == 'a':\n        net = 1\n    return net\n", "a"),
        ("    net = None\n    if name == 'a': net = 1\n    return net\n", "a"),
        ("    if not (name == 'a' or name == 'b'): raise ValueError\n    net = 1\n    return net\n", "a b"),
        ("    nets = {'a': 1}\n    net = nets[name]\n    return net\n", "a"),
        ("    try:\n        assert name in ('a', 'b')\n        return 1\n    finally:\n        pass\n", "a b"),
        ("    if kwargs['x'] == 'y': pass\n    if name == 'a': return 1\n", "a"),
    ],
)  # fmt: skip
def test_all_names_are_found(tmp_path: Path, body: str, names: str) -> None:
    assert offer(tmp_path, HEAD + body) == Offer(tuple(names.split()), complete=True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (HEAD + "    return make(name)\n", ()),
        (HEAD + "    if name == 'a': return 1\n    return globals()[name]()\n", ("a",)),
        (HEAD + "    if name.startswith('a'): return 1\n", ()),
        (HEAD + "    name = name.lower()\n    if name == 'a': return 1\n", ("a",)),
        (HEAD + "    nets = {'a': 1}\n    nets = more()\n    return nets[name]\n", ()),
        (HEAD + "    nets = {'a': 1, KEY: 2}\n    return nets[name]\n", ()),
        ("NETS = {'a': 1}\ndef create_network(*args):\n    return NETS[args[0]]\n", ()),
        ("from src.hub import create_network\n", ()),
        ("from src.hub import *\n", ()),
        (HEAD + "    return 1\n", ()),
        (HEAD + "    if name == 'a': return 1\n    return 2\n", ("a",)),
        (HEAD + "    if name == 'a':\n        net = 1\n    else:\n        net = 2\n    return net\n", ("a",)),
        (HEAD + "    with scope():\n        return 1 if name == 'a' else 2\n", ("a",)),
        (HEAD + "    match name:\n        case 'a': return 1\n        case _: return 2\n", ("a",)),
        (HEAD + "    net: object = 2\n    if name == 'a':\n        net = 1\n    return net\n", ("a",)),
        (HEAD + "    with scope() as net: pass\n    if name == 'a':\n        net = 1\n    return net\n", ("a",)),
        (HEAD + "    for net in (2,): pass\n    if name == 'a':\n        net = 1\n    return net\n", ("a",)),
        ("NETS = {'a': 1}\n" + HEAD + "    return NETS.get(name, 2)\n", ("a",)),
        ("NETS = {'a': 1}\n" + HEAD + "    return Net(NETS.get(name, 2))\n", ("a",)),
    ],
)
def test_where_there_may_be_more_it_is_said(tmp_path: Path, text: str, names: tuple[str, ...]) -> None:
    assert offer(tmp_path, text) == Offer(names, complete=False)


def test_a_table_of_the_module_is_read(tmp_path: Path) -> None:
    text = "NETS = {'a': 1, 'b': 2}\n" + HEAD + "    return NETS[name]\n"
    assert offer(tmp_path, text) == Offer(("a", "b"), complete=True)


def test_the_file_is_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    assert offer(tmp_path, f"open({str(mark)!r}, 'w')\n{HEAD}    if name == 'a': return 1\n").names == ("a",)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "def create_net(name): pass\ndef other(): pass\n",
            "defines no create_network\n  It defines create_net, other.",
        ),
        ("", "defines no create_network\n  It defines no function."),
        ("def create_network(name:\n", "is no Python"),
        ("x = '\0'\n", "is no Python"),
        ("(" * 10000, "is no Python"),
        ("#" * (1024 * 1024 + 1), "has over 1,048,576 bytes"),
    ],
)
def test_a_file_that_cannot_do_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RepositoryError) as caught:
        offer(tmp_path, text)
    assert message in str(caught.value)


def test_a_folder_without_the_file_says_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "train.py").touch()
    with pytest.raises(RepositoryError, match=r"the folder has no mindspore_hub_conf\.py") as caught:
        read_offer(tmp_path)
    assert caught.value.hint == "It has train.py. Check that repo-link names the model's own folder."
    (tmp_path / "mindpsore_hub_conf.py").touch()
    with pytest.raises(RepositoryError) as caught:
        read_offer(tmp_path)
    assert caught.value.hint == "It has mindpsore_hub_conf.py, train.py. Rename mindpsore_hub_conf.py."


@pytest.mark.parametrize(
    ("names", "wanted", "told"),
    [
        (("resnet18", "resnet50"), "ResNet-50", "Did you mean resnet50? It offers resnet18, resnet50."),
        (("a",), "resnet", "It offers a."),
        ((), "resnet", "The file names no network that could be read out of it."),
    ],
)
def test_the_offer_is_told_with_the_nearest_name(names: tuple[str, ...], wanted: str, told: str) -> None:
    assert Offer(names, complete=True).told(wanted) == told
