"""A network whose MINDIR MindSpore writes as several files is converted, proved and published with all of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.requirements import PROJECT, needs_mindspore

pytestmark = needs_mindspore

# MindSpore writes parameters beside from 1 GB on; here from the first byte.
_CODE = """
import json, sys
from pathlib import Path
from mindspore.train import serialization
from hubkit.convert.conversion import Conversion
from hubkit.convert.publish import publish
from hubkit.convert.records import ConvertJob, to_json
serialization.TOTAL_SAVE = 0
target = Path(sys.argv[1])
job = ConvertJob(network="UNet3+", target_dir=target, stem="net", input_shapes={"image": (1, 3, 32, 32)})
result = Conversion(job, lambda _: None).convert(Path.cwd())
publish(result.files, target)
print(json.dumps(to_json(result)))
"""


def test_it_is_proved_and_published_with_its_data(tmp_path: Path) -> None:
    work, target = tmp_path / "a folder, 文件夹", tmp_path / "target"
    work.mkdir()
    (target / "net_variables").mkdir(parents=True)
    (target / "net_variables" / "old").write_text("of an earlier time")
    done = subprocess.run(
        [sys.executable, "-c", _CODE, str(target)],
        cwd=work,
        env={"ONEDNN_MAX_CPU_ISA": "AVX2", **os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["status"] == "passed", result["error"]
    assert {record["candidate"] for record in result["parity"]} == {"mindir", "onnxruntime"}
    assert [part["name"] for part in result["files"][0]["beside"]] == ["net_variables/data_0"]
    found = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    assert found == ["net.onnx", "net_graph.mindir", "net_variables/data_0"]
