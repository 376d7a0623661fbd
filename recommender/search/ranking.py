"""Signals -> one score a practice: a short weighted sum whose terms the answer shows.

Evidence may reorder what is relevant and never lifts what is not: its share is multiplied by
relevance. Every weight is named in `Weights`; docs/results/evaluation.md compares others.
"""

from dataclasses import dataclass, replace

import numpy as np

from recommender.evidence.fit import normal_group
from recommender.index.catalogue import Card
from recommender.records import Context, TierSource
from recommender.search.query import Query
from recommender.search.signals import (
    Mask,
    PracticeTable,
    TextMatch,
    Values,
    grade_overlap,
    stated_grades,
)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts for."""

    dense: float = 1.0
    parts: float = 0.5
    lexical: float = 0.4
    family: float = 0.5
    family_lexical: float = 0.3
    likeness: float = 0.8
    grades: float = 0.15
    groups: float = 0.10
    subject: float = 0.10
    evidence: float = 0.05
    caution: float = 0.05


WEIGHTS = Weights()

EVIDENCE_VALUE = {1: 1.0, 2: 0.9, 3: 0.7}
"""How much a tier speaks for a practice; none speaks 0. Derived tiers count half."""

TEXT_TERMS = ("dense", "parts", "lexical", "family", "family_lexical")

# How many of the best practices say what the cause is about when its words do not: 5 measured
# best of 3, 5 and 10, by at most 0.01 nDCG@10 (docs/results/evaluation.md).
EXEMPLARS = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of the score, unweighted, each of shape (practices,)."""

    dense: Values
    parts: Values
    lexical: Values
    family: Values
    family_lexical: Values
    likeness: Values
    """Cosine with what the best practices have in common; 0 until these are known."""
    grades: Values
    groups: Values
    subject: Values
    evidence: Values
    caution: Values


@dataclass(frozen=True, slots=True)
class StaticTerms:
    """Terms that no query changes."""

    evidence: Values
    caution: Values
    english_learners: Values
    disabilities: Values
    areas: tuple[frozenset[str], ...]
    subjects: dict[str, frozenset[str]]
    """Outcome areas of each subject name."""


def static_terms(cards: tuple[Card, ...], subjects: dict[str, frozenset[str]]) -> StaticTerms:
    """Compute the terms that depend on the practices alone."""
    return StaticTerms(
        evidence=np.array([_evidence(card) for card in cards], np.float32),
        caution=np.array([_caution(card) for card in cards], np.float32),
        english_learners=np.array([_english_learners(card) for card in cards], np.float32),
        disabilities=np.array([_disabilities(card) for card in cards], np.float32),
        areas=tuple(frozenset(card.areas) for card in cards),
        subjects=subjects,
    )


def compute_terms(
    table: PracticeTable, static: StaticTerms, match: TextMatch, query: Query, context: Context
) -> Terms:
    """Compute every term for every practice."""
    return Terms(
        dense=match.dense,
        parts=match.parts,
        lexical=match.lexical,
        family=match.family,
        family_lexical=match.family_lexical,
        likeness=np.zeros_like(match.dense),
        grades=grade_overlap(table, stated_grades(context, query)),
        groups=_groups(static, query, context),
        subject=_subject(static, query, context),
        evidence=static.evidence,
        caution=static.caution,
    )


def relevance(terms: Terms, weights: Weights = WEIGHTS) -> Values:
    """Return how well the text matches, between 0 and about 1."""
    total = sum(getattr(weights, name) for name in TEXT_TERMS)
    summed = sum(getattr(weights, name) * getattr(terms, name) for name in TEXT_TERMS)
    result: Values = np.maximum(summed / total, 0).astype(np.float32)
    return result


def with_likeness(
    terms: Terms, table: PracticeTable, allowed: Mask, weights: Weights = WEIGHTS
) -> Terms:
    """Return the terms with the likeness to the best practices of a first ranking."""
    first = np.where(allowed, score(terms, weights), -np.inf)
    best = np.argsort(-first, kind="stable")[:EXEMPLARS]
    shared = table.centroids[best].mean(axis=0)
    return replace(terms, likeness=table.centroids @ (shared / np.linalg.norm(shared)))


def score(terms: Terms, weights: Weights = WEIGHTS) -> Values:
    """Return the score that orders the answer."""
    fit = (
        weights.grades * terms.grades
        + weights.groups * terms.groups
        + weights.subject * terms.subject
    )
    standing = weights.evidence * terms.evidence - weights.caution * terms.caution
    total = sum(getattr(weights, name) for name in TEXT_TERMS)
    shared = weights.likeness * np.maximum(terms.likeness, 0) / total
    result: Values = (relevance(terms, weights) * (1 + fit + standing) + shared).astype(np.float32)
    return result


def contributions(terms: Terms, practice: int, weights: Weights = WEIGHTS) -> dict[str, float]:
    """Return what each term adds to one practice's score; the parts sum to the score."""

    def weighted(name: str) -> float:
        return float(getattr(weights, name) * getattr(terms, name)[practice])

    total = sum(getattr(weights, name) for name in TEXT_TERMS)
    relevant = float(relevance(terms, weights)[practice])
    parts = {name: weighted(name) / total for name in TEXT_TERMS}
    parts["likeness"] = max(weighted("likeness"), 0.0) / total
    for name in ("grades", "groups", "subject", "evidence"):
        parts[name] = relevant * weighted(name)
    parts["caution"] = -relevant * weighted("caution")
    return {name: round(value, 5) + 0.0 for name, value in parts.items()}


def _evidence(card: Card) -> float:
    practice = card.practice
    value = EVIDENCE_VALUE.get(practice.tier or 0, 0.0)
    doubtful = practice.tier_source is TierSource.DERIVED or not practice.tier_confirmed
    return value / 2 if doubtful else value


def _caution(card: Card) -> float:
    counts = card.practice.counts
    tested = counts.positive + counts.null + counts.negative
    share = counts.negative / tested if tested else 0.0
    return share + card.practice.is_umbrella


def _english_learners(card: Card) -> float:
    practice = card.practice
    if practice.guide is not None:
        return float("english learners" in practice.guide.student_groups)
    share = practice.sample.english_learners_percent
    return 0.0 if share is None else min(share / 50, 1.0)


def _disabilities(card: Card) -> float:
    practice = card.practice
    if practice.guide is not None:
        return float("students with disabilities" in practice.guide.student_groups) / 2
    share = practice.sample.disabilities_percent
    return 0.0 if share is None else min(share / 50, 1.0)


def _groups(static: StaticTerms, query: Query, context: Context) -> Values:
    groups = " ".join(normal_group(name) for name in context.student_groups)
    asked = f"{groups} {query.text.lower()}"
    total = np.zeros_like(static.evidence)
    if "english learner" in asked or "multilingual" in asked:
        total = total + static.english_learners
    if any(word in asked for word in ("disabilit", "autis", "individualized education")):
        total = total + static.disabilities
    return total


def _subject(static: StaticTerms, query: Query, context: Context) -> Values:
    """Return 1 where a practice was studied in an area that the cause or the school names."""
    wanted = set(query.areas)
    for subject in context.subjects:
        wanted |= static.subjects.get(subject.lower(), frozenset())
    if not wanted:
        return np.zeros_like(static.evidence)
    return np.array([float(bool(wanted & areas)) for areas in static.areas], np.float32)
