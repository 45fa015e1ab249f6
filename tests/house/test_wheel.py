"""The wheel is complete: installed alone, outside the checkout, it lints and builds a site."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from email.parser import Parser
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HEAVY = {"mindspore", "onnx", "onnxruntime", "numpy", "scipy", "protobuf", "pillow"}


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def wheel(project_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = run(
        sys.executable, "-m", "pip", "wheel", "--no-index", "--no-deps", "--no-build-isolation", "-w", folder,
        project_dir, cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that holds the wheel and what it asks for, copied from here; the folder of its commands."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "env", with_pip=True)
    commands = folder / "env" / "bin"
    done = run(commands / "pip", "install", "-q", "--no-index", "--no-deps", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    (packages,) = (folder / "env" / "lib").glob("python3*/site-packages")
    for name in required(wheel):
        copy_distribution(metadata.distribution(name), packages)
    done = run(commands / "pip", "check", cwd=folder)
    assert done.returncode == 0, done.stdout
    return commands


def required(wheel: Path) -> set[str]:
    """The distributions that a plain install of the wheel pulls in."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        asked = Parser().parsestr(archive.read(name).decode()).get_all("Requires-Dist", [])
    found: set[str] = set()
    waiting = [Requirement(text) for text in asked]
    while waiting:
        requirement = waiting.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        if canonicalize_name(requirement.name) not in found:
            found.add(canonicalize_name(requirement.name))
            waiting += [Requirement(text) for text in metadata.requires(requirement.name) or ()]
    return found


def copy_distribution(distribution: metadata.Distribution, packages: Path) -> None:
    for file in distribution.files or ():
        if ".." not in file.parts and file.suffix != ".pyc":
            target = packages / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.locate(), target)


def test_schemas_and_templates_are_inside(wheel: Path, project_dir: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("schema", "site_templates"):
        for path in (project_dir / folder).rglob("*"):
            if path.is_file():
                assert f"hubkit/_resources/{path.relative_to(project_dir).as_posix()}" in names


def test_nothing_but_the_package_is_inside(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top.split("-")[0] for top in tops} == {"hubkit"}


def test_the_light_install_is_light(wheel: Path, bare: Path) -> None:
    assert required(wheel) & HEAVY == set()
    (packages,) = (bare.parent / "lib").glob("python3*/site-packages")
    assert sum(path.stat().st_size for path in packages.rglob("*") if path.is_file()) < 60e6


def test_it_lints_and_builds_a_site_outside_the_checkout(bare: Path, project_dir: Path, tmp_path: Path) -> None:
    cards = project_dir / "cards"
    linted = run(bare / "hubkit", "lint", "--strict", cards, cwd=tmp_path)
    assert (linted.returncode, linted.stdout) == (0, "2 cards checked: no findings\n"), linted.stderr
    built = run(bare / "hubkit", "site", "build", "--cards", cards, "--out", tmp_path / "out", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    assert "u2net" in (tmp_path / "out" / "site" / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "site" / "index.json").is_file()


def test_what_needs_the_converter_says_how_to_install_it(bare: Path, project_dir: Path, tmp_path: Path) -> None:
    done = run(
        bare / "hubkit", "convert", "mindspore/1.9/u2net_dutstr", "--offline", "--cards", project_dir / "cards",
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode in (1, 2)
    assert ".[convert]" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
