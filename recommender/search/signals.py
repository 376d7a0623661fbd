"""One number a practice for each thing that ranking looks at, for all practices at once.

Everything is an array in the order of the practices; nothing here sorts or cuts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.index.encoder import Vectors
from recommender.index.store import StoredIndex
from recommender.records import GRADES, Context
from recommender.search.query import Query

Values = npt.NDArray[np.float32]
"""Shape (practices,)."""

Mask = npt.NDArray[np.bool_]
"""Shape (practices,)."""

# Reciprocal-rank fusion's constant as in Cormack, Clarke and Buettcher (2009).
RRF_K = 60


@dataclass(frozen=True, slots=True)
class PracticeTable:
    """Practices in index order with the first passage of each, and what never changes."""

    practice_ids: tuple[str, ...]
    starts: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int64]
    centroids: Vectors
    """Shape (practices, dimensions): unit mean of each practice's passage vectors."""
    grades: npt.NDArray[np.bool_]
    """Shape (practices, grades); a row of all False is not reported."""
    families: npt.NDArray[np.int64]
    """Family number, -1 without a profile."""
    searchable: npt.NDArray[np.bool_]
    """False for what is studied only beyond grade 12."""


def make_table(index: StoredIndex) -> PracticeTable:
    """Read the table off a stored index; its passages are grouped by practice."""
    ids = [card.practice.practice_id for card in index.cards]
    number = {practice_id: i for i, practice_id in enumerate(ids)}
    owners = np.array([number[p.practice_id] for p in index.passages], np.int64)
    starts = np.searchsorted(owners, np.arange(len(ids)))
    grades = np.zeros((len(ids), len(GRADES)), bool)
    names: dict[str, int] = {}
    families = np.full(len(ids), -1, np.int64)
    for i, card in enumerate(index.cards):
        for grade in card.practice.sample.grades:
            grades[i, GRADES.index(grade)] = True
        if card.profile is not None:
            families[i] = names.setdefault(card.profile.family, len(names))
    return PracticeTable(
        practice_ids=tuple(ids),
        starts=starts,
        centroids=_centroids(index, starts),
        owners=owners,
        grades=grades,
        families=families,
        searchable=np.array([not card.practice.postsecondary_only for card in index.cards]),
    )


def _centroids(index: StoredIndex, starts: npt.NDArray[np.int64]) -> Vectors:
    sums: Vectors = np.add.reduceat(index.dense.vectors, starts, axis=0)
    result: Vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return result


def best_passage(table: PracticeTable, scores: Values) -> Values:
    """Return each practice's best passage score."""
    best: Values = np.maximum.reduceat(scores, table.starts)
    return best


def mean_of_best(table: PracticeTable, scores: Values, count: int = 3) -> Values:
    """Return the mean of each practice's `count` best passages (of all, where it has fewer)."""
    left = scores.copy()
    total: Values = np.zeros(len(table.practice_ids), np.float32)
    taken = np.zeros(len(table.practice_ids), np.float32)
    for _ in range(count):
        best = best_passage(table, left)
        usable = best > -1
        total = total + np.where(usable, best, 0).astype(np.float32)
        taken = taken + usable.astype(np.float32)
        is_best = (left == best[table.owners]) & usable[table.owners]
        first = np.flatnonzero(is_best)
        _, once = np.unique(table.owners[first], return_index=True)
        left[first[once]] = -2
    result: Values = (total / np.maximum(taken, 1)).astype(np.float32)
    return result


def family_mean(table: PracticeTable, values: Values) -> Values:
    """Return the mean of each practice's family, its own value where it has no family."""
    known = table.families >= 0
    if not known.any():
        return values
    sums = np.bincount(table.families[known], weights=values[known])
    counts = np.bincount(table.families[known])
    means = (sums / np.maximum(counts, 1)).astype(np.float32)
    result: Values = np.where(known, means[table.families], values).astype(np.float32)
    return result


def ranks(values: Values) -> npt.NDArray[np.int64]:
    """Return 1 for the highest value; equal values in index order."""
    order = np.argsort(-values, kind="stable")
    result = np.empty(len(values), np.int64)
    result[order] = np.arange(1, len(values) + 1)
    return result


def reciprocal_rank_fusion(lists: Sequence[Values]) -> Values:
    """Fuse score lists; what a list does not match (score 0 or less) gets nothing from it."""
    fused = np.zeros(len(lists[0]), np.float32)
    for values in lists:
        fused += np.where(values > 0, 1.0 / (RRF_K + ranks(values)), 0).astype(np.float32)
    return fused


def grade_overlap(table: PracticeTable, grades: Sequence[str]) -> Values:
    """Return 1 for a shared grade, down to -1 with distance; 0 where either is unknown."""
    if not grades:
        return np.zeros(len(table.practice_ids), np.float32)
    asked = np.array([GRADES.index(g) for g in grades if g in GRADES])
    positions = np.arange(len(GRADES))
    distance = np.abs(positions[None, :] - asked[:, None]).min(axis=0).astype(np.float32)
    nearest = np.where(table.grades, distance[None, :], np.inf).min(axis=1)
    known = table.grades.any(axis=1)
    near = np.where(nearest == 0, 1.0, np.maximum(-1.0, -nearest / 3.0))
    result: Values = np.where(known, near, 0.0).astype(np.float32)
    return result


@dataclass(frozen=True, slots=True)
class WholeMatch:
    """What decides whether anything matches a text."""

    whole: Values
    """Cosine of the best passage with the whole text."""
    out_of_reach: float
    """Cosine with the nearest kind of cause that no practice acts on."""


@dataclass(frozen=True, slots=True)
class TextMatch(WholeMatch):
    """How each practice's text matches the query."""

    dense: Values
    """Mean cosine of the three best passages, each with the whole cause or its best part."""
    parts: Values
    """Cosine of the best passage, averaged over the parts of the cause: is every part served?"""
    lexical: Values
    """BM25 of the practice's text as a share of the query's highest."""
    family: Values
    """`dense` averaged over the practice's family: neighbours speak for each other."""
    family_lexical: Values
    by_part: Values
    """Shape (parts, practices): cosine of the best passage with each part."""
    passages: Values
    """Shape (passages,): best cosine with the whole cause or a part, for explanations."""


def match_whole(
    index: StoredIndex, table: PracticeTable, vectors: Vectors
) -> tuple[WholeMatch, ...]:
    """Match each text as a whole and no more, with the values that `match_text` gives it."""
    return tuple(
        WholeMatch(best_passage(table, scores), _out_of_reach(index, vector))
        for vector, scores in zip(vectors, index.dense.scores(vectors))
    )


def match_text(
    index: StoredIndex, table: PracticeTable, query: Query, vectors: Vectors
) -> TextMatch:
    """Match a query; row 0 of `vectors` is the whole text, the others its parts."""
    scores = index.dense.scores(vectors)
    top = scores.max(axis=0)
    whole = best_passage(table, scores[0])
    by_part = np.stack([best_passage(table, row) for row in scores[1:]] or [whole])
    dense = mean_of_best(table, top)
    lexical = _share(index.lexical.scores(query.tokens))
    return TextMatch(
        dense=dense,
        parts=by_part.mean(axis=0),
        lexical=lexical,
        family=family_mean(table, dense),
        family_lexical=family_mean(table, lexical),
        whole=whole,
        by_part=by_part,
        passages=top,
        out_of_reach=_out_of_reach(index, vectors[0]),
    )


def _out_of_reach(index: StoredIndex, vector: npt.NDArray[np.float32]) -> float:
    return float((index.out_of_reach @ vector).max(initial=-1))


def _share(values: Values) -> Values:
    highest = float(values.max(initial=0))
    return values / highest if highest > 0 else values


def stated_grades(context: Context, query: Query) -> tuple[str, ...]:
    """Return the grades that order results: the school's, else those the text names."""
    return context.grades or query.grades
