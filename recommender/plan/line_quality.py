"""How well the line model tells strategies from the rest of a plan, on labelled lines, in folds.

`python -m recommender.plan.line_quality [--fit] [--list]`: `--fit` writes the weights, `--list`
names every line that is told wrongly.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from recommender import paths
from recommender.atomic import write_text
from recommender.plan.adoption import WordModel
from recommender.plan.fitting import FOLDS, deal, words_of
from recommender.plan.labelled import DEVELOPMENT, Labelled
from recommender.plan.line_model import FILE, line_features
from recommender.plan.verdicts import Verdict

# Of scikit-learn's C (docs/results/plan_reading.md).
INVERSE_PENALTY = 30.0
# Of a statement of the sets on adoption beside a labelled line: they name programmes far more often
# than plans do.
STATEMENT_WEIGHT = 0.1
# Of those sets: what a school does, whatever its evidence, and what is no action at all.
DONE = (
    *("adopted", "guide_content", "generic", "alias_or_abbreviation", "misspelled_name"),
    *("no_tier_programme", "named_programme", "conditional", "lookalike", "sibling_product"),
    *("wrong_grade", "mixed_or_negative", "mtss_tier"),
)
NOT_DONE = ("not_a_strategy", "test_or_licence", "person_or_place")
LABELLED = Path("judgments") / "plan_lines.jsonl"
STRATEGY = "strategy"
STEPS = (-2.5, -1.0, 0.0, 1.0, 1.5)


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a plan with its role there."""

    text: str
    role: str


def read_lines(corpus: Path) -> list[Line]:
    """Read the labelled lines of a corpus folder."""
    lines = (corpus / LABELLED).read_text("utf-8").splitlines()
    return [msgspec.json.decode(line, type=Line) for line in lines]


def read_statements(corpus: Path) -> list[Line]:
    """Read the statements on adoption whose kind says whether they are strategies."""
    found = []
    for name in DEVELOPMENT:
        for line in (corpus / "judgments" / name).read_text("utf-8").splitlines():
            one = msgspec.json.decode(line, type=Labelled)
            if one.kind in NOT_DONE:
                found.append(Line(one.text, one.kind))
            elif one.kind in DONE and one.verdict is not Verdict.NO_EVIDENCE_FOUND:
                found.append(Line(one.text, STRATEGY))
    return found


def fit_lines(lines: Sequence[Line], statements: Sequence[Line]) -> WordModel:
    """Fit the weights on labelled lines, and on statements that count less."""
    everything = [*lines, *statements]
    features = [line_features(line.text) for line in everything]
    weights = np.repeat([1.0, STATEMENT_WEIGHT], [len(lines), len(statements)])
    return words_of(features, _is_strategy(everything), INVERSE_PENALTY, weights)


def logits_in_folds(lines: Sequence[Line], statements: Sequence[Line]) -> npt.NDArray[np.float64]:
    """Judge every line by a model that did not see it."""
    folds = np.array(deal([line.role for line in lines]))
    logits = np.zeros(len(lines))
    for fold in range(FOLDS):
        model = fit_lines([line for line, f in zip(lines, folds) if f != fold], statements)
        for i in np.flatnonzero(folds == fold):
            logits[i] = model.logit(line_features(lines[int(i)].text))
    return logits


def report(lines: Sequence[Line], logits: npt.NDArray[np.float64]) -> Iterator[str]:
    """Yield tables: by threshold, and by role."""
    from sklearn.metrics import roc_auc_score

    is_strategy = _is_strategy(lines)
    yield f"{len(lines)} lines, area under the curve {roc_auc_score(is_strategy, logits):.3f}"
    yield ""
    yield "| least log odds | strategies kept | other lines kept |"
    yield "|---:|---:|---:|"
    for least in STEPS:
        kept = logits >= least
        yield f"| {least} | {kept[is_strategy].mean():.1%} | {kept[~is_strategy].mean():.1%} |"
    yield ""
    yield "| role | lines | kept at 0 |"
    yield "|---|---:|---:|"
    roles = np.array([line.role for line in lines])
    for role in sorted(set(roles)):
        yield f"| {role} | {(roles == role).sum()} | {(logits[roles == role] >= 0).mean():.1%} |"


def _is_strategy(lines: Sequence[Line]) -> npt.NDArray[np.bool_]:
    return np.array([line.role == STRATEGY for line in lines])


def main() -> None:
    """Print the tables, and write the weights where asked."""
    corpus = paths.corpus_folder()
    lines, statements = read_lines(corpus), read_statements(corpus)
    logits = logits_in_folds(lines, statements)
    printed = list(report(lines, logits))
    if "--list" in sys.argv:
        wrong = _is_strategy(lines) != (logits >= 0)
        printed += [
            f"{logits[i]:+.1f} {lines[i].role}: {lines[i].text}" for i in np.flatnonzero(wrong)
        ]
    if "--fit" in sys.argv:
        body = msgspec.json.format(msgspec.json.encode(fit_lines(lines, statements)), indent=1)
        write_text(corpus / FILE, body.decode() + "\n")
    sys.stdout.write("\n".join(printed) + "\n")


if __name__ == "__main__":
    main()
