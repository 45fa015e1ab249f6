"""What the README shows is what hubkit prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from hubkit.cli import VERBS, cli
from tests.requirements import PROJECT

_BLOCK = re.compile(r"^```console\n\$ (hubkit [^\n]*--help)\n(.*?)^```", re.MULTILINE | re.DOTALL)

README = (PROJECT / "README.md").read_text(encoding="utf-8")
BLOCKS = dict(_BLOCK.findall(README))


@pytest.mark.parametrize("command", sorted(BLOCKS))
def test_help_blocks_equal_the_help(command: str) -> None:
    words = shlex.split(command)[1:]
    result = CliRunner().invoke(cli, words, prog_name="hubkit", terminal_width=80)
    assert result.exit_code == 0
    assert BLOCKS[command] == result.output


def test_every_verb_has_its_help_block() -> None:
    assert {"hubkit --help", *(f"hubkit {verb} --help" for verb in VERBS)} <= set(BLOCKS)


@pytest.mark.parametrize("verb", VERBS)
def test_the_short_help_is_the_first_sentence_of_the_verbs_own(verb: str) -> None:
    command = cli.get_command(cli.make_context("hubkit", [], resilient_parsing=True), verb)
    assert command is not None
    assert (command.help or "").strip().split("\n\n")[0].replace("\n", " ") == VERBS[verb]


def test_links_to_files_lead_somewhere(project_dir: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", README):
        assert (project_dir / target).exists(), target


def test_the_two_commands_are_named() -> None:
    assert "make build" in README
    assert "make test" in README
