import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.records import GRADES
from recommender.search.query import QueryReader, mentioned_grades


@pytest.fixture(scope="module")
def reader(corpus):
    return QueryReader(corpus.vocabulary, corpus.areas, frozenset({"comprehens", "phonic"}))


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("Lowest 20% of gr. 1", ("1",)),
        ("grades 3-5 and gr 7", ("3", "4", "5", "7")),
        ("K-2 teams", ("K", "1", "2")),
        ("PreK-1 classrooms", ("PK", "K", "1")),
        ("5th gr science, 9th graders", ("5", "9")),
        ("first grade and kindergarten", ("K", "1")),
        ("first and second grade teams", ("1", "2")),
        ("students whose second language is English. First, no plan; a third interventionist", ()),
        ("missing K is not seen as a problem", ("K",)),
        ("gr 6, 7 and 8", ("6", "7", "8")),
        ("No Tier 3 before a referral", ()),  # an MTSS tier is no grade
        ("ELD 3-4 students", ()),  # a language level is no grade
        ("58% of 22 students in 3 rooms", ()),
        ("newcomers in HS", ("9", "10", "11", "12")),
        ("middle schoolers", ("6", "7", "8")),
        ("HS teams, gr 9", ("9",)),
        ("grade 13", ()),
        ("sophomores, juniors and seniors", ("10", "11", "12")),
        ("the senior leadership team, junior high", ()),
        ("kindergarteners and prekindergarten", ("PK", "K")),
    ],
)
def test_grades_named_in_a_text(text, grades):
    assert mentioned_grades(text) == grades


@pytest.mark.parametrize(
    ("raw", "kept", "dropped"),
    [
        ("46% below benchmark on DIBELS", "below benchmark", "DIBELS"),
        ("58% of SWD not meeting on MCAS math vs 22%", "students with disabilities", "22"),
        ("No Tier 3 before a SPED referral", "intensive intervention", "Tier 3"),
        ("Tier 1/2 varies", "core instruction and small group", "Tier"),
        ("MLLs lack academic words", "multilingual learners", "MLL"),
        ("a fast reader", "fast reader", "zzz"),  # a test name in lower case is a word
    ],
)
def test_what_the_encoder_gets(reader, raw, kept, dropped):
    clean = reader.clean(raw)
    assert kept in clean
    assert dropped not in clean


def test_an_mtss_tier_is_never_an_evidence_tier(reader):
    assert "1" not in reader.read("Tier 1 is weak. Tier 3 is missing.").text


def test_parts_of_a_compound_cause_keep_their_own_words(reader):
    query = reader.read(
        "58% of SWD miss fractions, taught as rules. Also families are not told how to help at home"
    )
    assert len(query.parts) == len(query.clauses) == 2
    assert query.parts[0].startswith("58% of SWD")


@pytest.mark.parametrize("raw", ["Weak phonics.", "Weak phonics. Yes.", "phonics; K"])
def test_a_short_rest_is_no_part_of_its_own(reader, raw):
    assert reader.read(raw).parts == ()


def test_a_misspelt_word_finds_its_stem(reader):
    assert "comprehens" in reader.read("weak comprehansion of text").tokens


@pytest.mark.parametrize(
    ("raw", "area"),
    [
        ("students cannot decode words", "early-reading"),
        ("fractions taught as rules", "number-mathematics"),
        ("chronically absent students", "attendance"),
        ("suspensions are high", "behavior"),
        ("essays lack evidence, no revising", "writing"),
    ],
)
def test_areas_of_need(reader, raw, area):
    assert area in reader.read(raw).areas


def test_a_special_education_referral_is_not_about_discipline(reader):
    assert "behavior" not in reader.read("no help before a SPED referral").areas


@given(st.text(max_size=300))
def test_any_text_can_be_read(reader, raw):
    query = reader.read(raw)
    assert len(query.parts) == len(query.clauses)
    assert list(query.grades) == sorted(set(query.grades), key=GRADES.index)
    assert reader.read(raw) == query
