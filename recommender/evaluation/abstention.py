"""`python -m recommender.evaluation.abstention`: how often "no good match" is said, and rightly.

Prints one Markdown table over margins; rows are read from the judged sets of the corpus.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from recommender import paths
from recommender.evaluation.judgments import BatchQuery, read_queries
from recommender.search.recommender import LEAST_COSINE, OUT_OF_REACH_MARGIN, Recommender

SETS = (
    ("development, servable", "development.jsonl"),
    ("held out, servable", "heldout.jsonl"),
    ("fresh, servable", "abstention_servable.jsonl"),
    ("development, not servable", "unservable.jsonl"),
    ("second set, not servable", "unservable_heldout.jsonl"),
    ("fresh, not servable", "abstention_unservable.jsonl"),
)
MARGINS = (0.0, 0.04, 0.06, 0.08, 0.10, 0.12)


@dataclass(frozen=True, slots=True)
class Nearness:
    """Cosine of a cause with the nearest passage and with the nearest kind out of reach."""

    practice: float
    out_of_reach: float

    def abstains(self, margin: float) -> bool:
        """Tell whether the answer would be "no good match" at this margin."""
        return self.practice < max(LEAST_COSINE, self.out_of_reach + margin)


def nearness(recommender: Recommender, queries: Sequence[BatchQuery]) -> list[Nearness]:
    """Measure each cause."""
    found = []
    for query in queries:
        read = recommender.reader.read(query.root_cause)
        match, _ = recommender.score_terms(read, query.context.as_context())
        nearest = float(match.whole[recommender.table.searchable].max())
        found.append(Nearness(nearest, match.out_of_reach))
    return found


def main() -> None:
    """Print the table: answers "no good match" out of all, by margin."""
    recommender = Recommender.open(paths.indexes_folder())
    heads = " | ".join(f"{m:.2f}{' (used)' if m == OUT_OF_REACH_MARGIN else ''}" for m in MARGINS)
    sys.stdout.write(f"| root causes | number | {heads} |\n|---|---|{'---|' * len(MARGINS)}\n")
    for name, file in SETS:
        queries = read_queries(paths.corpus_folder() / "judgments" / file)
        found = nearness(recommender, queries)
        counts = " | ".join(str(sum(n.abstains(m) for n in found)) for m in MARGINS)
        sys.stdout.write(f"| {name} | {len(found)} | {counts} |\n")


if __name__ == "__main__":
    main()
