"""The plans in a folder: every file but hidden ones and what office programs leave behind."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import BadInput
from recommender.plan.readers import DEFAULT_LIMITS

# Lock and thumbnail files; nobody means them when they hand in a folder of plans.
_LEFT_BEHIND = {"thumbs.db", "desktop.ini"}


# What schools hand plans in as, readable or not; a script or a log beside them is none, though it
# could be read as text.
_SUFFIXES = frozenset(
    """.csv .tsv .tab .txt .text .md .json .doc .dot .docx .docm .dotx .dotm .rtf .odt .pages .wpd
    .gdoc .xls .xlt .xlsb .xlsx .xlsm .xltx .xltm .ods .numbers .gsheet .ppt .pot .pps .pptx .pptm
    .ppsx .ppsm .potx .odp .key .gslides .pdf .htm .html .eml .msg .zip
    .gif .heic .jpeg .jpg .png .tif .tiff""".split()  # noqa: SIM905
) | {""}


@dataclass(frozen=True, slots=True)
class PlanFile:
    """One file of the folder."""

    name: str
    """Path below the folder, with slashes; what results call the file."""
    path: Path

    @property
    def is_plan_by_name(self) -> bool:
        """Tell whether a plan can have such a name."""
        return self.path.suffix.lower() in _SUFFIXES


def find_plans(folder: Path, leave_out: Iterable[Path] = ()) -> tuple[PlanFile, ...]:
    """List the files below a folder by name; links to folders are not followed.

    Raises:
        BadInput: no such folder, or nothing in it.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder; give the folder that holds the plans")
    skipped = {path.resolve() for path in leave_out}
    found = [
        PlanFile(_name(path, folder), path)
        for path in _walk(folder)
        if path.resolve() not in skipped
    ]
    if not found:
        raise BadInput(f"{folder}: no files in it; expected plans as docx, pdf, xlsx, csv or txt")
    return tuple(sorted(found, key=lambda file: file.name))


def _walk(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise BadInput(f"{error.filename}: cannot be opened ({error.strerror})")

    for root, folders, names in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(root) / name for name in names if not _is_left_behind(name))


def _is_left_behind(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _LEFT_BEHIND


def _name(path: Path, folder: Path) -> str:
    # Names that are no UTF-8 stay apart from each other and can be written anywhere.
    raw = os.fsencode(path.relative_to(folder).as_posix())
    return raw.decode("utf-8", "backslashreplace")


def readable_sha256(path: Path) -> str | None:
    """Return the hash of a file; `None` where it is no file, cannot be opened or is too large."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > DEFAULT_LIMITS.file_bytes:
            return None
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
