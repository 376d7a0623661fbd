"""The search over the whole corpus, with an encoder that knows only words."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import BadIndex, BadInput, UnknownPractice
from recommender.records import Context, Kind
from recommender.search.ranking import TEXT_TERMS, WEIGHTS, score
from recommender.search.recommender import Filters, Recommender, Request
from recommender.search.selection import FIRST_PAGE, serve_every_part
from tests.conftest import WordEncoder

CAUSES = [
    "Gr. 1 readers cannot blend or segment sounds",
    "Fractions are taught as rules; no number lines. Families are not told how to help",
    "MLLs sit silently in content classes",
    "29% chronically absent, mostly K",
]


@pytest.mark.parametrize("cause", CAUSES)
def test_the_same_question_gets_the_same_answer(word_search, word_indexes, cause):
    again = Recommender.open(word_indexes, WordEncoder())
    assert word_search.recommend(Request(cause)) == again.recommend(Request(cause))


@pytest.mark.parametrize("cause", CAUSES)
def test_ranks_count_up_and_scores_fall_within_the_first_page(word_search, cause):
    results = word_search.recommend(Request(cause, limit=50)).results
    assert [r.rank for r in results] == list(range(1, 51))
    assert len({r.practice_id for r in results}) == 50
    later = [r.score for r in results[FIRST_PAGE:]]
    assert later == sorted(later, reverse=True)


@pytest.mark.parametrize("cause", CAUSES)
def test_every_result_cites_findings_that_exist(word_search, corpus, cause):
    findings = {f.finding_id: f for f in corpus.evidence.findings}
    for result in word_search.recommend(Request(cause, limit=30)).results:
        for finding_id in result.deciding_findings:
            practice = f"wwc-intervention:{findings[finding_id].intervention_id}"
            assert practice == result.practice_id
        if result.tier and result.kind is Kind.INTERVENTION:
            assert result.deciding_findings


@given(
    st.sampled_from(CAUSES),
    st.sets(st.sampled_from([1, 2, 3])),
    st.sets(st.sampled_from([1, 2, 3, 4])),
    st.sets(st.sampled_from(list(Kind))),
)
@settings(max_examples=25)
def test_filtered_answers_hold_only_what_passes(word_search, cause, tiers, practices, kinds):
    filters = Filters(tuple(tiers), tuple(practices), tuple(kinds))
    for result in word_search.recommend(Request(cause, filters=filters, limit=20)).results:
        assert not tiers or result.tier in tiers
        assert not practices or set(result.turnaround_practices) & practices
        assert not kinds or result.kind in kinds


def test_postsecondary_practices_come_only_by_name(word_search):
    ids = {r.practice_id for r in word_search.recommend(Request(
        "college students drop out of developmental courses", limit=100)).results}  # fmt: skip
    assert not any(word_search.card(i).practice.postsecondary_only for i in ids)
    named = "We want accelerated study in associate programs for our graduates"
    results = word_search.recommend(Request(named, limit=100)).results
    assert "wwc-intervention:1072" in {r.practice_id for r in results}


def test_grouping_shows_one_practice_a_family(word_search):
    request = Request(CAUSES[0], limit=20, group_by_family=True)
    families = [r.family for r in word_search.recommend(request).results]
    assert len(set(families)) == len(families)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (Request("  "), "root_cause: found nothing, expected the cause in your own words"),
        (Request("x" * 5001), "root_cause: 5001 characters, at most 5000"),
        (Request("x", limit=0), "limit: found 0, expected 1 to 100"),
        (
            Request("x", Context(grades=("13",), urbanicity="town")),
            "grade: found '13', expected one of PK, K, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, PS; "
            "urbanicity: found 'town', expected urban, suburban, rural",
        ),
        (Request("x", filters=Filters(tiers=(4,))), "tier: found 4, expected 1, 2 or 3"),
        (
            Request("x", filters=Filters(turnaround_practices=(5,))),
            "turnaround practice: found 5, expected 1 to 4",
        ),
    ],
)
def test_bad_requests_name_every_fault(word_search, request_, message):
    with pytest.raises(BadInput) as caught:
        word_search.recommend(request_)
    assert str(caught.value) == message


def test_nonsense_has_no_good_match(word_search):
    for text in ("???", "12 34%", "the of and"):
        assert word_search.recommend(Request(text)).no_good_match


def test_unknown_ids_are_refused(word_search):
    with pytest.raises(UnknownPractice, match="'wwc-intervention:0': no such practice"):
        word_search.card("wwc-intervention:0")
    with pytest.raises(UnknownPractice):
        word_search.evidence_file("nothing")


def test_another_encoder_is_refused(word_search):
    class Other(WordEncoder):
        name = "other"

    with pytest.raises(BadIndex, match="index was built with model 'words'"):
        Recommender(word_search.index, Other())


def test_evidence_never_lifts_what_is_not_relevant(word_search):
    """With no match at all, the best evidence in the world scores nothing."""
    query = word_search.reader.read(CAUSES[0])
    _, terms = word_search.score_terms(query, Context())
    none = np.zeros_like(terms.dense)
    silent = replace(terms, **dict.fromkeys(TEXT_TERMS, none), evidence=np.ones_like(none))
    assert score(silent, WEIGHTS).max() == 0


def test_order_of_the_school_context_never_matters(word_search):
    grades = ["3", "4", "5", "K"]
    rng = random.Random(1)
    first = word_search.recommend(Request(CAUSES[1], Context(grades=tuple(grades))))
    rng.shuffle(grades)
    second = word_search.recommend(Request(CAUSES[1], Context(grades=tuple(grades))))
    assert [r.practice_id for r in first.results] == [r.practice_id for r in second.results]


def test_a_forgotten_part_is_brought_to_the_end_of_the_first_page():
    class Match:
        by_part = np.array([[0.9] * 10 + [0.1, 0.2], [0.3] * 10 + [0.8, 0.7]], np.float32)

    order = serve_every_part(list(range(12)), Match)
    assert order == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 9, 11]


def test_a_part_that_nothing_matches_moves_nothing():
    class Match:
        by_part = np.array([[0.9] * 12, [0.3] * 11 + [0.4]], np.float32)

    assert serve_every_part(list(range(12)), Match) == list(range(12))


@pytest.mark.parametrize("cause", CAUSES)
def test_the_terms_shown_add_up_to_the_score(word_search, cause):
    context = Context(grades=("1",), student_groups=("ELL",), state="MA")
    for result in word_search.recommend(Request(cause, context, limit=30)).results:
        assert sum(result.terms.values()) == pytest.approx(result.score, abs=2e-3)


def test_a_school_that_states_no_grades_gets_no_tier_of_its_own(word_search):
    results = word_search.recommend(Request(CAUSES[0])).results
    assert {r.tier_in_school for r in results} == {None}


def test_the_deciding_findings_carry_the_tier_shown(word_search):
    results = word_search.recommend(Request(CAUSES[0], Context(grades=("1",)), limit=30)).results
    for result in results:
        domains = {
            d.outcome_domain: d for d in word_search.card(result.practice_id).practice.domains
        }
        shown = result.tier_for_need or result.tier
        for outcome, finding_id in zip(result.tier_outcomes, result.deciding_findings):
            assert domains[outcome].tier == shown
            assert domains[outcome].counted[0].finding_id == finding_id


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_a_short_page_serves_parts_too(limit):
    class Match:
        by_part = np.array([[0.9] * 10 + [0.1, 0.2], [0.3] * 10 + [0.8, 0.7]], np.float32)

    order = serve_every_part(list(range(12)), Match, limit)
    assert (10 in order[:limit]) == (limit > 1)
    assert sorted(order) == list(range(12))


def test_a_practice_that_was_tested_without_effect_says_so(word_search):
    cause = "Parents of early readers do not know how to help with reading at home"
    results = word_search.recommend(Request(cause, limit=100)).results
    for result in results:
        silent = result.tier is None and result.kind is Kind.INTERVENTION
        tested = result.findings.null + result.findings.negative
        expected = bool(silent and tested and not result.findings.positive)
        umbrella = word_search.card(result.practice_id).practice.is_umbrella
        said = any("significant positive effect" in caution for caution in result.cautions)
        assert said == (expected and not umbrella), result.practice_id
    assert any("significant positive effect" in c for r in results for c in r.cautions)
