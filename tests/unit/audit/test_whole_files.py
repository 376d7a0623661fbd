"""Labelled plan files from the file to the verdict, with the real index."""

import pytest

from recommender import paths
from recommender.audit.desk import AuditSettings, Desk
from recommender.audit.quality import FOLDER, Judged, compare, read_labels
from recommender.plan.document import document_json
from recommender.plan.verdicts import Verdict


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    """The files that nothing was fitted on."""
    corpus = paths.corpus_folder()
    desk = Desk(AuditSettings(paths.indexes_folder(), corpus))
    return [
        compare(label, document_json(desk.check_file(corpus / FOLDER / label.file)))
        for label in read_labels(corpus, held_out=True)
    ]


def test_no_strategy_and_no_plan_wrongly_meets(judged):
    assert not [one for plan in judged for one in plan.found if one.is_wrong]
    assert not [o["text"] for p in judged for o in p.others if o["verdict"] == Verdict.MEETS.value]
    plans = [(p.label.verdict, p.record["verdict"]) for p in judged]
    assert not [label for label, found in plans if found == "meets" and label != "meets"]


def test_most_of_what_stands_in_the_files_is_read(judged):
    assert sum(plan.has_grades for plan in judged) >= 0.9 * len(judged)
    found = [one for plan in judged for one in plan.found]
    assert sum(one.statement is not None for one in found) >= 0.88 * len(found)
    lines = [line for plan in judged for line in plan.label.other_lines]
    assert sum(len(plan.kept) for plan in judged) <= 0.08 * len(lines)
    true = [one for one in found if one.label.verdict is Verdict.MEETS]
    assert sum(one.verdict == Verdict.MEETS.value for one in true) >= 0.68 * len(true)
    plans = [plan for plan in judged if plan.label.verdict == "meets"]
    assert sum(plan.record["verdict"] == "meets" for plan in plans) >= 0.85 * len(plans)
