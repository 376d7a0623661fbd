"""Desks for tests, found by name in a worker's process, and a command that can be killed."""

import hashlib
import sys
import time
from functools import partial
from pathlib import Path

from recommender.audit.canonical import canonical_bytes
from recommender.audit.desk import AuditSettings, Desk
from recommender.audit.files import find_plans
from recommender.audit.journal import Journal, Outcome
from recommender.audit.pool import check_files

RUN = "r1"


def word_desk(settings: AuditSettings) -> Desk:
    """A whole desk that knows only words."""
    from tests.conftest import WordEncoder

    return Desk(settings, WordEncoder())


class SlowDesk:
    """A desk that takes its time and writes down which files it was given."""

    def __init__(self, log: Path, seconds: float) -> None:
        self._log = log
        self._seconds = seconds

    def outcomes(self, files, child):
        time.sleep(self._seconds * len(files))
        with self._log.open("a") as stream:
            stream.writelines(f"{file.name}\n" for file in files)
        return [
            Outcome(
                file.name,
                hashlib.sha256(file.path.read_bytes()).hexdigest(),
                canonical_bytes({"file": file.name}),
            )
            for file in files
        ]


class DyingDesk(SlowDesk):
    """A desk whose process dies at one file, as often as its mark says."""

    def outcomes(self, files, child):
        import os

        mark = self._log.with_suffix(".deaths")
        deaths = len(mark.read_text()) if mark.exists() else 0
        if any(file.name == "p07.txt" for file in files) and deaths < self._seconds:
            with mark.open("a") as stream:
                stream.write("x")
            os._exit(9)
        return SlowDesk(self._log, 0).outcomes(files, child)


def main(folder: str, journal: str, log: str, seconds: str) -> None:
    """Audit a folder slowly; the test kills it."""
    with Journal(Path(journal), RUN) as kept:
        opened = partial(SlowDesk, Path(log), float(seconds))
        for outcomes in check_files(find_plans(Path(folder)), opened, 2):
            kept.append(outcomes)


if __name__ == "__main__":
    main(*sys.argv[1:])
