"""`python -m recommender.evaluation.ablations`: what each passage kind and each term is worth.

Prints one Markdown table over the development and the held-out judgments.
"""

import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace

import numpy as np

from recommender import paths
from recommender.evaluation.evaluate import rank
from recommender.evaluation.judgments import BatchQuery, Qrels, read_qrels, read_queries
from recommender.evaluation.measures import Scores, bootstrap_difference, mean, measure
from recommender.index.build import practice_texts
from recommender.index.dense import DenseIndex
from recommender.index.documents import PROFILE_KINDS, RECORD_KINDS, PassageKind
from recommender.index.lexical import LexicalIndex
from recommender.index.store import StoredIndex, load_index
from recommender.search.ranking import WEIGHTS, Weights
from recommender.search.recommender import Recommender

JudgedSet = tuple[Sequence[BatchQuery], Qrels]


def with_passages(index: StoredIndex, kinds: Collection[PassageKind]) -> StoredIndex:
    """Return the index over passages of these kinds; a practice's name always stays."""
    keep = [
        i
        for i, passage in enumerate(index.passages)
        if passage.kind in kinds or passage.kind is PassageKind.NAME
    ]
    passages = tuple(index.passages[i] for i in keep)
    return replace(
        index,
        passages=passages,
        dense=DenseIndex.build(np.ascontiguousarray(index.dense.vectors[keep])),
        lexical=LexicalIndex.build(practice_texts(passages)),
    )


def variants() -> Iterable[tuple[str, Collection[PassageKind], Weights]]:
    """Yield (name, passage kinds, weights), the full system first."""
    every = tuple(PassageKind)
    yield "all passages, all terms", every, WEIGHTS
    yield "record passages only", RECORD_KINDS, WEIGHTS
    yield "profile passages and names only", PROFILE_KINDS, WEIGHTS
    yield "without causes", [k for k in every if k is not PassageKind.CAUSE], WEIGHTS
    yield "without summaries", [k for k in every if k is not PassageKind.SUMMARY], WEIGHTS
    for field in fields(Weights):
        yield f"without the term `{field.name}`", every, replace(WEIGHTS, **{field.name: 0.0})
    no_family = replace(WEIGHTS, family=0.0, family_lexical=0.0)
    yield "without both family terms", every, no_family
    yield "without fit (grades, groups, subject)", every, _without_fit()
    for weight in (0.1, 0.2, 0.3):
        yield f"evidence at {weight}", every, replace(WEIGHTS, evidence=weight)


def _without_fit() -> Weights:
    return replace(WEIGHTS, grades=0.0, groups=0.0, subject=0.0)


def ndcg(recommender: Recommender, judged: JudgedSet) -> Scores:
    """Return nDCG@10 by query."""
    queries, qrels = judged
    return measure(qrels, {q.qid: rank(recommender, q, 10) for q in queries})["nDCG@10"]


def read_set(name: str) -> JudgedSet:
    """Read a judged set of the corpus by name."""
    folder = paths.corpus_folder() / "judgments"
    return read_queries(folder / f"{name}.jsonl"), read_qrels(folder / f"{name}.qrels")


def main() -> None:
    """Print the table."""
    index = load_index(paths.indexes_folder())
    full = Recommender.open(paths.indexes_folder())
    sets = [read_set("development"), read_set("heldout")]
    whole: list[Scores] = []
    sys.stdout.write("| variant | development | change, 95% | held out |\n|---|---|---|---|\n")
    for name, kinds, weights in variants():
        recommender = Recommender(with_passages(index, kinds), full.encoder, weights)
        found = [ndcg(recommender, judged) for judged in sets]
        whole = whole or found
        low, high = bootstrap_difference(found[0], whole[0])
        change = mean(found[0]) - mean(whole[0])
        sys.stdout.write(
            f"| {name} | {mean(found[0]):.3f} | {change:+.3f} ({low:+.3f} to {high:+.3f}) "
            f"| {mean(found[1]):.3f} |\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
