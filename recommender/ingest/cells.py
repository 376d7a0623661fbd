"""Cells of the export -> values. A blank cell is `None`; anything unreadable raises `BadCell`."""

import html
import math
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from recommender.records import Design, Direction, StandardsRating, Unit

T = TypeVar("T")


class BadCell(ValueError):
    """What was expected of a cell; the reader adds row, column and what was found."""


def text(cell: str) -> str | None:
    """Trim, collapse white space and undo HTML entities (also doubly escaped ones)."""
    plain = html.unescape(html.unescape(cell)) if "&" in cell else cell
    return " ".join(plain.split()) or None


def identifier(cell: str) -> int | None:
    """Read a positive whole number that names something."""
    if not cell.strip():
        return None
    if not cell.strip().isdecimal():
        raise BadCell("a whole number")
    return int(cell)


def number(cell: str) -> float | None:
    """Read a finite number."""
    if not cell.strip():
        return None
    try:
        value = float(cell)
    except ValueError:
        raise BadCell("a number") from None
    if not math.isfinite(value):
        raise BadCell("a finite number")
    return value


def count(cell: str) -> int | None:
    """Read a count; the export writes some counts with decimals."""
    value = number(cell)
    if value is not None and value < 0:
        raise BadCell("a count of zero or more")
    return None if value is None else round(value)


def percent(cell: str) -> float | None:
    """Read a share of the sample in percent."""
    value = number(cell)
    if value is not None and not 0 <= value <= 100:
        raise BadCell("a percentage from 0 to 100")
    return value


def flag(cell: str) -> bool:
    """Tell whether an indicator column is set; the export also writes counts such as 2.00."""
    value = number(cell)
    return value is not None and value > 0


def _choice(options: dict[str, T], expected: str) -> Callable[[str], T | None]:
    def parse(cell: str) -> T | None:
        key = " ".join(cell.split()).lower()
        if not key:
            return None
        if key not in options:
            raise BadCell(expected)
        return options[key]

    return parse


boolean = _choice({"true": True, "false": False}, "True or False")
tier = _choice({f"evidence tier {n}": n for n in (1, 2, 3)}, "Evidence Tier 1, 2 or 3")
design = _choice({d.value.replace("-", " "): d for d in Design} | {d.value: d for d in Design},
                 "a WWC study design")  # fmt: skip
rating = _choice({r.value.lower(): r for r in StandardsRating}, "a WWC standards rating")
unit = _choice(
    {u.value: u for u in Unit} | {"classroom": Unit.CLASS}, "student, teacher, class or school"
)
direction = _choice(
    {
        "favorable": Direction.FAVORABLE,
        "unfavorable": Direction.UNFAVORABLE,
        "no discernable effect size direction": Direction.NOT_DISCERNIBLE,
    },
    "Favorable, Unfavorable or No discernable effect size direction",
)


def posting_date(cell: str) -> date | None:
    """Read a date such as `3/1/2021 12:00:00 AM`; the time of day means nothing."""
    if not cell.strip():
        return None
    try:
        return datetime.strptime(cell.strip().split(" ")[0], "%m/%d/%Y").date()
    except ValueError:
        raise BadCell("a date such as 3/1/2021") from None


def year(cell: str) -> int | None:
    """Find the four-digit year in forms such as `1999a` or `2013, April/May`; `n.d.` has none."""
    found = re.search(r"(?:19|20)\d\d", cell)
    return int(found[0]) if found else None


def rating_word(cell: str) -> str | None:
    """Read an intervention report's rating; `N/A` and `Not Measured` say that there is none."""
    word = text(cell)
    return None if word in (None, "N/A", "Not Measured") else word.lower()


def page(cell: str) -> str | None:
    """Turn a path on the WWC's site into a full address."""
    path = text(cell)
    return None if path is None else "https://ies.ed.gov/ncee/wwc" + path


Parser = Callable[[str], Any]
