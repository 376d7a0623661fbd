"""What a report of one plan shows, gathered once from its stored result."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recommender.plan.verdicts import Verdict
from recommender.search.explain import tier_words

Record = Mapping[str, Any]

ANSWERS = {
    True: "Yes: the plan holds at least one strategy that meets the stated evidence condition.",
    False: "No: none of the strategies read in the plan meets the stated evidence condition.",
    None: "A person has to decide: no strategy meets it for sure, and at least one may.",
}
PLAN_WORDS = {
    Verdict.MEETS: "Meets the rule, in our reading",
    Verdict.DOES_NOT_MEET: "Does not meet the rule, in our reading",
    Verdict.NEEDS_REVIEW: "A person has to decide",
}
STRATEGY_WORDS = {
    Verdict.MEETS: "meets",
    Verdict.NEEDS_REVIEW: "a person decides",
    Verdict.DOES_NOT_MEET: "does not meet",
    Verdict.NO_EVIDENCE_FOUND: "no evidence found",
}
CAVEAT = (
    "A computer read this plan's words. It says what the evidence supports in our reading of ESSA; "
    "the state decides. It does not judge how well a strategy is written, paid for or carried out."
)
TURNAROUND = {
    1: "leadership, shared responsibility and collaboration",
    2: "intentional practices for improving instruction",
    3: "student-specific supports and instruction",
    4: "school climate and culture",
}
_ORDER = (Verdict.MEETS, Verdict.NEEDS_REVIEW, Verdict.DOES_NOT_MEET, Verdict.NO_EVIDENCE_FOUND)


@dataclass(frozen=True, slots=True)
class StrategyRow:
    """One strategy of the report."""

    strategy_id: str = field(metadata={"help": "Id within the plan"})
    verdict: Verdict = field(metadata={"help": "Verdict of the check"})
    words: str = field(metadata={"help": "The verdict in words"})
    text: str = field(metadata={"help": "The plan's own words"})
    place: str | None = field(metadata={"help": "Where it stands in the plan"})
    quote: str | None = field(
        metadata={"help": "The words that decided, where they are not the whole"}
    )
    practice: str | None = field(metadata={"help": "Practice that it was linked to, with its id"})
    tier: str | None = field(metadata={"help": "Tier in this school, in words"})
    citation: str | None = field(metadata={"help": "The deciding finding, or the guide's address"})
    reasons: tuple[str, ...] = field(metadata={"help": "Why"})
    question: str | None = field(metadata={"help": "What a person has to answer"})
    suggestions: tuple[str, ...] = field(metadata={"help": "Tested practices with the same aim"})


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The whole report."""

    file: str = field(metadata={"help": "File that was checked"})
    school: str = field(metadata={"help": "School as far as it is known"})
    verdict: Verdict = field(metadata={"help": "Verdict on the plan"})
    verdict_words: str = field(metadata={"help": "The verdict in words"})
    answer: str = field(metadata={"help": "Whether there is a tier 1-3 strategy"})
    rule: str = field(metadata={"help": "The rule of the money"})
    counts: tuple[tuple[str, int], ...] = field(metadata={"help": "Strategies by verdict"})
    strategies: tuple[StrategyRow, ...] = field(metadata={"help": "In the order of the plan"})
    covered: tuple[str, ...] = field(
        metadata={"help": "Turnaround practices that strategies serve"}
    )
    missing: tuple[str, ...] = field(metadata={"help": "Turnaround practices that none serves"})
    sections_missing: tuple[str, ...] = field(
        metadata={"help": "Sections of the state's guidance not found"}
    )
    sections_found: tuple[str, ...] = field(
        metadata={"help": "Sections found, each with its place"}
    )
    notes: tuple[str, ...] = field(metadata={"help": "What could not be read or was left out"})
    basis: str = field(metadata={"help": "Index and program behind the verdict"})

    @property
    def most_telling(self) -> tuple[StrategyRow, ...]:
        """Strategies by what a reader has to see first."""
        return tuple(sorted(self.strategies, key=lambda row: _ORDER.index(row.verdict)))


def make_page(record: Record) -> ReportPage:
    """Gather the report of one stored result."""
    verdict = Verdict(record["verdict"])
    index, practices = record["index"], record["turnaround_practices"]
    sections = record.get("sections", ())
    suggested = {one["strategy_id"]: one["practices"] for one in record.get("suggestions", ())}
    rows = tuple(_row(one, suggested.get(one["id"], ())) for one in record["strategies"])
    return ReportPage(
        file=record["file"],
        school=_school(record["school"]),
        verdict=verdict,
        verdict_words=PLAN_WORDS[verdict],
        answer=ANSWERS[record["has_tier_1_3"]],
        rule=f"{record['rule']['name']} ({record['rule']['asks']})",
        counts=tuple(_counts(rows)),
        strategies=rows,
        covered=tuple(_practices(practices["covered"])),
        missing=tuple(_practices(practices["missing"])),
        sections_missing=tuple(s["name"] for s in sections if not s["found"]),
        sections_found=tuple(f"{s['name']} ({s['place']})" for s in sections if s["found"]),
        notes=tuple(n for n in record.get("notes", ()) if not n.startswith("sections not found")),
        basis=f"Evidence of {index['evidence_date']}, index {index['build_id']}",
    )


def _row(one: Record, practices: Sequence[Record]) -> StrategyRow:
    verdict = Verdict(one["verdict"])
    practice, text = one["practice"], " ".join(one["text"].split())
    return StrategyRow(
        strategy_id=one["id"],
        verdict=verdict,
        words=STRATEGY_WORDS[verdict],
        text=text,
        place=one.get("place"),
        quote=one["quote"] if one["quote"] and one["quote"] != text else None,
        practice=practice and f"{practice['name']} ({practice['practice_id']})",
        tier=tier_words(one["tier"]) if one["tier"] else None,
        citation=_citation(one),
        reasons=tuple(one["reasons"]),
        question=one["question"],
        suggestions=tuple(f"{p['name']}, {tier_words(p['tier'])}" for p in practices),
    )


def _citation(one: Record) -> str | None:
    finding = one["finding"]
    if finding:
        return f"{finding['citation']} (finding {finding['finding_id']})"
    return one.get("guide_url")


def _school(school: Record) -> str:
    grades = ", ".join(school["grades"]) or "not stated"
    name = school.get("name")
    return f"{name}, grades {grades}" if name else f"grades {grades}"


def _counts(rows: Iterable[StrategyRow]) -> Iterable[tuple[str, int]]:
    verdicts = [row.verdict for row in rows]
    for verdict in _ORDER:
        yield STRATEGY_WORDS[verdict], verdicts.count(verdict)


def _practices(numbers: Iterable[int]) -> Iterable[str]:
    return (f"TP{number} {TURNAROUND[number]}" for number in numbers)
