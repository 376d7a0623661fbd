"""What a verdict depends on besides the plan and the index: program, lists, thresholds.

A stored result keeps it, so that a changed verdict can be traced to what changed.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from recommender.plan.judge import Thresholds

_PACKAGE = Path(__file__).resolve().parent.parent
# The modules that decide; reports, the audit and the commands only carry what these found.
_DECIDING = (
    "plan",
    "search",
    "index",
    "evidence",
    "tags.py",
    "text.py",
    "records.py",
    "audit/encoding.py",
)
_CARRYING = {"report"}
_LISTS = ("*.yaml", "*.txt", "plan_*.json", "rules/*.yaml")


@dataclass(frozen=True, slots=True)
class CheckStamp:
    """The program, the corpus lists that it reads while it checks, and its thresholds."""

    version: str
    program_sha256: str
    lists_sha256: str
    thresholds: dict[str, float]


def make_stamp(corpus: Path) -> CheckStamp:
    """Read the stamp of this program and a corpus folder."""
    lists = (path for pattern in _LISTS for path in corpus.glob(pattern))
    return CheckStamp(
        version=_version(),
        program_sha256=_digest(_sources(), _PACKAGE),
        lists_sha256=_digest(lists, corpus),
        thresholds={f.name: float(getattr(Thresholds(), f.name)) for f in fields(Thresholds)},
    )


def _version() -> str:
    try:
        return version("evidence-recommender")
    except PackageNotFoundError:
        return "not installed"


def _sources() -> Iterable[Path]:
    for name in _DECIDING:
        path = _PACKAGE / name
        found = path.rglob("*.py") if path.is_dir() else (path,)
        yield from (p for p in found if not _CARRYING & set(p.relative_to(_PACKAGE).parts))


def _digest(paths: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for name, path in sorted((p.relative_to(root).as_posix(), p) for p in paths):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
