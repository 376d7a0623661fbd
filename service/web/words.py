"""What the pages call things: tiers, fit, kinds, grades and signed numbers in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from recommender.evidence.rollup import Status
from recommender.records import GRADES, Fit, Kind, TierSource

TIER_NAMES = {1: "strong", 2: "moderate", 3: "promising"}

KIND_WORDS = {
    Kind.INTERVENTION: "Program or approach",
    Kind.GUIDE_RECOMMENDATION: "Practice-guide recommendation",
}

FIT_WORDS = {
    Fit.OVERLAPS: "Overlaps",
    Fit.DOES_NOT_OVERLAP: "Does not overlap",
    Fit.NOT_REPORTED: "Not reported",
}

STATUS_WORDS = {
    Status.CLEAR: "Counts, nothing speaks against it",
    Status.CAUTION: "Counts, with cautions",
    Status.MIXED: "Mixed or negative, so not counted",
    Status.NO_CLAIM: "No finding carries a tier",
}

TAKES_WORDS = {
    "staff": "Staff",
    "training": "Training",
    "materials": "Materials",
    "schedule": "Schedule",
    "money": "Money",
}

DELIVERY_WORDS = {
    "who": "Given by",
    "to_whom": "Given to",
    "how_often": "How often",
    "how_long": "For how long",
}

SUBJECTS = {
    "literacy": "Reading and English language arts",
    "writing": "Writing",
    "math": "Mathematics",
    "science": "Science",
    "english learners": "English language development",
    "social-emotional": "Social-emotional learning",
    "behavior": "Behavior",
    "attendance": "Attendance",
    "graduation": "Credits and graduation",
    "leadership": "Leadership and teaching practice",
}

STUDENT_GROUPS = ("English learners", "students with disabilities", "low-income")

_SOURCES = {
    TierSource.WWC: "published by the What Works Clearinghouse",
    TierSource.DERIVED: "from our rules only; the What Works Clearinghouse has published none",
    TierSource.GUIDE: "from the practice guide's level of evidence",
    TierSource.NONE: "",
}


@dataclass(frozen=True, slots=True)
class TierLabel:
    """A tier as a badge shows it: number and word, never colour alone."""

    number: int | None = field(metadata={"help": "1 to 3, or nothing"})
    words: str = field(metadata={"help": "the tier in words and number"})
    source: str = field(metadata={"help": "who gave it"})

    @property
    def css(self) -> str:
        """Class of the badge."""
        return f"tier-{self.number or 'none'}"


def tier_words(tier: int | None) -> str:
    """Return a tier in words and number."""
    return f"Tier {tier}: {TIER_NAMES[tier]} evidence" if tier else "No evidence tier from 1 to 3"


def tier_label(tier: int | None, source: TierSource, confirmed: bool = True) -> TierLabel:
    """Return a tier with the words for who gave it."""
    said = _SOURCES[source] if tier else ""
    if tier and source is TierSource.GUIDE and not confirmed:
        said += "; we found no page that confirms it"
    return TierLabel(tier, tier_words(tier), said)


def grade_words(grades: Iterable[str]) -> str:
    """Return grades as runs, such as "K–2, 5": a dash stands for every grade between."""
    places = sorted({GRADES.index(grade) for grade in grades if grade in GRADES})
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1 and GRADES[place] != "PS":
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(_run_words(run) for run in runs)


def grade_phrase(grades: Iterable[str]) -> str:
    """Return grades with their noun: "grade 1", "grades K–3"."""
    grades = tuple(grades)
    return f"{'grade' if len(grades) == 1 else 'grades'} {grade_words(grades)}"


def _run_words(run: list[int]) -> str:
    first, last = GRADES[run[0]], GRADES[run[-1]]
    if first == "PS":
        return "college or adult"
    if len(run) == 1:
        return first
    return f"{first}–{last}" if len(run) > 2 else f"{first}, {last}"


def listed(words: Iterable[str]) -> str:
    """Join words as prose does: "a", "a and b", "a, b and c"."""
    *front, last = list(words) or [""]
    return f"{', '.join(front)} and {last}" if front else last


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun in the right form."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def signed(value: float, digits: int = 0) -> str:
    """Return a number with its sign; a true minus, so that it is read aloud as one."""
    rounded = round(value, digits)
    text = f"{abs(rounded):.{digits}f}"
    if float(text) == 0:
        return text
    return ("+" if rounded > 0 else "−") + text
