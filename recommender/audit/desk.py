"""One worker of an audit: files in, outcomes out, many plans with one batch of encoding."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from recommender.audit.canonical import canonical_bytes
from recommender.audit.encoding import RememberingEncoder
from recommender.audit.files import PlanFile, readable_sha256
from recommender.audit.journal import Outcome
from recommender.audit.reading import ReadingChild
from recommender.errors import BadInput, WorkFailed
from recommender.index.encoder import Encoder, SentenceEncoder
from recommender.index.store import current_build, load_index
from recommender.plan.check import PlanChecker
from recommender.plan.document import (
    CheckedDocument,
    DocumentChecker,
    PlanDocument,
    document_json,
    read_document,
)
from recommender.plan.readers import PlanText, UnreadablePlan, read_plan
from recommender.search.recommender import Recommender
from recommender.tags import TurnaroundTagger

# One bad file must not end an audit of thousands, whatever is wrong with it or with the program.
Failure = Exception


class ErrorKind(StrEnum):
    """Why a file has no verdict."""

    UNREADABLE = "unreadable"
    NOT_CHECKABLE = "not_checkable"
    """It was read, but holds no strategies or something that no check can take."""
    NO_PLAN = "no_plan"
    """Its name says that it is something else; it was not opened."""
    FAULT = "fault"
    """The program failed; never the plan's fault."""


class NoPlan(BadInput):
    """A file that is no plan by its name."""


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """What a worker needs to open its index; the same for all of them."""

    indexes: Path
    corpus: Path
    rule_id: str | None = None
    grades: tuple[str, ...] = ()
    """Instead of the grades that a plan says; empty leaves them as they are."""


class Desk:
    """Checks files with one index."""

    def __init__(
        self,
        settings: AuditSettings,
        encoder: Encoder | None = None,
        tagger: TurnaroundTagger | None = None,
    ) -> None:
        build = current_build(settings.indexes)
        index = load_index(settings.indexes)
        self._encoder = RememberingEncoder(encoder or SentenceEncoder(index.manifest.model))
        recommender = Recommender(index, self._encoder)
        tagger = tagger or TurnaroundTagger.load(build.tagger)
        checker = PlanChecker.open(recommender, settings.corpus, tagger)
        self._settings = settings
        self._asked = checker.asked
        self.checker = DocumentChecker(recommender, checker, settings.corpus)
        self.recommender = recommender

    def check_file(self, path: Path) -> CheckedDocument:
        """Read and check one plan.

        Raises:
            BadInput: it cannot be read, or not be checked.
        """
        return self.check(self._read(path, read_plan))

    def check(self, document: PlanDocument) -> CheckedDocument:
        """Check one document, and keep no vectors of it."""
        (found,) = self.check_many([document])
        if isinstance(found, CheckedDocument):
            return found
        raise found

    def check_many(self, documents: Sequence[PlanDocument]) -> list[CheckedDocument | Failure]:
        """Check plans with one batch of encoding; each gets its verdict or its own failure."""
        texts = [s.text for document in documents for s in document.plan.strategies]
        self._encoder.remember(map(self._asked, texts))
        try:
            return [self._checked(document) for document in documents]
        finally:
            self._encoder.forget()

    def outcomes(self, files: Sequence[PlanFile], child: ReadingChild) -> list[Outcome]:
        """Read and check files; whatever is wrong with one of them stays with that one."""
        read = {file.name: self._read_or_fail(file, child) for file in files}
        documents = {n: d for n, (_, d) in read.items() if isinstance(d, PlanDocument)}
        checked = dict(zip(documents, self.check_many(list(documents.values()))))
        return [
            Outcome(file.name, sha256, _record(file.name, sha256, checked.get(file.name, found)))
            for file in files
            for sha256, found in (read[file.name],)
        ]

    def _checked(self, document: PlanDocument) -> CheckedDocument | Failure:
        try:
            return self.checker.check(document)
        except WorkFailed:
            raise
        except Exception as error:
            return error

    def _read(self, path: Path, read: Callable[[Path], PlanText]) -> PlanDocument:
        settings = self._settings
        return read_document(path, settings.rule_id, settings.grades, read)

    def _read_or_fail(
        self, file: PlanFile, child: ReadingChild
    ) -> tuple[str | None, PlanDocument | Failure]:
        sha256 = readable_sha256(file.path)
        if not file.is_plan_by_name:
            return sha256, NoPlan(
                f"{file.path.name}: no plan's name ends in {file.path.suffix}; if it is one, save "
                "it as docx, pdf, xlsx, pptx, csv or txt"
            )
        try:
            document = self._read(file.path, child.read)
        except Exception as error:
            return sha256, error
        return document.sha256, replace(document, file=file.name)


def _record(
    file: str, sha256: str | None, found: CheckedDocument | PlanDocument | Failure
) -> bytes:
    if isinstance(found, CheckedDocument):
        return canonical_bytes(document_json(found))
    assert isinstance(found, Exception)
    return canonical_bytes(error_json(file, sha256, found))


def error_json(file: str, sha256: str | None, error: Failure) -> dict[str, Any]:
    """Return the line of a file that has no verdict."""
    detail = " ".join(str(error).split())
    if isinstance(error, UnreadablePlan):
        kind = ErrorKind.UNREADABLE
    elif isinstance(error, NoPlan):
        kind = ErrorKind.NO_PLAN
    elif isinstance(error, BadInput):
        kind = ErrorKind.NOT_CHECKABLE
    else:
        kind = ErrorKind.FAULT
        detail = f"the check broke down on this file ({type(error).__name__}: {detail})"
    return {"file": file, "sha256": sha256, "error": {"kind": kind.value, "detail": detail}}
