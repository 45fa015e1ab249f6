"""The hooks of .pre-commit-hooks.yaml, run by pre-commit itself on a git repository, without a network.

pre-commit installs hubkit from a git repository with the files of the checkout. What that asks for comes from a folder
of wheels, packed from what is installed here.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.test_wheel import HEAVY

PACKED = ("hubkit", "schema", "site_templates", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
CONFIG = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: {hook}
        files: ^cards/
"""
CARD = "cards/mindspore/1.9/u2net_dutstr.md"
DIGEST = "c3a725b159817161fc3dfd9d4a6758e3cda530ea0927be8d908262be3a88e86c"


class Machine:
    """An environment in which git and pre-commit know nothing of this machine's settings and no package index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wheels = folder / "wheels"
        self.store = folder / "pre-commit"
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PIP_", "PRE_COMMIT"))
        }
        self.environment = {
            **kept,
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "share"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            **{f"GIT_{who}_{what}": "hubkit tests" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_CACHE_DIR": "1",
            "PRE_COMMIT_HOME": str(self.store),
            "PRE_COMMIT_COLOR": "never",
        }

    def run(self, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=cwd, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )

    def must(self, *command: str, cwd: Path) -> str:
        done = self.run(*command, cwd=cwd)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def repository(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        self.must("git", "init", "--quiet", cwd=folder)
        return folder

    def commit(self, folder: Path) -> subprocess.CompletedProcess[str]:
        self.must("git", "add", "--all", cwd=folder)
        return self.run("git", "commit", "--message", "change", cwd=folder)


@pytest.fixture(scope="module")
def machine(project_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("pre_commit"))
    machine.wheels.mkdir()
    project = tomllib.loads((project_dir / "pyproject.toml").read_text(encoding="utf-8"))
    for name in required([*project["project"]["dependencies"], *project["build-system"]["requires"]]):
        pack(metadata.distribution(name), machine.wheels)
    hooks = machine.repository("hooks")
    for name in PACKED:
        if (project_dir / name).is_dir():
            shutil.copytree(project_dir / name, hooks / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(project_dir / name, hooks / name)
    assert machine.commit(hooks).returncode == 0
    return machine


def required(requirements: list[str]) -> set[str]:
    """The distributions that an install of ``requirements`` pulls in."""
    found: set[str] = set()
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            found.add(name)
            waiting += [Requirement(text) for text in metadata.requires(name) or ()]
    return found


def pack(distribution: metadata.Distribution, folder: Path) -> None:
    """Write the wheel that would install ``distribution`` as it is here."""
    tag = next(
        line.removeprefix("Tag: ")
        for line in (distribution.read_text("WHEEL") or "").splitlines()
        if line[:5] == "Tag: "
    )
    name = distribution.metadata["Name"].replace("-", "_")
    inside = [
        file
        for file in distribution.files or ()
        if ".." not in file.parts and file.suffix != ".pyc" and file.name not in ("RECORD", "INSTALLER", "REQUESTED")
    ]
    info = next(file.parts[0] for file in inside if file.parts[0].endswith(".dist-info"))
    rows = []
    with zipfile.ZipFile(folder / f"{name}-{distribution.version}-{tag}.whl", "w") as wheel:
        for file in inside:
            content = Path(str(file.locate())).read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
            wheel.writestr(file.as_posix(), content)
            rows.append(f'"{file.as_posix()}",sha256={digest},{len(content)}\n')
        wheel.writestr(f"{info}/RECORD", "".join([*rows, f"{info}/RECORD,,\n"]))


def hub(machine: Machine, name: str, hook: str, project_dir: Path, digest: str) -> Path:
    """A repository with one card of the given digest, in which pre-commit is installed."""
    folder = machine.repository(name)
    hooks = machine.folder / "hooks"
    revision = machine.must("git", "rev-parse", "HEAD", cwd=hooks)
    config = CONFIG.format(repository=hooks, revision=revision, hook=hook)
    (folder / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    (folder / "README.md").write_text("no card\n", encoding="utf-8")
    card = folder / CARD
    card.parent.mkdir(parents=True)
    card.write_text((project_dir / CARD).read_text(encoding="utf-8").replace(DIGEST, digest), encoding="utf-8")
    machine.must(sys.executable, "-m", "pre_commit", "install", cwd=folder)
    return folder


def commits(machine: Machine, folder: Path) -> int:
    return len(machine.must("git", "rev-list", "--all", cwd=folder).split())


def test_a_bad_card_stops_the_commit_and_a_mended_one_passes(machine: Machine, project_dir: Path) -> None:
    folder = hub(machine, "linted", "hubkit-lint", project_dir, DIGEST.upper())
    stopped = machine.commit(folder)
    output = stopped.stdout + stopped.stderr
    assert stopped.returncode == 1, output
    assert "error[digest-form] the digest has capital letters" in output
    assert commits(machine, folder) == 0
    (folder / CARD).write_bytes((project_dir / CARD).read_bytes())
    passed = machine.commit(folder)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert commits(machine, folder) == 1


def test_the_fixing_hook_mends_the_card_and_lets_it_be_read(machine: Machine, project_dir: Path) -> None:
    folder = hub(machine, "mended", "hubkit-fix", project_dir, DIGEST.upper())
    stopped = machine.commit(folder)
    output = stopped.stdout + stopped.stderr
    assert stopped.returncode == 1, output
    assert "files were modified by this hook" in output
    assert commits(machine, folder) == 0
    assert (folder / CARD).read_bytes() == (project_dir / CARD).read_bytes()
    passed = machine.commit(folder)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert commits(machine, folder) == 1


def test_only_light_dependencies_are_installed(machine: Machine, project_dir: Path) -> None:
    machine.commit(hub(machine, "light", "hubkit-lint", project_dir, DIGEST))
    (packages,) = machine.store.glob("repo*/py_env-*/lib/python3*/site-packages")
    installed = {canonicalize_name(found.metadata["Name"]) for found in metadata.distributions(path=[str(packages)])}
    project = tomllib.loads((project_dir / "pyproject.toml").read_text(encoding="utf-8"))
    assert installed - {"pip", "setuptools", "wheel"} == {"hubkit"} | required(project["project"]["dependencies"])
    assert installed & HEAVY == set()
