"""How good the plan check is on labelled statements: `python -m recommender.plan.quality`.

Models are fitted in folds; `--fit` writes the adoption model and prints the other
numbers of the final models; `--heldout` judges the held-out statements by what is shipped;
`--diagram` draws docs/results/plan_check_reliability.svg.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import msgspec

from recommender import paths
from recommender.atomic import write_text
from recommender.plan import probability as model
from recommender.plan.adoption import ADOPTION, DOING
from recommender.plan.fitting import Models, cross_validate, fit_models, in_folds, verdicts
from recommender.plan.judge import Thresholds
from recommender.plan.labelled import HELD_OUT, Study, read_study
from recommender.plan.link import WordModels
from recommender.plan.meaning import FILE
from recommender.plan.reliability import Bin, reliability_svg
from recommender.plan.verdicts import StrategyVerdict, Verdict
from recommender.search.recommender import Recommender

STEPS = ((0.7, 0.8), (0.8, 0.8), (0.85, 0.7), (0.85, 0.8), (0.85, 0.9), (0.9, 0.8))
# First letters of the ids of each set of statements.
PARTS = (
    ("s", "by kind"),
    ("abef", "many voices"),
    ("p", "plain patterns"),
    ("cd", "examiners"),
    ("ghijlmnotuvw", "schools"),
    ("qr", "guides"),
    ("A", "whole plans"),
    ("x", "held out, plain"),
    ("y", "held out, examiner"),
    ("zk", "held out, whole plans"),
)
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)


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
    pairs = _pairs(study, found)
    yield from ("| probability | links | mean | adopted |", "|---|---:|---:|---:|")
    for (low, high), one in bins_of(pairs).items():
        yield f"| {low:.2f} to {high:.2f} | {one.links} | {one.mean:.2f} | {one.adopted:.2f} |"
    brier = sum((p - a) ** 2 for p, a in pairs) / len(pairs)
    yield from ("", f"Brier score {brier:.3f}", "")


def _pairs(study: Study, found: Sequence[StrategyVerdict]) -> list[tuple[float, bool]]:
    return [
        (one.probability, item.adopted and study.is_right(item, (one.practice_id or "",)))
        for item, one in zip(study.items, found)
        if one.probability is not None
    ]


def bins_of(pairs: Sequence[tuple[float, bool]]) -> dict[tuple[float, float], Bin]:
    """Group links by probability; an empty group is left out."""
    grouped = {}
    for low, high in pairwise(BINS):
        inside = [(p, a) for p, a in pairs if low <= p < high or p == high == 1.0]
        if inside:
            count = len(inside)
            mean, adopted = (sum(column) / count for column in zip(*inside))
            grouped[low, high] = Bin(count, mean, adopted)
    return grouped


def _by_file(study: Study, found: Sequence[StrategyVerdict]) -> Iterator[str]:
    yield "| statements | wrong meets | true meets | in review | labels in review |"
    yield "|---|---:|---:|---:|---:|"
    for prefixes, name in PARTS:
        part = [i for i, item in enumerate(study.items) if item.id[0] in prefixes]
        if part:
            items, one = [study.items[i] for i in part], [found[i] for i in part]
            wrong = len(study.wrong_meets(part, one))
            true = [v for item, v in zip(items, one) if item.verdict is Verdict.MEETS]
            met = sum(v.verdict is Verdict.MEETS for v in true)
            review = sum(v.verdict is Verdict.NEEDS_REVIEW for v in one) / len(part)
            asked = sum(item.verdict is Verdict.NEEDS_REVIEW for item in items) / len(part)
            yield (
                f"| {name}: {len(part)} | {wrong} | {met} of {len(true)} ({met / len(true):.1%}) "
                f"| {review:.1%} | {asked:.1%} |"
            )
    yield ""


def _by_threshold(study: Study, models: Sequence[Models]) -> Iterator[str]:
    yield "| name threshold | guide threshold | wrong meets | true meets | in review |"
    yield "|---:|---:|---:|---:|---:|"
    numbers = range(len(study.items))
    true = [i for i in numbers if study.items[i].verdict is Verdict.MEETS]
    for name, guide in STEPS:
        found = in_folds(study, [replace(m, thresholds=Thresholds(name, guide)) for m in models])
        wrong = set(study.wrong_meets(numbers, found))
        met = sum(found[i].verdict is Verdict.MEETS and i not in wrong for i in true)
        review = sum(one.verdict is Verdict.NEEDS_REVIEW for one in found) / len(found)
        yield f"| {name} | {guide} | {len(wrong)} | {met} of {len(true)} | {review:.1%} |"
    yield ""


def _fit_lines(study: Study) -> Iterator[str]:
    everything = fit_models(study, range(len(study.items)))
    words = everything.words
    for file, fitted in ((ADOPTION, words.adoption), (FILE, words.meaning), (DOING, words.doing)):
        body = msgspec.json.format(msgspec.json.encode(fitted), indent=1)
        write_text(paths.corpus_folder() / file, body.decode() + "\n")
    for name, weights in (("NAME", everything.names), ("GUIDE", everything.guides)):
        yield f"{name}_WEIGHTS: {dict(weights)}"
    yield f"thresholds: {everything.thresholds}"


def _differences(study: Study, found: Sequence[StrategyVerdict]) -> Iterator[str]:
    for item, one in zip(study.items, found):
        if item.verdict is not one.verdict:
            yield (
                f"{item.kind} {item.id} {item.verdict.value} -> {one.verdict.value} "
                f"{one.practice_id} {one.probability} | {item.text} | {'; '.join(one.reasons)}"
            )


def _shipped() -> Models:
    words = WordModels.read(paths.corpus_folder())
    return Models(words, model.NAME_WEIGHTS, model.GUIDE_WEIGHTS, Thresholds())


def main() -> None:
    """Print the tables; `--list` adds every other verdict than the label's."""
    recommender = Recommender.open(paths.indexes_folder())
    corpus = paths.corpus_folder()
    lines: list[str] = []
    if "--heldout" in sys.argv:
        study = read_study(recommender, corpus, HELD_OUT)
        found = verdicts(study, range(len(study.items)), _shipped())
    else:
        study = read_study(recommender, corpus)
        found, models = cross_validate(study)
        lines += _by_threshold(study, models)
    lines += _by_file(study, found)
    lines += report(study, found)
    if "--diagram" in sys.argv:
        drawn = reliability_svg(tuple(bins_of(_pairs(study, found)).values()))
        write_text(Path("docs/results/plan_check_reliability.svg"), drawn)
    if "--fit" in sys.argv:
        lines += _fit_lines(study)
    if "--list" in sys.argv:
        lines += _differences(study, found)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
