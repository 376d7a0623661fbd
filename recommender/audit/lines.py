"""An audit as JSON Lines: one line a file, in the order of names, whatever order they came in."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from recommender.atomic import replacing
from recommender.audit.canonical import canonical_bytes


def write_lines(path: Path, records: Iterable[Any]) -> None:
    """Write records in one step; a failure leaves the old file."""
    with replacing(path) as stream:
        for record in records:
            stream.write(canonical_bytes(msgspec.to_builtins(record)) + b"\n")
