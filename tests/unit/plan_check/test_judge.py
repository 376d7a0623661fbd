"""What a link's probability, cues and namesakes make of it, with everything else held still."""

from types import SimpleNamespace

import pytest

from recommender.plan.cues import Cue
from recommender.plan.judge import Thresholds, judge
from recommender.plan.link import Candidate
from recommender.plan.mentions import Mention
from recommender.plan.verdicts import Strategy
from recommender.records import Context

SCHOOL = Context(grades=("K", "1", "2", "3"), state="MA")
TEXT = "Reading Recovery lessons each day"
READING_RECOVERY, SOUND_PARTNERS = "wwc-intervention:209", "wwc-intervention:440"
GUIDE = "wwc-practice-guide:21/2"


def cue(effect, yields=False, group="some"):
    return Cue(group, "it is said so", effect, "words", yields)


def named(
    cards,
    probability,
    *cues,
    practice_ids=(READING_RECOVERY,),
    content=6.0,
    likeness=0.0,
    **mention,
):
    found = Mention(0, 16, "Reading Recovery", practice_ids, **mention)
    candidate = Candidate(
        practice_ids,
        TEXT[:16],
        probability,
        cues,
        {"content": content},
        practice_ids[0],
        found,
    )
    reading = SimpleNamespace(
        about=(),
        text=TEXT,
        named=(candidate,),
        cues=cues,
        unknown_names=(),
        guide=Candidate((GUIDE,), TEXT, likeness, (), {}, guide=SimpleNamespace()),
        doing=3.0,
        is_about_nothing=False,
    )
    return judge(Strategy("s", TEXT), reading, SCHOOL, cards, Thresholds())


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [(0.86, "meets"), (0.84, "needs_review"), (0.11, "needs_review"), (0.09, "no_evidence_found")],
)
def test_a_name_by_its_probability(cards, probability, verdict):
    assert named(cards, probability).verdict == verdict


@pytest.mark.parametrize(
    ("probability", "yields", "verdict"),
    [
        (0.92, False, "no_evidence_found"),
        (0.99, False, "needs_review"),  # never meets against such words
        (0.49, True, "no_evidence_found"),
        (0.51, True, "needs_review"),
        (0.92, True, "needs_review"),
        (0.94, True, "meets"),
    ],
)
def test_words_that_block(cards, probability, yields, verdict):
    assert named(cards, probability, cue("none", yields)).verdict == verdict


def test_words_that_ask_are_asked_about_however_sure(cards):
    assert named(cards, 0.999, cue("review")).verdict == "needs_review"
    assert named(cards, 0.999, cue("review", group="mtss_tier")).verdict == "meets"


def test_a_name_in_small_letters_needs_more(cards):
    small = {"is_weak": True, "is_capitalised": False}
    assert named(cards, 0.92, **small).verdict == "needs_review"
    assert named(cards, 0.94, **small).verdict == "meets"


def test_an_ambiguous_name_needs_a_text_about_the_programme(cards):
    weak = {"is_weak": True, "is_ambiguous": True}
    assert named(cards, 0.99, content=4.6, **weak).verdict == "meets"
    assert named(cards, 0.99, content=4.4, **weak).verdict == "needs_review"
    assert named(cards, 0.86, content=4.6, **weak).verdict == "meets"
    assert named(cards, 0.84, content=4.6, **weak).verdict == "needs_review"


@pytest.mark.parametrize(
    ("likeness", "practice_id", "verdict"),
    [(0.3, READING_RECOVERY, "needs_review"), (0.9, GUIDE, "meets")],
)
def test_a_generic_name_is_never_enough_but_the_content_may_be(
    cards, likeness, practice_id, verdict
):
    for words in ({"is_generic": True}, {"is_capitalised": False}):
        found = named(cards, 0.9, likeness=likeness, is_weak=True, **words)
        assert (found.verdict, found.practice_id) == (verdict, practice_id)


def test_content_does_not_outdo_a_name(cards):
    found = named(cards, 0.5, likeness=0.99)
    assert (found.verdict, found.practice_id) == ("needs_review", READING_RECOVERY)
    found = named(cards, 0.95, likeness=0.99, is_weak=True, is_capitalised=False)
    assert (found.verdict, found.practice_id) == ("meets", READING_RECOVERY)


def test_a_namesake_for_other_grades_is_not_meant(cards):
    teams, middle_school_teams = "wwc-intervention:1370", "wwc-intervention:2257"
    found = named(cards, 0.99, practice_ids=(middle_school_teams, teams))
    assert (found.verdict, found.practice_id) == ("meets", teams)


def test_a_shared_name_meets_where_every_programme_of_that_name_counts(cards):
    both = named(cards, 0.99, practice_ids=(SOUND_PARTNERS, READING_RECOVERY))
    assert (both.verdict, both.practice_id) == ("meets", SOUND_PARTNERS)  # the nearest
    other_grades = next(
        c.practice.practice_id
        for c in cards.values()
        if c.practice.tier and c.practice.sample.grades == ("9",) and not c.practice.guide
    )
    found = named(cards, 0.99, practice_ids=(READING_RECOVERY, other_grades))
    assert found.verdict == "needs_review"
    assert "is the name of 2 programmes" in found.reasons[0]


@pytest.fixture(scope="module")
def without_tier(cards):
    return next(
        c.practice.practice_id
        for c in cards.values()
        if not c.practice.guide
        and not c.practice.is_umbrella
        and not c.practice.siblings
        and all(d.published_tier is None and d.derived_tier is None for d in c.practice.domains)
    )


@pytest.mark.parametrize(
    ("probability", "verdict"), [(0.51, "does_not_meet"), (0.49, "no_evidence_found")]
)
def test_nobody_is_asked_whether_a_programme_without_a_tier_is_adopted(
    cards, without_tier, probability, verdict
):
    assert named(cards, probability, practice_ids=(without_tier,)).verdict == verdict
    asked = named(cards, probability, practice_ids=(without_tier,), extension="Plus")
    assert asked.verdict == "needs_review"
    asked = named(cards, probability, cue("review"), practice_ids=(without_tier,))
    assert asked.verdict == "needs_review"


def by_content(cards, probability, doing, practice_id=GUIDE, nothing=False):
    guide = Candidate((practice_id,), TEXT, probability, (), {}, guide=SimpleNamespace())
    reading = SimpleNamespace(
        about=(),
        text=TEXT,
        named=(),
        cues=(),
        unknown_names=(),
        guide=guide,
        doing=doing,
        is_about_nothing=nothing,
    )
    return judge(Strategy("s", TEXT), reading, SCHOOL, cards, Thresholds())


@pytest.mark.parametrize(
    ("probability", "doing", "verdict"),
    [
        (0.81, 0.6, "meets"),
        (0.79, 0.6, "needs_review"),
        (0.99, 0.4, "needs_review"),  # perhaps only a wish, or data
        (0.99, -1.6, "no_evidence_found"),
        (0.05, -1.4, "needs_review"),
    ],
)
def test_content_by_its_probability_and_by_what_is_done(cards, probability, doing, verdict):
    assert by_content(cards, probability, doing).verdict == verdict


def test_a_far_recommendation_is_not_shown(cards):
    near, far = by_content(cards, 0.11, 3.0), by_content(cards, 0.09, 3.0)
    assert near.practice_id == GUIDE
    assert (far.verdict, far.practice_id, far.probability) == ("needs_review", None, None)
    assert far.question is not None
    assert "Which programme" in far.question


def test_what_is_about_nothing_meets_all_the_same_where_a_recommendation_is_followed(cards):
    assert by_content(cards, 0.9, 3.0, nothing=True).verdict == "meets"
    assert by_content(cards, 0.5, 3.0, nothing=True).verdict == "no_evidence_found"
