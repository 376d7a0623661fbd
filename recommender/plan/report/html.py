"""A report as one HTML page that prints on one sheet; nothing is loaded from anywhere."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from recommender.plan.report.page import CAVEAT, ReportPage

# A sheet holds about so many strategies; the rest are counted, and stand in the JSON and workbook.
MOST_ROWS = 12


def report_html(page: ReportPage) -> str:
    """Render the page; every word of the plan is escaped."""
    rows = page.most_telling
    return _template().render(
        page=page, rows=rows[:MOST_ROWS], left_out=len(rows[MOST_ROWS:]), caveat=CAVEAT
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("recommender.plan.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("plan.html")
