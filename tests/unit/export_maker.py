"""Makes small archives of the export's shape for tests; no row is from the real export."""

import csv
import io
import zipfile
from pathlib import Path

from recommender.ingest.columns import ALL_SOURCES
from recommender.ingest.wwc import FINDINGS_MEMBER

FILLED = {
    "f_FindingID": "1",
    "ReviewID": "10",
    "f_InterventionID": "5",
    "s_interventionID": "5",
    "s_Intervention_Name": "Sample Reading Program",
    "f_Outcome_Domain": "Alphabetics ",
    "f_Outcome_Measure": "Word test",
    "f_Is_Subgroup": "False",
    "f_L1_Unit_of_Analysis": "Student",
    "f_Outcome_Sample_Size": "400",
    "f_Effect_Size_WWC": "0.25",
    "f_Is_Statistically_Significant": "True",
    "f_Finding_Rating": "Meets WWC standards without reservations",
    "f_ESSA_Rating": "Evidence Tier 1",
    "s_StudyID": "100",
    "s_Citation": "Writer, A. (2015). A study of &quot;words&quot;. Journal of Samples.",
    "s_Publication_Date": "2015a",
    "s_Study_Page_URL": "/Study/100",
    "s_Protocol": "Study Review Protocol",
    "s_Protocol_Version": "4.0",
    "s_Standards_Version": "4.0",
    "s_Purpose_of_Review": "Single Study Review",
    "s_Study_Design": "Randomized Controlled Trial",
    "s_Study_Rating": "Meets WWC standards without reservations",
    "s_Multisite": "True",
    "s_Grade_1": "1.00",
}


def row(**changes: str) -> dict[str, str]:
    """One row with every needed cell filled."""
    return {**dict.fromkeys(ALL_SOURCES, ""), **FILLED, **changes}


def csv_text(*rows: dict[str, str], columns: tuple[str, ...] = ALL_SOURCES) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def archive(path: Path, content: str | bytes, member: str = FINDINGS_MEMBER) -> Path:
    data = content.encode("utf-8-sig") if isinstance(content, str) else content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(member, data)
    return path


def export(path: Path, *rows: dict[str, str]) -> Path:
    """An archive with these rows."""
    return archive(path, csv_text(*rows))
