"""The check of one plan for people: plain lines, a printable page as HTML, the same as PDF."""

from recommender.plan.report.html import report_html
from recommender.plan.report.page import ReportPage, make_page
from recommender.plan.report.pdf import report_pdf
from recommender.plan.report.plain import report_lines

__all__ = ["ReportPage", "make_page", "report_html", "report_lines", "report_pdf"]
