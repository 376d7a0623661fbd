import pytest

from recommender import paths
from recommender.errors import BadCorpus, BadInput
from recommender.plan.check import MAX_STRATEGIES, check_plan_input
from recommender.plan.cues import CueBook, CueEntry
from recommender.plan.rules import Asks, read_rule
from recommender.plan.verdicts import Plan, Strategy, Verdict, has_top_tier
from recommender.records import Context


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan(Context(), ()), f"strategies: found 0, expected 1 to {MAX_STRATEGIES}"),
        (Plan(Context(), (Strategy("a", " "),)), "strategy 'a': found no text"),
        (
            Plan(Context(), (Strategy("a", "x"), Strategy("a", "y"))),
            "strategies: id 'a' comes twice",
        ),
        (
            Plan(Context(), (Strategy("a", "x" * 5001),)),
            "strategy 'a': 5001 characters, at most 5000",
        ),
        (
            Plan(Context(grades=("13",)), (Strategy("a", "x"),)),
            "school grade: found '13', expected one of "
            "PK, K, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, PS",
        ),
        (
            Plan(Context(urbanicity="city"), (Strategy("a", "x"),)),
            "school urbanicity: found 'city', expected urban, suburban, rural",
        ),
        # Every fault at once.
        (
            Plan(Context(urbanicity="city"), (Strategy("a", ""),)),
            "strategy 'a': found no text; "
            "school urbanicity: found 'city', expected urban, suburban, rural",
        ),
    ],
)
def test_a_bad_plan_is_refused_with_every_fault(plan, message):
    with pytest.raises(BadInput) as error:
        check_plan_input(plan)
    assert str(error.value) == message


def test_an_unknown_rule_names_the_known_ones():
    with pytest.raises(BadInput) as error:
        read_rule("../x", paths.corpus_folder())
    expected = "rule: found '../x', expected one of any-tier, ma-plan, section-1003"
    assert str(error.value) == expected


def test_every_rule_asks_something_else():
    asked = {
        read_rule(r, paths.corpus_folder()).asks for r in ("any-tier", "ma-plan", "section-1003")
    }
    assert asked == set(Asks)


def test_a_broken_phrase_names_the_file_and_the_group():
    entry = CueEntry("dropped", "it is dropped", "none", "before", ("(",))
    with pytest.raises(BadCorpus, match=r"cues\.yaml, group dropped: not a regular expression"):
        CueBook([entry], "cues.yaml")


@pytest.mark.parametrize(
    ("verdicts", "answer"),
    [
        ((Verdict.MEETS, Verdict.NEEDS_REVIEW), True),
        ((Verdict.DOES_NOT_MEET, Verdict.NEEDS_REVIEW), None),
        ((Verdict.DOES_NOT_MEET, Verdict.NO_EVIDENCE_FOUND), False),
    ],
)
def test_a_plan_has_a_top_tier_only_when_one_meets(verdicts, answer):
    assert has_top_tier(verdicts) is answer
