"""How good the plan check is on labelled statements: `python -m recommender.plan.quality`.

Models and thresholds are fitted in folds; `--fit` prints the numbers of the final models.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from recommender import paths
from recommender.plan import probability as model
from recommender.plan.judge import Thresholds, judge
from recommender.plan.link import Candidate, Linker, Reading
from recommender.plan.probability import probability
from recommender.plan.verdicts import Strategy, StrategyVerdict, Verdict
from recommender.records import Context
from recommender.search.recommender import Recommender

FOLDS = 5
# A tenth of scikit-learn's default keeps the few rare features from growing without bound.
INVERSE_PENALTY = 1.0
NAME_STEPS = tuple(round(0.4 + 0.05 * i, 2) for i in range(12))
GUIDE_STEPS = tuple(round(0.7 + 0.05 * i, 2) for i in range(6))
# Kept above the lowest safe step: a fold shows few wrong links.
RESERVE = 0.05
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
# Recommendations of two guides that say the same; the labels' own notes name these pairs.
SAME = (
    {"wwc-practice-guide:2/4", "wwc-practice-guide:26/5"},
    {"wwc-practice-guide:2/5", "wwc-practice-guide:26/3"},
)


class Labelled(msgspec.Struct, frozen=True):
    """One labelled statement."""

    id: str
    text: str
    school: Context
    kind: str
    practice_ids: tuple[str, ...]
    adopted: bool
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Models:
    """Weights and thresholds of one fold."""

    names: Mapping[str, float]
    guides: Mapping[str, float]
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Study:
    """The labelled statements, read once."""

    recommender: Recommender
    items: tuple[Labelled, ...]
    readings: tuple[Reading, ...]

    def is_right(self, item: Labelled, practice_ids: Iterable[str]) -> bool:
        """Tell whether a link leads to a labelled practice, a sibling or its near-duplicate."""
        wanted = set(item.practice_ids)
        for practice_id in item.practice_ids:
            wanted.update(self.recommender.card(practice_id).practice.siblings)
        for same in SAME:
            wanted |= same if wanted & same else set()
        return bool(wanted & set(practice_ids))

    def verdicts(self, numbers: Sequence[int], models: Models) -> list[StrategyVerdict]:
        """Judge statements with given models."""
        return [
            judge(
                Strategy(self.items[i].id, self.items[i].text),
                _with_models(self.readings[i], models),
                self.items[i].school,
                self.recommender.cards,
                models.thresholds,
            )
            for i in numbers
        ]

    def wrong_meets(self, numbers: Sequence[int], found: Sequence[StrategyVerdict]) -> list[int]:
        """Return the statements that meet and should not, or by another practice."""
        return [
            i
            for i, one in zip(numbers, found)
            if one.verdict is Verdict.MEETS
            and (
                self.items[i].verdict is not Verdict.MEETS
                or not self.is_right(self.items[i], (one.practice_id or "",))
            )
        ]


def read_study(corpus: Path, indexes: Path) -> Study:
    """Read the labelled statements with the current index."""
    recommender = Recommender.open(indexes)
    lines = (corpus / "judgments" / "strategies.jsonl").read_text("utf-8").splitlines()
    items = tuple(msgspec.json.decode(line, type=Labelled) for line in lines)
    linker = Linker.open(recommender, corpus)
    return Study(recommender, items, linker.read([item.text for item in items]))


def cross_validate(study: Study) -> tuple[list[StrategyVerdict], list[Models]]:
    """Judge every statement by models that never saw it; kinds are spread over the folds."""
    folds = fold_numbers([item.kind for item in study.items])
    found: dict[int, StrategyVerdict] = {}
    models = []
    for fold in range(FOLDS):
        seen = [i for i, f in enumerate(folds) if f != fold]
        held = [i for i, f in enumerate(folds) if f == fold]
        models.append(fit_models(study, seen))
        found.update(zip(held, study.verdicts(held, models[-1])))
    return [found[i] for i in range(len(study.items))], models


def fold_numbers(kinds: Sequence[str]) -> list[int]:
    """Deal each kind over the folds in turn; no chance is involved."""
    seen: Counter[str] = Counter()
    folds = []
    for kind in kinds:
        folds.append(seen[kind] % FOLDS)
        seen[kind] += 1
    return folds


def fit_models(study: Study, numbers: Sequence[int]) -> Models:
    """Fit both models, then take the lowest thresholds without a wrong "meets"."""
    names, guides = [], []
    for i in numbers:
        item, reading = study.items[i], study.readings[i]
        for candidate in reading.named:
            names.append((candidate.features, _adopts(study, item, candidate)))
        guides.append((reading.guide.features, _adopts(study, item, reading.guide)))
    weights = (_fit(names), _fit(guides))
    name = _threshold(study, numbers, weights, NAME_STEPS, lambda t: Thresholds(t, 1.1))
    guide = _threshold(study, numbers, weights, GUIDE_STEPS, lambda t: Thresholds(1.1, t))
    return Models(*weights, Thresholds(round(name + RESERVE, 2), round(guide + RESERVE, 2)))


def _threshold(
    study: Study,
    numbers: Sequence[int],
    weights: tuple[Mapping[str, float], Mapping[str, float]],
    steps: Sequence[float],
    make: Callable[[float], Thresholds],
) -> float:
    """Return the step above the last one with a wrong "meets", the lowest where there is none."""
    safe = steps[-1]
    for step in reversed(steps):
        models = Models(*weights, make(step))
        if study.wrong_meets(numbers, study.verdicts(numbers, models)):
            break
        safe = step
    return safe


def _adopts(study: Study, item: Labelled, candidate: Candidate) -> bool:
    return item.adopted and study.is_right(item, candidate.practice_ids)


def _fit(rows: Sequence[tuple[Mapping[str, float], bool]]) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression

    keys = list(rows[0][0])
    x = np.array([[features[key] for key in keys] for features, _ in rows])
    y = np.array([adopted for _, adopted in rows])
    fitted = LogisticRegression(C=INVERSE_PENALTY, max_iter=5000).fit(x, y)
    weights = dict(zip(keys, fitted.coef_[0].round(3).tolist()))
    return {"constant": round(float(fitted.intercept_[0]), 3), **weights}


def _with_models(reading: Reading, models: Models) -> Reading:
    named = tuple(
        replace(c, probability=probability(c.features, models.names)) for c in reading.named
    )
    chance = probability(reading.guide.features, models.guides)
    return replace(reading, named=named, guide=replace(reading.guide, probability=chance))


def report(study: Study, found: Sequence[StrategyVerdict]) -> Iterator[str]:
    """Yield the tables in Markdown."""
    numbers = range(len(found))
    yield from _confusion(study, found)
    wrong = study.wrong_meets(numbers, found)
    yield from (f"Wrong meets: {len(wrong)}", "")
    for i in wrong:
        yield f"- {study.items[i].id} ({study.items[i].kind}): {study.items[i].text}"
    true = [i for i in numbers if study.items[i].verdict is Verdict.MEETS]
    met = sum(found[i].verdict is Verdict.MEETS for i in true)
    review = sum(one.verdict is Verdict.NEEDS_REVIEW for one in found)
    labelled = sum(item.verdict is Verdict.NEEDS_REVIEW for item in study.items)
    same = sum(one.verdict is item.verdict for one, item in zip(found, study.items))
    yield f"Label meets that meet: {met} of {len(true)} ({met / len(true):.1%})"
    yield (
        f"In review: {review} of {len(found)} ({review / len(found):.1%}); "
        f"labels: {labelled} ({labelled / len(found):.1%})"
    )
    yield from (f"Same verdict as the label: {same / len(found):.1%}", "")
    yield from _reliability(study, found)


def _confusion(study: Study, found: Sequence[StrategyVerdict]) -> Iterator[str]:
    yield "| kind | label | " + " | ".join(v.value for v in Verdict) + " |"
    yield "|---|---|" + "---:|" * len(Verdict)
    counts = Counter(
        (item.kind, item.verdict, one.verdict) for item, one in zip(study.items, found)
    )
    for kind, label in sorted({(k, v) for k, v, _ in counts}):
        cells = " | ".join(str(counts[kind, label, v]) for v in Verdict)
        yield f"| {kind} | {label.value} | {cells} |"
    yield ""


def _reliability(study: Study, found: Sequence[StrategyVerdict]) -> Iterator[str]:
    pairs = [
        (one.probability, item.adopted and study.is_right(item, (one.practice_id or "",)))
        for item, one in zip(study.items, found)
        if one.probability is not None
    ]
    yield from ("| probability | links | mean | adopted |", "|---|---:|---:|---:|")
    for low, high in pairwise(BINS):
        inside = [(p, a) for p, a in pairs if low <= p < high or p == high == 1.0]
        if inside:
            mean = sum(p for p, _ in inside) / len(inside)
            share = sum(a for _, a in inside) / len(inside)
            yield f"| {low:.2f} to {high:.2f} | {len(inside)} | {mean:.2f} | {share:.2f} |"
    brier = sum((p - a) ** 2 for p, a in pairs) / len(pairs)
    yield from ("", f"Brier score {brier:.3f}", "")


def _final_lines(study: Study) -> Iterator[str]:
    everything = fit_models(study, range(len(study.items)))
    for name, weights in (("NAME", everything.names), ("GUIDE", everything.guides)):
        yield f"{name}_WEIGHTS: {dict(weights)}"
    yield f"thresholds: {everything.thresholds}"


def main() -> None:
    """Print the tables, with `--fit` the final numbers, with `--list` every other verdict."""
    study = read_study(paths.corpus_folder(), paths.indexes_folder())
    found, models = cross_validate(study)
    lines = list(report(study, found))
    lines += [f"fold thresholds: {m.thresholds}" for m in models]
    if "--fit" in sys.argv:
        lines += _final_lines(study)
    if "--list" in sys.argv:
        lines += [
            f"{item.kind} {item.id} {item.verdict.value} -> {one.verdict.value} "
            f"{one.practice_id} {one.probability} | {item.text} | {'; '.join(one.reasons)}"
            for item, one in zip(study.items, found)
            if item.verdict is not one.verdict
        ]
    if "--shipped" in sys.argv:
        shipped = Models(model.NAME_WEIGHTS, model.GUIDE_WEIGHTS, Thresholds())
        lines += report(study, study.verdicts(range(len(study.items)), shipped))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
