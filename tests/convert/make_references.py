"""``python -m tests.convert.make_references FOLDER``: all that the tests need of MindSpore, in one process."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.convert import control_networks, op_networks, reference_files

if __name__ == "__main__":
    for name, part in {"rows": op_networks, "files": reference_files, "control": control_networks}.items():
        folder = Path(sys.argv[1]) / name
        folder.mkdir()
        part.make(folder)
