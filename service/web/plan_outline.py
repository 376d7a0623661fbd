"""What carrying a plan out takes: three years, difficulties and measures, for its linked practices.

Everything said of a practice is its profile's (what it takes, how it is given, what to watch for)
or its studies' (what was measured). The frame around it is ours, and so is its order.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from recommender.index.catalogue import Card
from recommender.search.recommender import Recommender
from service.web.cards import NOT_STATED, headline_domains

# What a profile says where nothing is known.
UNKNOWN = ("", NOT_STATED, "not stated")
MEASURES_SHOWN = 4
DOMAINS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class YearPart:
    """What one practice asks for in one year."""

    practice: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the outline."""

    number: int
    title: str
    aim: str
    parts: tuple[YearPart, ...]


@dataclass(frozen=True, slots=True)
class Challenge:
    """What to watch for in one practice, and how it could be asked about."""

    practice: str
    watch_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One outcome domain with the measures that studies used most."""

    domain: str
    is_deciding: bool = field(metadata={"help": "the practice's tier rests on this domain"})
    used: tuple[tuple[str, int], ...] = field(metadata={"help": "measure, and findings with it"})
    more: int = field(metadata={"help": "measures left out"})


@dataclass(frozen=True, slots=True)
class MeasuresOf:
    """What the studies of one practice measured."""

    practice: str
    practice_id: str
    is_guide: bool
    domains: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """All that is suggested for carrying the plan out."""

    years: tuple[Year, ...]
    challenges: tuple[Challenge, ...]
    measures: tuple[MeasuresOf, ...]


YEARS = (
    ("Winning support and building capacity",
     "Staff and families know why; those who begin are chosen, trained and equipped."),
    ("Trying it with the first groups",
     "The first groups get it as it is meant to be given, and you see what has to change."),
    ("Spreading it and keeping it",
     "Everybody whom the plan names gets it, and it lasts when people and money change."),
)  # fmt: skip

CHALLENGE_PROMPTS = (
    "Which of these is the gravest in our school, and who would notice it first?",
    "What do staff and families have to give up or do differently, and what do they get for it?",
    "What happens when a key person leaves, or a grant ends?",
    "Which students could be left out, and how would we see it?",
)


def make_outline(recommender: Recommender, practice_ids: Sequence[str]) -> Outline:
    """Return what is suggested for the practices that the plan adopts."""
    cards = [recommender.card(practice_id) for practice_id in practice_ids]
    return Outline(
        years=tuple(_year(number, cards) for number in (1, 2, 3)),
        challenges=tuple(_challenges(cards)),
        measures=tuple(_measures(recommender, card) for card in cards),
    )


def _year(number: int, cards: Iterable[Card]) -> Year:
    title, aim = YEARS[number - 1]
    points = {1: _first_year, 2: _second_year, 3: _third_year}[number]
    parts = ((card.practice.name, tuple(points(card))) for card in cards)
    return Year(number, title, aim, tuple(YearPart(name, said) for name, said in parts if said))


def _first_year(card: Card) -> Iterable[str]:
    yield from _said(card, "staff", "Find and free the people: ")
    yield from _said(card, "training", "Plan and book the training: ")
    yield from _said(card, "materials", "Get the materials: ")
    yield from _said(card, "schedule", "Make room in next year's timetable: ")


def _second_year(card: Card) -> Iterable[str]:
    given = card.profile.delivery if card.profile else {}
    yield from _said(card, "schedule", "Protect the time: ")
    how = [
        f"{label} {given[key]}"
        for key, label in (
            ("who", "given by"),
            ("to_whom", "to"),
            ("how_often", "how often:"),
            ("how_long", "for how long:"),
        )
        if given.get(key, "") not in UNKNOWN
    ]
    if how:
        yield "Begin with the first groups as it is meant to be given: " + "; ".join(how) + "."


def _third_year(card: Card) -> Iterable[str]:
    yield from _said(card, "training", "Train new staff as the first ones were: ")
    yield from _said(card, "money", "Secure the money in the regular budget; its cost is: ")
    yield from _said(card, "staff", "Have enough people for all groups, not only the first: ")


def _said(card: Card, key: str, frame: str) -> Iterable[str]:
    text = (card.profile.takes if card.profile else {}).get(key, "")
    if text not in UNKNOWN:
        yield f"{frame}{text.rstrip('.')}."


def _challenges(cards: Iterable[Card]) -> Iterable[Challenge]:
    for card in cards:
        if card.profile and card.profile.watch_for:
            yield Challenge(card.practice.name, card.profile.watch_for)


def _measures(recommender: Recommender, card: Card) -> MeasuresOf:
    practice = card.practice
    if practice.guide is not None:
        return MeasuresOf(practice.name, practice.practice_id, True, ())
    used: dict[str, Counter[str]] = {}
    for found in recommender.evidence_file(practice.practice_id).findings:
        finding = found.finding
        if not finding.is_subgroup:
            used.setdefault(finding.outcome_domain, Counter())[finding.outcome_measure] += 1
    deciding = {domain.outcome_domain for domain in headline_domains(card)}
    order = sorted(used, key=lambda name: (name not in deciding, -used[name].total(), name))
    return MeasuresOf(
        practice.name,
        practice.practice_id,
        False,
        tuple(_measure(name, name in deciding, used[name]) for name in order[:DOMAINS_SHOWN]),
    )


def _measure(domain: str, is_deciding: bool, used: Counter[str]) -> Measure:
    ordered = sorted(used.items(), key=lambda item: (-item[1], item[0]))
    return Measure(
        domain, is_deciding, tuple(ordered[:MEASURES_SHOWN]), max(0, len(ordered) - MEASURES_SHOWN)
    )
