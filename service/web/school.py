"""The school's context as the pages keep it: read from a query or a cookie, written back to both.

A bookmark holds the whole question. The cookie holds only the school, so that the next question
starts with it; what it holds is checked like any other input and ignored where it makes no sense.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.responses import Response

from recommender.records import GRADES, Context
from recommender.search.recommender import URBANICITY
from service.web.words import STUDENT_GROUPS, SUBJECTS, grade_phrase, listed

COOKIE = "school"
COOKIE_SECONDS = 365 * 24 * 3600
STATE = "MA"
SCHOOL_GRADES = tuple(grade for grade in GRADES if grade != "PS")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class School:
    """What the team said of its school; anything may be left out."""

    grades: tuple[str, ...] = field(default=(), metadata={"help": "in school order"})
    subjects: tuple[str, ...] = field(default=(), metadata={"help": "keys of words.SUBJECTS"})
    groups: tuple[str, ...] = field(default=(), metadata={"help": "student groups"})
    urbanicity: str | None = field(default=None, metadata={"help": "urban, suburban or rural"})

    @property
    def is_empty(self) -> bool:
        """True where nothing was said."""
        return not (self.grades or self.subjects or self.groups or self.urbanicity)

    @property
    def query(self) -> Mapping[str, list[str]]:
        """The school as query parameters, only what was said."""
        said = {
            "grade": list(self.grades),
            "subject": list(self.subjects),
            "group": list(self.groups),
            "urbanicity": [self.urbanicity] if self.urbanicity else [],
        }
        return {name: values for name, values in said.items() if values}

    def as_context(self) -> Context:
        """Return the library's own record; the plans served are those of Massachusetts."""
        return Context(self.grades, self.subjects, self.groups, self.urbanicity, STATE)

    def in_words(self) -> str:
        """Return the school in one phrase, for headings."""
        parts = []
        if self.grades:
            parts.append(grade_phrase(self.grades))
        if self.subjects:
            parts.append(listed(SUBJECTS[subject].lower() for subject in self.subjects))
        if self.groups:
            parts.append(listed(self.groups))
        if self.urbanicity:
            parts.append(f"{self.urbanicity} setting")
        return "; ".join(parts)


def read_school(pairs: Pairs) -> tuple[School, tuple[str, ...]]:
    """Return the school that parameters describe, and every fault found in them."""
    faults: list[str] = []
    grades = _chosen("grade", pairs, SCHOOL_GRADES, faults)
    subjects = _chosen("subject", pairs, tuple(SUBJECTS), faults)
    groups = _chosen("group", pairs, STUDENT_GROUPS, faults)
    settings = _chosen("urbanicity", pairs, URBANICITY, faults)
    if len(settings) > 1:
        faults.append("setting: choose one of urban, suburban and rural")
    return School(grades, subjects, groups, settings[0] if settings else None), tuple(faults)


def _chosen(
    name: str, pairs: Pairs, allowed: tuple[str, ...], faults: list[str]
) -> tuple[str, ...]:
    given = {value for key, value in pairs if key == name and value}
    for value in sorted(given - set(allowed)):
        faults.append(f"{name}: “{value[:40]}” is not one of the choices")
    return tuple(value for value in allowed if value in given)


def remembered_school(request: Request) -> School:
    """Return the school of the cookie; an empty one where there is none or it makes no sense."""
    pairs = tuple(parse_qsl(request.cookies.get(COOKIE, "")[:1000]))
    school, faults = read_school(pairs)
    return School() if faults else school


def remember_school(request: Request, response: Response, school: School) -> None:
    """Keep the school in a cookie of this browser, or drop the cookie where nothing was said."""
    if school.is_empty:
        response.delete_cookie(COOKIE)
        return
    response.set_cookie(
        COOKIE,
        urlencode(school.query, doseq=True),
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
