"""What the Plan page shows, gathered once from a plan, its kept check and the current build."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recommender.guidance import Beat, Outcome, ReflectionQuestion
from recommender.plan.rules import Asks, Rule
from recommender.plan.verdicts import Verdict
from recommender.search.recommender import Recommender
from service.engine import Snapshot
from service.store import SavedStrategy
from service.store.records import Share
from service.web import editorial
from service.web.cards import TurnaroundLabel, turnaround_labels
from service.web.plan_checking import KeptCheck, is_current
from service.web.plan_draft import MAX_NOTE_CHARACTERS, OpenPlan, WrittenPlan
from service.web.plan_outline import CHALLENGE_PROMPTS, Outline, make_outline
from service.web.plan_words import (
    ASKS_WORDS,
    DECIDES,
    FLAG_WORDS,
    PLAN_LABELS,
    SECTION_WORDS,
    STRATEGY_LABELS,
    VerdictLabel,
)
from service.web.school import SCHOOL_GRADES, School
from service.web.templating import practice_url
from service.web.words import STUDENT_GROUPS, tier_words


@dataclass(frozen=True, slots=True)
class SuggestedPractice:
    """A tested practice near a strategy's aim."""

    practice_id: str
    name: str
    href: str
    tier: str
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrategyView:
    """One strategy with what the check says beside it."""

    strategy_id: str = field(metadata={"help": "id within the plan"})
    number: int = field(metadata={"help": "place in the plan, from 1"})
    text: str = field(metadata={"help": "the plan's own words"})
    place: str | None = field(metadata={"help": "where it stands in the document"})
    label: VerdictLabel | None = field(metadata={"help": "verdict; nothing while unchecked"})
    quote: str | None = field(metadata={"help": "the words that decided"})
    practice: str | None = field(metadata={"help": "practice that it was linked to"})
    practice_href: str | None = field(metadata={"help": "page of that practice"})
    is_candidate: bool = field(metadata={"help": "the practice is only the nearest one"})
    added_from: str | None = field(metadata={"help": "practice it was added from, if another"})
    tier: str | None = field(metadata={"help": "tier in this school, in words"})
    citation: str | None = field(metadata={"help": "the finding that decides"})
    outcome: str | None = field(metadata={"help": "what that finding measured"})
    guide_url: str | None = field(metadata={"help": "the guide, where no study decides"})
    reasons: tuple[str, ...] = field(metadata={"help": "why"})
    question: str | None = field(metadata={"help": "what a person has to answer"})
    turnaround: tuple[TurnaroundLabel, ...] = field(metadata={"help": "practices it serves"})
    suggestions: tuple[SuggestedPractice, ...] = field(metadata={"help": "with the same aim"})


@dataclass(frozen=True, slots=True)
class SectionLine:
    """Whether the document has a section that the state's guidance names."""

    name: str
    found: bool
    place: str | None


@dataclass(frozen=True, slots=True)
class CheckView:
    """What the check says of the plan."""

    label: VerdictLabel
    flag: str
    rule: str
    asks: str
    counts: tuple[tuple[VerdictLabel, int], ...]
    covered: tuple[TurnaroundLabel, ...]
    missing: tuple[TurnaroundLabel, ...]
    build_id: str
    evidence_date: str
    checked_on: str
    is_current: bool
    decides: str = DECIDES


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One beat of the monitoring rhythm with its source."""

    beat: Beat
    source: str
    source_url: str
    dated: date | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as page, print and download show it."""

    plan_id: str
    version: int
    saved_at: str
    written: WrittenPlan
    school: School
    rule: Rule | None
    strategies: tuple[StrategyView, ...]
    check: CheckView | None
    sections: tuple[SectionLine, ...]
    read_notes: tuple[str, ...]
    outline: Outline
    calendar: tuple[CalendarLine, ...]
    reflection: tuple[ReflectionQuestion, ...]
    outcomes: tuple[str, ...] = tuple(Outcome)
    prompts: tuple[str, ...] = CHALLENGE_PROMPTS

    def note(self, name: str) -> str:
        """Return the team's own words in a field."""
        return self.written.notes.get(name, "")


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The page on which a team works on its plan."""

    view: PlanView
    rules: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    shares: tuple[Share, ...]
    new_link: str | None
    added: str | None
    back: str | None
    grades: tuple[str, ...] = SCHOOL_GRADES
    groups: tuple[str, ...] = STUDENT_GROUPS
    settings: tuple[str, ...] = ("urban", "suburban", "rural")
    max_note: int = MAX_NOTE_CHARACTERS


def rule_words(rules: Iterable[Rule]) -> tuple[tuple[str, str], ...]:
    """Return the rules as a list to choose from, the plan's own first."""
    ordered = sorted(rules, key=lambda rule: (rule.asks is not Asks.ONE_IN_TOP_THREE, rule.id))
    return tuple((rule.id, f"{rule.name}: {ASKS_WORDS[rule.asks]}") for rule in ordered)


def make_view(found: OpenPlan, kept: KeptCheck | None, snapshot: Snapshot) -> PlanView:
    """Gather what is shown of a plan."""
    written, context = found.written, found.written.school
    school = School(context.grades, context.subjects, context.student_groups, context.urbanicity)
    answer: Mapping[str, Any] = kept.answer if kept else {}
    checked = {one["id"]: one for one in answer.get("strategies", ())}
    suggested = {one["strategy_id"]: one["practices"] for one in answer.get("suggestions", ())}
    lines = tuple(
        _strategy(written, at, checked, suggested, school, snapshot.recommender)
        for at in range(len(written.strategies))
    )
    return PlanView(
        plan_id=found.plan_id,
        version=found.version,
        saved_at=found.stored.saved_at[:10],
        written=written,
        school=school,
        rule=snapshot.rules.get(written.rule_id),
        strategies=lines,
        check=_check(kept, found, snapshot) if kept else None,
        sections=_sections(written),
        read_notes=written.read.notes if written.read else (),
        outline=make_outline(snapshot.recommender, _linked(written, checked, snapshot.recommender)),
        calendar=_calendar(),
        reflection=editorial.guidance().reflection,
    )


def _strategy(
    written: WrittenPlan,
    at: int,
    checked: Mapping[str, Any],
    suggested: Mapping[str, Any],
    school: School,
    recommender: Recommender,
) -> StrategyView:
    one = written.strategies[at]
    said: Mapping[str, Any] = checked.get(one.strategy_id, {})
    if " ".join(said.get("text", one.text).split()) != " ".join(one.text.split()):
        said = {}  # the kept check is of other words
    practice, finding = said.get("practice") or {}, said.get("finding") or {}
    linked = practice.get("practice_id")
    return StrategyView(
        strategy_id=one.strategy_id,
        number=at + 1,
        text=one.text,
        place=written.read.places.get(one.strategy_id) if written.read else None,
        label=STRATEGY_LABELS[Verdict(said["verdict"])] if said else None,
        quote=said.get("quote"),
        practice=practice.get("name"),
        practice_href=linked and practice_url(linked, school.query),
        is_candidate=bool(practice) and adopted(said) is None,
        added_from=_added_from(one, linked, recommender),
        tier=tier_words(said["tier"]) if said.get("tier") else None,
        citation=finding.get("citation"),
        outcome=finding.get("outcome_domain"),
        guide_url=said.get("guide_url"),
        reasons=tuple(_sentence(reason) for reason in said.get("reasons", ())),
        question=said.get("question"),
        turnaround=turnaround_labels(said.get("turnaround_practices", ())),
        suggestions=tuple(_suggested(suggested.get(one.strategy_id, ()) if said else (), school)),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _added_from(one: SavedStrategy, linked: str | None, recommender: Recommender) -> str | None:
    """The practice it was added from, where the check names another programme or none."""
    card = recommender.cards.get(one.practice_id or "")
    if card is None or linked in (card.practice.practice_id, *card.practice.siblings):
        return None
    return card.practice.name


def _suggested(
    practices: Sequence[Mapping[str, Any]], school: School
) -> Iterable[SuggestedPractice]:
    for one in practices:
        href = practice_url(one["practice_id"], school.query)
        on = tuple(one["outcome_domains"])
        yield SuggestedPractice(one["practice_id"], one["name"], href, tier_words(one["tier"]), on)


def _check(kept: KeptCheck, found: OpenPlan, snapshot: Snapshot) -> CheckView:
    answer = kept.answer
    verdicts = [Verdict(one["verdict"]) for one in answer["strategies"]]
    served = answer["turnaround_practices"]
    return CheckView(
        label=PLAN_LABELS[Verdict(answer["verdict"])],
        flag=FLAG_WORDS[answer["has_tier_1_3"]],
        rule=answer["rule"]["name"],
        asks=ASKS_WORDS[Asks(answer["rule"]["asks"])],
        counts=tuple((label, verdicts.count(name)) for name, label in STRATEGY_LABELS.items()),
        covered=turnaround_labels(served["covered"]),
        missing=turnaround_labels(served["missing"]),
        build_id=answer["index"]["build_id"],
        evidence_date=answer["index"]["evidence_date"],
        checked_on=kept.result.created_at[:10],
        is_current=is_current(kept, found, snapshot.build_id),
    )


def _sections(written: WrittenPlan) -> tuple[SectionLine, ...]:
    found = written.read.sections if written.read else ()
    return tuple(SectionLine(SECTION_WORDS.get(s.name, s.name), s.found, s.place) for s in found)


def _linked(
    written: WrittenPlan, checked: Mapping[str, Any], recommender: Recommender
) -> tuple[str, ...]:
    """The practices behind the plan, one a programme; a mere candidate is not one of them."""
    found: list[str] = []
    for one in written.strategies:
        practice_id = adopted(checked.get(one.strategy_id, {})) or one.practice_id
        card = recommender.cards.get(practice_id or "")
        if card and not {card.practice.practice_id, *card.practice.siblings} & set(found):
            found.append(card.practice.practice_id)
    return tuple(found)


def adopted(said: Mapping[str, Any]) -> str | None:
    """The practice that a strategy adopts, as the check found."""
    practice_id: str | None = (said.get("practice") or {}).get("practice_id")
    return practice_id if said.get("verdict") in ("meets", "does_not_meet") else None


def _calendar() -> tuple[CalendarLine, ...]:
    guidance = editorial.guidance()
    sources = ((beat, guidance.source(beat.source)) for beat in guidance.rhythm)
    return tuple(CalendarLine(beat, s.title, s.url, s.dated) for beat, s in sources)
