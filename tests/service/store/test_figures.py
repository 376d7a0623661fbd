"""Statewide figures, against a count by hand."""

from recommender.plan.verdicts import Verdict
from service.store import Scope
from tests.service.store.conftest import STATE

READERS = [Scope(who, who, None) for who in "ab"]


def test_figures(store, checked, draft, answer):
    checked("meets", "needs_review", district="North District")
    opened = checked("needs_review", "does_not_meet", district="NORTH DISTRICT")
    checked("no_evidence_found", district="South District")
    override = checked("needs_review")
    store.plans.create(STATE, draft("unchecked"))
    second = checked("does_not_meet", district="South District")
    for reader in READERS:
        store.decisions.decide(reader, override, "s1", Verdict.MEETS, "because")
    store.decisions.decide(READERS[0], second, "s1", Verdict.MEETS, "because")
    one = store.plans.create(STATE, draft("one"))
    served = answer("meets", turnaround_practices=[1, 4])
    store.checks.save(STATE, one.plan_id, 1, served)

    found = store.statistics.figures(STATE)
    assert (found.plans, found.plans_unchecked) == (7, 1)
    assert (found.plans_with_tier_1_3, found.plans_without, found.plans_open) == (3, 1, 2)
    assert (found.overridden, found.second_reader) == (1, 1)
    counts = found.all
    assert (counts.plans, counts.strategies) == (6, 8)
    assert (counts.meets, counts.does_not_meet) == (3, 2)
    assert (counts.no_evidence_found, counts.needs_review) == (1, 2)
    by_district = [(row.label.casefold(), row.plans, row.strategies) for row in found.by_district]
    assert by_district == [("north district", 2, 4), ("south district", 2, 2), ("", 2, 2)]
    practices = [(row.label, row.strategies, row.meets) for row in found.by_turnaround_practice]
    assert practices == [("1", 1, 1), ("2", 0, 0), ("3", 7, 2), ("4", 1, 1)]

    south = store.statistics.figures(STATE, district="south district")
    assert (south.plans, south.plans_open, south.all.strategies) == (2, 1, 2)
    north = store.statistics.figures(Scope("n", "n", ("North District",)))
    assert (north.plans, north.plans_with_tier_1_3, north.plans_open) == (2, 1, 1)
    assert len(north.by_district) == 1
    assert opened


def test_figures_of_nothing(store):
    found = store.statistics.figures(STATE)
    assert (found.plans, found.all.strategies, found.by_district) == (0, 0, ())
