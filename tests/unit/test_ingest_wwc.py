import zipfile

import pytest

from recommender.errors import BadArchive
from recommender.ingest import archive as archive_module
from recommender.ingest.columns import ALL_SOURCES
from recommender.ingest.corpus_files import read_evidence, write_evidence
from recommender.ingest.update import ingest_wwc
from recommender.ingest.wwc import read_wwc_export
from recommender.records import Design
from tests.unit.export_maker import archive, csv_text, export, row


def test_reads_a_row_into_every_record(tmp_path):
    evidence = read_wwc_export(export(tmp_path / "e.zip", row())).evidence
    finding, review = evidence.findings[0], evidence.reviews[0]
    assert finding.outcome_domain == "Alphabetics"
    assert finding.published_tier == 1
    assert review.design is Design.RCT
    assert review.sample.grades == ("1",)
    assert evidence.studies[0].citation.endswith('"words". Journal of Samples.')
    assert evidence.studies[0].year == 2015


def test_unknown_stays_apart_from_zero(tmp_path):
    rows = [
        row(f_Outcome_Sample_Size="0", s_Demographics_Sample_ELL="0.00"),
        row(f_FindingID="2", f_Outcome_Sample_Size="", s_Demographics_Sample_ELL="0.00"),
    ]
    evidence = read_wwc_export(export(tmp_path / "e.zip", *rows)).evidence
    assert [f.sample_size for f in evidence.findings] == [0, None]
    assert evidence.reviews[0].sample.english_learners_percent == 0.0
    assert evidence.reviews[0].sample.low_income_percent is None


def test_blank_study_fields_are_lent_by_the_intervention_report(tmp_path):
    report = {
        "i_InterventionID": "5",
        "i_Protocol": "Beginning Reading",
        "i_Protocol_Version": "1.0",
        "i_Outcome_Domain": "Alphabetics",
        "i_Intervention_Page_URL": "/intervention/5",
        "i_Urbanicity_Urban": "1.00",
        "i_Grade_2": "1.00",
    }
    ingest = read_wwc_export(export(tmp_path / "e.zip", row(**report)))
    sample = ingest.evidence.reviews[0].sample
    assert sample.urbanicity == ("urban",)
    assert sample.grades == ("1",)  # the study's own grades stay
    assert sample.borrowed == ("urbanicity",)


def test_order_of_rows_never_matters(tmp_path):
    rows = [row(f_FindingID=str(n), ReviewID=str(20 - n), s_StudyID=str(n)) for n in range(1, 6)]
    first = read_wwc_export(export(tmp_path / "a.zip", *rows)).evidence
    second = read_wwc_export(export(tmp_path / "b.zip", *reversed(rows))).evidence
    assert first == second


def test_refuses_rows_one_by_one_and_says_where(tmp_path):
    rows = [
        row(),
        row(f_FindingID="1"),
        row(f_FindingID="3", f_Is_Subgroup=""),
        row(f_FindingID="4", f_ESSA_Rating="Tier 9"),
        row(f_FindingID="5", s_Study_Design="Case study"),
        row(f_FindingID="6", f_InterventionID="6"),
        row(f_FindingID="7", s_Race_White="174.00", ReviewID="11"),
    ]
    ingest = read_wwc_export(export(tmp_path / "e.zip", *rows))
    assert [f.finding_id for f in ingest.evidence.findings] == [1, 7]
    assert [str(refusal) for refusal in ingest.account.refusals] == [
        "line 3, f_FindingID: found '1', expected an id not used before",
        "line 4, f_Is_Subgroup: found '', expected a value",
        "line 5, f_ESSA_Rating: found 'Tier 9', expected Evidence Tier 1, 2 or 3",
        "line 6, s_Study_Design: found 'Case study', expected a WWC study design",
        "line 7, f_InterventionID: found '6', expected the intervention of its review, 5",
    ]
    assert [str(cell) for cell in ingest.account.set_aside] == [
        "line 8, s_Race_White: found '174.00', expected a percentage from 0 to 100"
    ]


def test_a_review_that_changes_its_facts_is_refused(tmp_path):
    rows = [row(), row(f_FindingID="2", s_Multisite="False")]
    ingest = read_wwc_export(export(tmp_path / "e.zip", *rows))
    assert [str(r) for r in ingest.account.refusals] == [
        "line 3, ReviewID: found '10', expected the same facts as in its earlier rows"
    ]


def _truncated(path):
    export(path, row())
    path.write_bytes(path.read_bytes()[:-30])


def _text_named_zip(path):
    path.write_text("finding,tier\n1,2\n")


def _missing_column(path):
    columns = tuple(c for c in ALL_SOURCES if c not in ("f_ESSA_Rating", "s_Multisite"))
    archive(path, csv_text(row(), columns=columns))


def _latin1(path):
    text = csv_text(row(s_Citation="Pérez (2015). A study."))
    archive(path, text.encode("latin-1"))


def _other_member(path):
    archive(path, "a,b\n", member="other.csv")


def _huge_cell(path):
    archive(path, csv_text(row(s_Citation="x" * 10_000_000)))


def _bomb(path):
    archive(path, b"\0" * (archive_module.MAX_MEMBER_BYTES + 1))


def _no_rows(path):
    archive(path, csv_text())


def _empty_member(path):
    archive(path, "")


def _many_members(path):
    with zipfile.ZipFile(path, "w") as target:
        for number in range(101):
            target.writestr(f"{number}.csv", "")


BAD_ARCHIVES = [
    (_truncated, "e.zip: not a whole zip archive (File is not a zip file); download it again"),
    (_text_named_zip, "e.zip: not a whole zip archive (File is not a zip file); download it again"),
    (
        _missing_column,
        "e.zip: Interventions_Studies_And_Findings.csv line 1: 2 missing column(s): f_ESSA_Rating, "
        "s_Multisite; is this the WWC's merged findings export?",
    ),
    (
        _latin1,
        "e.zip: Interventions_Studies_And_Findings.csv line 2: byte 0xe9 is not UTF-8; "
        "the official export is UTF-8",
    ),
    (
        _other_member,
        "e.zip: expected one Interventions_Studies_And_Findings.csv inside, found 0 "
        "(has: other.csv)",
    ),
    (
        _huge_cell,
        "e.zip: Interventions_Studies_And_Findings.csv line 2: field larger than field limit "
        "(131072)",
    ),
    (
        _bomb,
        "e.zip: Interventions_Studies_And_Findings.csv: unpacks to more than 209715200 bytes",
    ),
    (
        _no_rows,
        "e.zip: Interventions_Studies_And_Findings.csv: no readable finding among 0 rows",
    ),
    (_empty_member, "e.zip: Interventions_Studies_And_Findings.csv line 1: found no header row"),
    (_many_members, "e.zip: 101 files inside, more than the limit of 100"),
]


@pytest.mark.parametrize(("make", "message"), BAD_ARCHIVES)
def test_bad_archives_give_one_clear_line(make, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "e.zip")
    with pytest.raises(BadArchive) as caught:
        read_wwc_export((tmp_path / "e.zip").relative_to(tmp_path))
    assert str(caught.value) == message


def test_a_missing_archive_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadArchive, match=r"^none.zip: no such file; give the path"):
        read_wwc_export(tmp_path.joinpath("none.zip").relative_to(tmp_path))


def test_a_bad_archive_leaves_the_corpus_as_it_was(tmp_path):
    ingest_wwc(export(tmp_path / "good.zip", row()), tmp_path / "corpus")
    before = {p: p.read_bytes() for p in (tmp_path / "corpus").rglob("*") if p.is_file()}
    _missing_column(tmp_path / "bad.zip")
    with pytest.raises(BadArchive):
        ingest_wwc(tmp_path / "bad.zip", tmp_path / "corpus")
    assert {p: p.read_bytes() for p in (tmp_path / "corpus").rglob("*") if p.is_file()} == before


def test_next_years_archive_tells_what_changed(tmp_path):
    ingest_wwc(export(tmp_path / "a.zip", row(), row(f_FindingID="2")), tmp_path / "corpus")
    rows = [row(f_ESSA_Rating="Evidence Tier 2"), row(f_FindingID="3")]
    update = ingest_wwc(export(tmp_path / "b.zip", *rows), tmp_path / "corpus")
    change = next(c for c in update.changes if c.table == "findings")
    assert (change.added, change.removed, change.changed) == (("3",), ("2",), ("1",))
    assert change.changed_fields == (("published_tier", 1),)
    assert all(c.is_empty for c in update.changes if c.table != "findings")


def test_what_was_written_reads_back_equal(tmp_path):
    rows = [row(), row(f_FindingID="2", ReviewID="11", s_Study_Design="", s_Multisite="")]
    evidence = read_wwc_export(export(tmp_path / "e.zip", *rows)).evidence
    write_evidence(tmp_path / "evidence", evidence)
    assert read_evidence(tmp_path / "evidence") == evidence
