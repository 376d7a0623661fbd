"""An audit from folder to finished journal: what is done is not done again, nothing is lost."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial

import msgspec

from recommender.audit.canonical import canonical_bytes
from recommender.audit.desk import AuditSettings, Desk
from recommender.audit.files import PlanFile, readable_sha256
from recommender.audit.journal import Journal
from recommender.audit.pool import OpenDesk, check_files
from recommender.index.store import Manifest, current_build, read_manifest
from recommender.plan.rules import DEFAULT_RULE, Rule, read_rule
from recommender.plan.stamp import CheckStamp, make_stamp

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Basis:
    """What all verdicts of one audit rest on; another basis is another run."""

    manifest: Manifest
    rule: Rule
    """Where a plan names its own rule and the audit does not, that one is used instead."""
    is_rule_given: bool
    stamp: CheckStamp
    grades: tuple[str, ...]

    @property
    def run(self) -> str:
        """Name of the run in the journal."""
        parts = {
            "build_id": self.manifest.build_id,
            "built_at": self.manifest.built_at.isoformat(),
            "rule": msgspec.to_builtins(self.rule),
            "is_rule_given": self.is_rule_given,
            "stamp": asdict(self.stamp),
            "grades": self.grades,
        }
        return hashlib.sha256(canonical_bytes(parts)).hexdigest()[:16]


def read_basis(settings: AuditSettings) -> Basis:
    """Read what an audit rests on.

    Raises:
        BadIndex: no index yet.
        BadInput: no such rule.
    """
    return Basis(
        manifest=read_manifest(current_build(settings.indexes)),
        rule=read_rule(settings.rule_id or DEFAULT_RULE, settings.corpus),
        is_rule_given=settings.rule_id is not None,
        stamp=make_stamp(settings.corpus),
        grades=settings.grades,
    )


def run_audit(
    files: Iterable[PlanFile],
    journal: Journal,
    settings: AuditSettings,
    workers: int,
    progress: Progress = lambda count: None,
    open_desk: OpenDesk | None = None,
) -> int:
    """Check all files that the journal does not hold yet; return how many those were.

    Raises:
        WorkFailed: no index, or the workers die.
    """
    todo = list(unfinished(files, journal, progress))
    for outcomes in check_files(todo, open_desk or partial(Desk, settings), workers):
        journal.append(outcomes)
        progress(len(outcomes))
    return len(todo)


def unfinished(
    files: Iterable[PlanFile], journal: Journal, progress: Progress = lambda count: None
) -> Iterator[PlanFile]:
    """Yield the files that the journal does not hold as they are now."""
    done = journal.done
    for file in files:
        # A file without a hash is too large or gone; looking again costs next to nothing.
        known = done.get(file.name)
        if known is not None and known == readable_sha256(file.path):
            progress(1)
        else:
            yield file
