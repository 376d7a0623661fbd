"""Traps and clear cases of our own; none is from the labelled set."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import paths
from recommender.plan.check import PlanChecker, check_plan, plan_json
from recommender.plan.rules import read_rule
from recommender.plan.verdicts import Plan, Strategy
from recommender.records import Context

K5 = ("K", "1", "2", "3", "4", "5")
MIDDLE = ("6", "7", "8")
HIGH = ("9", "10", "11", "12")


@pytest.fixture(scope="session")
def checker(search):
    return PlanChecker.open(search)


@pytest.fixture(scope="session")
def rule():
    return read_rule("ma-plan", paths.corpus_folder())


def plan_of(*texts, grades=K5):
    strategies = tuple(Strategy(f"s{i}", text) for i, text in enumerate(texts))
    return Plan(Context(grades=grades, state="MA"), strategies)


def check_one(checker, rule, text, grades=K5):
    return checker.check(plan_of(text, grades=grades), rule).strategies[0]


CLEAR = [
    ("A trained teacher gives Reading Recovery lessons to first graders every day.", K5, 209),
    ("Sound Partners tutoring, 30 minutes a day, for grade 1 readers at risk.", K5, 440),
    ("Grade 9 teams will implement Building Assets Reducing Risks (BARR).", HIGH, 1062),
    ("Check & Connect mentors meet weekly with grade 9 students who miss school.", HIGH, 312),
    ("Seventh graders do their math homework in ASSISTments with daily feedback.", MIDDLE, 980),
    ("In grade 1 we continue Reading Recovary daily, 30 minutes, one-to-one.", K5, 209),  # misspelt
]


@pytest.mark.parametrize(("text", "grades", "number"), CLEAR)
def test_a_clear_adoption_meets(checker, rule, text, grades, number):
    found = check_one(checker, rule, text, grades)
    assert (found.verdict, found.practice_id) == ("meets", f"wwc-intervention:{number}")
    assert found.tier in (1, 2, 3)
    assert found.finding is not None


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("We will stop using Reading Recovery in grade 1 in June.", K5),
        ("Reading Recovery has been discontinued in grade 1.", K5),
        ("Replace Sound Partners with lessons of our own in grade 1.", K5),
        ("Phase out Check & Connect in grade 9 over two years.", HIGH),
        ("The team will consider Reading Recovery for grade 1.", K5),
        ("If funding is approved, grade 1 will receive Reading Recovery daily.", K5),
        ("Grade 1 may use Sound Partners daily.", K5),
        ("Daily Reading Recovery-style lessons for first graders.", K5),
        ("Daily lessons similar to Reading Recovery for first graders.", K5),
        ("Daily lessons modeled on Sound Partners for first graders.", K5),
        ("Weekly meetings inspired by Check & Connect in grade 9.", HIGH),
        ("Use elements of Reading Recovery daily in grade 1.", K5),
        ("Give the Reading Recovery assessment to grade 1 twice a year.", K5),
        ("Use ASSISTments scores in grade 7 data meetings.", MIDDLE),
        ("Purchase ASSISTments licenses for grade 7.", MIDDLE),
        ("In addition to the existing Reading Recovery, grade 1 gets a new library.", K5),
        ("Unlike Reading Recovery, our grade 1 lessons are for groups.", K5),
        ("Our grade 1 coach has Reading Recovery experience and leads daily meetings.", K5),
        ("The Reading Recovery room in the grade 1 wing becomes a library.", K5),
        ("Goal: 80% of Reading Recovery students in grade 1 reach benchmark.", K5),
        ("Tier 1 instruction is strengthened for all students every day.", K5),
        ("Reading Recovery lessons daily for sixth graders.", MIDDLE),  # studied in grade 1
        ("Reading Recovery lessons daily for fifth graders.", K5),  # the school's span, not theirs
        ("Reading Recovery lessons daily.", MIDDLE),  # no grade said; the school has none studied
        ("Read Well lessons daily in kindergarten.", K5),  # not Read Well Kindergarten
        ("Use RR daily in grade 1.", K5),  # may stand for anything
        ("Reading partners help first graders daily.", K5),  # words, not Reading Partners
        ("Saxon Math daily in grades 1 and 2.", K5),  # mixed
        ("Everyday Mathematics lessons daily in grades 3-5.", K5),  # no tier
        ("Tutoring for students who need it.", K5),
        ("Reading Recovery Plus lessons daily for first graders.", K5),  # another product
        ("Families will receive a flyer about Reading Recovery lessons in grade 1.", K5),
        ("Reading Recovery teachers will be reassigned to grade 1 classrooms.", K5),
        ("We plan to write a grant for Reading Recovery in grade 1.", K5),
        ("Reading Recovery will sunset after this school year in grade 1.", K5),
        ("Only two teachers still use Open Court Reading in grade 1.", K5),
        ("Reading Recovery was implemented in 2019 with mixed results in grade 1.", K5),
        ("Scale back Reading Recovery in grade 1 to half a position.", K5),
        ("Create a waiting list for Reading Recovery in grade 1.", K5),
    ],
)
def test_a_trap_never_meets(checker, rule, text, grades):
    assert check_one(checker, rule, text, grades).verdict != "meets"


def test_an_abbreviation_that_the_plan_spells_out_otherwise_is_another_product(checker, rule):
    ours = "Grade 9 teachers use BARR (Building Assets, Reducing Risks) in all classes each week."
    theirs = "Grade 9 teachers use BARR (Behavior, Attendance, Reading Report) in all classes."
    assert check_one(checker, rule, ours, HIGH).verdict == "meets"
    found = check_one(checker, rule, theirs, HIGH)
    assert found.verdict == "needs_review"
    assert "Behavior, Attendance, Reading Report" in " ".join(found.reasons)


def test_the_grades_of_the_findings_that_carry_a_tier_are_the_reason(checker, rule):
    found = check_one(checker, rule, "Reading Recovery lessons daily for fifth graders.", K5)
    assert found.verdict == "needs_review"
    assert "of other grades (K, 1) than the strategy names (5)" in " ".join(found.reasons)
    found = check_one(checker, rule, "Reading Recovery lessons daily.", MIDDLE)
    assert "of other grades (K, 1) than the school's" in " ".join(found.reasons)
    found = check_one(checker, rule, "Reading Recovery lessons daily for first graders.", MIDDLE)
    assert "names grades (1) that are not the school's" in " ".join(found.reasons)


CUES = ["discontinue", "phase out", "stop using", "no longer fund", "eliminate"]


@pytest.mark.parametrize("cue", CUES)
@pytest.mark.parametrize("name", ["Reading Recovery", "Sound Partners", "Open Court Reading"])
def test_a_discontinue_cue_never_gives_meets(checker, rule, cue, name):
    text = f"We will {cue} {name} lessons, given daily in grade 1."
    assert check_one(checker, rule, text).verdict == "no_evidence_found"


@pytest.mark.parametrize(("text", "grades", "number"), CLEAR)
def test_unknown_grades_never_give_meets(checker, rule, text, grades, number):
    found = check_one(checker, rule, text, ())
    assert found.verdict == "needs_review"
    assert found.question


@settings(max_examples=8)
@given(st.permutations(range(len(CLEAR))))
def test_order_of_strategies_never_matters(checker, rule, order):
    texts = [CLEAR[i][0] for i in order]
    found = checker.check(plan_of(*texts, grades=K5 + MIDDLE + HIGH), rule).strategies
    back = {texts[i]: (one.verdict, one.practice_id, one.tier) for i, one in enumerate(found)}
    straight = [CLEAR[i][0] for i in range(len(CLEAR))]
    again = checker.check(plan_of(*straight, grades=K5 + MIDDLE + HIGH), rule).strategies
    assert back == {
        text: (one.verdict, one.practice_id, one.tier) for text, one in zip(straight, again)
    }


@pytest.mark.parametrize(("text", "grades", "number"), CLEAR)
def test_a_cited_finding_exists_and_is_the_practices_own(
    checker, rule, search, text, grades, number
):
    found = check_one(checker, rule, text, grades)
    file = search.evidence_file(found.practice_id)
    finding = next(
        f.finding for f in file.findings if f.finding.finding_id == found.finding.finding_id
    )
    assert finding.outcome_domain == found.finding.outcome_domain
    assert found.finding.study_id in {s.study_id for s in file.studies}


def test_a_plan_says_what_is_missing(search):
    plan = plan_of(CLEAR[0][0], "Daily Reading Recovery-style lessons.")
    body = plan_json(check_plan(search, plan))
    assert body["has_tier_1_3"] is True
    assert body["verdict"] == "meets"
    practices = body["turnaround_practices"]
    assert sorted(practices["covered"] + practices["missing"]) == [1, 2, 3, 4]
    assert body["strategies"][1]["verdict"] == "needs_review"


def test_funds_of_section_1003_ask_each_strategy(search):
    plan = plan_of(CLEAR[0][0], "We will stop using Sound Partners in grade 1.")
    assert check_plan(search, plan, "section-1003").verdict == "does_not_meet"
    assert check_plan(search, plan, "any-tier").verdict == "needs_review"


def test_words_alone_still_give_a_safe_verdict(word_search):
    plan = plan_of("We will stop using Reading Recovery in grade 1.")
    assert check_plan(word_search, plan).strategies[0].verdict == "no_evidence_found"
