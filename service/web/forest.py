"""A forest plot as numbers: where each finding's mark, interval and words go. No markup here.

The source reports no standard errors. Where it gives the WWC's effect size and its p-value, the
95% interval follows from both: standard error = |effect size| / z(p), as in section 6.5.2 of the
Cochrane Handbook. Where either is missing, or p is 0 or 1 after rounding, only the point is drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

from recommender.evidence.tiers import is_negative, is_positive
from recommender.records import Finding

_NORMAL = NormalDist()
Z95 = _NORMAL.inv_cdf(0.975)
# A p-value this near 1 leaves the standard error to rounding in the source.
LARGEST_P = 0.99

WIDTH, ROW, TOP, BOTTOM = 900, 38, 14, 38
PLOT_LEFT, PLOT_RIGHT = 370, 690
LABEL_CHARACTERS = 56
# Beyond this an axis would squeeze all other findings; what lies outside is drawn at the edge.
LARGEST_AXIS = 3.0
SMALLEST_AXIS = 0.5
STEPS = (0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% confidence interval of an effect size."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finding to draw, with what its review and study add."""

    finding: Finding
    standards: float
    study: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One finding in the plot; lengths are in the plot's own units."""

    finding_id: int
    label: str = field(metadata={"help": "outcome measure, shortened to fit"})
    study: str = field(metadata={"help": "first author and year"})
    direction: str = field(metadata={"help": "positive, null, negative or unknown"})
    effect: float | None = field(metadata={"help": "effect size"})
    interval: Interval | None = field(metadata={"help": "where it can be worked out"})
    words: str = field(metadata={"help": "the row in words, for readers of the page by ear"})
    y: float
    x: float | None
    x_low: float | None
    x_high: float | None
    is_clipped: bool = field(metadata={"help": "part of it lies outside the axis"})

    @property
    def is_corrected(self) -> bool:
        """True where the interval misses zero and the WWC still sees no clear effect."""
        found = self.interval
        return self.direction == "null" and found is not None and found.low * found.high > 0


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class ForestPlot:
    """Findings of one outcome domain."""

    left: float
    right: float

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    zero: float
    width: int
    height: int
    axis_y: float


def effect_size(finding: Finding) -> float | None:
    """Return the WWC's effect size, else the study's own."""
    if finding.effect_size_wwc is not None:
        return finding.effect_size_wwc
    return finding.effect_size_study


def interval_of(finding: Finding) -> Interval | None:
    """Return the 95% interval that follows from effect size and p-value, if both are usable."""
    effect, p = finding.effect_size_wwc, finding.p_value_wwc
    if not effect or p is None or not 0 < p <= LARGEST_P:
        return None
    error = abs(effect) / -_NORMAL.inv_cdf(p / 2)
    return Interval(effect - Z95 * error, effect + Z95 * error)


def direction_of(finding: Finding, standards: float) -> str:
    """Return the word by which a finding is counted."""
    if is_positive(finding, standards):
        return "positive"
    if is_negative(finding, standards):
        return "negative"
    return "unknown" if finding.is_significant is None else "null"


def draw(found: Sequence[Drawn]) -> ForestPlot:
    """Lay out findings from top to bottom."""
    findings = [drawn.finding for drawn in found]
    reach = _reach(findings)
    bars = tuple(_bar(drawn, TOP + ROW * (row + 0.5), reach) for row, drawn in enumerate(found))
    axis_y = TOP + ROW * len(bars)
    return ForestPlot(
        left=PLOT_LEFT,
        right=PLOT_RIGHT,
        bars=bars,
        ticks=tuple(Tick(_x(value, reach), f"{value:g}") for value in _marks(reach)),
        zero=_x(0, reach),
        width=WIDTH,
        height=axis_y + BOTTOM,
        axis_y=axis_y,
    )


def _bar(drawn: Drawn, y: float, reach: float) -> Bar:
    finding = drawn.finding
    effect, interval = effect_size(finding), interval_of(finding)
    ends = [v for v in (effect, *((interval.low, interval.high) if interval else ())) if v]
    direction = direction_of(finding, drawn.standards)
    return Bar(
        finding_id=finding.finding_id,
        label=_short(finding.outcome_measure),
        study=drawn.study,
        direction=direction,
        effect=effect,
        interval=interval,
        words=_words(finding, effect, interval, direction),
        y=y,
        x=None if effect is None else _x(effect, reach),
        x_low=_x(interval.low, reach) if interval else None,
        x_high=_x(interval.high, reach) if interval else None,
        is_clipped=any(abs(value) > reach for value in ends),
    )


def _words(
    finding: Finding, effect: float | None, interval: Interval | None, direction: str
) -> str:
    if effect is None:
        return f"{finding.outcome_measure}: effect size not reported; {direction}"
    text = f"{finding.outcome_measure}: effect size {effect:.2f}"
    if interval:
        text += f", 95% interval {interval.low:.2f} to {interval.high:.2f}"
    else:
        text += ", interval not reported"
    return f"{text}; {direction}"


def _reach(findings: Iterable[Finding]) -> float:
    """Return how far the axis goes on both sides of zero."""
    ends: list[float] = [SMALLEST_AXIS]
    for finding in findings:
        interval = interval_of(finding)
        ends += [abs(interval.low), abs(interval.high)] if interval else []
        ends.append(abs(effect_size(finding) or 0.0))
    step = SMALLEST_AXIS
    return min(LARGEST_AXIS, -(-max(ends) // step) * step)


def _marks(reach: float) -> tuple[float, ...]:
    step = next((step for step in STEPS if reach / step <= 3), STEPS[-1])
    count = int(reach / step)
    return tuple(step * number for number in range(-count, count + 1))


def _x(value: float, reach: float) -> float:
    inside = max(-reach, min(reach, value))
    return round(PLOT_LEFT + (inside + reach) / (2 * reach) * (PLOT_RIGHT - PLOT_LEFT), 1)


def _short(text: str) -> str:
    return text if len(text) <= LABEL_CHARACTERS else text[: LABEL_CHARACTERS - 1].rstrip() + "…"
