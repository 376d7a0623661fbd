"""Labels beside what the check found in a file."""

import pytest

from recommender.audit.quality import LabelledPlan, LabelledStrategy, compare, differences, report
from recommender.plan.verdicts import Verdict


def label(text, verdict=Verdict.MEETS):
    return LabelledStrategy(text, verdict, None, "")


def plan(*strategies, other_lines=(), either=()):
    return LabelledPlan("a.txt", False, ("1",), "meets", strategies, other_lines, either)


def record(*statements, grades=("1",), verdict="meets"):
    return {
        "verdict": verdict,
        "school": {"grades": list(grades)},
        "strategies": [
            {"id": f"s{n}", "text": text, "verdict": found, "reasons": ["so it is"]}
            for n, (text, found) in enumerate(statements)
        ],
    }


TUTORING = "Tutors read with first graders every day"
NIGHT = "Hold a family night in the library"


def test_a_strategy_is_found_in_words_that_a_page_breaks_differently():
    judged = compare(
        plan(label(TUTORING)), record(("Tutors  read with first grad-ers, every day.", "meets"))
    )
    assert judged.found[0].verdict == "meets"
    assert judged.others == ()


def test_a_strategy_that_nobody_read_is_not_found():
    judged = compare(plan(label(TUTORING)), record((NIGHT, "meets")))
    assert judged.found[0].verdict == "not found"
    assert [one["text"] for one in judged.others] == [NIGHT]


@pytest.mark.parametrize(("text", "wrong"), [(NIGHT, 1), (f"{NIGHT}. {TUTORING}", 0)])
def test_a_meet_is_wrong_unless_the_statement_holds_something_else(text, wrong):
    judged = compare(plan(label(NIGHT, Verdict.NO_EVIDENCE_FOUND)), record((text, "meets")))
    assert sum(one.is_wrong for one in judged.found) == wrong
    assert any(line.startswith(f"wrong meets: {wrong} of labelled") for line in report([judged]))


def test_lines_of_other_kinds_are_counted_and_steps_are_not():
    goal, step = "Sixty percent will read at grade level", "Order the books by August"
    judged = compare(
        plan(label(TUTORING), other_lines=(goal,), either=(step,)),
        record((TUTORING, "meets"), (goal, "needs_review"), (step, "needs_review")),
    )
    assert judged.kept == (goal,)
    assert judged.others == ()


def test_differences_name_the_file_the_grades_and_the_words():
    judged = compare(plan(label(TUTORING)), record((TUTORING, "needs_review"), grades=("2",)))
    lines = list(differences(judged))
    assert lines[0] == "a.txt grades ['2'], labelled ('1',)"
    assert lines[1] == f"a.txt meets -> needs_review | {TUTORING} | so it is"
    assert "true meets that meet, from file to verdict: 0 of 1 (0.0%)" in list(report([judged]))
