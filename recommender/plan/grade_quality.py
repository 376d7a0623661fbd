"""How well the grades of a school are read from a plan: on labelled heads of plans and whole files.

`python -m recommender.plan.grade_quality [--fit]`: weights are fitted in 5 folds, and each document
is read with weights that did not see it; `--fit` prints the weights of all.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from recommender import paths
from recommender.plan.readers import Block, BlockKind, Place, read_plan_here
from recommender.plan.school_grades import LEAST_SCORE, Weights, candidates, stated_grades
from recommender.records import GRADES

FOLDS = 5
INVERSE_PENALTY = 0.5
HEADS = Path("judgments") / "plan_heads.jsonl"
PLANS = Path("judgments") / "plans"
STEPS = (0.0, LEAST_SCORE, 0.8)


@dataclass(frozen=True, slots=True)
class Document:
    """Blocks of a plan with the grades that its school has, none where it does not say."""

    blocks: tuple[Block, ...]
    grades: tuple[str, ...]


class _Head(msgspec.Struct):
    blocks: list[tuple[str, str, str | None, str | None, int | None, int | None, int | None]]
    """Kind, text, label, header, table, row, column."""
    grades: tuple[str, ...]


def read_documents(corpus: Path) -> list[Document]:
    """Read the labelled heads, then the labelled files that are not held out."""
    lines = (corpus / HEADS).read_text("utf-8").splitlines()
    found = [_head(msgspec.json.decode(line, type=_Head)) for line in lines]
    for line in (corpus / PLANS / "labels.jsonl").read_text("utf-8").splitlines():
        plan: dict[str, Any] = msgspec.json.decode(line)
        if not plan["held_out"]:
            text = read_plan_here(corpus / PLANS / plan["file"])
            found.append(Document(text.blocks, tuple(plan["grades"])))
    return found


def _head(head: _Head) -> Document:
    blocks = [
        Block(
            text,
            Place(paragraph=None if table else number, table=table, row=row, column=column,
                  header=header, label=label),
            BlockKind(kind),
        )
        for number, (kind, text, label, header, table, row, column) in enumerate(head.blocks, 1)
    ]  # fmt: skip
    return Document(tuple(blocks), head.grades)


def fit(documents: Sequence[Document]) -> Weights:
    """Fit the weights of what speaks for and against a mention of grades."""
    from sklearn.linear_model import LogisticRegression

    rows = [
        (signs, covered, set(span.grades) == set(document.grades))
        for document in documents
        for span, signs, covered in candidates(document.blocks)
    ]
    keys = list(rows[0][0])
    values = [[*(float(signs[key]) for key in keys), covered] for signs, covered, _ in rows]
    x: npt.NDArray[np.float64] = np.array(values)
    own = [is_own for *_, is_own in rows]
    fitted = LogisticRegression(C=INVERSE_PENALTY, max_iter=2000).fit(x, own)
    *weights, covered = fitted.coef_[0].round(2).tolist()
    return Weights(round(float(fitted.intercept_[0]), 2), covered, dict(zip(keys, weights)))


def report(documents: Sequence[Document]) -> Iterator[str]:
    """Yield a table: right, wrong and not found by the least score."""
    yield "| least score | right | wrong | not found, though stated |"
    yield "|---:|---:|---:|---:|"
    fitted = [
        fit([one for n, one in enumerate(documents) if n % FOLDS != fold]) for fold in range(FOLDS)
    ]
    for least in STEPS:
        found = [
            stated_grades(document.blocks, fitted[n % FOLDS], least)
            for n, document in enumerate(documents)
        ]
        right = sum(f == _in_order(d.grades) for f, d in zip(found, documents))
        empty = sum(not f and bool(d.grades) for f, d in zip(found, documents))
        yield f"| {least} | {right} | {len(documents) - right - empty} | {empty} |"


def _in_order(grades: Sequence[str]) -> tuple[str, ...]:
    return tuple(grade for grade in GRADES if grade in grades)


def main() -> None:
    """Print the table, and the weights where asked."""
    documents = read_documents(paths.corpus_folder())
    lines = [f"{len(documents)} documents, in folds", "", *report(documents)]
    if "--fit" in sys.argv:
        lines += ["", str(fit(documents))]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
