"""What a conversion ran on and with: the versions and the processor that a receipt names."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from hubkit import __version__

ONEDNN_ISA = "ONEDNN_MAX_CPU_ISA"
"""The environment variable that limits which instructions oneDNN uses; read when MindSpore is imported."""
ONEDNN_ISA_DEFAULT = "AVX2"
"""What it is set to where the user has not: with AVX-512, MindSpore's oneDNN falls back to a convolution 50 to 90
times slower."""
PROTOBUF_KIND = "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"
"""The environment variable that chooses how protobuf reads; MindSpore chooses "python" where nobody has."""
PROTOBUF_KIND_DEFAULT = "upb"
"""protobuf's own choice: four times as fast."""

_PACKAGES = ("mindspore", "numpy", "onnx", "onnxruntime", "protobuf")
_CPUINFO = Path("/proc/cpuinfo")


def versions() -> dict[str, str]:
    """The versions of Python, hubkit and the packages that a conversion uses; those not installed are left out."""
    found = {"python": platform.python_version(), "hubkit": __version__}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def machine(environment: Mapping[str, str] = os.environ) -> dict[str, str | int]:
    """The processor's name, how many cores this process may use, and the limit that is set for oneDNN."""
    return {
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)),
        "onednn_isa": environment.get(ONEDNN_ISA, ""),
    }


def _cpu() -> str:
    try:
        lines = _CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
