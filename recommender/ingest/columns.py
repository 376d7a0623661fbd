"""The one table that says which export columns are used, for which record and how they are read.

The names are those of the export's own `ReviewDictionary.csv` (merged file); the two columns that
the dictionary misses are `ReviewID` and `s_Topic_Postsecondary`.
"""

from dataclasses import dataclass

from recommender.ingest import cells
from recommender.ingest.cells import Parser
from recommender.records import GRADES

STATES = (
    ("Alabama AL,Alaska AK,Arizona AZ,Arkansas AR,California CA,Colorado CO,Connecticut CT,")
    + ("Delaware DE,DC DC,Florida FL,Georgia GA,Hawaii HI,Idaho ID,Illinois IL,Indiana IN,")
    + ("Iowa IA,Kansas KS,Kentucky KY,Louisiana LA,Maine ME,Maryland MD,Massachusetts MA,")
    + ("Michigan MI,Minnesota MN,Mississippi MS,Missouri MO,Montana MT,Nebraska NE,Nevada NV,")
    + ("New_Hampshire NH,New_Jersey NJ,New_Mexico NM,New_York NY,North_Carolina NC,")
    + ("North_Dakota ND,Ohio OH,Oklahoma OK,Oregon OR,Pennsylvania PA,Rhode_Island RI,")
    + ("South_Carolina SC,South_Dakota SD,Tennessee TN,Texas TX,Utah UT,Vermont VT,Virginia VA,")
    + ("Washington WA,West_Virginia WV,Wisconsin WI,Wyoming WY")
)
REGIONS = ("Midwest", "Northeast", "South", "West")


@dataclass(frozen=True, slots=True)
class Column:
    """One export column: where its value goes and how its cells are read."""

    source: str
    field: str
    parse: Parser
    required: bool = False
    """A blank cell refuses the row."""
    doubtful: bool = False
    """A cell that cannot be true (a share of 174%) is set aside as unknown; the row stays."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One indicator column that adds `value` to the tuple `field` of a sample."""

    source: str
    field: str
    value: str


FINDING = (
    Column("f_FindingID", "finding_id", cells.identifier, required=True),
    Column("ReviewID", "review_id", cells.identifier, required=True),
    Column("f_InterventionID", "intervention_id", cells.identifier, required=True),
    Column("f_Outcome_Domain", "outcome_domain", cells.text, required=True),
    Column("f_Outcome_Measure", "outcome_measure", cells.text, required=True),
    Column("f_Period", "period", cells.text),
    Column("f_Is_Subgroup", "is_subgroup", cells.boolean, required=True),
    Column("f_L1_Unit_of_Analysis", "unit", cells.unit, required=True),
    Column("f_Outcome_Sample_Size", "sample_size", cells.count),
    Column("f_Outcome_Intervention_SS", "intervention_size", cells.number),
    Column("f_Outcome_Comparison_SS", "comparison_size", cells.number),
    Column("f_Intervention_Clusters_SS", "intervention_clusters", cells.count),
    Column("f_Comparison_Clusters_SS", "comparison_clusters", cells.count),
    Column("f_Effect_Size_WWC", "effect_size_wwc", cells.number),
    Column("f_Effect_Size_Study", "effect_size_study", cells.number),
    Column("f_Improvement_Index", "improvement_index", cells.number),
    Column("f_p_Value_WWC", "p_value_wwc", cells.number),
    Column("f_p_Value_Study", "p_value_study", cells.number),
    Column("f_Is_Statistically_Significant", "is_significant", cells.boolean),
    Column("f_FavorableUnfavorableDesignation", "designation", cells.direction),
    Column("f_Finding_Rating", "rating", cells.rating),
    Column("f_ESSA_Rating", "published_tier", cells.tier),
)

INTERVENTION = (
    Column("s_interventionID", "intervention_id", cells.identifier, required=True),
    Column("s_Intervention_Name", "name", cells.text, required=True),
)

STUDY = (
    Column("s_StudyID", "study_id", cells.identifier, required=True),
    Column("s_Citation", "citation", cells.text, required=True),
    Column("s_Publication", "publication", cells.text),
    Column("s_Publication_Date", "year", cells.year),
    Column("s_ERICId", "eric_id", cells.text),
    Column("s_Study_Page_URL", "url", cells.page, required=True),
)

REVIEW = (
    Column("ReviewID", "review_id", cells.identifier, required=True),
    Column("s_StudyID", "study_id", cells.identifier, required=True),
    Column("s_interventionID", "intervention_id", cells.identifier, required=True),
    Column("s_Protocol", "protocol", cells.text, required=True),
    Column("s_Protocol_Version", "protocol_version", cells.text, required=True),
    Column("s_Standards_Version", "standards_version", cells.text, required=True),
    Column("s_Purpose_of_Review", "purpose", cells.text, required=True),
    Column("s_Study_Design", "design", cells.design),
    Column("s_Study_Rating", "rating", cells.rating, required=True),
    Column("s_Multisite", "multisite", cells.boolean),
    Column("s_Posting_Date", "posted", cells.posting_date),
)

REPORT_RATING = (
    Column("i_InterventionID", "intervention_id", cells.identifier, required=True),
    Column("i_Protocol", "protocol", cells.text, required=True),
    Column("i_Protocol_Version", "protocol_version", cells.text, required=True),
    Column("i_Outcome_Domain", "outcome_domain", cells.text, required=True),
    Column("i_Effectiveness_Rating", "rating", cells.rating_word),
    Column("i_NumStudiesMeetingStandards", "studies_meeting_standards", cells.count),
    Column("i_Sample_Size_Intervention", "sample_size", cells.count),
    Column("i_Intervention_Page_URL", "url", cells.page, required=True),
)


def _sample_shares(prefix: str) -> tuple[Column, ...]:
    names = {
        "Demographics_Sample_ELL": "english_learners_percent",
        "Demographics_Sample_FRPL": "low_income_percent",
        "Gender_Female": "female_percent",
        "Ethnicity_Hispanic": "hispanic_percent",
        "Race_Black": "black_percent",
        "Race_White": "white_percent",
        "Race_Asian": "asian_percent",
        "Race_Native_American": "native_american_percent",
        "Race_Pacific_Islander": "pacific_islander_percent",
    }
    if prefix == "s_":
        names |= {"Disability_IEP": "disabilities_percent", "Disability_ASD": "autism_percent"}
    return tuple(
        Column(prefix + source, field, cells.percent, doubtful=True)
        for source, field in names.items()
    )


_GROUPS = (
    ("grades", "Grade_", {g: g for g in GRADES}),
    ("states", "Region_State_", dict(pair.split(" ") for pair in STATES.split(","))),
    ("regions", "Region_State_", {r: r for r in REGIONS}),
    ("urbanicity", "Urbanicity_", {u: u.lower() for u in ("Urban", "Suburban", "Rural")}),
    (
        "school_types",
        "School_type_",
        {t: t.lower() for t in ("Public", "Charter", "Private", "Parochial")},
    ),
    (
        "delivery",
        "Delivery_Method_",
        {
            "Individual": "individual",
            "Small_Group": "small group",
            "Whole_Class": "whole class",
            "School": "whole school",
        },
    ),
    ("class_types", "Class_type_", {"General": "general education", "Inclusion": "inclusion"}),
    (
        "program_types",
        "Program_Type_",
        {
            name: name.replace("_", " ").lower()
            for name in (
                "Curriculum", "Supplement", "Practice", "Policy", "Teacher_level", "School_level"
            )
        },
    ),
)  # fmt: skip
"""(field, stem of the column name, end of the column name -> value)"""


def _sample_flags(prefix: str) -> tuple[Flag, ...]:
    return tuple(
        Flag(f"{prefix}{stem}{end}", field, value)
        for field, stem, ends in _GROUPS
        for end, value in ends.items()
    )


STUDY_SHARES, REPORT_SHARES = _sample_shares("s_"), _sample_shares("i_")
STUDY_FLAGS, REPORT_FLAGS = _sample_flags("s_"), _sample_flags("i_")

TOPICS = tuple(
    Flag(f"s_Topic_{end}", "topics", value)
    for end, value in {
        "Literacy": "literacy",
        "STEM": "mathematics and science",
        "Social_Emotional_Learning_And_Behavior": "social-emotional learning and behavior",
        "SWD": "students with disabilities",
        "ELL": "English learners",
        "Teachers_And_School_Leaders": "teachers and leaders",
        "School_Choice": "school choice",
        "Early_Childhood": "early childhood",
        "K_to_12th_Grade": "kindergarten to grade 12",
        "College_Readiness_And_Completion": "college readiness",
        "High_School_Completion": "high school completion",
        "Postsecondary": "postsecondary",
    }.items()
)

_COLUMN_TABLES = (FINDING, INTERVENTION, STUDY, REVIEW, REPORT_RATING, STUDY_SHARES, REPORT_SHARES)
_FLAG_TABLES = (STUDY_FLAGS, REPORT_FLAGS, TOPICS)

ALL_SOURCES = tuple(
    dict.fromkeys(
        [column.source for table in _COLUMN_TABLES for column in table]
        + [flag.source for table in _FLAG_TABLES for flag in table]
    )
)
