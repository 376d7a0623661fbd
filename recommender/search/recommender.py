"""The search as one object: load it once, ask it often. No state changes between questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from recommender.errors import BadIndex, BadInput, UnknownPractice
from recommender.index.catalogue import Card, EvidenceFile
from recommender.index.encoder import Encoder, SentenceEncoder
from recommender.index.store import Manifest, StoredIndex, load_index
from recommender.records import GRADES, Context, Kind
from recommender.search.explain import Explainer, Recommendation
from recommender.search.names import NameFinder
from recommender.search.query import Query, QueryReader
from recommender.search.ranking import (
    WEIGHTS,
    Terms,
    Weights,
    compute_terms,
    score,
    static_terms,
    with_likeness,
)
from recommender.search.selection import select
from recommender.search.signals import Mask, TextMatch, WholeMatch, make_table, match_text

MAX_LIMIT = 100
MAX_ROOT_CAUSE_CHARACTERS = 5000
URBANICITY = ("urban", "suburban", "rural")

# A cause must be nearer to some practice than to the kinds of causes that no practice acts on, by
# this much in cosine; docs/results/no_good_match.md shows what other margins do.
OUT_OF_REACH_MARGIN = 0.08
# Below this cosine no passage is about the text at all (same results file).
LEAST_COSINE = 0.36
# With fewer of its content words known to the corpus, a text is another language or nonsense; no
# servable cause of the judged sets is under 0.72 (docs/results/no_good_match.md).
LEAST_KNOWN_SHARE = 0.5
# Filters whose practices are kept, about 1 KB each; people combine few.
MAX_MASKS = 64


@dataclass(frozen=True, slots=True)
class Filters:
    """What an answer may hold; empty means anything."""

    tiers: tuple[int, ...] = ()
    turnaround_practices: tuple[int, ...] = ()
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Ranked practices for one root cause."""

    results: tuple[Recommendation, ...]
    no_good_match: bool
    query: Query
    index: Manifest


@dataclass(frozen=True, slots=True)
class Request:
    """One question."""

    root_cause: str
    context: Context = field(default_factory=Context)
    filters: Filters = field(default_factory=Filters)
    limit: int = 10
    group_by_family: bool = False


class Recommender:
    """Answers root causes from one stored index."""

    def __init__(self, index: StoredIndex, encoder: Encoder, weights: Weights = WEIGHTS) -> None:
        if encoder.name != index.manifest.model:
            raise BadIndex(
                f"index was built with model {index.manifest.model!r}, the encoder is "
                f"{encoder.name!r}; run `recommender build`"
            )
        self.index = index
        self.encoder = encoder
        self.weights = weights
        self.table = make_table(index)
        self.reader = QueryReader(index.vocabulary, index.areas, index.lexical.vocabulary)
        self.static = static_terms(index.cards, _subject_areas(index))
        self.names = NameFinder(index.cards)
        self._explainer = Explainer(index, self.table)
        self._passing = lru_cache(MAX_MASKS)(self._mask)

    @classmethod
    def open(cls, indexes: Path, encoder: Encoder | None = None) -> "Recommender":
        """Load the current index and its encoder."""
        index = load_index(indexes)
        return cls(index, encoder or SentenceEncoder(index.manifest.model))

    @cached_property
    def cards(self) -> Mapping[str, Card]:
        """Every practice by id."""
        return {card.practice.practice_id: card for card in self.index.cards}

    def card(self, practice_id: str) -> Card:
        """Return one practice.

        Raises:
            UnknownPractice: no practice has this id.
        """
        try:
            return self.cards[practice_id]
        except KeyError:
            raise UnknownPractice(
                f"{practice_id!r}: no such practice; ids look like wwc-intervention:209 "
                "or wwc-practice-guide:24/2"
            ) from None

    def evidence_file(self, practice_id: str) -> EvidenceFile:
        """Return the findings behind a practice."""
        return self.index.catalogue.evidence_file(practice_id)

    def recommend(self, request: Request) -> Answer:
        """Rank practices for one root cause.

        Raises:
            BadInput: an empty or overlong root cause, or a context or limit out of range.
        """
        check_request(request)
        query = self.reader.read(request.root_cause)
        match, terms = self.score_terms(query, request.context)
        allowed = self._allowed(request, query)
        terms = with_likeness(terms, self.table, self.table.searchable, self.weights)
        ordered = score(terms, self.weights)
        chosen = select(ordered, match, allowed, request, self.table)
        results = tuple(
            self._explainer.explain(rank, practice, match, terms, ordered, query, request.context)
            for rank, practice in enumerate(chosen, 1)
        )
        return Answer(results, has_no_good_match(query, match, allowed), query, self.index.manifest)

    def score_terms(self, query: Query, context: Context) -> tuple[TextMatch, Terms]:
        """Return the text match and every ranking term for all practices."""
        vectors = self.encoder.encode_with_parts(query.clauses or (query.text or query.raw,))
        match = match_text(self.index, self.table, query, vectors)
        return match, compute_terms(self.table, self.static, match, query, context)

    def _allowed(self, request: Request, query: Query) -> Mask:
        """Practices of all grades PK-12 that pass the filters; others only by their name."""
        allowed = self.table.searchable.copy()
        for number in self.names.named(query.raw):
            allowed[number] = True
        filters = request.filters
        if filters.tiers or filters.kinds or filters.turnaround_practices:
            allowed &= self._passing(filters)
        return allowed

    def _mask(self, filters: Filters) -> Mask:
        return np.array([_passes(card, filters) for card in self.index.cards])


def has_no_good_match(query: Query, match: WholeMatch, allowed: Mask) -> bool:
    """Tell whether nothing in the collection is about the cause."""
    nearest = float(match.whole[allowed].max(initial=-1))
    needed = max(LEAST_COSINE, match.out_of_reach + OUT_OF_REACH_MARGIN)
    return query.known_share < LEAST_KNOWN_SHARE or nearest < needed


def check_request(request: Request) -> None:
    """Refuse a request that cannot be answered, naming every fault at once.

    Raises:
        BadInput: one line with all faults.
    """
    faults = list(_faults(request))
    if faults:
        raise BadInput("; ".join(faults))


def _faults(request: Request) -> Sequence[str]:
    faults = []
    length = len(request.root_cause)
    if not request.root_cause.strip():
        faults.append("root_cause: found nothing, expected the cause in your own words")
    if length > MAX_ROOT_CAUSE_CHARACTERS:
        faults.append(f"root_cause: {length} characters, at most {MAX_ROOT_CAUSE_CHARACTERS}")
    if not 1 <= request.limit <= MAX_LIMIT:
        faults.append(f"limit: found {request.limit}, expected 1 to {MAX_LIMIT}")
    for grade in request.context.grades:
        if grade not in GRADES:
            faults.append(f"grade: found {grade!r}, expected one of {', '.join(GRADES)}")
    urbanicity = request.context.urbanicity
    if urbanicity is not None and urbanicity not in URBANICITY:
        faults.append(f"urbanicity: found {urbanicity!r}, expected {', '.join(URBANICITY)}")
    for tier in request.filters.tiers:
        if tier not in (1, 2, 3):
            faults.append(f"tier: found {tier}, expected 1, 2 or 3")
    for practice in request.filters.turnaround_practices:
        if practice not in (1, 2, 3, 4):
            faults.append(f"turnaround practice: found {practice}, expected 1 to 4")
    return faults


def _passes(card: Card, filters: Filters) -> bool:
    practice, profile = card.practice, card.profile
    if filters.tiers and practice.tier not in filters.tiers:
        return False
    if filters.kinds and practice.kind not in filters.kinds:
        return False
    if filters.turnaround_practices:
        served = set(profile.turnaround_practices) if profile else set()
        return bool(served & set(filters.turnaround_practices))
    return True


def _subject_areas(index: StoredIndex) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for area in index.areas:
        for subject in area.subjects:
            found.setdefault(subject, set()).add(area.id)
    aliases = {"mathematics": "math", "ela": "literacy", "reading": "literacy"}
    for alias, subject in aliases.items():
        found[alias] = found.get(subject, set())
    return {subject: frozenset(areas) for subject, areas in found.items()}
