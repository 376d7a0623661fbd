"""One evaluation run: ours and the baselines on the same queries, as data."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from recommender.errors import BadInput
from recommender.evaluation.baselines import NAMES, Baselines
from recommender.evaluation.judgments import BatchQuery, Qrels
from recommender.evaluation.measures import bootstrap_difference, mean, measure
from recommender.index.documents import PassageKind
from recommender.search.recommender import Recommender, Request

OURS = "ours"
# Recall is measured to rank 50.
DEPTH = 50


@dataclass(frozen=True, slots=True)
class SystemRow:
    """One system's means, and ours minus it in nDCG@10 with a 95% interval."""

    system: str
    means: dict[str, float]
    ours_minus: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """nDCG@10 of every system in one theme."""

    theme: str
    queries: int
    ndcg: dict[str, float]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All rows of one run."""

    queries: int
    systems: tuple[SystemRow, ...]
    themes: tuple[ThemeRow, ...]
    per_query: dict[str, dict[str, float]]
    """System -> qid -> nDCG@10."""


def evaluate(
    recommender: Recommender,
    queries: Sequence[BatchQuery],
    qrels: Qrels,
    kinds: Collection[PassageKind] = tuple(PassageKind),
    progress: Callable[[], None] = lambda: None,
) -> Evaluation:
    """Rank every judged query with every system and measure.

    Raises:
        BadInput: no query has a judgment, or a judged query is missing.
    """
    known = {query.qid for query in queries}
    if not known & set(qrels):
        raise BadInput("no query has a judgment; do the qids of queries and qrels agree?")
    if missing := sorted(set(qrels) - known):
        raise BadInput(f"judged but not among the queries: {', '.join(missing[:10])}")
    judged = [query for query in queries if query.qid in qrels]
    runs: dict[str, dict[str, list[str]]] = {name: {} for name in (OURS, *NAMES)}
    baselines = Baselines(recommender, kinds)
    for query in judged:
        runs[OURS][query.qid] = rank(recommender, query)
        for name, ids in baselines.rank(query, DEPTH).items():
            runs[name][query.qid] = ids
        progress()
    tables = {name: measure(qrels, run) for name, run in runs.items()}
    ndcg = {name: table["nDCG@10"] for name, table in tables.items()}
    return Evaluation(
        queries=len(judged),
        systems=tuple(_row(name, tables[name], ndcg) for name in runs),
        themes=tuple(_themes(judged, ndcg)),
        per_query=ndcg,
    )


def rank(recommender: Recommender, query: BatchQuery, limit: int = DEPTH) -> list[str]:
    """Return our practice ids for one query, best first."""
    request = Request(query.root_cause, query.context.as_context(), limit=limit)
    return [result.practice_id for result in recommender.recommend(request).results]


def _row(
    name: str, table: dict[str, dict[str, float]], ndcg: dict[str, dict[str, float]]
) -> SystemRow:
    means = {measure_name: round(mean(values), 4) for measure_name, values in table.items()}
    if name == OURS:
        return SystemRow(name, means, None, None)
    low, high = bootstrap_difference(ndcg[OURS], ndcg[name])
    difference = mean(ndcg[OURS]) - mean(ndcg[name])
    return SystemRow(name, means, round(difference, 4), (round(low, 4), round(high, 4)))


def _themes(queries: Sequence[BatchQuery], ndcg: dict[str, dict[str, float]]) -> Iterable[ThemeRow]:
    for theme in sorted({query.theme for query in queries if query.theme}):
        ids = [query.qid for query in queries if query.theme == theme]
        means = {n: round(mean({i: v[i] for i in ids}), 4) for n, v in ndcg.items()}
        yield ThemeRow(theme, len(ids), means)
