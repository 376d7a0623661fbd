"""The report of one plan: one page, every word escaped, the same in its three forms."""

import io
from html.parser import HTMLParser

import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.plan.report import make_page, report_html, report_lines, report_pdf
from recommender.plan.report.html import MOST_ROWS
from tests.unit.audit.records import record, strategy

MET = strategy(
    "meets",
    "Reading Recovery for the lowest-scoring first graders",
    tier=1,
    practice={"practice_id": "wwc-intervention:420", "name": "Reading Recovery®"},
    quote="Reading Recovery",
    finding={"study_id": "1", "finding_id": "2", "outcome_domain": "Alphabetics",
             "citation": "Smith, A. (2013). A study."},
    reasons=["the WWC rated a finding on alphabetics"],
)  # fmt: skip
ASKED = strategy("needs_review", "Tutoring in reading", question="Which programme?")
NOTHING = strategy("no_evidence_found", "A new sign at the gate")
SUGGESTED = [
    {"strategy_id": "s2", "practices": [{"practice_id": "p", "name": "Peer tutoring", "tier": 2}]}
]
RECORD = record(
    "plan.docx",
    *(MET, ASKED, NOTHING),
    verdict="meets",
    suggestions=SUGGESTED,
    notes=["page 3: a picture, not read", "sections not found: monitoring"],
)


class Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def html_of(found):
    parser = Words()
    parser.feed(report_html(make_page(found)))
    return parser


def pdf_text(found):
    with pdfplumber.open(io.BytesIO(report_pdf(make_page(found)))) as pdf:
        assert len(pdf.pages) == 1
        return " ".join((pdf.pages[0].extract_text() or "").split())


def plain(found):
    return "\n".join(report_lines(make_page(found)))


@pytest.mark.parametrize("form", [plain, lambda r: " ".join(html_of(r).text), pdf_text])
@pytest.mark.parametrize(
    "words",
    ["Yes: the plan holds", "Reading Recovery", "tier 1 (strong)", "Smith, A. (2013)",
     "Which programme?", "Peer tutoring, tier 2 (moderate)", "monitoring", "a picture, not read",
     "the state decides", "index b1", "A new sign at the gate"],
)  # fmt: skip
def test_every_form_says_it(form, words):
    assert words in form(RECORD)


def test_what_meets_comes_first_in_print_and_the_plan_order_stays_in_lines():
    found = record("a", NOTHING, ASKED, MET, verdict="meets")
    text = pdf_text(found)
    assert text.index("s3:") < text.index("s2:") < text.index("s1:")
    lines = plain(found)
    assert lines.index("s1 ") < lines.index("s2 ") < lines.index("s3 ")


@pytest.mark.parametrize(("verdict", "words"), [
    ("meets", "Yes: "), ("does_not_meet", "No: none"), ("needs_review", "A person has to decide"),
])  # fmt: skip
def test_answer_in_words(verdict, words):
    assert make_page(record("a", NOTHING, verdict=verdict)).answer.startswith(words)


def test_two_hundred_strategies_stay_on_one_page():
    long = strategy("needs_review", "Tutoring " * 500, question="Which? " * 50,
                    reasons=["because " * 80] * 5)  # fmt: skip
    found = record("plan.docx", *([MET] * 100 + [long] * 100))
    assert "more, which the full result lists" in pdf_text(found)
    assert f"And {200 - MOST_ROWS} more" in " ".join(html_of(found).text)


def test_long_unbroken_words_stay_on_one_page():
    assert pdf_text(record("x" * 300 + ".docx", strategy(text="y" * 5000), notes=["z" * 3000] * 9))


def test_nothing_of_a_plan_becomes_markup():
    evil = "<script>alert(1)</script><img src=x onerror=y>&lt;b&gt;<para>"
    found = record(f"{evil}.docx", strategy(text=evil, quote=evil, reasons=[evil]), notes=[evil])
    tags = [tag for tag, _ in html_of(found).tags]
    assert not {"script", "img", "para"} & set(tags)
    assert "<script>" in pdf_text(found)


@given(st.text(max_size=200))
def test_any_text_can_be_printed(text):
    found = record("a.docx", strategy(text=text, quote=text, question=text))
    parser = html_of(found)
    assert {tag for tag, _ in parser.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "div"),
        *("strong", "table", "thead", "tbody", "tr", "th", "td"),
    }
    assert report_pdf(make_page(found)).startswith(b"%PDF")


def test_the_page_loads_nothing():
    for _, attrs in html_of(RECORD).tags:
        assert not {"src", "href", "action"} & attrs.keys()


def test_the_same_result_is_the_same_pdf():
    assert report_pdf(make_page(RECORD)) == report_pdf(make_page(RECORD))


def test_letters_that_the_font_has_not_leave_a_mark():
    assert "¤" in pdf_text(record("a.docx", strategy(text="Plan 学校 for all")))
    assert "Señora Niño" in pdf_text(record("a.docx", strategy(text="Señora Niño leads")))


def test_every_field_of_the_page_says_what_it_is():
    from dataclasses import fields

    page = make_page(RECORD)
    for one in (page, page.strategies[0]):
        assert all(field.metadata.get("help") for field in fields(one))
