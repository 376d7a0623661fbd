"""The grades that a statement names for what is done, and the programmes whose names fit them."""

import re
from collections.abc import Mapping, Sequence

from recommender.index.catalogue import Card
from recommender.plan.link import Reading
from recommender.records import GRADES
from recommender.search.query import mentioned_grades

# Courses that carry their grade: English 11 and 12, Math 7; Algebra 1 does not.
_COURSE = re.compile(
    r"\b(?:English|ELA|Math|Science|History|Reading|Health) (?:[6-9]|1[0-2])\b"
    r"(?:(?:,| and| &|/)\s?(?:[6-9]|1[0-2])\b)*"
)
# Grades in which children were, or will be: "who missed kindergarten", "to read by grade 3".
_ELSEWHEN = re.compile(
    r"\b(?:missed|skipped|attend(?:ed|ing)?|without|after|before|until|since|by(?: the end of)?)"
    r" (?:an? |any |the )?(?:kindergarten|pre-?k\b|preschool|gr(?:ade|\.)? ?\d+|"
    r"\d+(?:st|nd|rd|th) grade|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
    r"|tenth|eleventh|twelfth) grade)\b",
    re.IGNORECASE,
)


def grades_worked_in(reading: Reading) -> tuple[str, ...]:
    """Return the grades a statement works in; those in a programme's name do not count."""
    text = reading.text
    for candidate in reading.named:
        if candidate.mention is not None:
            start, end = candidate.mention.start, candidate.mention.end
            text = text[:start] + " " * (end - start) + text[end:]
    courses = {n for match in _COURSE.finditer(text) for n in re.findall(r"\d+", match[0])}
    said = {*mentioned_grades(_ELSEWHEN.sub(" ", text)), *courses}
    return tuple(grade for grade in GRADES if grade in said)


def meant_in_grades(
    programmes: Sequence[tuple[str, ...]], cards: Mapping[str, Card], grades: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """Leave out of several programmes with one name those whose names state other grades.

    `CW-FIT` in an elementary school is not `CW-FIT for middle schools`, and in a school with more
    grades than those that one comes last. All stay where none fits.
    """
    wanted = set(grades)
    named = {ids: _grades_in_names(ids, cards) for ids in programmes}
    fitting = [ids for ids in programmes if not wanted or not named[ids] or named[ids] & wanted]
    return tuple(sorted(fitting or programmes, key=lambda ids: _nearness(wanted, named[ids])))


def _nearness(wanted: set[str], named: set[str]) -> int:
    """Put a name that states all the grades first, then one without any, then the rest."""
    if not named:
        return 1
    return 0 if wanted <= named else 2


def _grades_in_names(ids: Sequence[str], cards: Mapping[str, Card]) -> set[str]:
    return {grade for i in ids for grade in mentioned_grades(cards[i].practice.name)}
