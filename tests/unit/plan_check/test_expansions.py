"""A plan that spells an abbreviation out says which product it means."""

import pytest

from recommender.plan.expansions import expansion, is_known


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (
            "TIPS interactive homework (Teachers Involve Parents in Schoolwork) weekly",
            "TIPS",
            "Teachers Involve Parents in Schoolwork",
        ),
        (
            "'BARR' = Behavior, Attendance, Reading Report",
            "BARR",
            "Behavior, Attendance, Reading Report",
        ),
        (
            "Peer-Assisted Learning Strategies (PALS) daily",
            "PALS",
            "Peer-Assisted Learning Strategies",
        ),
        ("Use PALS in grade 2, parents and learners smile", "PALS", None),
        ("RR (Reading Recovery)", "RR", None),
        ("PALS (Always Learning Something)", "PALS", None),  # its own letters do not count
    ],
)
def test_words_that_spell_an_abbreviation(text, name, expected):
    start = text.index(name)
    assert expansion(text, start, start + len(name)) == expected


def test_an_ending_makes_no_other_product():
    names = ["BARR", "Building Assets, Reducing Risks"]
    assert is_known("Building Asset Reducing Risk", names)
    assert not is_known("Behavior, Attendance, Reading Report", names)
