"""Code of networks as repositories have it: an entry file and a package ``src``."""

from __future__ import annotations

NET = """
from mindspore import nn

class Net(nn.Cell):
    def __init__(self, width=4, depth=1):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3, has_bias=True)
        self.relu = nn.ReLU()
        self.more = nn.CellList([nn.Conv2d(width, width, 1) for _ in range(depth - 1)])
        self.pool = nn.Flatten()
        self.head = nn.Dense(width * 64, 5)

    def construct(self, x):
        x = self.relu(self.conv(x))
        for layer in self.more:
            x = layer(x)
        return self.head(self.pool(x))
"""
ENTRY = """
from src.net import Net

def create_network(name, *args, **kwargs):
    if name == "net":
        return Net(*args, **kwargs)
    if name == "other":
        return Net(width=8)
    raise NotImplementedError(f"{name} is not implemented in the repo")
"""
FILES = {
    "official/net/mindspore_hub_conf.py": ENTRY,
    "official/net/src/net.py": NET,
    "official/net/src/__init__.py": "",
}
LINK = "https://git.example/owner/models/tree/r1.9/official/net"
INPUTS = "inputs: [{name: image, shape: [1, 3, 8, 8], type: float32, range: [-1, 1]}]"


def folder(entry: str = ENTRY, **more: str) -> dict[str, str]:
    """The files of the model's folder, its entry file being ``entry``; ``more`` are files of its package ``src``."""
    own = {f"official/net/src/{name}.py": text for name, text in more.items()}
    return {**FILES, "official/net/mindspore_hub_conf.py": entry, **own}
