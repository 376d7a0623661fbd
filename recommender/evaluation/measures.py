"""Ranking measures by ir-measures, and the paired bootstrap.

A judged query without a result counts as zero: ir-measures gives it its default, a test holds it.
"""

from collections.abc import Mapping, Sequence

import ir_measures
import numpy as np
from ir_measures import RR, Judged, R, nDCG

from recommender.evaluation.judgments import Qrels

Run = Mapping[str, Sequence[str]]
"""qid -> practice ids, best first."""

Scores = Mapping[str, float]
"""qid -> value of one measure."""

# A practice at grade 2 or 3 is one that a team would want to see.
RELEVANT = 2
MEASURES = {
    "nDCG@10": nDCG @ 10,
    "recall@50": R(rel=RELEVANT) @ 50,
    "MRR": RR(rel=RELEVANT),
    "Judged@10": Judged @ 10,
}

BOOTSTRAP_SAMPLES = 10_000


def measure(qrels: Qrels, run: Run) -> dict[str, dict[str, float]]:
    """Return measure name -> qid -> value for every judged query."""
    judged = [
        ir_measures.Qrel(qid, practice, grade)
        for qid, grades in qrels.items()
        for practice, grade in grades.items()
    ]
    scored = [
        ir_measures.ScoredDoc(qid, practice, float(-rank))
        for qid, practices in run.items()
        if qid in qrels
        for rank, practice in enumerate(practices)
    ]
    table: dict[str, dict[str, float]] = {name: {} for name in MEASURES}
    names = {m: name for name, m in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), judged, scored):
        table[names[metric.measure]][metric.query_id] = float(metric.value)
    return table


def mean(scores: Scores) -> float:
    """Return the mean over queries; 0 where there are none."""
    return float(np.mean(list(scores.values()))) if scores else 0.0


def bootstrap_difference(
    ours: Scores, theirs: Scores, seed: int = 0, samples: int = BOOTSTRAP_SAMPLES
) -> tuple[float, float]:
    """Return the 95% interval of the mean difference, resampling queries in pairs."""
    differences = np.array([ours[qid] - theirs[qid] for qid in sorted(ours)])
    rng = np.random.default_rng(seed)
    picks = rng.integers(0, len(differences), (samples, len(differences)))
    low, high = np.quantile(differences[picks].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
