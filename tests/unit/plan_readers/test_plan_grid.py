"""Which row is the header, what is a banner, a form, a table that goes on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.plan.readers import DEFAULT_LIMITS, BlockKind, Place
from recommender.plan.readers.draft import Draft
from recommender.plan.readers.grid import Cell, place_table


def table(*rows):
    return [
        Cell(row, column, text)
        for row, texts in enumerate(rows, start=1)
        for column, text in enumerate(texts, start=1)
        if text
    ]


def placed(cells, **options):
    draft = Draft("plan.csv", DEFAULT_LIMITS)
    place_table(draft, cells, Place(), **options)
    return [
        (b.place.row, b.place.header or b.place.label, b.text)
        for b in draft.blocks
        if b.style is BlockKind.TABLE_CELL
    ]


LONG = "Teachers plan together for ninety minutes every single week of the year."


@pytest.mark.parametrize(
    ("rows", "headers"),
    [
        ([("Strategy", "Lead"), (LONG, "Ann")], ["Strategy", "Lead"]),
        # title and date above, and a row in between
        (
            [("Plan",), ("Date:", "May"), ("Strategy", "Lead", "Due"), (LONG, "Ann", "June")],
            ["Date", "Strategy", "Lead", "Due"],
        ),
        # no words of a header, but three short cells above long ones
        ([("What", "Ahem", "Hm"), (LONG, "Ann", "4")], ["What", "Ahem", "Hm"]),
        # two short cells can be any two
        ([("Ann", "Bob"), ("Cy", "Di")], [None, None, None, None]),
        # instructions under one of the headers
        (
            [("Strategy", "Lead", "Evidence: " + LONG), (LONG, "Ann", "Logs")],
            ["Strategy", "Lead", "Evidence: " + LONG],
        ),
        # a header row and nothing below it is data
        ([("Strategy", "Lead", "Due")], [None, None, None]),
        # forms
        ([("Goal:", LONG), ("Lead:", "Ann")], ["Goal", "Lead"]),
        (
            [("Root cause", LONG), ("Strategy 1", LONG), ("", LONG)],
            ["Root cause", "Strategy 1", None],
        ),
    ],
)  # fmt: skip
def test_headers(rows, headers):
    assert [header for _, header, _ in placed(table(*rows))] == headers


def test_header_repeated_in_the_middle_is_no_data():
    head = ("Strategy", "Lead", "Due")
    rows = placed(table(head, (LONG, "Ann", "May"), head, (LONG, "Bob", "June")))
    assert [row for row, _, _ in rows] == [2, 2, 2, 4, 4, 4]


def test_a_second_header_takes_over():
    rows = table(
        ("Strategy", "Lead", "Due"),
        (LONG, "Ann", "4"),
        ("Goal", "Owner", "Budget"),
        (LONG, "Bob", "5"),
    )
    assert [header for _, header, _ in placed(rows)][3:] == ["Goal", "Owner", "Budget"]


def test_merged_header_covers_its_columns_and_the_row_below_refines_it():
    cells = [
        Cell(1, 1, "Strategy", height=2), Cell(1, 2, "Timeline", width=2),
        Cell(2, 2, "Start"), Cell(2, 3, "End"),
        Cell(3, 1, LONG), Cell(3, 2, "May"), Cell(3, 3, "June"),
    ]  # fmt: skip
    assert [header for _, header, _ in placed(cells, header_row=1)] == [
        "Strategy", "Timeline / Start", "Timeline / End",
    ]  # fmt: skip


def test_banner_opens_a_section():
    draft = Draft("plan.docx", DEFAULT_LIMITS)
    cells = [
        Cell(1, 1, "Strategy"), Cell(1, 2, "Lead"),
        Cell(2, 1, "Goal 2: Reading", width=2),
        Cell(3, 1, LONG), Cell(3, 2, "Ann"),
    ]  # fmt: skip
    place_table(draft, cells, Place(table=1))
    assert draft.blocks[2].style is BlockKind.HEADING
    assert [b.place.section for b in draft.blocks] == [None, None, None, *["Goal 2: Reading"] * 2]


def test_a_lone_cell_under_a_header_is_data_not_a_banner():
    rows = placed(table(("Strategy", "Lead"), ("Tutoring",), (LONG, "Ann")))
    assert rows[0] == (2, "Strategy", "Tutoring")


def test_headers_are_carried_on_unless_the_table_has_its_own():
    carried = {1: "Strategy", 2: "Lead", 3: "Due"}
    short = table(("Tutoring", "Ann", "May"), (LONG, "Bob", "June"))
    assert [h for _, h, _ in placed(short, carried=carried)] == ["Strategy", "Lead", "Due"] * 2
    own = table(("Goal", "Owner", "Budget"), (LONG, "Bob", "5"))
    assert [h for _, h, _ in placed(own, carried=carried)] == ["Goal", "Owner", "Budget"]


texts = st.sampled_from(["", "Strategy", "Lead", "Goal:", "x", LONG, "42"])


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(st.lists(texts, min_size=1, max_size=4), max_size=6), st.randoms())
def test_every_cell_is_kept_once_in_any_order(rows, rng):
    cells = table(*rows)
    draft, again = Draft("a", DEFAULT_LIMITS), Draft("a", DEFAULT_LIMITS)
    place_table(draft, cells, Place())
    place_table(again, rng.sample(cells, len(cells)), Place())
    assert draft.blocks == again.blocks
    assert [(b.place.row, b.place.column, b.text) for b in draft.blocks] == [
        (cell.row, cell.column, cell.text) for cell in cells
    ]
