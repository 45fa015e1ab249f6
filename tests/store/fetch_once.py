"""A process that fetches one file: URL of the mirror, SHA-256, folder of the store. It prints nothing."""

from __future__ import annotations

import sys
from pathlib import Path

from hubkit.store.blobs import BlobStore
from hubkit.store.fetch import FetchOptions, Limits, fetch

CARD_HOST = "https://127.0.0.1:9/"


def main() -> None:
    """Fetch it, or fail."""
    mirror, sha256, folder = sys.argv[1:]
    options = FetchOptions(mirrors={CARD_HOST: (mirror,)}, limits=Limits(backoff_seconds=0.01))
    fetch(f"{CARD_HOST}net.ckpt", sha256, BlobStore(Path(folder)), options)


if __name__ == "__main__":
    main()
