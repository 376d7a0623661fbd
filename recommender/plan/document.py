"""A plan file -> what was read in it, its verdict, what is missing and what could be added.

The record holds all that the check was given, so that it can be checked again from itself.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recommender.errors import BadInput
from recommender.plan.check import (
    MAX_STRATEGIES,
    MAX_STRATEGY_CHARACTERS,
    PlanChecker,
    check_plan_input,
    plan_json,
    plan_verdict,
)
from recommender.plan.extract import Extracted, extract
from recommender.plan.readers import PlanText, read_plan
from recommender.plan.readers.failures import shown_name
from recommender.plan.rules import DEFAULT_RULE, Rule, read_rule
from recommender.plan.sections import SectionFound
from recommender.plan.stamp import CheckStamp, make_stamp
from recommender.plan.suggest import Suggestions, suggest_for_plan
from recommender.plan.verdicts import Plan, PlanVerdict, Strategy, has_top_tier
from recommender.records import Context, normal_grade
from recommender.search.recommender import Recommender
from recommender.tags import PRACTICES

# Plans come from Massachusetts where nothing else is said, as in the other commands.
DEFAULT_STATE = "MA"


@dataclass(frozen=True, slots=True)
class Stated:
    """Where a strategy stands in the plan."""

    place: str | None
    turnaround_practice: int | None
    """1 to 4 where the plan's own heading or table names the practice."""


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A plan file as it was read, ready to be checked."""

    file: str
    sha256: str
    kind: str
    rule_id: str
    plan: Plan
    stated: tuple[Stated, ...]
    sections: tuple[SectionFound, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A plan file with what the check says of it."""

    document: PlanDocument
    verdict: PlanVerdict
    suggestions: tuple[Suggestions, ...]
    stamp: CheckStamp


def read_document(
    path: Path,
    rule_id: str | None = None,
    grades: Sequence[str] = (),
    read: Callable[[Path], PlanText] = read_plan,
) -> PlanDocument:
    """Read a plan file; a rule or grades given here go before what the file says.

    Raises:
        UnreadablePlan: the file cannot be read.
        BadInput: it holds no strategies.
    """
    plan_text = read(path)
    return make_document(plan_text, sha256_of(path), rule_id, grades)


def make_document(
    plan_text: PlanText, sha256: str, rule_id: str | None = None, grades: Sequence[str] = ()
) -> PlanDocument:
    """Find the strategies of a plan that was read.

    Raises:
        BadInput: it holds no strategies.
    """
    found = extract(plan_text)
    if not found.strategies:
        raise BadInput(_no_strategies(plan_text, found))
    is_body = plan_text.kind == "json"
    strategies = tuple(
        Strategy(s.id, s.text if is_body else s.text[:MAX_STRATEGY_CHARACTERS])
        for s in found.strategies
    )
    said = plan_text.school or {}
    plan = Plan(_school(said, tuple(grades) or found.grades), strategies, said.get("name"))
    return PlanDocument(
        file=plan_text.file,
        sha256=sha256,
        kind=plan_text.kind,
        rule_id=rule_id or plan_text.rule or DEFAULT_RULE,
        plan=plan,
        stated=tuple(Stated(s.place, s.turnaround_practice) for s in found.strategies),
        # A body for the service holds strategies alone; no section can be missing from it.
        sections=() if is_body else found.sections,
        notes=() if is_body else tuple(_notes(found)),
    )


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(f"{shown_name(path)}: cannot be opened ({error.strerror})") from None


def _no_strategies(plan_text: PlanText, found: Extracted) -> str:
    notes = [n for n in found.notes if n.startswith("no strategies found") or "cannot" in n]
    said = "; ".join(notes) or "no strategies found"
    return (
        f"{plan_text.file}: {said}; put the strategies in a column or under a heading called "
        "Strategies, one a line"
    )


def _notes(found: Extracted) -> list[str]:
    notes = list(found.notes)
    if not found.grades:
        notes.append("grades not found: the plan does not say which grades the school serves")
    cut = [s.id for s in found.strategies if len(s.text) > MAX_STRATEGY_CHARACTERS]
    if cut:
        limit = MAX_STRATEGY_CHARACTERS
        notes.append(f"{', '.join(cut)}: only the first {limit} characters were checked")
    return notes


def _school(said: dict[str, Any], grades: Sequence[str]) -> Context:
    return Context(
        grades=tuple(dict.fromkeys(normal_grade(g) for g in (grades or said.get("grades") or ()))),
        student_groups=tuple(said.get("student_groups") or ()),
        urbanicity=said.get("urbanicity"),
        state=said.get("state") or DEFAULT_STATE,
    )


class DocumentChecker:
    """Checks plan files with one index; build it once."""

    def __init__(self, recommender: Recommender, checker: PlanChecker, corpus: Path) -> None:
        self.recommender = recommender
        self.stamp = make_stamp(corpus)
        self._checker = checker
        self._corpus = corpus
        self._rules: dict[str, Rule] = {}

    def rule(self, rule_id: str) -> Rule:
        """Return a rule; each file is read once."""
        if rule_id not in self._rules:
            self._rules[rule_id] = read_rule(rule_id, self._corpus)
        return self._rules[rule_id]

    def check(self, document: PlanDocument) -> CheckedDocument:
        """Check one document.

        Raises:
            BadInput: every fault of the plan in one line, or an unknown rule.
        """
        rule = self.rule(document.rule_id)
        verdict = self._verdict(document, rule)
        suggestions = suggest_for_plan(self.recommender, document.plan, verdict)
        return CheckedDocument(document, verdict, suggestions, self.stamp)

    def _verdict(self, document: PlanDocument, rule: Rule) -> PlanVerdict:
        plan = document.plan
        if document.kind == "json":
            check_plan_input(plan)
        # A long district plan has more statements than one request to the service may have.
        steps = range(0, len(plan.strategies), MAX_STRATEGIES)
        parts = [
            self._checker.check(
                replace(plan, strategies=plan.strategies[at : at + MAX_STRATEGIES]), rule
            )
            for at in steps
        ]
        return parts[0] if len(parts) == 1 else _joined(parts, rule)


def _joined(parts: Sequence[PlanVerdict], rule: Rule) -> PlanVerdict:
    strategies = tuple(one for part in parts for one in part.strategies)
    verdicts = [one.verdict for one in strategies]
    covered = tuple(sorted({practice for part in parts for practice in part.covered}))
    return replace(
        parts[0],
        verdict=plan_verdict(verdicts, rule.asks),
        has_tier_1_3=has_top_tier(verdicts),
        strategies=strategies,
        covered=covered,
        missing=tuple(practice for practice in PRACTICES if practice not in covered),
    )


def document_json(checked: CheckedDocument) -> dict[str, Any]:
    """Return the answer of `POST /v1/plan-checks` with what only a file has."""
    document = checked.document
    body = plan_json(checked.verdict)
    for one, strategy, stated in zip(
        body["strategies"], document.plan.strategies, document.stated, strict=True
    ):
        one["text"] = strategy.text
        one["place"] = stated.place
        one["heading_practice"] = stated.turnaround_practice
    school = document.plan.school
    return {
        "file": document.file,
        "sha256": document.sha256,
        "kind": document.kind,
        **body,
        "school": {
            "name": document.plan.name,
            "grades": list(school.grades),
            "subjects": list(school.subjects),
            "student_groups": list(school.student_groups),
            "urbanicity": school.urbanicity,
            "state": school.state,
        },
        "sections": [
            {"name": s.name, "found": s.found, "place": s.place} for s in document.sections
        ],
        "notes": list(document.notes),
        "suggestions": [_suggestions_json(one) for one in checked.suggestions],
        "check": {
            "version": checked.stamp.version,
            "program_sha256": checked.stamp.program_sha256,
            "lists_sha256": checked.stamp.lists_sha256,
            "thresholds": dict(checked.stamp.thresholds),
        },
    }


def _suggestions_json(one: Suggestions) -> dict[str, Any]:
    return {
        "strategy_id": one.strategy_id,
        "practices": [
            {
                "practice_id": practice.practice_id,
                "name": practice.name,
                "tier": practice.tier,
                "outcome_domains": list(practice.outcome_domains),
                "why": list(practice.why),
                "url": practice.url,
            }
            for practice in one.practices
        ],
    }
