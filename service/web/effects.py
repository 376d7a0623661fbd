"""How large the effects were, in percentile points of the improvement index.

Counted findings are positive by definition, so their range alone would flatter; the range over all
main findings on the same outcomes stands beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from recommender.evidence.rollup import DomainDecision
from recommender.records import Finding


@dataclass(frozen=True, slots=True)
class Span:
    """Improvement indices of some findings; findings that report none are counted apart."""

    middle: float = field(metadata={"help": "median, in percentile points"})
    low: float = field(metadata={"help": "lowest"})
    high: float = field(metadata={"help": "highest"})
    reported: int = field(metadata={"help": "findings with an improvement index"})
    unreported: int = field(metadata={"help": "findings without one"})


@dataclass(frozen=True, slots=True)
class Effect:
    """The size of the effect on the outcomes that carry a practice's tier."""

    outcomes: tuple[str, ...] = field(metadata={"help": "the outcome domains it is about"})
    counted: Span | None = field(metadata={"help": "over the findings that carry the tier"})
    main: Span | None = field(metadata={"help": "over all main findings on the same outcomes"})


def effect_on(domains: Sequence[DomainDecision], findings: Sequence[Finding]) -> Effect:
    """Return the effect on some outcome domains of one practice."""
    names = {domain.outcome_domain for domain in domains}
    ids = {found.finding_id for domain in domains for found in domain.counted}
    main = [f for f in findings if f.outcome_domain in names and not f.is_subgroup]
    return Effect(
        outcomes=tuple(sorted(names)),
        counted=span_of(f.improvement_index for f in findings if f.finding_id in ids),
        main=span_of(f.improvement_index for f in main),
    )


def span_of(values: Iterable[float | None]) -> Span | None:
    """Return the span of what is reported; `None` where nothing is."""
    values = list(values)
    known = [value for value in values if value is not None]
    if not known:
        return None
    return Span(median(known), min(known), max(known), len(known), len(values) - len(known))
