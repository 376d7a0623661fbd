"""A stored result checked again from what it holds: the same bytes, or where they differ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from recommender.audit.canonical import canonical_bytes
from recommender.audit.desk import AuditSettings, Desk
from recommender.audit.results import Record, read_results, stored_build, stored_document
from recommender.errors import BadInput
from recommender.index.store import (
    POINTER,
    IndexPaths,
    Manifest,
    current_build,
    read_manifest,
)
from recommender.plan.document import document_json

# What an audit adds to a line about other plans of the folder; one plan alone cannot give it.
CARRIED = ("duplicates",)


@dataclass(frozen=True, slots=True)
class Replay:
    """One result recomputed."""

    file: str
    again: Record
    is_same: bool
    differs_in: tuple[str, ...]
    """Names of fields, such as `strategies[2].verdict`; the first ten."""


def replay(record: Record, desk: Desk) -> Replay:
    """Check a stored result again.

    Raises:
        BadInput: it was made with another index, or is no result.
    """
    document = stored_document(record)
    manifest = desk.recommender.index.manifest
    _check_index(record, manifest)
    again = document_json(desk.check(document))
    # The same build made anew differs only in when that was.
    again["index"]["built_at"] = record["index"].get("built_at", again["index"]["built_at"])
    again |= {name: record[name] for name in CARRIED if name in record}
    differing = tuple(_differences(record, again, ""))[:10]
    is_same = canonical_bytes(record) == canonical_bytes(again)
    return Replay(document.file, again, is_same, differing)


def open_for(indexes: Path, corpus: Path) -> Callable[[str], Desk]:
    """Return what opens a build by its id, once, as long as it is still stored."""

    @cache
    def open_build(build_id: str) -> Desk:
        current = read_manifest(current_build(indexes)).build_id
        if build_id == current or not is_stored(indexes, build_id):
            return Desk(AuditSettings(indexes, corpus))
        with TemporaryDirectory() as folder:
            # A folder whose pointer names the older build; it is read whole while it opens.
            (Path(folder) / POINTER).write_text(str((indexes / build_id).resolve()), "utf-8")
            return Desk(AuditSettings(Path(folder), corpus))

    return open_build


def is_stored(indexes: Path, build_id: str) -> bool:
    """Tell whether a build lies beside the current one."""
    is_name = build_id.isalnum()
    return is_name and IndexPaths(indexes / build_id).manifest.is_file()


def replay_all(result: Path, open_build: Callable[[str], Desk]) -> Iterator[Replay]:
    """Make every result of a file again."""
    for record in read_results(result):
        if "error" in record:
            yield Replay(str(record.get("file")), record, True, ())
            continue
        yield replay(record, open_build(stored_build(record)))


def _check_index(record: Record, manifest: Manifest) -> None:
    made, current = record["index"]["build_id"], manifest.build_id
    if made != current:
        raise BadInput(
            f"{record['file']}: made with index {made}, the current one is {current}; bring that "
            "index back, or see what changed with `recommender audit --compare`"
        )


def _differences(old: Any, new: Any, name: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _differences(old.get(key), new.get(key), f"{name}.{key}".lstrip("."))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new)):
            yield from _differences(one, other, f"{name}[{number}]")
    elif old != new:
        yield name
