"""What an audit has finished, one line a file, appended and synced as it goes.

After a kill the last line may be torn; it is cut off and its file is done again. Lines of another
run (other rule, index, program or lists) are left alone and count for nothing.
"""

import fcntl
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from recommender.errors import BadInput

_HEAD = b'{"run":"'


class _Line(msgspec.Struct):
    run: str
    file: str
    sha256: str | None
    record: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Outcome:
    """One finished file: its record in canonical bytes, be it a verdict or an error."""

    file: str
    sha256: str | None
    record: bytes


@dataclass(frozen=True, slots=True)
class _Entry:
    offset: int
    length: int
    sha256: str | None


class Journal:
    """An append-only file of outcomes; one audit at a time holds it."""

    def __init__(self, path: Path, run: str) -> None:
        self.path = path
        self._run = run
        self._entries: dict[str, _Entry] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = path.open("a+b")
        try:
            self._lock()
            self._refuse_other_files()
            self._cut_torn_line()
            self._read()
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    @property
    def done(self) -> Mapping[str, str | None]:
        """File name -> hash of the bytes that were checked, for this run."""
        return {name: entry.sha256 for name, entry in self._entries.items()}

    def append(self, outcomes: Iterable[Outcome]) -> None:
        """Keep outcomes for good; after this returns no kill can lose them."""
        offset = self._stream.seek(0, os.SEEK_END)
        lines = []
        for one in outcomes:
            line = _Line(self._run, one.file, one.sha256, msgspec.Raw(one.record))
            content = msgspec.json.encode(line) + b"\n"
            self._entries[one.file] = _Entry(offset, len(content), one.sha256)
            offset += len(content)
            lines.append(content)
        self._stream.write(b"".join(lines))
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def record(self, file: str) -> bytes:
        """Return the canonical bytes of a finished file's record."""
        entry = self._entries[file]
        self._stream.seek(entry.offset)
        line = msgspec.json.decode(self._stream.read(entry.length), type=_Line)
        return bytes(line.record)

    def record_json(self, file: str) -> dict[str, Any]:
        """Return a finished file's record."""
        body: dict[str, Any] = msgspec.json.decode(self.record(file))
        return body

    def _lock(self) -> None:
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(
                f"{self.path}: another audit is writing this journal; wait for it, or name "
                "another with --journal"
            ) from None

    def _refuse_other_files(self) -> None:
        # Cutting a torn line must never cut a file that somebody named by mistake.
        self._stream.seek(0)
        head = self._stream.read(len(_HEAD))
        if not _HEAD.startswith(head):
            raise BadInput(
                f"{self.path}: found another kind of file, expected an audit's journal; name "
                "another with --journal"
            )

    def _cut_torn_line(self) -> None:
        size = self._stream.seek(0, os.SEEK_END)
        end = size
        while end > 0:
            start = max(0, end - 65_536)
            self._stream.seek(start)
            found = self._stream.read(end - start).rfind(b"\n")
            if found >= 0:
                end = start + found + 1
                break
            end = start
        if end < size:
            self._stream.truncate(end)

    def _read(self) -> None:
        offset = self._stream.seek(0)
        for number, content in enumerate(self._stream, start=1):
            try:
                line = msgspec.json.decode(content, type=_Line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                raise BadInput(
                    f"{self.path}, line {number}: found no entry of an audit's journal; "
                    "name another file with --journal, or delete it"
                ) from None
            if line.run == self._run:
                self._entries[line.file] = _Entry(offset, len(content), line.sha256)
            offset += len(content)
