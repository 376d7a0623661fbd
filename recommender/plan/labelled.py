"""Labelled statements of plans: `corpus/judgments/strategies*.jsonl`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from recommender.plan.link import Linker, Reading
from recommender.plan.verdicts import StrategyVerdict, Verdict
from recommender.records import Context
from recommender.search.recommender import Recommender

# Written apart: by kind of trap, in many voices, in plain patterns, by examiners, in the manner of
# many schools, on recommendations of guides, and in whole plans.
DEVELOPMENT = (
    "strategies.jsonl",
    "strategies_voices.jsonl",
    "strategies_plain.jsonl",
    "strategies_examiner.jsonl",
    "strategies_schools.jsonl",
    "strategies_guides.jsonl",
    "strategies_plans.jsonl",
)
# Written without sight of the rules, and read only to measure what is shipped.
HELD_OUT = ("strategies_heldout.jsonl",)
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


def read_study(recommender: Recommender, corpus: Path, files: Sequence[str] = DEVELOPMENT) -> Study:
    """Read labelled statements with an open index."""
    lines = [
        line
        for name in files
        for line in (corpus / "judgments" / name).read_text("utf-8").splitlines()
    ]
    items = tuple(msgspec.json.decode(line, type=Labelled) for line in lines)
    linker = Linker.open(recommender, corpus)
    return Study(recommender, items, linker.read([item.text for item in items]))
