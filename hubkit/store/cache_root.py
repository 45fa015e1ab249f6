"""Where hubkit keeps what it fetched and what it compiled, for all projects of a user."""

from __future__ import annotations

import os
from pathlib import Path


def default_root() -> Path:
    """``HUBKIT_CACHE``, or the user's cache folder."""
    chosen = os.environ.get("HUBKIT_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("hubkit", appauthor=False)
