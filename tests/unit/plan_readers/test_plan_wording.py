"""Text as a person sees it, and places in plain words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.plan.readers import Place
from recommender.plan.readers.wording import clean, is_short, without_bullet


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  two \t words\u00a0here ", "two words here"),
        ("lines\r\n\r\n stay apart ", "lines\nstay apart"),
        ("bench\u00admark", "benchmark"),
        ("\ufb01rst di\ufb00erence", "first difference"),
        ("high\u2011dosage", "high-dosage"),
        ("e\u0301cole", "école"),
        ("iReady™ and Lexia®", "iReady™ and Lexia®"),  # NFKC alone would say iReadyTM
        ("2½ hours, Tier 2²", "2½ hours, Tier 2²"),  # and 21⁄2 hours, Tier 22
        ("zero\u200bwidth \u202eturned", "zerowidth turned"),
        ("half \ud800 a sign", "half a sign"),
        ("\uf0b7 item", "• item"),
        ("Dear «First_Name», <<School>>", "Dear ,"),
        ("« guillemets » stay", "« guillemets » stay"),
        ("{ MERGEFIELD Name \\* MERGEFORMAT }x", "x"),
        ("Click or tap here to enter text.", ""),
        ("Error! Bookmark not defined.", ""),
    ],
)
def test_clean(text, expected):
    assert clean(text) == expected


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_clean_text_is_one_form_that_any_encoder_takes(text):
    once = clean(text)
    once.encode()
    assert all(line == " ".join(line.split()) != "" for line in once.splitlines())
    assert clean(once.replace("\n", " ")).split() == clean(once).split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("• item", ("item", True)),
        ("- item", ("item", True)),
        ("o item", ("item", True)),
        ("1. item", ("1. item", True)),  # a typed number is the plan's own
        ("(b) item", ("(b) item", True)),
        ("-5% of students", ("-5% of students", False)),
        ("on time", ("on time", False)),
        ("2025. A year", ("2025. A year", False)),
        ("", ("", False)),
    ],
)
def test_without_bullet(line, expected):
    assert without_bullet(line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Person responsible", True),
        ("42", False),
        ("Teachers meet.", False),
        ("one two three four five six seven eight nine", False),
    ],
)
def test_is_short(text, expected):
    assert is_short(text) is expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (
            Place(page=3, table=1, row=4, column=2, header="Strategy"),
            "page 3, table 1, row 4, column 'Strategy'",
        ),
        (Place(page=3, paragraph=7, section="Goal"), "page 3, paragraph 7"),
        (Place(table=2, row=1, column=3), "table 2, row 1, column 3"),
        (Place(sheet="Plan", row=9, column=2, label="Lead"), "sheet 'Plan', row 9 'Lead'"),
        (Place(row=2, header="What\nwe do " + "x" * 80), f"row 2, column 'What we do {'x' * 48}…'"),
        (Place(), "somewhere in the file"),
    ],
)
def test_places_in_words(place, expected):
    assert str(place) == expected
