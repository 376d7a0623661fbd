"""Intervals and places in the plot, checked against values worked out by hand."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.records import Finding, Unit
from service.web.forest import PLOT_LEFT, PLOT_RIGHT, Drawn, draw, interval_of

PLAIN = Finding(
    finding_id=1, review_id=1, intervention_id=1, outcome_domain="Alphabetics",
    outcome_measure="Letters", period=None, is_subgroup=False, unit=Unit.STUDENT, sample_size=100,
    intervention_size=50, comparison_size=50, intervention_clusters=None, comparison_clusters=None,
    effect_size_wwc=0.30, effect_size_study=None, improvement_index=12.0, p_value_wwc=0.05,
    p_value_study=None, is_significant=True, designation=None, rating=None, published_tier=None,
)  # fmt: skip


def drawn(**changes):
    return Drawn(replace(PLAIN, **changes), 4.0, "A (2001)")


def test_an_effect_with_p_of_five_hundredths_just_reaches_zero():
    interval = interval_of(PLAIN)
    assert interval.low == pytest.approx(0.0, abs=1e-9)
    assert interval.high == pytest.approx(0.60)


def test_a_worked_example_of_the_handbook_s_formula():
    # Effect 0.5 and p 0.008: z is 2.652, so the standard error is 0.18853.
    interval = interval_of(replace(PLAIN, effect_size_wwc=0.5, p_value_wwc=0.008))
    assert (interval.low, interval.high) == pytest.approx((0.1305, 0.8695), abs=5e-4)


def test_a_negative_effect_has_its_interval_below():
    interval = interval_of(replace(PLAIN, effect_size_wwc=-0.5, p_value_wwc=0.008))
    assert interval.high == pytest.approx(-0.1305, abs=5e-4)


@pytest.mark.parametrize(
    "changes",
    [
        {"effect_size_wwc": None, "effect_size_study": 0.4},  # the p-value is not of this effect
        {"p_value_wwc": None},
        {"p_value_wwc": 0.0},  # rounded in the source
        {"p_value_wwc": 1.0},
        {"effect_size_wwc": 0.0},
    ],
)
def test_no_interval_is_made_up(changes):
    assert interval_of(replace(PLAIN, **changes)) is None


@given(st.floats(-2, 2).filter(lambda e: abs(e) > 0.01), st.floats(1e-6, 0.98))
def test_an_interval_misses_zero_exactly_where_p_is_below_five_hundredths(effect, p):
    interval = interval_of(replace(PLAIN, effect_size_wwc=effect, p_value_wwc=p))
    assert interval.low < effect < interval.high
    if abs(p - 0.05) > 1e-6:
        assert (interval.low * interval.high > 0) == (p < 0.05)


@given(st.lists(st.none() | st.floats(-20, 20), min_size=1, max_size=8))
def test_every_mark_stays_inside_and_keeps_its_side(effects):
    plot = draw([drawn(effect_size_wwc=e, finding_id=i) for i, e in enumerate(effects)])
    for bar, effect in zip(plot.bars, effects):
        assert (bar.x is None) == (effect is None)
        for x in (bar.x, bar.x_low, bar.x_high):
            assert x is None or PLOT_LEFT <= x <= PLOT_RIGHT
        if effect is not None and abs(effect) > 0.02:
            assert math.copysign(1, bar.x - plot.zero) == math.copysign(1, effect)
    assert plot.height > plot.axis_y > max(bar.y for bar in plot.bars)
    assert [tick.x for tick in plot.ticks] == sorted(tick.x for tick in plot.ticks)


def test_what_lies_beyond_the_axis_is_said_to():
    inside, outside = draw([drawn(), drawn(effect_size_wwc=12.0, p_value_wwc=None)]).bars
    assert not inside.is_clipped
    assert outside.is_clipped
    assert outside.x == PLOT_RIGHT


@pytest.mark.parametrize(
    ("changes", "direction", "words"),
    [
        ({}, "positive", "Letters: effect size 0.30, 95% interval -0.00 to 0.60; positive"),
        ({"effect_size_wwc": -0.3}, "negative", None),
        ({"is_significant": False}, "null", None),
        ({"is_significant": None}, "unknown", None),
        ({"effect_size_wwc": None, "improvement_index": None, "is_significant": False}, "null",
         "Letters: effect size not reported; null"),
        ({"p_value_wwc": None}, "positive", "Letters: effect size 0.30, interval not reported; "
         "positive"),
    ],
)  # fmt: skip
def test_rows_in_words(changes, direction, words):
    (bar,) = draw([drawn(**changes)]).bars
    assert bar.direction == direction
    if words:
        assert bar.words.replace("-0.00", "0.00") == words.replace("-0.00", "0.00")


def test_an_interval_that_misses_zero_without_significance_is_marked():
    corrected, plain = draw([drawn(p_value_wwc=0.04, is_significant=False), drawn()]).bars
    assert corrected.is_corrected
    assert not plain.is_corrected
