"""Code of repositories that cannot make its network: what is told of why."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.conversion_status import ConversionStatus
from tests.convert.foreign import convert
from tests.repos.networks import ENTRY, NET, folder
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

ERRORS: dict[str, tuple[dict[str, str], dict[str, object], str]] = {
    "an unknown name": (
        folder(ENTRY.replace('"net"', '"nets"')), {},
        "mindspore_hub_conf.py has no network 'net': net is not implemented in the repo\n"
        "  Did you mean nets? It offers nets, other.",
    ),
    "a name that a module of its own does not know": (
        folder("from src.table import make\ncreate_network = make\n", table="def make(name): assert name == 'u', name"),
        {}, "mindspore_hub_conf.py has no network 'net': net\n",
    ),
    "a value that a layer refuses": (
        folder(net=NET.replace("nn.Flatten()", "heads(32)") + "\ndef heads(n): raise ValueError(f'{n} is too many')"),
        {}, "the repository's code failed: ValueError: 32 is too many\n  at src/net.py:",
    ),
    "an unknown name that another function finds": (
        folder("def create_network(name): return made(name.upper())\n"
               "def made(key):\n    raise ValueError('no such model')\n"), {},
        "mindspore_hub_conf.py has no network 'net': no such model",
    ),
    "a value that the network itself refuses": (
        folder(net=NET.replace("self.relu = nn.ReLU()", "first, second = (1, 2, 3)")), {},
        "the repository's code failed: ValueError: too many values to unpack (expected 2)\n  at src/net.py:8",
    ),
    "a module that is gone": (
        folder(ENTRY.replace("src.net", "src.unet"), net2=""), {},
        "the repository's entry file is stale: it imports src.unet, which the repository does not have\n"
        "  There is: __init__, net, net2.",
    ),
    "a name that is gone": (
        folder(ENTRY.replace("import Net", "import Net, Old")), {},
        "the repository's entry file is stale: it imports Old from src.net, which does not define it\n  There is: Net.",
    ),
    "a package that is not installed": (
        folder(net="import no_such_package\n" + NET.replace("nn.Flatten()", "no_such_package.layers.Flatten()")), {},
        "the repository's code needs the package no_such_package, which is not installed",
    ),
    "a package that is not installed decides": (
        folder("import no_such_package\nif no_such_package.fast: pass\n" + ENTRY), {},
        "the repository's code needs the package no_such_package, which is not installed",
    ),
    "what the version of a package that is installed does not have": (
        folder(net="from yaml.no_such_module import relu\nfrom yaml import no_such_name\n"
                   + NET.replace("nn.Flatten()", "no_such_name()")), {},
        "the repository's code needs yaml.no_such_name, which the version of yaml that is installed does not have",
    ),
    "the version of a package that is not installed decides": (
        folder("import no_such_package\nif no_such_package.__version__ > '3': pass\n" + ENTRY), {},
        "the repository's code needs the package no_such_package, which is not installed",
    ),
    "an argument that is missing": (
        folder(net=NET.replace("width=4", "width")), {},
        "create_network('net') needs the argument 'width'\n  Write it into arguments of the card's block network.",
    ),
    "an argument that is missing from kwargs": (
        folder(ENTRY.replace("    if name", "    width = kwargs['width']\n    if name", 1)), {},
        "create_network('net') needs the argument 'width'",
    ),
    "an argument that the code itself leaves out": (
        folder(net=NET.replace("nn.Flatten()", "nn.GroupNorm(2)")), {},
        "the repository's code failed: TypeError: GroupNorm.__init__() missing 1 required positional argument",
    ),
    "an argument too many that the code itself gives": (
        folder(net=NET.replace("nn.Flatten()", "nn.Flatten(colour=3)")), {},
        "the repository's code failed: TypeError: Flatten.__init__() got an unexpected keyword argument 'colour'",
    ),
    "an argument that is passed on and missing": (
        folder("from src.net import Net\ndef create_network(name, **kwargs): return made(**kwargs)\n"
               "def made(**kwargs): return Net(**kwargs)\n", net=NET.replace("width=4", "width")), {},
        "create_network('net') needs the argument 'width'",
    ),
    "an argument too many": (folder(), {"colour": 3}, "create_network('net') takes no argument 'colour'"),
    "a fault of its own": (
        folder(net=NET.replace("self.relu = nn.ReLU()", "self.relu = 1 / 0")), {},
        "the repository's code failed: ZeroDivisionError: division by zero\n  at src/net.py:8",
    ),
    "a command line that it cannot read": (
        folder(ENTRY.replace("    if name", "    settings.parse_args()\n    if name", 1)
               + "import argparse\nsettings = argparse.ArgumentParser()\n"
               "settings.add_argument('--width', type=int, default='wide')\n"), {},
        "the repository's code reads a command line, which a card does not have: argument --width: invalid int value",
    ),
    "a name that MindSpore removed": (
        folder("import mindspore\nmindspore.nn.NoSuchCell\n"), {},
        "the repository's code uses mindspore.nn.NoSuchCell, which MindSpore 2.",
    ),
    "two networks": (
        folder("from src.net import Net\ndef create_network(name): return Net(), Net()\n"), {},
        "create_network('net') made 2 things (Net, Net), not one network\n"
        "  A card converts one. If an argument of create_network chooses among them, write it into arguments of the "
        "card's block network; otherwise have the entry file offer each under a name of its own, which returns made[0] "
        "or made[1] of these.",
    ),
    "networks by name": (
        folder("from src.net import Net\ndef create_network(name): return {'loss': None, 'first': Net()}\n"), {},
        "create_network('net') made 2 things by name ('loss': NoneType, 'first': Net), not one network\n  A card",
    ),
    "no network": (folder("def create_network(name): pass\n"), {}, "create_network('net') made nothing, not one"),
}  # fmt: skip


@pytest.mark.parametrize("what", ERRORS)
def test_code_that_cannot_make_the_network_says_why(tmp_path: Path, what: str) -> None:
    files, kwargs, words = ERRORS[what]
    result = convert(tmp_path, files, kwargs=kwargs)
    assert words in result.error
    assert (result.status, result.failed_step) == (ConversionStatus.COULD_NOT_BUILD, "build")
