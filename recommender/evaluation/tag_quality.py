"""How far the turnaround practice tags can be trusted; `tag_report` prints it.

Every figure comes from models, probabilities and thresholds that saw no example of the same family.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from recommender import paths
from recommender.corpus import Corpus
from recommender.errors import BadIndex
from recommender.evaluation.judgments import read_queries
from recommender.index.encoder import Encoder, Vectors
from recommender.index.store import load_index
from recommender.ingest.turnaround import (
    Example,
    profile_examples,
    read_strategies,
    strategy_examples,
)
from recommender.tags import (
    FOLDS,
    PRACTICES,
    Array,
    Folds,
    Mask,
    TurnaroundTagger,
    calibrate,
    encode_examples,
    fold_numbers,
    labels,
    learn,
    out_of_fold_scores,
    probabilities,
    score,
)

STEPS = np.arange(3, 15) / 20
# A threshold this little worse in F1 is taken for its higher precision.
TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Judged:
    """Said tags and their probabilities beside the truth, one row a text."""

    title: str
    said: Mask
    found: Array
    truth: Mask
    scores: Array | None = None
    """Out-of-fold scores before calibration, where there are any."""


@dataclass(frozen=True, slots=True)
class Row:
    """Precision, recall and F1 of one practice."""

    precision: float
    recall: float
    f1: float
    true: int


def measure(said: Mask, truth: Mask) -> Row:
    """Measure one practice's column; nothing said is precision 0."""
    hits, n_said, n_true = int((said & truth).sum()), int(said.sum()), int(truth.sum())
    return Row(hits / max(n_said, 1), hits / max(n_true, 1), 2 * hits / (n_said + n_true), n_true)


def macro_f1(said: Mask, truth: Mask) -> float:
    """Return the mean F1 of the practices."""
    return float(np.mean([measure(said[:, i], truth[:, i]).f1 for i in range(len(PRACTICES))]))


def choose_thresholds(found: Array, truth: Mask) -> Array:
    """Return each practice's highest step whose F1 is within the tolerance of the best step's."""
    chosen = []
    for column in range(len(PRACTICES)):
        f1 = [measure(found[:, column] >= step, truth[:, column]).f1 for step in STEPS]
        chosen.append(max(s for s, value in zip(STEPS, f1) if value >= max(f1) - TOLERANCE))
    return np.array(chosen)


def judge_nested(title: str, scores: Array, truth: Mask, folds: Folds) -> Judged:
    """Judge out-of-fold scores; calibration and thresholds of a fold come from the others."""
    found, said = np.zeros(scores.shape), np.zeros(truth.shape, bool)
    for fold in range(FOLDS):
        inside, others = folds == fold, folds != fold
        calibration = calibrate(scores[others], truth[others])
        found[inside] = probabilities(scores[inside], calibration)
        chosen = choose_thresholds(probabilities(scores[others], calibration), truth[others])
        said[inside] = found[inside] >= chosen
    return Judged(title, said, found, truth, scores)


class Study:
    """All examples with their vectors, and the ways of splitting them."""

    def __init__(self, corpus: Corpus, strategies: Path, encoder: Encoder) -> None:
        self.corpus = corpus
        self.linked = read_strategies(strategies)
        self.plans = strategy_examples(self.linked, corpus.profiles)
        self.profiles = profile_examples(corpus.profiles, corpus.guides, corpus.out_of_reach)
        beyond = read_queries(corpus.folder / "judgments" / "unservable.jsonl")
        self.beyond = [Example(query.root_cause, ()) for query in beyond]
        everything = (*self.profiles, *self.plans, *self.beyond)
        vectors = encode_examples(everything, encoder, known_vectors(encoder.name))
        self.known = {example.text: vector for example, vector in zip(everything, vectors)}

    def vectors(self, examples: Sequence[Example]) -> Vectors:
        """Return the vectors of examples."""
        return np.stack([self.known[example.text] for example in examples])

    def on_profiles(self) -> Judged:
        """Judge profile summaries, all their practices counted, with no line of a plan known."""
        title = "Profile summaries, families held out"
        return judge_nested(title, *self._summaries())

    def on_plans_untrained(self) -> Judged:
        """Judge lines of plans by a tagger that learnt and chose its thresholds on profiles."""
        scores, truth, _ = self._summaries()
        calibration = calibrate(scores, truth)
        chosen = choose_thresholds(probabilities(scores, calibration), truth)
        model = learn(self.profiles, self.vectors(self.profiles))
        found = probabilities(score(self.vectors(self.plans), model), calibration)
        title = "Lines of plans, none of them in training"
        return Judged(title, found >= chosen, found, labels(self.plans))

    def on_plans(self, examples: Sequence[Example], penalty: float = 1.0) -> Judged:
        """Judge lines of plans that are in training, families held out."""
        scores, folds = self._out_of_fold(examples, penalty)
        rows = [i for i, example in enumerate(examples) if example.plan_voice]
        truth = labels([examples[i] for i in rows])
        title = "Lines of plans, in training, families held out"
        return judge_nested(title, scores[rows], truth, folds[rows])

    def tagged_beyond(self, examples: Sequence[Example]) -> int:
        """Count the root causes that no practice acts on, and that get a tag all the same."""
        tagger = TurnaroundTagger.fit(examples, self.vectors(examples))
        return sum(bool(tags) for tags in tagger.tag(self.vectors(self.beyond)))

    def by_profile(self) -> Judged:
        """Take the primary practice of the profile that a person linked a line to."""
        primary = {p.practice_id: p.turnaround_primary for p in self.corpus.profiles}
        pairs = [
            (example, primary[strategy.practice_ids[0]])
            for example, strategy in zip(self.plans, self.linked)
            if strategy.practice_ids and strategy.practice_ids[0] in primary
        ]
        said = labels([Example("", (practice,)) for _, practice in pairs])
        truth = labels([example for example, _ in pairs])
        return Judged(
            "Lines linked by hand: their profile's primary", said, said.astype(float), truth
        )

    def _summaries(self) -> tuple[Array, Mask, Folds]:
        summaries = {profile.summary for profile in self.corpus.profiles}
        scores, folds = self._out_of_fold(self.profiles)
        rows = [i for i, e in enumerate(self.profiles) if e.text in summaries]
        truth = labels(certain([self.profiles[i] for i in rows]))
        return scores[rows], truth, folds[rows]

    def _out_of_fold(
        self, examples: Sequence[Example], penalty: float = 1.0
    ) -> tuple[Array, Folds]:
        vectors = self.vectors(examples)
        folds = fold_numbers(examples, vectors)
        return out_of_fold_scores(examples, vectors, folds, penalty), folds


def known_vectors(model: str) -> dict[str, Vectors]:
    """Return the vectors of an index built with this model, by text; nothing if there is none."""
    try:
        index = load_index(paths.indexes_folder())
    except BadIndex:
        return {}
    if index.manifest.model != model:
        return {}
    # A copy: the index's own vectors are a view of a file that is unmapped with the index.
    rows = np.array(index.dense.vectors)
    return {passage.text: row for passage, row in zip(index.passages, rows)}


def certain(examples: Sequence[Example]) -> list[Example]:
    """Count secondary practices as served."""
    return [replace(e, practices=e.practices + e.unsure, unsure=()) for e in examples]
