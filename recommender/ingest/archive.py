"""A member of an export archive as decoded lines, within limits that a real export never nears.

The archive is hostile until proven otherwise: its sizes are counted while reading, because a
header can lie about them.
"""

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import BadArchive

# The 2025-08-25 export is 1.4 MB packed and 17 MB unpacked; ten times that is room for growth.
MAX_ARCHIVE_BYTES = 100 * 2**20
MAX_MEMBER_BYTES = 200 * 2**20
MAX_MEMBERS = 100
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class ExportArchive:
    """The findings table of an export as text, with the archive's own digest."""

    path: Path
    sha256: str
    size: int
    member: str
    dated: str
    """ISO date of the member inside the archive, the closest thing to an export date."""
    text: str


def read_export(path: Path, member: str) -> ExportArchive:
    """Read one member of the archive.

    Raises:
        BadArchive: no such file, not a zip, damaged, over a limit, or not UTF-8.
    """
    content = _read_limited(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            info = _find_member(archive, member, path)
            text = _decode(_unpack(archive, info, path), info.filename, path)
    except zipfile.BadZipFile as error:
        raise BadArchive(f"{path}: not a whole zip archive ({error}); download it again") from None
    dated = "{:04d}-{:02d}-{:02d}".format(*info.date_time[:3])
    return ExportArchive(
        path, hashlib.sha256(content).hexdigest(), len(content), info.filename, dated, text
    )


def _read_limited(path: Path) -> bytes:
    if not path.is_file():
        raise BadArchive(f"{path}: no such file; give the path of the WWC export archive")
    size = path.stat().st_size
    if size > MAX_ARCHIVE_BYTES:
        raise BadArchive(f"{path}: {size} bytes, more than the limit of {MAX_ARCHIVE_BYTES}")
    return path.read_bytes()


def _find_member(archive: zipfile.ZipFile, member: str, path: Path) -> zipfile.ZipInfo:
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise BadArchive(f"{path}: {len(infos)} files inside, more than the limit of {MAX_MEMBERS}")
    found = [info for info in infos if info.filename.rsplit("/", 1)[-1] == member]
    if len(found) != 1:
        inside = ", ".join(sorted(info.filename for info in infos)[:5]) or "nothing"
        raise BadArchive(
            f"{path}: expected one {member} inside, found {len(found)} (has: {inside})"
        )
    return found[0]


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> bytes:
    where = f"{path}: {info.filename}"
    if info.flag_bits & 0x1:
        raise BadArchive(f"{where}: encrypted; give the archive as the WWC publishes it")
    parts, total = [], 0
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > MAX_MEMBER_BYTES:
                    raise BadArchive(f"{where}: unpacks to more than {MAX_MEMBER_BYTES} bytes")
                parts.append(chunk)
    except (zlib.error, EOFError, NotImplementedError) as error:
        raise BadArchive(f"{where}: cannot be unpacked ({error}); download it again") from None
    return b"".join(parts)


def _decode(content: bytes, name: str, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadArchive(
            f"{path}: {name} line {line}: byte 0x{content[error.start]:02x} is not UTF-8; "
            "the official export is UTF-8"
        ) from None
