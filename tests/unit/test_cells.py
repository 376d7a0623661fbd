from datetime import date

import pytest

from recommender.ingest import cells
from recommender.records import Design, Direction, Unit


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (cells.text, "  Reading   achievement ", "Reading achievement"),
        (cells.text, "&quot;Facing&quot; &amp;amp; more", '"Facing" & more'),
        (cells.text, "   ", None),
        (cells.identifier, "209", 209),
        (cells.identifier, "", None),
        (cells.number, "-0.07", -0.07),
        (cells.number, " ", None),
        (cells.count, "0", 0),  # zero is not unreported
        (cells.count, "12.0", 12),
        (cells.percent, "0.00", 0.0),
        (cells.flag, "1.00", True),
        (cells.flag, "4.00", True),  # the export also writes counts
        (cells.flag, "0", False),
        (cells.boolean, "True", True),
        (cells.boolean, "", None),
        (cells.tier, "Evidence Tier 2", 2),
        (cells.design, "Randomized controlled trial", Design.RCT),
        (cells.design, "Randomized Controlled Trial", Design.RCT),
        (cells.design, "Single Case Design", Design.SINGLE_CASE),
        (cells.design, "Regression Discontinuity Design", Design.REGRESSION_DISCONTINUITY),
        (cells.unit, "school", Unit.SCHOOL),
        (cells.unit, "Classroom", Unit.CLASS),
        (cells.direction, "No discernable effect size direction", Direction.NOT_DISCERNIBLE),
        (cells.posting_date, "3/1/2021 12:00:00 AM", date(2021, 3, 1)),
        (cells.year, "1999a", 1999),
        (cells.year, "2013, April/May", 2013),
        (cells.year, "n.d.", None),
        (cells.rating_word, "N/A", None),
        (cells.rating_word, "Mixed Effects", "mixed effects"),
        (cells.page, "/Study/80434", "https://ies.ed.gov/ncee/wwc/Study/80434"),
    ],
)
def test_cell_values(parse, cell, value):
    assert parse(cell) == value


@pytest.mark.parametrize(
    ("parse", "cell", "expected"),
    [
        (cells.identifier, "12a", "a whole number"),
        (cells.identifier, "-3", "a whole number"),
        (cells.number, "n/a", "a number"),
        (cells.number, "nan", "a finite number"),
        (cells.number, "inf", "a finite number"),
        (cells.count, "-1", "a count of zero or more"),
        (cells.percent, "151.00", "a percentage from 0 to 100"),
        (cells.flag, "yes", "a number"),
        (cells.boolean, "1", "True or False"),
        (cells.tier, "Tier 1", "Evidence Tier 1, 2 or 3"),
        (cells.design, "Case study", "a WWC study design"),
        (cells.posting_date, "2021-03-01", "a date such as 3/1/2021"),
    ],
)
def test_bad_cells_say_what_was_expected(parse, cell, expected):
    with pytest.raises(cells.BadCell) as caught:
        parse(cell)
    assert str(caught.value) == expected
