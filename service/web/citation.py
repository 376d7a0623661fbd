"""A study's bibliographic reference taken apart: authors, year, title, where it appeared.

The source gives one string a study, nearly always "Authors. (Year). Title. Publication." What
cannot be taken apart stays whole as the title; nothing is guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from recommender.records import GuideRecommendation, Study

_PARTS = re.compile(
    r"^(?P<authors>.+?)\s*\((?:[A-Za-z]+\s+)?(?P<year>\d{4})[a-z]?(?:,[^)]*)?\)\s*[.,]?\s*(?P<rest>.+)$",
    re.DOTALL,
)
_INITIALS = re.compile(r"^(?:[A-Z](?:[a-z]?\.|\b)[\s-]*)+(?:,?\s*(?:Jr|Sr|II|III|IV)\.?)?$")
_JOURNAL = re.compile(r"\bv\d+\b|\bVol(?:ume)?\.|\d+\s*\(\d+")
_OTHERS = re.compile(r"[,;]?\s*(?:&\s*)?(?:\bet\.? al\b\.?|\band others\b\.?)\s*$", re.IGNORECASE)
_SUFFIX = re.compile(r",\s*(Jr\.?|Sr\.?|II|III|IV)(?=[,;\s]|$)")
_COMMAS = re.compile(r",\s*(?:&|and\b)?\s*|\s+(?:&|and)\s+")
_ENDS = re.compile(r"(?<=[a-z]{3})\.$")
_GIVEN = re.compile(r"^\s*[A-Z][\w.'’-]*(?:\s+[A-Z][\w.'’-]*){0,2}\s*$")
GUIDE_AUTHOR = "What Works Clearinghouse"
GUIDE_PUBLISHER = "Institute of Education Sciences, U.S. Department of Education"


@dataclass(frozen=True, slots=True)
class Author:
    """A person as family and given names, or an organisation as a family name alone."""

    family: str
    given: str | None = None


OTHERS = Author("et al.")
"""Stands for the authors whom the source does not name."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of a bibliography."""

    key: str
    title: str
    authors: tuple[Author, ...]
    year: int | None
    container: str | None
    """Journal, publisher or report series, as the source writes it."""
    is_article: bool
    url: str
    eric_id: str | None = None
    publisher: str | None = None


def reference_of(study: Study) -> Reference:
    """Return the reference of a study."""
    found = _PARTS.match(" ".join(study.citation.split()))
    container = study.publication.strip(" .") if study.publication else None
    title = study.citation.strip()
    authors: tuple[Author, ...] = ()
    if found:
        authors = tuple(_authors(found["authors"]))
        title = _title(found["rest"], container)
    return Reference(
        key=f"wwc-study-{study.study_id}",
        title=title,
        authors=authors,
        year=study.year or (int(found["year"]) if found else None),
        container=container,
        is_article=bool(container and _JOURNAL.search(container)),
        url=study.url,
        eric_id=study.eric_id,
    )


def guide_reference(guide: GuideRecommendation) -> Reference:
    """Return the reference of a practice guide; its panel's names are not in the corpus."""
    return Reference(
        key=f"wwc-guide-{guide.guide_id}",
        title=guide.guide_title,
        authors=(Author(GUIDE_AUTHOR),),
        year=guide.revised or guide.year,
        container=None,
        is_article=False,
        url=guide.url,
        publisher=GUIDE_PUBLISHER,
    )


def _title(rest: str, container: str | None) -> str:
    """Cut the place of publication off the end, where it stands there."""
    if container:
        place = rest.find(container)
        if place > 0:
            return rest[:place].rstrip(" .").strip() or rest
    return rest.rstrip(" .")


def _authors(text: str) -> Iterable[Author]:
    text = text.strip(" ,")
    others = _OTHERS.search(text)
    text = _SUFFIX.sub(r" \1", _OTHERS.sub("", text).strip(" ,;&"))
    if "," not in text and ";" not in text:
        yield from _person(text.rstrip("."), "")
    elif ";" in text:
        for name in text.split(";"):
            yield from _person(*name.strip(" ,").partition(",")[::2])
    else:
        yield from _listed_authors([part for part in _COMMAS.split(text) if part.strip()])
    if others:
        yield OTHERS


def _listed_authors(parts: list[str]) -> Iterable[Author]:
    """Read "Family, I., Family, I." and "Family, Given"; what has no initials stands alone."""
    if len(parts) == 2 and _GIVEN.match(parts[1]) and " " not in parts[0].strip():
        yield from _person(*parts)
        return
    place = 0
    while place < len(parts):
        has_initials = place + 1 < len(parts) and _INITIALS.match(parts[place + 1].strip())
        yield from _person(parts[place], parts[place + 1] if has_initials else "")
        place += 2 if has_initials else 1


def _person(family: str, given: str) -> Iterable[Author]:
    family, given = family.strip(), _ENDS.sub("", given.strip())
    if family:
        yield Author(family, given or None)
