"""Tables of docs/results/turnaround_tags.md: `python -m recommender.evaluation.tag_report`."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

from recommender import paths
from recommender.corpus import load_corpus
from recommender.evaluation.tag_quality import (
    STEPS,
    Judged,
    Study,
    certain,
    choose_thresholds,
    macro_f1,
    measure,
)
from recommender.index.encoder import SentenceEncoder
from recommender.ingest.turnaround import Example, profile_examples
from recommender.tags import PRACTICES, calibrate, labels, probabilities

PENALTIES = (0.1, 0.3, 3.0, 10.0)
SAMPLES = 1000
BINS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0)


def report(study: Study) -> Iterator[str]:
    """Yield the lines of every table, in Markdown."""
    shipped = (*study.profiles, *study.plans)
    plans = study.on_plans(shipped)
    truth = labels(study.plans)
    always = np.zeros_like(truth)
    always[:, PRACTICES.index(3)] = True
    baseline = Judged("Lines of plans, always practice 3", always, always.astype(float), truth)
    for judged in (
        study.on_profiles(), study.on_plans_untrained(), plans, baseline, study.by_profile()
    ):  # fmt: skip
        yield from practice_table(judged)
    low, high = interval(plans, baseline)
    yield from (f"Macro F1 of the third table minus the fourth, 95%: {low:+.2f} to {high:+.2f}", "")
    yield from step_table(plans)
    yield from reliability_table(plans)
    yield from comparison_table(study, shipped)


def practice_table(judged: Judged) -> Iterator[str]:
    """Precision, recall and F1 of each practice."""
    said, truth = judged.said, judged.truth
    yield from (f"### {judged.title} ({len(truth)})", "")
    yield from ("| practice | true | precision | recall | F1 |", "|---|---:|---:|---:|---:|")
    for column, practice in enumerate(PRACTICES):
        row = measure(said[:, column], truth[:, column])
        figures = f"{row.precision:.2f} | {row.recall:.2f} | {row.f1:.2f}"
        yield f"| {practice} | {row.true} | {figures} |"
    total = measure(said.ravel(), truth.ravel())
    figures = f"{total.precision:.2f} | {total.recall:.2f} | {total.f1:.2f}"
    yield f"| all together | {total.true} | {figures} |"
    yield f"| mean of the four | | | | {macro_f1(said, truth):.2f} |"
    none, exact = (~said.any(axis=1)).mean(), (said == truth).all(axis=1).mean()
    yield from ("", f"No tag said: {none:.0%}. Exactly the judged tags: {exact:.0%}.", "")


def interval(ours: Judged, theirs: Judged) -> tuple[float, float]:
    """Return the 95% interval of the difference in macro F1, resampling lines in pairs."""
    rng, size = np.random.default_rng(0), len(ours.truth)
    differences = [
        macro_f1(ours.said[rows], ours.truth[rows])
        - macro_f1(theirs.said[rows], theirs.truth[rows])
        for rows in rng.integers(0, size, (SAMPLES, size))
    ]
    low, high = np.quantile(differences, [0.025, 0.975])
    return float(low), float(high)


def step_table(judged: Judged) -> Iterator[str]:
    """Precision, recall and F1 at each threshold, calibrated on all lines as the tagger is."""
    scores = judged.found if judged.scores is None else judged.scores
    found = probabilities(scores, calibrate(scores, judged.truth))
    chosen = choose_thresholds(found, judged.truth)
    picked = ", ".join(f"{practice}: {step:.2f}" for practice, step in zip(PRACTICES, chosen))
    yield from ("### Thresholds on the lines of plans (precision / recall / F1)", "")
    yield from ("| at least | 1 | 2 | 3 | 4 |", "|---:|---|---|---|---|")
    for step in STEPS:
        rows = [measure(found[:, i] >= step, judged.truth[:, i]) for i in range(4)]
        cells = (f"{row.precision:.2f} / {row.recall:.2f} / {row.f1:.2f}" for row in rows)
        yield f"| {step:.2f} | {' | '.join(cells)} |"
    yield from ("", f"Chosen: {picked}", "")


def reliability_table(judged: Judged) -> Iterator[str]:
    """Said probability against how often it was true, the four practices together."""
    found, truth = judged.found.ravel(), judged.truth.ravel()
    yield from ("### Reliability on the lines of plans", "")
    yield from ("| probability | tags | mean said | true |", "|---|---:|---:|---:|")
    error = 0.0
    for low, high in pairwise(BINS):
        rows = (found >= low) & (found < high)
        error += abs(found[rows].mean() - truth[rows].mean()) * rows.mean()
        figures = f"{found[rows].mean():.2f} | {truth[rows].mean():.2f}"
        yield f"| {low:.2f} to {high:.2f} | {rows.sum()} | {figures} |"
    brier = ((judged.found - judged.truth) ** 2).mean(axis=0)
    rate = judged.truth.mean(axis=0)
    pairs = ", ".join(f"{b:.3f} ({r * (1 - r):.3f})" for b, r in zip(brier, rate))
    yield from ("", f"Expected calibration error {error:.3f}. Brier score by practice, in brackets")
    yield from (f"that of always saying the practice's share: {pairs}.", "")


def comparison_table(study: Study, shipped: Sequence[Example]) -> Iterator[str]:
    """Lines of plans, families held out, for each variant of the training."""
    yield from ("### What was tried", "")
    beyond = f"tagged of {len(study.beyond)} causes out of reach"
    yield from (
        f"| variant | average precision | macro F1 | all-together F1 | {beyond} |",
        "|---|---:|---:|---:|---:|",
    )
    for penalty in PENALTIES:
        yield _variant(f"C = {penalty}", study.on_plans(shipped, penalty), "")
    for name, examples in variants(study):
        tagged = str(study.tagged_beyond(examples))
        yield _variant(name, study.on_plans(examples), tagged)


def _variant(name: str, judged: Judged, tagged: str) -> str:
    together = measure(judged.said.ravel(), judged.truth.ravel()).f1
    columns = range(len(PRACTICES))
    order = [average_precision_score(judged.truth[:, i], judged.found[:, i]) for i in columns]
    figures = f"{np.mean(order):.3f} | {macro_f1(judged.said, judged.truth):.3f} | {together:.3f}"
    return f"| {name} | {figures} | {tagged} |"


def variants(study: Study) -> Iterator[tuple[str, tuple[Example, ...]]]:
    """Yield the shipped training examples, then each with one part left out or changed."""
    corpus, plans = study.corpus, study.plans
    bare = [replace(profile, causes=()) for profile in corpus.profiles]
    out = corpus.out_of_reach
    primary = [replace(example, unsure=()) for example in study.profiles]
    yield "as shipped", (*study.profiles, *plans)
    yield "without causes", (*profile_examples(bare, corpus.guides, out), *plans)
    yield "without guides", (*profile_examples(corpus.profiles, (), out), *plans)
    yield "without out-of-reach causes", (*profile_examples(corpus.profiles, corpus.guides), *plans)
    yield "secondary practices as served", (*certain(study.profiles), *plans)
    yield "secondary practices as not served", (*primary, *plans)
    yield "lines of plans alone", plans


def main(arguments: Sequence[str]) -> None:
    """Print the report; the one argument, if any, is the file of labelled lines of plans."""
    corpus = load_corpus(paths.corpus_folder())
    default = corpus.folder / "judgments" / "strategies.jsonl"
    strategies = Path(arguments[0]) if arguments else default
    study = Study(corpus, strategies, SentenceEncoder())
    for line in report(study):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
