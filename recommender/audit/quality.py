"""How well whole plan files are read and judged, on files of many formats with labelled strategies.

`python -m recommender.audit.quality [--heldout] [--list]`: by default the files that the reading
was developed on; `--list` names what was missed, kept or judged otherwise.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from rapidfuzz import fuzz

from recommender import paths
from recommender.audit.desk import AuditSettings, Desk
from recommender.plan.document import document_json
from recommender.plan.verdicts import Verdict

FOLDER = Path("judgments") / "plans"
LABELS = "labels.jsonl"
# Of rapidfuzz's ratio: words that a page breaks or joins differently.
ALIKE = 85
# Fewer letters are found in any text.
LEAST_LETTERS = 8
# A statement this much longer than the labelled words holds something else as well.
MERGED, MERGED_LETTERS = 1.3, 10
BEST_FIRST = (
    Verdict.MEETS,
    Verdict.NEEDS_REVIEW,
    Verdict.DOES_NOT_MEET,
    Verdict.NO_EVIDENCE_FOUND,
)


class LabelledStrategy(msgspec.Struct, frozen=True):
    """A strategy as it stands in a file, with the verdict a careful examiner would give."""

    text: str
    verdict: Verdict
    practice_id: str | None
    why: str


class LabelledPlan(msgspec.Struct, frozen=True):
    """A file with its labels."""

    file: str
    held_out: bool
    grades: tuple[str, ...]
    verdict: str
    strategies: tuple[LabelledStrategy, ...]
    other_lines: tuple[str, ...]
    either: tuple[str, ...]
    """Steps and costs of a strategy, counted neither way."""


@dataclass(frozen=True, slots=True)
class Found:
    """A labelled strategy with the statement of the file that it was found in, if any."""

    label: LabelledStrategy
    statement: dict[str, Any] | None
    is_merged: bool = False

    @property
    def verdict(self) -> str:
        """What the check says of it."""
        return "not found" if self.statement is None else str(self.statement["verdict"])

    @property
    def is_wrong(self) -> bool:
        """It meets, should not, and nothing else in the statement explains that."""
        is_wrong = self.label.verdict is not Verdict.MEETS and self.verdict == Verdict.MEETS.value
        return is_wrong and not self.is_merged


@dataclass(frozen=True, slots=True)
class Judged:
    """A file as it was read and judged."""

    label: LabelledPlan
    record: dict[str, Any]
    found: tuple[Found, ...]
    kept: tuple[str, ...]
    """Lines that are no strategies and were taken for some."""
    others: tuple[dict[str, Any], ...]
    """Statements that nobody labelled."""

    @property
    def has_grades(self) -> bool:
        """The school's grades were read as they are."""
        return tuple(self.record["school"]["grades"]) == self.label.grades


def read_labels(corpus: Path, *, held_out: bool) -> list[LabelledPlan]:
    """Read the labels of the files of one part."""
    lines = (corpus / FOLDER / LABELS).read_text("utf-8").splitlines()
    plans = [msgspec.json.decode(line, type=LabelledPlan) for line in lines]
    return [plan for plan in plans if plan.held_out is held_out]


def compare(label: LabelledPlan, record: dict[str, Any]) -> Judged:
    """Lay what was found beside the labels."""
    statements = [(_plain(one["text"]), one) for one in record["strategies"]]
    used: set[str] = set()
    found = []
    for strategy in label.strategies:
        same = [(text, one) for text, one in statements if _is_same(text, _plain(strategy.text))]
        used |= {one["id"] for _, one in same}
        found.append(_found(strategy, same))
    left = [(text, one) for text, one in statements if one["id"] not in used]
    kept = [line for line in label.other_lines if any(_is_same(t, _plain(line)) for t, _ in left)]
    known = [_plain(line) for line in (*label.other_lines, *label.either)]
    others = tuple(one for text, one in left if not any(_is_same(text, k) for k in known))
    return Judged(label, record, tuple(found), tuple(kept), others)


def _found(label: LabelledStrategy, same: Sequence[tuple[str, dict[str, Any]]]) -> Found:
    if not same:
        return Found(label, None)
    text, best = min(same, key=lambda pair: BEST_FIRST.index(Verdict(pair[1]["verdict"])))
    is_merged = len(text) > MERGED * len(_plain(label.text)) + MERGED_LETTERS
    return Found(label, best, is_merged)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _is_same(one: str, other: str) -> bool:
    if min(len(one), len(other)) <= LEAST_LETTERS:
        return one == other
    return one in other or other in one or fuzz.ratio(one, other) > ALIKE


def report(plans: Sequence[Judged]) -> Iterator[str]:
    """Yield what was read, and the verdicts beside the labels."""
    found = [one for plan in plans for one in plan.found]
    true = [one for one in found if one.label.verdict is Verdict.MEETS]
    met = sum(one.verdict == Verdict.MEETS.value for one in true)
    statements = [one for plan in plans for one in plan.record["strategies"]]
    review = sum(one["verdict"] == Verdict.NEEDS_REVIEW.value for one in statements)
    other = [line for plan in plans for line in plan.label.other_lines]
    yield f"files: {len(plans)}; grades of the school right: {sum(p.has_grades for p in plans)}"
    yield _share("strategies found", sum(o.statement is not None for o in found), len(found))
    yield f"of them with something else in one: {sum(one.is_merged for one in found)}"
    yield _share("other lines taken for strategies", sum(len(p.kept) for p in plans), len(other))
    yield f"statements nobody labelled: {sum(len(plan.others) for plan in plans)}"
    yield f"wrong meets: {sum(one.is_wrong for one in found)} of labelled strategies, " + (
        f"{sum(o['verdict'] == Verdict.MEETS.value for p in plans for o in p.others)} of others"
    )
    yield _share("true meets that meet, from file to verdict", met, len(true))
    yield _share("statements in review", review, len(statements))
    yield ""
    yield from _table("strategy", Counter((o.label.verdict.value, o.verdict) for o in found))
    yield from _table("plan", Counter((p.label.verdict, p.record["verdict"]) for p in plans))


def _share(name: str, part: int, whole: int) -> str:
    return f"{name}: {part} of {whole} ({part / max(1, whole):.1%})"


def _table(name: str, counts: Counter[tuple[str, str]]) -> Iterable[str]:
    columns = sorted({verdict for _, verdict in counts})
    yield f"| {name}, label | {' | '.join(columns)} |"
    yield "|---|" + "---:|" * len(columns)
    for label in sorted({label for label, _ in counts}):
        yield f"| {label} | {' | '.join(str(counts[label, column]) for column in columns)} |"
    yield ""


def differences(plan: Judged) -> Iterator[str]:
    """Yield what a person would look into."""
    name = plan.label.file
    if not plan.has_grades:
        yield f"{name} grades {plan.record['school']['grades']}, labelled {plan.label.grades}"
    for one in plan.found:
        if one.verdict != one.label.verdict.value:
            reasons = "; ".join(one.statement["reasons"]) if one.statement else ""
            verdicts = f"{one.label.verdict.value} -> {one.verdict}"
            yield f"{name} {verdicts} | {one.label.text} | {reasons}"
    yield from (f"{name} kept: {line}" for line in plan.kept)
    yield from (f"{name} {one['verdict']} not labelled: {one['text']}" for one in plan.others)


def main() -> None:
    """Print the report."""
    corpus = paths.corpus_folder()
    labels = read_labels(corpus, held_out="--heldout" in sys.argv)
    desk = Desk(AuditSettings(paths.indexes_folder(), corpus))
    plans = [
        compare(label, document_json(desk.check_file(corpus / FOLDER / label.file)))
        for label in labels
    ]
    lines = list(report(plans))
    if "--list" in sys.argv:
        lines += [line for plan in plans for line in differences(plan)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
