"""Suggestions: near, tested, in these grades, and never where nothing is near."""

import pytest

from recommender.plan.school import Standing, judge_locally
from recommender.plan.suggest import MOST, suggest
from recommender.plan.verdicts import StrategyVerdict, Verdict
from recommender.records import Context

TUTORING = "Peer tutoring in reading for second graders"


def found(search, text, grades=("2", "3"), practice_id=None):
    verdict = StrategyVerdict("s1", Verdict.NEEDS_REVIEW, (), practice_id=practice_id)
    return suggest(search, text, Context(grades=grades, state="MA"), verdict)


@pytest.mark.parametrize("grades", [("PK",), ("2", "3"), ("9", "10")])
def test_what_is_suggested_would_carry_the_tier(word_search, grades):
    for one in found(word_search, TUTORING, grades):
        card = word_search.card(one.practice_id)
        family = [card, *(word_search.card(sibling) for sibling in card.practice.siblings)]
        local = judge_locally(family, Context(grades=grades, state="MA"), ())
        assert (local.standing, local.tier) == (Standing.COUNTS, one.tier)
        assert one.tier in (1, 2, 3)


def test_a_few_and_one_a_family(word_search):
    practices = found(word_search, TUTORING)
    assert 1 <= len(practices) <= MOST
    families = [word_search.card(one.practice_id).profile.family for one in practices]
    assert len(set(families)) == len(families)


def test_what_the_verdict_names_is_not_suggested(word_search):
    first = found(word_search, TUTORING)[0].practice_id
    again = found(word_search, TUTORING, practice_id=first)
    assert first not in [one.practice_id for one in again]


def test_nothing_is_suggested_where_nothing_is_near(word_search):
    assert found(word_search, "zxqv wqrt plmk bnvz") == ()


def test_grades_that_are_not_known_get_nothing(word_search):
    assert found(word_search, TUTORING, ()) == ()
