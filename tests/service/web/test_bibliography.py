"""Citation files parse with the programs that read them, and give back what went in."""

import json
import re

import pybtex.database
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database.input import bibtex

from recommender.records import Study
from service.web.bibliography import (
    CitationFormat,
    media_type,
    to_bibtex,
    to_csl,
    to_ris,
    write_references,
)
from service.web.citation import OTHERS, Author, Reference, guide_reference, reference_of


def study(citation, publication=None, year=None):
    return Study(7, citation, publication, year, "EJ1", "https://ies.ed.gov/ncee/wwc/Study/7")


@pytest.mark.parametrize(
    ("citation", "publication", "authors", "year", "title"),
    [
        (
            "Bettinger, Eric P.; Baker, Rachel B. (2014). The Effects. Evaluation, v36 n1.",
            "Evaluation, v36 n1",
            (Author("Bettinger", "Eric P."), Author("Baker", "Rachel B.")),
            2014,
            "The Effects",
        ),
        (
            "Bottge, B. A., Ma, X., Toland, M.D., & Cho, S. (2014). Math. Children, 80(4).",
            "Children, 80(4)",
            (
                Author("Bottge", "B. A."),
                Author("Ma", "X."),
                Author("Toland", "M.D."),
                Author("Cho", "S."),
            ),
            2014,
            "Math",
        ),
        # The rest of the authors are not in the source; nobody is invented.
        ("Cole, Kevin N.; And Others. (1993). A. B.", None, (Author("Cole", "Kevin N."), OTHERS),
         1993, "A. B"),
        ("Yeager, D.S., Walton, G.M. et al. (2019). A. B.", None,
         (Author("Yeager", "D.S."), Author("Walton", "G.M."), OTHERS), 2019, "A. B"),
        # One person without a semicolon, and organisations that hold "and".
        ("Graham, Georgia. (2021). Literacy Now. HISD.", "HISD", (Author("Graham", "Georgia"),),
         2021, "Literacy Now"),
        ("Fryer, Roland G., Jr. (2010). Money. NBER.", "NBER",
         (Author("Fryer", "Roland G. Jr."),), 2010, "Money"),
        ("Center for Prevention Research and Development. (2015, September). Schools.", None,
         (Author("Center for Prevention Research and Development"),), 2015, "Schools"),
        ("Center X. (January 2010). Charters. Author.", "Author", (Author("Center X"),), 2010,
         "Charters"),
        # What cannot be taken apart stays whole.
        ("UCLA Center X. (N.D). Report to the Network", None, (), None,
         "UCLA Center X. (N.D). Report to the Network"),
    ],
)  # fmt: skip
def test_citations_are_taken_apart(citation, publication, authors, year, title):
    found = reference_of(study(citation, publication))
    assert (found.authors, found.year, found.title) == (authors, year, title)


def test_the_source_s_year_wins_over_the_one_in_the_text():
    assert reference_of(study("A, B. (2014). T.", year=2013)).year == 2013


def test_every_study_of_the_corpus_has_a_title_and_nearly_all_have_authors(corpus):
    references = [reference_of(study) for study in corpus.evidence.studies]
    assert all(len(reference.title) >= 8 for reference in references)
    assert sum(not reference.authors for reference in references) <= 10


def test_all_studies_of_the_corpus_parse_in_every_format(corpus):
    references = [reference_of(study) for study in corpus.evidence.studies]
    entries = rispy.loads(to_ris(references))
    assert [e["title"] for e in entries] == [" ".join(r.title.split()) for r in references]
    assert len(json.loads(to_csl(references))) == len(references)
    assert len(_bibtex(to_bibtex(references))) == len(references)


def _bibtex(text):
    # A database of its own each time: pybtex warns of a key that comes twice.
    return bibtex.Parser(encoding="utf-8").parse_string(text).entries


# Any text, with the characters that end a field or a line made likely.
texts = st.text(
    st.characters(codec="utf-8") | st.sampled_from('{}\\"&%$#_~^@,=\n\r'), min_size=1, max_size=60
).filter(lambda text: text.split())
authors = st.builds(Author, texts, st.none() | texts)
references = st.builds(
    Reference, st.just("wwc-study-1"), texts, st.lists(authors, max_size=3).map(tuple),
    st.none() | st.integers(1900, 2030), st.none() | texts, st.booleans(), texts,
    st.none() | st.just("EJ1"), st.none(),
)  # fmt: skip


@given(references)
def test_no_text_breaks_ris(reference):
    (entry,) = rispy.loads(to_ris([reference]))
    assert entry["id"] == "wwc-study-1"
    assert len(entry.get("authors", [])) <= len(reference.authors)
    lines = to_ris([reference]).rstrip("\r\n").split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)


@given(references)
def test_no_text_breaks_bibtex(reference):
    text = to_bibtex([reference])
    (entry,) = _bibtex(text).values()
    assert {"title", "url"} <= {name.lower() for name in entry.fields} | (
        {"url"} if not reference.url.strip() else set()
    )
    assert text.count("{") == text.count("}")
    unescaped = re.sub(r"\\.", "", entry.fields["title"])
    assert not set("&%$#_") & set(unescaped)


@given(references)
def test_csl_is_what_went_in(reference):
    (entry,) = json.loads(to_csl([reference]))
    assert entry["title"] == reference.title
    assert entry["type"] in ("article-journal", "report")
    for name, author in zip(entry.get("author", []), reference.authors):
        assert name.get("family", name.get("literal")) == author.family


def test_bibtex_names_organisations_and_others_its_own_way():
    reference = Reference(
        "k", "T", (Author("Center for A and B"), Author("Ma", "X."), OTHERS), 2001, None, False, "u"
    )
    people = _bibtex(to_bibtex([reference]))["k"].persons["author"]
    assert [str(person) for person in people] == ["{Center for A and B}", "Ma, X.", "others"]


def test_a_guide_is_cited_as_the_clearinghouse_s_own(cards):
    guide = cards["wwc-practice-guide:24/2"].practice.guide
    (entry,) = json.loads(to_csl([guide_reference(guide)]))
    assert entry["title"] == guide.guide_title
    assert entry["author"] == [{"literal": "What Works Clearinghouse"}]


@pytest.mark.parametrize("form", CitationFormat)
def test_downloads(pages, form):
    response = pages.get(f"/practices/wwc-intervention:209/citations.{form}")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type(form))
    name = f'attachment; filename="wwc-intervention-209.{form}"'
    assert response.headers["content-disposition"] == name


def test_a_guide_s_id_with_its_slash_has_downloads_too(pages):
    response = pages.get("/practices/wwc-practice-guide:24/2/citations.ris")
    assert rispy.loads(response.text)[0]["publisher"].startswith("Institute of Education Sciences")
    assert "/" not in response.headers["content-disposition"].split("filename=")[1]


def test_unknown_practices_and_formats_have_none(pages):
    assert pages.get("/practices/wwc-intervention:0/citations.ris").status_code == 404
    assert pages.get("/practices/wwc-intervention:209/citations.doc").status_code == 422


def test_nothing_is_written_for_nothing():
    assert [write_references([], form) for form in CitationFormat] == ["", "", "[]\n"]
    assert not pybtex.database.parse_string("", "bibtex").entries
