"""Sees that `recommender build` has published a new build, and has it loaded beside the old one."""

import asyncio
import os
from pathlib import Path

from recommender.index.store import POINTER
from service.engine import Engine

# How old the news of a build may be; one stat call costs microseconds.
SECONDS = 1.0

Mark = tuple[int, int, int] | None
"""What changes when the pointer file is replaced."""


def mark_of(indexes: Path) -> Mark:
    """Return the pointer's mark; `None` while there is no pointer."""
    try:
        found = os.stat(indexes / POINTER)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


async def watch(engine: Engine, seconds: float = SECONDS) -> None:
    """Take up every new build until cancelled."""
    seen: Mark = None
    while True:
        mark = mark_of(engine.indexes)
        if mark is not None and mark != seen:
            await asyncio.to_thread(engine.reload)
            seen = mark
        await asyncio.sleep(seconds)
