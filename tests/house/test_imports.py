"""Imports run one way, and the light paths stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("mindspore", "onnx", "onnxruntime", "numpy", "google.protobuf", "requests", "urllib3", "rich", "hubkit.links")

# Each part of hubkit and what it may import of hubkit, beside itself. A part that is not named here fails the test:
# say where it stands when you add it.
MAY_IMPORT: dict[str, set[str]] = {
    "hubkit": {"client"},
    "errors": set(),
    "resources": {"errors"},
    "settings": {"errors"},
    "card": {"errors", "resources"},
    "lint": {"hubkit", "card", "errors", "links", "nets", "resources", "settings", "store"},
    "wire": set(),
    "conversion_status": set(),
    "store": {"hubkit", "errors", "wire"},
    "links": {"hubkit", "errors"},
    "newcard": {"card", "errors", "store"},
    "nets": {"compat", "errors"},
    "smoke": {"errors", "nets"},
    "convert": {"hubkit", "compat", "conversion_status", "errors", "nets", "repos", "smoke", "store"},
    "inspect": {"hubkit", "convert", "errors", "store", "wire"},
    "receipts": {"conversion_status", "errors", "resources"},
    # The site never imports what converts: of convert it reads the table of operators, of links what is known of them.
    "site": {"hubkit", "card", "conversion_status", "convert", "errors", "links", "lint", "receipts", "resources"},
    "conversion_receipt": {"conversion_status", "convert", "errors", "inspect", "receipts"},
    "repos": {"errors", "links", "store"},
    "compat": {"errors"},
    "repository_network": {"card", "convert", "repos"},
    "network_choice": {"card", "convert", "errors", "nets", "repos", "repository_network"},
    "fingerprint": {"convert", "resources"},
    "pool": set(),
    "verification": {
        "card", "conversion_receipt", "conversion_status", "convert", "errors", "fingerprint", "network_choice",
        "receipts", "repos", "repository_network", "store",
    },
    "batch": {
        "hubkit", "card", "conversion_receipt", "conversion_status", "convert", "errors", "fingerprint", "nets", "pool",
        "receipts", "store", "verification",
    },
    "forecasts": {
        "hubkit", "batch", "card", "conversion_status", "convert", "errors", "nets", "network_choice", "pool",
        "verification",
    },
    "pipeline": {"card", "errors", "lint", "pool", "receipts", "settings", "site", "store", "verification"},
    "client": {"hubkit", "card", "convert", "errors", "nets", "receipts", "resources", "settings", "site", "store"},
    "cli": {
        "hubkit", "batch", "card", "client", "conversion_status", "convert", "errors", "forecasts", "inspect", "links",
        "lint", "nets", "network_choice", "newcard", "pipeline", "receipts", "repos", "repository_network",
        "settings",
        "site", "store", "verification",
    },
    "__main__": {"cli"},
}  # fmt: skip


def modules(project: Path) -> list[Path]:
    return sorted((project / "hubkit").rglob("*.py"))


def part(module: str) -> str:
    pieces = module.split(".")
    return pieces[1] if len(pieces) > 1 else "hubkit"


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_imports_run_one_way(project_dir: Path) -> None:
    wrong = []
    for path in modules(project_dir):
        module = ".".join(path.relative_to(project_dir).with_suffix("").parts).removesuffix(".__init__")
        own = part(module)
        assert own in MAY_IMPORT, f"{module}: say in this test what it may import"
        wrong += [
            f"{module} imports {name}"
            for name in imported(path)
            if name.split(".")[0] == "hubkit" and part(name) not in MAY_IMPORT[own] | {own}
        ]
    assert wrong == []


def test_there_are_no_relative_imports(project_dir: Path) -> None:
    for path in modules(project_dir):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), path


@pytest.mark.parametrize(
    "statement",
    [
        "import hubkit",
        "from hubkit.lint.engine import lint; from hubkit.settings import Settings; "
        "from pathlib import Path; assert lint([Path('cards')], Settings()).files == 2",
        "import hubkit.cli.lint",
        "import hubkit.cli.build",
        "import hubkit.cli.site",
        "import hubkit; hubkit.find; hubkit.pull; hubkit.load",
        "import hubkit.cli.find",
        "import hubkit.cli.pull",
        "import hubkit.cli.lock",
        "import hubkit.cli.inspect",
        "import hubkit.cli.convert",
        "import hubkit.cli.ops; from hubkit.convert.operators import operators; assert operators()",
        "import hubkit.nets; hubkit.nets.find('u2net')",
    ],
)
def test_light_paths_load_nothing_heavy(project_dir: Path, statement: str) -> None:
    code = f"import sys; {statement}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project_dir, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_help_and_version_load_no_verb(project_dir: Path) -> None:
    for option in ("--help", "--version"):
        code = (
            "import sys\nfrom hubkit.cli import main\n"
            f"sys.argv = ['hubkit', '{option}']\n"
            "try:\n    main()\nexcept SystemExit:\n    pass\n"
            "unwanted = ('hubkit.cli.', 'yaml', 'jsonschema', 'markdown_it', 'jinja2')\n"
            "print([name for name in sys.modules if name.startswith(unwanted)])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=project_dir, capture_output=True, text=True, check=True, timeout=60
        )
        assert done.stdout.splitlines()[-1] == "[]"


def test_no_module_is_called_utils(project_dir: Path) -> None:
    assert [path for path in modules(project_dir) if path.stem in ("utils", "helpers", "common", "misc")] == []
